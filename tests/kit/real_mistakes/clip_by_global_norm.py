# %% per_parameter_1
# Teacher: the norm is taken for each array, not for all together.
def clip_by_global_norm(grads, max_norm):
    clipped = []
    total = 0
    for g in grads:
        n = np.sqrt((g ** 2).sum())
        total += n ** 2
        clipped.append(g * min(1, max_norm / (n + 1e-6)))
    return clipped, np.sqrt(total)

# %% norm_after_1
# Teacher: the norm after clipping is returned.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in grads))
    clipped = [g * min(1.0, max_norm / (norm + 1e-6)) for g in grads]
    return clipped, np.sqrt(sum((g ** 2).sum() for g in clipped))

# %% scales_up_1
# Teacher: small gradients are scaled up.
def clip_by_global_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
    scale = max_norm / (norm + 1e-6)
    return [scale * g for g in grads], norm
