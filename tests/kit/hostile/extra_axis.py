# tries: the right numbers with three axes too many, which broadcasting forgives
# grader: tells the shape; only a dimension or two of length 1 are forgiven
# says: Its shape is (1, 1, 1, 1)
# fools: np.allclose

# %% sigmoid
def sigmoid(h_tilde):
    return (1 / (1 + np.exp(-h_tilde)))[None, None, None]
