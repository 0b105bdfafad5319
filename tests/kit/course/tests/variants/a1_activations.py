"""Right answers to a1 in styles other than the reference's. Each must get full marks."""

import math

import numpy as np

from htilde import variant


@variant("sigmoid")
def textbook_with_overflow_warning(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


@variant("sigmoid")
def where_by_sign(h_tilde):
    small = np.exp(-np.abs(h_tilde))
    return np.where(h_tilde >= 0, 1 / (1 + small), small / (1 + small))


@variant("sigmoid")
def masks(h_tilde):
    h_tilde = np.asarray(h_tilde)
    h = np.empty_like(h_tilde)
    positive = h_tilde >= 0
    h[positive] = 1 / (1 + np.exp(-h_tilde[positive]))
    grown = np.exp(h_tilde[~positive])
    h[~positive] = grown / (1 + grown)
    return h


@variant("sigmoid")
def through_tanh(h_tilde):
    return 0.5 * (1 + np.tanh(h_tilde / 2))


@variant("sigmoid")
def plain_loop(h_tilde):
    def one(x):
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))

    flat = [one(float(x)) for x in np.ravel(h_tilde)]
    return np.array(flat, dtype=float).reshape(np.shape(h_tilde))


@variant("sigmoid_derivative")
def in_terms_of_h(h_tilde):
    h = 1 / (1 + np.exp(-h_tilde))
    return h * (1 - h)


@variant("sigmoid_derivative")
def in_terms_of_h_squared(h_tilde):
    h = 1 / (1 + np.exp(-h_tilde))
    return h - h**2


@variant("sigmoid_derivative")
def through_the_exponential(h_tilde):
    small = np.exp(-np.abs(h_tilde))
    return small / (1 + small) ** 2


@variant("sigmoid_derivative")
def through_cosh(h_tilde):
    return 1 / (2 + 2 * np.cosh(h_tilde))


@variant("sigmoid_derivative")
def plain_loop(h_tilde):
    def one(x):
        small = math.exp(-abs(x))
        return small / (1 + small) ** 2

    flat = [one(float(x)) for x in np.ravel(h_tilde)]
    return np.array(flat, dtype=float).reshape(np.shape(h_tilde))


@variant("tanh_derivative")
def through_cosh(h_tilde):
    return 1 / np.cosh(h_tilde) ** 2


@variant("tanh_derivative")
def as_a_product(h_tilde):
    h = np.tanh(h_tilde)
    return (1 - h) * (1 + h)


@variant("tanh_derivative")
def through_the_sigmoid(h_tilde):
    h = 1 / (1 + np.exp(-2 * h_tilde))
    return 4 * h * (1 - h)


@variant("tanh_derivative")
def plain_loop(h_tilde):
    flat = [1 - math.tanh(float(x)) ** 2 for x in np.ravel(h_tilde)]
    return np.array(flat, dtype=float).reshape(np.shape(h_tilde))
