"""Known wrong answers to a3. Each docstring is the hint: it names the mistake, not the answer."""

import numpy as np
from htilde import misconception, probes
from htilde.values import Rng

# Large enough for scales that differ by a tenth, and so unequal that no two of the mistakes below have the same scale.
probes("xavier_normal", rng=Rng(11), fan_in=180, fan_out=60)
probes("xavier_normal", rng=Rng(12), fan_in=70, fan_out=140)
probes("xavier_uniform", rng=Rng(11), fan_in=180, fan_out=60)
probes("xavier_uniform", rng=Rng(12), fan_in=70, fan_out=140)
probes("he_normal", rng=Rng(11), fan_in=80, fan_out=140, slope=0.5)
probes("he_normal", rng=Rng(12), fan_in=180, fan_out=60, slope=0.8)
probes("he_uniform", rng=Rng(11), fan_in=80, fan_out=140, slope=0.5)
probes("he_uniform", rng=Rng(12), fan_in=180, fan_out=60, slope=0.8)

X = np.array([[1.0, -0.5], [0.5, 2.0], [-1.5, 0.75]])
W1 = np.array([[0.5, -1.0, 1.5], [1.25, 0.25, -0.75]])
W2 = np.array([[1.0, -0.5, 0.75, 0.25], [-1.5, 0.5, 1.0, -0.25], [0.5, 2.0, -0.5, 1.25]])
SQUARE = np.array([[0.5, -1.0], [2.0, 0.75]])
SQUARE_2 = np.array([[1.5, 0.5], [-0.25, 1.0]])
H_TILDES = [np.array([[0.5, -1.0, 2.0], [1.5, 0.25, -0.5], [-2.0, 1.0, 0.75]]),
            np.array([[1.0, -0.5, 0.25, -1.5], [0.5, 2.0, -1.0, 0.75], [-0.75, 1.25, 0.5, -0.25]])]  # fmt: skip
SQUARE_H = [np.array([[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]]), np.array([[1.0, -0.5], [0.75, 2.0], [-1.25, 0.3]])]
DH = np.array([[1.0, -2.0, 0.5, 1.5], [0.25, 1.0, -1.0, 2.0], [-0.5, 0.75, 1.25, -1.5]])
for name in ("sigmoid", "tanh", "relu", "linear"):
    probes("forward_variances", x=X, weights=[W1, W2], activation=name)
    probes("forward_variances", x=X, weights=[SQUARE, SQUARE_2], activation=name)
    probes("backward_variances", dh=DH, h_tildes=H_TILDES, weights=[W1, W2], activation=name)
    probes("backward_variances", dh=DH[:, :2], h_tildes=SQUARE_H, weights=[SQUARE, SQUARE_2], activation=name)

probes("distinct_units", dW=np.array([[1.0, 2.0, 1.0, 2.0, 1.0], [2.0, 1.0, 2.0, 0.5, 2.0], [0.0, 0.0, 0.0, 0.0, 0.0]]))
probes("distinct_units", dW=np.array([[0.5, 0.5, 0.5, 1.0, 0.0], [1.0, 1.0, 1.0 + 1e-10, 2.0, 0.0]]))


# The four laws


@misconception("xavier_normal")
def takes_the_variance(rng, fan_in, fan_out):
    """That is the variance. A generator's scale is the standard deviation: a root is missing."""
    return rng.normal(0, 2 / (fan_in + fan_out), (fan_in, fan_out))


@misconception("xavier_normal")
def forgets_the_parentheses(rng, fan_in, fan_out):
    """2 / fan_in + fan_out adds fan_out to the fraction. The sum is the denominator: it needs parentheses."""
    return rng.normal(0, np.sqrt(2 / fan_in + fan_out), (fan_in, fan_out))


