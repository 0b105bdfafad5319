# %% skip_unmasked_1
# Teacher: the way past the block isn't masked by the last ReLU.
def post_activation_backward(dy, x, W1, b1, W2, b2):
    z1 = x @ W1 + b1
    h = np.maximum(z1, 0)
    z2 = h @ W2 + b2 + x
    dz2 = dy * (z2 > 0)
    dz1 = (dz2 @ W2.T) * (z1 > 0)
    dx = dy + dz1 @ W1.T
    return dx, x.T @ dz1, dz1.sum(axis=0), h.T @ dz2, dz2.sum(axis=0)
