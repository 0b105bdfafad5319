# tries: to climb from a folder that it may read to one that it mayn't
# grader: looks at where a path leads, not at how it begins
# says: It raised PermissionError
# like: reads_the_hidden_paper

# %% sigmoid
import os


def sigmoid(h_tilde):
    with open(os.path.join(os.path.dirname(np.__file__), *[".."] * 30, "@course@/grading.toml".lstrip("/"))) as file:
        raise ValueError(file.read())
