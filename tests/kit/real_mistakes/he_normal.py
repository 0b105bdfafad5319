# %% fan_out_1
# Teacher: fan_out for fan_in.
def he_normal(rng, fan_in, fan_out, slope):
    std = np.sqrt(2 / ((1 + slope ** 2) * fan_out))
    return std * rng.standard_normal((fan_in, fan_out))

# %% slope_forgotten_1 (held out)
# Teacher: the slope is forgotten.
def he_normal(rng, fan_in, fan_out, slope):
    return rng.normal(scale=np.sqrt(2.0 / fan_in), size=(fan_in, fan_out))
