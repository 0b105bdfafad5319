"""Known wrong answers to a1. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

import numpy as np
from htilde import misconception, probes

MODERATE = np.array([[-2.75, -1.5, -0.8, -0.3], [0.4, 1.1, 2.2, 3.0]])
LARGE = np.array([-9e3, -750.0, 750.0, 9e3])

KINK = np.array([-1.0, 0.0, 2.0])
SQUARE = np.array([[-1.5, 0.4, 2.0], [0.7, -0.3, 1.2], [-2.2, 0.9, 0.1]])
UPSTREAM = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.5], [-2.0, 1.0, 0.3]])
BATCH = np.array([[-1.0, 0.5, -0.2, 0.3], [-2.0, -0.1, -0.4, 1.0], [-0.5, -3.0, 0.1, 2.0]])

for exercise in ("sigmoid", "sigmoid_derivative", "tanh_derivative"):
    probes(exercise, h_tilde=MODERATE)
    probes(exercise, h_tilde=LARGE)
for exercise in ("sigmoid_backward", "tanh_backward"):
    probes(exercise, dh=UPSTREAM, h_tilde=SQUARE)  # square, so that a matrix product goes through, too
    probes(exercise, dh=np.ones(4), h_tilde=LARGE)
for name in ("sigmoid", "tanh", "relu"):
    probes("attenuation", h_tildes=SQUARE + 1, activation=name)
for exercise in ("relu", "relu_derivative"):
    probes(exercise, h_tilde=MODERATE)
    probes(exercise, h_tilde=KINK)
for exercise in ("leaky_relu", "leaky_relu_derivative"):
    probes(exercise, h_tilde=MODERATE, slope=0.2)
    probes(exercise, h_tilde=KINK, slope=0.3)
probes("dead_units", h_tilde=BATCH)
probes("dead_units", h_tilde=np.array([[-1.0, 0.0, -1.0], [-2.0, -1.0, 1.0]]))


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


def slope_of_sigmoid(h_tilde):
    return sigmoid(h_tilde) * (1 - sigmoid(h_tilde))


def slope_of_tanh(h_tilde):
    return 1 - np.tanh(h_tilde) ** 2


def slope_of_relu(h_tilde):
    return (h_tilde > 0).astype(float)


SLOPES = {"sigmoid": slope_of_sigmoid, "tanh": slope_of_tanh, "relu": slope_of_relu}
ACTIVATIONS = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda h_tilde: np.maximum(h_tilde, 0)}


@misconception("sigmoid")
def forgets_the_one(h_tilde):
    """The denominator is a sum, 1 + exp(-h_tilde). With exp(-h_tilde) alone the result grows without bound."""
    return 1 / np.exp(-h_tilde)


@misconception("sigmoid")
def flips_the_sign_of_the_exponent(h_tilde):
    """This falls where the sigmoid rises: look at the sign in the exponent, and at the value for a large positive h_tilde."""
    return 1 / (1 + np.exp(h_tilde))


@misconception("sigmoid")
def subtracts_in_the_denominator(h_tilde):
    """The denominator is 1 plus, not 1 minus, the exponential: at h_tilde = 0 yours divides by zero."""
    return 1 / (1 - np.exp(-h_tilde))


@misconception("sigmoid")
def overflows_to_nan(h_tilde):
    """exp(h_tilde) overflows for a large h_tilde, and infinity divided by infinity is NaN. Choose a form whose exponential can't win in both places."""
    return np.exp(h_tilde) / (1 + np.exp(h_tilde))


@misconception("sigmoid")
def is_tanh(h_tilde):
    """This is tanh: it runs from -1 to 1. The sigmoid runs from 0 to 1 and is 1/2 at 0."""
    return np.tanh(h_tilde)


@misconception("sigmoid")
def returns_the_derivative(h_tilde):
    """This is the derivative of the sigmoid. Here the value of the sigmoid itself is asked."""
    return slope_of_sigmoid(h_tilde)


@misconception("sigmoid_derivative")
def differentiates_the_output(h_tilde):
    """x(1 - x) is the derivative written in terms of the output h. You were given h_tilde: apply the sigmoid first."""
    return h_tilde * (1 - h_tilde)


@misconception("sigmoid_derivative")
def returns_the_sigmoid(h_tilde):
    """This is the sigmoid itself. Its derivative says how fast it rises: never more than 1/4, and towards 0 at both ends."""
    return sigmoid(h_tilde)


@misconception("sigmoid_derivative")
def adds_instead_of_subtracting(h_tilde):
    """A sign slipped: one factor is what h still lacks to 1, so it falls when h rises."""
    h = sigmoid(h_tilde)
    return h * (1 + h)


