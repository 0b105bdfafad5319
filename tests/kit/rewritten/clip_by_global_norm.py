# %% takes_the_norm_of_each_array_1
def clip_by_global_norm(grads, max_norm):
    norms = [np.linalg.norm(g.ravel()) for g in grads]
    out = [g if max_norm / (n + 1e-6) >= 1 else g * (max_norm / (n + 1e-6)) for g, n in zip(grads, norms)]
    return out, np.linalg.norm(norms)

# %% returns_the_norm_after_clipping_1
def clip_by_global_norm(grads, max_norm):
    n = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    k = 1.0 if max_norm >= n + 1e-6 else max_norm / (n + 1e-6)
    return [k * g for g in grads], k * n

# %% forgets_the_root_1
def clip_by_global_norm(grads, max_norm):
    n = 0.0
    for g in grads:
        for v in g.flat:
            n += v * v
    return [np.minimum(1, max_norm / (n + 1e-6)) * g for g in grads], n
