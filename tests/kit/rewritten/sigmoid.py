# %% forgets_the_one_1
def sigmoid(z):
    return np.exp(z)

# %% flips_the_sign_of_the_exponent_1
def sigmoid(z):
    return 0.5 - 0.5 * np.tanh(0.5 * np.asarray(z))

# %% is_tanh_1
def sigmoid(z):
    return 2 / (1 + np.exp(-2 * np.asarray(z))) - 1
