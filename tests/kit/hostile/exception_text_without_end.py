# tries: an exception whose text is ten million characters long
# grader: tells the beginning
# says: It raised ValueError: so so so
# like: exception_text_raises

# %% sigmoid
def sigmoid(h_tilde):
    raise ValueError("so " * 3_000_000)
