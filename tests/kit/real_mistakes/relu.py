# %% builtin_max_1
# Teacher: max takes numbers only; np.maximum takes arrays.
def relu(h_tilde):
    return max(0, h_tilde)

# %% np_max_1
# Teacher: np.max looks for the largest entry.
def relu(h_tilde):
    return np.max(h_tilde, 0)

# %% if_on_array_1 (held out)
# Teacher: if takes one truth value; np.where takes arrays.
def relu(h_tilde):
    if h_tilde > 0:
        return h_tilde
    else:
        return 0

# %% mask_1
# Teacher: returns the mask.
def relu(h_tilde):
    return (np.asarray(h_tilde) > 0) * 1.0
