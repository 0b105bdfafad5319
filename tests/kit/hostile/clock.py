# tries: an answer that depends on the time, by less than the tolerance
# grader: asks twice and compares bit by bit
# says: Asked the same question twice, the function gave two different answers. It should depend on nothing but its ar
# fools: np.allclose

# %% sigmoid
import time


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde)) * (1 + 2.3e-16 * (time.perf_counter_ns() % 3))
