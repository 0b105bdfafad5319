"""Known wrong answers to a2. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

import itertools

import numpy as np
from htilde import misconception, probes


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


ACTIVATIONS = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda h_tilde: np.maximum(h_tilde, 0)}
SLOPES = {
    "sigmoid": lambda h_tilde: sigmoid(h_tilde) * (1 - sigmoid(h_tilde)),
    "tanh": lambda h_tilde: 1 - np.tanh(h_tilde) ** 2,
    "relu": lambda h_tilde: (h_tilde > 0).astype(float),
}


def a_network(activation, *width):
    """A network of these widths, and a batch of three examples."""
    rng = np.random.default_rng(7)
    x, y = rng.uniform(-1.5, 1.5, (3, width[0])), rng.uniform(-2, 2, (3, width[-1]))
    weights = [rng.uniform(-1.5, 1.5, sides) for sides in itertools.pairwise(width)]
    biases = [rng.uniform(-1, 1, fan_out) for fan_out in width[1:]]
    return x, y, weights, biases, activation


def forward(x, weights, biases, activation):
    h, h_tildes, hs = x, [], []
    for W, b in zip(weights[:-1], biases[:-1]):
        h_tildes.append(h @ W + b)
        h = ACTIVATIONS[activation](h_tildes[-1])
        hs.append(h)
    return h_tildes, hs, h @ weights[-1] + biases[-1]


def backward(x, y, h_tildes, hs, y_hat, weights, activation):
    """The right answer, from which the wrong ones differ in one place."""
    dh_tilde = 2 * (y_hat - y)
    dWs, dbs, dh_tildes = [], [], []
    for at in reversed(range(len(weights))):
        dWs.insert(0, [x, *hs][at].T @ dh_tilde)
        dbs.insert(0, dh_tilde.sum(axis=0))
        if at > 0:
            dh_tilde = dh_tilde @ weights[at].T * SLOPES[activation](h_tildes[at - 1])
            dh_tildes.insert(0, dh_tilde)
    return dWs, dbs, dh_tildes


# Of the same widths, so that a transpose too many goes through, and of different ones.
NETWORKS = [
    a_network("tanh", 3, 3, 3, 3),
    a_network("sigmoid", 3, 3, 3, 3),
    a_network("relu", 3, 3, 3, 3),
    a_network("sigmoid", 2, 4, 3, 1),
    a_network("tanh", 3, 2),
]


def after_its_pass(x, y, weights, biases, activation):
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    known = {"x": x, "y": y, "h_tildes": h_tildes, "hs": hs, "y_hat": y_hat}
    return {**known, "weights": weights, "activation": activation}


# Whole numbers, so that the kink is met.
KINK = [
    np.array([[1.0, -1.0, 0.0], [0.0, 1.0, 1.0], [-1.0, 0.0, 1.0]]),
    np.array([[1.0, 1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 1.0, -1.0]]),
]
KINKED = after_its_pass(np.eye(3), np.full((3, 3), 2.0), [*KINK, KINK[0].T], [np.zeros(3)] * 3, "relu")
PASSES = [*(after_its_pass(*network) for network in NETWORKS[:4]), KINKED]

H = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.5], [-2.0, 1.0, 0.25]])
SQUARE = np.array([[1.0, -0.5, 0.25], [2.0, 0.5, -1.0], [-1.5, 0.75, 1.25]])
WIDE = np.array([[1.0, -0.5, 0.25, 2.0], [2.0, 0.5, -1.0, 0.5], [-1.5, 0.75, 1.25, -2.0]])
BACK = np.array([[0.75, -1.5, 1.0], [-0.25, 2.0, 0.5], [1.25, -0.5, -1.75]])
WIDE_BACK = np.array([[0.75, -1.5, 1.0, 0.5], [-0.25, 2.0, 0.5, -1.0]])
Y = np.array([[1.0, 0.0, -1.0], [0.5, 2.0, 1.0]])
Y_HAT = np.array([[0.25, -1.0, 2.0], [1.5, 0.75, -0.5]])
LOGITS = np.array([[-2.5, 0.5], [1.25, 3.0], [-0.75, 2.0]])
LABELS = np.array([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
SURE = np.array([-9e3, -750.0, 750.0, 9e3, -40.0, 40.0])
TOLD = np.array([1.0, 0.0, 0.0, 1.0, 1.0, 0.0])

probes("linear", h=H, W=SQUARE, b=np.array([0.5, -1.0, 2.0]))
probes("linear", h=H[:2], W=WIDE, b=np.array([0.5, -1.0, 2.0, 0.25]))
probes("linear_backward", dh_tilde=BACK, h=H, W=SQUARE)
probes("linear_backward", dh_tilde=WIDE_BACK, h=H[:2], W=WIDE)
for exercise in ("sse_loss", "sse_loss_backward"):
    probes(exercise, y_hat=Y_HAT, y=Y)
for exercise in ("bce_with_logits", "bce_with_logits_backward"):
    probes(exercise, h_tilde=LOGITS, y=LABELS)
    probes(exercise, h_tilde=SURE, y=TOLD)
for x, _y, weights, biases, activation in NETWORKS:
    probes("mlp_forward", x=x, weights=weights, biases=biases, activation=activation)
for case in PASSES:
    probes("mlp_backward", **case)
probes("gradient_norms", dWs=[SQUARE, WIDE, np.array([[0.5, -0.25]])])


@misconception("linear")
def forgets_the_bias(h, W, b):
    """The bias is missing: with h all zeros the result would be 0, whatever b is."""
    return h @ W


@misconception("linear")
def transposes_the_weights(h, W, b):
    """W is transposed here. It is (fan_in, fan_out): its rows belong to the entries of h already."""
    return h @ W.T + b


@misconception("linear")
def puts_the_weights_first(h, W, b):
    """This is W h. Examples are the rows of h here, so h stands on the left: h W, as in the formula above."""
    return W @ h + b


@misconception("linear")
def multiplies_entry_by_entry(h, W, b):
    """The product is entry by entry. Each unit sums over all entries of h, each with a weight of its own."""
    return h * W + b


@misconception("linear")
def subtracts_the_bias(h, W, b):
    """The bias is subtracted; it is added."""
    return h @ W - b


@misconception("linear")
def activates(h, W, b):
    """An activation has been applied. The linear half of a layer ends at h_tilde."""
    return np.maximum(h @ W + b, 0)


@misconception("linear")
def adds_the_bias_to_the_weights(h, W, b):
    """b is added to W before the product, so it is multiplied by h, too. It belongs to h_tilde, after the product."""
    return h @ (W + b)


@misconception("linear")
def adds_a_bias_to_each_example(h, W, b):
    """Each example gets an entry of b, where each unit should: b has one for every column of h_tilde."""
    return h @ W + b[:, None]


@misconception("linear_backward")
def multiplies_by_the_weights_untransposed(dh_tilde, h, W):
    """In dh the weights aren't transposed. On the way back the gradient goes from the units of h_tilde to those of h: check the shapes of (N, fan_out) and W."""
    return dh_tilde @ W, h.T @ dh_tilde, dh_tilde.sum(axis=0)


