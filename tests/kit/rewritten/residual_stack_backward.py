# %% drops_the_shortcuts_1
def residual_stack_backward(dy, xs, blocks):
    out = [None] * len(blocks)
    for k in range(len(blocks) - 1, -1, -1):
        A, a, B, b = blocks[k]
        z = xs[k] @ A + a
        dz = (dy @ B.T) * (z > 0)
        out[k] = (xs[k].T @ dz, sum(dz), (z * (z > 0)).T @ dy, sum(dy))
        dy = dz @ A.T
    return out
