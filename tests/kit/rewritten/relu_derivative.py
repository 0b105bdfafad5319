# %% is_one_at_zero_1
def relu_derivative(z):
    return 1.0 - (np.asarray(z) < 0)

# %% takes_the_sign_1
def relu_derivative(z):
    return np.sign(z) * 1.0
