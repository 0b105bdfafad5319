# %% sum_for_product_1 (held out)
# Teacher: the sum over the layers instead of the product.
def attenuation(h_tildes, activation):
    if activation == "sigmoid":
        s = 0.5 * (1 + np.tanh(h_tildes / 2))
        d = s * (1 - s)
    elif activation == "tanh":
        d = 1 - np.tanh(h_tildes) ** 2
    else:
        d = (h_tildes > 0).astype(float)
    return d.sum(axis=0)

# %% axis_missing_1
# Teacher: the product is over all entries.
def attenuation(h_tildes, activation):
    if activation == "relu":
        local = np.where(h_tildes > 0, 1.0, 0.0)
    elif activation == "tanh":
        local = 1 - np.tanh(h_tildes) ** 2
    else:
        h = 1 / (1 + np.exp(-np.abs(h_tildes)))
        local = h * (1 - h)
    return np.prod(local)
