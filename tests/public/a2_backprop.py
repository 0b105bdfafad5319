"""Public properties of a2: students may read these, and their examples ship with the assignment."""

import itertools

import numpy as np
from htilde import curve, edge, example, parts, public
from htilde.oracle import evaluate, gradients
from htilde.strategies import arrays, integers, sampled_from, shapes, shared, together
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

parts("linear_backward", "dh", "dW", "db")
parts("mlp_forward", "h_tildes", "hs", "y_hat")
parts("mlp_backward", "dW", "db", "dh_tilde", along="layer", backward=True, order=("dh_tilde", "dW", "db"))
parts("gradient_norms", "norm", along="layer")

grid = np.linspace(-6, 6, 97)
curve("bce_with_logits_backward", h_tilde=grid, y=np.zeros(97))


# linear, linear_backward


def a_layer(rng, *, examples=(2, 5), widths=(1, 5)):
    """A batch that meets a linear layer, and a gradient that comes back. A third of the layers are square."""
    N, (fan_in, fan_out) = rng.integers(*examples), rng.integers(*widths, 2)
    fan_out = rng.choice([fan_in, fan_out, fan_out])
    return {
        "h": rng.uniform(-2, 2, (N, fan_in)),
        "W": rng.uniform(-2, 2, (fan_in, fan_out)),
        "b": rng.uniform(-2, 2, fan_out),
        "dh_tilde": rng.uniform(-2, 2, (N, fan_out)),
    }


def one_example(rng):
    """A layer that meets a batch of one, or has a single unit."""
    narrow = rng.integers(2)
    return a_layer(rng, examples=(1, 2), widths=(1, 5)) if narrow else a_layer(rng, widths=(1, 2))


h, W, b = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, 0.0, 2.0], [-1.0, 3.0, 0.5]]), np.array([0.5, 0.0, -1.0])


@public("linear", **together(a_layer, "h", "W", "b"))
@example(h=h, W=W, b=b)
def matches_torch(h, W, b):
    """h_tilde equals that of torch's linear layer, whose weight is the transpose of W."""
    return evaluate(layer, h, W, b)


@public("linear", **together(one_example, "h", "W", "b"))
@edge
@example(h=h[:1], W=W, b=b)
def takes_one_example_and_one_unit(h, W, b):
    """A batch of one example and a layer of one unit are a batch and a layer like any other."""
    return evaluate(layer, h, W, b)


@public("linear_backward", **together(a_layer, "dh_tilde", "h", "W"))
@example(dh_tilde=np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.5]]), h=h, W=W)
def matches_autograd(dh_tilde, h, W):
    """dh, dW and db equal torch autograd's for a random upstream gradient dh_tilde."""
    return linear_gradients(dh_tilde, h, W)


@public("linear_backward", **together(one_example, "dh_tilde", "h", "W"))
@edge
@example(dh_tilde=np.array([[1.0, 0.0, -1.0]]), h=h[:1], W=W)
def takes_one_example_and_one_unit(dh_tilde, h, W):
    """A batch of one example and a layer of one unit are a batch and a layer like any other."""
    return linear_gradients(dh_tilde, h, W)


# sse_loss, sse_loss_backward

outputs = shared(shapes(min_dims=2, max_dims=2, max_side=5), key="outputs")
predictions, targets = arrays(-4.0, 4.0, shape=outputs), arrays(-3.0, 3.0, shape=outputs)
far_off = arrays(-1e6, 1e6, shape=outputs)


@public("sse_loss", y_hat=predictions, y=targets)
@example(y_hat=np.array([[1.0, 2.0], [3.0, -1.0]]), y=np.array([[0.0, 2.0], [1.0, 0.5]]))
def matches_torch(y_hat, y):
    """The loss is the sum of squares over examples and outputs, a number, as torch's mse_loss with reduction="sum"."""
    return evaluate(sum_of_squares, y_hat, y)


