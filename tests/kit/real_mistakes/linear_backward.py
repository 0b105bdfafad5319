# %% order_returned_1 (held out)
# Teacher: the returned values are in another order.
def linear_backward(dh_tilde, h, W):
    dW = h.T @ dh_tilde
    db = dh_tilde.sum(axis=0)
    dh = dh_tilde @ W.T
    return dW, db, dh

# %% order_returned_2
# Teacher: the returned values are in another order.
def linear_backward(dh_tilde, h, W):
    return dh_tilde.dot(W.T), np.sum(dh_tilde, axis=0), h.T.dot(dh_tilde)

# %% order_returned_3
# Teacher: the returned values are in another order.
def linear_backward(dh_tilde, h, W):
    N = len(h)
    dh = np.zeros(h.shape)
    dW = np.zeros(W.shape)
    db = np.zeros(W.shape[1])
    for n in range(N):
        dW += np.outer(h[n], dh_tilde[n])
        dh[n] = W @ dh_tilde[n]
        db += dh_tilde[n]
    return dW, dh, db

# %% db_not_summed_1 (held out)
# Teacher: db isn't summed over the batch.
def linear_backward(dh_tilde, h, W):
    return dh_tilde @ W.T, h.T @ dh_tilde, dh_tilde

# %% db_not_summed_2
# Teacher: db is a single number: summed over all entries.
def linear_backward(dh_tilde, h, W):
    dh = dh_tilde @ W.T
    dW = h.T @ dh_tilde
    db = np.sum(dh_tilde)
    return dh, dW, db

# %% transpose_missing_1
# Teacher: W isn't transposed: the shapes don't fit.
def linear_backward(dh_tilde, h, W):
    return dh_tilde @ W, h.T @ dh_tilde, dh_tilde.sum(axis=0)

# %% dw_transposed_1 (held out)
# Teacher: dW is transposed.
def linear_backward(dh_tilde, h, W):
    return dh_tilde @ W.T, dh_tilde.T @ h, dh_tilde.sum(axis=0)

# %% mean_for_sum_1 (held out)
# Teacher: dW and db are averaged over the batch.
def linear_backward(dh_tilde, h, W):
    N = h.shape[0]
    return np.dot(dh_tilde, W.T), np.dot(h.T, dh_tilde) / N, dh_tilde.mean(axis=0)
