# tries: an exception whose traceback never ends
# grader: stops waiting for it
# says: No answer within 0.5 s
# hangs: in the call

# %% sigmoid
class Forever:
    tb_lineno = 1

    class tb_frame:
        f_globals, f_code = {}, None

        class f_code:
            co_filename, co_name = "x", "x"

    @property
    def tb_next(self):
        return self


class Endless(Exception):
    __traceback__ = property(lambda self: Forever())


def sigmoid(h_tilde):
    raise Endless
