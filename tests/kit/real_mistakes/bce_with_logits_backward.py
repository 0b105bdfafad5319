# %% mean_for_sum_1
# Teacher: divides by the number of entries.
def bce_with_logits_backward(h_tilde, y):
    h = 0.5 * (1 + np.tanh(h_tilde / 2))
    return (h - y) / y.size

# %% sign_1
# Teacher: the sign is wrong.
def bce_with_logits_backward(h_tilde, y):
    p = 0.5 + 0.5 * np.tanh(0.5 * h_tilde)
    return y - p

# %% extra_derivative_1
# Teacher: multiplies by the sigmoid's derivative once too often.
def bce_with_logits_backward(h_tilde, y):
    h = (1 + np.tanh(h_tilde / 2)) / 2
    return (h - y) * h * (1 - h)

# %% to_probability_1
# Teacher: the gradient with respect to the probability, not to the logit.
def bce_with_logits_backward(h_tilde, y):
    h = 1 / (1 + np.exp(-h_tilde))
    return -(y / h) + (1 - y) / (1 - h)

# %% sigmoid_forgotten_1
# Teacher: the sigmoid is forgotten.
def bce_with_logits_backward(h_tilde, y):
    return h_tilde - y

# %% sigmoid_twice_1 (held out)
# Teacher: the sigmoid is applied twice.
def bce_with_logits_backward(h_tilde, y):
    def sig(z):
        return 0.5 * (1 + np.tanh(z / 2))
    a = sig(h_tilde)
    return sig(a) - y

# %% slip_1
# Teacher: precedence: 1 / 1 + exp.
def bce_with_logits_backward(h_tilde, y):
    h = 1 / 1 + np.exp(-h_tilde)
    return h - y
