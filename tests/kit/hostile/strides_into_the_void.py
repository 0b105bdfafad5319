# tries: an array whose strides lead out of the memory of the process
# grader: loses the worker, and tells so
# says: signal 11, Segmentation fault
# like: segfault

# %% sigmoid
def sigmoid(h_tilde):
    return np.lib.stride_tricks.as_strided(np.zeros(1), shape=(4,), strides=(2**40,))
