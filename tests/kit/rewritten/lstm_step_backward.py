# %% keeps_the_memorys_gradient_whole_1
def lstm_step_backward(dh, dc, x, h, c, U, W, b):
    k = h.shape[1]
    z = x @ U + h @ W + b
    s, g = sigmoid(z), np.tanh(z[:, 2 * k:3 * k])
    i, f, o = s[:, :k], s[:, k:2 * k], s[:, 3 * k:]
    t = np.tanh(f * c + i * g)
    d = dc + dh * o * (1 - t * t)
    dz = np.hstack([d * g * i * (1 - i), d * c * f * (1 - f), d * i * (1 - g * g), dh * t * o * (1 - o)])
    return dz @ U.T, dz @ W.T, d, x.T @ dz, h.T @ dz, dz.sum(0)

# %% reads_f_i_g_o_1
def lstm_step_backward(dh, dc, x, h, c, U, W, b):
    k = h.shape[1]
    z = x @ U + h @ W + b
    f, i, o = sigmoid(z[:, :k]), sigmoid(z[:, k:2 * k]), sigmoid(z[:, 3 * k:])
    g = np.tanh(z[:, 2 * k:3 * k])
    t = np.tanh(f * c + i * g)
    d = dc + dh * o * (1 - t * t)
    dz = np.concatenate([d * c * f * (1 - f), d * g * i * (1 - i), d * i * (1 - g * g), dh * t * o * (1 - o)], axis=1)
    return dz @ U.T, dz @ W.T, d * f, x.T @ dz, h.T @ dz, sum(dz)
