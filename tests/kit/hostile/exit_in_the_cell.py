# tries: to end the process while the cell is run, before anything is asked
# grader: drops the cell; the other exercises are asked
# says: Its cell was stopped

# %% sigmoid
import os

os._exit(0)


def sigmoid(h_tilde):
    return h_tilde
