# %% leaves_the_shortcut_unmasked_1
def post_activation_backward(dy, x, A, a, B, b):
    z = x @ A + a
    h = z * (z > 0)
    ds = dy * np.heaviside(h @ B + b + x, 0)
    dz = ds @ B.T * np.heaviside(z, 0)
    return dz @ A.T + dy, x.T @ dz, dz.sum(0), h.T @ ds, ds.sum(0)
