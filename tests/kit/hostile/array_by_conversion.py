# tries: an object whose conversion to an array looks for the right answer among the frames that called it
# grader: doesn't convert it, and has no right answer in that process
# says: It returned a Chameleon
# fools: np.allclose

# %% sigmoid
import sys


class Chameleon:
    def __array__(self, dtype=None, copy=None):
        frame = sys._getframe(1)
        while frame is not None:
            if "want" in frame.f_locals:
                return np.array(frame.f_locals["want"])
            frame = frame.f_back
        return np.zeros(1)


def sigmoid(h_tilde):
    return Chameleon()
