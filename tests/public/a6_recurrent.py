"""Public properties of a6: students may read these, and their examples ship with the assignment."""

import numpy as np
from htilde import edge, example, parts, public
from htilde.oracle import evaluate
from htilde.strategies import together
from shared.a6_recurrent import (
    BACK,
    LSTM,
    NET,
    STEP,
    after_the_pass,
    first_step,
    lstm_gradients,
    norms,
    rnn,
    rnn_gradients,
    step,
    step_gradients,
    walk,
)

GATES = ("i", "f", "g", "o")

parts(
    "rnn_backward",
    *("dh_tilde", "dx", "dh0", "dW_x", "dW_h", "db"),
    along="step",
    backward=True,
    once=("dh0", "dW_x", "dW_h", "db"),
)
parts("gradient_through_time", "norms", along="step", backward=True)
parts("lstm_step", "h", "c")
parts(
    "lstm_step_backward",
    *("dx", "dh", "dc", "dW_x", "dW_h", "db"),
    along="gate",
    order=("db", "dW_x", "dW_h", "dc", "dx", "dh"),
    gates=GATES,
    gated=("dW_x", "dW_h", "db"),
)
parts("lstm_forward", "hs", "cs", along="step", order=("cs", "hs"))
parts(
    "lstm_backward",
    *("dh_tilde", "dx", "dh0", "dc0", "dW_x", "dW_h", "db"),
    along="step",
    backward=True,
    once=("dh0", "dc0", "dW_x", "dW_h", "db"),
    gates=GATES,
    gated=("dh_tilde", "dW_x", "dW_h", "db"),
)


# rnn_forward, rnn_backward


def a_sequence(rng, *, steps=(2, 5), examples=(2, 4), widths=(1, 4), gates=1):
    """A batch of sequences, a first state, a net that reads them, and a gradient that comes back at every step.

    In a third of them D equals H.
    """
    T, N, (D, H) = rng.integers(*steps), rng.integers(*examples), rng.integers(*widths, 2)
    H = rng.choice([D, H, H])
    return {
        "x": rng.uniform(-1.5, 1.5, (T, N, D)),
        "h0": rng.uniform(-1, 1, (N, H)),
        "c0": rng.uniform(-2, 2, (N, H)),
        "W_x": rng.uniform(-1, 1, (D, gates * H)),
        "W_h": rng.uniform(-1, 1, (H, gates * H)),
        "b": rng.uniform(-1, 1, gates * H),
        "dh": rng.uniform(-2, 2, (T, N, H)),
        "dc": rng.uniform(-2, 2, (N, H)),
    }


def a_pass(rng):
    return after_the_pass(a_sequence(rng))


def one_step(rng):
    return after_the_pass(a_sequence(rng, steps=(1, 2)))


def at_the_end_only(case):
    """The case with a loss that looks at the last state alone."""
    dh = np.zeros_like(case["dh"])
    dh[-1] = case["dh"][-1]
    return {**case, "dh": dh}


def a_pass_to_the_end(rng):
    return at_the_end_only(a_pass(rng))


x = np.array([[[1.0, -0.5], [0.5, 2.0]], [[-1.0, 1.0], [0.25, -1.5]], [[0.5, 0.5], [-2.0, 1.0]]])
dh = np.array(
    [
        [[1.0, 2.0, -1.0], [0.5, -1.0, 1.5]],
        [[-0.5, 1.0, 1.0], [2.0, 0.25, -1.0]],
        [[1.5, -1.0, 0.5], [-1.0, 2.0, 1.0]],
    ]
)
small = {
    "x": x,
    "h0": np.array([[0.5, -0.25, 0.0], [-0.5, 0.75, 0.25]]),
    "W_x": np.array([[0.5, -1.0, 0.25], [1.0, 0.5, -0.5]]),
    "W_h": np.array([[0.5, 1.0, -0.5], [-0.25, 0.5, 1.0], [1.0, -0.75, 0.25]]),
}
small_b = np.array([0.25, -0.5, 0.5])
small_hs = evaluate(rnn, *small.values(), small_b)


