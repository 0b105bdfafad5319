# %% eps_outside_1 (held out)
# Teacher: eps stands outside the root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    x_hat = (x - mu) / (np.sqrt(var) + eps)
    out = gamma * x_hat + beta
    N = x.shape[0]
    running_mean = momentum * mu + (1 - momentum) * running_mean
    running_var = momentum * var * N / (N - 1) + (1 - momentum) * running_var
    return out, running_mean, running_var

# %% eps_outside_2
# Teacher: eps stands outside the root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    std = x.std(0) + eps
    y = (x - x.mean(0)) / std * gamma + beta
    running_mean += momentum * (x.mean(0) - running_mean)
    running_var += momentum * (x.var(0, ddof=1) - running_var)
    return y, running_mean, running_var

# %% eps_outside_3
# Teacher: eps stands outside the root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    y = np.zeros((N, D))
    new_mean = np.zeros(D)
    new_var = np.zeros(D)
    for j in range(D):
        col = x[:, j]
        m = sum(col) / N
        v = sum((c - m) ** 2 for c in col) / N
        for i in range(N):
            y[i, j] = gamma[j] * (col[i] - m) / (v ** 0.5 + eps) + beta[j]
        new_mean[j] = (1 - momentum) * running_mean[j] + momentum * m
        new_var[j] = (1 - momentum) * running_var[j] + momentum * v * N / (N - 1)
    return y, new_mean, new_var

# %% eps_outside_4 (held out)
# Teacher: eps stands outside the root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = x.mean(axis=0, keepdims=True)
    xc = x - mean
    var = (xc ** 2).mean(axis=0, keepdims=True)
    ivar = 1.0 / (eps + np.sqrt(var))
    y = xc * ivar * gamma + beta
    n = len(x)
    rm = (1 - momentum) * running_mean + momentum * mean[0]
    rv = (1 - momentum) * running_var + momentum * (n / (n - 1)) * var[0]
    return y, rm, rv

# %% eps_missing_1
# Teacher: eps is missing: the root is that of the variance alone.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu, sigma = x.mean(axis=0), x.std(axis=0)
    y = gamma * (x - mu) / sigma + beta
    return y, (1 - momentum) * running_mean + momentum * mu, (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)

# %% eps_missing_2 (held out)
# Teacher: eps is missing: the root is that of the variance alone.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = x.shape[0]
    sample_mean = np.sum(x, axis=0) / N
    sample_var = np.sum((x - sample_mean) ** 2, axis=0) / N
    x_norm = (x - sample_mean) / np.sqrt(sample_var)
    out = gamma * x_norm + beta
    running_mean = (1.0 - momentum) * running_mean + momentum * sample_mean
    running_var = (1.0 - momentum) * running_var + momentum * sample_var * N / (N - 1.0)
    return out, running_mean, running_var

# %% eps_missing_3
# Teacher: eps is missing: the root is that of the variance alone.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    # step 1: mean
    mu = x.mean(0)
    # step 2: centre
    xmu = x - mu
    # step 3 and 4: variance
    sq = xmu ** 2
    var = sq.mean(0)
    # step 5, 6: inverse root
    inv = np.power(var, -0.5)
    # step 7: normalize, scale, shift
    xhat = xmu * inv
    y = xhat * gamma
    y = y + beta
    unbiased = sq.sum(0) / (x.shape[0] - 1)
    return y, running_mean * (1 - momentum) + mu * momentum, running_var * (1 - momentum) + unbiased * momentum

# %% running_var_with_eps_1
# Teacher: var + eps is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = x.mean(axis=0)
    var = x.var(axis=0) + eps
    y = gamma * (x - mean) / np.sqrt(var) + beta
    n = len(x)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    return y, running_mean, running_var

# %% running_var_with_eps_2 (held out)
# Teacher: var + eps is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = np.mean(x, axis=0)
    y = gamma * (x - mu) / np.sqrt(np.var(x, axis=0) + eps) + beta
    var_unbiased = np.var(x, axis=0, ddof=1) + eps
    running_mean = running_mean + momentum * (mu - running_mean)
    running_var = running_var + momentum * (var_unbiased - running_var)
    return y, running_mean, running_var

