# %% h0_every_step_1
# Teacher: h0 is used at every step.
def rnn_forward(x, h0, W_x, W_h, b):
    T, N, D = x.shape
    out = np.zeros((T, N, h0.shape[1]))
    for t in range(T):
        out[t] = np.tanh(x[t] @ W_x + h0 @ W_h + b)
    return out

# %% activation_missing_1
# Teacher: tanh is missing.
def rnn_forward(x, h0, W_x, W_h, b):
    hs = []
    h = h0
    for x_t in x:
        h = x_t @ W_x + h @ W_h + b
        hs.append(h)
    return np.array(hs)
