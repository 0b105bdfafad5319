"""Hidden properties of a1: these never ship. A student learns the claim of one that fails, never its inputs."""

import numpy as np
import torch

from htilde import edge, example, hidden
from htilde.oracle import evaluate, local_gradient
from htilde.strategies import arrays, shapes

pre_activations = arrays(-6.0, 6.0, shape=shapes(max_dims=3, max_side=5))
a_number = arrays(-6.0, 6.0, shape=shapes(min_dims=0, max_dims=0))


@hidden("sigmoid", h_tilde=pre_activations)
def matches_torch_on_other_inputs(h_tilde):
    """The sigmoid equals torch.sigmoid on batches that you haven't seen."""
    return evaluate(torch.sigmoid, h_tilde)


@hidden("sigmoid", h_tilde=a_number)
@edge
@example(h_tilde=np.zeros((0, 3)))
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return evaluate(torch.sigmoid, h_tilde)


@hidden("sigmoid_derivative", h_tilde=pre_activations)
def matches_autograd_on_other_inputs(h_tilde):
    """The derivative equals torch autograd's on batches that you haven't seen."""
    return local_gradient(torch.sigmoid, h_tilde)


@hidden("sigmoid_derivative", h_tilde=a_number)
@edge
@example(h_tilde=np.zeros((0, 3)))
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return local_gradient(torch.sigmoid, h_tilde)


@hidden("tanh_derivative", h_tilde=pre_activations)
def matches_autograd_on_other_inputs(h_tilde):
    """The derivative equals torch autograd's on batches that you haven't seen."""
    return local_gradient(torch.tanh, h_tilde)


@hidden("tanh_derivative", h_tilde=a_number)
@edge
@example(h_tilde=np.zeros((0, 3)))
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return local_gradient(torch.tanh, h_tilde)
