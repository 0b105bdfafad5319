# tries: to interrupt the worker by a signal at a moment when nobody expects one
# grader: takes an interrupt for an exception like any other
# says: It raised KeyboardInterrupt

# %% sigmoid
import signal


def sigmoid(h_tilde):
    signal.raise_signal(signal.SIGINT)
    return 1 / (1 + np.exp(-h_tilde))
