# tries: a sum of a million billion terms in C
# grader: stops it all the same
# says: No answer within 0.5 s
# hangs: in the call
# like: endless_expression

# %% sigmoid
def sigmoid(h_tilde):
    return sum(range(10**15))
