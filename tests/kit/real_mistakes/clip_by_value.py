# %% above_only_1
# Teacher: clips above only.
def clip_by_value(grads, limit):
    return [np.minimum(g, limit) for g in grads]
