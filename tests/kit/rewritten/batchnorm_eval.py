# %% takes_the_variance_for_a_deviation_1
def batchnorm_eval(x, g, b, rm, rv, eps):
    k = g / rv
    return k * x + (b - k * rm)

# %% has_an_eps_of_its_own_1
def batchnorm_eval(x, g, b, rm, rv, eps):
    return np.reshape([[g[j] * (v - rm[j]) * (rv[j] + 1e-5) ** -0.5 + b[j] for j, v in enumerate(row)] for row in x], x.shape)

# %% swaps_gamma_and_beta_1
def batchnorm_eval(x, g, b, rm, rv, eps):
    z = (x - rm) * np.power(rv + eps, -0.5)
    return g + z * b

# %% corrects_the_variance_again_1
def batchnorm_eval(x, g, b, rm, rv, eps):
    n = x.shape[0]
    v = rv - rv / n
    return g * (x - rm) / np.sqrt(v + eps) + b
