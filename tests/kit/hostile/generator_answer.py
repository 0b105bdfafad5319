# tries: a generator instead of an array
# grader: names it and draws nothing from it
# says: It returned a generator

# %% sigmoid
def sigmoid(h_tilde):
    for entry in np.ravel(h_tilde):
        yield 1 / (1 + np.exp(-entry))
