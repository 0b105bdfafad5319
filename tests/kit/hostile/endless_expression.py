# tries: a regular expression that needs longer than the world will last
# grader: stops it all the same
# says: No answer within 0.5 s
# hangs: in the call

# %% sigmoid
import re


def sigmoid(h_tilde):
    return re.match(r"(a|aa)+$", "a" * 60 + "b")
