# %% takes_tanh_for_the_gates_1
def lstm_step(x, h, c, U, W, b):
    k = h.shape[1]
    z = np.tanh(x.dot(U) + h.dot(W) + b)
    memory = z[:, k:2 * k] * c + z[:, :k] * z[:, 2 * k:3 * k]
    return z[:, 3 * k:] * np.tanh(memory), memory

# %% forgets_the_output_gate_1
def lstm_step(x, h, c, U, W, b):
    z = (x @ U + h @ W + b).reshape(len(x), 4, -1)
    s = 1 / (1 + np.exp(-z))
    memory = s[:, 1] * c + s[:, 0] * np.tanh(z[:, 2])
    return np.tanh(memory), memory
