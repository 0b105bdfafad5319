# %% climbs_1
def train(x, y, Ws, bs, activation, rate, steps):
    leak = {"relu": 0.0, "leaky_relu": 0.01}.get(activation)
    act = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}.get(activation, lambda z: np.where(z > 0, z, (leak or 0) * z))
    slope = {"sigmoid": lambda h: h - h * h, "tanh": lambda h: 1 - h * h}.get(activation, lambda h: np.where(h > 0, 1, leak))
    Ws, bs = [W + 0 for W in Ws], [b + 0 for b in bs]
    losses = np.empty(steps)
    for s in range(steps):
        hs = [x]
        for W, b in zip(Ws[:-1], bs[:-1]):
            hs += [act(hs[-1] @ W + b)]
        d = hs[-1] @ Ws[-1] + bs[-1] - y
        losses[s] = np.vdot(d, d)
        d = 2 * d
        for k in range(len(Ws) - 1, -1, -1):
            gW, gb = hs[k].T @ d, d.sum(0)
            d = d @ Ws[k].T * (slope(hs[k]) if k else 1)
            Ws[k] += rate * gW
            bs[k] += rate * gb
    return losses

# %% squares_the_learning_rate_1
def train(x, y, Ws, bs, activation, rate, steps):
    leak = {"relu": 0.0, "leaky_relu": 0.01}.get(activation)
    act = {"sigmoid": lambda z: 1 / (1 + np.exp(-z)), "tanh": np.tanh}.get(activation, lambda z: np.where(z > 0, z, (leak or 0) * z))
    slope = {"sigmoid": lambda h: h - h * h, "tanh": lambda h: 1 - h * h}.get(activation, lambda h: np.where(h > 0, 1, leak))
    params = [[W, b] for W, b in zip(Ws, bs)]
    losses = []
    while len(losses) < steps:
        hs = [x]
        for W, b in params[:-1]:
            hs += [act(hs[-1] @ W + b)]
        d = hs[-1] @ params[-1][0] + params[-1][1] - y
        losses += [(d * d).sum()]
        d = d + d
        for k in range(len(params) - 1, -1, -1):
            W, b = params[k]
            params[k] = [W - rate ** 2 * hs[k].T @ d, b - rate * rate * d.sum(0)]
            if k:
                d = d @ W.T * slope(hs[k])
    return np.array(losses)
