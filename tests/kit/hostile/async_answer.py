# tries: a coroutine, which answers once somebody waits for it
# grader: names it and doesn't wait
# says: It returned a coroutine
# like: generator_answer

# %% sigmoid
async def sigmoid(h_tilde):
    return 1 / (1 + np.exp(-h_tilde))
