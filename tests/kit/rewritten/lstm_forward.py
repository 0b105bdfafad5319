# %% starts_from_zero_1
def lstm_forward(x, h0, c0, U, W, b):
    h, c = 0 * h0, 0 * c0
    hs, cs = [], []
    for step in x:
        z = (step @ U + h @ W + b).reshape(len(step), 4, -1).transpose(1, 0, 2)
        c = sigmoid(z[1]) * c + sigmoid(z[0]) * np.tanh(z[2])
        h = sigmoid(z[3]) * np.tanh(c)
        hs += [h]
        cs += [c]
    return np.array(hs), np.array(cs)
