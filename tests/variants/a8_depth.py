"""Right answers to a8 in styles other than the reference's. Each must get full marks."""

import numpy as np
from htilde import variant


def activate(h_tilde, activation):
    if activation == "sigmoid":
        return 1 / (1 + np.exp(-h_tilde))
    if activation == "tanh":
        return np.tanh(h_tilde)
    return np.maximum(h_tilde, 0.01 * h_tilde) if activation == "leaky_relu" else h_tilde * (h_tilde > 0)


def slope(h_tilde, activation):
    if activation == "leaky_relu":
        return 0.01 + 0.99 * (h_tilde > 0)
    if activation == "relu":
        return np.sign(np.maximum(h_tilde, 0))
    h = activate(h_tilde, activation)
    return h - h**2 if activation == "sigmoid" else 1 - h**2


def forward(x, weights, biases, activation):
    hs, h_tildes = [x], []
    for W, b in zip(weights, biases):
        h_tildes.append(hs[-1] @ W + b)
        hs.append(activate(h_tildes[-1], activation))
    return h_tildes, hs


def deltas(y, h_tildes, weights, activation):
    found = [2 * h_tildes[-1] - 2 * y]
    for W, h_tilde in zip(weights[:0:-1], h_tildes[-2::-1]):
        found.insert(0, np.dot(found[0], W.T) * slope(h_tilde, activation))
    return found


@variant("layer_gradient_norms")
def library(x, y, weights, biases, activation):
    h_tildes, _ = forward(x, weights, biases, activation)
    return np.array([np.linalg.norm(delta) for delta in deltas(y, h_tildes, weights, activation)])


@variant("layer_gradient_norms")
def filled_from_behind(x, y, weights, biases, activation):
    L = len(weights)
    norms, h, h_tildes = np.zeros(L), x, []
    for i in range(L):
        h_tilde = np.einsum("ni,ij->nj", h, weights[i]) + biases[i]
        h_tildes.append(h_tilde)
        h = activate(h_tilde, activation)
    delta = -2.0 * (y - h_tildes[L - 1])
    for i in range(L - 1, -1, -1):
        norms[i] = np.vdot(delta, delta) ** 0.5
        if i > 0:
            delta = np.einsum("nj,ij->ni", delta, weights[i]) * slope(h_tildes[i - 1], activation)
    return norms


@variant("layer_gradient_norms")
def one_example_after_another(x, y, weights, biases, activation):
    squares = np.zeros(len(weights))
    for n in range(len(x)):
        h_tildes, _ = forward(x[n], weights, biases, activation)
        delta = 2 * (h_tildes[-1] - y[n])
        squares[-1] += delta @ delta
        for at in range(len(weights) - 1, 0, -1):
            delta = weights[at] @ delta * slope(h_tildes[at - 1], activation)
            squares[at - 1] += delta @ delta
    return np.sqrt(squares)


@variant("train")
def gradients_first(x, y, weights, biases, activation, learning_rate, steps):
    losses = []
    for _ in range(steps):
        h_tildes, hs = forward(x, weights, biases, activation)
        losses.append(np.sum(np.square(y - h_tildes[-1])))
        found = deltas(y, h_tildes, weights, activation)
        weights = [W - learning_rate * np.dot(h.T, delta) for W, h, delta in zip(weights, hs, found)]
        biases = [b - learning_rate * np.sum(delta, axis=0) for b, delta in zip(biases, found)]
    return np.array(losses)


@variant("train")
def in_place(x, y, weights, biases, activation, learning_rate, steps):
    losses = np.empty(steps)
    for step in range(steps):
        h_tildes, hs = forward(x, weights, biases, activation)
        y_hat = h_tildes[-1]
        losses[step] = ((y_hat - y) ** 2).sum()
        for i, delta in enumerate(deltas(y, h_tildes, weights, activation)):
            weights[i] -= learning_rate * (hs[i].T @ delta)
            biases[i] -= learning_rate * delta.sum(0)
    return losses


@variant("train")
def with_a_row_of_ones(x, y, weights, biases, activation, learning_rate, steps):
    """Each bias as the last row of its matrix."""
    both = [np.vstack([W, b]) for W, b in zip(weights, biases)]
    losses, ones = [], np.ones((len(x), 1))
    while len(losses) < steps:
        hs, h_tildes = [np.hstack([x, ones])], []
        for V in both:
            h_tildes.append(hs[-1] @ V)
            hs.append(np.hstack([activate(h_tildes[-1], activation), ones]))
        losses.append(np.linalg.norm(h_tildes[-1] - y) ** 2)
        delta, moved = 2 * (h_tildes[-1] - y), []
        for at in range(len(both) - 1, -1, -1):
            moved.insert(0, both[at] - learning_rate * hs[at].T @ delta)
            if at:
                delta = delta @ both[at][:-1].T * slope(h_tildes[at - 1], activation)
        both = moved
    return np.array(losses, dtype=float)


@variant("train")
def one_example_after_another(x, y, weights, biases, activation, learning_rate, steps):
    losses = np.zeros(steps)
    for step in range(steps):
        dWs, dbs = [np.zeros_like(W) for W in weights], [np.zeros_like(b) for b in biases]
        for n in range(len(x)):
            h_tildes, hs = forward(x[n], weights, biases, activation)
            losses[step] += np.sum((h_tildes[-1] - y[n]) ** 2)
            for at, delta in enumerate(deltas(y[n], h_tildes, weights, activation)):
                dWs[at] += np.outer(hs[at], delta)
                dbs[at] += delta
        weights = [W - learning_rate * dW for W, dW in zip(weights, dWs)]
        biases = [b - learning_rate * db for b, db in zip(biases, dbs)]
    return losses


@variant("layer_gradient_norms")
def entry_by_entry(x, y, weights, biases, activation):
    h_tildes, _ = forward(x, weights, biases, activation)
    norms = []
    for delta in deltas(y, h_tildes, weights, activation):
        total = 0.0
        for entry in np.ravel(delta):
            total += float(entry) * float(entry)
        norms.append(total**0.5)
    return np.array(norms)
