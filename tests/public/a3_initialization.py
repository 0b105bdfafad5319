"""Public properties of a3: students may read these, and their examples ship with the assignment."""

from itertools import pairwise
from operator import itemgetter

import numpy as np
import torch
from htilde import edge, example, public
from htilde.laws import normal, uniform
from htilde.oracle import evaluate
from htilde.strategies import generators, integers, sampled_from, shared
from htilde.values import Rng
from shared.a3_initialization import back, names, through
from torch.nn.init import calculate_gain

# A square layer would hide which of its two sizes was taken: here one is half as large again as the other, or more.


def two_sizes(number):
    """The sizes of a layer whose sides differ, from a number that says which."""
    rng = np.random.default_rng(number)
    return tuple(int(size) for size in rng.permutation([rng.integers(20, 41), rng.integers(60, 91)]))


sizes = shared(integers(0, 2**32 - 1).map(two_sizes), key="sizes")
fan_in, fan_out = sizes.map(itemgetter(0)), sizes.map(itemgetter(1))
one, several = sampled_from([1]), integers(300, 600)
slopes = integers(0, 8).map(lambda tenths: tenths / 10)

first = example(rng=Rng(1), fan_in=60, fan_out=30)
second = example(rng=Rng(2), fan_in=60, fan_out=30)
with_a_leak = example(rng=Rng(1), fan_in=60, fan_out=30, slope=0.5)
again = example(rng=Rng(2), fan_in=60, fan_out=30, slope=0.5)


# xavier_normal, xavier_uniform


@public("xavier_normal", rng=generators(), fan_in=fan_in, fan_out=fan_out)
@first
@second
def follows_the_law(rng, fan_in, fan_out):
    """The entries are independent draws from a normal law of mean 0 with Xavier's variance."""
    return normal(std=(2 / (fan_in + fan_out)) ** 0.5, shape=(fan_in, fan_out))


@public("xavier_normal", rng=generators(), fan_in=several, fan_out=one)
@edge
@example(rng=Rng(3), fan_in=1, fan_out=400)
def works_for_a_single_unit(rng, fan_in, fan_out):
    """A layer with one unit, or one input, is a matrix like any other."""
    return normal(std=(2 / (fan_in + fan_out)) ** 0.5, shape=(fan_in, fan_out))


@public("xavier_uniform", rng=generators(), fan_in=fan_in, fan_out=fan_out)
@first
@second
def follows_the_law(rng, fan_in, fan_out):
    """The entries are independent draws from the uniform law on [-a, a] with Xavier's variance."""
    return uniform(bound=(6 / (fan_in + fan_out)) ** 0.5, shape=(fan_in, fan_out))


@public("xavier_uniform", rng=generators(), fan_in=several, fan_out=one)
@edge
@example(rng=Rng(3), fan_in=1, fan_out=400)
def works_for_a_single_unit(rng, fan_in, fan_out):
    """A layer with one unit, or one input, is a matrix like any other."""
    return uniform(bound=(6 / (fan_in + fan_out)) ** 0.5, shape=(fan_in, fan_out))


# he_normal, he_uniform


@public("he_normal", rng=generators(), fan_in=fan_in, fan_out=fan_out, slope=slopes)
@with_a_leak
@again
def follows_the_law(rng, fan_in, fan_out, slope):
    """The entries are independent draws from a normal law of mean 0 with He's variance."""
    return normal(std=calculate_gain("leaky_relu", slope) / fan_in**0.5, shape=(fan_in, fan_out))


@public("he_normal", rng=generators(), fan_in=fan_in, fan_out=fan_out, slope=sampled_from([1.0]))
@edge
@example(rng=Rng(3), fan_in=400, fan_out=1, slope=1.0)
def knows_a_leak_that_is_everything(rng, fan_in, fan_out, slope):
    """With a slope of 1 nothing is lost, and nothing is made up for."""
    return normal(std=1 / fan_in**0.5, shape=(fan_in, fan_out))


@public("he_uniform", rng=generators(), fan_in=fan_in, fan_out=fan_out, slope=slopes)
@with_a_leak
@again
def follows_the_law(rng, fan_in, fan_out, slope):
    """The entries are independent draws from the uniform law on [-a, a] with He's variance."""
    return uniform(bound=calculate_gain("leaky_relu", slope) * (3 / fan_in) ** 0.5, shape=(fan_in, fan_out))


