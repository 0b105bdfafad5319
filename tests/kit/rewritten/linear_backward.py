# %% averages_over_the_batch_1
def linear_backward(d, h, W):
    n = len(h)
    g = d / n
    return d @ W.T, np.einsum("ni,no->io", h, g), np.sum(g, 0)

# %% averages_db_1
def linear_backward(d, h, W):
    dW = sum(np.outer(a, g) for a, g in zip(h, d))
    return np.array([W @ g for g in d]), dW, sum(d) / len(d)

# %% returns_dW_first_1
def linear_backward(d, h, W):
    return tuple(np.einsum(s, a, b) for s, a, b in (("ni,no->io", h, d), ("no,io->ni", d, W))) + (d.sum(0),)
