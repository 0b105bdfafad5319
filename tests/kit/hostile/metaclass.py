# tries: a returned value whose metaclass raises whatever is asked, its name too, and is called like markup
# grader: reads the name past the metaclass and shows it harmlessly
# says: It returned a <script>alert(1)</script>

# %% sigmoid
class Wall(type):
    def __getattribute__(cls, name):
        raise SystemExit(0)

    def __instancecheck__(cls, thing):
        return True


Brick = Wall("<script>alert(1)</script>", (), {})


def sigmoid(h_tilde):
    return Brick()
