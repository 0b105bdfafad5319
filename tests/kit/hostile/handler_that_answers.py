# tries: a signal handler that writes another answer over the real one
# grader: compares what comes
# says: The value is wrong: 0 where 0.5 is right
# like: signal_to_itself

# %% sigmoid
import os
import signal


def handler(number, frame):
    while frame is not None:
        if "h_tilde" in frame.f_locals:
            frame.f_locals["h_tilde"][...] = 0
        frame = frame.f_back


signal.signal(signal.SIGUSR1, handler)


def sigmoid(h_tilde):
    os.kill(os.getpid(), signal.SIGUSR1)
    return h_tilde
