# %% takes_the_statistics_for_constants_1
def batchnorm_backward(dy, x, g, eps):
    r = (x.var(0) + eps) ** -0.5
    return np.array([row * g * r for row in dy]), np.einsum("nd,nd->d", dy, (x - x.mean(0)) * r), sum(dy)

# %% forgets_the_path_through_the_mean_1
def batchnorm_backward(dy, x, g, eps):
    n = len(x)
    c = x - x.mean(0)
    v = (c * c).mean(0) + eps
    dvar = -0.5 * v ** -1.5 * (dy * g * c).sum(0)
    return dy * g * v ** -0.5 + dvar * 2 / n * c, (dy * c).sum(0) * v ** -0.5, dy.sum(0)

# %% forgets_to_sum_the_gradient_of_the_variance_1
def batchnorm_backward(dy, x, g, eps):
    n = len(x)
    c = x - x.mean(0)
    s = np.sqrt((c * c).mean(0) + eps)
    dxh = dy * g
    dv = -0.5 * dxh * c / s ** 3
    return dxh / s + 2 * c / n * dv - dxh.sum(0) / s / n, (dy * c / s).sum(0), dy.sum(0)

# %% keeps_only_the_diagonal_1
def batchnorm_backward(dy, x, g, eps):
    n = len(x)
    s = np.sqrt(x.var(0) + eps)
    z = (x - x.mean(0)) / s
    jacobian = (np.eye(n)[:, :, None] - 1 / n - z[:, None] * z[None] / n) / s
    diagonal = np.einsum("nnd->nd", jacobian)
    return g * dy * diagonal, (dy * z).sum(0), dy.sum(0)

# %% forgets_gamma_1
def batchnorm_backward(dy, x, g, eps):
    n = len(x)
    s = np.sqrt(x.var(0) + eps)
    z = (x - x.mean(0)) / s
    return (n * dy - dy.sum(0) - z * (dy * z).sum(0)) / n / s, (dy * z).sum(0), dy.sum(0)

# %% uses_the_unbiased_variance_1
def batchnorm_backward(dy, x, g, eps):
    n = len(x)
    s = (x.var(0) * n / (n - 1) + eps) ** 0.5
    z = (x - x.mean(0)) / s
    a, b = sum(dy), sum(dy * z)
    return g * (dy - a / n - z * b / n) / s, b, a

# %% averages_over_the_batch_1
def batchnorm_backward(dy, x, g, eps):
    s = np.sqrt(x.var(0) + eps)
    z = (x - x.mean(0)) / s
    a, b = dy.mean(0), (dy * z).mean(0)
    return g * (dy - a - z * b) / s, b, a

# %% multiplies_by_deviations_for_dgamma_1
def batchnorm_backward(dy, x, g, eps):
    c = x - x.mean(0)
    s = np.sqrt(x.var(0) + eps)
    z = c / s
    return g / s * (dy - dy.mean(0) - z * (dy * z).mean(0)), np.einsum("nd,nd->d", dy, c), dy.sum(0)
