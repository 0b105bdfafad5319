# tries: to take just less time for each answer than is allowed, for every one
# grader: gives the exercise as a whole its time, too
# says: No answer within 2 s in all
# like: endless_loop
# hangs: in the call

# %% sigmoid
import time


def sigmoid(h_tilde):
    time.sleep(0.3)
    return 1 / (1 + np.exp(-h_tilde))
