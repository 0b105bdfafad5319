"""Oracles and generators that the public and the hidden properties of a4 share. They never ship."""

import numpy as np
from htilde.oracle import evaluate, gradients
from torch.nn.functional import batch_norm

TRAIN = ("x", "gamma", "beta", "running_mean", "running_var", "momentum", "eps")
EVAL = ("x", "gamma", "beta", "running_mean", "running_var", "eps")
BACKWARD = ("dy", "x", "gamma", "eps")
EVAL_BACKWARD = ("dy", "x", "gamma", "running_mean", "running_var", "eps")


def trained(x, gamma, beta, running_mean, running_var, momentum, eps):
    def forward(x, gamma, beta, mean, var):
        return batch_norm(x, mean, var, gamma, beta, training=True, momentum=momentum, eps=eps), mean, var

    return evaluate(forward, x, gamma, beta, running_mean, running_var)


def evaluated(x, gamma, beta, running_mean, running_var, eps):
    def forward(x, gamma, beta, mean, var):
        return batch_norm(x, mean, var, gamma, beta, training=False, eps=eps)

    return evaluate(forward, x, gamma, beta, running_mean, running_var)


def backward_in_training(dy, x, gamma, eps):
    def forward(x, gamma, beta):
        return batch_norm(x, None, None, gamma, beta, training=True, eps=eps)

    return gradients(forward, dy, x, gamma, np.zeros_like(gamma))


def backward_in_evaluation(dy, x, gamma, running_mean, running_var, eps):
    def forward(x, gamma, beta):
        mean, var = x.new_tensor(running_mean), x.new_tensor(running_var)
        return batch_norm(x, mean, var, gamma, beta, training=False, eps=eps)

    return gradients(forward, dy, x, gamma, np.zeros_like(gamma))
