# tries: SystemExit on import
# grader: drops the cell; the other exercises are asked
# says: Its cell failed with SystemExit: 0 in line 1: raise SystemExit(0)
# like: exit_in_the_cell

# %% sigmoid
raise SystemExit(0)


def sigmoid(h_tilde):
    return h_tilde
