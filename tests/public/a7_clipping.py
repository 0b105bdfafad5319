"""Public properties of a7: students may read these, and their examples ship with the assignment."""

import itertools

import numpy as np
from htilde import edge, example, parts, public
from htilde.strategies import together
from shared.a7_clipping import (
    ACTIVATIONS,
    NETWORK,
    after_torch,
    clipped_norm,
    clipped_values,
    trainable_gradients,
)

parts("clip_by_global_norm", "grads", "total_norm")
parts("fine_tune_gradients", "dW", "db", along="layer", backward=True, order=("dW", "db"))


# clip_by_value


def some_gradients(rng, *, count=(1, 5), size=3.0):
    """Gradients of several shapes, vectors and matrices."""
    return [
        rng.normal(0, size * rng.uniform(0.2, 1), rng.integers(1, 5, rng.integers(1, 3)))
        for _ in range(rng.integers(*count))
    ]


def around_a_limit(rng):
    """Gradients of which some entries are beyond the limit, on both sides."""
    return {"grads": some_gradients(rng), "limit": rng.uniform(0.5, 2)}


def at_a_limit(rng):
    """Whole numbers, so that many entries are exactly at the limit, and many are 0."""
    limit = float(rng.integers(1, 3))
    return {"grads": [rng.integers(-3, 4, grad.shape).astype(float) for grad in some_gradients(rng)], "limit": limit}


pair = [np.array([[3.0, -0.5], [0.25, -4.0]]), np.array([1.5, -1.0, 0.75])]


@public("clip_by_value", **together(around_a_limit, "grads", "limit"))
@example(grads=pair, limit=1.0)
def matches_torch(grads, limit):
    """Each entry of each array equals what torch's clip_grad_value_ makes of it."""
    return clipped_values(grads, limit)


@public("clip_by_value", **together(at_a_limit, "grads", "limit"))
@edge
@example(grads=[np.array([2.0, -2.0, 0.0])], limit=2.0)
def leaves_what_is_exactly_at_the_limit(grads, limit):
    """An entry of exactly the limit, or minus the limit, stays, and so does 0."""
    return clipped_values(grads, limit)


# clip_by_global_norm


def around_a_norm(rng):
    """Gradients whose norm is from a third to three times the largest that is allowed."""
    grads = some_gradients(rng)
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads))
    return {"grads": grads, "max_norm": norm * 3.0 ** rng.uniform(-1, 1)}


def at_the_norm(rng):
    """Gradients of which each entry is a multiple of 3 or 4, so that the norm is a whole number: exactly max_norm."""
    three, four = rng.permutation([3.0, 4.0]) * rng.choice([-1, 1], 2) * 2.0 ** rng.integers(-12, 3)
    grads = [np.zeros(rng.integers(1, 4, rng.integers(1, 3))) for _ in range(2)]
    for grad, entry in zip(grads, (three, four)):
        grad.flat[rng.integers(grad.size)] = entry
    return {"grads": grads, "max_norm": np.hypot(three, four)}


def nothing(rng):
    """Gradients of zeros."""
    return {"grads": [np.zeros_like(grad) for grad in some_gradients(rng)], "max_norm": rng.uniform(0.5, 2)}


@public("clip_by_global_norm", **together(around_a_norm, "grads", "max_norm"))
@example(grads=[np.array([[3.0, 0.0]]), np.array([0.0, 4.0])], max_norm=1.0)
@example(grads=pair, max_norm=20.0)
def matches_torch(grads, max_norm):
    """Gradients and norm equal torch's clip_grad_norm_: one norm for all arrays, and returned as it was before."""
    return clipped_norm(grads, max_norm)


@public("clip_by_global_norm", **together(at_the_norm, "grads", "max_norm"))
@edge
@example(grads=[np.array([3.0, -4.0])], max_norm=5.0)
def is_shorter_by_a_hair_at_exactly_the_limit(grads, max_norm):
    """Where the norm is exactly max_norm the 1e-6 counts all the same, as in torch."""
    return clipped_norm(grads, max_norm)