@public("rnn_forward", **together(a_sequence, *NET))
@example(**small, b=small_b)
def matches_torch(x, h0, W_x, W_h, b):
    """The states equal those of torch's nn.RNN after every step."""
    return evaluate(rnn, x, h0, W_x, W_h, b)


@public("rnn_forward", **together(one_step, *NET))
@edge(announced="T, N, D and H are at least 1")
def reads_a_sequence_of_one_step(x, h0, W_x, W_h, b):
    """A sequence of one step is a sequence, too: the result has the shape (1, N, H)."""
    return evaluate(rnn, x, h0, W_x, W_h, b)


@public("rnn_backward", **together(a_pass, *BACK))
@example(dh=dh, **small, hs=small_hs)
def matches_autograd(dh, x, h0, hs, W_x, W_h):
    """All six gradients equal torch autograd's when a random gradient comes in at every step."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


@public("rnn_backward", **together(a_pass_to_the_end, *BACK))
@edge(announced="It may be 0 everywhere but at the last step")
def brings_the_last_gradient_to_the_first_step(dh, x, h0, hs, W_x, W_h):
    """Where only the last state is looked at, each step before it still gets a gradient, through the steps between."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


@public("rnn_backward", **together(one_step, *BACK))
@edge(announced="T, N, D and H are at least 1")
def knows_a_sequence_of_one_step(dh, x, h0, hs, W_x, W_h):
    """With one step alone what came before is h0: dW_h and dh0 are the first state's."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


# gradient_through_time


@public("gradient_through_time", **together(a_pass, "dh_T", "hs", "W_h"))
@example(dh_T=dh[-1], hs=small_hs, W_h=small["W_h"])
def matches_autograd(dh_T, hs, W_h):
    """Each norm is that of torch autograd's gradient of the state after that step."""
    return norms(dh_T, hs, W_h)


@public("gradient_through_time", **together(one_step, "dh_T", "hs", "W_h"))
@edge(announced="T, N, D and H are at least 1")
def is_the_norm_of_what_comes_in_at_the_last_step(dh_T, hs, W_h):
    """With one step alone there is one norm, that of dh_T: nothing lies between the loss and the last state."""
    return norms(dh_T, hs, W_h)


# lstm_step, lstm_step_backward


def a_step(rng):
    return first_step(a_sequence(rng, gates=4))


def a_kept_memory(rng):
    """A step whose forget gate is open, as far as it goes, and whose other two are shut."""
    case = a_step(rng)
    H = len(case["W_h"])
    b = np.repeat([-60.0, 60.0, 0.0, -60.0], H) + case["b"]
    return {**case, "b": b}


small_step = {
    "x": np.array([[1.0, -0.5, 0.25], [0.5, 2.0, -1.0]]),
    "h": np.array([[0.5, -0.25], [-0.5, 0.75]]),
    "c": np.array([[1.0, -0.5], [0.25, -1.5]]),
    "W_x": np.array(
        [
            [0.5, -1.0, 0.25, 1.0, 1.0, 0.5, -0.5, 0.75],
            [1.0, 0.5, -0.5, 0.25, -1.0, 1.0, 0.5, -0.25],
            [-0.75, 1.0, 1.0, 0.5, 0.25, -0.5, 1.0, 0.5],
        ]
    ),
    "W_h": np.array([[0.5, 1.0, -0.5, -0.25, 1.0, 0.75, -1.0, 0.5], [-0.25, 0.5, 1.0, 0.5, -0.75, 0.25, 0.5, 1.0]]),
    "b": np.array([0.25, -0.5, 0.5, 1.0, -0.25, 0.5, 0.75, -1.0]),
}


