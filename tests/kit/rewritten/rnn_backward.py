# %% forgets_the_slope_1
def rnn_backward(dh, x, h0, hs, U, W):
    T = len(x)
    dz, dx, g = [0] * T, [0] * T, 0
    gU, gW, gb = 0, 0, 0
    for t in reversed(range(T)):
        dz[t] = dh[t] + g
        dx[t] = dz[t] @ U.T
        gU = gU + x[t].T @ dz[t]
        gW = gW + (hs[t - 1] if t else h0).T @ dz[t]
        gb = gb + dz[t].sum(0)
        g = dz[t] @ W.T
    return np.array(dz), np.array(dx), g, gU, gW, gb

# %% forgets_to_transpose_the_recurrent_weights_1
def rnn_backward(dh, x, h0, hs, U, W):
    T = len(x)
    before = np.concatenate([h0[None], hs[:-1]])
    dz, g = np.zeros_like(hs), np.zeros_like(h0)
    for t in reversed(range(T)):
        dz[t] = (g + dh[t]) * (1 - hs[t]) * (1 + hs[t])
        g = dz[t] @ W
    return dz, dz @ U.T, g, np.einsum("tnd,tnh->dh", x, dz), np.einsum("tnk,tnh->kh", before, dz), dz.sum((0, 1))

# %% activates_twice_1
def rnn_backward(dh, x, h0, hs, U, W):
    before = np.concatenate([h0[None], hs[:-1]])
    dz, g = np.zeros_like(hs), np.zeros_like(h0)
    for t in reversed(range(len(x))):
        dz[t] = (g + dh[t]) * np.cosh(hs[t]) ** -2.0
        g = np.einsum("nh,kh->nk", dz[t], W)
    return dz, dz @ U.T, g, np.einsum("tnd,tnh->dh", x, dz), np.einsum("tnk,tnh->kh", before, dz), dz.sum((0, 1))
