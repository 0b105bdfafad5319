# tries: warnings that raise when they are read, are markup, or come by the hundred
# grader: tells at most three, as text
# says: The value is wrong

# %% sigmoid
import warnings


class Mine(UserWarning):
    def __str__(self):
        raise SystemExit(0)


def sigmoid(h_tilde):
    for number in range(200):
        warnings.warn(f"\x1b[31m<script>alert({number})</script>")
    warnings.showwarning(Mine("x"), Mine, "file", 1)
    return h_tilde
