# %% forgets_to_transpose_1
def gradient_through_time(d, hs, W):
    norms = [np.sqrt((d * d).sum())]
    for t in range(len(hs) - 1, 0, -1):
        d = (d * (1 - hs[t]) * (1 + hs[t])).dot(W)
        norms.insert(0, np.sqrt((d * d).sum()))
    return np.array(norms)
