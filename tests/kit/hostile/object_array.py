# tries: an array of objects that are equal to everything
# grader: refuses arrays of objects without comparing an entry
# says: It returned an array of objects
# fools: ==
# like: equal_to_everything

# %% sigmoid
class Everything:
    def __eq__(self, other):
        return True

    __req__ = __eq__


def sigmoid(h_tilde):
    answer = np.empty(np.shape(h_tilde), dtype=object)
    answer[...] = Everything()
    return answer
