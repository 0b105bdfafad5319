# %% forgets_the_two_1
def fine_tune_gradients(x, y, Ws, bs, activation, first):
    act = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh, "relu": lambda z: z * (z > 0)}[activation]
    slope = {"sigmoid": lambda h: h - h * h, "tanh": lambda h: 1 - h * h, "relu": lambda h: np.heaviside(h, 0)}[activation]
    hs = [x]
    for k in range(len(Ws) - 1):
        hs += [act(hs[k] @ Ws[k] + bs[k])]
    d = hs[-1] @ Ws[-1] + bs[-1] - y
    gW, gb = [], []
    for k in range(len(Ws) - 1, first - 1, -1):
        gW[:0] = [np.einsum("ni,no->io", hs[k], d)]
        gb[:0] = [d.sum(0)]
        d = d @ Ws[k].T * slope(hs[k])
    return gW, gb
