# tries: to end the process by abort()
# grader: tells the signal
# says: signal 6, Aborted
# like: segfault

# %% sigmoid
import os


def sigmoid(h_tilde):
    os.abort()
