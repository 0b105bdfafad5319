# %% if_on_array_1
# Teacher: if takes one truth value; np.where takes arrays.
def relu_derivative(h_tilde):
    if h_tilde > 0:
        return 1.0
    return 0.0

# %% kink_1
# Teacher: the value at 0 is 1.
def relu_derivative(h_tilde):
    return np.where(np.asarray(h_tilde) >= 0, 1.0, 0.0)

# %% not_the_mask_1 (held out)
# Teacher: returns h_tilde where it is positive: ReLU itself.
def relu_derivative(h_tilde):
    d = np.array(h_tilde, dtype=float)
    d[d <= 0] = 0
    return d
