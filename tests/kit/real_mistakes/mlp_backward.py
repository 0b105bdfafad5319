# %% factor_two_1
# Teacher: the factor 2 of the squared loss is missing.
def mlp_backward(x, y, h_tildes, hs, y_hat, weights, activation):
    acts = [x] + list(hs)
    delta = y_hat - y
    dWs, dbs, ds = [], [], []
    for k in range(len(weights) - 1, -1, -1):
        dWs.insert(0, acts[k].T @ delta)
        dbs.insert(0, delta.sum(axis=0))
        if k > 0:
            h = acts[k]
            slope = {"sigmoid": h * (1 - h), "tanh": 1 - h ** 2, "relu": (h > 0) * 1.0}[activation]
            delta = delta @ weights[k].T * slope
            ds.insert(0, delta)
    return dWs, dbs, ds

# %% activated_again_1
# Teacher: the derivative activates what is activated already.
def mlp_backward(x, y, h_tildes, hs, y_hat, weights, activation):
    def derivative(z):
        if activation == "sigmoid":
            s = 0.5 * (1 + np.tanh(z / 2))
            return s * (1 - s)
        if activation == "tanh":
            return 1 - np.tanh(z) ** 2
        return np.where(z > 0, 1.0, 0.0)
    inputs = [x, *hs]
    d = 2 * (y_hat - y)
    dWs, dbs, dzs = [], [], []
    for layer in reversed(range(len(weights))):
        dWs.append(inputs[layer].T @ d)
        dbs.append(d.sum(0))
        if layer:
            d = (d @ weights[layer].T) * derivative(hs[layer - 1])
            dzs.append(d)
    return dWs[::-1], dbs[::-1], dzs[::-1]

# %% slope_missing_1
# Teacher: the activation's derivative is missing.
def mlp_backward(x, y, h_tildes, hs, y_hat, weights, activation):
    d = 2 * (y_hat - y)
    dWs, dbs, dzs = [], [], []
    layer_inputs = [x] + hs
    for W, h in zip(weights[::-1], layer_inputs[::-1]):
        dWs.append(h.T @ d)
        dbs.append(d.sum(axis=0))
        d = d @ W.T
        dzs.append(d)
    return dWs[::-1], dbs[::-1], dzs[-2::-1]

# %% order_returned_1 (held out)
# Teacher: the lists begin with the last layer.
def mlp_backward(x, y, h_tildes, hs, y_hat, weights, activation):
    g = 2 * (y_hat - y)
    dWs, dbs, gs = [], [], []
    for i in range(len(weights) - 1, -1, -1):
        below = hs[i - 1] if i > 0 else x
        dWs.append(below.T @ g)
        dbs.append(np.sum(g, axis=0))
        if i > 0:
            dh = g @ weights[i].T
            if activation == "sigmoid":
                g = dh * below * (1 - below)
            elif activation == "tanh":
                g = dh * (1 - below ** 2)
            else:
                g = dh * (h_tildes[i - 1] > 0)
            gs.append(g)
    return dWs, dbs, gs
