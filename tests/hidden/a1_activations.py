"""Hidden properties of a1: these never ship. A student learns the claim of one that fails, never its inputs."""

import numpy as np
import torch
from htilde import edge, example, hidden
from htilde.oracle import downstream, evaluate, local_gradient
from htilde.strategies import arrays, integers, sampled_from, shapes, shared
from torch.nn.functional import leaky_relu

any_shape = shapes(max_dims=3, max_side=5)
pre_activations = arrays(-6.0, 6.0, shape=any_shape)
away_from_the_kink = arrays(-6.0, 6.0, shape=any_shape, nonzero=True)
a_number = arrays(-6.0, 6.0, shape=shapes(min_dims=0, max_dims=0))
slopes = integers(1, 19).map(lambda twentieths: twentieths / 20)

batch = shared(any_shape, key="batch")
upstream = arrays(-2.0, 2.0, shape=batch)
received = arrays(-6.0, 6.0, shape=batch)
no_shape = shared(shapes(min_dims=0, max_dims=0), key="number")
one_upstream = arrays(-2.0, 2.0, shape=no_shape)
one_received = arrays(-6.0, 6.0, shape=no_shape)

ACTIVATIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
names = sampled_from(sorted(ACTIVATIONS))

nothing = example(h_tilde=np.zeros((0, 3)))
no_gradient = example(dh=np.zeros((0, 3)), h_tilde=np.zeros((0, 3)))


# sigmoid


@hidden("sigmoid", h_tilde=pre_activations)
def matches_torch_on_other_inputs(h_tilde):
    """The sigmoid equals torch.sigmoid on batches that you haven't seen."""
    return evaluate(torch.sigmoid, h_tilde)


@hidden("sigmoid", h_tilde=a_number)
@edge
@nothing
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return evaluate(torch.sigmoid, h_tilde)


# sigmoid_derivative


@hidden("sigmoid_derivative", h_tilde=pre_activations)
def matches_autograd_on_other_inputs(h_tilde):
    """The derivative equals torch autograd's on batches that you haven't seen."""
    return local_gradient(torch.sigmoid, h_tilde)


@hidden("sigmoid_derivative", h_tilde=a_number)
@edge
@nothing
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return local_gradient(torch.sigmoid, h_tilde)


# tanh_derivative


@hidden("tanh_derivative", h_tilde=pre_activations)
def matches_autograd_on_other_inputs(h_tilde):
    """The derivative equals torch autograd's on batches that you haven't seen."""
    return local_gradient(torch.tanh, h_tilde)


@hidden("tanh_derivative", h_tilde=a_number)
@edge
@nothing
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return local_gradient(torch.tanh, h_tilde)


# sigmoid_backward, tanh_backward


@hidden("sigmoid_backward", dh=upstream, h_tilde=received)
def matches_autograd_on_other_inputs(dh, h_tilde):
    """The downstream gradient equals torch autograd's on batches that you haven't seen."""
    return downstream(torch.sigmoid, dh, h_tilde)