@misconception("sigmoid_derivative")
def forgets_a_factor(h_tilde):
    """1 - h is one of two factors. The chain rule on 1/(1 + exp(-h_tilde)) leaves a second one."""
    return 1 - sigmoid(h_tilde)


@misconception("sigmoid_derivative")
def squares_the_output(h_tilde):
    """1 - h squared belongs to tanh. The sigmoid's derivative has another form in h."""
    return 1 - sigmoid(h_tilde) ** 2


@misconception("sigmoid_derivative")
def has_the_wrong_sign(h_tilde):
    """The sign is wrong: the sigmoid rises everywhere, so its derivative is positive. Two minus signs meet in the chain rule."""
    h = sigmoid(h_tilde)
    return -h * (1 - h)


@misconception("sigmoid_derivative")
def applies_the_sigmoid_twice(h_tilde):
    """The sigmoid is applied twice: the inner one already gives h, and the formula in h needs nothing more."""
    h = sigmoid(sigmoid(h_tilde))
    return h * (1 - h)


@misconception("sigmoid_derivative")
def overflows_to_nan(h_tilde):
    """An exponential overflows for h_tilde far from 0, and infinity divided by infinity is NaN. Write the derivative in terms of h."""
    return np.exp(-h_tilde) / (1 + np.exp(-h_tilde)) ** 2


@misconception("tanh_derivative")
def forgets_the_square(h_tilde):
    """The derivative of tanh has a square in it: 1 - h is not even symmetric in h_tilde, as the slope of tanh is."""
    return 1 - np.tanh(h_tilde)


@misconception("tanh_derivative")
def adds_instead_of_subtracting(h_tilde):
    """A sign slipped: the slope of tanh is at most 1, and yours is at least 1."""
    return 1 + np.tanh(h_tilde) ** 2


@misconception("tanh_derivative")
def squares_the_pre_activation(h_tilde):
    """1 - x squared is the derivative written in terms of the output h. You were given h_tilde: apply tanh first."""
    return 1 - h_tilde**2


@misconception("tanh_derivative")
def returns_tanh(h_tilde):
    """This is tanh itself. Its derivative says how fast it rises: 1 at h_tilde = 0, and towards 0 at both ends."""
    return np.tanh(h_tilde)


@misconception("tanh_derivative")
def uses_the_formula_of_the_sigmoid(h_tilde):
    """h(1 - h) belongs to the sigmoid. At h_tilde = 0 it would be 0, where tanh rises fastest."""
    h = np.tanh(h_tilde)
    return h * (1 - h)


@misconception("tanh_derivative")
def applies_tanh_twice(h_tilde):
    """tanh is applied twice: the inner one already gives h, and the formula in h needs nothing more."""
    return 1 - np.tanh(np.tanh(h_tilde)) ** 2


@misconception("tanh_derivative")
def overflows_to_nan(h_tilde):
    """An exponential overflows for h_tilde far from 0, and infinity divided by infinity is NaN. NumPy's own tanh doesn't."""
    h = (np.exp(h_tilde) - np.exp(-h_tilde)) / (np.exp(h_tilde) + np.exp(-h_tilde))
    return 1 - h**2


@misconception("sigmoid_backward")
def forgets_the_upstream_gradient(dh, h_tilde):
    """This is the local gradient alone. What arrives from the layers behind, dh, is the other factor of the chain rule."""
    return slope_of_sigmoid(h_tilde)


@misconception("sigmoid_backward")
def passes_the_upstream_gradient_on(dh, h_tilde):
    """This hands dh on unchanged, as if the activation weren't there. Its local gradient belongs in between."""
    return dh * np.ones_like(h_tilde)


@misconception("sigmoid_backward")
def adds_the_upstream_gradient(dh, h_tilde):
    """The chain rule multiplies upstream and local gradient; it doesn't add them."""
    return dh + slope_of_sigmoid(h_tilde)


@misconception("sigmoid_backward")
def uses_a_matrix_product(dh, h_tilde):
    """Each entry of h depends on its own entry of h_tilde only, so the product is entry by entry; @ mixes the entries."""
    return dh @ slope_of_sigmoid(h_tilde)


@misconception("sigmoid_backward")
def takes_h_tilde_for_h(dh, h_tilde):
    """h(1 - h) needs the output h, and you were given h_tilde: apply the sigmoid first."""
    return dh * h_tilde * (1 - h_tilde)


@misconception("sigmoid_backward")
def multiplies_by_the_activation(dh, h_tilde):
    """dh meets the sigmoid's value here, where the chain rule wants its slope."""
    return dh * sigmoid(h_tilde)


