# %% minus_slope_1
# Teacher: the slope has the wrong sign.
def leaky_relu_derivative(h_tilde, slope):
    return np.where(np.asarray(h_tilde) > 0, 1.0, -slope)

# %% own_slope_1
# Teacher: takes a slope of its own.
def leaky_relu_derivative(h_tilde, slope=0.01):
    return np.where(np.asarray(h_tilde) > 0, 1.0, 0.01)
