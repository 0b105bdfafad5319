"""Oracles and generators that the public and the hidden properties of a8 share. They never ship."""

import numpy as np
import torch
from htilde.oracle import evaluate, gradients

ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,  # its slope is 0.01 unless it is told otherwise
}
NETWORK = "x", "y", "weights", "biases", "activation"
RUN = *NETWORK, "learning_rate", "steps"


def network_loss(x, y, weights, biases, activation, shifts=None):
    """The sum of squares, by torch; ``shifts`` are added to the pre-activations."""
    h = x
    for layer, (W, b) in enumerate(zip(weights, biases)):
        h_tilde = h @ W + b + (0 if shifts is None else shifts[layer])
        h = ACTIVATIONS[activation](h_tilde)
    return torch.nn.functional.mse_loss(h_tilde, y, reduction="sum")  # the last layer isn't activated


def norms(x, y, weights, biases, activation):
    """By autograd: a shift of each pre-activation has its gradient."""
    L = len(weights)

    def loss(*tensors):
        x, y, *rest = tensors
        return network_loss(x, y, rest[:L], rest[L : 2 * L], activation, rest[2 * L :])

    shifts = [np.zeros((len(x), W.shape[1])) for W in weights]
    found = gradients(loss, np.array(1.0), x, y, *weights, *biases, *shifts)[2 + 2 * L :]
    return np.array([evaluate(torch.linalg.norm, gradient) for gradient in found])


def torch_losses(x, y, weights, biases, activation, learning_rate, steps):
    """A run of torch's own: autograd and torch.optim.SGD, step by step."""
    L = len(weights)

    def run(*tensors):
        x, y, *params = tensors
        params = [param.clone().requires_grad_() for param in params]
        optimizer, losses = torch.optim.SGD(params, lr=learning_rate), [x.new_zeros(0)]
        for _ in range(steps):
            with torch.enable_grad():
                loss = network_loss(x, y, params[:L], params[L:], activation)
                optimizer.zero_grad()
                loss.backward()
            losses.append(loss.detach().reshape(1))
            optimizer.step()
        return torch.cat(losses)

    return evaluate(run, x, y, *weights, *biases)
