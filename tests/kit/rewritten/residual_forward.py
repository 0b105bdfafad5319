# %% subtracts_the_input_1
def residual_forward(x, A, a, B, b):
    z = x @ A + a
    return (z * (z > 0)) @ B + b - x

# %% activates_the_sum_1
def residual_forward(x, A, a, B, b):
    s = x + np.where(x @ A + a > 0, x @ A + a, 0) @ B + b
    return (s + np.abs(s)) / 2