# %% running_var_with_eps_3
# Teacher: var + eps is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    out = np.empty_like(x)
    rm, rv = running_mean.copy(), running_var.copy()
    for d in range(D):
        mu = x[:, d].mean()
        diff = x[:, d] - mu
        sigma2 = diff.dot(diff) / N + eps
        out[:, d] = diff / np.sqrt(sigma2) * gamma[d] + beta[d]
        rm[d] = momentum * mu + (1 - momentum) * rm[d]
        rv[d] = momentum * (sigma2 * N / (N - 1)) + (1 - momentum) * rv[d]
    return out, rm, rv

# %% running_var_with_eps_biased_1
# Teacher: var + eps, and the biased one, is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = x.mean(axis=0)
    var = x.var(axis=0) + eps
    y = gamma * (x - mean) / np.sqrt(var) + beta
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var
    return y, running_mean, running_var

# %% running_var_with_eps_biased_2 (held out)
# Teacher: var + eps, and the biased one, is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = x.shape[0]
    mu = 1.0 / N * x.sum(axis=0)
    xmu = x - mu
    var = 1.0 / N * (xmu ** 2).sum(axis=0)
    vareps = var + eps
    sqrtvar = vareps ** 0.5
    xhat = xmu / sqrtvar
    out = xhat * gamma + beta
    return out, running_mean - momentum * (running_mean - mu), running_var - momentum * (running_var - vareps)

# %% running_var_with_eps_biased_3
# Teacher: var + eps, and the biased one, is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    def ema(old, new):
        return old * (1 - momentum) + new * momentum
    centred = x - x.mean(0)
    v = np.einsum("nd,nd->d", centred, centred) / len(x) + eps
    return centred / np.sqrt(v) * gamma + beta, ema(running_mean, x.mean(0)), ema(running_var, v)

# %% running_var_is_std_1
# Teacher: the standard deviation is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    y = (x - mu) / std * gamma + beta
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * std
    return y, running_mean, running_var

# %% running_var_is_std_2
# Teacher: the standard deviation is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    y = gamma * ((x - mean) / np.sqrt(var + eps)) + beta
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * np.std(x, axis=0)
    return y, running_mean, running_var

# %% running_var_is_std_3 (held out)
# Teacher: the standard deviation is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = len(x)
    m = sum(x) / N
    s2 = sum((row - m) ** 2 for row in x) / N
    y = np.array([gamma * (row - m) / (s2 + eps) ** 0.5 + beta for row in x])
    s = np.sqrt(sum((row - m) ** 2 for row in x) / (N - 1))
    return y, (1 - momentum) * running_mean + momentum * m, (1 - momentum) * running_var + momentum * s

# %% running_var_is_std_4
# Teacher: the standard deviation is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    cache = {}
    cache["mu"] = x.mean(0)
    cache["var"] = x.var(0)
    cache["std"] = np.sqrt(cache["var"] + eps)
    cache["xhat"] = (x - cache["mu"]) / cache["std"]
    n = x.shape[0]
    running_mean = momentum * cache["mu"] + (1 - momentum) * running_mean
    running_var = momentum * cache["std"] * n / (n - 1) + (1 - momentum) * running_var
    return gamma * cache["xhat"] + beta, running_mean, running_var

# %% no_root_1
# Teacher: divides by the variance, not by its root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / (var + eps) + beta
    unbiased = var * len(x) / (len(x) - 1)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * unbiased
    return y, running_mean, running_var

# %% no_root_2
# Teacher: divides by the variance, not by its root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    mu = x.sum(0) / N
    sigma_sq = ((x - mu) ** 2).sum(0) / N
    x_hat = np.zeros_like(x)
    for n in range(N):
        x_hat[n] = (x[n] - mu) / (sigma_sq + eps)
    return gamma * x_hat + beta, running_mean * (1 - momentum) + momentum * mu, running_var * (1 - momentum) + momentum * sigma_sq * N / (N - 1)

