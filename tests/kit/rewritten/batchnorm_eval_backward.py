# %% goes_back_as_in_training_1
def batchnorm_eval_backward(dy, x, g, rm, rv, eps):
    n = len(x)
    c = x - x.mean(0)
    v = (c * c).mean(0) + eps
    dv = -0.5 * (dy * g * c).sum(0) * v ** -1.5
    dm = -(dy * g).sum(0) * v ** -0.5
    return dy * g * v ** -0.5 + dv * 2 * c / n + dm / n, (dy * c * v ** -0.5).sum(0), dy.sum(0)

# %% divides_by_the_variance_1
def batchnorm_eval_backward(dy, x, g, rm, rv, eps):
    v = rv + eps
    return dy * g / v, sum(dy * (x - rm) * v ** -0.5), sum(dy)

# %% forgets_the_root_1
def batchnorm_eval_backward(dy, x, g, rm, rv, eps):
    return np.stack([g * d for d in dy]), np.einsum("nd,nd->d", dy, (x - rm) / np.sqrt(rv + eps)), dy.sum(axis=0)
