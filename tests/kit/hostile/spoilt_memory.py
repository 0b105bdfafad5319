# tries: to write over the worker's own objects by ctypes
# grader: loses the worker, whatever that does
# says: The process was lost while sigmoid ran
# like: segfault

# %% sigmoid
import ctypes


def sigmoid(h_tilde):
    ctypes.memset(id(type), 255, 400)
    ctypes.memset(id(None), 255, 16)
    return h_tilde