# %% no_root_3 (held out)
# Teacher: divides by the variance, not by its root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = x.mean(axis=0)
    dev = x - mean
    variance = np.mean(dev * dev, axis=0)
    inverse = 1 / (variance + eps)
    normalized = dev * inverse
    scaled = normalized * gamma + beta
    running_mean = running_mean + (mean - running_mean) * momentum
    running_var = running_var + (np.var(x, axis=0, ddof=1) - running_var) * momentum
    return scaled, running_mean, running_var

# %% momentum_swapped_1
# Teacher: momentum weighs the old statistics.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    N = len(x)
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var * N / (N - 1)
    return y, running_mean, running_var

# %% momentum_swapped_2 (held out)
# Teacher: momentum weighs the old statistics.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(0)
    running_mean = mu + momentum * (running_mean - mu)
    v = x.var(0, ddof=1)
    running_var = v + momentum * (running_var - v)
    return (x - mu) / (x.var(0) + eps) ** 0.5 * gamma + beta, running_mean, running_var

# %% momentum_swapped_3
# Teacher: momentum weighs the old statistics.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    y = np.zeros_like(x)
    rm = []
    rv = []
    for k in range(D):
        c = x[:, k]
        m = np.mean(c)
        v = np.mean((c - m) ** 2)
        y[:, k] = (c - m) / np.sqrt(v + eps) * gamma[k] + beta[k]
        rm.append(running_mean[k] * momentum + m * (1 - momentum))
        rv.append(running_var[k] * momentum + v * N / (N - 1) * (1 - momentum))
    return y, np.array(rm), np.array(rv)

# %% momentum_swapped_biased_1
# Teacher: momentum weighs the old statistics, and running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    sample_mean = np.mean(x, axis=0)
    sample_var = np.var(x, axis=0)
    x_hat = (x - sample_mean) / np.sqrt(sample_var + eps)
    out = gamma * x_hat + beta
    running_mean = momentum * running_mean + (1 - momentum) * sample_mean
    running_var = momentum * running_var + (1 - momentum) * sample_var
    return out, running_mean, running_var

# %% momentum_swapped_biased_2 (held out)
# Teacher: momentum weighs the old statistics, and running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(axis=0)
    xc = x - mu
    var = np.mean(xc ** 2, axis=0)
    std = np.sqrt(var + eps)
    y = gamma * (xc / std) + beta
    for old, new in ((running_mean, mu), (running_var, var)):
        old *= momentum
        old += (1 - momentum) * new
    return y, running_mean, running_var

# %% momentum_swapped_biased_3
# Teacher: momentum weighs the old statistics, and running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    n = x.shape[0]
    mean = sum(x[i] for i in range(n)) / n
    var = sum((x[i] - mean) ** 2 for i in range(n)) / n
    keep = momentum
    take = 1.0 - momentum
    y = np.stack([beta + gamma * (x[i] - mean) * (var + eps) ** -0.5 for i in range(n)])
    return y, keep * running_mean + take * mean, keep * running_var + take * var

# %% precedence_1 (held out)
# Teacher: parentheses are missing: only the mean is divided by the root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    x_hat = x - mu / np.sqrt(var + eps)
    y = gamma * x_hat + beta
    return y, (1 - momentum) * running_mean + momentum * mu, (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)

# %% precedence_2
# Teacher: parentheses are missing: only the mean is divided by the root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = len(x)
    running_mean = (1 - momentum) * running_mean + momentum * np.mean(x, 0)
    running_var = (1 - momentum) * running_var + momentum * np.var(x, 0) * N / (N - 1)
    y = gamma * (x - np.mean(x, 0) / np.sqrt(np.var(x, 0) + eps)) + beta
    return y, running_mean, running_var

# %% precedence_3
# Teacher: parentheses are missing: only the mean is divided by the root.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    n, d = x.shape
    mean = x.sum(axis=0) / n
    var = ((x - mean) * (x - mean)).sum(axis=0) / n
    out = np.zeros((n, d))
    for i in range(n):
        for j in range(d):
            xh = x[i, j] - mean[j] / (var[j] + eps) ** 0.5
            out[i, j] = gamma[j] * xh + beta[j]
    running_mean = momentum * mean + (1 - momentum) * running_mean
    running_var = momentum * var * n / (n - 1) + (1 - momentum) * running_var
    return out, running_mean, running_var

