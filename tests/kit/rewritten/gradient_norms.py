# %% sums_the_entries_1
def gradient_norms(dWs):
    out = np.zeros(len(dWs))
    for k, dW in enumerate(dWs):
        for value in dW.flat:
            out[k] += value
    return out

# %% takes_the_largest_entry_1
def gradient_norms(dWs):
    return np.array([max(abs(v) for v in dW.flat) for dW in dWs])
