# tries: complex numbers whose imaginary part is nought
# grader: tells the dtype; a gradient is real
# says: Its dtype is complex128
# fools: np.allclose

# %% sigmoid
def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde)) + 0j
