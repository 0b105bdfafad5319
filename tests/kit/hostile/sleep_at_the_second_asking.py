# tries: to answer everything once, and then never again
# grader: stops it, and takes an exercise that ended so for unanswered
# says: No answer within 0.5 s
# hangs: in the call
# like: endless_loop

# %% tanh_derivative
import time

calls = 0


def tanh_derivative(h_tilde):
    global calls
    calls += 1
    if calls > 12:
        time.sleep(1_000)
    return 1 - np.tanh(h_tilde) ** 2
