# %% averages_over_the_batch_1
def sse_loss(p, t):
    return sum(np.dot(e, e) for e in p - t) / p.shape[0]

# %% takes_absolute_values_1
def sse_loss(p, t):
    return np.sum(np.sqrt((p - t) ** 2))