@misconception("linear_backward")
def returns_dW_transposed(dh_tilde, h, W):
    """dW has come out transposed. It has the shape of W, with a row for each entry of h."""
    return dh_tilde @ W.T, dh_tilde.T @ h, dh_tilde.sum(axis=0)


@misconception("linear_backward")
def multiplies_h_untransposed(dh_tilde, h, W):
    """In dW the sum doesn't run over the examples: h stands there untransposed. Each weight collects from every example of the batch."""
    return dh_tilde @ W.T, h @ dh_tilde, dh_tilde.sum(axis=0)


@misconception("linear_backward")
def keeps_the_batch_in_db(dh_tilde, h, W):
    """db still has a row for each example. One bias serves the whole batch, so it collects from all of them."""
    return dh_tilde @ W.T, h.T @ dh_tilde, dh_tilde


@misconception("linear_backward")
def sums_db_over_the_units(dh_tilde, h, W):
    """db is summed over the units, along axis 1. Each unit has a bias of its own; it is the examples, axis 0, that are summed over."""
    return dh_tilde @ W.T, h.T @ dh_tilde, dh_tilde.sum(axis=1)


@misconception("linear_backward")
def sums_db_over_everything(dh_tilde, h, W):
    """db is a single number. Each unit has a bias of its own; only the examples, axis 0, are summed over."""
    return dh_tilde @ W.T, h.T @ dh_tilde, dh_tilde.sum()


@misconception("linear_backward")
def averages_db(dh_tilde, h, W):
    """db is an average over the batch. The same b is added for each example, so their gradients add up; dividing, if at all, is the loss's business."""
    return dh_tilde @ W.T, h.T @ dh_tilde, dh_tilde.mean(axis=0)


@misconception("linear_backward")
def averages_over_the_batch(dh_tilde, h, W):
    """dW and db are divided by the number of examples. Averaging, if any, belongs to the loss and is in dh_tilde already."""
    return dh_tilde @ W.T, h.T @ dh_tilde / len(h), dh_tilde.mean(axis=0)


@misconception("linear_backward")
def averages_dW(dh_tilde, h, W):
    """dW is divided by the number of examples. Averaging, if any, belongs to the loss and is in dh_tilde already."""
    return dh_tilde @ W.T, h.T @ dh_tilde / len(h), dh_tilde.sum(axis=0)


@misconception("linear_backward")
def multiplies_db_by_the_input(dh_tilde, h, W):
    """db is multiplied by h. The bias stands alone in h W + b, so nothing but 1 is its local gradient."""
    return dh_tilde @ W.T, h.T @ dh_tilde, (h.T @ dh_tilde).sum(axis=0)


@misconception("linear_backward")
def forgets_the_upstream_gradient_in_dW(dh_tilde, h, W):
    """dW doesn't depend on dh_tilde. Each weight's gradient is the upstream gradient of its unit times the entry of h that it multiplies."""
    return dh_tilde @ W.T, h.T @ np.ones_like(dh_tilde), dh_tilde.sum(axis=0)


@misconception("linear_backward")
def forgets_the_upstream_gradient_in_dh(dh_tilde, h, W):
    """dh doesn't depend on dh_tilde: this is the sum of the weights. The chain rule multiplies each by what comes in at its unit."""
    return np.ones_like(dh_tilde) @ W.T, h.T @ dh_tilde, dh_tilde.sum(axis=0)


@misconception("linear_backward")
def passes_the_gradient_on_unchanged(dh_tilde, h, W):
    """dh is dh_tilde itself, as if there were no weights in between."""
    return dh_tilde, h.T @ dh_tilde, dh_tilde.sum(axis=0)


@misconception("linear_backward")
def multiplies_entry_by_entry(dh_tilde, h, W):
    """In dW the product is entry by entry. dW[i, j] sums h[n, i] dh_tilde[n, j] over the examples n."""
    return dh_tilde @ W.T, h * dh_tilde, dh_tilde.sum(axis=0)


@misconception("linear_backward")
def keeps_the_last_example(dh_tilde, h, W):
    """dW and db are those of the last example alone: each example has overwritten the one before, where it should be added to it."""
    return dh_tilde @ W.T, np.outer(h[-1], dh_tilde[-1]), dh_tilde[-1]


@misconception("linear_backward")
def returns_dW_first(dh_tilde, h, W):
    """The order is dh, dW, db; here dW comes first."""
    return h.T @ dh_tilde, dh_tilde @ W.T, dh_tilde.sum(axis=0)


