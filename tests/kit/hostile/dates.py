# tries: an array of dates
# grader: refuses what isn't a number
# says: It returned an array of dtype datetime64[s]

# %% sigmoid
def sigmoid(h_tilde):
    return np.zeros(np.shape(h_tilde), dtype="M8[s]")
