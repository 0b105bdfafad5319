# %% forgets_the_bias_1
def linear(h, W, b):
    return np.einsum("ni,io->no", h, W)

# %% subtracts_the_bias_1
def linear(h, W, b):
    out = np.zeros((len(h), len(b)))
    for n, row in enumerate(h):
        out[n] = row @ W - b
    return out
