# tries: to sleep for a week
# grader: stops it
# says: No answer within 0.5 s
# hangs: in the call
# like: endless_loop

# %% sigmoid
import time


def sigmoid(h_tilde):
    time.sleep(7 * 86_400)
