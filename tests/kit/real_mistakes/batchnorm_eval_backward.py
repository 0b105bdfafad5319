# %% eps_missing_1
# Teacher: eps is missing.
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    std = np.sqrt(running_var)
    x_hat = (x - running_mean) / std
    return dy * gamma / std, np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)

# %% eps_outside_1
# Teacher: eps stands outside the root.
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    inv = 1 / (np.sqrt(running_var) + eps)
    dx = dy * gamma * inv
    dgamma = (dy * (x - running_mean) * inv).sum(0)
    dbeta = dy.sum(0)
    return dx, dgamma, dbeta

# %% batch_backward_1
# Teacher: takes the way back of training, with the batch's statistics.
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    N = len(x)
    std = np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    dx = gamma / std * (dy - dbeta / N - x_hat * dgamma / N)
    return dx, dgamma, dbeta

# %% batch_backward_2 (held out)
# Teacher: takes the way back of training, with the running statistics.
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    N = x.shape[0]
    s = np.sqrt(running_var + eps)
    xh = (x - running_mean) / s
    dg = np.sum(dy * xh, axis=0)
    db = np.sum(dy, axis=0)
    dx = gamma / (N * s) * (N * dy - db - xh * dg)
    return dx, dg, db

# %% gamma_missing_1
# Teacher: in dx gamma is missing.
def batchnorm_eval_backward(dy, x, gamma, running_mean, running_var, eps):
    root = (running_var + eps) ** 0.5
    dx = dy / root
    dgamma = sum(dy * (x - running_mean) / root)
    dbeta = sum(dy)
    return dx, dgamma, dbeta
