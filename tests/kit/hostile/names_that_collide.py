# tries: a key among the global names that has the hash of a function's name and ends the process when it is compared
# grader: loses the worker in that exercise and goes on
# says: the process ended itself
# like: names_that_fight

# %% sigmoid
import os


class Key:
    def __hash__(self):
        return hash("sigmoid")

    def __eq__(self, other):
        os._exit(0)


globals()[Key()] = 1
