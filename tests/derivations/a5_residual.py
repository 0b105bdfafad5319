"""Ways to the answers of a5, step by step."""

import numpy as np
from htilde import derivation

# residual_forward


@derivation("residual_forward")
def branch_then_sum(x, W1, b1, W2, b2):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    branch = h @ W2 + b2
    y = x + branch
    return y


# residual_backward


@derivation("residual_backward")
def branch_backwards(dy, x, W1, b1, W2, b2):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dW2 = h.T @ dy
    db2 = dy.sum(axis=0)
    dh = dy @ W2.T
    dh_tilde = dh * (h_tilde > 0)
    dW1 = x.T @ dh_tilde
    db1 = dh_tilde.sum(axis=0)
    dx = dh_tilde @ W1.T + dy
    return dx, dW1, db1, dW2, db2


@derivation("residual_backward")
def both_ways_apart(dy, x, W1, b1, W2, b2):
    h = np.maximum(0, np.dot(x, W1) + b1)
    mask = np.where(h > 0, 1.0, 0.0)
    shortcut = dy
    dh = np.dot(dy, W2.T)
    dh_tilde = mask * dh
    branch = np.dot(dh_tilde, W1.T)
    dx = shortcut + branch
    dW1 = np.dot(x.T, dh_tilde)
    db1 = np.sum(dh_tilde, axis=0)
    dW2 = np.dot(h.T, dy)
    db2 = np.sum(dy, axis=0)
    return dx, dW1, db1, dW2, db2


# projection_forward


@derivation("projection_forward")
def branch_then_sum(x, W1, b1, W2, b2, Ws):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    branch = h @ W2 + b2
    shortcut = x @ Ws
    y = shortcut + branch
    return y


# projection_backward


@derivation("projection_backward")
def branch_backwards(dy, x, W1, b1, W2, b2, Ws):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dWs = x.T @ dy
    dW2 = h.T @ dy
    db2 = dy.sum(axis=0)
    dh = dy @ W2.T
    dh_tilde = dh * (h_tilde > 0)
    dW1 = x.T @ dh_tilde
    db1 = dh_tilde.sum(axis=0)
    dx = dh_tilde @ W1.T + dy @ Ws.T
    return dx, dW1, db1, dW2, db2, dWs


@derivation("projection_backward")
def both_ways_apart(dy, x, W1, b1, W2, b2, Ws):
    h = np.maximum(0, np.dot(x, W1) + b1)
    mask = np.where(h > 0, 1.0, 0.0)
    shortcut = np.dot(dy, Ws.T)
    dh = np.dot(dy, W2.T)
    dh_tilde = mask * dh
    branch = np.dot(dh_tilde, W1.T)
    dx = shortcut + branch
    dW1 = np.dot(x.T, dh_tilde)
    db1 = np.sum(dh_tilde, axis=0)
    dW2 = np.dot(h.T, dy)
    db2 = np.sum(dy, axis=0)
    dWs = np.dot(x.T, dy)
    return dx, dW1, db1, dW2, db2, dWs


# post_activation_forward


@derivation("post_activation_forward")
def branch_then_sum(x, W1, b1, W2, b2):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    branch = h @ W2 + b2
    y_tilde = x + branch
    y = np.maximum(y_tilde, 0)
    return y


# post_activation_backward


@derivation("post_activation_backward")
def branch_backwards(dy, x, W1, b1, W2, b2):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    y_tilde = x + h @ W2 + b2
    dy_tilde = dy * (y_tilde > 0)
    dW2 = h.T @ dy_tilde
    db2 = dy_tilde.sum(axis=0)
    dh = dy_tilde @ W2.T
    dh_tilde = dh * (h_tilde > 0)
    dW1 = x.T @ dh_tilde
    db1 = dh_tilde.sum(axis=0)
    dx = dh_tilde @ W1.T + dy_tilde
    return dx, dW1, db1, dW2, db2


@derivation("post_activation_backward")
def both_ways_apart(dy, x, W1, b1, W2, b2):
    h = np.maximum(0, np.dot(x, W1) + b1)
    y = np.maximum(0, np.dot(h, W2) + b2 + x)
    dsum = np.where(y > 0, 1.0, 0.0) * dy
    shortcut = dsum
    dh = np.dot(dsum, W2.T)
    dh_tilde = np.where(h > 0, 1.0, 0.0) * dh
    branch = np.dot(dh_tilde, W1.T)
    dx = shortcut + branch
    dW1 = np.dot(x.T, dh_tilde)
    db1 = np.sum(dh_tilde, axis=0)
    dW2 = np.dot(h.T, dsum)
    db2 = np.sum(dsum, axis=0)
    return dx, dW1, db1, dW2, db2


# residual_stack_backward


@derivation("residual_stack_backward")
def from_the_last_block(dy, xs, blocks):
    found = []
    for k in reversed(range(len(blocks))):
        W1, b1, W2, _b2 = blocks[k]
        h_tilde = xs[k] @ W1 + b1
        h = np.maximum(h_tilde, 0)
        dW2 = h.T @ dy
        db2 = dy.sum(axis=0)
        dh = dy @ W2.T
        dh_tilde = dh * (h_tilde > 0)
        dW1 = xs[k].T @ dh_tilde
        db1 = dh_tilde.sum(axis=0)
        found.insert(0, (dW1, db1, dW2, db2))
        dy = dy + dh_tilde @ W1.T
    return found


@derivation("residual_stack_backward")
def both_ways_apart(dy, xs, blocks):
    found = []
    upstream = dy
    for x, (W1, b1, W2, _b2) in zip(xs[::-1], blocks[::-1]):
        h = np.maximum(0, np.dot(x, W1) + b1)
        mask = np.where(h > 0, 1.0, 0.0)
        dh_tilde = mask * np.dot(upstream, W2.T)
        dW1 = np.dot(x.T, dh_tilde)
        db1 = np.sum(dh_tilde, axis=0)
        dW2 = np.dot(h.T, upstream)
        db2 = np.sum(upstream, axis=0)
        shortcut = upstream
        branch = np.dot(dh_tilde, W1.T)
        upstream = shortcut + branch
        found.append((dW1, db1, dW2, db2))
    return found[::-1]
