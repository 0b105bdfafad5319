"""A sample class for a1: what a week of submissions looks like. The ids say what each did."""

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
REST = {
    "relu": """def relu(h_tilde):
    return np.maximum(h_tilde, 0)
""",
    "relu_derivative": """def relu_derivative(h_tilde):
    return np.where(h_tilde > 0, 1.0, 0.0)
""",
    "leaky_relu": """def leaky_relu(h_tilde, slope):
    return np.maximum(h_tilde, slope * h_tilde)
""",
    "leaky_relu_derivative": """def leaky_relu_derivative(h_tilde, slope):
    return np.where(h_tilde > 0, 1.0, slope)
""",
    "sigmoid_backward": """def sigmoid_backward(dh, h_tilde):
    return dh * sigmoid_derivative(h_tilde)
""",
    "tanh_backward": """def tanh_backward(dh, h_tilde):
    return dh * (1 - np.tanh(h_tilde) ** 2)
""",
    "attenuation": """def attenuation(h_tildes, activation):
    local = {
        "sigmoid": lambda x: 1 / (2 + 2 * np.cosh(x)),
        "tanh": lambda x: 1 - np.tanh(x) ** 2,
        "relu": relu_derivative,
    }
    return np.prod(local[activation](h_tildes), axis=0)
""",
    "dead_units": """def dead_units(h_tilde):
    return np.all(h_tilde <= 0, axis=0)
""",
}
WRITTEN = (
    "The boxed factor: at most 1/4 for the sigmoid, at most 1 for tanh, 1 or 0 for ReLU, and it is there twenty times."
)

ALL = 26
"""What the exercises are worth together; the written question isn't among them."""


def all_right(book):
    book.answer(sigmoid=SIGMOID, sigmoid_derivative=SIGMOID_DERIVATIVE, tanh_derivative=TANH_DERIVATIVE, **REST)
    book.write("why_the_first_layers", WRITTEN)


@student("right-vectorised", "all right, vectorised", points=ALL)
def right_vectorised(book):
    all_right(book)


@student("right-where", "all right, with np.where", points=ALL)
def right_where(book):
    all_right(book)
    book.answer(
        sigmoid="""def sigmoid(h_tilde):
    e = np.exp(-np.abs(h_tilde))
    return np.where(np.asarray(h_tilde) < 0, e / (1 + e), 1 / (1 + e))
"""
    )


@student("right-masks", "all right, with boolean masks", points=ALL)
def right_masks(book):
    all_right(book)
    book.answer(
        sigmoid="""def sigmoid(h_tilde):
    x = np.asarray(h_tilde, dtype=float)
    h = np.zeros(x.shape)
    up = x >= 0
    h[up] = 1 / (1 + np.exp(-x[up]))
    e = np.exp(x[~up])
    h[~up] = e / (1 + e)
    return h
"""
    )


@student("right-in-terms-of-h", "all right, derivatives in terms of h", points=ALL)
def right_in_terms_of_h(book):
    all_right(book)
    book.answer(
        tanh_derivative="""def tanh_derivative(h_tilde):
    h = np.tanh(h_tilde)
    return (1 + h) * (1 - h)
"""
    )


@student("right-loops", "all right, with plain loops", points=ALL)
def right_loops(book):
    all_right(book)
    book.answer(
        tanh_derivative="""import math

def tanh_derivative(h_tilde):
    out = np.zeros(np.shape(h_tilde))
    for index, x in np.ndenumerate(h_tilde):
        out[index] = 1 - math.tanh(x) ** 2
    return out
"""
    )


@student("right-overflow-warning", "all right, but NumPy warns of an overflow", points=ALL)
def right_overflow_warning(book):
    all_right(book)
    book.answer(sigmoid="def sigmoid(h_tilde):\n    return 1 / (1 + np.exp(-h_tilde))\n")


@student("right-extra-imports", "all right, and imports matplotlib and torch", points=ALL)
def right_extra_imports(book):
    all_right(book)
    book.on_top("import matplotlib.pyplot as plt\nimport torch\n%matplotlib inline")


@student("right-deleted-check", "all right, but deleted a check cell", points=ALL)
def right_deleted_check(book):
    all_right(book)
    book.delete_check("sigmoid_derivative")


@student("right-duplicated-cell", "all right, but pasted a cell twice", points=ALL)
def right_duplicated_cell(book):
    all_right(book)
    book.duplicate("tanh_derivative")


@student("untouched", "handed in the notebook as it was", points=0)
def untouched(book):
    pass


