"""Known wrong answers to a7. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

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


def norm(grads):
    return np.sqrt(sum(np.sum(grad**2) for grad in grads))


def clipped(grads, max_norm, total, *, factor=None):
    """The right answer, from which the wrong ones differ in their norm or in their factor."""
    factor = min(1.0, max_norm / (total + 1e-6)) if factor is None else factor
    return [factor * grad for grad in grads], total


SQUARE = np.array([[3.0, -0.5, 1.0], [0.25, -4.0, 2.0], [-1.5, 0.75, 5.0]])
WIDE = np.array([[1.5, -1.0, 0.5, 2.5], [0.75, 3.5, -2.0, -0.25]])
GRADS = [SQUARE, np.array([1.5, -2.75, 0.5]), WIDE]

probes("clip_by_value", grads=GRADS, limit=1.25)
probes("clip_by_value", grads=GRADS, limit=3.0)
probes("clip_by_global_norm", grads=GRADS, max_norm=4.0)
probes("clip_by_global_norm", grads=GRADS, max_norm=40.0)
probes("clip_by_global_norm", grads=[1e-6 * grad for grad in GRADS], max_norm=4e-6)
probes("clip_by_global_norm", grads=[np.array([3e-5]), np.array([[4e-5]])], max_norm=5e-5)
probes("clip_by_global_norm", grads=[np.zeros(2), np.zeros((1, 2))], max_norm=1.0)
probes("sgd_step", params=GRADS, grads=[SQUARE.T + 0.5, np.array([-1.0, 0.5, 2.0]), WIDE[::-1] - 1], learning_rate=0.3)


@misconception("clip_by_value")
def clips_only_from_above(grads, limit):
    """Only what is too large is cut. An entry far below 0 is just as dangerous: there is a bound on each side."""
    return [np.minimum(grad, limit) for grad in grads]


@misconception("clip_by_value")
def clips_only_from_below(grads, limit):
    """Only what is too far below 0 is cut. There is a bound on each side."""
    return [np.maximum(grad, -limit) for grad in grads]


@misconception("clip_by_value")
def loses_the_sign(grads, limit):
    """The signs are gone. A gradient that points down must still point down after clipping."""
    return [np.minimum(np.abs(grad), limit) for grad in grads]


@misconception("clip_by_value")
def cuts_at_0(grads, limit):
    """Negative entries have become 0. The range goes from minus the limit to the limit."""
    return [np.clip(grad, 0, limit) for grad in grads]


@misconception("clip_by_value")
def drops_what_is_too_large(grads, limit):
    """What is beyond the limit has become 0. It should become the limit: the entry that matters most must not be forgotten."""
    return [np.where(np.abs(grad) > limit, 0.0, grad) for grad in grads]


@misconception("clip_by_value")
def takes_the_sign_alone(grads, limit):
    """Every entry is the limit or minus the limit, the small ones, too. What lies between the bounds stays as it is."""
    return [limit * np.sign(grad) for grad in grads]


@misconception("clip_by_value")
def forgets_the_sign_of_the_limit(grads, limit):
    """What is too far below 0 has become the limit itself, with the wrong sign. It becomes minus the limit."""
    return [np.where(np.abs(grad) > limit, limit, grad) for grad in grads]


@misconception("clip_by_value")
def scales_by_the_largest_entry(grads, limit):
    """All entries are scaled until the largest fits. Here each entry is looked at alone, and what lies between the bounds stays."""
    largest = max(np.max(np.abs(grad)) for grad in grads)
    return [grad * min(1.0, limit / largest) for grad in grads]


@misconception("clip_by_value")
def scales_each_array_by_its_largest_entry(grads, limit):
    """Each array is scaled until its largest entry fits. Here each entry is looked at alone, and what lies between the bounds stays."""
    return [grad * min(1.0, limit / np.max(np.abs(grad))) for grad in grads]


@misconception("clip_by_value")
def clips_the_norm(grads, limit):
    """This is clipping by the global norm, the next exercise. Here each entry is looked at alone."""
    return clipped(grads, limit, norm(grads))[0]


@misconception("clip_by_value")
def clips_the_norm_of_each_array(grads, limit):
    """Each array is scaled by its norm. Here each entry is looked at alone."""
    return [clipped([grad], limit, norm([grad]))[0][0] for grad in grads]


@misconception("clip_by_value")
def squashes(grads, limit):
    """The entries are squashed smoothly, so that the small ones change as well. What lies between the bounds stays as it is."""
    return [limit * np.tanh(grad / limit) for grad in grads]


@misconception("clip_by_value")
def clips_the_first_array_alone(grads, limit):
    """Only the first array is clipped. Each array of the list is."""
    return [np.clip(grads[0], -limit, limit), *grads[1:]]


@misconception("clip_by_value")
def returns_the_first_array_alone(grads, limit):
    """This is the first array alone. Asked is a list with all of them."""
    return np.clip(grads[0], -limit, limit)


@misconception("clip_by_value")
def takes_the_limit_for_the_whole_range(grads, limit):
    """The bounds are half the limit. The range goes from minus the limit to the limit, so it is twice as wide."""
    return [np.clip(grad, -limit / 2, limit / 2) for grad in grads]


@misconception("clip_by_value")
def strings_the_arrays_together(grads, limit):
    """This is one long vector. Asked is a list of arrays in the shapes that came in."""
    return np.clip(np.concatenate([grad.ravel() for grad in grads]), -limit, limit)


@misconception("clip_by_global_norm")
def takes_the_norm_of_each_array(grads, max_norm):
    """Each array is scaled by its own norm. That changes the arrays' sizes relative to each other, and so the direction: one norm and one factor are for all of them."""
    return [clipped([grad], max_norm, norm([grad]))[0][0] for grad in grads], norm(grads)


