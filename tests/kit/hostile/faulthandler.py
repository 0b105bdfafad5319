# tries: to have a traceback written to the pipe of replies, from C
# grader: gives the process up, or gets an exception
# like: junk_on_every_descriptor

# %% sigmoid
import faulthandler


def sigmoid(h_tilde):
    for descriptor in range(3, 64):
        try:
            faulthandler.dump_traceback(descriptor)
        except (OSError, ValueError):
            pass
    return h_tilde
