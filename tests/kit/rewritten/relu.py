# %% takes_the_absolute_value_1
def relu(z):
    return np.maximum(z, np.negative(z))

# %% keeps_the_wrong_side_1
def relu(z):
    return np.where(np.asarray(z) < 0, z, 0.0)

# %% clips_at_one_1
def relu(z):
    return np.clip(z, 0, 1)
