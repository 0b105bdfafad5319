# %% forgets_the_shortcut_1
def projection_forward(x, A, a, B, b, S):
    z = np.einsum("nd,dh->nh", x, A) + a
    return np.einsum("nh,he->ne", z * (z > 0), B) + b
