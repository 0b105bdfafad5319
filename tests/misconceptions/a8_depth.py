"""Known wrong answers to a8. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

import itertools

import numpy as np
from htilde import misconception, probes


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


ACTIVATIONS = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda h_tilde: np.maximum(h_tilde, 0),
    "leaky_relu": lambda h_tilde: np.where(h_tilde > 0, h_tilde, 0.01 * h_tilde),
}
SLOPES = {
    "sigmoid": lambda h_tilde: sigmoid(h_tilde) * (1 - sigmoid(h_tilde)),
    "tanh": lambda h_tilde: 1 - np.tanh(h_tilde) ** 2,
    "relu": lambda h_tilde: (h_tilde > 0).astype(float),
    "leaky_relu": lambda h_tilde: np.where(h_tilde > 0, 1.0, 0.01),
}


def a_network(activation, *width):
    """A network of these widths, and a batch of three examples."""
    rng = np.random.default_rng(12)
    x, y = rng.uniform(-1.5, 1.5, (3, width[0])), rng.uniform(-2, 2, (3, width[-1]))
    weights = [rng.uniform(-1, 1, sides) for sides in itertools.pairwise(width)]
    biases = [rng.uniform(-1, 1, fan_out) for fan_out in width[1:]]
    return {"x": x, "y": y, "weights": weights, "biases": biases, "activation": activation}


# Of the same widths, so that a transpose too many goes through, and of different ones.
NETWORKS = [
    a_network("tanh", 3, 3, 3, 3),
    a_network("sigmoid", 3, 3, 3, 3),
    a_network("leaky_relu", 3, 3, 3, 3),
    a_network("relu", 3, 3, 3, 3),
    a_network("sigmoid", 2, 4, 3, 1),
]
# Whole numbers, so that the kink is met.
KINKED = {
    "x": np.eye(3),
    "y": np.full((3, 3), 2.0),
    "weights": [
        np.array([[1.0, -1.0, 0.0], [0.0, 1.0, 1.0], [-1.0, 0.0, 1.0]]),
        np.array([[1.0, 1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 1.0, -1.0]]),
    ],
    "biases": [np.zeros(3)] * 2,
}
CASES = [*NETWORKS, {**KINKED, "activation": "relu"}, {**KINKED, "activation": "leaky_relu"}]

for case in CASES:
    probes("layer_gradient_norms", **case)
    probes("train", **case, learning_rate=0.015, steps=4)


def forward(x, weights, biases, activation):
    """Pre-activations of all layers, and what each layer received."""
    hs, h_tildes = [x], []
    for W, b in zip(weights, biases):
        h_tildes.append(hs[-1] @ W + b)
        hs.append(ACTIVATIONS[activation](h_tildes[-1]))
    return h_tildes, hs[:-1]


def norm(array):
    return np.sqrt(np.sum(array**2))


def squares(y_hat, y):
    return np.sum((y_hat - y) ** 2)


def start(y_hat, y):
    return 2 * (y_hat - y)


def back(dh_tilde, h_tildes, weights, slopes):
    """The gradients of all pre-activations, the first layer's first."""
    found = [dh_tilde]
    for W, h_tilde in zip(weights[:0:-1], h_tildes[-2::-1]):
        found.insert(0, found[0] @ W.T * slopes(h_tilde))
    return found


def gradients_of(x, y, weights, biases, activation, *, start=start, slopes=None, on_the_way=None):
    """The right gradients of all pre-activations, or such with another start, other slopes or other weights."""
    h_tildes, hs = forward(x, weights, biases, activation)
    slopes = slopes or SLOPES[activation]
    return back(start(h_tildes[-1], y), h_tildes, weights if on_the_way is None else on_the_way, slopes), hs


# layer_gradient_norms


def norms(*network, **otherwise):
    return np.array([norm(dh_tilde) for dh_tilde in gradients_of(*network, **otherwise)[0]])


@misconception("layer_gradient_norms")
def measures_dW(x, y, weights, biases, activation):
    """These are the norms of the weights' gradients. Asked are those of the pre-activations, before what came in at the layer is multiplied in."""
    found, hs = gradients_of(x, y, weights, biases, activation)
    return np.array([norm(h.T @ dh_tilde) for h, dh_tilde in zip(hs, found)])


