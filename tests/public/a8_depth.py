"""Public properties of a8: students may read these, and their examples ship with the assignment."""

import itertools

import numpy as np
from htilde import edge, example, parts, public
from htilde.strategies import together
from shared.a8_depth import ACTIVATIONS, NETWORK, RUN, norms, torch_losses

parts("layer_gradient_norms", "norm", along="layer", backward=True)
parts("train", "loss", along="step")


def a_network(rng, *, layers=(2, 5), examples=(2, 5), widths=(1, 4), scale=1.5):
    """A small network. In a third of them all layers have the same width."""
    N, depth = rng.integers(*examples), rng.integers(*layers)
    width = rng.integers(*widths, depth + 1)
    if rng.integers(3) == 0:
        width[:] = width.max()
    return {
        "x": rng.uniform(-2, 2, (N, width[0])),
        "y": rng.uniform(-2, 2, (N, width[-1])),
        "weights": [rng.uniform(-scale, scale, sides) for sides in itertools.pairwise(width)],
        "biases": [rng.uniform(-1, 1, fan_out) for fan_out in width[1:]],
        "activation": str(rng.choice(sorted(ACTIVATIONS))),
    }


def one_layer(rng):
    return a_network(rng, layers=(1, 2))


SMALL = {
    "x": np.array([[1.0, -1.0], [0.5, 2.0]]),
    "y": np.array([[1.0], [0.0]]),
    "weights": [
        np.array([[1.0, 0.5, -1.0], [2.0, -1.0, 0.0]]),
        np.array([[1.0, -0.5], [0.0, 2.0], [1.5, 1.0]]),
        np.array([[2.0], [1.0]]),
    ],
    "biases": [np.array([0.5, 0.0, 1.0]), np.array([0.25, -0.5]), np.array([0.5])],
}


@public("layer_gradient_norms", **together(a_network, *NETWORK))
@example(**SMALL, activation="tanh")
@example(**SMALL, activation="leaky_relu")
def matches_autograd(x, y, weights, biases, activation):
    """Each norm is that of torch autograd's gradient with respect to the layer's pre-activation."""
    return norms(x, y, weights, biases, activation)


@public("layer_gradient_norms", **together(one_layer, *NETWORK))
@edge
def knows_a_single_layer(x, y, weights, biases, activation):
    """Of a network of one layer there is one norm, that of the output's gradient."""
    return norms(x, y, weights, biases, activation)


# train


def a_run(rng, *, steps=(2, 7), **network):
    """A network and a few small steps."""
    return {
        **a_network(rng, scale=1.2, **network),
        "learning_rate": rng.uniform(0.005, 0.02),
        "steps": int(rng.integers(*steps)),
    }


def one_step_or_none(rng):
    return a_run(rng, steps=(0, 2))


def a_run_of_one_layer(rng):
    return a_run(rng, layers=(1, 2))


@public("train", **together(a_run, *RUN))
@example(**SMALL, activation="tanh", learning_rate=0.02, steps=4)
@example(**SMALL, activation="relu", learning_rate=0.01, steps=3)
def matches_torch(x, y, weights, biases, activation, learning_rate, steps):
    """Step by step the losses equal those of torch's own run, autograd and torch.optim.SGD, from the same weights."""
    return torch_losses(x, y, weights, biases, activation, learning_rate, steps)


@public("train", **together(one_step_or_none, *RUN))
@edge
@example(**SMALL, activation="sigmoid", learning_rate=0.02, steps=0)
def takes_one_step_or_none(x, y, weights, biases, activation, learning_rate, steps):
    """One step gives one loss, that of the weights that came in; no step an array of shape (0,)."""
    return torch_losses(x, y, weights, biases, activation, learning_rate, steps)


@public("train", **together(a_run_of_one_layer, *RUN))
@edge
def trains_a_single_layer(x, y, weights, biases, activation, learning_rate, steps):
    """A network of one layer is linear, whatever the activation, and learns as well."""
    return torch_losses(x, y, weights, biases, activation, learning_rate, steps)
