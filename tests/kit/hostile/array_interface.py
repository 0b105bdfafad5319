# tries: an object that lends NumPy a buffer which lies about its own length
# grader: names its type and reads no memory through it
# says: It returned a Window
# like: array_by_conversion

# %% sigmoid
class Window:
    def __init__(self, array):
        self.array = array
        self.__array_interface__ = {**array.__array_interface__, "shape": (10**9,)}


def sigmoid(h_tilde):
    return Window(np.ascontiguousarray(h_tilde))