@misconception("clip_by_global_norm")
def returns_the_norm_of_each_array(grads, max_norm):
    """Each array is scaled by its own norm, and the norms are returned as a list. One norm and one factor are for all arrays together."""
    return [clipped([grad], max_norm, norm([grad]))[0][0] for grad in grads], [norm([grad]) for grad in grads]


@misconception("clip_by_global_norm")
def returns_the_norm_after_clipping(grads, max_norm):
    """The norm that is returned is the one after clipping, which never tells more than the limit. Asked is the norm before."""
    scaled, _ = clipped(grads, max_norm, norm(grads))
    return scaled, norm(scaled)


@misconception("clip_by_global_norm")
def scales_up_what_is_small(grads, max_norm):
    """Gradients that are short enough already are stretched to the limit. Clipping only ever shortens: which factor is the largest that it may use?"""
    return clipped(grads, max_norm, norm(grads), factor=max_norm / (norm(grads) + 1e-6))


@misconception("clip_by_global_norm")
def forgets_the_small_number(grads, max_norm):
    """The 1e-6 beside the norm is missing, which shows where the norm is small or just at the limit. Gradients of zeros would be divided by 0."""
    total = norm(grads)
    return clipped(grads, max_norm, total, factor=min(1.0, max_norm / total) if total else 1.0)


@misconception("clip_by_global_norm")
def divides_nothing_by_nothing(grads, max_norm):
    """The 1e-6 beside the norm is missing, so that gradients of zeros become 0/0, which is NaN."""
    total = norm(grads)
    return clipped(grads, max_norm, total, factor=np.minimum(1.0, max_norm / total) if total else np.nan)


@misconception("clip_by_global_norm")
def looks_whether_the_norm_is_too_large(grads, max_norm):
    """Nothing is done unless the norm is above the limit. By the formula, where it is exactly at the limit or a little below, the 1e-6 makes the factor a hair smaller than 1."""
    total = norm(grads)
    return clipped(grads, max_norm, total, factor=None if total > max_norm else 1.0)


@misconception("clip_by_global_norm")
def adds_the_small_number_behind_the_fraction(grads, max_norm):
    """The 1e-6 is added to the quotient. It belongs to the norm, in the divisor: look at the parentheses."""
    total = norm(grads)
    return clipped(grads, max_norm, total, factor=min(1.0, max_norm / total + 1e-6) if total else 1.0)


@misconception("clip_by_global_norm")
def adds_the_small_number_below_the_root(grads, max_norm):
    """The 1e-6 is added below the root, to the sum of squares. It stands beside the norm."""
    total = norm(grads)
    return clipped(grads, max_norm, total, factor=min(1.0, max_norm / np.sqrt(total**2 + 1e-6)))


