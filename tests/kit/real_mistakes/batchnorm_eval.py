# %% eps_missing_1
# Teacher: eps is missing.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / np.sqrt(running_var) + beta

# %% eps_missing_2 (held out)
# Teacher: eps is missing.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    x_norm = (x - running_mean) / running_var ** 0.5
    out = gamma * x_norm
    out += beta
    return out

# %% eps_missing_3
# Teacher: eps is missing.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    y = np.zeros_like(x)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            y[i, j] = (x[i, j] - running_mean[j]) / np.sqrt(running_var[j]) * gamma[j] + beta[j]
    return y

# %% eps_missing_4
# Teacher: eps is missing.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    a = gamma / np.sqrt(running_var)
    c = beta - a * running_mean
    return a * x + c

# %% eps_outside_1
# Teacher: eps stands outside the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * ((x - running_mean) / (np.sqrt(running_var) + eps)) + beta

# %% eps_outside_2
# Teacher: eps stands outside the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    std = running_var ** 0.5
    std = std + eps
    xhat = (x - running_mean) / std
    return xhat * gamma + beta

# %% eps_outside_3 (held out)
# Teacher: eps stands outside the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    out = [gamma * (row - running_mean) / (np.sqrt(running_var) + eps) + beta for row in x]
    return np.array(out).reshape(x.shape)

# %% eps_outside_4
# Teacher: eps stands outside the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    scale = gamma / (np.sqrt(running_var) + eps)
    shift = beta - running_mean * scale
    return x * scale + shift

# %% gamma_beta_forgotten_1 (held out)
# Teacher: gamma and beta are forgotten.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return (x - running_mean) / np.sqrt(running_var + eps)

# %% gamma_beta_forgotten_2
# Teacher: gamma and beta are forgotten.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    x_hat = x - running_mean
    x_hat = x_hat / np.sqrt(running_var + eps)
    y = gamma * x_hat + beta
    return x_hat

# %% gamma_beta_forgotten_3
# Teacher: gamma and beta are forgotten.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    y = np.empty(x.shape)
    for j in range(x.shape[1]):
        y[:, j] = (x[:, j] - running_mean[j]) / (running_var[j] + eps) ** 0.5
    return y

# %% beta_forgotten_1
# Teacher: beta is forgotten.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / np.sqrt(running_var + eps)

# %% beta_forgotten_2 (held out)
# Teacher: gamma is forgotten.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)
    return x_hat + beta

# %% no_root_1
# Teacher: divides by the variance, not by its root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / (running_var + eps) + beta

# %% no_root_2
# Teacher: divides by the variance, not by its root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    inv = 1.0 / (running_var + eps)
    out = (x - running_mean) * inv
    return out * gamma + beta

# %% no_root_3 (held out)
# Teacher: divides by the variance, not by its root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    y = np.zeros(x.shape)
    for i, row in enumerate(x):
        for j, value in enumerate(row):
            y[i, j] = gamma[j] * (value - running_mean[j]) / (running_var[j] + eps) + beta[j]
    return y

# %% no_root_no_eps_1
# Teacher: divides by running_var as if it were a standard deviation: no root, no eps.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / running_var + beta

# %% no_root_no_eps_2 (held out)
# Teacher: divides by running_var as if it were a standard deviation: no root, no eps.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    mu, sigma = running_mean, running_var
    z = (x - mu) / sigma
    return z * gamma + beta

# %% no_root_no_eps_3
# Teacher: divides by running_var as if it were a standard deviation: no root, no eps.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    k = gamma / running_var
    return k * x - k * running_mean + beta

# %% precedence_1 (held out)
# Teacher: parentheses are missing: only the mean is divided by the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean / np.sqrt(running_var + eps)) + beta

# %% precedence_2
# Teacher: parentheses are missing: only the mean is divided by the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    std = np.sqrt(running_var + eps)
    x_hat = x - running_mean / std
    out = gamma * x_hat + beta
    return out

# %% precedence_3
# Teacher: parentheses are missing: only the mean is divided by the root, and gamma meets x alone.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * x - running_mean / np.sqrt(running_var + eps) + beta

# %% batch_statistics_1
# Teacher: normalizes with the batch's statistics.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta

# %% batch_statistics_2
# Teacher: normalizes with the batch's statistics.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    mu = np.mean(x, axis=0)
    xmu = x - mu
    var = np.mean(xmu ** 2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    return gamma * xmu / sqrtvar + beta

# %% batch_statistics_3 (held out)
# Teacher: takes the mean of the batch, and the running variance.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    centred = x - np.mean(x, axis=0)
    return centred / np.sqrt(running_var + eps) * gamma + beta

# %% eps_of_its_own_1 (held out)
# Teacher: takes an eps of its own.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return gamma * (x - running_mean) / np.sqrt(running_var + 1e-5) + beta

# %% eps_of_its_own_2
# Teacher: takes an eps of its own.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    epsilon = 1e-8
    std = np.sqrt(running_var + epsilon)
    return (x - running_mean) / std * gamma + beta

# %% eps_of_its_own_3
# Teacher: takes an eps of its own, outside the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return (x - running_mean) / (np.sqrt(running_var) + 1e-7) * gamma + beta

# %% two_mistakes_1
# Teacher: eps stands outside the root; beta is forgotten.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    x_hat = (x - running_mean) / (np.sqrt(running_var) + eps)
    return gamma * x_hat

# %% two_mistakes_2
# Teacher: eps is missing; parentheses are missing.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    x_hat = x - running_mean / np.sqrt(running_var)
    return gamma * x_hat + beta

# %% two_mistakes_3 (held out)
# Teacher: gamma and beta are forgotten; no root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    return (x - running_mean) / (running_var + eps)

# %% missing_return_1 (held out)
# Teacher: the result isn't returned.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    x_hat = (x - running_mean) / np.sqrt(running_var + eps)
    out = gamma * x_hat + beta

# %% two_mistakes_4
# Teacher: the momentary batch's mean, and eps outside the root.
def batchnorm_eval(x, gamma, beta, running_mean, running_var, eps):
    x_hat = (x - x.mean(axis=0)) / (np.sqrt(running_var) + eps)
    return gamma * x_hat + beta
