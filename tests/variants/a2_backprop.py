"""Right answers to a2 in styles other than the reference's. Each must get full marks."""

import math

import numpy as np
from htilde import variant


@variant("linear")
def dot(h, W, b):
    return np.dot(h, W) + b.reshape(1, -1)


@variant("linear")
def einsum(h, W, b):
    return np.einsum("ni,ij->nj", h, W) + b[None, :]


@variant("linear")
def plain_loops(h, W, b):
    h_tilde = np.zeros((h.shape[0], W.shape[1]))
    for n in range(h.shape[0]):
        for j in range(W.shape[1]):
            h_tilde[n, j] = b[j]
            for i in range(W.shape[0]):
                h_tilde[n, j] += h[n, i] * W[i, j]
    return h_tilde


@variant("linear")
def column_vectors(h, W, b):
    return (W.T @ h.T + b[:, None]).T


@variant("linear_backward")
def einsum(dh_tilde, h, W):
    dh = np.einsum("nj,ij->ni", dh_tilde, W)
    return dh, np.einsum("ni,nj->ij", h, dh_tilde), np.einsum("nj->j", dh_tilde)


@variant("linear_backward")
def with_the_axis_kept(dh_tilde, h, W):
    return [np.dot(dh_tilde, W.T), np.dot(h.T, dh_tilde), np.sum(dh_tilde, axis=0, keepdims=True)]


@variant("linear_backward")
def one_example_after_another(dh_tilde, h, W):
    dh, dW, db = np.zeros_like(h), np.zeros_like(W), np.zeros(W.shape[1])
    for n in range(len(h)):
        dh[n] = W @ dh_tilde[n]
        dW += np.outer(h[n], dh_tilde[n])
        db += dh_tilde[n]
    return dh, dW, db


@variant("linear_backward")
def through_ones(dh_tilde, h, W):
    db = np.ones((1, len(h))) @ dh_tilde
    return (W @ dh_tilde.T).T, (dh_tilde.T @ h).T, db.ravel()


@variant("sse_loss")
def as_a_norm(y_hat, y):
    return np.linalg.norm(y_hat - y) ** 2


@variant("sse_loss")
def as_a_dot_product(y_hat, y):
    difference = np.ravel(y - y_hat)
    return difference @ difference


@variant("sse_loss")
def one_example_after_another(y_hat, y):
    loss = 0.0
    for mine, right in zip(y_hat, y):
        loss += float(np.square(mine - right).sum())
    return loss


@variant("sse_loss")
def with_both_axes_kept(y_hat, y):
    return ((y_hat - y) ** 2).sum(axis=1, keepdims=True).sum(axis=0, keepdims=True)


@variant("sse_loss_backward")
def the_sign_outside(y_hat, y):
    return -2 * (y - y_hat)


@variant("sse_loss_backward")
def added_twice(y_hat, y):
    difference = np.subtract(y_hat, y)
    return difference + difference


@variant("sse_loss_backward")
def in_place(y_hat, y):
    y_hat -= y
    y_hat *= 2.0
    return y_hat


@variant("bce_with_logits")
def logaddexp(h_tilde, y):
    return np.sum(np.logaddexp(0, h_tilde) - y * h_tilde)


@variant("bce_with_logits")
def two_logaddexps(h_tilde, y):
    return np.sum(y * np.logaddexp(0, -h_tilde) + (1 - y) * np.logaddexp(0, h_tilde))


@variant("bce_with_logits")
def by_the_sign_of_being_right(h_tilde, y):
    margin = np.where(y == 1, h_tilde, -h_tilde)
    return np.sum(np.where(margin > 0, 0, -margin) + np.log1p(np.exp(-np.abs(margin))))


@variant("bce_with_logits")
def plain_loop(h_tilde, y):
    loss = 0.0
    for a, right in zip(np.ravel(h_tilde), np.ravel(y)):
        loss += max(a, 0.0) - a * right + math.log(1 + math.exp(-abs(a)))
    return loss


@variant("bce_with_logits_backward")
def textbook_with_overflow_warning(h_tilde, y):
    return 1 / (1 + np.exp(-h_tilde)) - y


@variant("bce_with_logits_backward")
def through_tanh(h_tilde, y):
    return 0.5 * (1 + np.tanh(h_tilde / 2)) - y


@variant("bce_with_logits_backward")
def by_label(h_tilde, y):
    p = 1 / (1 + np.exp(-h_tilde))
    return np.where(y == 1, p - 1, p)


@variant("bce_with_logits_backward")
def entry_by_entry(h_tilde, y):
    dh_tilde = np.zeros_like(h_tilde)
    for index in np.ndindex(h_tilde.shape):
        small = math.exp(-abs(h_tilde[index]))
        dh_tilde[index] = (1 if h_tilde[index] >= 0 else small) / (1 + small) - y[index]
    return dh_tilde


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


def activate(h_tilde, activation):
    if activation == "sigmoid":
        return sigmoid(h_tilde)
    return np.tanh(h_tilde) if activation == "tanh" else h_tilde * (h_tilde > 0)


@variant("mlp_forward")
def counting_layers(x, weights, biases, activation):
    h_tildes, hs = [], []
    for i in range(len(weights)):
        h_tilde = (x if i == 0 else hs[i - 1]) @ weights[i] + biases[i]
        if i == len(weights) - 1:
            return h_tildes, hs, h_tilde
        h_tildes.append(h_tilde)
        hs.append(activate(h_tilde, activation))
    return None


