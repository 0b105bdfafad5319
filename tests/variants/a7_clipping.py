"""Right answers to a7 in styles other than the reference's. Each must get full marks."""

import numpy as np
from htilde import variant


@variant("clip_by_value")
def two_bounds(grads, limit):
    return [np.maximum(np.minimum(grad, limit), -limit) for grad in grads]


@variant("clip_by_value")
def in_place(grads, limit):
    for grad in grads:
        grad[grad > limit] = limit
        grad[grad < -limit] = -limit
    return grads


@variant("clip_by_value")
def sign_and_size(grads, limit):
    return tuple(np.sign(grad) * np.where(np.abs(grad) < limit, np.abs(grad), limit) for grad in grads)


@variant("clip_by_value")
def one_entry_after_another(grads, limit):
    found = []
    for grad in grads:
        new = np.zeros_like(grad)
        for at, entry in np.ndenumerate(grad):
            new[at] = max(-limit, min(limit, entry))
        found.append(new)
    return found


@variant("clip_by_global_norm")
def library(grads, max_norm):
    total = np.linalg.norm([np.linalg.norm(grad.ravel()) for grad in grads])
    factor = max_norm / (total + 1e-6)
    if factor < 1:
        grads = [grad * factor for grad in grads]
    return grads, total


@variant("clip_by_global_norm")
def one_long_vector(grads, max_norm):
    flat = np.concatenate([np.ravel(grad) for grad in grads])
    total = np.sqrt(flat @ flat)
    flat = flat * np.minimum(1, max_norm / (total + 1e-6))
    cuts = np.cumsum([grad.size for grad in grads])[:-1]
    return [part.reshape(grad.shape) for part, grad in zip(np.split(flat, cuts), grads)], total


@variant("clip_by_global_norm")
def in_place(grads, max_norm):
    total = 0.0
    for grad in grads:
        total += float((grad * grad).sum())
    total **= 0.5
    for grad in grads:
        grad *= min(max_norm / (total + 1e-6), 1.0)
    return grads, total


@variant("clip_by_global_norm")
def divides(grads, max_norm):
    total = np.sqrt(np.sum([np.vdot(grad, grad) for grad in grads]))
    return tuple(grad / max(1, (total + 1e-6) / max_norm) for grad in grads), total


@variant("sgd_step")
def with_indices(params, grads, learning_rate):
    new = []
    for i in range(len(params)):
        new.append(params[i] + -learning_rate * grads[i])
    return new


@variant("sgd_step")
def in_place(params, grads, learning_rate):
    for param, grad in zip(params, grads):
        param -= learning_rate * grad
    return params


@variant("sgd_step")
def by_a_function(params, grads, learning_rate):
    return list(map(lambda param, grad: np.subtract(param, np.multiply(grad, learning_rate)), params, grads))


def activate(h_tilde, activation):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-h_tilde))
    return np.tanh(h_tilde) if activation == "tanh" else h_tilde * (h_tilde > 0)


def slope(h_tilde, activation):
    if activation == "relu":
        return (h_tilde > 0) * 1.0
    h = activate(h_tilde, activation)
    return h - h**2 if activation == "sigmoid" else 1 - h**2


@variant("fine_tune_gradients")
def all_of_them_cut(x, y, weights, biases, activation, first_trainable):
    h, hs, h_tildes = x, [], []
    for W, b in zip(weights, biases):
        hs.append(h)
        h_tildes.append(np.dot(h, W) + b)
        h = activate(h_tildes[-1], activation)
    deltas = [2 * h_tildes[-1] - 2 * y]
    for W, h_tilde in zip(weights[:0:-1], h_tildes[-2::-1]):
        deltas.insert(0, deltas[0] @ W.T * slope(h_tilde, activation))
    dWs = [np.dot(h.T, delta) for h, delta in zip(hs, deltas)]
    return dWs[first_trainable:], [np.sum(delta, axis=0) for delta in deltas][first_trainable:]


@variant("fine_tune_gradients")
def features_first(x, y, weights, biases, activation, first_trainable):
    for W, b in zip(weights[:first_trainable], biases[:first_trainable]):
        x = activate(x @ W + b, activation)
    weights, biases = weights[first_trainable:], biases[first_trainable:]
    hs, h_tildes = [x], []
    for W, b in zip(weights[:-1], biases[:-1]):
        h_tildes.append(hs[-1] @ W + b)
        hs.append(activate(h_tildes[-1], activation))
    delta = -2 * (y - hs[-1] @ weights[-1] - biases[-1])
    dWs, dbs = [None] * len(weights), [None] * len(weights)
    for i in range(len(weights) - 1, -1, -1):
        dWs[i] = np.einsum("ni,nj->ij", hs[i], delta)
        dbs[i] = delta.sum(axis=0, keepdims=True)
        if i:
            delta = np.einsum("nj,ij->ni", delta, weights[i]) * slope(h_tildes[i - 1], activation)
    return tuple(dWs), tuple(dbs)


@variant("fine_tune_gradients")
def recursively(x, y, weights, biases, activation, first_trainable):
    dWs, dbs = [], []

    def through(h, layer):
        h_tilde = h @ weights[layer] + biases[layer]
        if layer == len(weights) - 1:
            dh_tilde = 2 * (h_tilde - y)
        else:
            dh = through(activate(h_tilde, activation), layer + 1)
            if dh is None:
                return None
            dh_tilde = dh * slope(h_tilde, activation)
        dWs.insert(0, h.T @ dh_tilde)
        dbs.insert(0, dh_tilde.sum(0))
        return dh_tilde @ weights[layer].T if layer > first_trainable else None

    through(x, 0)
    return dWs, dbs


@variant("fine_tune_gradients")
def one_example_after_another(x, y, weights, biases, activation, first_trainable):
    L = len(weights)
    dWs = [np.zeros_like(W) for W in weights[first_trainable:]]
    dbs = [np.zeros_like(b) for b in biases[first_trainable:]]
    for n in range(len(x)):
        hs = [x[n]]
        for W, b in zip(weights[:-1], biases[:-1]):
            hs.append(activate(W.T @ hs[-1] + b, activation))
        delta = 2 * (weights[-1].T @ hs[-1] + biases[-1] - y[n])
        for at in range(L - 1, first_trainable - 1, -1):
            dWs[at - first_trainable] += np.outer(hs[at], delta)
            dbs[at - first_trainable] += delta
            before = weights[at - 1].T @ hs[at - 1] + biases[at - 1] if at else None
            delta = weights[at] @ delta * slope(before, activation) if at else None
    return dWs, dbs


@variant("sgd_step")
def on_copies(params, grads, learning_rate):
    new = [np.array(param) for param in params]
    for at, grad in enumerate(grads):
        new[at] -= grad * learning_rate
    return tuple(new)
