# %% upstream_in_square_1
# Teacher: the square is that of dh.
def tanh_backward(dh, h_tilde):
    return dh * (1 - dh ** 2)

# %% argument_for_h_1
# Teacher: takes h_tilde for h.
def tanh_backward(dh, h_tilde):
    return dh * (1 - h_tilde ** 2)

# %% not_callable_1 (held out)
# Teacher: multiplication is written as a call.
def tanh_backward(dh, h_tilde):
    h = np.tanh(h_tilde)
    return dh(1 - h ** 2)