@variant("mlp_forward")
def all_then_cut(x, weights, biases, activation):
    h_tildes, hs = [], [x]
    for W, b in zip(weights, biases):
        h_tildes.append(np.einsum("ni,ij->nj", hs[-1], W) + b)
        hs.append(activate(h_tildes[-1], activation))
    return tuple(h_tildes[:-1]), tuple(hs[1:-1]), h_tildes[-1]


@variant("mlp_forward")
def recursively(x, weights, biases, activation):
    h_tilde = np.dot(x, weights[0]) + biases[0]
    if len(weights) == 1:
        return [], [], h_tilde
    h = activate(h_tilde, activation)
    h_tildes, hs, y_hat = recursively(h, weights[1:], biases[1:], activation)
    return [h_tilde, *h_tildes], [h, *hs], y_hat


@variant("mlp_forward")
def one_example_after_another(x, weights, biases, activation):
    h_tildes = [np.zeros((len(x), len(b))) for b in biases]
    hs = [np.zeros((len(x), len(b))) for b in biases[:-1]]
    for n, h in enumerate(x):
        for at, (W, b) in enumerate(zip(weights, biases)):
            h_tildes[at][n] = W.T @ h + b
            if at < len(hs):
                h = hs[at][n] = activate(h_tildes[at][n], activation)
    return h_tildes[:-1], hs, h_tildes[-1]


def slope(h_tilde, activation):
    """The textbook's formulas, from h_tilde alone."""
    if activation == "sigmoid":
        return sigmoid(h_tilde) * (1 - sigmoid(h_tilde))
    return 1 / np.cosh(h_tilde) ** 2 if activation == "tanh" else (h_tilde > 0).astype(float)


@variant("mlp_backward")
def from_the_pre_activations(x, y, h_tildes, hs, y_hat, weights, activation):
    dh_tildes = [-2 * (y - y_hat)]
    for W, h_tilde in zip(weights[:0:-1], h_tildes[::-1]):
        dh_tildes.insert(0, np.dot(dh_tildes[0], W.T) * slope(h_tilde, activation))
    dWs = [np.dot(h.T, dh_tilde) for h, dh_tilde in zip([x, *hs], dh_tildes)]
    return dWs, [np.sum(dh_tilde, axis=0) for dh_tilde in dh_tildes], dh_tildes[:-1]


@variant("mlp_backward")
def einsum_with_the_axis_kept(x, y, h_tildes, hs, y_hat, weights, activation):
    count = len(weights)
    dWs, dbs, dh_tildes = [None] * count, [None] * count, [None] * (count - 1)
    dh_tilde = 2.0 * y_hat - 2.0 * y
    for i in range(count - 1, -1, -1):
        dWs[i] = np.einsum("ni,nj->ij", hs[i - 1] if i else x, dh_tilde)
        dbs[i] = dh_tilde.sum(axis=0, keepdims=True)
        if i:
            dh_tilde = np.einsum("nj,ij->ni", dh_tilde, weights[i]) * slope(h_tildes[i - 1], activation)
            dh_tildes[i - 1] = dh_tilde
    return tuple(dWs), tuple(dbs), tuple(dh_tildes)


@variant("mlp_backward")
def in_place(x, y, h_tildes, hs, y_hat, weights, activation):
    y_hat -= y
    y_hat *= 2
    dh_tilde, dWs, dbs, dh_tildes = y_hat, [], [], []
    hs.insert(0, x)
    while weights:
        W, h = weights.pop(), hs.pop()
        dWs.append(h.T @ dh_tilde)
        dbs.append(dh_tilde.sum(0))
        if hs:
            dh_tilde = dh_tilde @ W.T
            if activation == "relu":
                dh_tilde[h <= 0] = 0
            elif activation == "tanh":
                dh_tilde *= 1 - h**2
            else:
                dh_tilde *= h * (1 - h)
            dh_tildes.append(dh_tilde)
    return dWs[::-1], dbs[::-1], dh_tildes[::-1]


@variant("mlp_backward")
def one_example_after_another(x, y, h_tildes, hs, y_hat, weights, activation):
    dWs, dbs = [np.zeros_like(W) for W in weights], [np.zeros(W.shape[1]) for W in weights]
    dh_tildes = [np.zeros_like(h_tilde) for h_tilde in h_tildes]
    for n in range(len(x)):
        delta = 2 * (y_hat[n] - y[n])
        for at in range(len(weights) - 1, -1, -1):
            dWs[at] += np.outer([x, *hs][at][n], delta)
            dbs[at] += delta
            if at > 0:
                delta = weights[at] @ delta * slope(h_tildes[at - 1][n], activation)
                dh_tildes[at - 1][n] = delta
    return dWs, dbs, dh_tildes


@variant("gradient_norms")
def library(dWs):
    return np.array([np.linalg.norm(dW) for dW in dWs])


@variant("gradient_norms")
def filled(dWs):
    norms = np.zeros(len(dWs))
    for i, dW in enumerate(dWs):
        norms[i] = np.sqrt(np.vdot(dW, dW))
    return norms


@variant("gradient_norms")
def from_plain_numbers(dWs):
    return np.array([math.sqrt(sum(float(entry) ** 2 for entry in dW.flat)) for dW in dWs])


@variant("gradient_norms")
def through_the_trace(dWs):
    return np.sqrt([np.trace(dW.T @ dW) for dW in dWs])


@variant("sse_loss_backward")
def one_example_after_another(y_hat, y):
    dy_hat = np.empty(np.shape(y_hat))
    for n in range(len(y_hat)):
        dy_hat[n] = 2.0 * y_hat[n] - 2.0 * y[n]
    return dy_hat