@misconception("clip_by_global_norm")
def returns_the_divisor(grads, max_norm):
    """The norm that is returned contains the 1e-6. It is only added in the divisor."""
    scaled, total = clipped(grads, max_norm, norm(grads))
    return scaled, total + 1e-6


@misconception("clip_by_global_norm")
def clips_by_value(grads, max_norm):
    """This is clipping by value: each entry is cut on its own, and the direction changes. Here all of them are multiplied by one factor."""
    return [np.clip(grad, -max_norm, max_norm) for grad in grads], norm(grads)


@misconception("clip_by_global_norm")
def forgets_the_root(grads, max_norm):
    """The root is missing: this is the square of the norm."""
    return clipped(grads, max_norm, norm(grads) ** 2)


@misconception("clip_by_global_norm")
def adds_up_the_norms(grads, max_norm):
    """The norms of the arrays are added up. Lengths at right angles don't add up, their squares do: one root, around the sum of all squares."""
    return clipped(grads, max_norm, sum(norm([grad]) for grad in grads))


@misconception("clip_by_global_norm")
def takes_the_largest_norm(grads, max_norm):
    """This is the largest of the arrays' norms. The global norm is that of all entries of all arrays together."""
    return clipped(grads, max_norm, max(norm([grad]) for grad in grads))


@misconception("clip_by_global_norm")
def averages_the_norms(grads, max_norm):
    """This is the mean of the arrays' norms. The global norm is that of all entries of all arrays together."""
    return clipped(grads, max_norm, np.mean([norm([grad]) for grad in grads]))


@misconception("clip_by_global_norm")
def takes_the_largest_entry(grads, max_norm):
    """The largest entry is taken for the norm. The norm is the root of the sum of squares of all entries."""
    return clipped(grads, max_norm, max(np.max(np.abs(grad)) for grad in grads))


@misconception("clip_by_global_norm")
def adds_up_absolute_values(grads, max_norm):
    """Absolute values are added up. The norm is the root of the sum of squares."""
    return clipped(grads, max_norm, sum(np.sum(np.abs(grad)) for grad in grads))


@misconception("clip_by_global_norm")
def averages_the_squares(grads, max_norm):
    """The squares are averaged, so the number of entries makes no difference. They are summed up."""
    return clipped(grads, max_norm, norm(grads) / np.sqrt(sum(grad.size for grad in grads)))


@misconception("clip_by_global_norm")
def takes_the_largest_singular_value(grads, max_norm):
    """Of the matrices the largest singular value is taken, as np.linalg.norm does when it is given a 2. All entries count alike, those of a matrix as those of a vector."""
    return clipped(grads, max_norm, np.sqrt(sum(np.linalg.norm(grad, 2) ** 2 for grad in grads)))


@misconception("clip_by_global_norm")
def leaves_the_vectors_out(grads, max_norm):
    """Only matrices count for the norm. The gradients of the biases, the vectors, belong to it, too."""
    return clipped(grads, max_norm, norm([grad for grad in grads if grad.ndim > 1]))


@misconception("clip_by_global_norm")
def forgets_to_scale_the_vectors(grads, max_norm):
    """Only matrices are scaled. The gradients of the biases, the vectors, get the same factor."""
    scaled, total = clipped(grads, max_norm, norm(grads))
    return [new if new.ndim > 1 else old for new, old in zip(scaled, grads)], total


@misconception("clip_by_global_norm")
def makes_the_norm_1(grads, max_norm):
    """The gradients are divided by the norm alone, so that their norm is 1 whatever max_norm says."""
    total = norm(grads)
    return clipped(grads, max_norm, total, factor=1 / (total + 1e-6) if total > max_norm else 1.0)


@misconception("clip_by_global_norm")
def turns_the_fraction_over(grads, max_norm):
    """The fraction is upside down: gradients that are too long become longer."""
    total = norm(grads)
    return clipped(grads, max_norm, total, factor=max(1.0, total / max_norm))


@misconception("clip_by_global_norm")
def never_clips(grads, max_norm):
    """The gradients come back as they were, however long they are."""
    return clipped(grads, max_norm, norm(grads), factor=1.0)


@misconception("clip_by_global_norm")
def returns_the_norm_first(grads, max_norm):
    """The order is grads, total_norm; here the norm comes first."""
    return clipped(grads, max_norm, norm(grads))[::-1]


