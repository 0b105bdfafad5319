# %% takes_the_rank_1
def distinct_units(dW):
    s = np.linalg.svd(dW, compute_uv=False)
    return int((s > s.max() * max(dW.shape) * np.finfo(float).eps).sum())
