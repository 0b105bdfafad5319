# %% slip_1 (held out)
# Teacher: precedence: 1 / 1 + exp.
def sigmoid(h_tilde):
    return 1 / 1 + np.exp(-h_tilde)

# %% math_exp_1
# Teacher: math.exp takes numbers only; np.exp takes arrays.
def sigmoid(h_tilde):
    import math
    return 1 / (1 + math.exp(-h_tilde))

# %% sign_1
# Teacher: the exponent has the wrong sign.
def sigmoid(h_tilde):
    e = np.exp(h_tilde)
    return 1 / (1 + e)

# %% one_missing_1 (held out)
# Teacher: the 1 in the denominator is missing.
def sigmoid(h_tilde):
    return 1 / np.exp(-h_tilde)