@misconception("clip_by_global_norm")
def returns_the_gradients_alone(grads, max_norm):
    """The norm is missing. It is what one watches during training: return it beside the gradients."""
    return clipped(grads, max_norm, norm(grads))[0]


@misconception("clip_by_global_norm")
def returns_the_factor(grads, max_norm):
    """What stands beside the gradients is the factor. Asked is the norm before clipping."""
    total = norm(grads)
    return clipped(grads, max_norm, total)[0], min(1.0, max_norm / (total + 1e-6))


@misconception("clip_by_global_norm")
def strings_the_arrays_together(grads, max_norm):
    """The gradients have become one long vector. Asked is a list of arrays in the shapes that came in."""
    scaled, total = clipped(grads, max_norm, norm(grads))
    return np.concatenate([grad.ravel() for grad in scaled]), total


@misconception("sgd_step")
def climbs(params, grads, learning_rate):
    """This step goes up. A gradient points to where the loss grows; one goes the other way."""
    return [param + learning_rate * grad for param, grad in zip(params, grads)]


@misconception("sgd_step")
def forgets_the_learning_rate(params, grads, learning_rate):
    """The learning rate makes no difference: the whole gradient is subtracted."""
    return [param - grad for param, grad in zip(params, grads)]


@misconception("sgd_step")
def divides_by_the_learning_rate(params, grads, learning_rate):
    """The gradient is divided by the learning rate. A smaller one should make a smaller step."""
    return [param - grad / learning_rate for param, grad in zip(params, grads)]


@misconception("sgd_step")
def returns_the_step(params, grads, learning_rate):
    """This is what has to be subtracted from the parameters. Asked are the parameters after the step."""
    return [learning_rate * grad for grad in grads]


@misconception("sgd_step")
def returns_the_change(params, grads, learning_rate):
    """This is the change of the parameters. Asked are the parameters after it."""
    return [-learning_rate * grad for grad in grads]


@misconception("sgd_step")
def returns_the_old_parameters(params, grads, learning_rate):
    """The parameters come back as they were: no step is taken."""
    return list(params)


@misconception("sgd_step")
def multiplies_the_parameters(params, grads, learning_rate):
    """The step is multiplied by the parameter, so that a parameter of 0 could never move. It is subtracted as it is."""
    return [param * (1 - learning_rate * grad) for param, grad in zip(params, grads)]


@misconception("sgd_step")
def multiplies_both_by_the_learning_rate(params, grads, learning_rate):
    """The parameters are multiplied by the learning rate as well: parentheses stand around the difference. Only the gradient is."""
    return [learning_rate * (param - grad) for param, grad in zip(params, grads)]


@misconception("sgd_step")
def shrinks_the_parameters(params, grads, learning_rate):
    """The parameters shrink beside the step. This would be weight decay, and it isn't asked."""
    return [(1 - learning_rate) * param - learning_rate * grad for param, grad in zip(params, grads)]


@misconception("sgd_step")
def takes_the_signs(params, grads, learning_rate):
    """All entries move by the same amount: of the gradient only the sign is left. Where it is larger the step is larger."""
    return [param - learning_rate * np.sign(grad) for param, grad in zip(params, grads)]


@misconception("sgd_step")
def makes_the_gradient_1(params, grads, learning_rate):
    """Each gradient is divided by its norm first. The step is as long as the gradient says."""
    return [param - learning_rate * grad / norm([grad]) for param, grad in zip(params, grads)]


@misconception("sgd_step")
def squares_the_learning_rate(params, grads, learning_rate):
    """The learning rate is there twice. If it has been multiplied into the gradient before, once is enough."""
    return [param - learning_rate**2 * grad for param, grad in zip(params, grads)]


@misconception("sgd_step")
def halves_the_learning_rate(params, grads, learning_rate):
    """The step is half as long as it should be. A factor 2 in a loss's gradient is the gradient's business."""
    return [param - learning_rate / 2 * grad for param, grad in zip(params, grads)]


@misconception("sgd_step")
def moves_the_matrices_alone(params, grads, learning_rate):
    """Only the matrices move. The vectors among the parameters, the biases, learn, too."""
    return [param - learning_rate * grad * (param.ndim > 1) for param, grad in zip(params, grads)]