@misconception("sigmoid_backward")
def forgets_a_factor(dh, h_tilde):
    """The local gradient has two factors: h, and what h lacks to 1. One of them is missing."""
    return dh * (1 - sigmoid(h_tilde))


@misconception("sigmoid_backward")
def swaps_the_arguments(dh, h_tilde):
    """The slope is taken at dh and multiplied by h_tilde: the other way round."""
    return h_tilde * slope_of_sigmoid(dh)


@misconception("sigmoid_backward")
def applies_the_sigmoid_to_the_product(dh, h_tilde):
    """Upstream and pre-activation are multiplied before the slope is taken. The slope belongs to h_tilde alone."""
    return slope_of_sigmoid(dh * h_tilde)


@misconception("sigmoid_backward")
def has_the_wrong_sign(dh, h_tilde):
    """The sign is wrong: the sigmoid rises everywhere, so the gradient keeps the sign of dh."""
    return -dh * slope_of_sigmoid(h_tilde)


@misconception("sigmoid_backward")
def averages_over_the_batch(dh, h_tilde):
    """There is a division by the number of examples too many: averaging, if any, belongs to the loss and is in dh already."""
    return dh * slope_of_sigmoid(h_tilde) / len(dh)


@misconception("tanh_backward")
def forgets_the_upstream_gradient(dh, h_tilde):
    """This is the local gradient alone. What arrives from the layers behind, dh, is the other factor of the chain rule."""
    return slope_of_tanh(h_tilde)


@misconception("tanh_backward")
def passes_the_upstream_gradient_on(dh, h_tilde):
    """This hands dh on unchanged, as if the activation weren't there. Its local gradient belongs in between."""
    return dh * np.ones_like(h_tilde)


@misconception("tanh_backward")
def adds_the_upstream_gradient(dh, h_tilde):
    """The chain rule multiplies upstream and local gradient; it doesn't add them."""
    return dh + slope_of_tanh(h_tilde)


@misconception("tanh_backward")
def uses_a_matrix_product(dh, h_tilde):
    """Each entry of h depends on its own entry of h_tilde only, so the product is entry by entry; @ mixes the entries."""
    return dh @ slope_of_tanh(h_tilde)


@misconception("tanh_backward")
def takes_h_tilde_for_h(dh, h_tilde):
    """1 - h squared needs the output h, and you were given h_tilde: apply tanh first."""
    return dh * (1 - h_tilde**2)


@misconception("tanh_backward")
def multiplies_by_the_activation(dh, h_tilde):
    """dh meets the value of tanh here, where the chain rule wants its slope."""
    return dh * np.tanh(h_tilde)


@misconception("tanh_backward")
def forgets_the_square(dh, h_tilde):
    """The slope of tanh has a square in it: 1 - h is not even symmetric in h_tilde, as the slope is."""
    return dh * (1 - np.tanh(h_tilde))


@misconception("tanh_backward")
def uses_the_slope_of_the_sigmoid(dh, h_tilde):
    """This is the way back through a sigmoid. tanh lets up to four times as much through."""
    return dh * slope_of_sigmoid(h_tilde)


@misconception("tanh_backward")
def swaps_the_arguments(dh, h_tilde):
    """The slope is taken at dh and multiplied by h_tilde: the other way round."""
    return h_tilde * slope_of_tanh(dh)


@misconception("tanh_backward")
def adds_instead_of_subtracting(dh, h_tilde):
    """A sign slipped: the slope of tanh is at most 1, and yours is at least 1."""
    return dh * (1 + np.tanh(h_tilde) ** 2)


@misconception("attenuation")
def adds_instead_of_multiplying(h_tildes, activation):
    """The local gradients are added. The chain rule multiplies one factor for every layer."""
    return SLOPES[activation](h_tildes).sum(axis=0)


@misconception("attenuation")
def averages_the_layers(h_tildes, activation):
    """The local gradients are averaged. The chain rule multiplies one factor for every layer."""
    return SLOPES[activation](h_tildes).mean(axis=0)


@misconception("attenuation")
def multiplies_the_activations(h_tildes, activation):
    """The activations are multiplied. On the way back it is their derivatives that meet."""
    return ACTIVATIONS[activation](h_tildes).prod(axis=0)


@misconception("attenuation")
def multiplies_along_the_wrong_axis(h_tildes, activation):
    """The product runs along the last axis. Axis 0 counts the layers, and it is the layers that multiply."""
    return SLOPES[activation](h_tildes).prod(axis=-1)