@public("sse_loss", y_hat=predictions, y=far_off)
@edge
@example(y_hat=np.array([[1.5]]), y=np.array([[1.5]]))
@example(y_hat=np.array([[0.5, -2.0]]), y=np.array([[1e6, 2.0]]))
def is_nothing_or_huge(y_hat, y):
    """It is 0 where the network is right, and a million squared where it is off by a million."""
    return evaluate(sum_of_squares, y_hat, y)


@public("sse_loss_backward", y_hat=predictions, y=targets)
@example(y_hat=np.array([[1.0, 2.0], [3.0, -1.0]]), y=np.array([[0.0, 2.0], [1.0, 0.5]]))
def matches_autograd(y_hat, y):
    """The gradient of sse_loss with respect to y_hat equals torch autograd's, in the shape of y_hat."""
    return gradients(sum_of_squares, np.array(1.0), y_hat, y)[0]


@public("sse_loss_backward", y_hat=predictions, y=far_off)
@edge
@example(y_hat=np.array([[1.5]]), y=np.array([[1.5]]))
def vanishes_only_where_the_network_is_right(y_hat, y):
    """It is 0 where y_hat equals y, and grows with the distance without bound."""
    return gradients(sum_of_squares, np.array(1.0), y_hat, y)[0]


# bce_with_logits, bce_with_logits_backward

answers = shared(shapes(max_side=5), key="answers")
logits = arrays(-6.0, 6.0, shape=answers)
labels = arrays(0.0, 1.0, shape=answers).map(np.round)
certain = arrays(-1e4, 1e4, shape=answers)
sure = np.array([-1e4, -1e4, -40.0, 40.0, 1e4, 1e4])
told = np.array([0.0, 1.0, 1.0, 0.0, 0.0, 1.0])


@public("bce_with_logits", h_tilde=logits, y=labels)
@example(h_tilde=np.array([[0.0], [2.0]]), y=np.array([[1.0], [0.0]]))
def matches_torch(h_tilde, y):
    """The loss equals torch's binary_cross_entropy_with_logits, summed over all entries, not averaged."""
    return evaluate(cross_entropy, h_tilde, y)


@public("bce_with_logits", h_tilde=certain, y=labels)
@edge
@example(h_tilde=sure, y=told)
def is_finite_at_large_logits(h_tilde, y):
    """At logits as large as 10 000 a wrong answer costs the logit's size and a right one nothing, never NaN."""
    return evaluate(cross_entropy, h_tilde, y)


@public("bce_with_logits_backward", h_tilde=logits, y=labels)
@example(h_tilde=np.array([[0.0], [2.0]]), y=np.array([[1.0], [0.0]]))
def matches_autograd(h_tilde, y):
    """The gradient of bce_with_logits with respect to h_tilde equals torch autograd's, in the shape of h_tilde."""
    return cross_entropy_gradient(h_tilde, y)


@public("bce_with_logits_backward", h_tilde=certain, y=labels)
@edge
@example(h_tilde=sure, y=told)
def does_not_vanish_where_the_network_is_sure_and_wrong(h_tilde, y):
    """At logits as large as 10 000 it is 1 or -1 where the answer is wrong, 0 where it is right, and never NaN."""
    return cross_entropy_gradient(h_tilde, y)


# mlp_forward, mlp_backward


def forward(x, weights, biases, activation):
    """Pre-activations and activations of the hidden layers, and the output, by torch."""
    h, h_tildes, hs = x, [], []
    for W, b in zip(weights[:-1], biases[:-1]):
        h_tildes.append(layer(h, W, b))
        h = ACTIVATIONS[activation](h_tildes[-1])
        hs.append(h)
    return (*h_tildes, *hs, layer(h, weights[-1], biases[-1]))


def forward_pass(x, weights, biases, activation):
    depth = len(weights)

    def flat(x, *both):
        return forward(x, both[:depth], both[depth:], activation)

    found = evaluate(flat, x, *weights, *biases)
    return list(found[: depth - 1]), list(found[depth - 1 : -1]), found[-1]


