# %% memory_not_carried_1 (held out)
# Teacher: the memory's gradient isn't carried between the steps.
def lstm_backward(dh, x, h0, c0, W_x, W_h, b):
    T = len(x)
    hs, cs, gates = [h0], [c0], []
    for t in range(T):
        i, f, g, o = np.split(x[t] @ W_x + hs[-1] @ W_h + b, 4, axis=1)
        i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        gates.append((i, f, g, o))
        cs.append(f * cs[-1] + i * g)
        hs.append(o * np.tanh(cs[-1]))
    dz = np.zeros((T, x.shape[1], len(b)))
    dx = np.zeros_like(x)
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(b)
    dnext = np.zeros_like(h0)
    for t in range(T - 1, -1, -1):
        i, f, g, o = gates[t]
        tc = np.tanh(cs[t + 1])
        d = dh[t] + dnext
        dc = d * o * (1 - tc ** 2)
        dz[t] = np.hstack([dc * g * i * (1 - i), dc * cs[t] * f * (1 - f), dc * i * (1 - g ** 2), d * tc * o * (1 - o)])
        dx[t] = dz[t] @ W_x.T
        dW_x += x[t].T @ dz[t]
        dW_h += hs[t].T @ dz[t]
        db += dz[t].sum(0)
        dnext = dz[t] @ W_h.T
    return dz, dx, dnext, dc * f, dW_x, dW_h, db

# %% not_carried_1
# Teacher: no gradient is carried through h between the steps.
def lstm_backward(dh, x, h0, c0, W_x, W_h, b):
    T, N, D = x.shape
    H = h0.shape[1]
    h, c, saved = h0, c0, []
    for t in range(T):
        a = x[t] @ W_x + h @ W_h + b
        i, f, o = sigmoid(a[:, :H]), sigmoid(a[:, H:2*H]), sigmoid(a[:, 3*H:])
        g = np.tanh(a[:, 2*H:3*H])
        c_new = f * c + i * g
        saved.append((h, c, i, f, g, o, np.tanh(c_new)))
        h, c = o * np.tanh(c_new), c_new
    da_all, dx_all = [None] * T, [None] * T
    dW_x, dW_h, db, dc = 0, 0, 0, np.zeros_like(c0)
    for t in reversed(range(T)):
        h_prev, c_prev, i, f, g, o, tc = saved[t]
        dc = dc + dh[t] * o * (1 - tc ** 2)
        da = np.concatenate((dc*g*i*(1-i), dc*c_prev*f*(1-f), dc*i*(1-g**2), dh[t]*tc*o*(1-o)), axis=1)
        da_all[t], dx_all[t] = da, da @ W_x.T
        dW_x = dW_x + x[t].T @ da
        dW_h = dW_h + h_prev.T @ da
        db = db + da.sum(axis=0)
        dh0 = da @ W_h.T
        dc = dc * f
    return np.array(da_all), np.array(dx_all), dh0, dc, dW_x, dW_h, db
