# tries: a power so large that the interpreter never comes back from C
# grader: stops it all the same
# says: No answer within 0.5 s
# hangs: in the call
# like: endless_expression

# %% sigmoid
def sigmoid(h_tilde):
    return 10**10**7 % 7 + 10**10**8
