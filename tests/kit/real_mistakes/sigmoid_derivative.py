# %% derivative_of_argument_1
# Teacher: takes h_tilde for h.
def sigmoid_derivative(h_tilde):
    return h_tilde * (1 - h_tilde)

# %% sigmoid_twice_1
# Teacher: the sigmoid is applied twice.
def sigmoid_derivative(h_tilde):
    s = lambda z: 0.5 * (1 + np.tanh(z / 2))
    h = s(h_tilde)
    return s(h) * (1 - s(h))

# %% one_minus_square_1
# Teacher: 1 - h² is tanh's derivative.
def sigmoid_derivative(h_tilde):
    h = 1 / (1 + np.exp(-np.abs(h_tilde)))
    h = np.where(np.asarray(h_tilde) >= 0, h, 1 - h)
    return 1 - h ** 2
