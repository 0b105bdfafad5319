"""Right answers to a6 in styles other than the reference's. Each must get full marks."""

import numpy as np
from htilde import variant


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))


@variant("rnn_forward")
def into_an_array(x, h0, W_x, W_h, b):
    T, N, _D = x.shape
    hs = np.zeros((T, N, h0.shape[1]))
    for t in range(T):
        before = h0 if t == 0 else hs[t - 1]
        hs[t] = np.tanh(np.dot(x[t], W_x) + np.dot(before, W_h) + b.reshape(1, -1))
    return hs


@variant("rnn_forward")
def inputs_first(x, h0, W_x, W_h, b):
    drives = x @ W_x + b
    states = [h0]
    for drive in drives:
        states.append(np.tanh(drive + states[-1] @ W_h))
    return np.array(states[1:])


@variant("rnn_forward")
def one_matrix(x, h0, W_x, W_h, b):
    W = np.vstack([W_x, W_h, b])
    hs = np.empty((len(x), *h0.shape))
    h = h0
    for t, x_t in enumerate(x):
        h = np.tanh(np.hstack([x_t, h, np.ones((len(h), 1))]) @ W)
        hs[t] = h
    return hs


@variant("rnn_forward")
def in_place(x, h0, W_x, W_h, b):
    hs = np.einsum("tnd,dh->tnh", x, W_x)
    hs += b
    for t in range(len(hs)):
        hs[t] += np.einsum("nk,kh->nh", h0, W_h)
        h0[:] = np.tanh(hs[t], out=hs[t])
    return hs


@variant("rnn_forward")
def one_example_after_another(x, h0, W_x, W_h, b):
    hs = np.zeros((x.shape[0], x.shape[1], len(W_h)))
    for n in range(x.shape[1]):
        h = h0[n]
        for t in range(x.shape[0]):
            h = 2 / (1 + np.exp(-2 * (W_x.T @ x[t, n] + W_h.T @ h + b))) - 1
            hs[t, n] = h
    return hs


@variant("rnn_forward")
def tanh_by_the_sigmoid(x, h0, W_x, W_h, b):
    hs = np.zeros((len(x), *h0.shape))
    h = h0
    for t in range(len(x)):
        h = 2 * sigmoid(2 * (x[t] @ W_x + h @ W_h + b)) - 1
        hs[t] = h
    return hs


@variant("rnn_backward")
def lists_turned_round(dh, x, h0, hs, W_x, W_h):
    befores = [h0, *hs[:-1]]
    dh_tilde, dx, dW_xs, dW_hs, dbs = [], [], [], [], []
    dnext = 0
    for dh_t, x_t, h, before in zip(reversed(dh), reversed(x), reversed(hs), reversed(befores)):
        delta = (dh_t + dnext) * (1 - h * h)
        dnext = np.dot(delta, W_h.T)
        dh_tilde.insert(0, delta)
        dx.insert(0, np.dot(delta, W_x.T))
        dW_xs.append(np.dot(x_t.T, delta))
        dW_hs.append(np.dot(before.T, delta))
        dbs.append(np.sum(delta, axis=0, keepdims=True))
    return np.array(dh_tilde), np.array(dx), dnext, sum(dW_xs), sum(dW_hs), sum(dbs)


@variant("rnn_backward")
def parameters_at_the_end(dh, x, h0, hs, W_x, W_h):
    slopes = (1 - hs) * (1 + hs)
    dh_tilde = dh * slopes
    for t in range(len(x) - 2, -1, -1):
        dh_tilde[t] += (dh_tilde[t + 1] @ W_h.T) * slopes[t]
    before = np.concatenate([h0[np.newaxis], hs[:-1]])
    return (
        dh_tilde,
        np.einsum("tnh,dh->tnd", dh_tilde, W_x),
        dh_tilde[0] @ W_h.T,
        np.einsum("tnd,tnh->dh", x, dh_tilde),
        np.einsum("tnk,tnh->kh", before, dh_tilde),
        np.einsum("tnh->h", dh_tilde),
    )


