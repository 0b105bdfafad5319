"""Right answers to a5 in styles other than the reference's. Each must get full marks."""

import numpy as np
from htilde import variant


@variant("residual_forward")
def step_by_step(x, W1, b1, W2, b2):
    h_tilde = np.dot(x, W1) + b1.reshape(1, -1)
    h = h_tilde * (h_tilde > 0)
    return np.add(np.dot(h, W2) + b2, x)


@variant("residual_forward")
def in_place(x, W1, b1, W2, b2):
    h = x @ W1
    h += b1
    h[h < 0] = 0
    x += h @ W2
    x += b2
    return x


@variant("residual_forward")
def one_example_after_another(x, W1, b1, W2, b2):
    y = np.zeros_like(x)
    for n, row in enumerate(x):
        y[n] = row + W2.T @ np.maximum(W1.T @ row + b1, 0) + b2
    return y


@variant("residual_forward")
def einsum(x, W1, b1, W2, b2):
    h = np.where(np.einsum("nd,dh->nh", x, W1) + b1 > 0, np.einsum("nd,dh->nh", x, W1) + b1, 0.0)
    return x + np.einsum("nh,hd->nd", h, W2) + b2


@variant("residual_backward")
def shortcut_last(dy, x, W1, b1, W2, b2):
    h_tilde = np.dot(x, W1) + b1
    h = np.maximum(0, h_tilde)
    dW2, db2 = np.dot(h.T, dy), np.sum(dy, axis=0)
    dh = np.dot(dy, W2.T)
    dh[h_tilde <= 0] = 0
    dW1, db1 = np.dot(x.T, dh), np.sum(dh, axis=0)
    dx = np.dot(dh, W1.T)
    dx += dy
    return dx, dW1, db1, dW2, db2


@variant("residual_backward")
def with_the_axis_kept(dy, x, W1, b1, W2, b2):
    h = np.maximum(x @ W1 + b1, 0)
    dh_tilde = (dy @ W2.T) * np.sign(h)
    keep = {"axis": 0, "keepdims": True}
    return [dy + dh_tilde @ W1.T, x.T @ dh_tilde, dh_tilde.sum(**keep), h.T @ dy, dy.sum(**keep)]


@variant("residual_backward")
def one_example_after_another(dy, x, W1, b1, W2, b2):
    dx = np.zeros_like(x)
    dW1, db1, dW2, db2 = (np.zeros_like(part) for part in (W1, b1, W2, b2))
    for n in range(len(x)):
        h_tilde = W1.T @ x[n] + b1
        # The identity and the branch's Jacobian, as one matrix.
        jacobian = np.eye(x.shape[1]) + W1 @ np.diag((h_tilde > 0).astype(float)) @ W2
        dx[n] = jacobian @ dy[n]
        delta = W2 @ dy[n] * (h_tilde > 0)
        dW1 += np.outer(x[n], delta)
        db1 += delta
        dW2 += np.outer(np.maximum(h_tilde, 0), dy[n])
        db2 += dy[n]
    return dx, dW1, db1, dW2, db2


@variant("residual_backward")
def einsum(dy, x, W1, b1, W2, b2):
    h_tilde = x @ W1 + b1
    on = np.where(h_tilde > 0, 1.0, 0.0)
    delta = np.einsum("nd,hd,nh->nh", dy, W2, on)
    dW2 = np.einsum("nh,nd->hd", h_tilde * on, dy)
    return np.einsum("nh,dh->nd", delta, W1) + dy, np.einsum("nd,nh->dh", x, delta), delta.sum(0), dW2, dy.sum(0)


@variant("projection_forward")
def shortcut_first(x, W1, b1, W2, b2, Ws):
    shortcut = np.dot(x, Ws)
    h = np.clip(np.dot(x, W1) + b1, 0, None)
    return shortcut + (np.dot(h, W2) + b2)


@variant("projection_forward")
def as_one_product(x, W1, b1, W2, b2, Ws):
    h = np.maximum(x @ W1 + b1, 0)
    return np.hstack([x, h, np.ones((len(x), 1))]) @ np.vstack([Ws, W2, b2[None, :]])


@variant("projection_forward")
def column_vectors(x, W1, b1, W2, b2, Ws):
    h = np.maximum(W1.T @ x.T + b1[:, None], 0)
    return (Ws.T @ x.T + W2.T @ h + b2[:, None]).T


