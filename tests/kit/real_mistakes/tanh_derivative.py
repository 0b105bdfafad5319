# %% derivative_of_argument_1 (held out)
# Teacher: takes h_tilde for h.
def tanh_derivative(h_tilde):
    return 1 - h_tilde ** 2

# %% square_forgotten_1 (held out)
# Teacher: the square is forgotten.
def tanh_derivative(h_tilde):
    h = np.tanh(h_tilde)
    return 1 - h

# %% sign_1
# Teacher: 1 + h² instead of 1 - h².
def tanh_derivative(h_tilde):
    t = np.tanh(h_tilde)
    return 1 + t * t

# %% sigmoid_for_tanh_1
# Teacher: the sigmoid's derivative.
def tanh_derivative(h_tilde):
    h = np.tanh(h_tilde)
    return h * (1 - h)
