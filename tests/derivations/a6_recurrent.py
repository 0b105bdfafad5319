"""Ways to the answers of a6, step by step."""

import numpy as np
from htilde import derivation


def sigmoid(h_tilde):
    return (1 + np.tanh(h_tilde / 2)) / 2


# rnn_forward


@derivation("rnn_forward")
def state_handed_on(x, h0, W_x, W_h, b):
    h = h0
    hs = []
    for x_t in x:
        h_tilde = x_t @ W_x + h @ W_h + b
        h = np.tanh(h_tilde)
        hs.append(h)
    return np.stack(hs)


@derivation("rnn_forward")
def into_an_array(x, h0, W_x, W_h, b):
    hs = np.zeros((len(x), *h0.shape))
    before = h0
    for t in range(len(x)):
        from_input = x[t] @ W_x
        from_state = before @ W_h
        h_tilde = from_input + from_state + b
        hs[t] = np.tanh(h_tilde)
        before = hs[t]
    return hs


# rnn_backward


@derivation("rnn_backward")
def gradient_carried(dh, x, h0, hs, W_x, W_h):
    dh_tilde = np.zeros_like(hs)
    dx = np.zeros_like(x)
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros(len(W_h))
    dh_next = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        before = hs[t - 1] if t > 0 else h0
        dh_t = dh[t] + dh_next
        slope = 1 - hs[t] ** 2
        dh_tilde[t] = dh_t * slope
        dx[t] = dh_tilde[t] @ W_x.T
        dh_next = dh_tilde[t] @ W_h.T
        dW_x += x[t].T @ dh_tilde[t]
        dW_h += before.T @ dh_tilde[t]
        db += dh_tilde[t].sum(axis=0)
    return dh_tilde, dx, dh_next, dW_x, dW_h, db


@derivation("rnn_backward")
def each_step_returns_its_gradients(dh, x, h0, hs, W_x, W_h):
    before = np.concatenate([h0[None], hs[:-1]])
    dh_tilde = np.zeros_like(hs)
    dx = np.zeros_like(x)
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros(len(W_h))
    dh0 = np.zeros_like(h0)
    for t in range(len(x) - 1, -1, -1):
        dh_t = dh0 + dh[t]
        dh_tilde_t = (1 - hs[t] * hs[t]) * dh_t
        dx_t = np.dot(dh_tilde_t, W_x.T)
        dh0 = np.dot(dh_tilde_t, W_h.T)
        dW_x_t = np.dot(x[t].T, dh_tilde_t)
        dW_h_t = np.dot(before[t].T, dh_tilde_t)
        db_t = np.sum(dh_tilde_t, axis=0)
        dh_tilde[t] = dh_tilde_t
        dx[t] = dx_t
        dW_x += dW_x_t
        dW_h += dW_h_t
        db += db_t
    return dh_tilde, dx, dh0, dW_x, dW_h, db


@derivation("rnn_backward")
def all_steps_at_the_end(dh, x, h0, hs, W_x, W_h):
    slopes = 1 - hs**2
    dh_tilde = np.zeros_like(hs)
    dh_tilde[-1] = dh[-1] * slopes[-1]
    for t in range(len(x) - 2, -1, -1):
        later = dh_tilde[t + 1] @ W_h.T
        dh_tilde[t] = (dh[t] + later) * slopes[t]
    before = np.concatenate([h0[None], hs[:-1]])
    dx = dh_tilde @ W_x.T
    dh0 = dh_tilde[0] @ W_h.T
    dW_x = np.einsum("tnd,tnh->dh", x, dh_tilde)
    dW_h = np.einsum("tnk,tnh->kh", before, dh_tilde)
    db = dh_tilde.sum(axis=(0, 1))
    return dh_tilde, dx, dh0, dW_x, dW_h, db


# gradient_through_time


@derivation("gradient_through_time")
def norm_first(dh_T, hs, W_h):
    dh = dh_T
    norms = []
    for h in reversed(hs):
        norm = np.linalg.norm(dh)
        norms.append(norm)
        slope = 1 - h**2
        dh_tilde = dh * slope
        dh = dh_tilde @ W_h.T
    return np.array(norms[::-1])


@derivation("gradient_through_time")
def into_an_array_of_norms(dh_T, hs, W_h):
    norms = np.zeros(len(hs))
    dh = dh_T
    norms[-1] = np.sqrt(np.sum(dh**2))
    for t in range(len(hs) - 2, -1, -1):
        dh_tilde = (1 - hs[t + 1] ** 2) * dh
        dh = np.dot(dh_tilde, W_h.T)
        norms[t] = np.sqrt(np.sum(dh**2))
    return norms


# lstm_step


@derivation("lstm_step")
def cut_by_split(x, h, c, W_x, W_h, b):
    h_tilde = x @ W_x + h @ W_h + b
    i_tilde, f_tilde, g_tilde, o_tilde = np.split(h_tilde, 4, axis=1)
    i = sigmoid(i_tilde)
    f = sigmoid(f_tilde)
    g = np.tanh(g_tilde)
    o = sigmoid(o_tilde)
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return h_new, c_new


