# %% leaks_on_the_wrong_side_1
def leaky_relu(z, slope):
    pos, neg = np.maximum(z, 0), np.minimum(z, 0)
    return slope * pos + neg

# %% forgets_the_leak_1
def leaky_relu(z, slope):
    return (np.asarray(z) + np.abs(z)) / 2
