# %% forgets_the_biases_1
def mlp_forward(x, weights, biases, activation):
    act = {"sigmoid": lambda z: (1 + np.tanh(z / 2)) / 2, "tanh": np.tanh, "relu": lambda z: z * (z > 0)}[activation]
    zs, hs = [], [x]
    for W in weights[:-1]:
        zs.append(hs[-1].dot(W))
        hs.append(act(zs[-1]))
    return zs, hs[1:], hs[-1].dot(weights[-1])
