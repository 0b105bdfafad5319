# %% any_for_all_1 (held out)
# Teacher: any for all.
def dead_units(h_tilde):
    return np.any(h_tilde <= 0, axis=0)

# %% wrong_axis_1 (held out)
# Teacher: over the units instead of the examples.
def dead_units(h_tilde):
    return np.all(h_tilde <= 0, axis=1)
