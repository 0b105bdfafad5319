# %% loss_after_1
# Teacher: the losses are those after the update.
def train(x, y, weights, biases, activation, learning_rate, steps):
    f = {"sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0),
         "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z)}[activation]
    df = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h ** 2, "relu": lambda h: (h > 0) * 1.0,
          "leaky_relu": lambda h: np.where(h > 0, 1.0, 0.01)}[activation]
    W, b = [w.copy() for w in weights], [v.copy() for v in biases]

    def forward():
        hs = [x]
        for k in range(len(W) - 1):
            hs.append(f(hs[k] @ W[k] + b[k]))
        return hs, hs[-1] @ W[-1] + b[-1]

    losses = []
    for _ in range(steps):
        hs, out = forward()
        d = 2 * (out - y)
        grads = []
        for k in range(len(W) - 1, -1, -1):
            grads.append((k, hs[k].T @ d, d.sum(axis=0)))
            if k:
                d = d @ W[k].T * df(hs[k])
        for k, dW, db in grads:
            W[k] -= learning_rate * dW
            b[k] -= learning_rate * db
        losses.append(np.sum((forward()[1] - y) ** 2))
    return np.array(losses)

# %% updated_too_early_1
# Teacher: the weights are updated before the way back uses them.
def train(x, y, weights, biases, activation, learning_rate, steps):
    acts = {"sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda h: h * (1 - h)), "tanh": (np.tanh, lambda h: 1 - h * h),
            "relu": (lambda z: np.maximum(z, 0), lambda h: (h > 0) * 1.0),
            "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda h: np.where(h > 0, 1.0, 0.01))}
    act, slope = acts[activation]
    weights, biases = list(weights), list(biases)
    losses = np.zeros(steps)
    for s in range(steps):
        h = [x]
        for W, b in zip(weights[:-1], biases[:-1]):
            h.append(act(h[-1] @ W + b))
        e = h[-1] @ weights[-1] + biases[-1] - y
        losses[s] = (e ** 2).sum()
        d = 2 * e
        for k in reversed(range(len(weights))):
            weights[k] = weights[k] - learning_rate * h[k].T @ d
            biases[k] = biases[k] - learning_rate * d.sum(axis=0)
            if k:
                d = d @ weights[k].T * slope(h[k])
    return losses

# %% factor_two_1
# Teacher: the factor 2 of the squared loss is missing.
def train(x, y, weights, biases, activation, learning_rate, steps):
    params = [[W, b] for W, b in zip(weights, biases)]
    def act(z):
        if activation == "sigmoid":
            return 0.5 * (1 + np.tanh(z / 2))
        if activation == "tanh":
            return np.tanh(z)
        return np.where(z > 0, z, (0.01 if activation == "leaky_relu" else 0) * z)
    def slope(h):
        if activation == "sigmoid":
            return h * (1 - h)
        if activation == "tanh":
            return 1 - h ** 2
        return np.where(h > 0, 1.0, 0.01 if activation == "leaky_relu" else 0.0)
    losses = []
    for _ in range(steps):
        hs = [x]
        for W, b in params[:-1]:
            hs.append(act(hs[-1] @ W + b))
        delta = hs[-1] @ params[-1][0] + params[-1][1] - y
        losses.append(np.sum(delta ** 2))
        new = []
        for k in range(len(params) - 1, -1, -1):
            W, b = params[k]
            new.insert(0, [W - learning_rate * hs[k].T @ delta, b - learning_rate * delta.sum(axis=0)])
            if k > 0:
                delta = delta @ W.T * slope(hs[k])
        params = new
    return np.array(losses)

# %% missing_return_1
# Teacher: the losses aren't returned: return stands inside the loop.
def train(x, y, weights, biases, activation, learning_rate, steps):
    functions = {"sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0),
                 "leaky_relu": lambda z: np.maximum(z, 0.01 * z)}
    losses = []
    for step in range(steps):
        h = x
        for W, b in zip(weights[:-1], biases[:-1]):
            h = functions[activation](h @ W + b)
        error = h @ weights[-1] + biases[-1] - y
        losses.append((error ** 2).sum())
        return np.array(losses)