@derivation("lstm_step")
def cut_by_columns(x, h, c, W_x, W_h, b):
    H = h.shape[1]
    from_input = np.dot(x, W_x)
    from_state = np.dot(h, W_h)
    h_tilde = from_input + from_state + b
    i = sigmoid(h_tilde[:, :H])
    f = sigmoid(h_tilde[:, H : 2 * H])
    g = np.tanh(h_tilde[:, 2 * H : 3 * H])
    o = sigmoid(h_tilde[:, 3 * H :])
    kept = f * c
    written = i * g
    c_new = kept + written
    tanh_c = np.tanh(c_new)
    h_new = o * tanh_c
    return h_new, c_new


# lstm_step_backward


@derivation("lstm_step_backward")
def gates_then_slopes(dh, dc, x, h, c, W_x, W_h, b):
    H = h.shape[1]
    h_tilde = x @ W_x + h @ W_h + b
    i = sigmoid(h_tilde[:, :H])
    f = sigmoid(h_tilde[:, H : 2 * H])
    g = np.tanh(h_tilde[:, 2 * H : 3 * H])
    o = sigmoid(h_tilde[:, 3 * H :])
    c_new = f * c + i * g
    do = dh * np.tanh(c_new)
    dc_new = dc + dh * o * (1 - np.tanh(c_new) ** 2)
    di = dc_new * g
    df = dc_new * c
    dg = dc_new * i
    dc_old = dc_new * f
    di_tilde = di * i * (1 - i)
    df_tilde = df * f * (1 - f)
    dg_tilde = dg * (1 - g**2)
    do_tilde = do * o * (1 - o)
    dh_tilde = np.concatenate([di_tilde, df_tilde, dg_tilde, do_tilde], axis=1)
    dx = dh_tilde @ W_x.T
    dh_old = dh_tilde @ W_h.T
    dW_x = x.T @ dh_tilde
    dW_h = h.T @ dh_tilde
    db = dh_tilde.sum(axis=0)
    return dx, dh_old, dc_old, dW_x, dW_h, db


@derivation("lstm_step_backward")
def node_by_node(dh, dc, x, h, c, W_x, W_h, b):
    i_tilde, f_tilde, g_tilde, o_tilde = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i = sigmoid(i_tilde)
    f = sigmoid(f_tilde)
    g = np.tanh(g_tilde)
    o = sigmoid(o_tilde)
    kept = f * c
    written = i * g
    c_new = kept + written
    tanh_c = np.tanh(c_new)
    do = dh * tanh_c
    dtanh_c = dh * o
    by_state = dtanh_c * (1 - tanh_c**2)
    dc_new = by_state + dc
    dkept = dc_new
    dwritten = dc_new
    df = dkept * c
    dc_old = dkept * f
    di = dwritten * g
    dg = dwritten * i
    slope_i = sigmoid(i_tilde) * (1 - sigmoid(i_tilde))
    slope_f = sigmoid(f_tilde) * (1 - sigmoid(f_tilde))
    slope_g = 1 - np.tanh(g_tilde) ** 2
    slope_o = sigmoid(o_tilde) * (1 - sigmoid(o_tilde))
    di_tilde = di * slope_i
    df_tilde = df * slope_f
    dg_tilde = dg * slope_g
    do_tilde = do * slope_o
    dh_tilde = np.hstack([di_tilde, df_tilde, dg_tilde, do_tilde])
    dx = np.dot(dh_tilde, W_x.T)
    dh_old = np.dot(dh_tilde, W_h.T)
    dW_x = np.dot(x.T, dh_tilde)
    dW_h = np.dot(h.T, dh_tilde)
    db = np.sum(dh_tilde, axis=0)
    return dx, dh_old, dc_old, dW_x, dW_h, db


@derivation("lstm_step_backward")
def in_one_formula_for_each_gate(dh, dc, x, h, c, W_x, W_h, b):
    i, f, g, o = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    next_c = f * c + i * g
    dtanh = dh * o * (1 - np.tanh(next_c) * np.tanh(next_c))
    dnext_c = dc + dtanh
    da_i = dnext_c * g * i * (1 - i)
    da_f = dnext_c * c * f * (1 - f)
    da_g = dnext_c * i * (1 - g * g)
    da_o = dh * np.tanh(next_c) * o * (1 - o)
    da = np.hstack([da_i, da_f, da_g, da_o])
    dx = da @ W_x.T
    dprev_h = da @ W_h.T
    dprev_c = f * dnext_c
    dW_x = x.T @ da
    dW_h = h.T @ da
    db = da.sum(axis=0)
    return dx, dprev_h, dprev_c, dW_x, dW_h, db


# lstm_forward


@derivation("lstm_forward")
def both_handed_on(x, h0, c0, W_x, W_h, b):
    h = h0
    c = c0
    hs = []
    cs = []
    for x_t in x:
        h_tilde = x_t @ W_x + h @ W_h + b
        i_tilde, f_tilde, g_tilde, o_tilde = np.split(h_tilde, 4, axis=1)
        i = sigmoid(i_tilde)
        f = sigmoid(f_tilde)
        g = np.tanh(g_tilde)
        o = sigmoid(o_tilde)
        c = f * c + i * g
        h = o * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)


