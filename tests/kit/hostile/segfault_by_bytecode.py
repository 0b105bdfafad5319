# tries: bytecode that no compiler wrote
# grader: loses the worker, whatever that does
# says: The process was lost while sigmoid ran
# like: segfault

# %% sigmoid
def sigmoid(h_tilde):
    return h_tilde


sigmoid.__code__ = sigmoid.__code__.replace(co_code=bytes([100, 255]) * 40, co_consts=(), co_stacksize=0)
