# tries: to print without end
# grader: keeps the beginning and stops it
# says: No answer within 0.5 s
# hangs: in the call

# %% sigmoid
import sys


def sigmoid(h_tilde):
    while True:
        print("x" * 100_000)
        print("y" * 100_000, file=sys.stderr)