@derivation("lstm_forward")
def into_arrays(x, h0, c0, W_x, W_h, b):
    H = h0.shape[1]
    hs = np.zeros((len(x), *h0.shape))
    cs = np.zeros((len(x), *c0.shape))
    h = h0
    c = c0
    for t in range(len(x)):
        h_tilde = np.dot(x[t], W_x) + np.dot(h, W_h) + b
        i = sigmoid(h_tilde[:, :H])
        f = sigmoid(h_tilde[:, H : 2 * H])
        g = np.tanh(h_tilde[:, 2 * H : 3 * H])
        o = sigmoid(h_tilde[:, 3 * H :])
        c = c * f + g * i
        h = np.tanh(c) * o
        hs[t] = h
        cs[t] = c
    return hs, cs


# lstm_backward


@derivation("lstm_backward")
def both_gradients_carried(dh, x, h0, c0, W_x, W_h, b):
    hs = [h0]
    cs = [c0]
    gates = []
    for x_t in x:
        i, f, g, o = np.split(x_t @ W_x + hs[-1] @ W_h + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        cs.append(f * cs[-1] + i * g)
        hs.append(o * np.tanh(cs[-1]))
        gates.append((i, f, g, o))
    dh_tilde = np.zeros((len(x), len(h0), len(b)))
    dx = np.zeros_like(x)
    dW_x = np.zeros_like(W_x)
    dW_h = np.zeros_like(W_h)
    db = np.zeros_like(b)
    dh_next = np.zeros_like(h0)
    dc_next = np.zeros_like(c0)
    for t in reversed(range(len(x))):
        i, f, g, o = gates[t]
        c = cs[t]
        c_new = cs[t + 1]
        dh_t = dh[t] + dh_next
        dc_t = dc_next + dh_t * o * (1 - np.tanh(c_new) ** 2)
        di = dc_t * g
        df = dc_t * c
        dg = dc_t * i
        do = dh_t * np.tanh(c_new)
        di_tilde = di * i * (1 - i)
        df_tilde = df * f * (1 - f)
        dg_tilde = dg * (1 - g**2)
        do_tilde = do * o * (1 - o)
        dh_tilde[t] = np.hstack([di_tilde, df_tilde, dg_tilde, do_tilde])
        dx[t] = dh_tilde[t] @ W_x.T
        dh_next = dh_tilde[t] @ W_h.T
        dc_next = dc_t * f
        dW_x += x[t].T @ dh_tilde[t]
        dW_h += hs[t].T @ dh_tilde[t]
        db += dh_tilde[t].sum(axis=0)
    return dh_tilde, dx, dh_next, dc_next, dW_x, dW_h, db


@derivation("lstm_backward")
def parameters_at_the_end(dh, x, h0, c0, W_x, W_h, b):
    H = h0.shape[1]
    before = np.zeros_like(dh)
    memories = np.zeros_like(dh)
    h_tilde = np.zeros((len(x), len(h0), len(b)))
    h = h0
    c = c0
    for t in range(len(x)):
        before[t] = h
        memories[t] = c
        h_tilde[t] = x[t] @ W_x + h @ W_h + b
        f = sigmoid(h_tilde[t][:, H : 2 * H])
        i = sigmoid(h_tilde[t][:, :H])
        g = np.tanh(h_tilde[t][:, 2 * H : 3 * H])
        o = sigmoid(h_tilde[t][:, 3 * H :])
        c = f * c + i * g
        h = o * np.tanh(c)
    dh_tilde = np.zeros_like(h_tilde)
    dh0 = np.zeros_like(h0)
    dc0 = np.zeros_like(c0)
    for t in range(len(x) - 1, -1, -1):
        i = sigmoid(h_tilde[t][:, :H])
        f = sigmoid(h_tilde[t][:, H : 2 * H])
        g = np.tanh(h_tilde[t][:, 2 * H : 3 * H])
        o = sigmoid(h_tilde[t][:, 3 * H :])
        tanh_c = np.tanh(f * memories[t] + i * g)
        dh_t = dh0 + dh[t]
        by_state = dh_t * o * (1 - tanh_c**2)
        dc_t = dc0 + by_state
        dh_tilde[t][:, :H] = dc_t * g * i * (1 - i)
        dh_tilde[t][:, H : 2 * H] = dc_t * memories[t] * f * (1 - f)
        dh_tilde[t][:, 2 * H : 3 * H] = dc_t * i * (1 - g**2)
        dh_tilde[t][:, 3 * H :] = dh_t * tanh_c * o * (1 - o)
        dh0 = dh_tilde[t] @ W_h.T
        dc0 = dc_t * f
    dx = dh_tilde @ W_x.T
    dW_x = np.einsum("tnd,tnk->dk", x, dh_tilde)
    dW_h = np.einsum("tnh,tnk->hk", before, dh_tilde)
    db = dh_tilde.sum(axis=(0, 1))
    return dh_tilde, dx, dh0, dc0, dW_x, dW_h, db
