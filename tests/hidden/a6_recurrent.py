"""Hidden properties of a6: these never ship. A student learns the claim of one that fails, never its inputs."""

import numpy as np
from htilde import edge, hidden
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

# What is drawn


def another_sequence(rng, *, steps=(2, 8), examples=(2, 7), widths=(1, 6), gates=1, size=1.0, loud=False):
    """A batch of sequences, a first state, a net that reads them, and a gradient that comes back at every step.

    In a third of them D equals H, in a quarter N does, too. If it is ``loud``, most of what goes into the activations
    is far from 0, and a quarter of it of an ordinary size; weights and first state are large in a half of them.
    """
    T, N, (D, H) = rng.integers(*steps), rng.integers(*examples), rng.integers(*widths, 2)
    H = rng.choice([D, H, H])
    N = rng.choice([H, N, N, N]) if examples[1] > 2 else N
    x, b = rng.normal(size=(T, N, D)), rng.normal(size=gates * H)
    if loud:
        x *= rng.choice([1, 1, 1, 50], x.shape)
        size = rng.choice([1.0, 25.0])
        b += rng.choice([-1, 0, 1, 1, -1], gates * H) * rng.uniform(10, 900, gates * H)
    return {
        "x": x,
        "h0": size * rng.uniform(-1, 1, (N, H)) if loud else rng.uniform(-1, 1, (N, H)),
        "c0": 2 * rng.normal(size=(N, H)),
        "W_x": size * rng.normal(size=(D, gates * H)),
        "W_h": size * rng.normal(size=(H, gates * H)) / np.sqrt(H),
        "b": size * b if not loud else b,
        "dh": rng.normal(size=(T, N, H)),
        "dc": rng.normal(size=(N, H)),
    }


def a_pass(rng):
    return after_the_pass(another_sequence(rng))


def one_example(rng):
    return after_the_pass(another_sequence(rng, examples=(1, 2)))


def a_loud_pass(rng):
    return after_the_pass(another_sequence(rng, steps=(2, 5), loud=True))


def with_other_sizes(rng, case, *, smallest=-12):
    """The case with memories up to 100, first states up to 25 and gradients between 10 and 1e4, or with all tiny."""
    if rng.random() < 0.5:
        return with_tiny_numbers(rng, case, smallest=smallest)
    size = 10.0 ** rng.uniform(1, 4, (case["dh"].shape[1], 1))
    sign = rng.choice([-1.0, 1.0], case["c0"].shape)
    c0 = sign * rng.uniform(3, 100, case["c0"].shape)
    first = {"h0": 25 * case["h0"], "c0": c0, "W_h": case["W_h"] / 25}  # large, without saturating what it leads to
    return {**case, **first, "dh": size * case["dh"], "dc": size * case["dc"]}


def with_tiny_numbers(rng, case, *, smallest=-12):
    """The case with all but the weights tiny, gradients between 1e-20 and 1e-7, and no biases."""
    read = {name: 10.0 ** rng.uniform(smallest, -7) * case[name] for name in ("x", "h0", "c0")}
    back = {name: 10.0 ** rng.uniform(-20, -7) * case[name] for name in ("dh", "dc")}
    return {**case, **read, **back, "b": 0 * case["b"]}


FEW = {"steps": (2, 5), "examples": (2, 5), "widths": (1, 5)}


def tiny_states(rng):
    return with_tiny_numbers(rng, another_sequence(rng, **FEW))


def gradients_of_any_size(rng):
    return after_the_pass(with_other_sizes(rng, another_sequence(rng, **FEW), smallest=-20))


def a_walk_of_any_size(rng):
    return with_other_sizes(rng, another_sequence(rng, **FEW, gates=4))


def a_step_of_any_size(rng):
    return first_step(a_walk_of_any_size(rng))


LONG = {"steps": (50, 51), "examples": (1, 3), "widths": (2, 4), "size": 0.7}


def a_long_pass(rng):
    """Fifty steps of a net in which a gradient shrinks: one in which it grows would make chaos of the states."""
    return after_the_pass(another_sequence(rng, **LONG))


def a_step(rng):
    return first_step(another_sequence(rng, gates=4))