@student("half-done", "finished the first two", points=5)
def half_done(book):
    book.answer(sigmoid=SIGMOID, sigmoid_derivative=SIGMOID_DERIVATIVE)


@student("mistake-output-form", "differentiated the output form", points=ALL - 6)
def mistake_output_form(book):
    all_right(book)
    book.answer(sigmoid_derivative="def sigmoid_derivative(x):\n    return x * (1 - x)\n")


@student("mistake-no-square", "forgot the square", points=ALL - 3)
def mistake_no_square(book):
    all_right(book)
    book.answer(tanh_derivative="def tanh_derivative(h_tilde):\n    return 1 - np.tanh(h_tilde)\n")


@student("mistake-sign", "wrong sign in the exponent", points=ALL - 2)
def mistake_sign(book):
    all_right(book)
    book.answer(
        sigmoid="def sigmoid(h_tilde):\n    return 1 / (1 + np.exp(h_tilde))\n",
        sigmoid_derivative="""def sigmoid_derivative(h_tilde):
    h = np.tanh(h_tilde / 2) / 2 + 0.5
    return h * (1 - h)
""",
    )


@student("mistake-overflow", "NaN for large inputs", points=ALL - 0.5)
def mistake_overflow(book):
    all_right(book)
    book.answer(
        sigmoid="def sigmoid(h_tilde):\n    return np.exp(h_tilde) / (1 + np.exp(h_tilde))\n",
        sigmoid_derivative="""def sigmoid_derivative(h_tilde):
    h = np.tanh(h_tilde / 2) / 2 + 0.5
    return h * (1 - h)
""",
    )


@student("mistake-everywhere", "two mistakes in three exercises", points=ALL - 9)
def mistake_everywhere(book):
    all_right(book)
    book.answer(
        sigmoid_derivative="def sigmoid_derivative(h_tilde):\n    return sigmoid(h_tilde) * (1 + sigmoid(h_tilde))\n",
        tanh_derivative="def tanh_derivative(h_tilde):\n    h = np.tanh(h_tilde)\n    return h * (1 - h)\n",
    )


@student("mistake-numerical", "used a numerical derivative", points=ALL - 3)
def mistake_numerical(book):
    all_right(book)
    book.answer(
        tanh_derivative="""def tanh_derivative(h_tilde, step=1e-5):
    return (np.tanh(h_tilde + step) - np.tanh(h_tilde - step)) / (2 * step)
"""
    )


@student("broken-syntax", "forgot a bracket", points=ALL - 3)
def broken_syntax(book):
    all_right(book)
    book.answer(tanh_derivative="def tanh_derivative(h_tilde):\n    return 1 - np.tanh(h_tilde ** 2\n")


@student("broken-renamed", "renamed a function", points=ALL - 3)
def broken_renamed(book):
    all_right(book)
    book.answer(tanh_derivative="def tanh_prime(h_tilde):\n    return 1 - np.tanh(h_tilde) ** 2\n")


@student("broken-endless-loop", "loops for ever in one function", points=ALL - 3)
def broken_endless_loop(book):
    all_right(book)
    book.answer(
        tanh_derivative="""def tanh_derivative(h_tilde):
    x = 1.0
    while x > 0:
        x = x + 1
    return x
"""
    )


@student("broken-file", "handed in something that isn't a notebook", points=0)
def broken_file(book):
    book.replace_file(b"<html>Please sign in to download a1_activations.ipynb</html>")


@student("cheat-display-hook", "prints the points it would like to have", points=ALL - 3)
def cheat_display_hook(book):
    all_right(book)
    book.answer(
        tanh_derivative="def tanh_derivative(h_tilde):\n    get_ipython().displayhook(5.0)\n    return h_tilde\n"
    )


@student("cheat-equal-to-everything", "returns an object that equals everything", points=ALL - 3)
def cheat_equal_to_everything(book):
    all_right(book)
    book.answer(
        tanh_derivative="""class Anything(np.ndarray):
    def __eq__(self, other):
        return np.True_
    def __array_ufunc__(self, *_, **__):
        return np.True_

def tanh_derivative(h_tilde):
    return np.zeros(np.shape(h_tilde)).view(Anything)
"""
    )


@student("cheat-autograd", "asks torch for the derivative", points=ALL - 3)
def cheat_autograd(book):
    all_right(book)
    book.answer(
        tanh_derivative="""import torch

def tanh_derivative(h_tilde):
    x = torch.tensor(h_tilde, requires_grad=True)
    torch.tanh(x).sum().backward()
    return x.grad.numpy()
"""
    )