@variant("projection_forward")
def number_by_number(x, W1, b1, W2, b2, Ws):
    y = np.zeros((len(x), len(b2)))
    for n in range(len(x)):
        h = [max(sum(float(a) * float(w) for a, w in zip(x[n], column)) + float(b), 0.0) for column, b in zip(W1.T, b1)]
        for k in range(len(b2)):
            total = float(b2[k])
            for j in range(len(h)):
                total += h[j] * float(W2[j, k])
            for d in range(x.shape[1]):
                total += float(x[n, d]) * float(Ws[d, k])
            y[n, k] = total
    return y


@variant("projection_backward")
def both_ways_apart(dy, x, W1, b1, W2, b2, Ws):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dh_tilde = np.where(h_tilde > 0, dy @ W2.T, 0)
    by_branch, by_shortcut = dh_tilde @ W1.T, dy @ Ws.T
    db1, db2 = dh_tilde.sum(axis=0, keepdims=True), dy.sum(axis=0, keepdims=True)
    return by_shortcut + by_branch, x.T @ dh_tilde, db1, h.T @ dy, db2, x.T @ dy


@variant("projection_backward")
def as_one_product(dy, x, W1, b1, W2, b2, Ws):
    h_tilde = x @ W1 + b1
    h = np.maximum(h_tilde, 0)
    dboth = np.hstack([x, h, np.ones((len(x), 1))]).T @ dy
    D, H = W1.shape
    delta = dy @ W2.T * (h > 0)
    dx = np.hstack([delta, dy]) @ np.hstack([W1, Ws]).T
    return dx, x.T @ delta, delta.sum(axis=0), dboth[D : D + H], dboth[-1], dboth[:D]


@variant("projection_backward")
def in_place(dy, x, W1, b1, W2, b2, Ws):
    h = x @ W1 + b1
    off = h <= 0
    h[off] = 0
    dW2, db2, dWs = h.T @ dy, dy.sum(0), x.T @ dy
    delta = dy @ W2.T
    delta[off] = 0
    dW1, db1 = x.T @ delta, delta.sum(0)
    dy = dy @ Ws.T
    dy += delta @ W1.T
    return dy, dW1, db1, dW2, db2, dWs


@variant("projection_backward")
def one_example_after_another(dy, x, W1, b1, W2, b2, Ws):
    found = [np.zeros_like(part) for part in (x, W1, b1, W2, b2, Ws)]
    dx, dW1, db1, dW2, db2, dWs = found
    for n in range(len(x)):
        h_tilde = W1.T @ x[n] + b1
        delta = (h_tilde > 0) * (W2 @ dy[n])
        dx[n] = Ws @ dy[n] + W1 @ delta
        dW1 += x[n][:, None] * delta
        db1 += delta
        dW2 += np.outer(h_tilde * (h_tilde > 0), dy[n])
        db2 += dy[n]
        dWs += np.outer(x[n], dy[n])
    return found


@variant("post_activation_forward")
def step_by_step(x, W1, b1, W2, b2):
    h = np.maximum(0, np.dot(x, W1) + b1)
    y = x + np.dot(h, W2) + b2
    y[y < 0] = 0
    return y


@variant("post_activation_forward")
def by_masks(x, W1, b1, W2, b2):
    h_tilde = x @ W1 + b1
    y = (h_tilde * (h_tilde > 0)) @ W2 + b2 + x
    return y * (y > 0)


@variant("post_activation_forward")
def one_example_after_another(x, W1, b1, W2, b2):
    return np.array([np.maximum(row + np.maximum(row @ W1 + b1, 0) @ W2 + b2, 0) for row in x])


@variant("post_activation_forward")
def half_of_the_sum_with_its_size(x, W1, b1, W2, b2):
    def relu(z):
        return (z + np.abs(z)) / 2

    return relu(relu(np.einsum("nd,dh->nh", x, W1) + b1) @ W2 + (b2 + x))


@variant("post_activation_backward")
def in_place(dy, x, W1, b1, W2, b2):
    h = np.maximum(x @ W1 + b1, 0)
    y = np.maximum(x + h @ W2 + b2, 0)
    dy[y <= 0] = 0
    dh = dy @ W2.T
    dh[h <= 0] = 0
    return dh @ W1.T + dy, x.T @ dh, dh.sum(0), h.T @ dy, dy.sum(0)


