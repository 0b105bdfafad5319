# %% forgets_the_square_1
def tanh_derivative(z):
    return 2 / (1 + np.exp(2 * np.asarray(z)))

# %% squares_the_pre_activation_1
def tanh_derivative(z):
    return (1 - z) * (1 + z)

# %% uses_the_formula_of_the_sigmoid_1
def tanh_derivative(z):
    t = np.tanh(z)
    return t - t * t