@misconception("attenuation")
def multiplies_everything(h_tildes, activation):
    """One number is left of the whole array. Each unit keeps a product of its own; only axis 0, the layers, goes."""
    return np.prod(SLOPES[activation](h_tildes))


@misconception("attenuation")
def keeps_every_step(h_tildes, activation):
    """The products after one, two, three, ... layers are all there. Asked is what is left behind the last one."""
    return np.cumprod(SLOPES[activation](h_tildes), axis=0)


@misconception("attenuation")
def misses_a_layer(h_tildes, activation):
    """One factor is missing: the first layer, h_tildes[0], takes part, too."""
    return SLOPES[activation](h_tildes)[1:].prod(axis=0)


@misconception("attenuation")
def sums_before_the_derivative(h_tildes, activation):
    """The pre-activations are added up before the derivative is taken. Every layer has a local gradient of its own."""
    return SLOPES[activation](h_tildes.sum(axis=0))


@misconception("attenuation")
def always_takes_the_sigmoid(h_tildes, activation):
    """The name of the activation makes no difference here: for "tanh" and "relu" the result is the sigmoid's."""
    return slope_of_sigmoid(h_tildes).prod(axis=0)


@misconception("relu")
def takes_the_absolute_value(h_tilde):
    """Negative pre-activations come out positive. ReLU switches them off."""
    return np.abs(h_tilde)


@misconception("relu")
def keeps_the_wrong_side(h_tilde):
    """The negative side stays and the positive side goes: the other way round."""
    return np.minimum(h_tilde, 0)


@misconception("relu")
def changes_nothing(h_tilde):
    """The result is h_tilde itself: negative entries went through."""
    return h_tilde * 1.0


@misconception("relu")
def returns_the_derivative(h_tilde):
    """This is 0 or 1, the derivative of ReLU. Here its value is asked: a positive pre-activation keeps its size."""
    return slope_of_relu(h_tilde)


@misconception("relu")
def clips_at_one(h_tilde):
    """Large pre-activations are cut off at 1. That ReLU doesn't saturate above is what it is for."""
    return np.clip(h_tilde, 0, 1)


@misconception("relu")
def leaks(h_tilde):
    """A little of the negative side gets through: that is the leaky ReLU. ReLU itself is exactly 0 there."""
    return np.where(h_tilde > 0, h_tilde, 0.01 * h_tilde)


@misconception("relu")
def smooths_the_kink(h_tilde):
    """This is the softplus, a smoothed ReLU. ReLU itself has a kink at 0 and is exactly 0 to the left of it."""
    return np.log1p(np.exp(h_tilde))


@misconception("relu_derivative")
def returns_relu(h_tilde):
    """This is ReLU itself. Its derivative says how steep it is: flat on the left, a straight line on the right."""
    return np.maximum(h_tilde, 0)


@misconception("relu_derivative")
def keeps_the_wrong_side(h_tilde):
    """The sides are swapped: ReLU is flat where h_tilde is negative."""
    return (h_tilde < 0).astype(float)


@misconception("relu_derivative")
def is_one_at_zero(h_tilde):
    """At exactly 0 there is a kink, and the agreement here is the smaller one of the two slopes. Look at the comparison."""
    return (h_tilde >= 0).astype(float)


@misconception("relu_derivative")
def is_one_half_at_zero(h_tilde):
    """At exactly 0 there is a kink. One half is what some libraries take for maximum(h_tilde, 0); the agreement here is torch's for ReLU."""
    return np.heaviside(h_tilde, 0.5)


@misconception("relu_derivative")
def takes_the_sign(h_tilde):
    """The sign is -1 for negative pre-activations. ReLU doesn't fall there: it is flat."""
    return np.sign(h_tilde)


@misconception("relu_derivative")
def divides_by_the_pre_activation(h_tilde):
    """ReLU divided by its argument is 0/0 at 0, which is NaN. Compare instead of dividing."""
    return np.maximum(h_tilde, 0) / h_tilde


@misconception("relu_derivative")
def returns_booleans(h_tilde):
    """True and False answer whether a unit is on. A gradient is a number: the same mask, as floats."""
    return h_tilde > 0


@misconception("leaky_relu")
def forgets_the_leak(h_tilde, slope):
    """This is ReLU: the negative side is off. The leak lets slope times h_tilde through there."""
    return np.maximum(h_tilde, 0)


@misconception("leaky_relu")
def leaks_on_the_wrong_side(h_tilde, slope):
    """The slope is on the positive side, which should go through unchanged."""
    return np.where(h_tilde > 0, slope * h_tilde, h_tilde)


@misconception("leaky_relu")
def scales_both_sides(h_tilde, slope):
    """The positive side is multiplied by the slope, too. It should go through unchanged."""
    return slope * h_tilde