@misconception("linear_backward")
def returns_dW_first_and_dh_last(dh_tilde, h, W):
    """The order is dh, dW, db; here it is dW, db, dh."""
    return h.T @ dh_tilde, dh_tilde.sum(axis=0), dh_tilde @ W.T


@misconception("linear_backward")
def returns_db_before_dW(dh_tilde, h, W):
    """The order is dh, dW, db; here db comes before dW."""
    return dh_tilde @ W.T, dh_tilde.sum(axis=0), h.T @ dh_tilde


@misconception("sse_loss")
def averages_over_everything(y_hat, y):
    """This is the mean of the squares. The loss is their sum."""
    return np.mean((y_hat - y) ** 2)


@misconception("sse_loss")
def averages_over_the_batch(y_hat, y):
    """The sum is divided by the number of examples. Here the loss is the plain sum."""
    return np.sum((y_hat - y) ** 2) / len(y)


@misconception("sse_loss")
def halves(y_hat, y):
    """There is a factor 1/2 too many. Some books add it so that no 2 is left in the gradient; here it isn't there."""
    return np.sum((y_hat - y) ** 2) / 2


@misconception("sse_loss")
def forgets_the_square(y_hat, y):
    """The differences aren't squared, so those of opposite signs cancel: a network may be far off and this be 0."""
    return np.sum(y_hat - y)


@misconception("sse_loss")
def takes_absolute_values(y_hat, y):
    """Absolute values are summed. The norm in the formula is squared."""
    return np.sum(np.abs(y_hat - y))


@misconception("sse_loss")
def takes_the_root(y_hat, y):
    """A root is taken. The norm in the formula is squared, so the root goes away."""
    return np.sqrt(np.sum((y_hat - y) ** 2))


@misconception("sse_loss")
def keeps_the_examples(y_hat, y):
    """There is a loss for each example. One number is asked, their sum."""
    return np.sum((y_hat - y) ** 2, axis=1)


@misconception("sse_loss")
def squares_the_sum(y_hat, y):
    """The sum is squared, not each difference. Differences of opposite signs cancel before they are counted."""
    return np.sum(y_hat - y) ** 2


@misconception("sse_loss_backward")
def forgets_the_two(y_hat, y):
    """The factor 2 of the squares is missing. It would be cancelled only by a 1/2 in the loss, which isn't there."""
    return y_hat - y


@misconception("sse_loss_backward")
def has_the_wrong_sign(y_hat, y):
    """The sign is wrong. Where y_hat is too large, the loss grows with it: the gradient must be positive there."""
    return 2 * (y - y_hat)


@misconception("sse_loss_backward")
def has_the_wrong_sign_and_no_two(y_hat, y):
    """The sign is wrong, and the factor 2 of the squares is missing. Where y_hat is too large, the gradient must be positive."""
    return y - y_hat


@misconception("sse_loss_backward")
def averages_over_everything(y_hat, y):
    """This is the gradient of the mean of the squares. The loss is their sum."""
    return 2 * (y_hat - y) / y.size


@misconception("sse_loss_backward")
def averages_over_the_batch(y_hat, y):
    """There is a division by the number of examples. The loss is a plain sum over them, so nothing is divided here either."""
    return 2 * (y_hat - y) / len(y)


@misconception("sse_loss_backward")
def averages_and_forgets_the_two(y_hat, y):
    """There is a division by the number of examples, and the factor 2 of the squares is missing."""
    return (y_hat - y) / len(y)


@misconception("sse_loss_backward")
def returns_signs(y_hat, y):
    """This says only in which direction y_hat is wrong. With squares the gradient also grows with the distance."""
    return np.sign(y_hat - y)


@misconception("sse_loss_backward")
def returns_the_squares(y_hat, y):
    """These are the terms of the loss itself. Asked is how it changes with y_hat."""
    return (y_hat - y) ** 2


@misconception("sse_loss_backward")
def sums_over_the_batch(y_hat, y):
    """The examples have been summed over. Each entry of y_hat has a gradient of its own."""
    return 2 * (y_hat - y).sum(axis=0)


@misconception("sse_loss_backward")
def multiplies_by_the_prediction(y_hat, y):
    """There is a factor y_hat too many. The inner derivative of y_hat - y with respect to y_hat is 1."""
    return 2 * (y_hat - y) * y_hat


def log_sigmoid(h_tilde):
    return -np.logaddexp(0, -h_tilde)


@misconception("bce_with_logits")
def averages(h_tilde, y):
    """This is the mean over the entries. The loss is their sum."""
    return -np.mean(y * log_sigmoid(h_tilde) + (1 - y) * log_sigmoid(-h_tilde))


@misconception("bce_with_logits")
def averages_over_the_batch(h_tilde, y):
    """The sum is divided by the number of examples. Here the loss is the plain sum."""
    return -np.sum(y * log_sigmoid(h_tilde) + (1 - y) * log_sigmoid(-h_tilde)) / len(y)


@misconception("bce_with_logits")
def has_the_wrong_sign(h_tilde, y):
    """The sign is wrong: logarithms of probabilities are negative, and a loss is not."""
    return np.sum(y * log_sigmoid(h_tilde) + (1 - y) * log_sigmoid(-h_tilde))


@misconception("bce_with_logits")
def applies_the_sigmoid_twice(h_tilde, y):
    """The sigmoid is applied twice. A logit becomes a probability once, so the loss of a sure and right answer must come near 0."""
    p = sigmoid(sigmoid(h_tilde))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception("bce_with_logits")
def forgets_the_negative_examples(h_tilde, y):
    """Only entries with y = 1 count. Where y is 0 the network should say no, and the second term of the formula asks for that."""
    return -np.sum(y * log_sigmoid(h_tilde))


@misconception("bce_with_logits")
def forgets_the_positive_examples(h_tilde, y):
    """Only entries with y = 0 count. Where y is 1 the network should say yes, and the first term of the formula asks for that."""
    return -np.sum((1 - y) * log_sigmoid(-h_tilde))


