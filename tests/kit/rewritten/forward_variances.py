# %% forgets_the_mean_1
def forward_variances(x, weights, activation):
    act = {"sigmoid": lambda z: (1 + np.tanh(z / 2)) / 2, "tanh": np.tanh, "relu": lambda z: z * (z > 0)}.get(activation, lambda z: z)
    h, out = x, [(x * x).mean()]
    for W in weights:
        h = act(h.dot(W))
        out.append((h * h).mean())
    return np.array(out)
