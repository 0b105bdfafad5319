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


@variant("sigmoid_backward")
def in_terms_of_h(dh, h_tilde):
    h = 1 / (1 + np.exp(-h_tilde))
    return dh * h * (1 - h)


@variant("sigmoid_backward")
def through_tanh(dh, h_tilde):
    return dh * (1 - np.tanh(h_tilde / 2) ** 2) / 4


@variant("sigmoid_backward")
def plain_loop(dh, h_tilde):
    dh_tilde = np.zeros_like(dh)
    for index in np.ndindex(np.shape(dh)):
        small = math.exp(-abs(h_tilde[index]))
        dh_tilde[index] = dh[index] * small / (1 + small) ** 2
    return dh_tilde


@variant("tanh_backward")
def in_terms_of_h(dh, h_tilde):
    h = np.tanh(h_tilde)
    return dh * (1 - h**2)


@variant("tanh_backward")
def as_a_difference(dh, h_tilde):
    return dh - dh * np.tanh(h_tilde) ** 2


@variant("tanh_backward")
def with_multiply(dh, h_tilde):
    h = np.tanh(h_tilde)
    return np.multiply(dh, np.multiply(1 - h, 1 + h))


@variant("attenuation")
def one_layer_after_another(h_tildes, activation):
    left = np.ones(h_tildes.shape[1:])
    for h_tilde in h_tildes:
        if activation == "relu":
            left = left * (h_tilde > 0)
        elif activation == "tanh":
            left = left * (1 - np.tanh(h_tilde) ** 2)
        else:
            h = 1 / (1 + np.exp(-h_tilde))
            left = left * h * (1 - h)
    return left


@variant("attenuation")
def from_a_table(h_tildes, activation):
    def of_the_sigmoid(x):
        small = np.exp(-np.abs(x))
        return small / (1 + small) ** 2

    def of_relu(x):
        return np.where(x > 0, 1.0, 0.0)

    table = {"sigmoid": of_the_sigmoid, "tanh": lambda x: 1 / np.cosh(x) ** 2, "relu": of_relu}
    return np.prod(table[activation](h_tildes), axis=0)


@variant("attenuation")
def by_a_reduction(h_tildes, activation):
    if activation == "sigmoid":
        local = 1 / (2 + 2 * np.cosh(h_tildes))
    elif activation == "tanh":
        local = 1 - np.tanh(h_tildes) ** 2
    else:
        local = np.heaviside(h_tildes, 0.0)
    return np.multiply.reduce(local, axis=0)


@variant("relu")
def maximum(h_tilde):
    return np.maximum(h_tilde, 0)


@variant("relu")
def by_a_mask(h_tilde):
    return h_tilde * (h_tilde > 0)


@variant("relu")
def half_the_sum(h_tilde):
    return (h_tilde + np.abs(h_tilde)) / 2


@variant("relu")
def copies_and_clears(h_tilde):
    h = np.array(h_tilde)
    h[h < 0] = 0
    return h


@variant("relu_derivative")
def where(h_tilde):
    return np.where(h_tilde > 0, 1.0, 0.0)


@variant("relu_derivative")
def heaviside(h_tilde):
    return np.heaviside(h_tilde, 0.0)


@variant("relu_derivative")
def fills(h_tilde):
    slope = np.zeros_like(h_tilde)
    slope[h_tilde > 0] = 1
    return slope


@variant("leaky_relu")
def maximum(h_tilde, slope):
    return np.maximum(h_tilde, slope * h_tilde)


@variant("leaky_relu")
def two_halves(h_tilde, slope):
    return np.maximum(h_tilde, 0) + slope * np.minimum(h_tilde, 0)


@variant("leaky_relu")
def in_place_on_a_copy(h_tilde, slope):
    h = np.array(h_tilde)
    h[h < 0] *= slope
    return h


@variant("leaky_relu_derivative")
def by_a_mask(h_tilde, slope):
    on = h_tilde > 0
    return on + slope * ~on


@variant("leaky_relu_derivative")
def interpolates(h_tilde, slope):
    return slope + (1 - slope) * (h_tilde > 0)


@variant("leaky_relu_derivative")
def fills(h_tilde, slope):
    result = np.full_like(h_tilde, slope)
    result[h_tilde > 0] = 1
    return result


@variant("dead_units")
def none_is_positive(h_tilde):
    return ~np.any(h_tilde > 0, axis=0)


@variant("dead_units")
def by_the_maximum(h_tilde):
    return h_tilde.max(axis=0) <= 0


@variant("dead_units")
def by_the_sum_of_relu(h_tilde):
    return np.maximum(h_tilde, 0).sum(axis=0) == 0


@variant("dead_units")
def plain_loop(h_tilde):
    return np.array([all(entry <= 0 for entry in column) for column in h_tilde.T])


@variant("sigmoid_backward")
def entry_by_entry(dh, h_tilde):
    result = np.zeros(np.shape(h_tilde))
    for at in np.ndindex(np.shape(h_tilde)):
        h = 1 / (1 + math.exp(-max(float(h_tilde[at]), -700.0)))
        result[at] = float(dh[at]) * h * (1.0 - h)
    return result


@variant("sigmoid_backward")
def difference_of_two_products(dh, h_tilde):
    h = 1 / (1 + np.exp(-h_tilde))
    return dh * h - dh * h**2


@variant("tanh_backward")
def tanh_through_the_sigmoid(dh, h_tilde):
    h = 2 / (1 + np.exp(-2 * h_tilde)) - 1
    return dh * (1 - h**2)


@variant("tanh_backward")
def four_times_the_sigmoids(dh, h_tilde):
    s = 1 / (1 + np.exp(-2 * h_tilde))
    return 4 * dh * s * (1 - s)


@variant("attenuation")
def last_of_the_running_products(h_tildes, activation):
    h = {"sigmoid": lambda x: 1 / (1 + np.exp(-x)), "tanh": np.tanh, "relu": lambda x: x}[activation](h_tildes)
    slopes = {"sigmoid": h - h**2, "tanh": (1 - h) * (1 + h), "relu": (h > 0).astype(float)}[activation]
    return np.cumprod(slopes, axis=0)[-1]


@variant("relu_derivative")
def of_whole_numbers_made_floats(h_tilde):
    return (np.asarray(h_tilde) > 0) * 1.0


@variant("leaky_relu")
def where(h_tilde, slope):
    return np.where(h_tilde > 0, 1.0, slope) * h_tilde


@variant("leaky_relu_derivative")
def where(h_tilde, slope):
    return np.where(h_tilde > 0, 1.0, slope)
