# %% forgets_the_last_activation_1
def post_activation_forward(x, A, a, B, b):
    out = x.copy()
    for n in range(len(x)):
        z = x[n] @ A + a
        out[n] += (z * (z > 0)) @ B + b
    return out
