# tries: the right answer under another name
# grader: asks whether it was renamed
# says: There is sigmoids: was it renamed?

# %% sigmoid
def sigmoids(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))
