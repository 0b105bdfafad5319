# %% root_missing_1
# Teacher: the root is missing.
def gradient_norms(dWs):
    return np.array([np.sum(dW ** 2) for dW in dWs])
