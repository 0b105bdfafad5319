# %% forgets_the_learning_rate_1
def sgd_step(params, grads, learning_rate):
    return list(map(np.subtract, params, grads))

# %% returns_the_change_1
def sgd_step(params, grads, learning_rate):
    return [np.multiply(g, -learning_rate) for g in grads]
