"""Hidden properties of a8: these never ship. A student learns the claim of one that fails, never its inputs."""

import itertools

import numpy as np
from htilde import edge, hidden
from htilde.strategies import together
from shared.a8_depth import ACTIVATIONS, NETWORK, RUN, norms, torch_losses


def a_larger_network(rng, *, layers=(2, 7), examples=(2, 10), widths=(1, 6)):
    """A network of up to six layers, with weights of a size that keeps signals alive."""
    N, depth = rng.integers(*examples), rng.integers(*layers)
    width = rng.integers(*widths, depth + 1)
    if rng.integers(3) == 0:
        width[:] = width.max()
    return {
        "x": rng.normal(size=(N, width[0])),
        "y": rng.normal(size=(N, width[-1])),
        "weights": [rng.normal(0, 1.2 / np.sqrt(sides[0]), sides) for sides in itertools.pairwise(width)],
        "biases": [rng.normal(0, 0.5, fan_out) for fan_out in width[1:]],
        "activation": str(rng.choice(sorted(ACTIVATIONS))),
    }


def one_example(rng):
    return a_larger_network(rng, layers=(1, 4), examples=(1, 2))


def forty_layers(rng):
    """A narrow network as deep as that of the experiment."""
    return a_larger_network(rng, layers=(40, 42), examples=(2, 4), widths=(3, 4))


def at_the_kink(rng):
    """Whole numbers, so that many pre-activations of a ReLU network, leaky or not, are exactly 0.

    Behind a leak numbers aren't whole, and whether a sum of them is 0 depends on its order: one hidden layer then.
    """
    activation = str(rng.choice(["relu", "leaky_relu"]))
    N, depth = rng.integers(1, 4), rng.integers(2, 5) if activation == "relu" else 2
    width = rng.integers(1, 4, depth + 1)
    return {
        "x": rng.integers(-1, 2, (N, width[0])).astype(float),
        "y": rng.integers(-2, 3, (N, width[-1])).astype(float),
        "weights": [rng.integers(-1, 2, sides).astype(float) for sides in itertools.pairwise(width)],
        "biases": [rng.integers(-1, 2, fan_out).astype(float) for fan_out in width[1:]],
        "activation": activation,
    }


@hidden("layer_gradient_norms", **together(a_larger_network, *NETWORK))
def matches_autograd_on_other_networks(x, y, weights, biases, activation):
    """Each norm is that of torch autograd's gradient for networks that you haven't seen, of up to six layers."""
    return norms(x, y, weights, biases, activation)


@hidden("layer_gradient_norms", **together(one_example, *NETWORK))
@edge
def takes_a_batch_of_one(x, y, weights, biases, activation):
    """A batch of one example is a batch like any other."""
    return norms(x, y, weights, biases, activation)


@hidden("layer_gradient_norms", **together(forty_layers, *NETWORK))
@edge
def measures_what_is_left_after_forty_layers(x, y, weights, biases, activation):
    """In forty layers each norm is right to its digits, however little is left of the gradient."""
    return norms(x, y, weights, biases, activation)


@hidden("layer_gradient_norms", **together(at_the_kink, *NETWORK))
@edge
def knows_the_slopes_at_the_kink(x, y, weights, biases, activation):
    """Where a pre-activation is exactly 0, the slope of ReLU is 0 and that of leaky ReLU 0.01, as in torch."""
    return norms(x, y, weights, biases, activation)


# train


def a_longer_run(rng):
    """A network and up to twenty small steps."""
    return {
        **a_larger_network(rng, layers=(2, 6)),
        "learning_rate": rng.uniform(0.002, 0.01),
        "steps": int(rng.integers(2, 21)),
    }


def a_run_with_one_example(rng):
    return {**one_example(rng), "learning_rate": rng.uniform(0.01, 0.04), "steps": int(rng.integers(2, 7))}


def a_run_from_the_kink(rng):
    return {**at_the_kink(rng), "learning_rate": 0.0078125, "steps": 2}


@hidden("train", **together(a_longer_run, *RUN))
def matches_torch_on_longer_runs(x, y, weights, biases, activation, learning_rate, steps):
    """The losses equal those of torch's own run for networks that you haven't seen, over up to twenty steps."""
    return torch_losses(x, y, weights, biases, activation, learning_rate, steps)


@hidden("train", **together(a_run_with_one_example, *RUN))
@edge
def takes_a_batch_of_one(x, y, weights, biases, activation, learning_rate, steps):
    """A batch of one example is a batch like any other."""
    return torch_losses(x, y, weights, biases, activation, learning_rate, steps)


@hidden("train", **together(a_run_from_the_kink, *RUN))
@edge
def knows_the_slopes_at_the_kink(x, y, weights, biases, activation, learning_rate, steps):
    """Where a pre-activation is exactly 0, the slope of ReLU is 0 and that of leaky ReLU 0.01, as in torch."""
    return torch_losses(x, y, weights, biases, activation, learning_rate, steps)
