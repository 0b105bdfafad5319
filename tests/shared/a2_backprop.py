"""Oracles and generators that the public and the hidden properties of a2 share. They never ship."""

import numpy as np
import torch
from htilde.oracle import downstream, evaluate, gradients
from torch.nn.functional import binary_cross_entropy_with_logits, mse_loss


def layer(h, W, b):
    return torch.nn.functional.linear(h, W.T, b)  # torch keeps W as (fan_out, fan_in)


def linear_gradients(dh_tilde, h, W):
    dh, dW, db = gradients(layer, dh_tilde, h, W, np.zeros(W.shape[1]))
    return dh, dW, db


def sum_of_squares(y_hat, y):
    return mse_loss(y_hat, y, reduction="sum")


def cross_entropy(h_tilde, y):
    return binary_cross_entropy_with_logits(h_tilde, y, reduction="sum")


def cross_entropy_gradient(h_tilde, y):
    return downstream(lambda x: cross_entropy(x, torch.tensor(y, device=x.device)), np.array(1.0), h_tilde)


ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
FORWARD = "x", "weights", "biases", "activation"
BACKWARD = "x", "y", "h_tildes", "hs", "y_hat", "weights", "activation"


def network_gradients(x, y, h_tildes, hs, y_hat, weights, activation):
    """By autograd through the network. What the biases add is known from the pass that came in; zeros beside it stand
    for the bias of each layer, and others for each pre-activation."""
    depth = len(weights)
    added = [h_tilde - h @ W for h_tilde, h, W in zip([*h_tildes, y_hat], [x, *hs], weights)]
    zeros = [np.zeros(W.shape[1]) for W in weights], [np.zeros_like(part) for part in added]

    def loss(h, y, *leaves):
        layers = zip(*(leaves[part * depth : (part + 1) * depth] for part in range(4)))
        for W, b, shift, bias in layers:
            h_tilde = h @ W + b + shift + bias
            h = ACTIVATIONS[activation](h_tilde)
        return sum_of_squares(h_tilde, y)  # the last layer isn't activated

    found = gradients(loss, np.array(1.0), x, y, *weights, *zeros[0], *zeros[1], *added)[2:]
    return list(found[:depth]), list(found[depth : 2 * depth]), list(found[2 * depth : 3 * depth - 1])


def norms(dWs):
    return np.array([evaluate(torch.linalg.norm, dW) for dW in dWs])
