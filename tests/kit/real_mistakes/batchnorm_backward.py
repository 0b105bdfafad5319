# %% eps_of_x_hat_only_1 (held out)
# Teacher: the root of dx is taken with eps outside; that of x_hat is right.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = (x - mu) / np.sqrt(var + eps)
    std = np.sqrt(var) + eps
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx = gamma / std * (dy - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% eps_of_x_hat_only_2
# Teacher: eps is missing in the root of dx; that of x_hat is right.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = x.shape
    mu = x.mean(0)
    xmu = x - mu
    var = (xmu ** 2).mean(0)
    xhat = xmu / np.sqrt(var + eps)
    ivar = 1 / np.sqrt(var)
    dxhat = dy * gamma
    dx = (1. / N) * ivar * (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    return dx, (dy * xhat).sum(0), dy.sum(0)

# %% eps_of_x_hat_only_3
# Teacher: in dvar the root is taken without eps; everywhere else it is right.
def batchnorm_backward(dy, x, gamma, eps):
    n = len(x)
    mean, var = x.mean(0), x.var(0)
    xc = x - mean
    std = np.sqrt(var + eps)
    dgamma = (dy * xc / std).sum(0)
    dbeta = dy.sum(0)
    dxhat = dy * gamma
    dvar = (dxhat * xc * -0.5 * var ** -1.5).sum(0)
    dmean = (-dxhat / std).sum(0) + dvar * (-2 * xc).mean(0)
    dx = dxhat / std + dvar * 2 * xc / n + dmean / n
    return dx, dgamma, dbeta

# %% eps_of_x_hat_only_4 (held out)
# Teacher: x_hat is taken with std + eps; the root of dx is right.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    mean, var = np.mean(x, axis=0), np.var(x, axis=0)
    x_hat = (x - mean) / (np.sqrt(var) + eps)
    dbeta = np.sum(dy, axis=0)
    dgamma = np.sum(dy * x_hat, axis=0)
    dx_hat = dy * gamma
    dvar = np.sum(dx_hat * (x - mean), axis=0) * -0.5 * (var + eps) ** -1.5
    dmu = np.sum(-dx_hat / np.sqrt(var + eps), axis=0)
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mean) / N + dmu / N
    return dx, dgamma, dbeta

# %% eps_of_x_hat_only_5
# Teacher: x_hat is taken with std + eps; the root of dx is right.
def batchnorm_backward(dy, x, gamma, eps):
    m = x.shape[0]
    mu = x.sum(axis=0) / m
    sigma2 = ((x - mu) ** 2).sum(axis=0) / m
    xhat = (x - mu) / (sigma2 ** 0.5 + eps)
    inv_std = (sigma2 + eps) ** -0.5
    dgamma, dbeta = (dy * xhat).sum(axis=0), dy.sum(axis=0)
    dx = gamma * inv_std / m * (m * dy - dbeta - xhat * dgamma)
    return dx, dgamma, dbeta

# %% eps_outside_1
# Teacher: eps stands outside the root, in the forward pass and in its derivative.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0)) + eps
    x_hat = (x - x.mean(axis=0)) / std
    dgamma = (dy * x_hat).sum(axis=0)
    dbeta = dy.sum(axis=0)
    return gamma / std * (dy - dbeta / N - x_hat * dgamma / N), dgamma, dbeta

# %% eps_outside_2 (held out)
# Teacher: eps stands outside the root: the exact derivative of the forward pass with std + eps.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = x.shape
    mu = x.mean(axis=0)
    xmu = x - mu
    var = np.mean(xmu ** 2, axis=0)
    std = np.sqrt(var)
    denom = std + eps
    xhat = xmu / denom
    dbeta = dy.sum(axis=0)
    dgamma = (dy * xhat).sum(axis=0)
    dxhat = dy * gamma
    dxmu1 = dxhat / denom
    ddenom = -(dxhat * xmu).sum(axis=0) / denom ** 2
    dstd = ddenom
    dvar = 0.5 * dstd / std
    dsq = np.ones((N, D)) * dvar / N
    dxmu2 = 2 * xmu * dsq
    dmu = -(dxmu1 + dxmu2).sum(axis=0)
    dx = dxmu1 + dxmu2 + dmu / N
    return dx, dgamma, dbeta

# %% eps_outside_3
# Teacher: eps stands outside the root: the exact derivative of the forward pass with std + eps.
def batchnorm_backward(dy, x, gamma, eps):
    n, d = x.shape
    dx = np.zeros_like(x)
    dgamma, dbeta = np.zeros(d), np.zeros(d)
    for j in range(d):
        c = x[:, j] - x[:, j].mean()
        s = np.sqrt((c ** 2).mean())
        h = c / (s + eps)
        dgamma[j] = dy[:, j] @ h
        dbeta[j] = dy[:, j].sum()
        g = dy[:, j] * gamma[j]
        ds = -(g @ c) / (s + eps) ** 2
        dc = g / (s + eps) + ds * c / (n * s)
        dx[:, j] = dc - dc.mean()
    return dx, dgamma, dbeta

# %% eps_missing_1 (held out)
# Teacher: eps is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu, var = np.mean(x, axis=0), np.var(x, axis=0)
    xmu = x - mu
    ivar = 1 / np.sqrt(var)
    dxhat = dy * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * ivar ** 3
    dmu = -ivar * np.sum(dxhat, axis=0) - 2 * dvar * np.mean(xmu, axis=0)
    dx = dxhat * ivar + 2 * dvar * xmu / N + dmu / N
    dgamma = np.sum(dy * xmu * ivar, axis=0)
    return dx, dgamma, np.sum(dy, axis=0)

# %% eps_missing_2
# Teacher: eps is missing.
def batchnorm_backward(dy, x, gamma, eps):
    n, d = x.shape
    dx = np.empty((n, d))
    dgamma, dbeta = np.empty(d), np.empty(d)
    for k in range(d):
        xs, ds = x[:, k], dy[:, k]
        sigma = np.sqrt(np.mean((xs - xs.mean()) ** 2))
        z = (xs - xs.mean()) / sigma
        dbeta[k] = ds.sum()
        dgamma[k] = (ds * z).sum()
        dx[:, k] = gamma[k] / sigma * (ds - ds.mean() - z * (ds * z).mean())
    return dx, dgamma, dbeta

# %% eps_of_its_own_1 (held out)
# Teacher: takes an eps of its own.
def batchnorm_backward(dy, x, gamma, eps):
    eps = 1e-5
    N = len(x)
    root = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / root
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    dx = gamma / root * (dy - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% eps_of_its_own_2
# Teacher: takes an eps of its own in the root of dx; that of x_hat is right.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    xhat = (x - mu) / np.sqrt(var + eps)
    dgamma = np.sum(dy * xhat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dxhat = dy * gamma
    dx = 1 / (N * np.sqrt(var + 1e-8)) * (N * dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0))
    return dx, dgamma, dbeta

# %% eps_of_its_own_3
# Teacher: takes an eps of its own.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    mu = x.mean(0)
    v = x.var(0) + 1e-6
    xhat = (x - mu) * v ** -0.5
    dbeta = dy.sum(0)
    dgamma = (dy * xhat).sum(0)
    dv = -0.5 * (dy * gamma * (x - mu)).sum(0) * v ** -1.5
    dm = -(dy * gamma).sum(0) * v ** -0.5
    return dy * gamma * v ** -0.5 + dv * 2 / N * (x - mu) + dm / N, dgamma, dbeta

# %% statistics_constant_1
# Teacher: the variance is taken as a constant.
def batchnorm_backward(dy, x, gamma, eps):
    root = np.sqrt(np.var(x, axis=0) + eps)
    x_hat = (x - np.mean(x, axis=0)) / root
    dx_hat = gamma * dy
    dx_centred = dx_hat / root
    dx = dx_centred - dx_centred.mean(axis=0)
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)

# %% diagonal_only_1 (held out)
# Teacher: only the diagonal of the Jacobian is kept.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    root = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / root
    dx = dy * gamma / root * (1 - 1 / N - x_hat ** 2 / N)
    return dx, (dy * x_hat).sum(axis=0), dy.sum(axis=0)

# %% diagonal_only_2
# Teacher: only the diagonal of the Jacobian is kept: nothing is summed over the batch in dvar and dmean.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    std_inv = 1 / np.sqrt(var + eps)
    x_mu = x - mu
    dxhat = dy * gamma
    dvar = dxhat * x_mu * -0.5 * std_inv ** 3
    dmu = dxhat * -std_inv
    dx = dxhat * std_inv + dvar * 2 * x_mu / N + dmu / N
    dgamma = np.sum(dy * x_mu * std_inv, axis=0)
    dbeta = np.sum(dy, axis=0)
    return dx, dgamma, dbeta

# %% dvar_not_summed_1
# Teacher: in dvar the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = (x - mu) / np.sqrt(var + eps)
    dx_hat = dy * gamma
    dvar = dx_hat * (x - mu) * (-0.5) * (var + eps) ** (-1.5)
    dmean = np.sum(dx_hat * (-1) / np.sqrt(var + eps), axis=0)
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mu) / N + dmean / N
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)

