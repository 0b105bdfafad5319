# %% activated_again_1 (held out)
# Teacher: tanh' is applied to an already activated value.
def rnn_backward(dh, x, h0, hs, W_x, W_h):
    T = len(x)
    dz, dx = np.zeros_like(hs), np.zeros_like(x)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(W_h.shape[0])
    dnext = np.zeros_like(h0)
    for t in range(T - 1, -1, -1):
        prev = hs[t - 1] if t else h0
        dz[t] = (dh[t] + dnext) * (1 - np.tanh(hs[t]) ** 2)
        dx[t] = dz[t] @ W_x.T
        dW_x += x[t].T @ dz[t]
        dW_h += prev.T @ dz[t]
        db += dz[t].sum(0)
        dnext = dz[t] @ W_h.T
    return dz, dx, dnext, dW_x, dW_h, db

# %% not_carried_1
# Teacher: no gradient is carried between the steps.
def rnn_backward(dh, x, h0, hs, W_x, W_h):
    before = np.concatenate([h0[None], hs[:-1]])
    dz = dh * (1 - hs ** 2)
    dx = dz @ W_x.T
    dW_x = sum(x[t].T @ dz[t] for t in range(len(x)))
    dW_h = sum(before[t].T @ dz[t] for t in range(len(x)))
    return dz, dx, dz[0] @ W_h.T, dW_x, dW_h, dz.sum(axis=(0, 1))

# %% h_of_the_step_1 (held out)
# Teacher: dW_h is made with the state of the step, not with the one before.
def rnn_backward(dh, x, h0, hs, W_x, W_h):
    T, N, D = x.shape
    dzs, dxs = [], []
    dW_x, dW_h, db = 0, 0, 0
    carry = np.zeros_like(h0)
    for t in reversed(range(T)):
        dz = (dh[t] + carry) * (1 - hs[t] * hs[t])
        dzs.insert(0, dz)
        dxs.insert(0, dz @ W_x.T)
        dW_x = dW_x + x[t].T @ dz
        dW_h = dW_h + hs[t].T @ dz
        db = db + dz.sum(axis=0)
        carry = dz @ W_h.T
    return np.stack(dzs), np.stack(dxs), carry, dW_x, dW_h, db

# %% view_overwritten_1
# Teacher: a view of h0 is overwritten, so that dW_h is wrong.
def rnn_backward(dh, x, h0, hs, W_x, W_h):
    T, N, H = hs.shape
    dz = np.zeros((T, N, H))
    dx = np.zeros_like(x)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(H)
    dprev = h0
    dprev[:] = 0
    for t in range(T - 1, -1, -1):
        h_prev = h0 if t == 0 else hs[t - 1]
        dz[t] = (1 - hs[t] ** 2) * (dh[t] + dprev)
        dx[t] = dz[t] @ W_x.T
        dW_x += x[t].T @ dz[t]
        dW_h += h_prev.T @ dz[t]
        db += dz[t].sum(axis=0)
        dprev = dz[t] @ W_h.T
    return dz, dx, dprev, dW_x, dW_h, db

# %% dh0_not_set_1
# Teacher: dh0 is never set.
def rnn_backward(dh, x, h0, hs, W_x, W_h):
    T = x.shape[0]
    states = [h0] + [hs[t] for t in range(T)]
    dz, dx, dh0 = np.zeros_like(hs), np.zeros_like(x), np.zeros_like(h0)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros(W_x.shape[1])
    back = 0
    for t in range(T)[::-1]:
        dz[t] = (dh[t] + back) * (1 - states[t + 1] ** 2)
        dx[t] = dz[t].dot(W_x.T)
        dW_x += x[t].T.dot(dz[t])
        dW_h += states[t].T.dot(dz[t])
        db += np.sum(dz[t], axis=0)
        back = dz[t].dot(W_h.T)
    return dz, dx, dh0, dW_x, dW_h, db

# %% overwritten_1 (held out)
# Teacher: dW_x, dW_h and db are overwritten at each step instead of summed.
def rnn_backward(dh, x, h0, hs, W_x, W_h):
    dz, dx = np.zeros_like(hs), np.zeros_like(x)
    later = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        before = hs[t - 1] if t > 0 else h0
        dz[t] = (dh[t] + later) * (1 - hs[t] ** 2)
        dx[t] = dz[t] @ W_x.T
        dW_x = x[t].T @ dz[t]
        dW_h = before.T @ dz[t]
        db = dz[t].sum(axis=0)
        later = dz[t] @ W_h.T
    return dz, dx, later, dW_x, dW_h, db