@misconception("bce_with_logits")
def swaps_the_labels(h_tilde, y):
    """The labels are swapped: a large logit is punished where y is 1."""
    return -np.sum((1 - y) * log_sigmoid(h_tilde) + y * log_sigmoid(-h_tilde))


@misconception("bce_with_logits")
def takes_logits_for_probabilities(h_tilde, y):
    """The logarithm of the logit itself is taken, which for a negative one is NaN. First the sigmoid makes a probability of it."""
    return -np.sum(y * np.log(h_tilde) + (1 - y) * np.log(1 - h_tilde))


@misconception("bce_with_logits")
def keeps_the_entries(h_tilde, y):
    """There is a loss for each entry. One number is asked, their sum."""
    return -(y * log_sigmoid(h_tilde) + (1 - y) * log_sigmoid(-h_tilde))


@misconception("bce_with_logits")
def squares_the_difference(h_tilde, y):
    """This is a sum of squares between probability and label. The cross-entropy takes logarithms of the probability."""
    return np.sum((sigmoid(h_tilde) - y) ** 2)


@misconception("bce_with_logits")
def takes_the_logarithm_of_nothing(h_tilde, y):
    """For a logit far from 0 the probability is exactly 0 or 1 as a float64, and the logarithm of 0 is infinite. Simplify before you compute: what is log(1 + exp(x)) for a large x?"""
    p = sigmoid(h_tilde)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception("bce_with_logits")
def overflows(h_tilde, y):
    """An exponential overflows for a logit far from 0. Bring the formula into a form in which every exponent is negative."""
    return np.sum(np.log(1 + np.exp(h_tilde)) - y * h_tilde)


@misconception("bce_with_logits")
def clips_the_probability(h_tilde, y):
    """The probability is kept away from 0 and 1 by a small number. That keeps the loss finite, but no longer right: a wrong answer of any certainty costs the same."""
    p = np.clip(sigmoid(h_tilde), 1e-12, 1 - 1e-12)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))


@misconception("bce_with_logits")
def adds_a_small_number(h_tilde, y):
    """A small number is added inside the logarithms. That keeps the loss finite, but no longer right: a wrong answer of any certainty costs the same."""
    p = sigmoid(h_tilde)
    return -np.sum(y * np.log(p + 1e-9) + (1 - y) * np.log(1 - p + 1e-9))


@misconception("bce_with_logits_backward")
def has_the_wrong_sign(h_tilde, y):
    """The sign is wrong. Where y is 0, a larger logit makes the loss larger: the gradient must be positive there."""
    return y - sigmoid(h_tilde)


@misconception("bce_with_logits_backward")
def multiplies_by_the_slope_once_more(h_tilde, y):
    """The sigmoid's slope is there once too often. It has been cancelled by the logarithm's derivative: that is why sigmoid and cross-entropy go together."""
    p = sigmoid(h_tilde)
    return (p - y) * p * (1 - p)


@misconception("bce_with_logits_backward")
def forgets_the_sigmoid(h_tilde, y):
    """The label is subtracted from the logit. What is compared with a label is a probability."""
    return h_tilde - y


@misconception("bce_with_logits_backward")
def stops_at_the_probability(h_tilde, y):
    """This is the gradient with respect to the probability. One more link of the chain rule leads to h_tilde."""
    p = sigmoid(h_tilde)
    return (p - y) / (p * (1 - p))


@misconception("bce_with_logits_backward")
def applies_the_sigmoid_twice(h_tilde, y):
    """The sigmoid is applied twice: the inner one already gives the probability."""
    return sigmoid(sigmoid(h_tilde)) - y


@misconception("bce_with_logits_backward")
def averages(h_tilde, y):
    """There is a division by the number of entries. The loss is a plain sum over them."""
    return (sigmoid(h_tilde) - y) / y.size


@misconception("bce_with_logits_backward")
def averages_over_the_batch(h_tilde, y):
    """There is a division by the number of examples. The loss is a plain sum over them."""
    return (sigmoid(h_tilde) - y) / len(y)


@misconception("bce_with_logits_backward")
def ignores_the_labels(h_tilde, y):
    """The labels make no difference: this is the probability alone."""
    return sigmoid(h_tilde)


@misconception("bce_with_logits_backward")
def doubles(h_tilde, y):
    """The factor 2 belongs to the squares of the other loss."""
    return 2 * (sigmoid(h_tilde) - y)


@misconception("bce_with_logits_backward")
def rounds_the_probability(h_tilde, y):
    """The probability is rounded to yes or no. The gradient needs to know how sure the network was."""
    return np.round(sigmoid(h_tilde)) - y


@misconception("bce_with_logits_backward")
def divides_nothing_by_nothing(h_tilde, y):
    """For a logit far from 0 the slope of the sigmoid is exactly 0 as a float64, and 0/0 is NaN. Cancel it on paper, before you compute."""
    p = sigmoid(h_tilde)
    return (p - y) / (p * (1 - p)) * (p * (1 - p))


@misconception("bce_with_logits_backward")
def overflows(h_tilde, y):
    """exp(h_tilde) overflows for a large h_tilde, and infinity divided by infinity is NaN. Choose a form of the sigmoid whose exponential can't win in both places."""
    return np.exp(h_tilde) / (1 + np.exp(h_tilde)) - y