@variant("rnn_backward")
def flattened(dh, x, h0, hs, W_x, W_h):
    dh_tilde = np.zeros_like(dh)
    dhs = dh
    for t in reversed(range(len(x))):  # each state's gradient is completed by what comes from the step behind
        dh_tilde[t] = dhs[t] * (1 - hs[t] ** 2)
        back = dh_tilde[t] @ W_h.T
        if t:
            dhs[t - 1] += back
    rows = dh_tilde.reshape(-1, dh_tilde.shape[2])
    before = np.vstack([h0, hs[:-1].reshape(-1, hs.shape[2])])
    dW = np.hstack([x.reshape(len(rows), -1), before]).T @ rows
    return dh_tilde, dh_tilde @ W_x.T, back, dW[: len(W_x)], dW[len(W_x) :], rows.sum(0)


@variant("rnn_backward")
def one_example_after_another(dh, x, h0, hs, W_x, W_h):
    dh_tilde, dx, dh0 = np.zeros_like(dh), np.zeros_like(x), np.zeros_like(h0)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros((1, len(W_h)))
    for n in range(len(h0)):
        back = np.zeros(len(W_h))
        for t in range(len(x))[::-1]:
            delta = np.diag(1 - hs[t, n] ** 2) @ (dh[t, n] + back)
            before = hs[t - 1, n] if t else h0[n]
            dh_tilde[t, n], dx[t, n], back = delta, W_x @ delta, W_h @ delta
            dW_x += np.outer(x[t, n], delta)
            dW_h += np.outer(before, delta)
            db += delta
        dh0[n] = back
    return [dh_tilde, dx, dh0, dW_x, dW_h, db]


@variant("rnn_backward")
def slopes_by_the_sigmoid(dh, x, h0, hs, W_x, W_h):
    s = (1 + hs) / 2  # tanh(z) is 2 * sigmoid(2 * z) - 1
    back, deltas = np.zeros_like(h0), []
    for t in reversed(range(len(x))):
        deltas.append(4 * (dh[t] + back) * s[t] * (1 - s[t]))
        back = deltas[-1] @ W_h.T
    dh_tilde = np.array(deltas[::-1])
    dW_x = sum(x_t.T @ delta for x_t, delta in zip(x, dh_tilde))
    dW_h = sum(h.T @ delta for h, delta in zip([h0, *hs], dh_tilde))
    return dh_tilde, dh_tilde @ W_x.T, back, dW_x, dW_h, dh_tilde.sum(axis=0).sum(axis=0)


@variant("gradient_through_time")
def into_an_array(dh_T, hs, W_h):
    T = len(hs)
    norms = np.zeros(T)
    dh = dh_T
    for t in range(T - 1, -1, -1):
        norms[t] = np.sqrt(np.sum(dh**2))
        dh = np.dot(dh * (1 - hs[t] * hs[t]), W_h.T)
    return norms


@variant("gradient_through_time")
def recursively(dh_T, hs, W_h):
    here = np.linalg.norm(dh_T.ravel())
    if len(hs) == 1:
        return np.array([here])
    back = np.einsum("nh,nh,kh->nk", dh_T, 1 - hs[-1] ** 2, W_h)
    return np.append(recursively(back, hs[:-1], W_h), here)


@variant("gradient_through_time")
def by_jacobians(dh_T, hs, W_h):
    T, N, H = hs.shape
    squares = np.zeros(T)
    for n in range(N):
        product = np.eye(H)
        for t in reversed(range(T)):
            squares[t] += np.sum((dh_T[n] @ product) ** 2)
            product = product @ np.diag(1 - hs[t, n] ** 2) @ W_h.T
    return squares**0.5


