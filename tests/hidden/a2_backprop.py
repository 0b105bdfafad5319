"""Hidden properties of a2: these never ship. A student learns the claim of one that fails, never its inputs."""

import itertools

import numpy as np
from htilde import edge, example, hidden
from htilde.oracle import evaluate, gradients
from htilde.strategies import arrays, integers, shapes, shared, together
from shared.a2_backprop import (
    ACTIVATIONS,
    BACKWARD,
    FORWARD,
    cross_entropy,
    cross_entropy_gradient,
    layer,
    linear_gradients,
    network_gradients,
    norms,
    sum_of_squares,
)

# linear, linear_backward


def a_large_layer(rng):
    """A batch of up to forty examples; a third of the layers are square, and some batches are as large as the layer."""
    N, fan_in, fan_out = rng.integers(2, 41), *rng.integers(1, 9, 2)
    if rng.integers(3) == 0:
        fan_out = fan_in
    if rng.integers(4) == 0:
        N = fan_in
    return {
        "h": rng.normal(size=(N, fan_in)),
        "W": rng.normal(size=(fan_in, fan_out)),
        "b": rng.normal(size=fan_out),
        "dh_tilde": rng.normal(size=(N, fan_out)),
    }


def an_empty_batch(rng):
    """A layer that meets no example."""
    case = a_large_layer(rng)
    return {**case, "h": case["h"][:0], "dh_tilde": case["dh_tilde"][:0]}


@hidden("linear", **together(a_large_layer, "h", "W", "b"))
def matches_torch_on_other_layers(h, W, b):
    """h_tilde equals that of torch's linear layer on batches and layers that you haven't seen."""
    return evaluate(layer, h, W, b)


@hidden("linear", **together(an_empty_batch, "h", "W", "b"))
@edge
def accepts_an_empty_batch(h, W, b):
    """A batch of no examples works like any other."""
    return evaluate(layer, h, W, b)


@hidden("linear_backward", **together(a_large_layer, "dh_tilde", "h", "W"))
def matches_autograd_on_other_layers(dh_tilde, h, W):
    """dh, dW and db equal torch autograd's on batches and layers that you haven't seen."""
    return linear_gradients(dh_tilde, h, W)


@hidden("linear_backward", **together(an_empty_batch, "dh_tilde", "h", "W"))
@edge
def accepts_an_empty_batch(dh_tilde, h, W):
    """Of a batch of no examples dW and db are sums of nothing, 0 in their full shapes."""
    return linear_gradients(dh_tilde, h, W)


# sse_loss, sse_loss_backward

outputs = shared(shapes(min_dims=2, max_dims=2, max_side=12), key="outputs")
predictions, targets = arrays(-5.0, 5.0, shape=outputs), arrays(-5.0, 5.0, shape=outputs)


@hidden("sse_loss", y_hat=predictions, y=targets)
def matches_torch_on_other_batches(y_hat, y):
    """The loss is the sum of squares on batches that you haven't seen."""
    return evaluate(sum_of_squares, y_hat, y)


@hidden("sse_loss", y_hat=arrays(0.0, 1.0, shape=outputs), y=arrays(0.0, 1.0, shape=outputs))
@edge
@example(y_hat=np.zeros((0, 2)), y=np.zeros((0, 2)))
def is_nothing_of_an_empty_batch(y_hat, y):
    """Of no examples the loss is 0, a sum of nothing."""
    return evaluate(sum_of_squares, y_hat, y)


@hidden("sse_loss_backward", y_hat=predictions, y=targets)
def matches_autograd_on_other_batches(y_hat, y):
    """The gradient equals torch autograd's on batches that you haven't seen."""
    return gradients(sum_of_squares, np.array(1.0), y_hat, y)[0]


# bce_with_logits, bce_with_logits_backward

answers = shared(shapes(max_side=12), key="answers")
logits = arrays(-8.0, 8.0, shape=answers)
labels = arrays(0.0, 1.0, shape=answers).map(np.round)
large = arrays(-800.0, 800.0, shape=answers)


@hidden("bce_with_logits", h_tilde=logits, y=labels)
def matches_torch_on_other_batches(h_tilde, y):
    """The loss equals torch's on batches that you haven't seen."""
    return evaluate(cross_entropy, h_tilde, y)


@hidden("bce_with_logits", h_tilde=large, y=labels)
@edge
@example(h_tilde=np.zeros((0, 1)), y=np.zeros((0, 1)))
def is_finite_where_the_exponential_overflows(h_tilde, y):
    """At logits of some hundreds the loss stays finite, and of no examples it is 0."""
    return evaluate(cross_entropy, h_tilde, y)


@hidden("bce_with_logits_backward", h_tilde=logits, y=labels)
def matches_autograd_on_other_batches(h_tilde, y):
    """The gradient equals torch autograd's on batches that you haven't seen."""
    return cross_entropy_gradient(h_tilde, y)


@hidden("bce_with_logits_backward", h_tilde=large, y=labels)
@edge
@example(h_tilde=np.zeros((0, 1)), y=np.zeros((0, 1)))
def stays_finite_where_the_exponential_overflows(h_tilde, y):
    """At logits of some hundreds the gradient stays within -1 and 1."""
    return cross_entropy_gradient(h_tilde, y)