@misconception("mlp_forward")
def activates_the_output(x, weights, biases, activation):
    """The output has been activated, too. The last layer is linear: y_hat may be any number."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    return h_tildes, hs, ACTIVATIONS[activation](y_hat)


@misconception("mlp_forward")
def forgets_the_biases(x, weights, biases, activation):
    """The biases are missing."""
    return forward(x, weights, [np.zeros_like(b) for b in biases], activation)


@misconception("mlp_forward")
def forgets_the_last_bias(x, weights, biases, activation):
    """The bias of the last layer is missing."""
    return forward(x, weights, [*biases[:-1], np.zeros_like(biases[-1])], activation)


@misconception("mlp_forward")
def adds_the_bias_behind_the_activation(x, weights, biases, activation):
    """The biases are added behind the activation. They belong to the linear half, in front of it."""
    h, h_tildes, hs = x, [], []
    for W, b in zip(weights[:-1], biases[:-1]):
        h_tildes.append(h @ W)
        h = ACTIVATIONS[activation](h_tildes[-1]) + b
        hs.append(h)
    return h_tildes, hs, h @ weights[-1] + biases[-1]


@misconception("mlp_forward")
def passes_the_pre_activations_on(x, weights, biases, activation):
    """The next layer receives h_tilde. It should get what the activation makes of it, h; without that all layers together are a single linear one."""
    h, h_tildes, hs = x, [], []
    for W, b in zip(weights[:-1], biases[:-1]):
        h = h @ W + b
        h_tildes.append(h)
        hs.append(ACTIVATIONS[activation](h))
    return h_tildes, hs, h @ weights[-1] + biases[-1]


@misconception("mlp_forward")
def never_activates(x, weights, biases, activation):
    """There is no activation: h equals h_tilde, and all layers together are a single linear one."""
    h, h_tildes = x, []
    for W, b in zip(weights[:-1], biases[:-1]):
        h = h @ W + b
        h_tildes.append(h)
    return h_tildes, list(h_tildes), h @ weights[-1] + biases[-1]


@misconception("mlp_forward")
def gives_the_output_the_last_pre_activation(x, weights, biases, activation):
    """The output is computed from the last h_tilde. Between the two stands an activation."""
    h_tildes, hs, _ = forward(x, weights, biases, activation)
    return h_tildes, hs, [x, *h_tildes][-1] @ weights[-1] + biases[-1]


@misconception("mlp_forward")
def activates_the_input(x, weights, biases, activation):
    """The input has been activated. The first layer receives x as it is."""
    return forward(ACTIVATIONS[activation](x), weights, biases, activation)


@misconception("mlp_forward")
def activates_twice(x, weights, biases, activation):
    """The activation is applied twice in each layer."""
    h, h_tildes, hs = x, [], []
    for W, b in zip(weights[:-1], biases[:-1]):
        h_tildes.append(h @ W + b)
        h = ACTIVATIONS[activation](ACTIVATIONS[activation](h_tildes[-1]))
        hs.append(h)
    return h_tildes, hs, h @ weights[-1] + biases[-1]


@misconception("mlp_forward")
def gives_each_layer_the_input(x, weights, biases, activation):
    """Every layer receives x. Only the first one does; each of the others gets the h of the one before."""
    h_tildes = [x @ W + b for W, b in zip(weights[:-1], biases[:-1])]
    hs = [ACTIVATIONS[activation](h_tilde) for h_tilde in h_tildes]
    return h_tildes, hs, [x, *hs][-1] @ weights[-1] + biases[-1]


@misconception("mlp_forward")
def transposes_the_weights(x, weights, biases, activation):
    """The weights are transposed. W is (fan_in, fan_out) and stands to the right of h."""
    return forward(x, [W.T for W in weights], biases, activation)


@misconception("mlp_forward")
def always_takes_the_sigmoid(x, weights, biases, activation):
    """The name of the activation makes no difference here: for "tanh" and "relu" the result is the sigmoid's."""
    return forward(x, weights, biases, "sigmoid")


@misconception("mlp_forward")
def returns_the_activations_first(x, weights, biases, activation):
    """The order is h_tildes, hs, y_hat; here hs comes first."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    return hs, h_tildes, y_hat


@misconception("mlp_forward")
def returns_the_output_first(x, weights, biases, activation):
    """The order is h_tildes, hs, y_hat; here y_hat comes first."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    return y_hat, h_tildes, hs


@misconception("mlp_forward")
def counts_the_input_among_the_activations(x, weights, biases, activation):
    """hs begins with x. It holds the activations of the hidden layers only, as many as there are h_tildes."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    return h_tildes, [x, *hs], y_hat


@misconception("mlp_forward")
def counts_the_output_among_the_layers(x, weights, biases, activation):
    """The output stands in h_tildes, too. It holds the pre-activations of the hidden layers only."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    return [*h_tildes, y_hat], hs, y_hat


@misconception("mlp_forward")
def counts_the_output_twice(x, weights, biases, activation):
    """The output stands in h_tildes and in hs, too. Both hold what belongs to the hidden layers only."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    return [*h_tildes, y_hat], [*hs, y_hat], y_hat


@misconception("mlp_forward")
def returns_the_last_layer_first(x, weights, biases, activation):
    """The lists run from the last layer to the first. Both begin with the layer next to the input."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    return h_tildes[::-1], hs[::-1], y_hat


@misconception("mlp_backward")
def forgets_the_activations(x, y, h_tildes, hs, y_hat, weights, activation):
    """On the way from one layer to the one before only the weights are there. The slope of the activation, the last factor of the formula above, is missing."""
    return other_slopes(x, y, h_tildes, hs, y_hat, weights, [1.0] * len(hs))


def other_slopes(x, y, h_tildes, hs, y_hat, weights, slopes):
    """The way back with other local gradients, one for each hidden layer."""
    dh_tilde, dWs, dbs, dh_tildes = 2 * (y_hat - y), [], [], []
    for at in reversed(range(len(weights))):
        dWs.insert(0, [x, *hs][at].T @ dh_tilde)
        dbs.insert(0, dh_tilde.sum(axis=0))
        if at > 0:
            dh_tilde = dh_tilde @ weights[at].T * slopes[at - 1]
            dh_tildes.insert(0, dh_tilde)
    return dWs, dbs, dh_tildes


