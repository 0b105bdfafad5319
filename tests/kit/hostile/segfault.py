# tries: to read at address 0
# grader: tells the signal
# says: signal 11, Segmentation fault

# %% sigmoid
import ctypes


def sigmoid(h_tilde):
    return ctypes.string_at(0)
