# tries: to use up every descriptor, so that nothing can be opened any more
# grader: needs none in the worker; this exercise is wrong by itself
# says: The value is wrong: 0 where 1 is right
# like: closed_descriptors

# %% tanh_derivative
import os


def tanh_derivative(h_tilde):
    kept = []
    try:
        while True:
            kept.append(os.dup(0))
    except OSError:
        pass
    return h_tilde
