"""Known wrong answers to a1. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

import numpy as np

from htilde import misconception, probes

MODERATE = np.array([[-2.75, -1.5, -0.8, -0.3], [0.4, 1.1, 2.2, 3.0]])
LARGE = np.array([-9e3, -750.0, 750.0, 9e3])

probes("sigmoid", h_tilde=MODERATE)
probes("sigmoid", h_tilde=LARGE)
probes("sigmoid_derivative", h_tilde=MODERATE)
probes("sigmoid_derivative", h_tilde=LARGE)
probes("tanh_derivative", h_tilde=MODERATE)
probes("tanh_derivative", h_tilde=LARGE)


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


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
    return sigmoid(h_tilde) * (1 - sigmoid(h_tilde))


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
