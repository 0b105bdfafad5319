# tries: a cell with control characters, and a change of direction within the source
# grader: tells where it fails, without them
# says: Its cell failed with SyntaxError

# %% sigmoid
def sigmoid(h_tilde):
    # \x00 isn't one; these are:  ‮⁦ nothing to see ⁩⁦
    return h_tilde ; raise_\u202e = 1
