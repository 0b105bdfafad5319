# %% clips_only_from_below_1
def clip_by_value(grads, limit):
    return [np.where(g < -limit, -limit, g) for g in grads]

# %% takes_the_limit_for_the_whole_range_1
def clip_by_value(grads, limit):
    half = limit / 2
    return [np.minimum(half, np.maximum(-half, g)) for g in grads]
