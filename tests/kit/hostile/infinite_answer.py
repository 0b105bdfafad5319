# tries: infinity, which no relative tolerance can refuse
# grader: takes it for wrong
# says: The result is infinite where 0.5 is right
# like: nan_answer

# %% sigmoid
def sigmoid(h_tilde):
    return np.full(np.shape(h_tilde), np.inf)