@misconception("sgd_step")
def moves_the_first_alone(params, grads, learning_rate):
    """Only the first parameter moves. Each of the list does."""
    return [params[0] - learning_rate * grads[0], *params[1:]]


@misconception("sgd_step")
def averages_over_the_rows(params, grads, learning_rate):
    """The gradient is divided by the number of its rows. They aren't examples: what is to be averaged was averaged in the gradient."""
    return [param - learning_rate * grad / len(grad) for param, grad in zip(params, grads)]


@misconception("sgd_step")
def subtracts_the_parameter(params, grads, learning_rate):
    """The difference is the wrong way round: the parameter is subtracted from the step."""
    return [learning_rate * grad - param for param, grad in zip(params, grads)]


# fine_tune_gradients


def a_network(activation, first_trainable, *width):
    """A network of these widths, and a batch of three examples."""
    rng = np.random.default_rng(8)
    x, y = rng.uniform(-1.5, 1.5, (3, width[0])), rng.uniform(-2, 2, (3, width[-1]))
    weights = [rng.uniform(-1.5, 1.5, sides) for sides in itertools.pairwise(width)]
    biases = [rng.uniform(-1, 1, fan_out) for fan_out in width[1:]]
    known = {"x": x, "y": y, "weights": weights, "biases": biases}
    return {**known, "activation": activation, "first_trainable": first_trainable}


# Whole numbers, so that the kink is met.
KINK = [
    np.array([[1.0, -1.0, 0.0], [0.0, 1.0, 1.0], [-1.0, 0.0, 1.0]]),
    np.array([[1.0, 1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 1.0, -1.0]]),
]
KINKED = {"x": np.eye(3), "y": np.full((3, 3), 2.0), "weights": [*KINK, KINK[0].T], "biases": [np.zeros(3)] * 3}
KINKED |= {"activation": "relu", "first_trainable": 0}

# Of the same widths, so that what doesn't belong together goes through, and of different ones.
for case in (
    a_network("tanh", 1, 3, 3, 3, 3, 3),
    a_network("sigmoid", 1, 3, 3, 3, 3, 3),
    a_network("relu", 2, 3, 3, 3, 3, 3),
    a_network("sigmoid", 1, 2, 4, 3, 1),
    a_network("tanh", 0, 3, 4, 2),
    KINKED,
):
    probes("fine_tune_gradients", **case)


def forward(x, weights, biases, activation):
    """Pre-activations and activations of all layers, the activations with the input in front, and the output."""
    hs, h_tildes = [x], []
    for W, b in zip(weights, biases):
        h_tildes.append(hs[-1] @ W + b)
        hs.append(ACTIVATIONS[activation](h_tildes[-1]))
    return h_tildes[:-1], hs[:-1], h_tildes[-1]


def back(dh_tilde, hs, weights, slopes, first):
    """The way back from the output's gradient to the first layer that is asked for."""
    dWs, dbs = [], []
    for layer in reversed(range(first, len(weights))):
        dWs.insert(0, hs[layer].T @ dh_tilde)
        dbs.insert(0, dh_tilde.sum(axis=0))
        if layer > first:
            dh_tilde = dh_tilde @ weights[layer].T * slopes[layer - 1]
    return dWs, dbs


def right(x, y, weights, biases, activation, first, *, of=lambda y_hat, y: 2 * (y_hat - y), slopes=None, inputs=None):
    """The right answer, or one with another start, other slopes or other inputs of the layers."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    slopes = slopes or (lambda h_tilde, h: SLOPES[activation](h_tilde))
    local = [slopes(h_tilde, h) for h_tilde, h in zip(h_tildes, hs[1:])]
    return back(of(y_hat, y), inputs(h_tildes, hs) if inputs else hs, weights, local, first)


@misconception("fine_tune_gradients")
def trains_every_layer(x, y, weights, biases, activation, first_trainable):
    """The frozen layers have gradients, too. They aren't to learn: the lists begin with the first trainable layer."""
    return right(x, y, weights, biases, activation, 0)


@misconception("fine_tune_gradients")
def fills_up_with_zeros(x, y, weights, biases, activation, first_trainable):
    """For the frozen layers there are zeros. The lists hold the trainable layers alone."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    frozen = weights[:first_trainable], biases[:first_trainable]
    return [np.zeros_like(W) for W in frozen[0]] + dWs, [np.zeros_like(b) for b in frozen[1]] + dbs


@misconception("fine_tune_gradients")
def fills_up_with_none(x, y, weights, biases, activation, first_trainable):
    """For the frozen layers there is None, as in torch. Here the lists hold the trainable layers alone."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    return [None] * first_trainable + dWs, [None] * first_trainable + dbs