# %% dvar_not_summed_2
# Teacher: in dvar the sum over the batch is missing, and in dmean with it.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    xc = x - x.mean(0)
    v = (xc ** 2).mean(0) + eps
    g = dy * gamma
    dvar = -0.5 * g * xc * v ** -1.5
    dmu = np.sum(-g * v ** -0.5, axis=0) + dvar * np.sum(-2 * xc, axis=0) / N + np.sum(dvar * -2 * xc, axis=0) / N
    dx = g * v ** -0.5 + dvar * 2 * xc / N + dmu / N
    return dx, (dy * xc * v ** -0.5).sum(0), dy.sum(0)

# %% dvar_not_summed_3 (held out)
# Teacher: in divar, the gradient of the inverse root, the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = dy.shape
    mu = 1. / N * np.sum(x, axis=0)
    xmu = x - mu
    var = 1. / N * np.sum(xmu ** 2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1. / sqrtvar
    xhat = xmu * ivar
    dbeta = np.sum(dy, axis=0)
    dgammax = dy
    dgamma = np.sum(dgammax * xhat, axis=0)
    dxhat = dgammax * gamma
    divar = dxhat * xmu
    dxmu1 = dxhat * ivar
    dsqrtvar = -1. / (sqrtvar ** 2) * divar
    dvar = 0.5 * 1. / np.sqrt(var + eps) * dsqrtvar
    dsq = 1. / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1. / N * np.ones((N, D)) * dmu
    dx = dx1 + dx2
    return dx, dgamma, dbeta

# %% dmean_not_summed_1 (held out)
# Teacher: in dmean the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu, var = x.mean(axis=0), x.var(axis=0)
    root = np.sqrt(var + eps)
    xhat = (x - mu) / root
    dxhat = dy * gamma
    dvar = np.sum(dxhat * (x - mu), axis=0) * -0.5 / root ** 3
    dmean = -dxhat / root
    dx = dxhat / root + dvar * 2 * (x - mu) / N + dmean / N
    return dx, np.sum(dy * xhat, axis=0), np.sum(dy, axis=0)

# %% dmean_not_summed_2
# Teacher: in dmu the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = x.shape
    xmu = x - np.mean(x, axis=0)
    ivar = 1 / np.sqrt(np.mean(xmu ** 2, axis=0) + eps)
    xhat = xmu * ivar
    dxhat = dy * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu = dxhat * ivar + xmu * (-divar * ivar ** 3) / N
    dmu = -dxmu
    dx = dxmu + dmu / N
    return dx, np.sum(dy * xhat, axis=0), np.sum(dy, axis=0)

# %% dmean_not_summed_3
# Teacher: dbeta isn't summed where dx uses it.
def batchnorm_backward(dy, x, gamma, eps):
    n = len(x)
    r = (x.var(0) + eps) ** 0.5
    z = (x - x.mean(0)) / r
    dgamma = (dy * z).sum(0)
    dx = gamma / r * (dy - dy / n - z * dgamma / n)
    return dx, dgamma, dy.sum(0)

# %% x_hat_inside_sum_1 (held out)
# Teacher: in dx the factor x_hat within the sum is dropped.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    ivar = 1.0 / np.sqrt(x.var(0) + eps)
    xhat = (x - x.mean(0)) * ivar
    dxhat = dy * gamma
    dx = ivar / N * (N * dxhat - dxhat.sum(0) - xhat * dxhat.sum(0))
    return dx, (dy * xhat).sum(0), dy.sum(0)

# %% x_hat_inside_sum_2
# Teacher: in dx the factor x_hat before the sum is dropped.
def batchnorm_backward(dy, x, gamma, eps):
    m = len(x)
    root = np.sqrt(((x - x.mean(axis=0)) ** 2).mean(axis=0) + eps)
    x_norm = (x - x.mean(axis=0)) / root
    dgamma = sum(dy * x_norm)
    dbeta = sum(dy)
    t = dy - dbeta / m - dgamma / m
    return gamma * t / root, dgamma, dbeta

# %% parentheses_1 (held out)
# Teacher: parentheses are missing in dx: 1/N stands before the first term alone.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx = gamma / (N * std) * N * dy - dbeta - x_hat * dgamma
    return dx, dgamma, dbeta

# %% parentheses_2
# Teacher: parentheses are missing in x_hat: only the mean is divided by the root.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    mu, var = x.mean(axis=0), x.var(axis=0)
    x_hat = x - mu / np.sqrt(var + eps)
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    dx = gamma / np.sqrt(var + eps) * (dy - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% parentheses_3
# Teacher: parentheses are missing in dx: it divides by N, but multiplies by the root.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    std = np.sqrt(x.var(0) + eps)
    xhat = (x - x.mean(0)) / std
    g = dy * gamma
    dx = (N * g - g.sum(0) - xhat * (g * xhat).sum(0)) / N * std
    return dx, (dy * xhat).sum(0), dy.sum(0)

# %% gamma_missing_1 (held out)
# Teacher: in dx_hat gamma is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    xmu = x - x.mean(0)
    var = (xmu ** 2).mean(0)
    dxhat = dy
    dvar = (dxhat * xmu).sum(0) * -0.5 * (var + eps) ** -1.5
    dmu = -dxhat.sum(0) / np.sqrt(var + eps) + dvar * -2 * xmu.mean(0)
    dx = dxhat / np.sqrt(var + eps) + dvar * 2 / N * xmu + dmu / N
    dgamma = (dy * xmu / np.sqrt(var + eps)).sum(0)
    return dx, dgamma, dy.sum(0)

# %% order_returned_1 (held out)
# Teacher: dgamma and dbeta are swapped.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dbeta = np.sum(dy * x_hat, axis=0)
    dgamma = np.sum(dy, axis=0)
    dx = gamma / std * (dy - dgamma / N - x_hat * dbeta / N)
    return dx, dgamma, dbeta

# %% wrong_axis_1
# Teacher: dgamma and dbeta are summed over the units.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dx_hat = dy * gamma
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / std
    return dx, np.sum(dy * x_hat, axis=1), np.sum(dy, axis=1)

# %% mean_for_sum_1
# Teacher: dgamma and dbeta are means over the batch, and are divided by N once more in dx.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    root = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / root
    dgamma = (dy * x_hat).sum(axis=0) / N
    dbeta = dy.sum(axis=0) / N
    dx = gamma / root * (dy - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% d_for_n_1
# Teacher: divides by the number of units instead of the batch size, in dvar's and dmean's way to x.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = x.shape
    mu, var = x.mean(0), x.var(0)
    s = np.sqrt(var + eps)
    dxh = dy * gamma
    dvar = -0.5 * (dxh * (x - mu)).sum(0) / s ** 3
    dmu = -dxh.sum(0) / s
    dx = dxh / s + dvar * 2 * (x - mu) / D + dmu / D
    return dx, (dy * (x - mu) / s).sum(0), dy.sum(0)

# %% sign_1 (held out)
# Teacher: in dx the x_hat term has the wrong sign.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx = gamma / std * (dy - dbeta / N + x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% sign_2
# Teacher: dvar has the wrong sign.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    xmu = x - x.mean(axis=0)
    var = np.mean(xmu ** 2, axis=0)
    dxhat = dy * gamma
    dvar = np.sum(dxhat * xmu, axis=0) * 0.5 * (var + eps) ** -1.5
    dmu = -np.sum(dxhat, axis=0) / np.sqrt(var + eps)
    dx = dxhat / np.sqrt(var + eps) + 2 * dvar * xmu / N + dmu / N
    return dx, np.sum(dy * xmu / np.sqrt(var + eps), axis=0), np.sum(dy, axis=0)

# %% factor_two_1
# Teacher: dvar's way to x lacks the factor 2.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mean = x.mean(axis=0)
    var = x.var(axis=0)
    dxhat = dy * gamma
    dvar = np.sum(dxhat * (x - mean) * -0.5 * (var + eps) ** -1.5, axis=0)
    dmean = np.sum(-dxhat / np.sqrt(var + eps), axis=0)
    dx = dxhat / np.sqrt(var + eps) + dvar * (x - mean) / N + dmean / N
    return dx, np.sum(dy * (x - mean) / np.sqrt(var + eps), axis=0), np.sum(dy, axis=0)

# %% dgamma_of_x_1
# Teacher: dgamma is made with x instead of x_hat.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma = np.sum(dy * x, axis=0)
    dbeta = np.sum(dy, axis=0)
    dxhat = dy * gamma
    dx = (dxhat - dxhat.mean(axis=0) - x_hat * (dxhat * x_hat).mean(axis=0)) / std
    return dx, dgamma, dbeta

# %% no_root_1
# Teacher: divides by the variance, not by its root, in x_hat and dx.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    var = x.var(axis=0) + eps
    x_hat = (x - x.mean(axis=0)) / var
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx = gamma / var * (dy - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% two_mistakes_1
# Teacher: mean and variance are taken as constants; dgamma and dbeta are swapped.
def batchnorm_backward(dy, x, gamma, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dx = dy * gamma / std
    return dx, dy.sum(axis=0), (dy * x_hat).sum(axis=0)

# %% two_mistakes_2 (held out)
# Teacher: dvar isn't summed over the batch; eps is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu, var = x.mean(0), x.var(0)
    xmu = x - mu
    dxhat = dy * gamma
    dvar = dxhat * xmu * -0.5 * var ** -1.5
    dmu = np.sum(-dxhat / np.sqrt(var), axis=0)
    dx = dxhat / np.sqrt(var) + dvar * 2 * xmu / N + dmu / N
    return dx, np.sum(dy * xmu / np.sqrt(var), axis=0), np.sum(dy, axis=0)

# %% two_mistakes_3
# Teacher: in dx gamma is missing; dgamma is made with x instead of x_hat.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    r = np.sqrt(x.var(axis=0) + eps)
    xh = (x - x.mean(axis=0)) / r
    dx = (dy - dy.mean(axis=0) - xh * (dy * xh).mean(axis=0)) / r
    return dx, (dy * x).sum(axis=0), dy.sum(axis=0)

# %% eps_of_x_hat_only_6
# Teacher: x_hat is taken with std + eps; the root in dvar and dmean is right.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = x.shape
    mu = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    x_hat = (x - mu) / (np.sqrt(var) + eps)
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx_hat = dy * gamma
    ivar = 1 / np.sqrt(var + eps)
    dx = ivar * (dx_hat - np.mean(dx_hat, axis=0) - x_hat * np.mean(dx_hat * x_hat, axis=0))
    return dx, dgamma, dbeta

# %% eps_of_x_hat_only_7 (held out)
# Teacher: eps stands outside the root where dx divides, and inside where dvar is taken.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    std = np.sqrt(var) + eps
    xc = x - mu
    xn = xc / std
    dxn = gamma * dy
    dxc = dxn / std
    dstd = -np.sum((dxn * xc) / (std * std), axis=0)
    dvar = 0.5 * dstd / np.sqrt(var + eps)
    dxc = dxc + 2.0 / N * xc * dvar
    dmu = np.sum(dxc, axis=0)
    dx = dxc - dmu / N
    return dx, np.sum(xn * dy, axis=0), dy.sum(axis=0)

# %% eps_of_x_hat_only_8
# Teacher: in dvar eps is missing under the power; the rest is right.
def batchnorm_backward(dy, x, gamma, eps):
    m = x.shape[0]
    mean = x.sum(0) / m
    variance = ((x - mean) ** 2).sum(0) / m
    xhat = (x - mean) / np.sqrt(variance + eps)
    dxhat = gamma * dy
    dvariance = (dxhat * (x - mean)).sum(0) * (-1 / 2) * np.power(variance, -3 / 2)
    dmean = (dxhat * -1 / np.sqrt(variance + eps)).sum(0) + dvariance * (-2 * (x - mean)).sum(0) / m
    dx = dxhat / np.sqrt(variance + eps) + dvariance * 2 * (x - mean) / m + dmean / m
    return dx, (dy * xhat).sum(0), dy.sum(0)

# %% eps_of_x_hat_only_9
# Teacher: eps is added twice: var holds it already when the root is taken for dx.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    mu = x.mean(0)
    var = x.var(0) + eps
    x_hat = (x - mu) / np.sqrt(var)
    dgamma = (dy * x_hat).sum(0)
    dbeta = dy.sum(0)
    dx = gamma / np.sqrt(var + eps) * (dy - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% eps_outside_4
# Teacher: eps stands outside the root: the exact derivative of the forward pass with std + eps.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mean = x.mean(axis=0)
    std = x.std(axis=0)
    x_hat = (x - mean) / (std + eps)
    dx_hat = dy * gamma
    dstd = np.sum(dx_hat * (x - mean) * -1 / (std + eps) ** 2, axis=0)
    dmean = np.sum(-dx_hat / (std + eps), axis=0)
    dx = dx_hat / (std + eps) + dstd * (x - mean) / (N * std) + dmean / N
    return dx, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)

# %% eps_outside_5 (held out)
# Teacher: eps stands outside the root, and the power of dvar is taken of it.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu = x.mean(0)
    std = np.sqrt(x.var(0)) + eps
    dxhat = dy * gamma
    dvar = np.sum(dxhat * (x - mu) * -0.5 * std ** -3, axis=0)
    dmu = np.sum(-dxhat / std, axis=0) + dvar * np.mean(-2 * (x - mu), axis=0)
    dx = dxhat / std + 2 * dvar * (x - mu) / N + dmu / N
    dgamma = np.sum(dy * (x - mu) / std, axis=0)
    return dx, dgamma, np.sum(dy, axis=0)

# %% dvar_not_summed_4
# Teacher: in dvar the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = x.shape
    dx = np.zeros((N, D))
    dgamma, dbeta = np.zeros(D), np.zeros(D)
    for d in range(D):
        mu, var = x[:, d].mean(), x[:, d].var()
        xmu = x[:, d] - mu
        s = np.sqrt(var + eps)
        dgamma[d] = (dy[:, d] * xmu / s).sum()
        dbeta[d] = dy[:, d].sum()
        dh = dy[:, d] * gamma[d]
        dv = -0.5 * dh * xmu / s ** 3
        dm = -dh.sum() / s
        dx[:, d] = dh / s + 2 * dv * xmu / N + dm / N
    return dx, dgamma, dbeta

# %% dvar_not_summed_5
# Teacher: in the gradient of the standard deviation the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    xc = x - x.mean(axis=0)
    std = np.sqrt(np.mean(xc ** 2, axis=0) + eps)
    xn = xc / std
    dxn = gamma * dy
    dxc = dxn / std
    dstd = -(dxn * xc) / (std * std)
    dvar = 0.5 * dstd / std
    dxc += (2.0 / N) * xc * dvar
    dmu = np.sum(dxc, axis=0)
    dx = dxc - dmu / N
    return dx, np.sum(xn * dy, axis=0), dy.sum(axis=0)

# %% dmean_not_summed_4 (held out)
# Teacher: in dmean the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    xc = x - x.mean(axis=0)
    std = np.sqrt(np.mean(xc ** 2, axis=0) + eps)
    dxn = gamma * dy
    dstd = -np.sum(dxn * xc, axis=0) / std ** 2
    dxc = dxn / std + xc * dstd / (N * std)
    dmu = dxc
    dx = dxc - dmu / N
    return dx, np.sum(xc / std * dy, axis=0), dy.sum(axis=0)

# %% dmean_missing_1
# Teacher: the way through the mean is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N, D = x.shape
    mu = x.mean(axis=0)
    xmu = x - mu
    var = np.sum(xmu ** 2, axis=0) / N
    ivar = 1 / np.sqrt(var + eps)
    dxhat = dy * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dvar = -0.5 * divar * ivar ** 3
    dx = dxhat * ivar + 2 * xmu * dvar / N
    return dx, np.sum(dy * xmu * ivar, axis=0), np.sum(dy, axis=0)

# %% sign_3
# Teacher: dmean has the wrong sign.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu, var = x.mean(axis=0), x.var(axis=0)
    std = np.sqrt(var + eps)
    dxh = dy * gamma
    dvar = np.sum(dxh * (x - mu), axis=0) * -0.5 * std ** -3
    dmean = np.sum(dxh, axis=0) / std
    dx = dxh / std + dvar * 2 * (x - mu) / N + dmean / N
    return dx, np.sum(dy * (x - mu) / std, axis=0), np.sum(dy, axis=0)

# %% factor_half_1 (held out)
# Teacher: the half of dvar is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu, var = x.mean(axis=0), x.var(axis=0)
    std = np.sqrt(var + eps)
    dxh = dy * gamma
    dvar = -np.sum(dxh * (x - mu), axis=0) / std ** 3
    dmean = -np.sum(dxh, axis=0) / std
    dx = dxh / std + dvar * 2 * (x - mu) / N + dmean / N
    return dx, np.sum(dy * (x - mu) / std, axis=0), np.sum(dy, axis=0)

# %% power_1
# Teacher: dvar is taken with the power -1/2 instead of -3/2.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu = x.mean(0)
    var = x.var(0)
    g = dy * gamma
    dvar = -0.5 * np.sum(g * (x - mu) * (var + eps) ** -0.5, axis=0)
    dmu = -np.sum(g * (var + eps) ** -0.5, axis=0)
    dx = g * (var + eps) ** -0.5 + dvar * 2 * (x - mu) / N + dmu / N
    return dx, np.sum(dy * (x - mu) * (var + eps) ** -0.5, axis=0), np.sum(dy, axis=0)

# %% n_missing_1
# Teacher: the 1/N is missing where the variance goes back to x.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu = x.mean(axis=0)
    xmu = x - mu
    sqrtvar = np.sqrt(np.mean(xmu ** 2, axis=0) + eps)
    dxhat = dy * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dvar = 0.5 / sqrtvar * (-1 / sqrtvar ** 2) * divar
    dxmu = dxhat / sqrtvar + 2 * xmu * dvar
    dmu = -np.sum(dxmu, axis=0)
    dx = dxmu + dmu / N
    return dx, np.sum(dy * xmu / sqrtvar, axis=0), np.sum(dy, axis=0)

# %% n_missing_2 (held out)
# Teacher: the 1/N is missing where the mean goes back to x.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    c = x - x.mean(0)
    s = np.sqrt((c ** 2).mean(0) + eps)
    dh = dy * gamma
    dv = np.sum(dh * c, axis=0) * -0.5 / s ** 3
    dm = -np.sum(dh, axis=0) / s
    return dh / s + dv * 2 * c / N + dm, np.sum(dy * c / s, axis=0), np.sum(dy, axis=0)

# %% parentheses_4 (held out)
# Teacher: parentheses are missing: N divides the last term alone.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma = np.sum(dy * x_hat, axis=0)
    dbeta = np.sum(dy, axis=0)
    dx = gamma / std * (dy - dbeta - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% two_mistakes_4
# Teacher: x_hat is taken with std + eps, dx without the way through the variance.
def batchnorm_backward(dy, x, gamma, eps):
    x_hat = (x - x.mean(axis=0)) / (x.std(axis=0) + eps)
    g = dy * gamma / (x.std(axis=0) + eps)
    return g - g.mean(axis=0), np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)

# %% two_mistakes_5 (held out)
# Teacher: neither dvar nor dgamma is summed over the batch.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu, var = x.mean(axis=0), x.var(axis=0)
    s = np.sqrt(var + eps)
    dh = dy * gamma
    dvar = dh * (x - mu) * -0.5 * s ** -3
    dmu = -dh.sum(axis=0) / s
    dx = dh / s + dvar * 2 * (x - mu) / N + dmu / N
    return dx, dy * (x - mu) / s, dy.sum(axis=0)

# %% two_mistakes_6
# Teacher: dgamma and dbeta are swapped; eps is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = len(x)
    std = x.std(axis=0)
    z = (x - x.mean(axis=0)) / std
    dx = gamma / std * (dy - dy.mean(axis=0) - z * (dy * z).mean(axis=0))
    return dx, np.sum(dy, axis=0), np.sum(dy * z, axis=0)

# %% two_mistakes_7
# Teacher: in dvar eps stands outside the root and the sum over the batch is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    mu, var = x.mean(axis=0), x.var(axis=0)
    dh = dy * gamma
    dvar = -0.5 * dh * (x - mu) / (np.sqrt(var) + eps) ** 3
    dmu = np.sum(-dh / np.sqrt(var + eps), axis=0)
    dx = dh / np.sqrt(var + eps) + dvar * 2 * (x - mu) / N + dmu / N
    dgamma = np.sum(dy * (x - mu) / np.sqrt(var + eps), axis=0)
    return dx, dgamma, np.sum(dy, axis=0)

# %% two_mistakes_8 (held out)
# Teacher: the way through the mean is missing; in dx gamma is missing.
def batchnorm_backward(dy, x, gamma, eps):
    N = x.shape[0]
    s = np.sqrt(x.var(0) + eps)
    z = (x - x.mean(0)) / s
    dx = (dy - z * np.mean(dy * z, axis=0)) / s
    return dx, np.sum(dy * z, axis=0), np.sum(dy, axis=0)