@variant("gradient_through_time")
def number_by_number(dh_T, hs, W_h):
    T, N, H = hs.shape
    rows = dh_T.tolist()
    norms = []
    for t in range(T - 1, -1, -1):
        total = 0.0
        for row in rows:
            for entry in row:
                total += entry * entry
        norms.insert(0, total**0.5)
        deltas = [[rows[n][k] * (1 - float(hs[t, n, k]) ** 2) for k in range(H)] for n in range(N)]
        rows = [[sum(delta[k] * float(W_h[j, k]) for k in range(H)) for j in range(H)] for delta in deltas]
    return np.array(norms)


@variant("lstm_step")
def cut_by_columns(x, h, c, W_x, W_h, b):
    H = h.shape[1]
    h_tilde = np.dot(x, W_x) + np.dot(h, W_h) + b
    i = sigmoid(h_tilde[:, :H])
    f = sigmoid(h_tilde[:, H : 2 * H])
    g = np.tanh(h_tilde[:, 2 * H : 3 * H])
    o = sigmoid(h_tilde[:, 3 * H :])
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return h_new, c_new


@variant("lstm_step")
def gate_by_gate(x, h, c, W_x, W_h, b):
    W = np.vstack([W_x, W_h])
    z = np.hstack([x, h])
    (W_i, W_f, W_g, W_o), (b_i, b_f, b_g, b_o) = np.hsplit(W, 4), np.split(b, 4)
    c *= sigmoid(z @ W_f + b_f)
    c += sigmoid(z @ W_i + b_i) * np.tanh(z @ W_g + b_g)
    return sigmoid(z @ W_o + b_o) * np.tanh(c), c


@variant("lstm_step")
def reshaped(x, h, c, W_x, W_h, b):
    N, H = h.shape
    h_tilde = (np.einsum("nd,dk->nk", x, W_x) + np.einsum("nh,hk->nk", h, W_h) + b).reshape(N, 4, H)
    gates = 0.5 * (1 + np.tanh(0.5 * h_tilde))
    c = gates[:, 1] * c + gates[:, 0] * np.tanh(h_tilde[:, 2])
    return [gates[:, 3] * np.tanh(c), c]


@variant("lstm_step")
def one_example_after_another(x, h, c, W_x, W_h, b):
    hs, cs = [], []
    for n in range(len(x)):
        i, f, g, o = (W_x.T @ x[n] + W_h.T @ h[n] + b).reshape(4, -1)
        cs.append(c[n] / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i)))
        hs.append(np.tanh(cs[-1]) / (1 + np.exp(-o)))
    return np.array(hs), np.array(cs)


@variant("lstm_step")
def tanh_by_the_sigmoid(x, h, c, W_x, W_h, b):
    H = h.shape[1]
    h_tilde = x @ W_x + h @ W_h + b
    h_tilde[:, 2 * H : 3 * H] *= 2
    i, f, g, o = np.split(sigmoid(h_tilde), 4, axis=1)
    c = f * c + i * (2 * g - 1)
    return o * (2 * sigmoid(2 * c) - 1), c


@variant("lstm_step_backward")
def step_by_step(dh, dc, x, h, c, W_x, W_h, b):
    H = h.shape[1]
    h_tilde = x @ W_x + h @ W_h + b
    i, f = sigmoid(h_tilde[:, :H]), sigmoid(h_tilde[:, H : 2 * H])
    g, o = np.tanh(h_tilde[:, 2 * H : 3 * H]), sigmoid(h_tilde[:, 3 * H :])
    next_c = f * c + i * g
    do = dh * np.tanh(next_c)
    dc += dh * o * (1 - np.tanh(next_c) ** 2)
    df, di, dg = dc * c, dc * g, dc * i
    dprev_c = dc * f
    da = np.concatenate((di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)), axis=1)
    return da.dot(W_x.T), da.dot(W_h.T), dprev_c, x.T.dot(da), h.T.dot(da), np.sum(da, axis=0, keepdims=True)