@public("he_uniform", rng=generators(), fan_in=fan_in, fan_out=fan_out, slope=sampled_from([1.0]))
@edge
@example(rng=Rng(3), fan_in=400, fan_out=1, slope=1.0)
def knows_a_leak_that_is_everything(rng, fan_in, fan_out, slope):
    """With a slope of 1 nothing is lost, and nothing is made up for."""
    return uniform(bound=(3 / fan_in) ** 0.5, shape=(fan_in, fan_out))


# forward_variances, backward_variances


def a_network(number):
    """A batch and the weights of one to four layers, from a number; now and then all layers are equally wide."""
    rng = np.random.default_rng(number)
    depth = rng.integers(1, 5)
    widths = np.full(depth + 1, rng.integers(2, 6)) if rng.random() < 0.3 else rng.integers(1, 7, depth + 1)
    weights = [rng.normal(0.2, 1.5 / np.sqrt(n), (n, m)) for n, m in pairwise(widths)]
    x = rng.normal(0.5, 1.5, (rng.integers(2, 7), widths[0]))
    return {"x": x, "weights": weights} | gradients(rng, len(x), widths[1:])


def gradients(rng, examples, widths):
    """Pre-activations of layers, and an upstream gradient behind the last one."""
    h_tildes = [rng.normal(0.3, 1.5, (examples, width)) for width in widths]
    return {"h_tildes": h_tildes, "dh": rng.normal(0.4, 2.0, h_tildes[-1].shape)}


network = shared(integers(0, 2**32 - 1).map(a_network), key="network")
x, weights = network.map(itemgetter("x")), network.map(itemgetter("weights"))
dh, h_tildes = network.map(itemgetter("dh")), network.map(itemgetter("h_tildes"))


SMALL_X = np.array([[1.0, -1.0], [3.0, 1.0]])
SMALL_W = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 1.0]])


@public("forward_variances", x=x, weights=weights, activation=names)
@example(x=SMALL_X, weights=[SMALL_W], activation="linear")
@example(x=SMALL_X, weights=[SMALL_W], activation="relu")
def matches_torch(x, weights, activation):
    """They are the population variances of x and of each layer's h in torch's forward pass."""
    return through(x, weights, activation)


@public("forward_variances", x=x.map(lambda x: x[:1]), weights=weights, activation=names)
@edge
@example(x=np.array([[2.0]]), weights=[np.array([[3.0]])], activation="tanh")
def knows_a_batch_of_one(x, weights, activation):
    """One example has a variance, too: over its units. One number's is 0."""
    return through(x, weights, activation)


@public("backward_variances", dh=dh, h_tildes=h_tildes, weights=weights, activation=names)
@example(dh=np.array([[1.0, 2.0, -1.0]]), h_tildes=[np.array([[1.0, -1.0, 2.0]])], weights=[SMALL_W], activation="relu")
def matches_autograd(dh, h_tildes, weights, activation):
    """They are the population variances of the gradients with respect to x and each h, by torch autograd."""
    return back(dh, h_tildes, weights, activation)


def at_the_kink(h_tildes):
    """The same pre-activations, some of them exactly 0."""
    return [np.where(np.arange(h.size).reshape(h.shape) % 2, h, 0.0) for h in h_tildes]


@public(
    "backward_variances", dh=dh, h_tildes=h_tildes.map(at_the_kink), weights=weights, activation=sampled_from(["relu"])
)
@edge
def passes_nothing_at_the_kink(dh, h_tildes, weights, activation):
    """At exactly 0 the derivative of ReLU is 0 by agreement, as in torch."""
    return back(dh, h_tildes, weights, activation)


# distinct_units


def a_gradient(number):
    """A gradient in which some columns are there several times, from a number that says which."""
    rng = np.random.default_rng(number)
    kinds = rng.integers(-2, 3, (rng.integers(2, 6), rng.integers(1, 5))) / 2 + 0.25
    return kinds[:, rng.integers(0, kinds.shape[1], rng.integers(1, 8))]


@public("distinct_units", dW=integers(0, 2**32 - 1).map(a_gradient))
@example(dW=np.array([[1.0, 2.0, 1.0], [3.0, 3.0, 3.0]]))
@example(dW=np.array([[1.0, 1.0, 2.0], [1.0, 1.0, 2.0], [0.5, 0.5, 4.0]]))
def counts_different_columns(dW):
    """It is the number of columns that torch.unique leaves."""
    return evaluate(lambda t: torch.unique(t, dim=1), dW).shape[1]


@public("distinct_units", dW=integers(1, 6).map(lambda side: np.zeros((side, 7 - side))))
@edge
def sees_one_kind_where_nothing_flows(dW):
    """Where the gradient is 0 everywhere, all units are of one kind."""
    return evaluate(lambda t: torch.unique(t, dim=1), dW).shape[1]