def a_network(rng, *, layers=(2, 5), examples=(2, 5), widths=(1, 4), low=-2.0, activation=None):
    """A small network after its forward pass. In a third of them all layers have the same width."""
    activation = activation or str(rng.choice(sorted(ACTIVATIONS)))
    N, depth = rng.integers(*examples), rng.integers(*layers)
    width = rng.integers(*widths, depth + 1)
    if rng.integers(3) == 0:
        width[:] = width.max()
    x, y = rng.uniform(-2, 2, (N, width[0])), rng.uniform(-2, 2, (N, width[-1]))
    weights = [rng.uniform(low, -low, (fan_in, fan_out)) for fan_in, fan_out in itertools.pairwise(width)]
    biases = [rng.uniform(-1, 1, fan_out) for fan_out in width[1:]]
    return a_pass(x, y, weights, biases, activation)


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


def only(case, *names):
    return {name: case[name] for name in names}


SMALL = a_pass(
    np.array([[1.0, -1.0], [0.5, 2.0]]),
    np.array([[1.0], [0.0]]),
    [
        np.array([[1.0, 0.5, -1.0], [2.0, -1.0, 0.0]]),
        np.array([[1.0, -0.5], [0.0, 2.0], [1.5, 1.0]]),
        np.array([[2.0], [1.0]]),
    ],
    [np.array([0.5, 0.0, 1.0]), np.array([0.25, -0.5]), np.array([0.5])],
    "tanh",
)


def no_hidden_layer(rng):
    return a_network(rng, layers=(1, 2))


@public("mlp_forward", **together(a_network, *FORWARD))
@example(**only(SMALL, *FORWARD))
def matches_torch(x, weights, biases, activation):
    """Pre-activations, activations and output equal those of the same network in torch."""
    return forward_pass(x, weights, biases, activation)


@public("mlp_forward", **together(no_hidden_layer, *FORWARD))
@edge
def knows_a_network_without_hidden_layers(x, weights, biases, activation):
    """With a single layer there is nothing to activate: two empty lists, and the output."""
    return forward_pass(x, weights, biases, activation)


@public("mlp_backward", **together(a_network, *BACKWARD))
@example(**only(SMALL, *BACKWARD))
def matches_autograd(x, y, h_tildes, hs, y_hat, weights, activation):
    """All gradients equal torch autograd's, of every weight, bias and hidden pre-activation."""
    return network_gradients(x, y, h_tildes, hs, y_hat, weights, activation)


@public("mlp_backward", **together(no_hidden_layer, *BACKWARD))
@edge
def knows_a_network_without_hidden_layers(x, y, h_tildes, hs, y_hat, weights, activation):
    """With a single layer there are one dW and one db, and no dh_tilde."""
    return network_gradients(x, y, h_tildes, hs, y_hat, weights, activation)


# gradient_norms


def some_gradients(rng):
    """Gradients of a few layers, of sizes that differ by orders of magnitude."""
    count = rng.integers(1, 6)
    return [rng.normal(0, 10.0 ** rng.integers(-3, 2), rng.integers(1, 5, 2)) for _ in range(count)]


@public("gradient_norms", dWs=integers(0, 2**32 - 1).map(lambda number: some_gradients(np.random.default_rng(number))))
@example(dWs=[np.array([[3.0, 4.0]]), np.array([[1.0, -2.0], [2.0, 4.0]])])
def matches_torch(dWs):
    """Each layer's norm is the root of the sum of squares of its entries, as torch.linalg.norm's."""
    return norms(dWs)


@public("gradient_norms", dWs=sampled_from([[np.zeros((2, 3))], [np.zeros((1, 1)), np.full((1, 1), -2.0)]]))
@edge
@example(dWs=[np.full((2, 2), 1e-30), np.zeros((2, 2)), np.full((1, 4), -1e30)])
def tells_small_from_nothing(dWs):
    """A gradient of nothing but zeros has norm 0; one of 1e-30 hasn't."""
    return norms(dWs)