# mlp_forward, mlp_backward


def forward_pass(x, weights, biases, activation):
    """Pre-activations and activations of the hidden layers, and the output, by torch."""
    depth = len(weights)

    def flat(h, *both):
        h_tildes, hs = [], []
        for W, b in zip(both[: depth - 1], both[depth:]):
            h_tildes.append(layer(h, W, b))
            h = ACTIVATIONS[activation](h_tildes[-1])
            hs.append(h)
        return (*h_tildes, *hs, layer(h, both[depth - 1], both[-1]))

    found = evaluate(flat, x, *weights, *biases)
    return list(found[: depth - 1]), list(found[depth - 1 : -1]), found[-1]


def a_pass(x, y, weights, biases, activation):
    h_tildes, hs, y_hat = forward_pass(x, weights, biases, activation)
    return {
        "x": x,
        "y": y,
        "weights": weights,
        "biases": biases,
        "h_tildes": h_tildes,
        "hs": hs,
        "y_hat": y_hat,
        "activation": activation,
    }


def a_wider_network(rng, *, layers=(2, 5), examples=(2, 9), widths=(1, 6), scale=1.0):
    """A network after its forward pass. In a third of them all layers have the same width."""
    activation = str(rng.choice(sorted(ACTIVATIONS)))
    N, depth = rng.integers(*examples), rng.integers(*layers)
    width = rng.integers(*widths, depth + 1)
    if rng.integers(3) == 0:
        width[:] = width.max()
    x, y = rng.normal(size=(N, width[0])), rng.normal(size=(N, width[-1]))
    weights = [scale * rng.normal(size=(fan_in, fan_out)) for fan_in, fan_out in itertools.pairwise(width)]
    biases = [rng.normal(size=fan_out) for fan_out in width[1:]]
    return a_pass(x, y, weights, biases, activation)


def one_example(rng):
    """A network that meets a batch of one."""
    return a_wider_network(rng, layers=(1, 4), examples=(1, 2))


def saturated(rng):
    """A network whose units are pushed far into saturation."""
    return a_wider_network(rng, layers=(2, 4), examples=(2, 5), scale=20.0)


def a_deep_network(rng):
    """Ten layers, one behind the other."""
    return a_wider_network(rng, layers=(10, 11), examples=(2, 4), widths=(2, 4))


def at_the_kink(rng):
    """Whole numbers, so that many pre-activations of a ReLU network are exactly 0."""
    N, *width = rng.integers(1, 5, 4)
    x, y = rng.integers(-2, 3, (N, width[0])).astype(float), rng.integers(-2, 3, (N, width[-1])).astype(float)
    weights = [rng.integers(-1, 2, sides).astype(float) for sides in itertools.pairwise(width)]
    biases = [rng.integers(-1, 2, fan_out).astype(float) for fan_out in width[1:]]
    return a_pass(x, y, weights, biases, "relu")


@hidden("mlp_forward", **together(a_wider_network, *FORWARD))
def matches_torch_on_other_networks(x, weights, biases, activation):
    """Pre-activations, activations and output equal torch's for networks that you haven't seen."""
    return forward_pass(x, weights, biases, activation)


@hidden("mlp_forward", **together(one_example, *FORWARD))
@edge
def takes_a_batch_of_one(x, weights, biases, activation):
    """A batch of one example keeps its axis in every layer."""
    return forward_pass(x, weights, biases, activation)


@hidden("mlp_forward", **together(saturated, *FORWARD))
@edge
def is_exact_in_saturation(x, weights, biases, activation):
    """Pre-activations of hundreds give activations at their limits, and never NaN."""
    return forward_pass(x, weights, biases, activation)


@hidden("mlp_backward", **together(a_wider_network, *BACKWARD))
def matches_autograd_on_other_networks(x, y, h_tildes, hs, y_hat, weights, activation):
    """All gradients equal torch autograd's for networks that you haven't seen."""
    return network_gradients(x, y, h_tildes, hs, y_hat, weights, activation)


@hidden("mlp_backward", **together(a_deep_network, *BACKWARD))
@edge
def goes_all_the_way_back(x, y, h_tildes, hs, y_hat, weights, activation):
    """Through ten layers the gradient reaches the first, as large or as small as it must be there."""
    return network_gradients(x, y, h_tildes, hs, y_hat, weights, activation)


@hidden("mlp_backward", **together(at_the_kink, *BACKWARD))
@edge
def passes_nothing_back_at_the_kink(x, y, h_tildes, hs, y_hat, weights, activation):
    """Where a pre-activation is exactly 0, ReLU's derivative is 0 by agreement, as in torch."""
    return network_gradients(x, y, h_tildes, hs, y_hat, weights, activation)


# gradient_norms


def more_gradients(rng):
    """Gradients of many layers, of sizes that differ by orders of magnitude."""
    return [rng.normal(0, 10.0 ** rng.integers(-6, 3), rng.integers(1, 9, 2)) for _ in range(rng.integers(1, 13))]


@hidden("gradient_norms", dWs=integers(0, 2**32 - 1).map(lambda number: more_gradients(np.random.default_rng(number))))
def matches_torch_on_other_networks(dWs):
    """Each layer's norm equals torch's for networks that you haven't seen."""
    return norms(dWs)