@misconception("fine_tune_gradients")
def trains_the_frozen_layers(x, y, weights, biases, activation, first_trainable):
    """These are the gradients of the frozen layers. It is the layers from first_trainable on that learn, not those in front."""
    dWs, dbs = right(x, y, weights, biases, activation, 0)
    return dWs[:first_trainable], dbs[:first_trainable]


@misconception("fine_tune_gradients")
def trains_the_last_layer_alone(x, y, weights, biases, activation, first_trainable):
    """There is only the last layer. first_trainable says where the trainable ones begin."""
    return right(x, y, weights, biases, activation, len(weights) - 1)


@misconception("fine_tune_gradients")
def leaves_the_first_trainable_layer_out(x, y, weights, biases, activation, first_trainable):
    """The lists are one layer short: the loop ends before the first trainable layer. That one learns, too."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    return dWs[1:], dbs[1:]


@misconception("fine_tune_gradients")
def goes_one_layer_too_far(x, y, weights, biases, activation, first_trainable):
    """The lists are one layer too long: the loop goes on to the last frozen layer."""
    return right(x, y, weights, biases, activation, max(first_trainable - 1, 0))


@misconception("fine_tune_gradients")
def counts_the_trainable_layers(x, y, weights, biases, activation, first_trainable):
    """first_trainable is taken for the number of layers that learn. It is the index of the first of them, from 0 on."""
    first = max(len(weights) - first_trainable, 0)
    return right(x, y, weights, biases, activation, first)


@misconception("fine_tune_gradients")
def skips_the_frozen_layers(x, y, weights, biases, activation, first_trainable):
    """The input goes straight into the first trainable layer. Frozen layers don't learn, but they still compute."""
    return right(x, y, weights[first_trainable:], biases[first_trainable:], activation, 0)


@misconception("fine_tune_gradients")
def freezes_the_activations(x, y, weights, biases, activation, first_trainable):
    """The frozen layers have no activation. They don't learn, but they compute what they always did."""
    h = x
    for W, b in zip(weights[:first_trainable], biases[:first_trainable]):
        h = h @ W + b
    return right(h, y, weights[first_trainable:], biases[first_trainable:], activation, 0)


@misconception("fine_tune_gradients")
def freezes_the_biases_to_nothing(x, y, weights, biases, activation, first_trainable):
    """The biases of the frozen layers are missing on the way forward. Frozen means that they stay, not that they are 0."""
    frozen = [np.zeros_like(b) for b in biases[:first_trainable]]
    return right(x, y, weights, [*frozen, *biases[first_trainable:]], activation, first_trainable)


@misconception("fine_tune_gradients")
def forgets_the_biases(x, y, weights, biases, activation, first_trainable):
    """The biases are missing on the way forward."""
    return right(x, y, weights, [np.zeros_like(b) for b in biases], activation, first_trainable)


@misconception("fine_tune_gradients")
def activates_the_output(x, y, weights, biases, activation, first_trainable):
    """The output has been activated, too. The last layer is linear."""

    def start(y_hat, y):
        return 2 * (ACTIVATIONS[activation](y_hat) - y) * SLOPES[activation](y_hat)

    return right(x, y, weights, biases, activation, first_trainable, of=start)


@misconception("fine_tune_gradients")
def activates_the_output_on_the_way_forward(x, y, weights, biases, activation, first_trainable):
    """The output has been activated on the way forward. The last layer is linear."""
    return right(
        *(x, y, weights, biases, activation, first_trainable),
        of=lambda y_hat, y: 2 * (ACTIVATIONS[activation](y_hat) - y),
    )


@misconception("fine_tune_gradients")
def has_the_wrong_sign(x, y, weights, biases, activation, first_trainable):
    """All signs are wrong: the way back starts with y - y_hat. Where y_hat is too large, the loss grows with it."""
    return right(x, y, weights, biases, activation, first_trainable, of=lambda y_hat, y: 2 * (y - y_hat))


