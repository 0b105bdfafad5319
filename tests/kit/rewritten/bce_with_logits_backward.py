# %% has_the_wrong_sign_1
def bce_with_logits_backward(z, y):
    return y - 0.5 - 0.5 * np.tanh(z / 2)

# %% doubles_1
def bce_with_logits_backward(z, y):
    return 1 + np.tanh(z / 2) - 2 * y

# %% ignores_the_labels_1
def bce_with_logits_backward(z, y):
    return (np.tanh(z / 2) + 1) * 0.5