@misconception("mlp_backward")
def takes_h_for_h_tilde(x, y, h_tildes, hs, y_hat, weights, activation):
    """The derivative is taken at h, which has been activated already. It belongs to h_tilde, what came in at the activation."""
    return other_slopes(x, y, h_tildes, hs, y_hat, weights, [SLOPES[activation](h) for h in hs])


@misconception("mlp_backward")
def takes_h_tilde_for_h(x, y, h_tildes, hs, y_hat, weights, activation):
    """h(1 - h) and 1 - h squared are written in terms of the output h. Here h_tilde stands in its place."""
    formulas = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2, "relu": SLOPES["relu"]}
    return other_slopes(x, y, h_tildes, hs, y_hat, weights, [formulas[activation](h) for h in h_tildes])


@misconception("mlp_backward")
def multiplies_by_the_activations(x, y, h_tildes, hs, y_hat, weights, activation):
    """The gradient meets the value of the activation, h, where the chain rule wants its slope."""
    return other_slopes(x, y, h_tildes, hs, y_hat, weights, hs)


@misconception("mlp_backward")
def always_takes_the_sigmoid(x, y, h_tildes, hs, y_hat, weights, activation):
    """The name of the activation makes no difference here: for "tanh" and "relu" the slopes are the sigmoid's."""
    return backward(x, y, h_tildes, hs, y_hat, weights, "sigmoid")


@misconception("mlp_backward")
def masks_by_the_gradient(x, y, h_tildes, hs, y_hat, weights, activation):
    """ReLU's mask is taken from the gradient: where that is negative, nothing goes back. What decides is the sign of h_tilde."""
    if activation != "relu":
        return backward(x, y, h_tildes, hs, y_hat, weights, activation)
    dh_tilde, dWs, dbs, dh_tildes = 2 * (y_hat - y), [], [], []
    for at in reversed(range(len(weights))):
        dWs.insert(0, [x, *hs][at].T @ dh_tilde)
        dbs.insert(0, dh_tilde.sum(axis=0))
        if at > 0:
            dh_tilde = np.maximum(dh_tilde @ weights[at].T, 0)
            dh_tildes.insert(0, dh_tilde)
    return dWs, dbs, dh_tildes


@misconception("mlp_backward")
def takes_the_slopes_of_the_next_layer(x, y, h_tildes, hs, y_hat, weights, activation):
    """The slopes are one layer off: those of layer l + 1 stand where those of layer l belong."""
    slopes = [SLOPES[activation](h_tilde) for h_tilde in [*h_tildes[1:], *h_tildes[-1:]]]
    return other_slopes(x, y, h_tildes, hs, y_hat, weights, slopes)


@misconception("mlp_backward")
def lets_the_kink_through(x, y, h_tildes, hs, y_hat, weights, activation):
    """At a pre-activation of exactly 0 something comes through the ReLU. By agreement its derivative is 0 there."""
    slopes = {**SLOPES, "relu": lambda h_tilde: (h_tilde >= 0).astype(float)}
    return other_slopes(x, y, h_tildes, hs, y_hat, weights, [slopes[activation](h_tilde) for h_tilde in h_tildes])


def other_start(dh_tilde, x, h_tildes, hs, weights, activation):
    """The way back from another gradient of the output."""
    return backward(x, 0.0, h_tildes, hs, dh_tilde / 2, weights, activation)


@misconception("mlp_backward")
def has_the_wrong_sign(x, y, h_tildes, hs, y_hat, weights, activation):
    """All signs are wrong: the way back starts with y - y_hat. Where y_hat is too large, the loss grows with it."""
    return other_start(2 * (y - y_hat), x, h_tildes, hs, weights, activation)


@misconception("mlp_backward")
def forgets_the_two(x, y, h_tildes, hs, y_hat, weights, activation):
    """All gradients are half as large as they should be: the factor 2 of the squares is missing at the start."""
    return other_start(y_hat - y, x, h_tildes, hs, weights, activation)


@misconception("mlp_backward")
def averages_over_the_batch(x, y, h_tildes, hs, y_hat, weights, activation):
    """All gradients are divided by the number of examples. The loss is a plain sum over them."""
    return other_start(2 * (y_hat - y) / len(x), x, h_tildes, hs, weights, activation)


@misconception("mlp_backward")
def averages_over_everything(x, y, h_tildes, hs, y_hat, weights, activation):
    """All gradients are divided by the number of entries of y. The loss is a plain sum over them."""
    return other_start(2 * (y_hat - y) / y.size, x, h_tildes, hs, weights, activation)


@misconception("mlp_backward")
def averages_and_forgets_the_two(x, y, h_tildes, hs, y_hat, weights, activation):
    """The way back starts with (y_hat - y) / N. The loss is a plain sum of squares: nothing is divided, and a 2 comes down."""
    return other_start((y_hat - y) / len(x), x, h_tildes, hs, weights, activation)


