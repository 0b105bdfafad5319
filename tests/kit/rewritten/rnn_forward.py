# %% forgets_the_bias_1
def rnn_forward(x, h0, U, W, b):
    out = np.zeros(x.shape[:2] + (len(b),))
    last = h0
    for t in range(len(x)):
        last = out[t] = np.tanh(x[t].dot(U) + last.dot(W))
    return out

# %% starts_from_zero_1
def rnn_forward(x, h0, U, W, b):
    states = [np.tanh(x[0] @ U + b)]
    for step in x[1:]:
        states.append(np.tanh(step @ U + states[-1] @ W + b))
    return np.array(states)
