# tries: shell commands and magics, as they work in Jupyter
# grader: skips them, and says so
# says: The value is wrong: 0 where 0.5 is right

# %% sigmoid
!touch /tmp/left_behind_by_a_command
%reset -f
%system touch /tmp/left_behind_by_a_magic
import os
get_ipython = None

def sigmoid(h_tilde):
    !echo 2.0
    return h_tilde