@misconception("mlp_backward")
def averages_the_parameters(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each dW and db is divided by the number of examples. The loss is a plain sum over them, and so are these."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return [dW / len(x) for dW in dWs], [db / len(x) for db in dbs], dh_tildes


@misconception("mlp_backward")
def starts_with_the_output(x, y, h_tildes, hs, y_hat, weights, activation):
    """The way back starts with y_hat, as if y were 0. It starts with the gradient of the loss."""
    return other_start(y_hat, x, h_tildes, hs, weights, activation)


@misconception("mlp_backward")
def activates_the_output(x, y, h_tildes, hs, y_hat, weights, activation):
    """At the output there is the slope of an activation. The last layer is linear, so nothing stands between the loss and its weights."""
    return other_start(2 * (y_hat - y) * SLOPES[activation](y_hat), x, h_tildes, hs, weights, activation)


@misconception("mlp_backward")
def forgets_to_transpose_the_weights(x, y, h_tildes, hs, y_hat, weights, activation):
    """On the way back the weights aren't transposed. The gradient goes from the units behind to those in front."""
    return backward(x, y, h_tildes, hs, y_hat, [W.T for W in weights], activation)


@misconception("mlp_backward")
def takes_the_weights_of_the_layer_itself(x, y, h_tildes, hs, y_hat, weights, activation):
    """The weights are one layer off. The gradient of h_l comes through the weights of layer l + 1, which took h_l in."""
    return backward(x, y, h_tildes, hs, y_hat, [weights[0], *weights[:-1]], activation)


@misconception("mlp_backward")
def sends_the_output_error_to_each_layer(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each hidden layer gets the error of the output. It should get the dh_tilde of the layer behind it, through that layer's weights."""
    dy_hat = 2 * (y_hat - y)
    dh_tildes = [dy_hat @ weights[-1].T * SLOPES[activation](h_tilde) for h_tilde in h_tildes]
    inputs, gradients = [x, *hs], [*dh_tildes, dy_hat]
    return [h.T @ g for h, g in zip(inputs, gradients)], [g.sum(axis=0) for g in gradients], dh_tildes


def other_parameters(dWs, dbs, x, y, h_tildes, hs, y_hat, weights, activation):
    """The right way back with other gradients of the weights or biases, from what comes in at h_tilde and at h."""
    _, _, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    behind = [*dh_tildes, 2 * (y_hat - y)]
    dhs = [*(g @ W.T for g, W in zip(behind[1:], weights[1:])), behind[-1]]
    inputs = [x, *hs]
    return (
        [dWs(*known) for known in zip(inputs, behind, dhs)],
        [dbs(*known) for known in zip(inputs, behind, dhs)],
        dh_tildes,
    )


def right_dW(h, dh_tilde, dh):
    return h.T @ dh_tilde


def right_db(h, dh_tilde, dh):
    return dh_tilde.sum(axis=0)


@misconception("mlp_backward")
def takes_dW_from_dh(x, y, h_tildes, hs, y_hat, weights, activation):
    """dW is computed from dh. Between a layer's weights and its h stands the activation: what comes in at the weights is dh_tilde."""
    return other_parameters(lambda h, g, dh: h.T @ dh, right_db, x, y, h_tildes, hs, y_hat, weights, activation)


@misconception("mlp_backward")
def takes_db_from_dh(x, y, h_tildes, hs, y_hat, weights, activation):
    """db is computed from dh. Between a layer's bias and its h stands the activation: what comes in at the bias is dh_tilde."""
    return other_parameters(right_dW, lambda h, g, dh: dh.sum(axis=0), x, y, h_tildes, hs, y_hat, weights, activation)


@misconception("mlp_backward")
def returns_dW_transposed(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each dW has come out transposed. It has the shape of its W."""
    return other_parameters(lambda h, g, dh: g.T @ h, right_db, x, y, h_tildes, hs, y_hat, weights, activation)


@misconception("mlp_backward")
def keeps_the_batch_in_db(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each db still has a row for each example. One bias serves the whole batch, so it collects from all of them."""
    return other_parameters(right_dW, lambda h, g, dh: g, x, y, h_tildes, hs, y_hat, weights, activation)


@misconception("mlp_backward")
def averages_db(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each db is an average over the batch. The same b is added for each example, so their gradients add up."""
    return other_parameters(right_dW, lambda h, g, dh: g.mean(axis=0), x, y, h_tildes, hs, y_hat, weights, activation)


@misconception("mlp_backward")
def sums_db_over_the_units(x, y, h_tildes, hs, y_hat, weights, activation):
    """db is summed over the units, along axis 1. Each unit has a bias of its own; it is the examples, axis 0, that are summed over."""
    return other_parameters(right_dW, lambda h, g, dh: g.sum(axis=1), x, y, h_tildes, hs, y_hat, weights, activation)


@misconception("mlp_backward")
def gives_each_layer_the_input(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each dW is computed from x. What a layer's weights were multiplied by is x in the first layer only, and the h of the layer before in the others."""
    _, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return [x.T @ g for g in [*dh_tildes, 2 * (y_hat - y)]], dbs, dh_tildes


@misconception("mlp_backward")
def gives_each_layer_its_own_output(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each dW is computed from the layer's own h. What its weights were multiplied by is the h of the layer before."""
    _, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return [h.T @ g for h, g in zip([*hs, *hs[-1:]], [*dh_tildes, 2 * (y_hat - y)])], dbs, dh_tildes


@misconception("mlp_backward")
def gives_each_layer_the_pre_activation(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each dW is computed from the h_tilde of the layer before. What came in at the weights is its h."""
    return other_inputs(h_tildes, x, y, h_tildes, hs, y_hat, weights, activation)


def other_inputs(inputs, x, y, h_tildes, hs, y_hat, weights, activation):
    _, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return [h.T @ g for h, g in zip([x, *inputs], [*dh_tildes, 2 * (y_hat - y)])], dbs, dh_tildes


@misconception("mlp_backward")
def keeps_the_last_example(x, y, h_tildes, hs, y_hat, weights, activation):
    """Each dW and db is that of the last example alone: each example has overwritten the one before, where it should be added to it."""
    last = [part[-1:] for part in (x, y, y_hat)], [part[-1:] for part in h_tildes], [part[-1:] for part in hs]
    (x_last, y_last, y_hat_last), h_tildes_last, hs_last = last
    dWs, dbs, _ = backward(x_last, y_last, h_tildes_last, hs_last, y_hat_last, weights, activation)
    return dWs, dbs, backward(x, y, h_tildes, hs, y_hat, weights, activation)[2]


@misconception("mlp_backward")
def drops_the_first_layer(x, y, h_tildes, hs, y_hat, weights, activation):
    """The gradients of the first layer are 0: the loop ends one layer too early. The first layer learns, too."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return [0 * dWs[0], *dWs[1:]], [0 * dbs[0], *dbs[1:]], dh_tildes


@misconception("mlp_backward")
def leaves_the_first_layer_out(x, y, h_tildes, hs, y_hat, weights, activation):
    """The lists are one layer short: the loop ends before the first one. The first layer learns, too."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return dWs[1:], dbs[1:], dh_tildes


@misconception("mlp_backward")
def returns_the_last_layer_first(x, y, h_tildes, hs, y_hat, weights, activation):
    """The lists run from the last layer to the first, in the order in which the gradients were found. All three begin with the layer next to the input."""
    return tuple(part[::-1] for part in backward(x, y, h_tildes, hs, y_hat, weights, activation))


@misconception("mlp_backward")
def returns_the_biases_first(x, y, h_tildes, hs, y_hat, weights, activation):
    """The order is dWs, dbs, dh_tildes; here dbs comes first."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return dbs, dWs, dh_tildes


@misconception("mlp_backward")
def returns_the_pre_activations_first(x, y, h_tildes, hs, y_hat, weights, activation):
    """The order is dWs, dbs, dh_tildes; here dh_tildes comes first."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return dh_tildes, dWs, dbs


@misconception("mlp_backward")
def returns_dh_for_dh_tilde(x, y, h_tildes, hs, y_hat, weights, activation):
    """dh_tildes holds the gradients of the activations, dh. One step further, through the activation, are those of the pre-activations."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    behind = [*dh_tildes, 2 * (y_hat - y)]
    return dWs, dbs, [g @ W.T for g, W in zip(behind[1:], weights[1:])]


@misconception("mlp_backward")
def counts_the_output_among_the_layers(x, y, h_tildes, hs, y_hat, weights, activation):
    """The gradient of the output stands in dh_tildes, too. It holds those of the hidden layers only, as many as there are h_tildes."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return dWs, dbs, [*dh_tildes, 2 * (y_hat - y)]


@misconception("mlp_backward")
def goes_on_to_the_input(x, y, h_tildes, hs, y_hat, weights, activation):
    """dh_tildes begins with the gradient of the input, x. It holds those of the hidden layers only, as many as there are h_tildes."""
    dWs, dbs, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    return dWs, dbs, [[*dh_tildes, 2 * (y_hat - y)][0] @ weights[0].T, *dh_tildes]


@misconception("mlp_backward")
def forgets_the_biases(x, y, h_tildes, hs, y_hat, weights, activation):
    """The pre-activations have been computed anew, without their biases. The forward pass has left you the right ones: use h_tildes and hs."""
    h, without, activated = x, [], []
    for W in weights[:-1]:
        without.append(h @ W)
        h = ACTIVATIONS[activation](without[-1])
        activated.append(h)
    return backward(x, y, without, activated, y_hat, weights, activation)


@misconception("mlp_backward")
def repeats_the_last_gradient(x, y, h_tildes, hs, y_hat, weights, activation):
    """All hidden layers have the dh_tilde of the last one: inside the loop it never changes."""
    _, _, dh_tildes = backward(x, y, h_tildes, hs, y_hat, weights, activation)
    dh_tildes = [dh_tildes[-1] for _ in dh_tildes]
    gradients = [*dh_tildes, 2 * (y_hat - y)]
    return [h.T @ g for h, g in zip([x, *hs], gradients)], [g.sum(axis=0) for g in gradients], dh_tildes


@misconception("gradient_norms")
def forgets_the_root(dWs):
    """These are sums of squares. The norm is the root of that."""
    return np.array([np.sum(dW**2) for dW in dWs])


@misconception("gradient_norms")
def forgets_the_square(dWs):
    """Absolute values are summed. The norm squares the entries, sums, and takes the root."""
    return np.array([np.sum(np.abs(dW)) for dW in dWs])


@misconception("gradient_norms")
def sums_the_entries(dWs):
    """The entries are summed, so those of opposite signs cancel. A large gradient may look like none."""
    return np.array([np.sum(dW) for dW in dWs])


@misconception("gradient_norms")
def averages_the_squares(dWs):
    """This is the root of the mean of the squares, not of their sum."""
    return np.array([np.sqrt(np.mean(dW**2)) for dW in dWs])


@misconception("gradient_norms")
def averages_the_absolute_values(dWs):
    """This is the mean of the absolute values. The norm squares the entries, sums, and takes the root."""
    return np.array([np.mean(np.abs(dW)) for dW in dWs])


@misconception("gradient_norms")
def takes_the_largest_entry(dWs):
    """This is the largest entry of each layer. The norm counts all of them."""
    return np.array([np.max(np.abs(dW)) for dW in dWs])


@misconception("gradient_norms")
def takes_the_spectral_norm(dWs):
    """This is the largest singular value of each dW, np.linalg.norm with ord=2. Asked is the root of the sum of squares of all entries."""
    return np.array([np.linalg.norm(dW, 2) for dW in dWs])


@misconception("gradient_norms")
def takes_one_norm_of_all(dWs):
    """There is one norm for the whole network. Asked is one for each layer, to see where the gradient gets lost."""
    return np.sqrt(sum(np.sum(dW**2) for dW in dWs))


@misconception("gradient_norms")
def takes_norms_of_columns(dWs):
    """There is a norm for each unit, along axis 0. Asked is one number for each layer."""
    return [np.linalg.norm(dW, axis=0) for dW in dWs]


@misconception("gradient_norms")
def returns_the_last_layer_first(dWs):
    """The norms run from the last layer to the first. Like dWs they begin with the layer next to the input."""
    return np.array([np.linalg.norm(dW) for dW in dWs])[::-1]


@misconception("gradient_norms")
def divides_by_the_largest(dWs):
    """The norms are divided by the largest of them. Asked are the norms themselves."""
    norms = np.array([np.linalg.norm(dW) for dW in dWs])
    return norms / norms.max()
