# %% averages_the_layers_1
def attenuation(h_tildes, activation):
    total = 0.0
    for z in h_tildes:
        if activation == "relu":
            total = total + (z > 0)
        elif activation == "tanh":
            total = total + 1 / np.cosh(z) ** 2
        else:
            total = total + 0.25 / np.cosh(z / 2) ** 2
    return total / len(h_tildes)
