# tries: automatic differentiation written in ten lines
# grader: finds an exact answer exact; how it was found is for people to ask
# earns: tanh_derivative 3
# like: complex_step

# %% tanh_derivative
class Dual:
    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def tanh(self):
        value = np.tanh(self.value)
        return Dual(value, self.slope * (1 - value * value))


def tanh_derivative(h_tilde):
    return Dual(h_tilde, np.ones_like(h_tilde)).tanh().slope
