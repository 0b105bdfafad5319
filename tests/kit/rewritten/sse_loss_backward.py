# %% forgets_the_two_1
def sse_loss_backward(p, t):
    return -(t - p)

# %% averages_over_everything_1
def sse_loss_backward(p, t):
    return (p - t) * 2 / (p.shape[0] * p.shape[1])