def one_example_of_gates(rng):
    return another_sequence(rng, gates=4, examples=(1, 2))


def one_example_at_a_step(rng):
    return first_step(one_example_of_gates(rng))


def loud_gates(rng):
    return another_sequence(rng, gates=4, steps=(2, 5), loud=True)


def a_loud_step(rng):
    return first_step(loud_gates(rng))


def a_walk(rng):
    return another_sequence(rng, gates=4, steps=(2, 6), examples=(2, 5), widths=(1, 5))


def a_long_walk(rng):
    """Fifty steps of an LSTM, the forget gates of which are all but open."""
    case = another_sequence(rng, **LONG, gates=4)
    H = len(case["W_h"])
    return {**case, "b": case["b"] + np.repeat([0.0, 4.0, 0.0, 0.0], H)}


# rnn_forward, rnn_backward


@hidden("rnn_forward", **together(a_pass, *NET))
def matches_torch_on_other_sequences(x, h0, W_x, W_h, b):
    """The states equal those of torch's nn.RNN for sequences that you haven't seen."""
    return evaluate(rnn, x, h0, W_x, W_h, b)


@hidden("rnn_forward", **together(one_example, *NET))
@edge(announced="T, N, D and H are at least 1")
def takes_a_batch_of_one(x, h0, W_x, W_h, b):
    """A batch of one example is a batch like any other."""
    return evaluate(rnn, x, h0, W_x, W_h, b)


@hidden("rnn_forward", **together(a_long_pass, *NET))
@edge(announced="as long as a hundred steps")
def reads_fifty_steps(x, h0, W_x, W_h, b):
    """The states are right after each of fifty steps."""
    return evaluate(rnn, x, h0, W_x, W_h, b)


@hidden("rnn_backward", **together(a_pass, *BACK))
def matches_autograd_on_other_sequences(dh, x, h0, hs, W_x, W_h):
    """All gradients equal torch autograd's for sequences that you haven't seen."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


@hidden("rnn_backward", **together(one_example, *BACK))
@edge(announced="T, N, D and H are at least 1")
def takes_a_batch_of_one(dh, x, h0, hs, W_x, W_h):
    """A batch of one example is a batch like any other."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


@hidden("rnn_backward", **together(a_long_pass, *BACK))
@edge(announced="as long as a hundred steps")
def goes_fifty_steps_back(dh, x, h0, hs, W_x, W_h):
    """All gradients are right after fifty steps."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


@hidden("rnn_backward", **together(a_loud_pass, *BACK))
@edge(announced="units and gates may be saturated")
def stops_where_the_states_are_saturated(dh, x, h0, hs, W_x, W_h):
    """Where a state is all but 1 or -1 hardly anything goes back through it, and nothing becomes NaN."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


@hidden("rnn_forward", **together(a_loud_pass, *NET))
@edge(announced="units and gates may be saturated")
def takes_saturated_units(x, h0, W_x, W_h, b):
    """Pre-activations may be in the hundreds: the states are all but 1 or -1 then, and nothing becomes NaN."""
    return evaluate(rnn, x, h0, W_x, W_h, b)


@hidden("rnn_forward", **together(tiny_states, *NET))
@edge(announced="all of it as small as 1e-20")
def takes_tiny_states(x, h0, W_x, W_h, b):
    """States as small as 1e-12 are handed on, too: they aren't taken for 0."""
    return evaluate(rnn, x, h0, W_x, W_h, b)


@hidden("rnn_backward", **together(gradients_of_any_size, *BACK))
@edge(announced="a gradient as large as 1e4, and all of it as small as 1e-20")
def takes_gradients_of_any_size(dh, x, h0, hs, W_x, W_h):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return rnn_gradients(dh, x, h0, hs, W_x, W_h)


# gradient_through_time


def a_short_way(rng):
    return given_states(rng, T=rng.integers(2, 8), H=rng.integers(1, 6), size=1.0)


