"""Oracles and generators that the public and the hidden properties of a7 share. They never ship."""

import numpy as np
import torch
from htilde.oracle import evaluate, gradients


def in_place(clip, grads, limit):
    """What one of torch's clipping functions leaves of these gradients, and what it returns, if anything."""

    def clipped(*grads):
        parameters = [torch.zeros_like(grad, requires_grad=True) for grad in grads]
        for parameter, grad in zip(parameters, grads):
            parameter.grad = grad.clone()
        returned = clip(parameters, limit)
        found = tuple(parameter.grad for parameter in parameters)
        return found if returned is None else (*found, returned)

    return evaluate(clipped, *grads)


def clipped_values(grads, limit):
    return list(in_place(torch.nn.utils.clip_grad_value_, grads, limit))


def clipped_norm(grads, max_norm):
    *found, total = in_place(torch.nn.utils.clip_grad_norm_, grads, max_norm)
    return found, total


def after_torch(params, grads, learning_rate):
    """The parameters after a step of torch.optim.SGD."""

    def stepped(*both):
        parameters = [param.clone().requires_grad_() for param in both[: len(params)]]
        for parameter, grad in zip(parameters, both[len(params) :]):
            parameter.grad = grad
        torch.optim.SGD(parameters, lr=learning_rate).step()
        return tuple(parameters)

    return list(evaluate(stepped, *params, *grads))


ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
NETWORK = "x", "y", "weights", "biases", "activation", "first_trainable"


def trainable_gradients(x, y, weights, biases, activation, first_trainable):
    """By autograd, which is asked for the trainable layers alone."""
    L = len(weights)

    def loss(*learning):
        h, count = torch.tensor(x, device=learning[0].device), L - first_trainable
        for layer in range(L):
            at = layer - first_trainable
            if at >= 0:
                W, b = learning[at], learning[count + at]
            else:
                W, b = (torch.tensor(part[layer], device=h.device) for part in (weights, biases))
            h_tilde = h @ W + b
            h = ACTIVATIONS[activation](h_tilde)
        target = torch.tensor(y, device=h.device)
        return torch.nn.functional.mse_loss(h_tilde, target, reduction="sum")  # the last layer isn't activated

    found = gradients(loss, np.array(1.0), *weights[first_trainable:], *biases[first_trainable:])
    return list(found[: L - first_trainable]), list(found[L - first_trainable :])
