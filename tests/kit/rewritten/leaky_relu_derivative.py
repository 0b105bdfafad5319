# %% squares_the_slope_1
def leaky_relu_derivative(z, slope):
    on = np.asarray(z) > 0
    return on * 1.0 + ~on * (slope * slope)

# %% leaks_on_the_wrong_side_1
def leaky_relu_derivative(z, slope):
    d = np.ones(np.shape(z))
    return np.where(np.asarray(z) > 0, d * slope, d)