@misconception("fine_tune_gradients")
def forgets_the_two(x, y, weights, biases, activation, first_trainable):
    """All gradients are half as large as they should be: the factor 2 of the squares is missing at the start."""
    return right(x, y, weights, biases, activation, first_trainable, of=lambda y_hat, y: y_hat - y)


@misconception("fine_tune_gradients")
def averages_over_the_batch(x, y, weights, biases, activation, first_trainable):
    """All gradients are divided by the number of examples. The loss is a plain sum over them."""
    return right(x, y, weights, biases, activation, first_trainable, of=lambda y_hat, y: 2 * (y_hat - y) / len(y))


@misconception("fine_tune_gradients")
def averages_over_everything(x, y, weights, biases, activation, first_trainable):
    """All gradients are divided by the number of entries of y. The loss is a plain sum over them."""
    return right(x, y, weights, biases, activation, first_trainable, of=lambda y_hat, y: 2 * (y_hat - y) / y.size)


@misconception("fine_tune_gradients")
def averages_and_forgets_the_two(x, y, weights, biases, activation, first_trainable):
    """The way back starts with (y_hat - y) / N. The loss is a plain sum of squares: nothing is divided, and a 2 comes down."""
    return right(x, y, weights, biases, activation, first_trainable, of=lambda y_hat, y: (y_hat - y) / len(y))


@misconception("fine_tune_gradients")
def forgets_the_activations(x, y, weights, biases, activation, first_trainable):
    """On the way from one layer to the one before only the weights are there. The slope of the activation is missing."""
    return right(x, y, weights, biases, activation, first_trainable, slopes=lambda h_tilde, h: 1.0)


@misconception("fine_tune_gradients")
def takes_h_for_h_tilde(x, y, weights, biases, activation, first_trainable):
    """The derivative is taken at h, which has been activated already. It belongs to h_tilde, what came in at the activation."""
    return right(*(x, y, weights, biases, activation, first_trainable), slopes=lambda h_tilde, h: SLOPES[activation](h))


@misconception("fine_tune_gradients")
def takes_h_tilde_for_h(x, y, weights, biases, activation, first_trainable):
    """h(1 - h) and 1 - h squared are written in terms of the output h. Here h_tilde stands in its place."""
    formulas = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2, "relu": SLOPES["relu"]}
    return right(
        *(x, y, weights, biases, activation, first_trainable), slopes=lambda h_tilde, h: formulas[activation](h_tilde)
    )


@misconception("fine_tune_gradients")
def multiplies_by_the_activations(x, y, weights, biases, activation, first_trainable):
    """The gradient meets the value of the activation, h, where the chain rule wants its slope."""
    return right(x, y, weights, biases, activation, first_trainable, slopes=lambda h_tilde, h: h)


@misconception("fine_tune_gradients")
def takes_the_slopes_of_the_next_layer(x, y, weights, biases, activation, first_trainable):
    """The slopes are one layer off: those of layer l + 1 stand where those of layer l belong."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    slopes = [SLOPES[activation](h_tilde) for h_tilde in [*h_tildes[1:], *h_tildes[-1:]]]
    return back(2 * (y_hat - y), hs, weights, slopes, first_trainable)


@misconception("fine_tune_gradients")
def lets_the_kink_through(x, y, weights, biases, activation, first_trainable):
    """At a pre-activation of exactly 0 something comes through the ReLU. By agreement its derivative is 0 there."""
    slopes = {**SLOPES, "relu": lambda h_tilde: (h_tilde >= 0).astype(float)}
    return right(
        *(x, y, weights, biases, activation, first_trainable), slopes=lambda h_tilde, h: slopes[activation](h_tilde)
    )


@misconception("fine_tune_gradients")
def always_takes_the_sigmoid(x, y, weights, biases, activation, first_trainable):
    """The name of the activation makes no difference here: for "tanh" and "relu" the sigmoid is taken."""
    return right(x, y, weights, biases, "sigmoid", first_trainable)


@misconception("fine_tune_gradients")
def forgets_to_transpose_the_weights(x, y, weights, biases, activation, first_trainable):
    """On the way back the weights aren't transposed. The gradient goes from the units behind to those in front."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    slopes = [SLOPES[activation](h_tilde) for h_tilde in h_tildes]
    return back(2 * (y_hat - y), hs, [W.T for W in weights], slopes, first_trainable)


