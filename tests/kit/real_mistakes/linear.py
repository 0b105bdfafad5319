# %% elementwise_1
# Teacher: the product of entries for the matrix product.
def linear(h, W, b):
    return h * W + b

# %% transposed_1 (held out)
# Teacher: W is transposed.
def linear(h, W, b):
    return np.dot(h, W.T) + b
