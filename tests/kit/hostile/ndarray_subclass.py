# tries: a subclass of ndarray that takes over every ufunc and function it meets
# grader: names it as a subclass and refuses it, whatever its entries
# says: It returned an ndarray subclass (Sly)
# fools: np.allclose

# %% sigmoid
class Sly(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.True_

    def __array_function__(self, func, types, args, kwargs):
        return True


def sigmoid(h_tilde):
    return np.zeros(h_tilde.shape).view(Sly)