@misconception("xavier_normal")
def forgets_the_two(rng, fan_in, fan_out):
    """The variance is half of Xavier's: the denominator is right, the numerator isn't."""
    return rng.normal(0, np.sqrt(1 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception("xavier_normal")
def looks_forward_only(rng, fan_in, fan_out):
    """This variance keeps the signal on the way forward only. The way back has a condition, too; Xavier's lies between the two."""
    return rng.normal(0, np.sqrt(1 / fan_in), (fan_in, fan_out))


@misconception("xavier_normal")
def looks_back_only(rng, fan_in, fan_out):
    """This variance keeps the gradient on the way back only. The way forward has a condition, too; Xavier's lies between the two."""
    return rng.normal(0, np.sqrt(1 / fan_out), (fan_in, fan_out))


@misconception("xavier_normal")
def is_he(rng, fan_in, fan_out):
    """This is He's variance, which makes up for what ReLU switches off. Xavier's knows both sizes of the layer and no ReLU."""
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


@misconception("xavier_normal")
def takes_the_bound_of_the_uniform_law(rng, fan_in, fan_out):
    """The 6 belongs to the uniform law: it is the square of its bound. Here the standard deviation itself is asked."""
    return rng.normal(0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception("xavier_normal")
def draws_from_zero_to_one(rng, fan_in, fan_out):
    """rng.random draws from [0, 1): never a negative weight, and no normal law. Another method of the generator draws from that."""
    return rng.random((fan_in, fan_out)) * np.sqrt(2 / (fan_in + fan_out))


@misconception("xavier_normal")
def draws_uniformly(rng, fan_in, fan_out):
    """The scale is right and the law uniform: that is xavier_uniform. Here it is normal, without an end on either side."""
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("xavier_normal")
def truncates(rng, fan_in, fan_out):
    """Entries beyond two standard deviations are missing, so what is left varies less. Here the normal law isn't truncated."""
    W = rng.normal(0, 1, (fan_in, fan_out))
    while np.any(far := np.abs(W) > 2):
        W[far] = rng.normal(0, 1, far.sum())
    return W * np.sqrt(2 / (fan_in + fan_out))


@misconception("xavier_normal")
def is_always_small(rng, fan_in, fan_out):
    """The scale is 0.01 whatever the sizes of the layer are. In a deep network such weights let nothing through: the scale has to follow from the sizes."""
    return 0.01 * rng.normal(0, 1, (fan_in, fan_out))


@misconception("xavier_normal")
def leaves_out_the_scale(rng, fan_in, fan_out):
    """These are standard normal draws: the variance is 1, and a sum over fan_in of them grows with fan_in."""
    return rng.normal(0, 1, (fan_in, fan_out))


@misconception("xavier_normal")
def returns_torchs_shape(rng, fan_in, fan_out):
    """That is the transpose: torch keeps weights as (fan_out, fan_in). Here h @ W is meant, and W has a row for each input."""
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_out, fan_in))


@misconception("xavier_normal")
def returns_zeros(rng, fan_in, fan_out):
    """All weights are 0: all units compute the same and, what is worse, nothing comes back through them."""
    return np.zeros((fan_in, fan_out))


@misconception("xavier_normal")
def gives_all_units_the_same_weights(rng, fan_in, fan_out):
    """All columns are the same, so all units compute the same, receive the same gradient, and stay the same. Every entry needs a draw of its own."""
    return np.tile(rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, 1)), fan_out)


@misconception("xavier_normal")
def repeats_one_row(rng, fan_in, fan_out):
    """All rows are the same, so a unit sees nothing but the sum of its inputs. Every entry needs a draw of its own."""
    return np.tile(rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), fan_out), (fan_in, 1))


