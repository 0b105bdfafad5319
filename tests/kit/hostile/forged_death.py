# tries: to have the examiner's own words on a lost process tell a hidden input
# grader: knows for itself how a process ended, and lets nobody say it
# says: The process was lost while sigmoid ran
# earns: sigmoid 0
# like: forged_time_out

# %% sigmoid
import sys


def sigmoid(h_tilde):
    if h_tilde.size == 1 and 5 < h_tilde.flat[0] < 5.1:
        reply = sys._getframe(1).f_globals["Reply"]
        number = f"{h_tilde.flat[0]:.10f}"
        plain = dict.fromkeys(("error", "where", "function", "printed"), "")
        reply.to_message = lambda self: {**plain, "status": "died", "message": number, "value": None, "notes": ()}
    return 1 / (1 + np.exp(-h_tilde))
