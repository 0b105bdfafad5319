# tries: a cell of blank lines, on which a careless pattern spends an hour
# grader: reads it in a moment
# says: The value is wrong: 0 where 0.5 is right

# %% sigmoid
def sigmoid(h_tilde):
    return h_tilde
@newlines@
