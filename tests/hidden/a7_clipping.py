"""Hidden properties of a7: these never ship. A student learns the claim of one that fails, never its inputs."""

import itertools

import numpy as np
from htilde import edge, example, hidden
from htilde.strategies import together
from shared.a7_clipping import (
    ACTIVATIONS,
    NETWORK,
    after_torch,
    clipped_norm,
    clipped_values,
    trainable_gradients,
)


def more_gradients(rng, *, count=(1, 8)):
    """Up to seven gradients of one to three axes, of sizes that differ."""
    return [
        rng.normal(0, 10.0 ** rng.uniform(-1, 1), rng.integers(1, 6, rng.integers(1, 4)))
        for _ in range(rng.integers(*count))
    ]


def with_empty_ones(rng):
    """Of some gradients a few have no entries."""
    grads = more_gradients(rng, count=(1, 4))
    for shape in ((0,), (0, 3), (2, 0)):
        grads.insert(rng.integers(len(grads) + 1), np.zeros(shape))
    return grads


# clip_by_value


def around_a_limit(rng):
    return {"grads": more_gradients(rng), "limit": 10.0 ** rng.uniform(-1, 1)}


def around_a_limit_or_empty(rng):
    return {"grads": with_empty_ones(rng), "limit": 10.0 ** rng.uniform(-1, 1)}


@hidden("clip_by_value", **together(around_a_limit, "grads", "limit"))
def matches_torch_on_other_gradients(grads, limit):
    """Each entry equals torch's for gradients of other shapes and sizes, three axes among them."""
    return clipped_values(grads, limit)


@hidden("clip_by_value", **together(around_a_limit_or_empty, "grads", "limit"))
@edge
def takes_empty_arrays(grads, limit):
    """An array without entries is left as it is."""
    return clipped_values(grads, limit)


# clip_by_global_norm


def around_a_norm(rng):
    """Gradients whose norm is from a tenth to ten times the largest that is allowed."""
    grads = more_gradients(rng)
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    return {"grads": grads, "max_norm": norm * 10.0 ** rng.uniform(-1, 1)}


def around_a_norm_or_empty(rng):
    grads = with_empty_ones(rng)
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    return {"grads": grads, "max_norm": norm * rng.uniform(0.3, 1.5)}


def next_to_nothing(rng):
    """Gradients and a limit so small that the 1e-6 is a large part of the divisor."""
    grads = [1e-6 * grad for grad in more_gradients(rng, count=(1, 4))]
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    return {"grads": grads, "max_norm": norm * rng.uniform(0.3, 1.2)}


def exploded(rng):
    """Gradients as large as 1e100."""
    return {"grads": [1e100 * grad for grad in more_gradients(rng)], "max_norm": rng.uniform(0.5, 5)}


@hidden("clip_by_global_norm", **together(around_a_norm, "grads", "max_norm"))
def matches_torch_on_other_gradients(grads, max_norm):
    """Gradients and norm equal torch's for gradients of other shapes and sizes, three axes among them."""
    return clipped_norm(grads, max_norm)


@hidden("clip_by_global_norm", **together(around_a_norm_or_empty, "grads", "max_norm"))
@edge
def takes_empty_arrays(grads, max_norm):
    """An array without entries adds nothing to the norm."""
    return clipped_norm(grads, max_norm)


@hidden("clip_by_global_norm", **together(next_to_nothing, "grads", "max_norm"))
@edge
@example(grads=[np.array([3e-6]), np.array([[4e-6]])], max_norm=2e-6)
def divides_by_a_little_more_than_the_norm(grads, max_norm):
    """Of tiny gradients the 1e-6 beside the norm makes much: nothing is divided by the norm alone."""
    return clipped_norm(grads, max_norm)


@hidden("clip_by_global_norm", **together(exploded, "grads", "max_norm"))
@edge
def brings_an_explosion_down(grads, max_norm):
    """Of gradients as large as 1e100 nothing is left but what max_norm allows."""
    return clipped_norm(grads, max_norm)


# sgd_step


def a_step(rng):
    """Parameters, their gradients and a learning rate from a thousandth to ten."""
    params = more_gradients(rng)
    grads = [rng.normal(0, 10.0 ** rng.uniform(-1, 1), param.shape) for param in params]
    return {"params": params, "grads": grads, "learning_rate": 10.0 ** rng.uniform(-3, 1)}


def a_step_or_none(rng):
    params = with_empty_ones(rng)
    return {"params": params, "grads": [rng.normal(size=param.shape) for param in params], "learning_rate": 0.1}


@hidden("sgd_step", **together(a_step, "params", "grads", "learning_rate"))
def matches_torch_on_other_parameters(params, grads, learning_rate):
    """The parameters equal torch's for other shapes, sizes and learning rates."""
    return after_torch(params, grads, learning_rate)


@hidden("sgd_step", **together(a_step_or_none, "params", "grads", "learning_rate"))
@edge
def takes_empty_arrays(params, grads, learning_rate):
    """A parameter without entries is left as it is."""
    return after_torch(params, grads, learning_rate)


# fine_tune_gradients


def a_larger_network(rng, *, layers=(2, 7), examples=(2, 12), widths=(1, 6)):
    """A network of up to six layers of which the last ones are trainable."""
    N, depth = rng.integers(*examples), int(rng.integers(*layers))
    width = rng.integers(*widths, depth + 1)
    if rng.integers(3) == 0:
        width[:] = width.max()
    return {
        "x": rng.normal(size=(N, width[0])),
        "y": rng.normal(size=(N, width[-1])),
        "weights": [rng.normal(size=sides) for sides in itertools.pairwise(width)],
        "biases": [rng.normal(size=fan_out) for fan_out in width[1:]],
        "activation": str(rng.choice(sorted(ACTIVATIONS))),
        "first_trainable": int(rng.integers(depth)),
    }


def one_example(rng):
    return a_larger_network(rng, layers=(1, 4), examples=(1, 2))


def at_the_kink(rng):
    """Whole numbers, so that many pre-activations of a ReLU network are exactly 0."""
    N, depth = rng.integers(1, 4), int(rng.integers(2, 5))
    width = rng.integers(1, 4, depth + 1)
    return {
        "x": rng.integers(-1, 2, (N, width[0])).astype(float),
        "y": rng.integers(-2, 3, (N, width[-1])).astype(float),
        "weights": [rng.integers(-1, 2, sides).astype(float) for sides in itertools.pairwise(width)],
        "biases": [rng.integers(-1, 2, fan_out).astype(float) for fan_out in width[1:]],
        "activation": "relu",
        "first_trainable": int(rng.integers(depth)),
    }


@hidden("fine_tune_gradients", **together(a_larger_network, *NETWORK))
def matches_autograd_on_other_networks(x, y, weights, biases, activation, first_trainable):
    """The gradients equal torch autograd's for networks that you haven't seen, of up to six layers."""
    return trainable_gradients(x, y, weights, biases, activation, first_trainable)


@hidden("fine_tune_gradients", **together(one_example, *NETWORK))
@edge
def takes_a_batch_of_one(x, y, weights, biases, activation, first_trainable):
    """A batch of one example is a batch like any other."""
    return trainable_gradients(x, y, weights, biases, activation, first_trainable)


@hidden("fine_tune_gradients", **together(at_the_kink, *NETWORK))
@edge
def passes_nothing_back_at_the_kink(x, y, weights, biases, activation, first_trainable):
    """Where a pre-activation is exactly 0, ReLU's derivative is 0 by agreement, as in torch."""
    return trainable_gradients(x, y, weights, biases, activation, first_trainable)
