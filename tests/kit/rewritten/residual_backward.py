# %% adds_one_for_the_shortcut_1
def residual_backward(dy, x, A, a, B, b):
    z = x @ A + a
    on = z > 0
    dz = dy.dot(B.T) * on
    return dz.dot(A.T) + np.ones_like(x), x.T.dot(dz), sum(dz), (z * on).T.dot(dy), sum(dy)

# %% averages_over_the_batch_1
def residual_backward(dy, x, A, a, B, b):
    n = len(x)
    z = x @ A + a
    dz = dy @ B.T * (z > 0)
    return dy + dz @ A.T, x.T @ dz / n, dz.mean(0), np.maximum(z, 0).T @ dy / n, dy.mean(0)