@misconception("layer_gradient_norms")
def measures_dh(x, y, weights, biases, activation):
    """These are the norms of the gradients of h. The slope of the activation stands between h and h_tilde: it comes before the norm."""
    found, _ = gradients_of(x, y, weights, biases, activation)
    behind = [norm(dh_tilde @ W.T) for W, dh_tilde in zip(weights[1:], found[1:])]
    return np.array([*behind, norm(found[-1])])


@misconception("layer_gradient_norms")
def measures_db(x, y, weights, biases, activation):
    """These are the norms of the biases' gradients: the examples have been summed over. Each entry of dh_tilde counts for itself."""
    found, _ = gradients_of(x, y, weights, biases, activation)
    return np.array([norm(dh_tilde.sum(axis=0)) for dh_tilde in found])


@misconception("layer_gradient_norms")
def forgets_the_root(x, y, weights, biases, activation):
    """The root is missing: these are the squares of the norms."""
    return norms(x, y, weights, biases, activation) ** 2


@misconception("layer_gradient_norms")
def averages_the_squares(x, y, weights, biases, activation):
    """The squares are averaged, so the number of entries makes no difference. They are summed up."""
    found, _ = gradients_of(x, y, weights, biases, activation)
    return np.array([np.sqrt(np.mean(dh_tilde**2)) for dh_tilde in found])


@misconception("layer_gradient_norms")
def adds_up_absolute_values(x, y, weights, biases, activation):
    """Absolute values are added up. The norm is the root of the sum of squares."""
    found, _ = gradients_of(x, y, weights, biases, activation)
    return np.array([np.sum(np.abs(dh_tilde)) for dh_tilde in found])


@misconception("layer_gradient_norms")
def takes_the_largest_entry(x, y, weights, biases, activation):
    """This is the largest entry of each gradient. The norm is the root of the sum of squares of all of them."""
    found, _ = gradients_of(x, y, weights, biases, activation)
    return np.array([np.max(np.abs(dh_tilde)) for dh_tilde in found])


@misconception("layer_gradient_norms")
def takes_the_largest_singular_value(x, y, weights, biases, activation):
    """This is the largest singular value, as np.linalg.norm gives it for a matrix and a 2. All entries count."""
    found, _ = gradients_of(x, y, weights, biases, activation)
    return np.array([np.linalg.norm(dh_tilde, 2) for dh_tilde in found])


@misconception("layer_gradient_norms")
def leaves_the_output_out(x, y, weights, biases, activation):
    """The last layer is missing. It has a gradient, too, the one with which the way back starts."""
    return norms(x, y, weights, biases, activation)[:-1]


@misconception("layer_gradient_norms")
def leaves_the_first_layer_out(x, y, weights, biases, activation):
    """The first layer is missing: the loop ends one layer too early."""
    return norms(x, y, weights, biases, activation)[1:]


@misconception("layer_gradient_norms")
def goes_on_to_the_input(x, y, weights, biases, activation):
    """There is one norm too many, that of the input's gradient. Asked is one for each layer."""
    found, _ = gradients_of(x, y, weights, biases, activation)
    return np.array([norm(found[0] @ weights[0].T), *map(norm, found)])


@misconception("layer_gradient_norms")
def returns_the_last_layer_first(x, y, weights, biases, activation):
    """The norms run from the last layer to the first, in the order in which they were found. They begin with the layer next to the input."""
    return norms(x, y, weights, biases, activation)[::-1]


@misconception("layer_gradient_norms")
def divides_by_the_last(x, y, weights, biases, activation):
    """The norms are given relative to the last one. Asked are the norms themselves."""
    found = norms(x, y, weights, biases, activation)
    return found / found[-1]


@misconception("layer_gradient_norms")
def returns_one_norm_for_all(x, y, weights, biases, activation):
    """This is a single norm, of all layers together. Asked is one for each layer."""
    return norm(norms(x, y, weights, biases, activation))


@misconception("layer_gradient_norms")
def forgets_the_two(x, y, weights, biases, activation):
    """All norms are half as large as they should be: the factor 2 of the squares is missing at the start."""
    return norms(x, y, weights, biases, activation, start=lambda y_hat, y: y_hat - y)


