# %% variance_for_std_1
# Teacher: the variance is taken for the standard deviation.
def xavier_normal(rng, fan_in, fan_out):
    return rng.normal(0, 2 / (fan_in + fan_out), size=(fan_in, fan_out))

# %% parentheses_1
# Teacher: parentheses are missing around fan_in + fan_out.
def xavier_normal(rng, fan_in, fan_out):
    return rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in + fan_out)

# %% small_constant_1
# Teacher: 0.01 times a standard normal draw.
def xavier_normal(rng, fan_in, fan_out):
    return 0.01 * rng.standard_normal((fan_in, fan_out))