def given_states(rng, *, T, H, size):
    """States as if some inputs had led to them, and recurrent weights of some size."""
    N = rng.integers(1, 5)
    W_h = size * rng.normal(size=(H, H)) / np.sqrt(H)
    return {"dh_T": rng.normal(size=(N, H)), "hs": rng.uniform(-0.8, 0.8, (T, N, H)), "W_h": W_h}


def a_long_way(rng):
    """A hundred steps, in which a gradient vanishes, or explodes, or neither."""
    return given_states(rng, T=100, H=rng.integers(2, 5), size=rng.choice([0.1, 0.5, 1.2, 10.0]))


def saturated_states(rng):
    """States one of which is exactly 1 or -1 for each unit."""
    case = given_states(rng, T=rng.integers(3, 7), H=rng.integers(1, 4), size=1.0)
    at = rng.integers(1, len(case["hs"]))
    case["hs"][at] = np.sign(case["hs"][at])
    return case


@hidden("gradient_through_time", **together(a_short_way, "dh_T", "hs", "W_h"))
def matches_autograd_on_other_states(dh_T, hs, W_h):
    """Each norm is that of torch autograd's gradient, for states that you haven't seen."""
    return norms(dh_T, hs, W_h)


@hidden("gradient_through_time", **together(a_long_way, "dh_T", "hs", "W_h"))
@edge(announced="as small as 1e-100 or as large as 1e100")
def follows_a_gradient_that_vanishes_or_explodes(dh_T, hs, W_h):
    """Over a hundred steps each norm is as small or as large as it must be."""
    return norms(dh_T, hs, W_h)


@hidden("gradient_through_time", **together(saturated_states, "dh_T", "hs", "W_h"))
@edge(announced="units and gates may be saturated")
def is_zero_before_a_state_that_is_saturated(dh_T, hs, W_h):
    """Before a step at which every state is exactly 1 or -1 the norms are 0."""
    return norms(dh_T, hs, W_h)


@hidden("gradient_through_time", **together(gradients_of_any_size, "dh_T", "hs", "W_h"))
@edge(announced="a gradient as large as 1e4, and all of it as small as 1e-20")
def takes_gradients_of_any_size(dh_T, hs, W_h):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return norms(dh_T, hs, W_h)


# lstm_step, lstm_step_backward


@hidden("lstm_step", **together(a_step, *STEP))
def matches_torch_on_other_steps(x, h, c, W_x, W_h, b):
    """The new state and the new memory equal those of torch's nn.LSTM on steps that you haven't seen."""
    return evaluate(step, x, h, c, W_x, W_h, b)


@hidden("lstm_step", **together(one_example_at_a_step, *STEP))
@edge(announced="T, N, D and H are at least 1")
def takes_a_batch_of_one(x, h, c, W_x, W_h, b):
    """A batch of one example is a batch like any other."""
    return evaluate(step, x, h, c, W_x, W_h, b)


@hidden("lstm_step", **together(a_loud_step, *STEP))
@edge(announced="units and gates may be saturated")
def takes_saturated_gates(x, h, c, W_x, W_h, b):
    """Gates may be open or shut as far as they go: nothing becomes NaN."""
    return evaluate(step, x, h, c, W_x, W_h, b)


@hidden("lstm_step_backward", **together(a_step, "dh", "dc", *STEP))
def matches_autograd_on_other_steps(dh, dc, x, h, c, W_x, W_h, b):
    """All gradients equal torch autograd's for steps that you haven't seen."""
    return step_gradients(dh, dc, x, h, c, W_x, W_h, b)


@hidden("lstm_step_backward", **together(one_example_at_a_step, "dh", "dc", *STEP))
@edge(announced="T, N, D and H are at least 1")
def takes_a_batch_of_one(dh, dc, x, h, c, W_x, W_h, b):
    """A batch of one example is a batch like any other."""
    return step_gradients(dh, dc, x, h, c, W_x, W_h, b)


@hidden("lstm_step_backward", **together(a_loud_step, "dh", "dc", *STEP))
@edge(announced="units and gates may be saturated")
def takes_saturated_gates(dh, dc, x, h, c, W_x, W_h, b):
    """Gates may be open or shut as far as they go: nothing becomes NaN."""
    return step_gradients(dh, dc, x, h, c, W_x, W_h, b)


