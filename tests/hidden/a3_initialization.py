"""Hidden properties of a3: these never ship. A student learns the claim of one that fails, never its inputs."""

from itertools import pairwise
from operator import itemgetter

import numpy as np
import torch
from htilde import edge, example, hidden
from htilde.laws import normal, uniform
from htilde.oracle import evaluate
from htilde.strategies import generators, integers, shared
from htilde.values import Rng
from shared.a3_initialization import back, names, through
from torch.nn.init import calculate_gain


def two_sizes(number):
    """The sizes of a layer, from a number that says which; some are square, most are not."""
    rng = np.random.default_rng(number)
    small, large = rng.integers(15, 45), rng.integers(50, 100)
    return (int(large), int(large)) if rng.random() < 0.1 else tuple(int(n) for n in rng.permutation([small, large]))


sizes = shared(integers(0, 2**32 - 1).map(two_sizes), key="sizes")
fan_in, fan_out = sizes.map(itemgetter(0)), sizes.map(itemgetter(1))
slopes = integers(0, 18).map(lambda twentieths: twentieths / 20)


# xavier_normal, xavier_uniform


@hidden("xavier_normal", rng=generators(), fan_in=fan_in, fan_out=fan_out)
def follows_the_law_for_other_generators(rng, fan_in, fan_out):
    """For generators and sizes that you haven't seen, the entries follow the same law."""
    return normal(std=(2 / (fan_in + fan_out)) ** 0.5, shape=(fan_in, fan_out))


@hidden("xavier_uniform", rng=generators(), fan_in=fan_in, fan_out=fan_out)
def follows_the_law_for_other_generators(rng, fan_in, fan_out):
    """For generators and sizes that you haven't seen, the entries follow the same law."""
    return uniform(bound=(6 / (fan_in + fan_out)) ** 0.5, shape=(fan_in, fan_out))


# he_normal, he_uniform


@hidden("he_normal", rng=generators(), fan_in=fan_in, fan_out=fan_out, slope=slopes)
@example(rng=Rng(70), fan_in=200, fan_out=160, slope=0.6)  # enough to tell the square of the slope from its cube
@example(rng=Rng(71), fan_in=90, fan_out=40, slope=0.7)
@example(rng=Rng(72), fan_in=90, fan_out=40, slope=0.7)
def follows_the_law_for_other_generators(rng, fan_in, fan_out, slope):
    """For generators, sizes and slopes that you haven't seen, the entries follow the same law."""
    return normal(std=calculate_gain("leaky_relu", slope) / fan_in**0.5, shape=(fan_in, fan_out))


@hidden("he_uniform", rng=generators(), fan_in=fan_in, fan_out=fan_out, slope=slopes)
@example(rng=Rng(70), fan_in=200, fan_out=160, slope=0.6)  # enough to tell the square of the slope from its cube
@example(rng=Rng(71), fan_in=90, fan_out=40, slope=0.7)
@example(rng=Rng(72), fan_in=90, fan_out=40, slope=0.7)
def follows_the_law_for_other_generators(rng, fan_in, fan_out, slope):
    """For generators, sizes and slopes that you haven't seen, the entries follow the same law."""
    return uniform(bound=calculate_gain("leaky_relu", slope) * (3 / fan_in) ** 0.5, shape=(fan_in, fan_out))


# forward_variances, backward_variances


def a_network(number, deepest=6, widest=12):
    """A batch, the weights of some layers, and gradients, from a number; now and then all are equally wide."""
    rng = np.random.default_rng(number)
    depth = rng.integers(1, deepest + 1)
    equal = rng.random() < 0.3
    widths = np.full(depth + 1, rng.integers(2, 8)) if equal else rng.integers(1, widest + 1, depth + 1)
    weights = [rng.normal(-0.1, 1.4 / np.sqrt(n), (n, m)) for n, m in pairwise(widths)]
    x = rng.normal(-0.5, 1.0, (rng.integers(1, 12), widths[0]))
    h_tildes = [rng.normal(0.2, 1.2, (len(x), width)) for width in widths[1:]]
    return {"x": x, "weights": weights, "h_tildes": h_tildes, "dh": rng.normal(-0.3, 1.5, h_tildes[-1].shape)}


def parts(strategy, *names):
    return {name: strategy.map(itemgetter(name)) for name in names}


network = shared(integers(0, 2**32 - 1).map(a_network), key="network")
deep = shared(integers(0, 2**32 - 1).map(lambda number: a_network(number, deepest=20, widest=5)), key="deep")


def saturated(h_tildes):
    """Pre-activations so large that sigmoid and tanh are flat there."""
    return [30 * h for h in h_tildes]


@hidden("forward_variances", **parts(network, "x", "weights"), activation=names)
def matches_torch_on_other_networks(x, weights, activation):
    """In networks that you haven't seen they are those of torch's forward pass."""
    return through(x, weights, activation)


@hidden("forward_variances", **parts(deep, "x", "weights"), activation=names)
@edge
def follows_many_layers(x, weights, activation):
    """Through many layers each variance is that of its own layer."""
    return through(x, weights, activation)


@hidden("backward_variances", **parts(network, "dh", "h_tildes", "weights"), activation=names)
def matches_autograd_on_other_networks(dh, h_tildes, weights, activation):
    """In networks that you haven't seen they are those of torch autograd's gradients."""
    return back(dh, h_tildes, weights, activation)


@hidden(
    "backward_variances",
    **parts(network, "dh", "weights"),
    h_tildes=network.map(itemgetter("h_tildes")).map(saturated),
    activation=names,
)
@edge
def vanishes_where_units_saturate(dh, h_tildes, weights, activation):
    """Behind saturated units the gradient is as small as autograd's, and never NaN."""
    return back(dh, h_tildes, weights, activation)


# distinct_units


def a_gradient(number):
    """A larger gradient in which some columns are there several times; a few differ in one entry only."""
    rng = np.random.default_rng(number)
    kinds = rng.normal(0, 1, (rng.integers(2, 10), rng.integers(1, 10)))
    dW = kinds[:, rng.integers(0, kinds.shape[1], rng.integers(1, 20))]
    dW[rng.integers(len(dW)), rng.random(dW.shape[1]) < 0.1] += 1
    return dW


def a_hairs_breadth(number):
    """A gradient whose columns are equal but for one entry, and there by very little."""
    rng = np.random.default_rng(number)
    dW = np.tile(rng.normal(0, 1, (rng.integers(2, 5), 1)), rng.integers(2, 6))
    dW[rng.integers(len(dW)), 1:] *= 1 + 1e-12
    return dW


@hidden("distinct_units", dW=integers(0, 2**32 - 1).map(a_gradient))
def counts_different_columns_of_other_layers(dW):
    """For layers that you haven't seen it is the number of columns that torch.unique leaves."""
    return evaluate(lambda t: torch.unique(t, dim=1), dW).shape[1]


@hidden("distinct_units", dW=integers(0, 2**32 - 1).map(a_hairs_breadth))
@edge
def tells_columns_apart_that_nearly_agree(dW):
    """Two columns are the same only if they agree in every entry, to the last digit."""
    return evaluate(lambda t: torch.unique(t, dim=1), dW).shape[1]