@misconception("xavier_uniform")
def forgets_the_root_of_three(rng, fan_in, fan_out):
    """The bound is the standard deviation here. A uniform law on [-a, a] has the variance a**2 / 3, so its bound is larger than that."""
    bound = np.sqrt(2 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("xavier_uniform")
def forgets_the_root(rng, fan_in, fan_out):
    """That is the bound squared: a root is missing."""
    bound = 6 / (fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("xavier_uniform")
def forgets_the_parentheses(rng, fan_in, fan_out):
    """6 / fan_in + fan_out adds fan_out to the fraction. The sum is the denominator: it needs parentheses."""
    bound = np.sqrt(6 / fan_in + fan_out)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("xavier_uniform")
def keeps_to_the_positive_side(rng, fan_in, fan_out):
    """The draws lie between 0 and a: no weight is negative, and the mean isn't 0. The interval is [-a, a]."""
    return rng.random((fan_in, fan_out)) * np.sqrt(6 / (fan_in + fan_out))


@misconception("xavier_uniform")
def halves_the_interval(rng, fan_in, fan_out):
    """The whole interval is a wide, from -a/2 to a/2. It reaches a to either side."""
    return (rng.random((fan_in, fan_out)) - 0.5) * np.sqrt(6 / (fan_in + fan_out))


@misconception("xavier_uniform")
def draws_normally(rng, fan_in, fan_out):
    """The scale is right and the law normal: that is xavier_normal. Here it is uniform, and ends at its bound."""
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception("xavier_uniform")
def draws_normally_with_the_bound(rng, fan_in, fan_out):
    """These are normal draws whose standard deviation is the bound. "Uniform" names the law: no entry lies beyond the bound."""
    return rng.normal(0, np.sqrt(6 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception("xavier_uniform")
def looks_forward_only(rng, fan_in, fan_out):
    """This bound keeps the signal on the way forward only. The way back has a condition, too; Xavier's variance lies between the two."""
    bound = np.sqrt(3 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("xavier_uniform")
def is_he(rng, fan_in, fan_out):
    """This is He's bound, which makes up for what ReLU switches off. Xavier's knows both sizes of the layer and no ReLU."""
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("xavier_uniform")
def returns_torchs_shape(rng, fan_in, fan_out):
    """That is the transpose: torch keeps weights as (fan_out, fan_in). Here h @ W is meant, and W has a row for each input."""
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_out, fan_in))


@misconception("xavier_uniform")
def gives_all_units_the_same_weights(rng, fan_in, fan_out):
    """All columns are the same, so all units compute the same, receive the same gradient, and stay the same. Every entry needs a draw of its own."""
    bound = np.sqrt(6 / (fan_in + fan_out))
    return np.tile(rng.uniform(-bound, bound, (fan_in, 1)), fan_out)


@misconception("he_normal")
def takes_the_variance(rng, fan_in, fan_out, slope):
    """That is the variance. A generator's scale is the standard deviation: a root is missing."""
    return rng.normal(0, 2 / ((1 + slope**2) * fan_in), (fan_in, fan_out))


@misconception("he_normal")
def forgets_the_two(rng, fan_in, fan_out, slope):
    """The variance is half of He's. ReLU switches half of the units off: something has to make up for that."""
    return rng.normal(0, np.sqrt(1 / ((1 + slope**2) * fan_in)), (fan_in, fan_out))


@misconception("he_normal")
def forgets_the_slope(rng, fan_in, fan_out, slope):
    """The leak makes no difference here: this is the law for ReLU. What leaks through needn't be made up for."""
    return rng.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out))


@misconception("he_normal")
def forgets_to_square_the_slope(rng, fan_in, fan_out, slope):
    """The slope stands in the formula as it is. A factor a multiplies a variance by its square."""
    return rng.normal(0, np.sqrt(2 / ((1 + slope) * fan_in)), (fan_in, fan_out))


@misconception("he_normal")
def subtracts_the_slope(rng, fan_in, fan_out, slope):
    """With a larger leak these weights become larger. The more gets through, the less has to be made up for: look at the sign."""
    return rng.normal(0, np.sqrt(2 / ((1 - slope**2) * fan_in)), (fan_in, fan_out))


@misconception("he_normal")
def takes_no_root_of_the_gain(rng, fan_in, fan_out, slope):
    """2 / (1 + a**2) stands outside the root here. It is a factor of the variance, so the root is taken of it, too."""
    return rng.normal(0, 2 / (1 + slope**2) / np.sqrt(fan_in), (fan_in, fan_out))


@misconception("he_normal")
def takes_the_other_size(rng, fan_in, fan_out, slope):
    """The variance is taken from fan_out, as a layout (fan_out, fan_in) suggests. Here a unit sums over the fan_in rows of W."""
    return rng.normal(0, np.sqrt(2 / ((1 + slope**2) * fan_out)), (fan_in, fan_out))


@misconception("he_normal")
def is_xavier(rng, fan_in, fan_out, slope):
    """This is Xavier's variance, made for activations that pass everything on. Half of what arrives at a ReLU doesn't get through."""
    return rng.normal(0, np.sqrt(2 / (fan_in + fan_out)), (fan_in, fan_out))


@misconception("he_normal")
def draws_from_zero_to_one(rng, fan_in, fan_out, slope):
    """rng.random draws from [0, 1): never a negative weight, and no normal law. Another method of the generator draws from that."""
    return rng.random((fan_in, fan_out)) * np.sqrt(2 / ((1 + slope**2) * fan_in))


@misconception("he_normal")
def draws_uniformly(rng, fan_in, fan_out, slope):
    """The scale is right and the law uniform: that is he_uniform. Here it is normal, without an end on either side."""
    bound = np.sqrt(6 / ((1 + slope**2) * fan_in))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_normal")
def truncates(rng, fan_in, fan_out, slope):
    """Entries beyond two standard deviations are missing, so what is left varies less. Here the normal law isn't truncated."""
    W = rng.normal(0, 1, (fan_in, fan_out))
    while np.any(far := np.abs(W) > 2):
        W[far] = rng.normal(0, 1, far.sum())
    return W * np.sqrt(2 / ((1 + slope**2) * fan_in))


@misconception("he_normal")
def returns_zeros(rng, fan_in, fan_out, slope):
    """All weights are 0: all units compute the same and, what is worse, nothing comes back through them."""
    return np.zeros((fan_in, fan_out))


@misconception("he_normal")
def returns_torchs_shape(rng, fan_in, fan_out, slope):
    """That is the transpose: torch keeps weights as (fan_out, fan_in). Here h @ W is meant, and W has a row for each input."""
    return rng.normal(0, np.sqrt(2 / ((1 + slope**2) * fan_in)), (fan_out, fan_in))


@misconception("he_normal")
def gives_all_units_the_same_weights(rng, fan_in, fan_out, slope):
    """All columns are the same, so all units compute the same, receive the same gradient, and stay the same. Every entry needs a draw of its own."""
    return np.tile(rng.normal(0, np.sqrt(2 / ((1 + slope**2) * fan_in)), (fan_in, 1)), fan_out)


@misconception("he_uniform")
def forgets_the_root_of_three(rng, fan_in, fan_out, slope):
    """The bound is the standard deviation here. A uniform law on [-a, a] has the variance a**2 / 3, so its bound is larger than that."""
    bound = np.sqrt(2 / ((1 + slope**2) * fan_in))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def forgets_the_root(rng, fan_in, fan_out, slope):
    """That is the bound squared: a root is missing."""
    bound = 6 / ((1 + slope**2) * fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def forgets_the_two(rng, fan_in, fan_out, slope):
    """The variance is half of He's. ReLU switches half of the units off: something has to make up for that."""
    bound = np.sqrt(3 / ((1 + slope**2) * fan_in))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def forgets_the_slope(rng, fan_in, fan_out, slope):
    """The leak makes no difference here: this is the law for ReLU. What leaks through needn't be made up for."""
    bound = np.sqrt(6 / fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def forgets_to_square_the_slope(rng, fan_in, fan_out, slope):
    """The slope stands in the formula as it is. A factor a multiplies a variance by its square."""
    bound = np.sqrt(6 / ((1 + slope) * fan_in))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def takes_the_other_size(rng, fan_in, fan_out, slope):
    """The variance is taken from fan_out, as a layout (fan_out, fan_in) suggests. Here a unit sums over the fan_in rows of W."""
    bound = np.sqrt(6 / ((1 + slope**2) * fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def is_xavier(rng, fan_in, fan_out, slope):
    """This is Xavier's variance, made for activations that pass everything on. Half of what arrives at a ReLU doesn't get through."""
    bound = np.sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def is_torchs_default(rng, fan_in, fan_out, slope):
    """1 / sqrt(fan_in) is the bound that torch gives a linear layer when nobody asks for another. Its variance is a sixth of He's for ReLU."""
    bound = 1 / np.sqrt(fan_in)
    return rng.uniform(-bound, bound, (fan_in, fan_out))


@misconception("he_uniform")
def keeps_to_the_positive_side(rng, fan_in, fan_out, slope):
    """The draws lie between 0 and a: no weight is negative, and the mean isn't 0. The interval is [-a, a]."""
    return rng.random((fan_in, fan_out)) * np.sqrt(6 / ((1 + slope**2) * fan_in))


@misconception("he_uniform")
def draws_normally(rng, fan_in, fan_out, slope):
    """The scale is right and the law normal: that is he_normal. Here it is uniform, and ends at its bound."""
    return rng.normal(0, np.sqrt(2 / ((1 + slope**2) * fan_in)), (fan_in, fan_out))


@misconception("he_uniform")
def gives_all_units_the_same_weights(rng, fan_in, fan_out, slope):
    """All columns are the same, so all units compute the same, receive the same gradient, and stay the same. Every entry needs a draw of its own."""
    bound = np.sqrt(6 / ((1 + slope**2) * fan_in))
    return np.tile(rng.uniform(-bound, bound, (fan_in, 1)), fan_out)


# Variances


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


VALUES = {"linear": lambda h: h * 1.0, "sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda h: np.maximum(h, 0)}
SLOPES = {
    "linear": np.ones_like,
    "sigmoid": lambda h: sigmoid(h) * (1 - sigmoid(h)),
    "tanh": lambda h: 1 - np.tanh(h) ** 2,
    "relu": lambda h: (h > 0) * 1.0,
}


def signals(x, weights, activation):
    """x and every h."""
    hs = [x]
    for W in weights:
        hs.append(VALUES[activation](hs[-1] @ W))
    return hs


def gradients(dh, h_tildes, weights, activation):
    """The gradients with respect to x and every h."""
    dhs = [dh]
    for h_tilde, W in zip(reversed(h_tildes), reversed(weights)):
        dhs.insert(0, (dhs[0] * SLOPES[activation](h_tilde)) @ W.T)
    return dhs


def mean_square(array):
    return np.mean(array**2)


def unbiased(array):
    return np.sum((array - array.mean()) ** 2) / np.float64(array.size - 1)


def of_units(array):
    return np.mean(np.var(array, axis=0))


def of_examples(array):
    return np.mean(np.var(array, axis=1))


def all_of(statistic, arrays):
    with np.errstate(all="ignore"):
        return np.array([statistic(array) for array in arrays])


@misconception("forward_variances")
def returns_standard_deviations(x, weights, activation):
    """These are standard deviations, the roots of the variances that are asked for."""
    return all_of(np.std, signals(x, weights, activation))


@misconception("forward_variances")
def forgets_the_mean(x, weights, activation):
    """This is the mean of the squares. The variance is measured from the mean, which isn't 0 behind a sigmoid or a ReLU."""
    return all_of(mean_square, signals(x, weights, activation))


@misconception("forward_variances")
def divides_by_one_less(x, weights, activation):
    """This estimate divides by the number of entries less one. The population variance divides by their number."""
    return all_of(unbiased, signals(x, weights, activation))


@misconception("forward_variances")
def averages_the_variances_of_units(x, weights, activation):
    """Each unit's variance is taken over the batch, and their mean returned: how much units differ from each other is lost. All entries of a layer count as one population."""
    return all_of(of_units, signals(x, weights, activation))


@misconception("forward_variances")
def averages_the_variances_of_examples(x, weights, activation):
    """Each example's variance is taken over the units, and their mean returned: how much examples differ from each other is lost. All entries of a layer count as one population."""
    return all_of(of_examples, signals(x, weights, activation))


@misconception("forward_variances")
def measures_before_the_activation(x, weights, activation):
    """These are the variances of h_tilde. The layer's signal is h, behind the activation."""
    hs = signals(x, weights, activation)
    return all_of(np.var, [x, *(h @ W for h, W in zip(hs, weights))])


@misconception("forward_variances")
def forgets_the_activation(x, weights, activation):
    """Linear layer follows upon linear layer: the activation between them is never applied."""
    return all_of(np.var, signals(x, weights, "linear"))


@misconception("forward_variances")
def leaves_the_last_layer_linear(x, weights, activation):
    """The last layer's activation is missing: every layer has one here."""
    hs = signals(x, weights, activation)
    return all_of(np.var, [*hs[:-1], hs[-2] @ weights[-1]])


@misconception("forward_variances")
def applies_the_activation_to_the_input(x, weights, activation):
    """x goes through the activation before it meets the first weights. h_0 is x itself."""
    return all_of(np.var, signals(VALUES[activation](x), weights, activation))


@misconception("forward_variances")
def leaves_out_the_input(x, weights, activation):
    """There is one entry for each layer, and none for x, which comes first."""
    return all_of(np.var, signals(x, weights, activation)[1:])


@misconception("forward_variances")
def transposes_the_weights(x, weights, activation):
    """The weights are transposed. Here W is (fan_in, fan_out), and h @ W needs no transpose."""
    return all_of(np.var, signals(x, [W.T for W in weights], activation))


@misconception("forward_variances")
def always_takes_tanh(x, weights, activation):
    """The name of the activation makes no difference here: the result is always that of tanh."""
    return all_of(np.var, signals(x, weights, "tanh"))


@misconception("backward_variances")
def returns_standard_deviations(dh, h_tildes, weights, activation):
    """These are standard deviations, the roots of the variances that are asked for."""
    return all_of(np.std, gradients(dh, h_tildes, weights, activation))


@misconception("backward_variances")
def forgets_the_mean(dh, h_tildes, weights, activation):
    """This is the mean of the squares. The variance is measured from the mean."""
    return all_of(mean_square, gradients(dh, h_tildes, weights, activation))


@misconception("backward_variances")
def divides_by_one_less(dh, h_tildes, weights, activation):
    """This estimate divides by the number of entries less one. The population variance divides by their number."""
    return all_of(unbiased, gradients(dh, h_tildes, weights, activation))


@misconception("backward_variances")
def averages_the_variances_of_units(dh, h_tildes, weights, activation):
    """Each unit's variance is taken over the batch, and their mean returned: how much units differ from each other is lost. All entries of a layer count as one population."""
    return all_of(of_units, gradients(dh, h_tildes, weights, activation))


@misconception("backward_variances")
def forgets_the_activation(dh, h_tildes, weights, activation):
    """The gradient goes through the weights only. Each layer's local gradient, the derivative of its activation, is missing."""
    return all_of(np.var, gradients(dh, h_tildes, weights, "linear"))


@misconception("backward_variances")
def multiplies_by_the_activation(dh, h_tildes, weights, activation):
    """The gradient is multiplied by h, the value of the activation. The local gradient is its derivative."""
    dhs = [dh]
    for h_tilde, W in zip(reversed(h_tildes), reversed(weights)):
        dhs.insert(0, (dhs[0] * VALUES[activation](h_tilde)) @ W.T)
    return all_of(np.var, dhs)


@misconception("backward_variances")
def takes_h_tilde_for_h(dh, h_tildes, weights, activation):
    """The derivative is written in terms of h, and got h_tilde: apply the activation first."""
    slopes = {"sigmoid": lambda h: h * (1 - h), "tanh": lambda h: 1 - h**2}
    dhs = [dh]
    for h_tilde, W in zip(reversed(h_tildes), reversed(weights)):
        dhs.insert(0, (dhs[0] * slopes.get(activation, SLOPES[activation])(h_tilde)) @ W.T)
    return all_of(np.var, dhs)


@misconception("backward_variances")
def forgets_the_transpose(dh, h_tildes, weights, activation):
    """The gradient goes through W as the signal does. On the way back it is the transpose: from fan_out to fan_in."""
    return all_of(np.var, gradients(dh, h_tildes, [W.T for W in weights], activation))


@misconception("backward_variances")
def measures_before_the_weights(dh, h_tildes, weights, activation):
    """These are the variances of the gradients with respect to h_tilde. Asked are those with respect to h, on the other side of the activation."""
    dhs = gradients(dh, h_tildes, weights, activation)
    return all_of(np.var, [dhs[0], *(d * SLOPES[activation](h) for d, h in zip(dhs[1:], h_tildes))])


@misconception("backward_variances")
def lists_the_last_layer_first(dh, h_tildes, weights, activation):
    """The variances stand in the order in which the gradient passes. Entry 0 belongs to x, the last one to dh."""
    return all_of(np.var, gradients(dh, h_tildes, weights, activation))[::-1]


@misconception("backward_variances")
def leaves_out_the_upstream_gradient(dh, h_tildes, weights, activation):
    """There is one entry for each layer, and none for dh itself, which comes last."""
    return all_of(np.var, gradients(dh, h_tildes, weights, activation)[:-1])


@misconception("backward_variances")
def leaves_out_the_input(dh, h_tildes, weights, activation):
    """There is one entry for each layer, and none for x: the gradient has to go through the first weights, too."""
    return all_of(np.var, gradients(dh, h_tildes, weights, activation)[1:])


@misconception("backward_variances")
def takes_the_layers_in_the_wrong_order(dh, h_tildes, weights, activation):
    """The gradient meets the first layer first. It comes from the loss: the last layer is the first on the way back."""
    dhs = [dh]
    for h_tilde, W in zip(h_tildes, weights):
        dhs.insert(0, (dhs[0] * SLOPES[activation](h_tilde)) @ W.T)
    return all_of(np.var, dhs)


# Symmetry


@misconception("distinct_units")
def counts_rows(dW):
    """These are the different rows, one for each input. The weights of a unit stand in a column."""
    return len(np.unique(dW, axis=0))


@misconception("distinct_units")
def counts_entries(dW):
    """These are the different numbers in the whole array. A unit is a column, all of it."""
    return len(np.unique(dW))


@misconception("distinct_units")
def counts_units(dW):
    """These are all columns. Those that are the same count once."""
    return dW.shape[1]


@misconception("distinct_units")
def counts_the_loners(dW):
    """Only columns that no other one equals are counted. Of equal ones, one counts."""
    _, times = np.unique(dW, axis=1, return_counts=True)
    return int(np.sum(times == 1))


@misconception("distinct_units")
def counts_the_copies(dW):
    """These are the columns that could go, because another one is the same. Asked are those that would be left."""
    return dW.shape[1] - np.unique(dW, axis=1).shape[1]


@misconception("distinct_units")
def takes_the_rank(dW):
    """The rank counts directions: a column that is twice another one, or a sum of others, is a different unit all the same."""
    return int(np.linalg.matrix_rank(dW))


@misconception("distinct_units")
def looks_at_neighbours_only(dW):
    """Each column is compared with the one beside it only. Equal units may stand anywhere."""
    return 1 + int(np.any(dW[:, 1:] != dW[:, :-1], axis=0).sum())


@misconception("distinct_units")
def compares_sums(dW):
    """The sums of the columns are compared. Two columns can have the same sum and differ entry by entry."""
    return len(np.unique(dW.sum(axis=0)))


@misconception("distinct_units")
def compares_the_first_row(dW):
    """Only the first row is looked at. Two units are the same if all their weights are."""
    return len(np.unique(dW[0]))


@misconception("distinct_units")
def rounds(dW):
    """Columns that are nearly the same count as one here. A small difference is enough for two units to drift apart."""
    return np.unique(np.round(dW, 8), axis=1).shape[1]
