# %% minus_slope_1
# Teacher: the slope has the wrong sign.
def leaky_relu(h_tilde, slope):
    return np.where(np.asarray(h_tilde) > 0, h_tilde, -slope * h_tilde)

# %% slope_alone_1
# Teacher: the slope itself stands on the negative side.
def leaky_relu(h_tilde, slope):
    return np.where(np.asarray(h_tilde) > 0, h_tilde, slope)

# %% wrong_side_1
# Teacher: the slope is on the positive side.
def leaky_relu(h_tilde, slope):
    return np.where(np.asarray(h_tilde) > 0, slope * h_tilde, h_tilde)
