"""Oracles and generators that the public and the hidden properties of a3 share. They never ship."""

import numpy as np
import torch
from htilde.oracle import downstream, evaluate
from htilde.strategies import sampled_from

ACTIVATIONS = {"linear": lambda h_tilde: h_tilde * 1, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
names = sampled_from(sorted(ACTIVATIONS))


def variance(array):
    return float(evaluate(lambda t: t.var(correction=0), array))


def through(x, weights, activation):
    """The variances on the way forward, by torch."""
    hs = [x]
    for W in weights:
        hs.append(evaluate(lambda h, W: ACTIVATIONS[activation](h @ W), hs[-1], W))
    return np.array([variance(h) for h in hs])


def back(dh, h_tildes, weights, activation):
    """The variances on the way back, by torch autograd."""
    found = [variance(dh)]
    for h_tilde, W in zip(reversed(h_tildes), reversed(weights)):
        dh_tilde = downstream(ACTIVATIONS[activation], dh, h_tilde)
        dh = downstream(lambda h, W=W: h @ torch.from_numpy(W).to(h.device), dh_tilde, np.zeros((len(dh), len(W))))
        found.insert(0, variance(dh))
    return np.array(found)
