# tries: to find out whether a path exists, by stat
# grader: can't keep that from it, and says so; what is at the path stays closed
# says: It raised PermissionError

# %% sigmoid
import os


def sigmoid(h_tilde):
    return os.path.exists("@course@/.course/notes.txt") and open("@course@/.course/notes.txt").read()