@public("clip_by_global_norm", **together(nothing, "grads", "max_norm"))
@edge
def leaves_nothing_at_nothing(grads, max_norm):
    """Gradients of zeros stay zeros, and their norm is 0, never NaN."""
    return clipped_norm(grads, max_norm)


# sgd_step


def a_step(rng, *, count=(1, 5)):
    """Parameters, their gradients and a learning rate."""
    params = some_gradients(rng, count=count)
    return {
        "params": params,
        "grads": [rng.uniform(-2, 2, param.shape) for param in params],
        "learning_rate": rng.uniform(0.05, 0.8),
    }


def no_step(rng):
    """A learning rate of 0, or gradients of 0."""
    case = a_step(rng)
    if rng.integers(2):
        return {**case, "learning_rate": 0.0}
    return {**case, "grads": [np.zeros_like(grad) for grad in case["grads"]]}


@public("sgd_step", **together(a_step, "params", "grads", "learning_rate"))
@example(params=pair, grads=[np.array([[1.0, 2.0], [-1.0, 0.5]]), np.array([2.0, 0.0, -4.0])], learning_rate=0.5)
def matches_torch(params, grads, learning_rate):
    """The parameters equal those after one step of torch.optim.SGD."""
    return after_torch(params, grads, learning_rate)


@public("sgd_step", **together(no_step, "params", "grads", "learning_rate"))
@edge
def may_stand_still(params, grads, learning_rate):
    """With a learning rate of 0, or with gradients of zeros, the parameters stay as they are."""
    return after_torch(params, grads, learning_rate)


# fine_tune_gradients


def a_network(rng, *, layers=(2, 5), examples=(2, 5), widths=(1, 4), first=None):
    """A small network of which the last layers are trainable. In a third of them all layers have the same width."""
    N, depth = rng.integers(*examples), int(rng.integers(*layers))
    width = rng.integers(*widths, depth + 1)
    if rng.integers(3) == 0:
        width[:] = width.max()
    return {
        "x": rng.uniform(-2, 2, (N, width[0])),
        "y": rng.uniform(-2, 2, (N, width[-1])),
        "weights": [rng.uniform(-2, 2, sides) for sides in itertools.pairwise(width)],
        "biases": [rng.uniform(-1, 1, fan_out) for fan_out in width[1:]],
        "activation": str(rng.choice(sorted(ACTIVATIONS))),
        "first_trainable": int(rng.integers(depth)) if first is None else first % depth,
    }


def only_the_last(rng):
    return a_network(rng, first=-1)


def everything(rng):
    return a_network(rng, layers=(1, 4), first=0)


SMALL = {
    "x": np.array([[1.0, -1.0], [0.5, 2.0]]),
    "y": np.array([[1.0], [0.0]]),
    "weights": [
        np.array([[1.0, 0.5, -1.0], [2.0, -1.0, 0.0]]),
        np.array([[1.0, -0.5], [0.0, 2.0], [1.5, 1.0]]),
        np.array([[2.0], [1.0]]),
    ],
    "biases": [np.array([0.5, 0.0, 1.0]), np.array([0.25, -0.5]), np.array([0.5])],
    "activation": "tanh",
    "first_trainable": 1,
}


@public("fine_tune_gradients", **together(a_network, *NETWORK))
@example(**SMALL)
def matches_autograd(x, y, weights, biases, activation, first_trainable):
    """The gradients of the trainable layers equal torch autograd's, and there are no others."""
    return trainable_gradients(x, y, weights, biases, activation, first_trainable)


@public("fine_tune_gradients", **together(only_the_last, *NETWORK))
@edge
def may_train_the_last_layer_alone(x, y, weights, biases, activation, first_trainable):
    """With only the last layer trainable there are one dW and one db."""
    return trainable_gradients(x, y, weights, biases, activation, first_trainable)


@public("fine_tune_gradients", **together(everything, *NETWORK))
@edge
def may_train_everything(x, y, weights, biases, activation, first_trainable):
    """With first_trainable = 0 nothing is frozen; a network may consist of a single layer."""
    return trainable_gradients(x, y, weights, biases, activation, first_trainable)
