# tries: a text with methods of its own, which lie about its length
# grader: tells it as the plain text that it is
# says: It raised Odd: odd
# like: exception_text_raises

# %% sigmoid
class Text(str):
    def __getitem__(self, _):
        return self

    def __len__(self):
        return 0

    def encode(self, *_):
        return b"\xff" * 9_999


class Odd(Exception):
    def __str__(self):
        return Text("odd")


def sigmoid(h_tilde):
    raise Odd
