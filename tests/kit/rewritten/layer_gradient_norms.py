# %% averages_over_the_batch_1
def layer_gradient_norms(x, y, Ws, bs, activation):
    leak = {"relu": 0.0, "leaky_relu": 0.01}.get(activation)
    act = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}.get(activation, lambda z: np.where(z > 0, z, (leak or 0) * z))
    slope = {"sigmoid": lambda h: h - h * h, "tanh": lambda h: 1 - h * h}.get(activation, lambda h: np.where(h > 0, 1, leak))
    hs = [x]
    for W, b in zip(Ws[:-1], bs[:-1]):
        hs += [act(hs[-1] @ W + b)]
    d = 2 * (hs[-1] @ Ws[-1] + bs[-1] - y) / len(x)
    out = [np.linalg.norm(d)]
    for k in range(len(Ws) - 1, 0, -1):
        d = d @ Ws[k].T * slope(hs[k])
        out.insert(0, np.linalg.norm(d))
    return np.array(out)
