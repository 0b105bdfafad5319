# tries: an exception whose text moves the cursor, clears the screen and turns the writing round
# grader: shows none of these characters
# says: It raised ValueError

# %% sigmoid
def sigmoid(h_tilde):
    raise ValueError(
        "\x1b[2J\x1b[1;1H\x1b]0;passed\x07\r\x08\u202e\u2066stniop 2\u2069 \u200b\ufeff\x00\x9b31m\u2028\u2029\x85"
    )
