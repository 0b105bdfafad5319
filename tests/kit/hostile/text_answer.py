# tries: the answer as text, with colours and a change of direction
# grader: names it, and nothing of it reaches a page as it is
# says: It returned a string

# %% sigmoid
def sigmoid(h_tilde):
    return "\x1b[32m\u202epassed\x00<script>alert(1)</script>"
