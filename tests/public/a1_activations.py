"""Public properties of a1: students may read these, and their examples ship with the assignment."""

import numpy as np
import torch
from htilde import curve, edge, example, public
from htilde.oracle import downstream, evaluate, local_gradient
from htilde.strategies import arrays, integers, sampled_from, shapes, shared
from torch.nn.functional import leaky_relu

pre_activations = arrays(-6.0, 6.0)
away_from_the_kink = arrays(-6.0, 6.0, nonzero=True)
saturated = arrays(-40.0, 40.0)
slopes = integers(0, 9).map(lambda tenths: tenths / 10)

# The upstream gradient is random, never all ones, and has the shape of the pre-activations.
batch = shared(shapes(), key="batch")
upstream = arrays(-2.0, 2.0, shape=batch)
received = arrays(-6.0, 6.0, shape=batch)

layers = arrays(-3.0, 3.0, shape=shapes(min_dims=2, max_dims=3, max_side=5))
names = sampled_from(["sigmoid", "tanh", "relu"])

grid = np.linspace(-6, 6, 97)
for exercise in ("sigmoid", "sigmoid_derivative", "tanh_derivative", "relu", "relu_derivative"):
    curve(exercise, h_tilde=grid)
for exercise in ("leaky_relu", "leaky_relu_derivative"):
    curve(exercise, h_tilde=grid, slope=0.2)
for exercise in ("sigmoid_backward", "tanh_backward"):
    curve(exercise, dh=np.full(97, 2.0), h_tilde=grid)


# sigmoid


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


# sigmoid_derivative


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


# tanh_derivative


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


# sigmoid_backward, tanh_backward


@public("sigmoid_backward", dh=upstream, h_tilde=received)
@example(dh=np.array([1.0, -2.0]), h_tilde=np.array([0.0, 0.0]))
def matches_autograd(dh, h_tilde):
    """The downstream gradient equals torch autograd's for a random upstream gradient."""
    return downstream(torch.sigmoid, dh, h_tilde)


@public("sigmoid_backward", dh=upstream, h_tilde=arrays(-40.0, 40.0, shape=batch))
@edge
@example(dh=np.array([1e6, 1e6]), h_tilde=np.array([-800.0, 800.0]))
def lets_nothing_through_where_it_saturates(dh, h_tilde):
    """Through a saturated sigmoid even a large upstream gradient comes out as 0, and never as NaN."""
    return downstream(torch.sigmoid, dh, h_tilde)


@public("tanh_backward", dh=upstream, h_tilde=received)
@example(dh=np.array([1.0, -2.0]), h_tilde=np.array([0.0, 0.0]))
def matches_autograd(dh, h_tilde):
    """The downstream gradient equals torch autograd's for a random upstream gradient."""
    return downstream(torch.tanh, dh, h_tilde)


@public("tanh_backward", dh=upstream, h_tilde=arrays(-40.0, 40.0, shape=batch))
@edge
@example(dh=np.array([1e6, 1e6]), h_tilde=np.array([-800.0, 800.0]))
def lets_nothing_through_where_it_saturates(dh, h_tilde):
    """Through a saturated tanh even a large upstream gradient comes out as 0, and never as NaN."""
    return downstream(torch.tanh, dh, h_tilde)


# attenuation

ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}


@public("attenuation", h_tildes=layers, activation=names)
@example(h_tildes=np.zeros((2, 1)), activation="sigmoid")
@example(h_tildes=np.array([[1.0, -1.0], [2.0, 0.5]]), activation="relu")
def multiplies_the_local_gradients(h_tildes, activation):
    """Over axis 0, the layers, the local gradients of torch autograd are multiplied."""
    return local_gradient(ACTIVATIONS[activation], h_tildes).prod(axis=0)


@public("attenuation", h_tildes=arrays(-3.0, 3.0, shape=shapes(min_dims=1, max_dims=1)), activation=names)
@edge
@example(h_tildes=np.zeros(40), activation="sigmoid")
@example(h_tildes=np.ones((1, 3)), activation="tanh")
def knows_one_unit_and_one_layer(h_tildes, activation):
    """One unit followed through the layers gives a number, and a single layer its own local gradients."""
    return local_gradient(ACTIVATIONS[activation], h_tildes).prod(axis=0)


