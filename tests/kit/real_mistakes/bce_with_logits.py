# %% overflow_1
# Teacher: overflows for large logits: the naive formula.
def bce_with_logits(h_tilde, y):
    p = 1 / (1 + np.exp(-h_tilde))
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p))

# %% overflow_2
# Teacher: overflows for large logits: log of 1 + exp.
def bce_with_logits(h_tilde, y):
    return np.sum(np.log(1 + np.exp(h_tilde)) - y * h_tilde)

# %% clipped_1 (held out)
# Teacher: probabilities are clipped, so large logits have a wrong loss.
def bce_with_logits(h_tilde, y):
    h = 1 / (1 + np.exp(-np.clip(h_tilde, -500, 500)))
    h = np.clip(h, 1e-12, 1 - 1e-12)
    losses = y * np.log(h) + (1 - y) * np.log(1 - h)
    return -losses.sum()

# %% mean_for_sum_1 (held out)
# Teacher: averages instead of summing.
def bce_with_logits(h_tilde, y):
    return np.mean(np.maximum(h_tilde, 0) - h_tilde * y + np.log1p(np.exp(-np.abs(h_tilde))))

# %% second_term_missing_1 (held out)
# Teacher: only the entries with y = 1 count: the term with 1 - y is missing.
def bce_with_logits(h_tilde, y):
    log_p = -np.logaddexp(0, -h_tilde)
    return -np.sum(y * log_p)

# %% sign_1
# Teacher: the sign is wrong.
def bce_with_logits(h_tilde, y):
    log_p = -np.logaddexp(0, -h_tilde)
    log_q = -np.logaddexp(0, h_tilde)
    return np.sum(y * log_p + (1 - y) * log_q)

# %% sigmoid_forgotten_1 (held out)
# Teacher: the logits are taken for probabilities: the sigmoid is forgotten.
def bce_with_logits(h_tilde, y):
    return -np.sum(y * np.log(h_tilde) + (1 - y) * np.log(1 - h_tilde))
