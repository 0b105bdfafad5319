# %% differentiates_the_output_1
def sigmoid_derivative(z):
    return z - np.square(z)

# %% squares_the_output_1
def sigmoid_derivative(z):
    s = 0.5 + 0.5 * np.tanh(np.asarray(z) / 2)
    return 1.0 - s * s

# %% has_the_wrong_sign_1
def sigmoid_derivative(z):
    return -0.25 / np.cosh(np.asarray(z) / 2) ** 2
