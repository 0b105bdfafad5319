# tries: to take all memory there is, and to keep it
# grader: gives it no more than it is allowed
# says: It raised MemoryError

# %% sigmoid
taken = []


def sigmoid(h_tilde):
    while True:
        taken.append(np.empty(2**21))
