# %% factor_two_1
# Teacher: the factor 2 is missing.
def sse_loss_backward(y_hat, y):
    return y_hat - y

# %% factor_two_2
# Teacher: the factor 2 is missing.
def sse_loss_backward(y_hat, y):
    d = np.zeros_like(y_hat)
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            d[i, j] = y_hat[i, j] - y[i, j]
    return d

# %% factor_two_3 (held out)
# Teacher: the factor 2 is missing, and the sign is wrong.
def sse_loss_backward(y_hat, y):
    error = y - y_hat
    return error

# %% sign_1 (held out)
# Teacher: the sign is wrong.
def sse_loss_backward(y_hat, y):
    return 2 * (y - y_hat)

# %% mean_for_sum_1
# Teacher: divides by the number of examples.
def sse_loss_backward(y_hat, y):
    N = len(y)
    return 2.0 / N * (y_hat - y)

# %% mean_for_sum_2
# Teacher: divides by the number of entries.
def sse_loss_backward(y_hat, y):
    grad = 2 * (y_hat - y)
    grad /= y.size
    return grad
