# %% upstream_missing_1 (held out)
# Teacher: the upstream gradient is missing.
def sigmoid_backward(dh, h_tilde):
    h = 1 / (1 + np.exp(-np.abs(h_tilde)))
    return h * (1 - h)

# %% argument_for_h_1
# Teacher: takes h_tilde for h.
def sigmoid_backward(dh, h_tilde):
    return dh * h_tilde * (1 - h_tilde)

# %% matrix_product_1
# Teacher: a matrix product for the product of entries.
def sigmoid_backward(dh, h_tilde):
    s = 1 / (1 + np.exp(-h_tilde))
    return np.dot(dh, s * (1 - s))