@hidden("lstm_step", **together(a_step_of_any_size, *STEP))
@edge(announced="a memory may be as large as 100, a gradient as large as 1e4, and all of it as small as 1e-20")
def takes_a_memory_of_any_size(x, h, c, W_x, W_h, b):
    """A memory may be as large as 100 and as small as 1e-12: it isn't cut off, or taken for 0."""
    return evaluate(step, x, h, c, W_x, W_h, b)


@hidden("lstm_step_backward", **together(a_step_of_any_size, "dh", "dc", *STEP))
@edge(announced="a gradient as large as 1e4, and all of it as small as 1e-20")
def takes_gradients_of_any_size(dh, dc, x, h, c, W_x, W_h, b):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return step_gradients(dh, dc, x, h, c, W_x, W_h, b)


# lstm_forward, lstm_backward


@hidden("lstm_forward", **together(a_walk, *LSTM))
def matches_torch_on_other_sequences(x, h0, c0, W_x, W_h, b):
    """The states and the memories equal those of torch's nn.LSTM for sequences that you haven't seen."""
    return evaluate(walk, x, h0, c0, W_x, W_h, b)


@hidden("lstm_forward", **together(one_example_of_gates, *LSTM))
@edge(announced="T, N, D and H are at least 1")
def takes_a_batch_of_one(x, h0, c0, W_x, W_h, b):
    """A batch of one example is a batch like any other."""
    return evaluate(walk, x, h0, c0, W_x, W_h, b)


@hidden("lstm_forward", **together(a_long_walk, *LSTM))
@edge(announced="as long as a hundred steps")
def remembers_for_fifty_steps(x, h0, c0, W_x, W_h, b):
    """States and memories are right after each of fifty steps."""
    return evaluate(walk, x, h0, c0, W_x, W_h, b)


@hidden("lstm_backward", **together(a_walk, "dh", *LSTM))
def matches_autograd_on_other_sequences(dh, x, h0, c0, W_x, W_h, b):
    """All gradients equal torch autograd's for sequences that you haven't seen."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)


@hidden("lstm_backward", **together(one_example_of_gates, "dh", *LSTM))
@edge(announced="T, N, D and H are at least 1")
def takes_a_batch_of_one(dh, x, h0, c0, W_x, W_h, b):
    """A batch of one example is a batch like any other."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)


@hidden("lstm_backward", **together(a_long_walk, "dh", *LSTM))
@edge(announced="as long as a hundred steps")
def goes_fifty_steps_back(dh, x, h0, c0, W_x, W_h, b):
    """All gradients are right after fifty steps."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)


@hidden("lstm_backward", **together(loud_gates, "dh", *LSTM))
@edge(announced="units and gates may be saturated")
def takes_saturated_gates(dh, x, h0, c0, W_x, W_h, b):
    """Gates may be open or shut as far as they go: nothing becomes NaN."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)


@hidden("lstm_forward", **together(loud_gates, *LSTM))
@edge(announced="units and gates may be saturated")
def takes_saturated_gates(x, h0, c0, W_x, W_h, b):
    """Gates may be open or shut as far as they go: nothing becomes NaN."""
    return evaluate(walk, x, h0, c0, W_x, W_h, b)


@hidden("lstm_forward", **together(a_walk_of_any_size, *LSTM))
@edge(announced="a memory may be as large as 100, a gradient as large as 1e4, and all of it as small as 1e-20")
def takes_a_memory_of_any_size(x, h0, c0, W_x, W_h, b):
    """A memory may be as large as 100 and as small as 1e-12: it isn't cut off, or taken for 0."""
    return evaluate(walk, x, h0, c0, W_x, W_h, b)


@hidden("lstm_backward", **together(a_walk_of_any_size, "dh", *LSTM))
@edge(announced="a gradient as large as 1e4, and all of it as small as 1e-20")
def takes_gradients_of_any_size(dh, x, h0, c0, W_x, W_h, b):
    """Gradients of 1e4 and gradients of 1e-20 come back whole: nothing is clipped, or taken for 0."""
    return lstm_gradients(dh, x, h0, c0, W_x, W_h, b)
