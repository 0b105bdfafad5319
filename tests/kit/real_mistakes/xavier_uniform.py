# %% one_sided_1
# Teacher: draws from 0 to a.
def xavier_uniform(rng, fan_in, fan_out):
    limit = np.sqrt(6 / (fan_in + fan_out))
    return rng.random((fan_in, fan_out)) * limit

# %% root_three_missing_1 (held out)
# Teacher: the bound is the standard deviation: the root of 3 is missing.
def xavier_uniform(rng, fan_in, fan_out):
    a = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-a, a, (fan_in, fan_out))