@misconception("leaky_relu")
def fixes_the_slope(h_tilde, slope):
    """The leak is always 0.01, whatever slope was asked for."""
    return np.where(h_tilde > 0, h_tilde, 0.01 * h_tilde)


@misconception("leaky_relu")
def squares_the_slope(h_tilde, slope):
    """The slope is applied twice on the negative side."""
    return np.where(h_tilde > 0, h_tilde, slope**2 * h_tilde)


@misconception("leaky_relu")
def returns_the_slope(h_tilde, slope):
    """On the negative side the result is the slope itself, which is the derivative there. The value is slope times h_tilde."""
    return np.where(h_tilde > 0, h_tilde, slope)


@misconception("leaky_relu")
def flips_the_negative_side(h_tilde, slope):
    """On the negative side the sign is lost: the leak goes below 0, and yours above."""
    return np.where(h_tilde > 0, h_tilde, -slope * h_tilde)


@misconception("leaky_relu_derivative")
def forgets_the_leak(h_tilde, slope):
    """This is ReLU's derivative. The leak has a slope of its own on the negative side: that it isn't 0 is what keeps the unit alive."""
    return slope_of_relu(h_tilde)


@misconception("leaky_relu_derivative")
def leaks_on_the_wrong_side(h_tilde, slope):
    """The sides are swapped: the slope belongs to the negative one."""
    return np.where(h_tilde > 0, slope, 1.0)


@misconception("leaky_relu_derivative")
def multiplies_by_the_pre_activation(h_tilde, slope):
    """On the negative side this is the value, slope times h_tilde. Its derivative doesn't depend on h_tilde any more."""
    return np.where(h_tilde > 0, 1.0, slope * h_tilde)


@misconception("leaky_relu_derivative")
def returns_leaky_relu(h_tilde, slope):
    """This is the leaky ReLU itself. Its derivative says how steep it is, and has two values only."""
    return np.where(h_tilde > 0, h_tilde, slope * h_tilde)


@misconception("leaky_relu_derivative")
def fixes_the_slope(h_tilde, slope):
    """The slope is always 0.01 here, whatever was asked for."""
    return np.where(h_tilde > 0, 1.0, 0.01)


@misconception("leaky_relu_derivative")
def squares_the_slope(h_tilde, slope):
    """The slope is applied twice on the negative side."""
    return np.where(h_tilde > 0, 1.0, slope**2)


@misconception("leaky_relu_derivative")
def is_one_at_zero(h_tilde, slope):
    """At exactly 0 there is a kink, and the agreement here is the smaller one of the two slopes. Look at the comparison."""
    return np.where(h_tilde >= 0, 1.0, slope)


@misconception("leaky_relu_derivative")
def is_zero_at_zero(h_tilde, slope):
    """0 at exactly 0 is ReLU's agreement. Leaky ReLU takes its smaller slope, which isn't 0."""
    return np.where(h_tilde > 0, 1.0, np.where(h_tilde < 0, slope, 0.0))


@misconception("dead_units")
def returns_the_living(h_tilde):
    """These are the units that are alive. Asked are the others."""
    return (h_tilde > 0).any(axis=0)


@misconception("dead_units")
def is_content_with_one_example(h_tilde):
    """A unit is called dead as soon as it is off for one example. It is dead if it is off for all of them."""
    return (h_tilde <= 0).any(axis=0)


@misconception("dead_units")
def looks_at_the_first_example_only(h_tilde):
    """Only the first example was looked at. Another one may keep the unit alive."""
    return h_tilde[0] <= 0


@misconception("dead_units")
def looks_along_the_wrong_axis(h_tilde):
    """This has one entry for each example. Asked is one for each unit: the examples, axis 0, go."""
    return (h_tilde <= 0).all(axis=1)


@misconception("dead_units")
def judges_the_mean(h_tilde):
    """The mean pre-activation isn't positive, but a single positive example keeps the unit alive all the same."""
    return h_tilde.mean(axis=0) <= 0


@misconception("dead_units")
def takes_zero_for_alive(h_tilde):
    """A pre-activation of exactly 0 counts as alive here. It isn't positive, and no gradient comes through."""
    return (h_tilde < 0).all(axis=0)


@misconception("dead_units")
def returns_a_share(h_tilde):
    """This is the share of examples for which a unit is off. Asked is whether it is off for all of them: True or False."""
    return (h_tilde <= 0).mean(axis=0)


@misconception("dead_units")
def answers_for_each_entry(h_tilde):
    """There is an answer for each example and unit. Asked is one for each unit, over the whole batch."""
    return h_tilde <= 0
