# tries: an exception that claims to be another, and to have no traceback
# grader: tells the type that it has
# says: It raised Liar: nothing of the kind

# %% sigmoid
class Liar(Exception):
    __class__ = NotImplementedError
    __module__ = "builtins"


def sigmoid(h_tilde):
    raise Liar("nothing of the kind")
