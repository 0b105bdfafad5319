# %% last_activated_1 (held out)
# Teacher: the last layer is activated, too.
def mlp_forward(x, weights, biases, activation):
    act = {"sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)), "tanh": np.tanh, "relu": lambda z: np.maximum(z, 0)}[activation]
    h_tildes, hs, h = [], [], x
    for W, b in zip(weights, biases):
        z = h @ W + b
        h = act(z)
        h_tildes.append(z)
        hs.append(h)
    return h_tildes[:-1], hs[:-1], hs[-1]

# %% bias_forgotten_1
# Teacher: the last layer's bias is forgotten.
def mlp_forward(x, weights, biases, activation):
    pre, post = [], []
    h = x
    for k in range(len(weights) - 1):
        pre.append(np.dot(h, weights[k]) + biases[k])
        if activation == "relu":
            h = np.maximum(0, pre[k])
        elif activation == "tanh":
            h = np.tanh(pre[k])
        else:
            h = (1 + np.tanh(pre[k] / 2)) / 2
        post.append(h)
    return pre, post, np.dot(h, weights[-1])
