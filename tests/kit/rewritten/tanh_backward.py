# %% forgets_the_square_1
def tanh_backward(dh, z):
    return dh - dh * np.tanh(z)

# %% takes_h_tilde_for_h_1
def tanh_backward(dh, z):
    return dh - dh * z * z

# %% adds_instead_of_subtracting_1
def tanh_backward(dh, z):
    t = np.tanh(z)
    return dh + t ** 2 * dh
