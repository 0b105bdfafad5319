# %% skip_missing_1 (held out)
# Teacher: x isn't added.
def residual_forward(x, W1, b1, W2, b2):
    h = np.maximum(0, x @ W1 + b1)
    return h @ W2 + b2