@variant("lstm_step_backward")
def into_an_array(dh, dc, x, h, c, W_x, W_h, b):
    N, H = h.shape
    i, f, g, o = np.moveaxis((x @ W_x + h @ W_h + b).reshape(N, 4, H), 1, 0)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    t = np.tanh(i * g + f * c)
    dc = dc + dh * o - dh * o * t * t
    d = np.empty((N, 4, H))
    d[:, 0], d[:, 1], d[:, 2], d[:, 3] = (
        dc * g * i * (1 - i),
        dc * c * f * (1 - f),
        dc * i * (1 - g * g),
        dh * t * o * (1 - o),
    )
    d = d.reshape(N, 4 * H)
    both = np.hstack([x, h]).T @ d
    back = d @ np.vstack([W_x, W_h]).T
    D = x.shape[1]
    return back[:, :D], back[:, D:], dc * f, both[:D], both[D:], d.sum(0)


@variant("lstm_step_backward")
def gate_by_gate(dh, dc, x, h, c, W_x, W_h, b):
    parts = list(zip(np.hsplit(W_x, 4), np.hsplit(W_h, 4), np.split(b, 4)))
    i, f, g, o = (x @ V + h @ U + a for V, U, a in parts)
    gates = [1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-o))]
    c_new = gates[1] * c + gates[0] * gates[2]
    dc_new = dc + dh * gates[3] / np.cosh(np.clip(c_new, -300, 300)) ** 2
    upstream = [dc_new * gates[2], dc_new * c, dc_new * gates[0], dh * np.tanh(c_new)]
    slopes = [s * (1 - s) for s in gates]
    slopes[2] = 1 - gates[2] ** 2
    dx, dh_old = np.zeros_like(x), np.zeros_like(h)
    dW_x, dW_h, db = [], [], []
    for (V, U, _), up, slope in zip(parts, upstream, slopes):
        delta = up * slope
        dx += delta @ V.T
        dh_old += delta @ U.T
        dW_x.append(x.T @ delta)
        dW_h.append(h.T @ delta)
        db.append(delta.sum(axis=0))
    return dx, dh_old, gates[1] * dc_new, np.hstack(dW_x), np.hstack(dW_h), np.hstack(db)


@variant("lstm_step_backward")
def tanh_by_the_sigmoid(dh, dc, x, h, c, W_x, W_h, b):
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), sigmoid(2 * g), sigmoid(o)
    s = sigmoid(2 * (f * c + i * (2 * g - 1)))
    dc = dc + 4 * dh * o * s * (1 - s)
    di = dc * (2 * g - 1) * i * (1 - i)
    df = dc * c * f * (1 - f)
    dg = 4 * dc * i * g * (1 - g)
    do = dh * (2 * s - 1) * o * (1 - o)
    d = np.hstack([di, df, dg, do])
    return d @ W_x.T, d @ W_h.T, dc * f, x.T @ d, h.T @ d, np.ones(len(x)) @ d