@misconception("fine_tune_gradients")
def takes_the_weights_of_the_layer_in_front(x, y, weights, biases, activation, first_trainable):
    """The weights are one layer off. The gradient of h_l comes through the weights of layer l + 1, which took h_l in."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    slopes = [SLOPES[activation](h_tilde) for h_tilde in h_tildes]
    return back(2 * (y_hat - y), hs, [weights[0], *weights[:-1]], slopes, first_trainable)


@misconception("fine_tune_gradients")
def gives_each_layer_the_input(x, y, weights, biases, activation, first_trainable):
    """Each dW is computed from x. What a layer's weights were multiplied by is x in the first layer only, and the h of the layer before in the others."""
    return right(*(x, y, weights, biases, activation, first_trainable), inputs=lambda h_tildes, hs: [x for _ in hs])


@misconception("fine_tune_gradients")
def gives_each_layer_the_pre_activation(x, y, weights, biases, activation, first_trainable):
    """Each dW is computed from the h_tilde of the layer before. What came in at the weights is its h."""
    return right(*(x, y, weights, biases, activation, first_trainable), inputs=lambda h_tildes, hs: [x, *h_tildes])


@misconception("fine_tune_gradients")
def counts_the_inputs_from_the_first_trainable_layer(x, y, weights, biases, activation, first_trainable):
    """The inputs of the layers are taken from the front of the network, x first. The first trainable layer received the h of the last frozen one."""
    h_tildes, hs, y_hat = forward(x, weights, biases, activation)
    slopes = [SLOPES[activation](h_tilde) for h_tilde in h_tildes]
    off = [hs[max(layer - first_trainable, 0)] for layer in range(len(hs))]
    return back(2 * (y_hat - y), off, weights, slopes, first_trainable)


@misconception("fine_tune_gradients")
def repeats_the_last_gradient(x, y, weights, biases, activation, first_trainable):
    """The gradient that comes in is the same for all layers: inside the loop it never changes."""
    _, hs, y_hat = forward(x, weights, biases, activation)
    dh_tilde = 2 * (y_hat - y)
    return [h.T @ dh_tilde for h in hs[first_trainable:]], [dh_tilde.sum(axis=0) for _ in hs[first_trainable:]]


@misconception("fine_tune_gradients")
def returns_dW_transposed(x, y, weights, biases, activation, first_trainable):
    """Each dW has come out transposed. It has the shape of its W."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    return [dW.T for dW in dWs], dbs


@misconception("fine_tune_gradients")
def averages_db(x, y, weights, biases, activation, first_trainable):
    """Each db is an average over the batch. The same b is added for each example, so their gradients add up."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    return dWs, [db / len(x) for db in dbs]


@misconception("fine_tune_gradients")
def keeps_the_batch_in_db(x, y, weights, biases, activation, first_trainable):
    """Each db still has a row for each example. One bias serves the whole batch, so it collects from all of them."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    rows = [right(x[n : n + 1], y[n : n + 1], weights, biases, activation, first_trainable)[1] for n in range(len(x))]
    return dWs, [np.array([row[at] for row in rows]) for at in range(len(dbs))]


@misconception("fine_tune_gradients")
def freezes_the_biases(x, y, weights, biases, activation, first_trainable):
    """The biases of the trainable layers have gradients of 0, as if they were frozen. They learn as their weights do."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    return dWs, [np.zeros_like(db) for db in dbs]


@misconception("fine_tune_gradients")
def returns_the_last_layer_first(x, y, weights, biases, activation, first_trainable):
    """The lists run from the last layer to the first trainable one, in the order in which the gradients were found. They begin with the first trainable layer."""
    dWs, dbs = right(x, y, weights, biases, activation, first_trainable)
    return dWs[::-1], dbs[::-1]


@misconception("fine_tune_gradients")
def returns_the_biases_first(x, y, weights, biases, activation, first_trainable):
    """The order is dWs, dbs; here dbs comes first."""
    return right(x, y, weights, biases, activation, first_trainable)[::-1]


@misconception("fine_tune_gradients")
def returns_pairs(x, y, weights, biases, activation, first_trainable):
    """This is a list of pairs, one for each layer. Asked are two lists, dWs and dbs."""
    return list(zip(*right(x, y, weights, biases, activation, first_trainable)))
