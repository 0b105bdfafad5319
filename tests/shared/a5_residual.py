"""Oracles and generators that the public and the hidden properties of a5 share. They never ship."""

import torch
from htilde.oracle import gradients

BLOCK = "x", "W1", "b1", "W2", "b2"


def branch(x, W1, b1, W2, b2):
    """F(x), whose ReLU has the derivative 0 at 0."""
    return torch.relu(x @ W1 + b1) @ W2 + b2


def residual(x, *block):
    return x + branch(x, *block)


def projected(x, W1, b1, W2, b2, Ws):
    return x @ Ws + branch(x, W1, b1, W2, b2)


def activated(x, *block):
    return torch.relu(residual(x, *block))


def stack_gradients(dy, xs, blocks):
    def stack(x, *flat):
        for at in range(0, len(flat), 4):
            x = residual(x, *flat[at : at + 4])
        return x

    found = gradients(stack, dy, xs[0], *(part for block in blocks for part in block))[1:]
    return [tuple(found[at : at + 4]) for at in range(0, len(found), 4)]
