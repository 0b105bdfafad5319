# %% activated_again_1
# Teacher: tanh' of g is applied to an already activated value.
def lstm_step_backward(dh, dc, x, h, c, W_x, W_h, b):
    H = h.shape[1]
    a = x @ W_x + h @ W_h + b
    i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H:2 * H]), sigmoid(a[:, 3 * H:])
    g = np.tanh(a[:, 2 * H:3 * H])
    c_new = f * c + i * g
    t = np.tanh(c_new)
    do = dh * t
    dc_total = dc + dh * o * (1 - t ** 2)
    di, df, dg = dc_total * g, dc_total * c, dc_total * i
    da = np.concatenate([di * i * (1 - i), df * f * (1 - f), dg * (1 - np.tanh(g) ** 2), do * o * (1 - o)], axis=1)
    return da @ W_x.T, da @ W_h.T, dc_total * f, x.T @ da, h.T @ da, da.sum(axis=0)

# %% path_through_h_1
# Teacher: dc lacks the path through h.
def lstm_step_backward(dh, dc, x, h, c, W_x, W_h, b):
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c_new = f * c + i * g
    di = dc * g * i * (1 - i)
    df = dc * c * f * (1 - f)
    dg = dc * i * (1 - g ** 2)
    do = dh * np.tanh(c_new) * o * (1 - o)
    dz = np.hstack([di, df, dg, do])
    return dz @ W_x.T, dz @ W_h.T, f * dc, x.T @ dz, h.T @ dz, dz.sum(axis=0)

# %% path_through_h_2
# Teacher: dc of the old memory lacks the path through h; the gates have it.
def lstm_step_backward(dh, dc, x, h, c, W_x, W_h, b):
    H = h.shape[1]
    z = x @ W_x + h @ W_h + b
    gates = sigmoid(z)
    i, f, o = gates[:, :H], gates[:, H:2 * H], gates[:, 3 * H:]
    g = np.tanh(z[:, 2 * H:3 * H])
    tc = np.tanh(f * c + i * g)
    total = dc + dh * o * (1 - tc ** 2)
    dz = np.zeros_like(z)
    dz[:, :H] = total * g * i * (1 - i)
    dz[:, H:2 * H] = total * c * f * (1 - f)
    dz[:, 2 * H:3 * H] = total * i * (1 - g ** 2)
    dz[:, 3 * H:] = dh * tc * o * (1 - o)
    return dz @ W_x.T, dz @ W_h.T, dc * f, x.T @ dz, h.T @ dz, dz.sum(axis=0)

# %% gate_derivative_1
# Teacher: the derivative of the forget gate is missing.
def lstm_step_backward(dh, dc, x, h, c, W_x, W_h, b):
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    t = np.tanh(f * c + i * g)
    d = dc + dh * o * (1 - t ** 2)
    dz = np.hstack((d * g * i * (1 - i), d * c, d * i * (1 - g ** 2), dh * t * o * (1 - o)))
    return dz @ W_x.T, dz @ W_h.T, d * f, x.T @ dz, h.T @ dz, dz.sum(axis=0)
