# %% mean_for_sum_1
# Teacher: averages instead of summing.
def sse_loss(y_hat, y):
    return np.mean((y_hat - y) ** 2)

# %% mean_for_sum_2
# Teacher: divides by the number of examples.
def sse_loss(y_hat, y):
    N = y.shape[0]
    diff = y_hat - y
    loss = np.sum(diff * diff) / N
    return loss

# %% mean_for_sum_3 (held out)
# Teacher: averages instead of summing.
def sse_loss(y_hat, y):
    total = 0.0
    for a, b in zip(y_hat.ravel(), y.ravel()):
        total += (a - b) ** 2
    return total / y.size

# %% halved_1
# Teacher: halves the sum.
def sse_loss(y_hat, y):
    return 0.5 * np.sum((y - y_hat) ** 2)

# %% halved_2
# Teacher: halves the sum.
def sse_loss(y_hat, y):
    total = 0
    for i in range(len(y)):
        e = y_hat[i] - y[i]
        total += e @ e / 2
    return total

# %% root_1
# Teacher: takes the root.
def sse_loss(y_hat, y):
    return np.linalg.norm(y_hat - y)

# %% per_example_1 (held out)
# Teacher: sums over the outputs only: a loss for each example.
def sse_loss(y_hat, y):
    return np.sum((y_hat - y) ** 2, axis=1)

# %% square_of_sum_1
# Teacher: squares the sum instead of summing the squares.
def sse_loss(y_hat, y):
    return np.sum(y_hat - y) ** 2
