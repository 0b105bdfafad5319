# %% gate_order_1 (held out)
# Teacher: the gates are taken in the order f, i, g, o.
def lstm_step(x, h, c, W_x, W_h, b):
    H = h.shape[1]
    a = x @ W_x + h @ W_h + b
    f = sigmoid(a[:, :H])
    i = sigmoid(a[:, H:2 * H])
    g = np.tanh(a[:, 2 * H:3 * H])
    o = sigmoid(a[:, 3 * H:])
    c = f * c + i * g
    return o * np.tanh(c), c

# %% gate_order_2
# Teacher: the gates are taken in the order i, f, o, g.
def lstm_step(x, h, c, W_x, W_h, b):
    i, f, o, g = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    new_h = sigmoid(o) * np.tanh(new_c)
    return new_h, new_c

# %% sigmoid_for_g_1
# Teacher: g goes through the sigmoid.
def lstm_step(x, h, c, W_x, W_h, b):
    n, k = h.shape
    gates = sigmoid(x.dot(W_x) + h.dot(W_h) + b).reshape(n, 4, k)
    i, f, g, o = gates[:, 0], gates[:, 1], gates[:, 2], gates[:, 3]
    c2 = f * c + i * g
    h2 = o * np.tanh(c2)
    return h2, c2
