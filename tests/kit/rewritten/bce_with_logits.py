# %% averages_1
def bce_with_logits(z, y):
    return (np.logaddexp(0, z) - z * y).sum() / np.size(z)

# %% swaps_the_labels_1
def bce_with_logits(z, y):
    return np.sum(np.logaddexp(0, -z) + z * y)

# %% forgets_the_positive_examples_1
def bce_with_logits(z, y):
    return np.sum((1 - y) * np.logaddexp(0, z))
