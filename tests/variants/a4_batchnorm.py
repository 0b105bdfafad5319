"""Right answers to a4 in styles other than the reference's. Each must get full marks."""

import math

import numpy as np
from htilde import variant


@variant("batchnorm_train")
def keepdims_throughout(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, variance = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
    x_hat = (x - mean) / np.sqrt(variance + eps)
    running_mean = (1 - momentum) * running_mean + momentum * mean
    running_var = (1 - momentum) * running_var + momentum * variance * x.shape[0] / (x.shape[0] - 1)
    return gamma * x_hat + beta, running_mean, running_var  # of shape (1, D)


@variant("batchnorm_train")
def plain_loops(x, gamma, beta, running_mean, running_var, momentum, eps):
    examples, units = x.shape
    y = np.zeros((examples, units))
    new_mean, new_var = np.zeros(units), np.zeros(units)
    for unit in range(units):
        mean = sum(x[i, unit] for i in range(examples)) / examples
        squares = sum((x[i, unit] - mean) ** 2 for i in range(examples))
        root = math.sqrt(squares / examples + eps)
        for i in range(examples):
            y[i, unit] = gamma[unit] * (x[i, unit] - mean) / root + beta[unit]
        new_mean[unit] = (1 - momentum) * running_mean[unit] + momentum * mean
        new_var[unit] = (1 - momentum) * running_var[unit] + momentum * squares / (examples - 1)
    return y, new_mean, new_var


@variant("batchnorm_train")
def in_place(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean, unbiased = x.mean(axis=0), x.var(axis=0, ddof=1)
    running_mean *= 1 - momentum
    running_mean += momentum * mean
    running_var += momentum * (unbiased - running_var)
    x -= mean
    x /= np.sqrt((x**2).mean(axis=0) + eps)
    return x * gamma + beta, running_mean, running_var


@variant("batchnorm_train")
def a_scale_and_a_shift(x, gamma, beta, running_mean, running_var, momentum, eps):
    mean = np.einsum("nd->d", x) / len(x)
    variance = np.einsum("nd,nd->d", x, x) / len(x) - mean**2
    scale = gamma * (variance + eps) ** -0.5
    y = x * scale + (beta - mean * scale)
    unbiased = variance * (len(x) / (len(x) - 1))
    return [
        y,
        running_mean + momentum * (mean - running_mean),
        np.average([running_var, unbiased], axis=0, weights=[1 - momentum, momentum]),
    ]


@variant("batchnorm_eval")
def a_scale_and_a_shift(x, gamma, beta, running_mean, running_var, eps):
    scale = gamma / np.sqrt(running_var + eps)
    return x * scale + (beta - running_mean * scale)


@variant("batchnorm_eval")
def example_by_example(x, gamma, beta, running_mean, running_var, eps):
    y = np.zeros_like(x)
    for i, row in enumerate(x):
        y[i] = gamma * ((row - running_mean) * (running_var + eps) ** -0.5) + beta
    return y


@variant("batchnorm_eval")
def in_place(x, gamma, beta, running_mean, running_var, eps):
    x -= running_mean[None, :]
    x /= np.sqrt(running_var[None, :] + eps)
    x *= gamma
    x += beta
    return x


@variant("batchnorm_eval")
def with_a_diagonal_matrix(x, gamma, beta, running_mean, running_var, eps):
    return (x - running_mean) @ np.diag(gamma / np.sqrt(running_var + eps)) + beta


@variant("batchnorm_backward")
def step_by_step(dy, x, gamma, eps):
    # The graph of the forward pass, walked backwards.
    N = x.shape[0]
    xmu = x - np.mean(x, axis=0)
    var = np.mean(xmu**2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    dbeta = np.sum(dy, axis=0)
    dgamma = np.sum(dy * xhat, axis=0)
    dxhat = dy * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / sqrtvar**2 * divar
    dvar = 0.5 / np.sqrt(var + eps) * dsqrtvar
    dxmu2 = 2 * xmu * (1.0 / N * np.ones_like(dy) * dvar)
    dx1 = dxmu1 + dxmu2
    dmu = -np.sum(dx1, axis=0)
    return dx1 + 1.0 / N * np.ones_like(dy) * dmu, dgamma, dbeta


@variant("batchnorm_backward")
def as_in_the_paper(dy, x, gamma, eps):
    # The chain rule as Ioffe and Szegedy write it.
    m = len(x)
    mu, var = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
    x_hat = (x - mu) / np.sqrt(var + eps)
    dx_hat = dy * gamma
    dvar = np.sum(dx_hat * (x - mu) * -0.5 * (var + eps) ** -1.5, axis=0, keepdims=True)
    dmu = np.sum(-dx_hat / np.sqrt(var + eps), axis=0, keepdims=True) + dvar * np.mean(
        -2 * (x - mu), axis=0, keepdims=True
    )
    dx = dx_hat / np.sqrt(var + eps) + dvar * 2 * (x - mu) / m + dmu / m
    return dx, np.sum(dy * x_hat, axis=0, keepdims=True), np.sum(dy, axis=0, keepdims=True)


@variant("batchnorm_backward")
def in_one_line_with_sums(dy, x, gamma, eps):
    N = x.shape[0]
    inv_std = 1 / np.sqrt(np.var(x, axis=0) + eps)
    x_hat = (x - np.mean(x, axis=0)) * inv_std
    dgamma, dbeta = np.sum(dy * x_hat, axis=0), np.sum(dy, axis=0)
    return (1 / N) * gamma * inv_std * (N * dy - dbeta - x_hat * dgamma), dgamma, dbeta


@variant("batchnorm_backward")
def by_the_jacobian(dy, x, gamma, eps):
    N, D = x.shape
    dx = np.zeros_like(dy)
    dgamma = np.zeros_like(gamma)
    for d in range(D):
        centred = x[:, d] - x[:, d].sum() / N
        s = np.sqrt(centred @ centred / N + eps)
        x_hat = centred / s
        jacobian = (np.eye(N) - 1 / N - np.outer(x_hat, x_hat) / N) * gamma[d] / s
        dx[:, d] = dy[:, d] @ jacobian.astype(dy.dtype)
        dgamma[d] = dy[:, d] @ x_hat
    return dx, dgamma, np.einsum("nd->d", dy)


@variant("batchnorm_backward")
def in_place(dy, x, gamma, eps):
    x -= x.mean(axis=0)
    s = np.sqrt((x * x).mean(axis=0) + eps)
    x /= s
    dbeta, dgamma = dy.sum(axis=0), (dy * x).sum(axis=0)
    dy -= dbeta / len(x)
    dy -= x * (dgamma / len(x))
    dy *= gamma / s
    return dy, dgamma, dbeta


@variant("batchnorm_eval_backward")
def step_by_step(dy, x, gamma, running_mean, running_var, eps):
    std = np.sqrt(running_var + eps)
    x_hat = (x - running_mean) / std
    dx_hat = dy * gamma
    return dx_hat / std, np.sum(dy * x_hat, axis=0, keepdims=True), np.sum(dy, axis=0, keepdims=True)


@variant("batchnorm_eval_backward")
def plain_loops(dy, x, gamma, running_mean, running_var, eps):
    dx, dgamma, dbeta = np.zeros_like(x), np.zeros_like(gamma), np.zeros_like(gamma)
    for i in range(x.shape[0]):
        for d in range(x.shape[1]):
            inverse = (float(running_var[d]) + eps) ** -0.5
            dx[i, d] = dy[i, d] * gamma[d] * inverse
            dgamma[d] += dy[i, d] * (x[i, d] - running_mean[d]) * inverse
            dbeta[d] += dy[i, d]
    return dx, dgamma, dbeta


@variant("batchnorm_eval_backward")
def with_einsum(dy, x, gamma, running_mean, running_var, eps):
    slope = gamma * (running_var + eps) ** -0.5
    dgamma = (np.einsum("nd,nd->d", dy, x) - running_mean * dy.sum(axis=0)) / np.sqrt(running_var + eps)
    return np.einsum("nd,d->nd", dy, slope), dgamma, np.ones(len(dy), dtype=dy.dtype) @ dy


@variant("batchnorm_eval_backward")
def in_place(dy, x, gamma, running_mean, running_var, eps):
    running_var += eps
    np.sqrt(running_var, out=running_var)
    x -= running_mean
    x /= running_var
    x *= dy
    dgamma, dbeta = x.sum(axis=0), dy.sum(axis=0)
    dy *= gamma / running_var
    return dy, dgamma, dbeta