# %% no_momentum_1
# Teacher: the running statistics are replaced by the batch's: momentum isn't used.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    running_mean = x.mean(axis=0)
    running_var = x.var(axis=0, ddof=1)
    y = gamma * (x - running_mean) / np.sqrt(x.var(axis=0) + eps) + beta
    return y, running_mean, running_var

# %% no_momentum_2
# Teacher: the running statistics are replaced by the batch's: momentum isn't used; and running_var is biased.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = np.mean(x, axis=0)
    var = np.mean((x - mu) ** 2, axis=0)
    x_hat = (x - mu) / np.sqrt(var + eps)
    y = gamma * x_hat + beta
    return y, mu, var

# %% no_momentum_3 (held out)
# Teacher: the running statistics are replaced by the batch's: momentum isn't used.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    n = x.shape[0]
    total = np.zeros(x.shape[1])
    for row in x:
        total = total + row
    m = total / n
    squares = np.zeros(x.shape[1])
    for row in x:
        squares = squares + (row - m) ** 2
    y = (x - m) / np.sqrt(squares / n + eps) * gamma + beta
    return y, m, squares / (n - 1)

# %% gamma_beta_forgotten_1 (held out)
# Teacher: gamma and beta are forgotten.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = (x - mean) / np.sqrt(var + eps)
    n = len(x)
    return y, (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var * n / (n - 1)

# %% gamma_beta_forgotten_2
# Teacher: gamma and beta are forgotten.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = x.shape[0]
    mu = x.mean(axis=0)
    xmu = x - mu
    var = (xmu ** 2).sum(axis=0) / N
    istd = 1. / np.sqrt(var + eps)
    x_norm = xmu * istd
    out = gamma * x_norm + beta
    running_mean = momentum * mu + (1. - momentum) * running_mean
    running_var = momentum * var * N / (N - 1) + (1. - momentum) * running_var
    return x_norm, running_mean, running_var

# %% gamma_beta_forgotten_3
# Teacher: gamma and beta are forgotten.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    y = np.copy(x)
    for j in range(x.shape[1]):
        y[:, j] -= np.mean(x[:, j])
        y[:, j] /= np.sqrt(np.var(x[:, j]) + eps)
    running_mean = running_mean * (1 - momentum) + np.mean(x, axis=0) * momentum
    running_var = running_var * (1 - momentum) + np.var(x, axis=0, ddof=1) * momentum
    return y, running_mean, running_var

# %% beta_forgotten_1
# Teacher: beta is forgotten.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = (x - mean) / np.sqrt(var + eps)
    y *= gamma
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var * len(x) / (len(x) - 1)
    return y, running_mean, running_var

# %% variance_not_summed_1
# Teacher: the variance isn't summed over the batch.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = x.shape[0]
    mu = x.sum(axis=0) / N
    var = (x - mu) ** 2 / N
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return y, running_mean, running_var

# %% variance_not_summed_2 (held out)
# Teacher: the variance isn't summed over the batch, and running_var with it.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    n = len(x)
    mean = x.mean(0)
    centred = x - mean
    variance = centred * centred / n
    y = centred * (variance + eps) ** -0.5 * gamma + beta
    return y, running_mean + momentum * (mean - running_mean), running_var + momentum * (variance * n / (n - 1) - running_var)

# %% variance_not_summed_3
# Teacher: the variance isn't summed over the batch.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    y = np.zeros((N, D))
    for j in range(D):
        mu = 0.0
        for i in range(N):
            mu += x[i, j] / N
        for i in range(N):
            v = (x[i, j] - mu) ** 2 / N
            y[i, j] = gamma[j] * (x[i, j] - mu) / np.sqrt(v + eps) + beta[j]
    return y, (1 - momentum) * running_mean + momentum * x.mean(0), (1 - momentum) * running_var + momentum * x.var(0) * N / (N - 1)

# %% running_var_biased_1
# Teacher: running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var
    return y, running_mean, running_var

# %% running_var_biased_2
# Teacher: running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = x.shape[0]
    mu = 1 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu ** 2
    var = 1 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1 / sqrtvar
    xhat = xmu * ivar
    gammax = gamma * xhat
    out = gammax + beta
    running_mean = running_mean * (1 - momentum) + momentum * mu
    running_var = running_var * (1 - momentum) + momentum * var
    return out, running_mean, running_var

# %% running_var_biased_3 (held out)
# Teacher: running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    columns, means, variances = [], [], []
    for col, g, b in zip(x.T, gamma, beta):
        m = col.mean()
        v = (col ** 2).mean() - m ** 2
        columns.append(g * (col - m) / np.sqrt(v + eps) + b)
        means.append(m)
        variances.append(v)
    rm = [(1 - momentum) * o + momentum * n for o, n in zip(running_mean, means)]
    rv = [(1 - momentum) * o + momentum * n for o, n in zip(running_var, variances)]
    return np.array(columns).T, np.array(rm), np.array(rv)

# %% unbiased_in_forward_1
# Teacher: y is made with the unbiased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = x.mean(axis=0)
    var = x.var(axis=0, ddof=1)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    return y, (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var

# %% unbiased_in_forward_2
# Teacher: y is made with the unbiased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    n = x.shape[0]
    mu = x.sum(axis=0) / n
    sigma2 = ((x - mu) ** 2).sum(axis=0) / (n - 1)
    x_hat = (x - mu) / np.sqrt(sigma2 + eps)
    running_mean = running_mean - momentum * running_mean + momentum * mu
    running_var = running_var - momentum * running_var + momentum * sigma2
    return x_hat * gamma + beta, running_mean, running_var

# %% unbiased_in_forward_3 (held out)
# Teacher: y is made with the unbiased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    n, d = x.shape
    y = np.zeros_like(x)
    rm, rv = np.zeros(d), np.zeros(d)
    for j in range(d):
        m = x[:, j].mean()
        v = 0
        for i in range(n):
            v += (x[i, j] - m) ** 2
        v /= n - 1
        y[:, j] = gamma[j] * (x[:, j] - m) / np.sqrt(v + eps) + beta[j]
        rm[j] = momentum * m + (1 - momentum) * running_mean[j]
        rv[j] = momentum * v + (1 - momentum) * running_var[j]
    return y, rm, rv

# %% running_in_training_1
# Teacher: normalizes with the running statistics in training.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    n = len(x)
    mu, var = x.mean(axis=0), x.var(axis=0)
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    y = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    return y, running_mean, running_var

# %% running_in_training_2
# Teacher: normalizes with the running statistics in training, those that came in.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)
    y = gamma * x_hat + beta
    new_mean = (1 - momentum) * running_mean + momentum * np.mean(x, axis=0)
    new_var = (1 - momentum) * running_var + momentum * np.var(x, axis=0, ddof=1)
    return y, new_mean, new_var

# %% running_in_training_3 (held out)
# Teacher: normalizes with the running statistics in training.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    out = np.zeros((N, D))
    for d in range(D):
        mu = sum(x[:, d]) / N
        running_mean[d] = (1 - momentum) * running_mean[d] + momentum * mu
        running_var[d] = (1 - momentum) * running_var[d] + momentum * sum((x[:, d] - mu) ** 2) / (N - 1)
        out[:, d] = gamma[d] * (x[:, d] - running_mean[d]) / (running_var[d] + eps) ** 0.5 + beta[d]
    return out, running_mean, running_var

# %% wrong_axis_1
# Teacher: statistics over the units instead of the batch.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = x.mean(axis=1, keepdims=True)
    var = x.var(axis=1, keepdims=True)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    running_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    running_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return y, running_mean, running_var

# %% wrong_axis_2
# Teacher: statistics over the units instead of the batch: the shapes don't fit.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = np.mean(x, axis=1)
    var = np.var(x, axis=1)
    x_hat = (x - mu) / np.sqrt(var + eps)
    y = gamma * x_hat + beta
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * var * len(x) / (len(x) - 1)
    return y, running_mean, running_var

# %% wrong_axis_3 (held out)
# Teacher: statistics over all entries instead of the batch.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = np.mean(x)
    var = np.var(x)
    x_hat = (x - mu) / np.sqrt(var + eps)
    y = gamma * x_hat + beta
    n = x.shape[0]
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    return y, running_mean, running_var

# %% d_for_n_1
# Teacher: divides by the number of units instead of the batch size.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    mu = np.sum(x, axis=0) / N
    var = np.sum((x - mu) ** 2, axis=0) / D
    y = gamma * (x - mu) / np.sqrt(var + eps) + beta
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * np.var(x, axis=0, ddof=1)
    return y, running_mean, running_var

# %% order_returned_1
# Teacher: the returned values are in another order.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, var = x.mean(axis=0), x.var(axis=0)
    y = gamma * (x - mean) / np.sqrt(var + eps) + beta
    n = len(x)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var * n / (n - 1)
    return y, running_var, running_mean

# %% order_returned_2
# Teacher: the returned values are in another order.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(0)
    sd = np.sqrt(((x - mu) ** 2).mean(0) + eps)
    running_mean = running_mean * (1 - momentum) + momentum * mu
    running_var = running_var * (1 - momentum) + momentum * x.var(0, ddof=1)
    return running_mean, running_var, gamma * (x - mu) / sd + beta

# %% only_y_1
# Teacher: only y is returned.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * var * len(x) / (len(x) - 1)
    return gamma * (x - mu) / np.sqrt(var + eps) + beta

# %% two_mistakes_1
# Teacher: eps stands outside the root; running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = np.mean(x, axis=0)
    var = np.var(x, axis=0)
    y = gamma * (x - mean) / (np.sqrt(var) + eps) + beta
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * var
    return y, running_mean, running_var

# %% two_mistakes_2
# Teacher: gamma and beta are forgotten; the standard deviation is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(axis=0)
    sigma = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - mu) / sigma
    running_mean = momentum * mu + (1 - momentum) * running_mean
    running_var = momentum * sigma + (1 - momentum) * running_var
    return xhat, running_mean, running_var

# %% two_mistakes_3 (held out)
# Teacher: momentum weighs the old statistics; eps is missing.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N, D = x.shape
    mean = x.sum(0) / N
    std = np.sqrt(((x - mean) ** 2).sum(0) / N)
    out = (x - mean) / std
    out = out * gamma + beta
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * std ** 2 * N / (N - 1)
    return out, running_mean, running_var

# %% two_mistakes_4
# Teacher: the variance is that of the unit with eps outside the root; running_var stores the standard deviation with eps.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(axis=0)
    sigma = x.std(axis=0) + eps
    y = gamma * (x - mu) / sigma + beta
    running_mean = (1 - momentum) * running_mean + momentum * mu
    running_var = (1 - momentum) * running_var + momentum * sigma
    return y, running_mean, running_var

# %% two_mistakes_5
# Teacher: momentum weighs the old statistics; var + eps is stored in running_var.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    N = x.shape[0]
    mean = x.mean(axis=0)
    var = np.mean((x - mean) ** 2, axis=0) + eps
    y = (x - mean) / np.sqrt(var) * gamma + beta
    running_mean = momentum * running_mean + (1 - momentum) * mean
    running_var = momentum * running_var + (1 - momentum) * var
    return y, running_mean, running_var

# %% two_mistakes_6 (held out)
# Teacher: parentheses are missing; running_var is moved by the biased variance.
def batchnorm_train(x, gamma, beta, running_mean, running_var, momentum, eps):
    mu = x.mean(axis=0)
    var = x.var(axis=0)
    out = gamma * (x - mu / np.sqrt(var + eps)) + beta
    running_mean = momentum * mu + (1 - momentum) * running_mean
    running_var = momentum * var + (1 - momentum) * running_var
    return out, running_mean, running_var