@misconception("layer_gradient_norms")
def averages_over_the_batch(x, y, weights, biases, activation):
    """All gradients are divided by the number of examples. The loss is a plain sum over them."""
    return norms(x, y, weights, biases, activation, start=lambda y_hat, y: 2 * (y_hat - y) / len(y))


@misconception("layer_gradient_norms")
def averages_over_everything(x, y, weights, biases, activation):
    """All gradients are divided by the number of entries of y. The loss is a plain sum over them."""
    return norms(x, y, weights, biases, activation, start=lambda y_hat, y: 2 * (y_hat - y) / y.size)


@misconception("layer_gradient_norms")
def activates_the_output(x, y, weights, biases, activation):
    """The output has been activated. The last layer is linear, so nothing stands between its h_tilde and the loss."""

    def through(y_hat, y):
        return 2 * (ACTIVATIONS[activation](y_hat) - y) * SLOPES[activation](y_hat)

    return norms(x, y, weights, biases, activation, start=through)


@misconception("layer_gradient_norms")
def forgets_the_activations(x, y, weights, biases, activation):
    """On the way from one layer to the one before only the weights are there. The slope of the activation is missing."""
    return norms(x, y, weights, biases, activation, slopes=lambda h_tilde: 1.0)


@misconception("layer_gradient_norms")
def forgets_the_weights(x, y, weights, biases, activation):
    """Each layer has the slopes of all layers behind it, and no weights: that is the attenuation of the first notebook. Weights take part in every layer."""
    h_tildes, _ = forward(x, weights, biases, activation)
    found = [norm(start(h_tildes[-1], y))]
    for h_tilde in h_tildes[-2::-1]:
        found.insert(0, found[0] * np.mean(SLOPES[activation](h_tilde)))
    return np.array(found)


@misconception("layer_gradient_norms")
def takes_h_for_h_tilde(x, y, weights, biases, activation):
    """The derivative is taken at h, which has been activated already. It belongs to h_tilde, what came in at the activation."""
    return norms(
        *(x, y, weights, biases, activation),
        slopes=lambda h_tilde: SLOPES[activation](ACTIVATIONS[activation](h_tilde)),
    )