@variant("lstm_forward")
def with_a_step_of_its_own(x, h0, c0, W_x, W_h, b):
    def step(x_t, h, c):
        i, f, g, o = np.split(np.hstack([x_t, h]) @ np.vstack([W_x, W_h]) + b, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        return sigmoid(o) * np.tanh(c), c

    states = [(h0, c0)]
    for x_t in x:
        states.append(step(x_t, *states[-1]))
    hs, cs = zip(*states[1:])
    return np.array(hs), np.array(cs)


@variant("lstm_forward")
def into_arrays(x, h0, c0, W_x, W_h, b):
    T, N, _D = x.shape
    H = W_h.shape[0]
    hs, cs = np.zeros((T, N, H)), np.zeros((T, N, H))
    for t in range(T):
        h, c = (hs[t - 1], cs[t - 1]) if t else (h0, c0)
        h_tilde = np.dot(x[t], W_x) + np.dot(h, W_h) + b
        i, f, g, o = (h_tilde[:, k * H : (k + 1) * H] for k in range(4))
        cs[t] = c * sigmoid(f) + sigmoid(i) * np.tanh(g)
        hs[t] = sigmoid(o) * np.tanh(cs[t])
    return hs, cs


@variant("lstm_forward")
def inputs_first(x, h0, c0, W_x, W_h, b):
    drives = np.einsum("tnd,dk->tnk", x, W_x) + b
    hs, cs = [], []
    for drive in drives:
        h0 = drive + h0 @ W_h
        i, f, g, o = h0.reshape(len(h0), 4, -1).transpose(1, 0, 2)
        c0 = np.where(f > 0, 1 / (1 + np.exp(-f)), 1 - 1 / (1 + np.exp(f))) * c0 + sigmoid(i) * np.tanh(g)
        h0 = sigmoid(o) * np.tanh(c0)
        hs += [h0.copy()]
        cs += [c0.copy()]
    return [np.stack(hs), np.stack(cs)]


@variant("lstm_forward")
def tanh_by_the_sigmoid(x, h0, c0, W_x, W_h, b):
    def tanh(z):
        return 2 * sigmoid(2 * z) - 1

    H, h, c, hs, cs = h0.shape[1], h0, c0, [], []
    for t in range(x.shape[0]):
        a = np.dot(x[t], W_x) + np.dot(h, W_h) + b
        c = sigmoid(a[:, H : 2 * H]) * c + sigmoid(a[:, :H]) * tanh(a[:, 2 * H : 3 * H])
        h = sigmoid(a[:, 3 * H :]) * tanh(c)
        hs.append(h[None])
        cs.append(c[None])
    return np.concatenate(hs), np.concatenate(cs)


@variant("lstm_backward")
def into_arrays(dh, x, h0, c0, W_x, W_h, b):
    T, N, _D = x.shape
    H = W_h.shape[0]
    hs, cs, gates = np.zeros((T + 1, N, H)), np.zeros((T + 1, N, H)), np.zeros((T, 4, N, H))
    hs[0], cs[0] = h0, c0
    for t in range(T):
        h_tilde = x[t] @ W_x + hs[t] @ W_h + b
        gates[t] = [sigmoid(part) for part in np.split(h_tilde, 4, axis=1)]
        gates[t, 2] = np.tanh(h_tilde[:, 2 * H : 3 * H])
        cs[t + 1] = gates[t, 1] * cs[t] + gates[t, 0] * gates[t, 2]
        hs[t + 1] = gates[t, 3] * np.tanh(cs[t + 1])
    dh_tilde = np.zeros((T, N, 4 * H))
    dh_next, dc_next = np.zeros((N, H)), np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        i, f, g, o = gates[t]
        dh_next += dh[t]
        dc_next += dh_next * o * (1 - np.tanh(cs[t + 1]) ** 2)
        dh_tilde[t, :, :H] = dc_next * g * i * (1 - i)
        dh_tilde[t, :, H : 2 * H] = dc_next * cs[t] * f * (1 - f)
        dh_tilde[t, :, 2 * H : 3 * H] = dc_next * i * (1 - g**2)
        dh_tilde[t, :, 3 * H :] = dh_next * np.tanh(cs[t + 1]) * o * (1 - o)
        dh_next = dh_tilde[t] @ W_h.T
        dc_next *= f
    dW_x, dW_h = np.einsum("tnd,tnk->dk", x, dh_tilde), np.einsum("tnh,tnk->hk", hs[:-1], dh_tilde)
    return dh_tilde, dh_tilde @ W_x.T, dh_next, dc_next, dW_x, dW_h, dh_tilde.sum(axis=(0, 1))


@variant("lstm_backward")
def the_first_step_last(dh, x, h0, c0, W_x, W_h, b):
    if len(x) == 0:
        return np.zeros((0, len(h0), len(b))), x, np.zeros_like(h0), np.zeros_like(c0), 0, 0, 0
    i, f, g, o = np.hsplit(x[0] @ W_x + h0 @ W_h + b, 4)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c0 + i * g
    t = np.tanh(c)
    later = the_first_step_last(dh[1:], x[1:], o * t, c, W_x, W_h, b)
    dh_1 = dh[0] + later[2]
    dc = later[3] + dh_1 * o * (1 - t**2)
    delta = np.hstack([dc * g * i * (1 - i), dc * c0 * f * (1 - f), dc * i * (1 - g**2), dh_1 * t * o * (1 - o)])
    return (
        np.concatenate([delta[None], later[0]]),
        np.concatenate([(delta @ W_x.T)[None], later[1]]),
        delta @ W_h.T,
        dc * f,
        later[4] + x[0].T @ delta,
        later[5] + h0.T @ delta,
        later[6] + delta.sum(axis=0),
    )


@variant("lstm_backward")
def lists_turned_round(dh, x, h0, c0, W_x, W_h, b):
    kept, h, c = [], h0, c0
    for x_t in x:
        z = np.hstack([x_t, h])
        i, f, g, o = np.array_split(z @ np.vstack([W_x, W_h]) + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        kept.append((z, c, i, f, g, o, np.tanh(f * c + i * g)))
        c = f * c + i * g
        h = o * kept[-1][-1]
    D = x.shape[2]
    deltas, dxs, dW, db = [], [], 0, 0
    dh_back = dc = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        z, c, i, f, g, o, tanh_c = kept.pop()
        dh_t = dh[t] + dh_back
        dc = dc + dh_t * o * (1 - tanh_c * tanh_c)
        delta = np.concatenate([dc * g, dc * c, dc * i, dh_t * tanh_c], axis=1)
        delta *= np.concatenate([i - i**2, f - f**2, 1 - g**2, o - o**2], axis=1)
        dz = delta @ np.vstack([W_x, W_h]).T
        dxs.append(dz[:, :D])
        dh_back, dc = dz[:, D:], dc * f
        deltas.append(delta)
        dW, db = dW + z.T @ delta, db + delta.sum(axis=0, keepdims=True)
    return np.array(deltas[::-1]), np.array(dxs[::-1]), dh_back, dc, dW[:D], dW[D:], db


@variant("lstm_backward")
def with_steps_of_its_own(dh, x, h0, c0, W_x, W_h, b):
    def forward(x, h, c):
        i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), 2 * sigmoid(2 * g) - 1, sigmoid(o)
        next_c = f * c + i * g
        return o * np.tanh(next_c), next_c, (x, h, c, i, f, g, o, np.tanh(next_c))

    def backward(dnext_h, dnext_c, cache):
        x, h, c, i, f, g, o, t = cache
        dnext_c += dnext_h * o * (1 - t**2)
        di, df, dg, do = dnext_c * g, dnext_c * c, dnext_c * i, dnext_h * t
        da = np.hstack([i * (1 - i) * di, f * (1 - f) * df, (1 + g) * (1 - g) * dg, o * (1 - o) * do])
        return da, da @ W_x.T, da @ W_h.T, f * dnext_c, x.T @ da, h.T @ da, da.sum(axis=0)

    caches, h, c = [], h0, c0
    for x_t in x:
        h, c, cache = forward(x_t, h, c)
        caches.append(cache)
    T, N, _D = x.shape
    das, dx = np.zeros((T, N, len(b))), np.zeros_like(x)
    dh_before, dc_before = np.zeros_like(h0), np.zeros_like(c0)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(b)
    for t in range(T)[::-1]:
        found = backward(dh[t] + dh_before, dc_before, caches[t])
        das[t], dx[t], dh_before, dc_before = found[:4]
        dW_x += found[4]
        dW_h += found[5]
        db += found[6]
    return das, dx, dh_before, dc_before, dW_x, dW_h, db
