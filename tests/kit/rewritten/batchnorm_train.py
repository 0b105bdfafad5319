# %% adds_eps_outside_the_root_1
def batchnorm_train(x, g, b, rm, rv, m, eps):
    cols = [g[j] * (c - c.mean()) / (eps + c.std()) + b[j] for j, c in enumerate(x.T)]
    return np.stack(cols, axis=1), rm + m * (x.mean(0) - rm), rv + m * (x.var(0, ddof=1) - rv)

# %% forgets_eps_1
def batchnorm_train(x, g, b, rm, rv, m, eps):
    z = x - x.mean(0)
    s = np.linalg.norm(z, axis=0) / np.sqrt(len(x))
    return g * z / s + b, rm + m * (x.mean(0) - rm), rv + m * ((z ** 2).sum(0) / (len(x) - 1) - rv)

# %% inverts_the_momentum_1
def batchnorm_train(x, g, b, rm, rv, m, eps):
    mu = np.einsum("nd->d", x) / len(x)
    var = np.einsum("nd,nd->d", x, x) / len(x) - mu ** 2
    y = g * (x - mu) / np.sqrt(var + eps) + b
    return y, mu + m * (rm - mu), var * len(x) / (len(x) - 1) * (1 - m) + m * rv

# %% stores_the_variance_with_eps_1
def batchnorm_train(x, g, b, rm, rv, m, eps):
    v = x.var(0) + eps
    z = x - x.mean(0)
    spread = sum(z * z) / (len(x) - 1) + eps
    return g * z * v ** -0.5 + b, rm * (1 - m) + x.mean(0) * m, rv * (1 - m) + spread * m

# %% divides_by_the_number_of_units_1
def batchnorm_train(x, g, b, rm, rv, m, eps):
    n, d = x.shape
    mu = sum(x) / d
    v = sum((x - mu) ** 2) / d
    y = g * (x - mu) / np.sqrt(v + eps) + b
    return y, (1 - m) * rm + m * mu, (1 - m) * rv + m * v * n / (n - 1)

# %% forgets_the_mean_1
def batchnorm_train(x, g, b, rm, rv, m, eps):
    r = (x.var(0) + eps) ** -0.5
    return x * r * g + b, (1 - m) * rm + m * x.mean(0), (1 - m) * rv + m * x.var(0, ddof=1)

# %% forgets_gamma_1
def batchnorm_train(x, g, b, rm, rv, m, eps):
    y = np.array([[(v - c.mean()) / np.sqrt(c.var() + eps) for v in c] for c in x.T]).T + b
    return y, (1 - m) * rm + m * x.mean(0), (1 - m) * rv + m * x.var(0, ddof=1)
