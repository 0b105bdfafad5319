# tries: to call itself without end and without Python's own limit, until the stack of C is used up
# grader: loses the worker, and tells so, or gets the exception
# like: recursion

# %% sigmoid
import sys

sys.setrecursionlimit(2**31 - 1)


def sigmoid(h_tilde):
    return max([h_tilde], key=sigmoid)
