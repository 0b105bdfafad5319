"""A sample class for the small course: one who knows, one who is wrong, one who did nothing."""

from htilde.sample_class import student

SIGMOID = """def sigmoid(h_tilde):
    small = np.exp(-np.abs(h_tilde))
    return np.where(np.asarray(h_tilde) >= 0, 1, small) / (1 + small)
"""
SIGMOID_DERIVATIVE = """def sigmoid_derivative(h_tilde):
    h = sigmoid(h_tilde)
    return h * (1 - h)
"""
TANH_DERIVATIVE = """def tanh_derivative(h_tilde):
    return 1 - np.tanh(h_tilde) ** 2
"""


@student("right", "all right", points=8)
def right(book):
    book.answer(sigmoid=SIGMOID, sigmoid_derivative=SIGMOID_DERIVATIVE, tanh_derivative=TANH_DERIVATIVE)


@student("mistake", "forgot the square", points=5)
def mistake(book):
    right(book)
    book.answer(tanh_derivative="def tanh_derivative(h_tilde):\n    return 1 - np.tanh(h_tilde)\n")


@student("untouched", "handed in the notebook as it was", points=0)
def untouched(book):
    pass
