# tries: an answer of half precision, which is right to three digits
# grader: tells that precision is lost
# says: It is float16 and has lost precision

# %% sigmoid
def sigmoid(h_tilde):
    return (1 / (1 + np.exp(-h_tilde))).astype(np.float16)
