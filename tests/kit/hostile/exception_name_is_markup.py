# tries: an exception called like a script, in a text like one
# grader: shows both as text
# says: It raised <script>alert(1)</script>: <img src=x onerror=alert(2)> &lt;b&gt;

# %% sigmoid
def sigmoid(h_tilde):
    raise type("<script>alert(1)</script>", (Exception,), {})("<img src=x onerror=alert(2)> &lt;b&gt;")
