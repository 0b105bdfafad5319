# tries: an exception whose cause is itself
# grader: follows no causes
# says: It raised ValueError: round and round
# like: exception_notes

# %% sigmoid
def sigmoid(h_tilde):
    error = ValueError("round and round")
    error.__cause__ = error.__context__ = error
    raise error from error
