# %% skip_missing_1
# Teacher: dx lacks the way past the block.
def residual_backward(dy, x, W1, b1, W2, b2):
    z = x @ W1 + b1
    h = np.maximum(0, z)
    dW2 = h.T @ dy
    db2 = dy.sum(axis=0)
    dh = dy @ W2.T
    dz = dh * (z > 0)
    dW1 = x.T @ dz
    db1 = dz.sum(axis=0)
    dx = dz @ W1.T
    return dx, dW1, db1, dW2, db2

# %% mask_missing_1 (held out)
# Teacher: ReLU's derivative is missing.
def residual_backward(dy, x, W1, b1, W2, b2):
    h = np.maximum(0, x @ W1 + b1)
    dh = dy @ W2.T
    return dy + dh @ W1.T, x.T @ dh, dh.sum(0), h.T @ dy, dy.sum(0)

# %% relu_of_gradient_1 (held out)
# Teacher: ReLU is applied to the gradient.
def residual_backward(dy, x, W1, b1, W2, b2):
    h = np.maximum(0, x @ W1 + b1)
    dz = np.maximum(0, dy @ W2.T)
    dx = dz @ W1.T + dy
    return dx, x.T @ dz, dz.sum(axis=0), h.T @ dy, dy.sum(axis=0)
