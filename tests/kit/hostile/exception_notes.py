# tries: an exception with ten thousand notes
# grader: tells none of them
# says: It raised ValueError: see the notes

# %% sigmoid
def sigmoid(h_tilde):
    error = ValueError("see the notes")
    error.__notes__ = ["a note"] * 10**4
    raise error