@hidden("sigmoid_backward", dh=one_upstream, h_tilde=one_received)
@edge
@no_gradient
def accepts_a_number_and_an_empty_batch(dh, h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return downstream(torch.sigmoid, dh, h_tilde)


@hidden("tanh_backward", dh=upstream, h_tilde=received)
def matches_autograd_on_other_inputs(dh, h_tilde):
    """The downstream gradient equals torch autograd's on batches that you haven't seen."""
    return downstream(torch.tanh, dh, h_tilde)


@hidden("tanh_backward", dh=one_upstream, h_tilde=one_received)
@edge
@no_gradient
def accepts_a_number_and_an_empty_batch(dh, h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return downstream(torch.tanh, dh, h_tilde)


# attenuation


@hidden("attenuation", h_tildes=arrays(-3.0, 3.0, shape=shapes(min_dims=2, max_dims=4, max_side=5)), activation=names)
def multiplies_the_local_gradients_of_other_networks(h_tildes, activation):
    """The local gradients are multiplied over the layers of networks that you haven't seen."""
    return local_gradient(ACTIVATIONS[activation], h_tildes).prod(axis=0)


@hidden("attenuation", h_tildes=arrays(-2.0, 2.0, shape=shapes(min_dims=1, max_dims=1, max_side=60)), activation=names)
@edge
def follows_many_layers(h_tildes, activation):
    """Through dozens of layers the product is as small as it must be, and no smaller."""
    return local_gradient(ACTIVATIONS[activation], h_tildes).prod(axis=0)


# relu, relu_derivative


@hidden("relu", h_tilde=pre_activations)
def matches_torch_on_other_inputs(h_tilde):
    """ReLU equals torch.relu on batches that you haven't seen."""
    return evaluate(torch.relu, h_tilde)


@hidden("relu", h_tilde=a_number)
@edge
@nothing
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return evaluate(torch.relu, h_tilde)


@hidden("relu_derivative", h_tilde=away_from_the_kink)
def matches_autograd_on_other_inputs(h_tilde):
    """The derivative equals torch autograd's on batches that you haven't seen."""
    return local_gradient(torch.relu, h_tilde)


@hidden("relu_derivative", h_tilde=a_number)
@edge
@nothing
def accepts_a_number_and_an_empty_batch(h_tilde):
    """A single number and a batch of no rows work like any other array."""
    return local_gradient(torch.relu, h_tilde)


# leaky_relu, leaky_relu_derivative


@hidden("leaky_relu", h_tilde=pre_activations, slope=slopes)
def matches_torch_for_other_slopes(h_tilde, slope):
    """Leaky ReLU equals torch's on batches, and for slopes, that you haven't seen."""
    return evaluate(lambda x: leaky_relu(x, slope), h_tilde)


@hidden("leaky_relu", h_tilde=arrays(-6.0, 6.0, dtype="float32"), slope=slopes)
@edge
def keeps_single_precision(h_tilde, slope):
    """A float32 array gives the same result up to the precision of float32."""
    return evaluate(lambda x: leaky_relu(x, slope), h_tilde)


@hidden("leaky_relu_derivative", h_tilde=away_from_the_kink, slope=slopes)
def matches_autograd_for_other_slopes(h_tilde, slope):
    """The derivative equals torch autograd's on batches, and for slopes, that you haven't seen."""
    return local_gradient(lambda x: leaky_relu(x, slope), h_tilde)


@hidden("leaky_relu_derivative", h_tilde=a_number, slope=slopes)
@edge
@example(h_tilde=np.zeros((0, 3)), slope=0.25)
def accepts_a_number_and_an_empty_batch(h_tilde, slope):
    """A single number and a batch of no rows work like any other array."""
    return local_gradient(lambda x: leaky_relu(x, slope), h_tilde)


# dead_units


def a_large_batch(number):
    """A batch of up to forty examples in which some units are dead, and some alive for one example only."""
    rng = np.random.default_rng(number)
    h_tilde = -rng.exponential(1.0, (rng.integers(2, 41), rng.integers(1, 13)))
    alive = rng.random(h_tilde.shape[1]) < 0.5
    h_tilde[rng.integers(len(h_tilde)), alive] *= -1
    return h_tilde


@hidden("dead_units", h_tilde=integers(0, 2**32 - 1).map(a_large_batch))
def finds_the_one_example_that_keeps_a_unit_alive(h_tilde):
    """In a large batch a single example can keep a unit alive."""
    return (local_gradient(torch.relu, h_tilde) == 0).all(axis=0)


@hidden("dead_units", h_tilde=arrays(-6.0, 6.0, shape=shapes(min_dims=1, max_dims=1).map(lambda side: (1, *side))))
@edge
def judges_a_batch_of_one(h_tilde):
    """In a batch of one example that example decides."""
    return (local_gradient(torch.relu, h_tilde) == 0).all(axis=0)
