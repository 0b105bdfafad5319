# tries: to leave a process behind that outlives the examination
# grader: refuses
# says: PermissionError

# %% sigmoid
import os
import time


def sigmoid(h_tilde):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(60)
        os._exit(0)
    os.setsid()
    return h_tilde
