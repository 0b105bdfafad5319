# %% factor_two_1 (held out)
# Teacher: the factor 2 of the squared loss is missing.
def fine_tune_gradients(x, y, weights, biases, activation, first_trainable):
    f = {"sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation]
    df = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h ** 2, "relu": lambda h: (h > 0) * 1.0}[activation]
    hs = [x]
    for W, b in zip(weights[:-1], biases[:-1]):
        hs.append(f(hs[-1] @ W + b))
    d = hs[-1] @ weights[-1] + biases[-1] - y
    dWs, dbs = [], []
    for k in range(len(weights) - 1, first_trainable - 1, -1):
        dWs.insert(0, hs[k].T @ d)
        dbs.insert(0, d.sum(axis=0))
        if k:
            d = (d @ weights[k].T) * df(hs[k])
    return dWs, dbs