@variant("post_activation_backward")
def with_signs(dy, x, W1, b1, W2, b2):
    h = np.maximum(x @ W1 + b1, 0)
    out = dy * np.sign(np.maximum(x + h @ W2 + b2, 0))
    delta = out @ W2.T * np.sign(h)
    return (
        out + delta @ W1.T,
        x.T @ delta,
        delta.sum(axis=0, keepdims=True),
        h.T @ out,
        out.sum(axis=0, keepdims=True),
    )


@variant("post_activation_backward")
def one_example_after_another(dy, x, W1, b1, W2, b2):
    dx = np.zeros_like(x)
    dW1, db1, dW2, db2 = (np.zeros_like(part) for part in (W1, b1, W2, b2))
    for n in range(len(x)):
        h_tilde = x[n] @ W1 + b1
        h = np.where(h_tilde > 0, h_tilde, 0)
        up = np.where(x[n] + h @ W2 + b2 > 0, dy[n], 0)
        delta = np.where(h_tilde > 0, W2 @ up, 0)
        dx[n] = up + W1 @ delta
        dW1 += np.outer(x[n], delta)
        db1 += delta
        dW2 += np.outer(h, up)
        db2 += up
    return dx, dW1, db1, dW2, db2


@variant("post_activation_backward")
def einsum(dy, x, W1, b1, W2, b2):
    h_tilde = np.einsum("nd,dh->nh", x, W1) + b1
    on = np.heaviside(h_tilde, 0.0)
    h = h_tilde * on
    up = dy * np.heaviside(x + np.einsum("nh,hd->nd", h, W2) + b2, 0.0)
    delta = np.einsum("nd,hd,nh->nh", up, W2, on)
    dW1, dW2 = np.einsum("nd,nh->dh", x, delta), np.einsum("nh,nd->hd", h, up)
    return np.einsum("nh,dh->nd", delta, W1) + up, dW1, np.einsum("nh->h", delta), dW2, np.einsum("nd->d", up)


@variant("residual_stack_backward")
def counting_blocks(dy, xs, blocks):
    found = [None] * len(blocks)
    for i in range(len(blocks) - 1, -1, -1):
        W1, b1, W2, _b2 = blocks[i]
        h_tilde = np.dot(xs[i], W1) + b1
        delta = np.dot(dy, W2.T) * (h_tilde > 0)
        found[i] = [
            np.dot(xs[i].T, delta),
            np.sum(delta, axis=0, keepdims=True),
            np.dot((h_tilde * (h_tilde > 0)).T, dy),
            np.sum(dy, axis=0, keepdims=True),
        ]
        dy = dy + np.dot(delta, W1.T)
    return found


@variant("residual_stack_backward")
def in_place(dy, xs, blocks):
    found = []
    while blocks:
        x, (W1, b1, W2, _b2) = xs.pop(), blocks.pop()
        h = np.maximum(x @ W1 + b1, 0)
        delta = dy @ W2.T
        delta[h <= 0] = 0
        found.append((x.T @ delta, delta.sum(0), h.T @ dy, dy.sum(0)))
        dy += delta @ W1.T
    return found[::-1]


@variant("residual_stack_backward")
def recursively(dy, xs, blocks):
    if not blocks:
        return ()
    x, (W1, b1, W2, _b2) = xs[-1], blocks[-1]
    h = np.maximum(x @ W1 + b1, 0)
    delta = np.where(h > 0, dy @ W2.T, 0.0)
    last = x.T @ delta, delta.sum(axis=0), h.T @ dy, dy.sum(axis=0)
    return (*recursively(dy + delta @ W1.T, xs[:-1], blocks[:-1]), last)


@variant("residual_stack_backward")
def by_jacobians(dy, xs, blocks):
    found = [[np.zeros_like(part) for part in block] for block in blocks]
    for n in range(len(dy)):
        up = dy[n]
        for k in range(len(blocks) - 1, -1, -1):
            W1, b1, W2, _b2 = blocks[k]
            h_tilde = W1.T @ xs[k][n] + b1
            slope = np.diag((h_tilde > 0).astype(float))
            delta = slope @ W2 @ up
            found[k][0] += np.outer(xs[k][n], delta)
            found[k][1] += delta
            found[k][2] += np.outer(slope @ h_tilde, up)
            found[k][3] += up
            up = (np.eye(len(up)) + W1 @ slope @ W2) @ up
    return [tuple(parts) for parts in found]
