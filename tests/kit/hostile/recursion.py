# tries: to call itself without end
# grader: tells the exception with the line
# says: It raised RecursionError

# %% sigmoid
def sigmoid(h_tilde):
    return sigmoid(h_tilde)