# relu, relu_derivative


@public("relu", h_tilde=pre_activations)
@example(h_tilde=np.array([-1.0, 0.0, 2.0]))
def matches_torch(h_tilde):
    """ReLU equals torch.relu."""
    return evaluate(torch.relu, h_tilde)


@public("relu", h_tilde=arrays(-6.0, 6.0, dtype="float32"))
@edge
def keeps_single_precision(h_tilde):
    """A float32 array gives the same result up to the precision of float32."""
    return evaluate(torch.relu, h_tilde)


@public("relu_derivative", h_tilde=away_from_the_kink)
@example(h_tilde=np.array([-1.0, 2.0]))
def matches_autograd(h_tilde):
    """Away from 0 the derivative equals torch autograd's."""
    return local_gradient(torch.relu, h_tilde)


@public("relu_derivative", h_tilde=integers(1, 6).map(np.zeros))
@edge
@example(h_tilde=np.array([0.0]))
@example(h_tilde=np.array([-1e4, 0.0, 1e4]))
def is_zero_at_zero(h_tilde):
    """At exactly 0, where ReLU has a kink, the derivative is 0 by agreement, as in torch."""
    return local_gradient(torch.relu, h_tilde)


# leaky_relu, leaky_relu_derivative


@public("leaky_relu", h_tilde=pre_activations, slope=slopes)
@example(h_tilde=np.array([-1.0, 0.0, 2.0]), slope=0.1)
def matches_torch(h_tilde, slope):
    """Leaky ReLU equals torch's for every slope in [0, 1)."""
    return evaluate(lambda x: leaky_relu(x, slope), h_tilde)


@public("leaky_relu", h_tilde=arrays(-6.0, 6.0), slope=sampled_from([0.0]))
@edge
def is_relu_without_a_leak(h_tilde, slope):
    """With a slope of 0 it is ReLU."""
    return evaluate(torch.relu, h_tilde)


@public("leaky_relu_derivative", h_tilde=away_from_the_kink, slope=slopes)
@example(h_tilde=np.array([-1.0, 2.0]), slope=0.1)
def matches_autograd(h_tilde, slope):
    """Away from 0 the derivative equals torch autograd's for every slope in [0, 1)."""
    return local_gradient(lambda x: leaky_relu(x, slope), h_tilde)


@public("leaky_relu_derivative", h_tilde=integers(1, 6).map(np.zeros), slope=slopes)
@edge
@example(h_tilde=np.array([0.0]), slope=0.1)
@example(h_tilde=np.array([-1e4, 0.0, 1e4]), slope=0.2)
def is_the_slope_at_zero(h_tilde, slope):
    """At exactly 0, where leaky ReLU has a kink, the derivative is the slope by agreement, as in torch."""
    return local_gradient(lambda x: leaky_relu(x, slope), h_tilde)


# dead_units


def a_batch(number):
    """A batch in which some units are dead, from a number that says which."""
    rng = np.random.default_rng(number)
    h_tilde = rng.uniform(-2.0, 1.0, rng.integers(1, 6, 2))
    dead = rng.random(h_tilde.shape[1]) < 0.4
    h_tilde[:, dead] = -np.abs(h_tilde[:, dead])
    return h_tilde


@public("dead_units", h_tilde=integers(0, 2**32 - 1).map(a_batch))
@example(h_tilde=np.array([[-1.0, 1.0], [-2.0, -1.0]]))
def receives_no_gradient(h_tilde):
    """A unit is dead if ReLU's derivative, by torch autograd, is 0 for each example of the batch."""
    return (local_gradient(torch.relu, h_tilde) == 0).all(axis=0)


@public("dead_units", h_tilde=integers(1, 5).map(lambda units: np.zeros((2, units))))
@edge
@example(h_tilde=np.array([[0.0, -1.0], [-1.0, 3.0]]))
def counts_zero_as_dead(h_tilde):
    """A pre-activation of exactly 0 is not positive: it doesn't keep a unit alive."""
    return (local_gradient(torch.relu, h_tilde) == 0).all(axis=0)
