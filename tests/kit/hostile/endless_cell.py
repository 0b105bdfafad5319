# tries: never to come to the definition
# grader: drops the cell; the other exercises are asked
# says: Its cell was stopped: it took longer than 0.6 s
# hangs: in the cell

# %% sigmoid
while True:
    pass


def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))
