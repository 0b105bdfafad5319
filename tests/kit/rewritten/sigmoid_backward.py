# %% forgets_the_upstream_gradient_1
def sigmoid_backward(dh, z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2

# %% multiplies_by_the_activation_1
def sigmoid_backward(dh, z):
    return dh * (1 + np.tanh(np.asarray(z) / 2)) / 2

# %% forgets_a_factor_1
def sigmoid_backward(dh, z):
    s = 1 / (1 + np.exp(-z))
    return dh - dh * s