@public("lstm_step", **together(a_step, *STEP))
@example(**small_step)
def matches_torch(x, h, c, W_x, W_h, b):
    """The new state and the new memory equal those of torch's nn.LSTM."""
    return evaluate(step, x, h, c, W_x, W_h, b)


@public("lstm_step", **together(a_kept_memory, *STEP))
@edge(announced="gates may be saturated")
def keeps_the_memory_where_it_is_told_to(x, h, c, W_x, W_h, b):
    """With an open forget gate and a shut input gate the memory stays what it was; with a shut output gate h is 0."""
    return evaluate(step, x, h, c, W_x, W_h, b)


@public("lstm_step_backward", **together(a_step, "dh", "dc", *STEP))
@example(dh=np.array([[1.0, 2.0], [-1.0, 0.5]]), dc=np.array([[0.5, -1.0], [2.0, 1.0]]), **small_step)
def matches_autograd(dh, dc, x, h, c, W_x, W_h, b):
    """All six gradients equal torch autograd's for random dh and dc."""
    return step_gradients(dh, dc, x, h, c, W_x, W_h, b)


@public("lstm_step_backward", **together(a_kept_memory, "dh", "dc", *STEP))
@edge(announced="gates may be saturated")
def lets_the_gradient_of_the_memory_through(dh, dc, x, h, c, W_x, W_h, b):
    """With an open forget gate and the others shut, the memory's gradient goes back as it came: nothing is lost."""
    return step_gradients(dh, dc, x, h, c, W_x, W_h, b)


# lstm_forward, lstm_backward


def sequences_of_gates(rng):
    return a_sequence(rng, gates=4)


def one_step_of_gates(rng):
    return a_sequence(rng, gates=4, steps=(1, 2))


def gates_to_the_end(rng):
    return at_the_end_only(a_sequence(rng, gates=4))


small_lstm = {
    "x": np.array([[[1.0, -0.5, 0.25], [0.5, 2.0, -1.0]], [[-1.0, 1.0, 0.5], [0.25, -1.5, 1.0]]]),
    "h0": small_step["h"],
    "c0": small_step["c"],
    **{name: small_step[name] for name in ("W_x", "W_h", "b")},
}


@public("lstm_forward", **together(sequences_of_gates, *LSTM))
@example(**small_lstm)
def matches_torch(x, h0, c0, W_x, W_h, b):
    """The states and the memories equal those of torch's nn.LSTM after every step."""
    return evaluate(walk, x, h0, c0, W_x, W_h, b)


@public("lstm_forward", **together(one_step_of_gates, *LSTM))
@edge(announced="T, N, D and H are at least 1")
def reads_a_sequence_of_one_step(x, h0, c0, W_x, W_h, b):
    """A sequence of one step is a sequence, too: both results have the shape (1, N, H)."""
    return evaluate(walk, x, h0, c0, W_x, W_h, b)


@public("lstm_backward", **together(sequences_of_gates, "dh", *LSTM))
@example(dh=np.array([[[1.0, 2.0], [-1.0, 0.5]], [[0.5, -1.0], [2.0, 1.0]]]), **small_lstm)
def matches_autograd(dh, x, h0, c0, W_x, W_h, b):
    """All seven gradients equal torch autograd's when a random gradient comes in at every step."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)


@public("lstm_backward", **together(gates_to_the_end, "dh", *LSTM))
@edge(announced="It may be 0 everywhere but at the last step")
def brings_the_last_gradient_to_the_first_step(dh, x, h0, c0, W_x, W_h, b):
    """Where only the last state is looked at, each step before it still gets a gradient, by state and by memory."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)


@public("lstm_backward", **together(one_step_of_gates, "dh", *LSTM))
@edge(announced="T, N, D and H are at least 1")
def knows_a_sequence_of_one_step(dh, x, h0, c0, W_x, W_h, b):
    """With one step alone what came before is h0 and c0."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)
