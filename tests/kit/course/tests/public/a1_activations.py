"""Public properties of a1: students may read these, and their examples ship with the assignment."""

import numpy as np
import torch

from htilde import edge, example, public
from htilde.oracle import evaluate, local_gradient
from htilde.strategies import arrays

pre_activations = arrays(-6.0, 6.0)
saturated = arrays(-40.0, 40.0)


@public("sigmoid", h_tilde=pre_activations)
@example(h_tilde=np.array([0.0]))
def matches_torch(h_tilde):
    """The sigmoid equals torch.sigmoid at ordinary pre-activations."""
    return evaluate(torch.sigmoid, h_tilde)


@public("sigmoid", h_tilde=arrays(-1e4, 1e4))
@edge
@example(h_tilde=np.array([-1e4, 1e4]))
def is_exact_at_large_magnitudes(h_tilde):
    """At pre-activations as large as 10 000, of either sign, the sigmoid is 0 or 1 and never NaN."""
    return evaluate(torch.sigmoid, h_tilde)


@public("sigmoid_derivative", h_tilde=pre_activations)
@example(h_tilde=np.array([0.0]))
def matches_autograd(h_tilde):
    """The derivative with respect to h_tilde equals torch autograd's at ordinary pre-activations."""
    return local_gradient(torch.sigmoid, h_tilde)


@public("sigmoid_derivative", h_tilde=saturated)
@edge
@example(h_tilde=np.array([-30.0, 30.0]))
@example(h_tilde=np.array([-800.0, 800.0]))
def vanishes_where_it_saturates(h_tilde):
    """Far from 0 the derivative vanishes, as torch autograd's does, and never becomes NaN."""
    return local_gradient(torch.sigmoid, h_tilde)


@public("tanh_derivative", h_tilde=pre_activations)
@example(h_tilde=np.array([0.0]))
def matches_autograd(h_tilde):
    """The derivative with respect to h_tilde equals torch autograd's at ordinary pre-activations."""
    return local_gradient(torch.tanh, h_tilde)


@public("tanh_derivative", h_tilde=saturated)
@edge
@example(h_tilde=np.array([-15.0, 15.0]))
@example(h_tilde=np.array([-800.0, 800.0]))
def vanishes_where_it_saturates(h_tilde):
    """Far from 0 the derivative vanishes, as torch autograd's does, and never becomes NaN."""
    return local_gradient(torch.tanh, h_tilde)