@misconception("layer_gradient_norms")
def takes_h_tilde_for_h(x, y, weights, biases, activation):
    """h(1 - h) and 1 - h squared are written in terms of the output h. Here h_tilde stands in its place."""
    formulas = {**SLOPES, "sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2}
    return norms(x, y, weights, biases, activation, slopes=formulas[activation])


@misconception("layer_gradient_norms")
def multiplies_by_the_activations(x, y, weights, biases, activation):
    """The gradient meets the value of the activation, h, where the chain rule wants its slope."""
    return norms(x, y, weights, biases, activation, slopes=ACTIVATIONS[activation])


@misconception("layer_gradient_norms")
def always_takes_the_sigmoid(x, y, weights, biases, activation):
    """The name of the activation makes no difference here: the sigmoid is taken for all four."""
    return norms(x, y, weights, biases, "sigmoid")


@misconception("layer_gradient_norms")
def forgets_the_leak(x, y, weights, biases, activation):
    """Leaky ReLU is taken for ReLU: below 0 it still has a slope of 0.01."""
    return norms(x, y, weights, biases, "relu" if activation == "leaky_relu" else activation)


@misconception("layer_gradient_norms")
def forgets_the_leak_on_the_way_back(x, y, weights, biases, activation):
    """On the way back leaky ReLU is taken for ReLU: below 0 its slope is 0.01, not 0."""
    name = "relu" if activation == "leaky_relu" else activation
    return norms(x, y, weights, biases, activation, slopes=SLOPES[name])


@misconception("layer_gradient_norms")
def lets_the_kink_through(x, y, weights, biases, activation):
    """At a pre-activation of exactly 0 the slope is taken from the positive side. By agreement it is that of the negative side: 0, or 0.01 with a leak."""
    slopes = {
        **SLOPES,
        "relu": lambda h_tilde: (h_tilde >= 0).astype(float),
        "leaky_relu": lambda h_tilde: np.where(h_tilde >= 0, 1.0, 0.01),
    }
    return norms(x, y, weights, biases, activation, slopes=slopes[activation])


@misconception("layer_gradient_norms")
def forgets_to_transpose_the_weights(x, y, weights, biases, activation):
    """On the way back the weights aren't transposed. The gradient goes from the units behind to those in front."""
    return norms(x, y, weights, biases, activation, on_the_way=[W.T for W in weights])


@misconception("layer_gradient_norms")
def takes_the_weights_of_the_layer_itself(x, y, weights, biases, activation):
    """The weights are one layer off. The gradient of h_l comes through the weights of layer l + 1, which took h_l in."""
    return norms(x, y, weights, biases, activation, on_the_way=[weights[0], *weights[:-1]])


@misconception("layer_gradient_norms")
def forgets_the_biases(x, y, weights, biases, activation):
    """The biases are missing on the way forward."""
    return norms(x, y, weights, [np.zeros_like(b) for b in biases], activation)


@misconception("layer_gradient_norms")
def measures_the_signal(x, y, weights, biases, activation):
    """These are the norms of the pre-activations, on the way forward. Asked are those of their gradients."""
    return np.array([norm(h_tilde) for h_tilde in forward(x, weights, biases, activation)[0]])


# train


def run(
    *network,
    learning_rate,
    steps,
    told=squares,
    start=start,
    slopes=None,
    of=lambda found: found,
    by=lambda step, x: 1.0,
    through=None,
):
    """The right run, or one that differs in one place: what is told, where the way back starts, its slopes, what
    becomes of the gradients, the size of the step, what the gradient goes back through."""
    x, y, weights, biases, activation = network
    losses = []
    for step in range(steps):
        h_tildes, hs = forward(x, weights, biases, activation)
        losses.append(told(h_tildes[-1], y))
        found = back(
            start(h_tildes[-1], y),
            h_tildes,
            weights if through is None else [through(W) for W in weights],
            slopes or SLOPES[activation],
        )
        dWs, dbs = of(([h.T @ dh_tilde for h, dh_tilde in zip(hs, found)], [part.sum(axis=0) for part in found]))
        rate = learning_rate * by(step, x)
        weights = [W - rate * dW for W, dW in zip(weights, dWs)]
        biases = [b - rate * db for b, db in zip(biases, dbs)]
    return np.array(losses)


def otherwise(**changes):
    """A wrong answer that differs from the right run in these."""

    def answer(x, y, weights, biases, activation, learning_rate, steps):
        return run(x, y, weights, biases, activation, learning_rate=learning_rate, steps=steps, **changes)

    return answer


@misconception("train")
def climbs(x, y, weights, biases, activation, learning_rate, steps):
    """The steps go up: the loss grows. A gradient points to where the loss is larger; one goes the other way."""
    return otherwise(by=lambda step, x: -1.0)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def notes_the_loss_after_the_update(x, y, weights, biases, activation, learning_rate, steps):
    """Each loss is the one after its update: the list begins one step late. The first loss is that of the weights that came in."""
    return otherwise()(x, y, weights, biases, activation, learning_rate, steps + 1)[1:]


@misconception("train")
def notes_the_last_loss_too(x, y, weights, biases, activation, learning_rate, steps):
    """There is one loss too many, the one after the last update. Each step has one, before it."""
    return otherwise()(x, y, weights, biases, activation, learning_rate, steps + 1)


@misconception("train")
def leaves_the_first_loss_out(x, y, weights, biases, activation, learning_rate, steps):
    """There is one loss too few: the one before the first update is missing."""
    return otherwise()(x, y, weights, biases, activation, learning_rate, steps)[1:]


@misconception("train")
def returns_the_last_loss(x, y, weights, biases, activation, learning_rate, steps):
    """This is the last loss alone. Asked are those of all steps."""
    return otherwise()(x, y, weights, biases, activation, learning_rate, steps)[-1]


@misconception("train")
def adds_up_the_losses(x, y, weights, biases, activation, learning_rate, steps):
    """The losses add up from step to step: the sum isn't begun anew. Each is that of its own step."""
    return np.cumsum(otherwise()(x, y, weights, biases, activation, learning_rate, steps))


@misconception("train")
def tells_the_mean(x, y, weights, biases, activation, learning_rate, steps):
    """The loss that is told is the mean over all entries. The steps are right; the loss is the plain sum of squares."""
    return otherwise(told=lambda y_hat, y: np.mean((y_hat - y) ** 2))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def tells_the_mean_over_the_batch(x, y, weights, biases, activation, learning_rate, steps):
    """The loss that is told is divided by the number of examples. The steps are right; the loss is the plain sum of squares."""
    return otherwise(told=lambda y_hat, y: squares(y_hat, y) / len(y))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def averages_over_everything(x, y, weights, biases, activation, learning_rate, steps):
    """Loss and gradients are those of the mean over all entries. The loss is the plain sum of squares, and nothing is divided."""
    return otherwise(told=lambda y_hat, y: np.mean((y_hat - y) ** 2), start=lambda y_hat, y: 2 * (y_hat - y) / y.size)(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def averages_over_the_batch(x, y, weights, biases, activation, learning_rate, steps):
    """Loss and gradients are divided by the number of examples. The loss is the plain sum of squares, and nothing is divided."""
    return otherwise(told=lambda y_hat, y: squares(y_hat, y) / len(y), start=lambda y_hat, y: 2 * (y_hat - y) / len(y))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def averages_the_gradients(x, y, weights, biases, activation, learning_rate, steps):
    """The gradients are divided by the number of examples, so each step is shorter. The loss is a plain sum over them, and so are its gradients."""
    return otherwise(by=lambda step, x: 1 / len(x))(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def averages_the_gradients_over_everything(x, y, weights, biases, activation, learning_rate, steps):
    """The gradients are divided by the number of entries of y, so each step is shorter. The loss is a plain sum over them."""
    return otherwise(start=lambda y_hat, y: 2 * (y_hat - y) / y.size)(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def takes_half_steps(x, y, weights, biases, activation, learning_rate, steps):
    """Each step is half as long as it should be: the factor 2 of the squares is missing in the gradients, or the learning rate is halved."""
    return otherwise(by=lambda step, x: 0.5)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def takes_double_steps(x, y, weights, biases, activation, learning_rate, steps):
    """Each step is twice as long as it should be: a factor 2 is there twice, or the update is done twice."""
    return otherwise(by=lambda step, x: 2.0)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def halves_the_loss(x, y, weights, biases, activation, learning_rate, steps):
    """Loss and gradients have a factor 1/2 that isn't asked for. The loss is the plain sum of squares."""
    return otherwise(told=lambda y_hat, y: squares(y_hat, y) / 2, start=lambda y_hat, y: y_hat - y)(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def tells_the_root(x, y, weights, biases, activation, learning_rate, steps):
    """A root is taken: this is the norm of the error. The loss is its square."""
    return otherwise(told=lambda y_hat, y: np.sqrt(squares(y_hat, y)))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def never_moves(x, y, weights, biases, activation, learning_rate, steps):
    """All losses are the same: no step reaches the weights that the next one begins with."""
    return otherwise(by=lambda step, x: 0.0)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def moves_once(x, y, weights, biases, activation, learning_rate, steps):
    """Only the first step moves anything: from then on the losses are the same. Each step begins where the one before has ended."""
    return otherwise(by=lambda step, x: float(step == 0))(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def forgets_to_update_the_biases(x, y, weights, biases, activation, learning_rate, steps):
    """The biases stay as they were. They learn, too."""
    return otherwise(of=lambda found: (found[0], [0 * db for db in found[1]]))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def forgets_to_update_the_weights(x, y, weights, biases, activation, learning_rate, steps):
    """Only the biases move. The weights learn, too."""
    return otherwise(of=lambda found: ([0 * dW for dW in found[0]], found[1]))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def trains_the_last_layer_alone(x, y, weights, biases, activation, learning_rate, steps):
    """Only the last layer moves. All layers learn."""

    def last(found):
        return tuple([*(0 * part for part in parts[:-1]), parts[-1]] for parts in found)

    return otherwise(of=last)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def leaves_the_first_layer_as_it_is(x, y, weights, biases, activation, learning_rate, steps):
    """The first layer doesn't move: the loop ends one layer too early. The first layer learns, too."""
    return otherwise(of=lambda found: tuple([0 * parts[0], *parts[1:]] for parts in found))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def leaves_the_last_layer_as_it_is(x, y, weights, biases, activation, learning_rate, steps):
    """The last layer doesn't move. It learns as the others do."""
    return otherwise(of=lambda found: tuple([*parts[:-1], 0 * parts[-1]] for parts in found))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def averages_db(x, y, weights, biases, activation, learning_rate, steps):
    """The biases' gradients are averages over the batch. The same b is added for each example, so their gradients add up."""
    return otherwise(of=lambda found: (found[0], [db / len(x) for db in found[1]]))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def forgets_to_clear_the_gradients(x, y, weights, biases, activation, learning_rate, steps):
    """The gradients of earlier steps are still there when new ones are added, as in torch without zero_grad(). Each step begins with none."""
    total = []

    def kept(found):
        flat = [*found[0], *found[1]]
        total[:] = [old + new for old, new in zip(total, flat)] if total else flat
        return total[: len(weights)], total[len(weights) :]

    return otherwise(of=kept)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def keeps_the_first_gradients(x, y, weights, biases, activation, learning_rate, steps):
    """Every step is made with the gradients of the first. After each update they have to be computed anew."""
    first = []

    def kept(found):
        first.append(found)
        return first[0]

    return otherwise(of=kept)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def updates_before_the_way_back_is_done(x, y, weights, biases, activation, learning_rate, steps):
    """A layer's weights are updated before the gradient has gone back through them. It has to pass through the weights of the way forward: find all gradients first, or keep the old matrix."""
    weights, biases, losses = list(weights), list(biases), []
    for _ in range(steps):
        h_tildes, hs = forward(x, weights, biases, activation)
        losses.append(squares(h_tildes[-1], y))
        dh_tilde = start(h_tildes[-1], y)
        for layer in reversed(range(len(weights))):
            weights[layer] = weights[layer] - learning_rate * hs[layer].T @ dh_tilde
            biases[layer] = biases[layer] - learning_rate * dh_tilde.sum(axis=0)
            if layer > 0:
                dh_tilde = dh_tilde @ weights[layer].T * SLOPES[activation](h_tildes[layer - 1])
    return np.array(losses)


@misconception("train")
def updates_after_each_example(x, y, weights, biases, activation, learning_rate, steps):
    """There is an update after each example. Each step uses the whole batch: one update, with the gradients of all examples summed up."""
    weights, biases, losses = list(weights), list(biases), []
    for _ in range(steps):
        losses.append(squares(forward(x, weights, biases, activation)[0][-1], y))
        for n in range(len(x)):
            found, hs = gradients_of(x[n : n + 1], y[n : n + 1], weights, biases, activation)
            weights = [W - learning_rate * h.T @ dh for W, h, dh in zip(weights, hs, found)]
            biases = [b - learning_rate * dh.sum(axis=0) for b, dh in zip(biases, found)]
    return np.array(losses)


@misconception("train")
def uses_one_example_a_step(x, y, weights, biases, activation, learning_rate, steps):
    """Each step learns from one example, the next one in turn. Each step uses the whole batch."""
    losses = []
    for step in range(steps):
        losses.append(squares(forward(x, weights, biases, activation)[0][-1], y))
        n = step % len(x)
        found, hs = gradients_of(x[n : n + 1], y[n : n + 1], weights, biases, activation)
        weights = [W - learning_rate * h.T @ dh for W, h, dh in zip(weights, hs, found)]
        biases = [b - learning_rate * dh.sum(axis=0) for b, dh in zip(biases, found)]
    return np.array(losses)


@misconception("train")
def slows_down(x, y, weights, biases, activation, learning_rate, steps):
    """The steps become shorter from one to the next. The learning rate stays the same."""
    return otherwise(by=lambda step, x: 1 / (step + 1))(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def squares_the_learning_rate(x, y, weights, biases, activation, learning_rate, steps):
    """The learning rate is there twice. If it has been multiplied into the gradient, once is enough."""
    return otherwise(by=lambda step, x: learning_rate)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def forgets_the_learning_rate(x, y, weights, biases, activation, learning_rate, steps):
    """The learning rate makes no difference: the whole gradient is subtracted."""
    return otherwise(by=lambda step, x: 1 / learning_rate)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def makes_all_gradients_1(x, y, weights, biases, activation, learning_rate, steps):
    """The gradients are divided by their norm, so that all steps have the same length. A step is as long as its gradient says."""

    def scaled(found):
        total = np.sqrt(sum(np.sum(part**2) for parts in found for part in parts))
        return tuple([part / total for part in parts] for parts in found)

    return otherwise(of=scaled)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def activates_the_output(x, y, weights, biases, activation, learning_rate, steps):
    """The output has been activated. The last layer is linear: y_hat may be any number."""

    def activated(y_hat):
        return ACTIVATIONS[activation](y_hat)

    return otherwise(
        told=lambda y_hat, y: squares(activated(y_hat), y),
        start=lambda y_hat, y: 2 * (activated(y_hat) - y) * SLOPES[activation](y_hat),
    )(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def activates_the_output_on_the_way_back(x, y, weights, biases, activation, learning_rate, steps):
    """On the way back the output has the slope of an activation. The last layer is linear, so nothing stands between the loss and its weights."""
    return otherwise(start=lambda y_hat, y: 2 * (y_hat - y) * SLOPES[activation](y_hat))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def forgets_the_biases(x, y, weights, biases, activation, learning_rate, steps):
    """The biases are missing on the way forward."""
    nothing = [np.zeros_like(b) for b in biases]
    return otherwise(of=lambda found: (found[0], [0 * db for db in found[1]]))(
        x, y, weights, nothing, activation, learning_rate, steps
    )


@misconception("train")
def forgets_the_activations(x, y, weights, biases, activation, learning_rate, steps):
    """On the way back only the weights are there. The slope of the activation is missing."""
    return otherwise(slopes=lambda h_tilde: 1.0)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def takes_h_for_h_tilde(x, y, weights, biases, activation, learning_rate, steps):
    """The derivative is taken at h, which has been activated already. It belongs to h_tilde, what came in at the activation."""
    return otherwise(slopes=lambda h_tilde: SLOPES[activation](ACTIVATIONS[activation](h_tilde)))(
        x, y, weights, biases, activation, learning_rate, steps
    )


@misconception("train")
def takes_h_tilde_for_h(x, y, weights, biases, activation, learning_rate, steps):
    """h(1 - h) and 1 - h squared are written in terms of the output h. Here h_tilde stands in its place."""
    formulas = {**SLOPES, "sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2}
    return otherwise(slopes=formulas[activation])(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def multiplies_by_the_activations(x, y, weights, biases, activation, learning_rate, steps):
    """On the way back the gradient meets the value of the activation, h, where the chain rule wants its slope."""
    return otherwise(slopes=ACTIVATIONS[activation])(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def always_takes_the_sigmoid(x, y, weights, biases, activation, learning_rate, steps):
    """The name of the activation makes no difference here: the sigmoid is taken for all four."""
    return otherwise()(x, y, weights, biases, "sigmoid", learning_rate, steps)


@misconception("train")
def forgets_the_leak(x, y, weights, biases, activation, learning_rate, steps):
    """Leaky ReLU is taken for ReLU: below 0 it still has a slope of 0.01."""
    name = "relu" if activation == "leaky_relu" else activation
    return otherwise()(x, y, weights, biases, name, learning_rate, steps)


@misconception("train")
def forgets_the_leak_on_the_way_back(x, y, weights, biases, activation, learning_rate, steps):
    """On the way back leaky ReLU is taken for ReLU: below 0 its slope is 0.01, not 0."""
    name = "relu" if activation == "leaky_relu" else activation
    return otherwise(slopes=SLOPES[name])(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def lets_the_kink_through(x, y, weights, biases, activation, learning_rate, steps):
    """At a pre-activation of exactly 0 the slope is taken from the positive side. By agreement it is that of the negative side: 0, or 0.01 with a leak."""
    slopes = {
        **SLOPES,
        "relu": lambda h_tilde: (h_tilde >= 0).astype(float),
        "leaky_relu": lambda h_tilde: np.where(h_tilde >= 0, 1.0, 0.01),
    }
    return otherwise(slopes=slopes[activation])(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def forgets_to_transpose_the_weights(x, y, weights, biases, activation, learning_rate, steps):
    """On the way back the weights aren't transposed. The gradient goes from the units behind to those in front."""
    return otherwise(through=lambda W: W.T)(x, y, weights, biases, activation, learning_rate, steps)


@misconception("train")
def returns_the_parameters_too(x, y, weights, biases, activation, learning_rate, steps):
    """Weights and biases are returned beside the losses. Asked are the losses alone."""
    return otherwise()(x, y, weights, biases, activation, learning_rate, steps), list(weights), list(biases)
