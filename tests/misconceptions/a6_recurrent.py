"""Known wrong answers to a6. Each docstring is the hint: it names the mistake and leaves the answer to the student."""

from types import SimpleNamespace

import numpy as np
from htilde import misconception, probes


def sigmoid(h_tilde):
    return (1 + np.tanh(h_tilde / 2)) / 2


# Right answers, in which one thing or the other can be made wrong.


def rnn(x, h, W_x, W_h, b, *, state=np.tanh, shown=np.tanh):
    """The states of an RNN; ``state`` of h_tilde goes on to the next step, and ``shown`` of it is returned."""
    hs = []
    for x_t in x:
        h_tilde = x_t @ W_x + h @ W_h + b
        h = state(h_tilde)
        hs.append(shown(h_tilde))
    return np.stack(hs)


def of_tanh(h, before):
    return 1 - h**2


def through_W_h(dh_tilde, dh, W_h):
    return dh_tilde @ W_h.T


def deltas(dh, h0, hs, W_h, *, slope=of_tanh, back=through_W_h):
    """dh_tilde, the whole gradients of the states, and what goes back to h0."""
    later, dh_tilde, dhs = np.zeros_like(h0), [], []
    for own, h, before in zip(dh[::-1], hs[::-1], [h0, *hs[:-1]][::-1]):
        dhs.append(own + later)
        dh_tilde.append(dhs[-1] * slope(h, before))
        later = back(dh_tilde[-1], dhs[-1], W_h)
    return np.array(dh_tilde[::-1]), np.array(dhs[::-1]), later


def states_before(h0, hs):
    return np.concatenate([h0[None], hs[:-1]])


def each_step(inputs, dh_tilde):
    """The gradient of weights as it comes from each step."""
    return np.stack([part.T @ d for part, d in zip(inputs, dh_tilde)])


def collected(dh_tilde, dh0, x, before, W_x):
    """The answer to rnn_backward from the gradients of the pre-activations."""
    dx, db = dh_tilde @ W_x.T, dh_tilde.sum(axis=(0, 1))
    return dh_tilde, dx, dh0, each_step(x, dh_tilde).sum(axis=0), each_step(before, dh_tilde).sum(axis=0), db


def rnn_back(dh, x, h0, hs, W_x, W_h, **otherwise):
    dh_tilde, _, dh0 = deltas(dh, h0, hs, W_h, **otherwise)
    return collected(dh_tilde, dh0, x, states_before(h0, hs), W_x)


def one_step(
    x,
    h,
    c,
    W_x,
    W_h,
    b,
    *,
    order=(0, 1, 2, 3),
    gate=sigmoid,
    candidate=np.tanh,
    memory=lambda i, f, g, c: f * c + i * g,
    output=lambda o, c, old: o * np.tanh(c),
):
    """One step; ``order`` says in which columns i, f, g and o are looked for."""
    blocks = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i, f, g, o = (blocks[at] for at in order)
    new = memory(gate(i), gate(f), candidate(g), c)
    return output(gate(o), new, c), new


def lstm(x, h, c, *parameters, **otherwise):
    hs, cs = [], []
    for x_t in x:
        h, c = one_step(x_t, h, c, *parameters, **otherwise)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)


RIGHT = {
    "total": lambda v: v.dc + v.dh * v.o * (1 - v.t**2),
    "di": lambda v: v.total * v.g,
    "df": lambda v: v.total * v.old,
    "dg": lambda v: v.total * v.i,
    "do": lambda v: v.dh * v.t,
    "of_gate": lambda s, s_tilde: s * (1 - s),
    "of_candidate": lambda g, g_tilde: 1 - g**2,
    "keep": lambda v: v.total * v.f,
}


def delta(dh, dc, x, h, c, W_x, W_h, b, *, order=(0, 1, 2, 3), put=None, **otherwise):
    """dh_tilde of one step, and what goes back to the old memory. ``put`` says which gate goes into which columns."""
    how = SimpleNamespace(**(RIGHT | otherwise))
    blocks = np.split(x @ W_x + h @ W_h + b, 4, axis=1)
    i, f, g, o = (blocks[at] for at in order)
    v = SimpleNamespace(dh=dh, dc=dc, old=c, i=sigmoid(i), f=sigmoid(f), g=np.tanh(g), o=sigmoid(o))
    v.new = v.f * c + v.i * v.g
    v.t = np.tanh(v.new)
    v.total = how.total(v)
    found = (
        how.di(v) * how.of_gate(v.i, i),
        how.df(v) * how.of_gate(v.f, f),
        how.dg(v) * how.of_candidate(v.g, g),
        how.do(v) * how.of_gate(v.o, o),
    )
    columns = [None] * 4
    for at, part in zip(order if put is None else put, found):
        columns[at] = part
    return np.hstack(columns), how.keep(v)


def step_back(dh, dc, x, h, c, W_x, W_h, b, **otherwise):
    dh_tilde, dc = delta(dh, dc, x, h, c, W_x, W_h, b, **otherwise)
    return dh_tilde @ W_x.T, dh_tilde @ W_h.T, dc, x.T @ dh_tilde, h.T @ dh_tilde, dh_tilde.sum(axis=0)


def lstm_deltas(dh, x, h0, c0, W_x, W_h, b, *, back=lambda d, W_h: d @ W_h.T, carried=lambda dc: dc, **otherwise):
    """dh_tilde of every step, what goes back to h0 and c0, and the states before each step."""
    hs, cs = lstm(x, h0, c0, W_x, W_h, b, order=otherwise.get("order", (0, 1, 2, 3)))
    before, memories = states_before(h0, hs), states_before(c0, cs)
    dh_tilde, later, dc = [], np.zeros_like(h0), np.zeros_like(c0)
    for own, x_t, h, c in zip(dh[::-1], x[::-1], before[::-1], memories[::-1]):
        found, dc = delta(own + later, carried(dc), x_t, h, c, W_x, W_h, b, **otherwise)
        later = back(found, W_h)
        dh_tilde.append(found)
    return np.array(dh_tilde[::-1]), later, dc, before


def lstm_collected(dh_tilde, dh0, dc0, x, before, W_x):
    dh_tilde, dx, dh0, *others = collected(dh_tilde, dh0, x, before, W_x)
    return dh_tilde, dx, dh0, dc0, *others


def lstm_back(dh, x, h0, c0, W_x, W_h, b, **otherwise):
    dh_tilde, dh0, dc0, before = lstm_deltas(dh, x, h0, c0, W_x, W_h, b, **otherwise)
    return lstm_collected(dh_tilde, dh0, dc0, x, before, W_x)


# Probes: of one size throughout, so that a transpose too many goes through, and of different ones.


def a_sequence(seed, T, N, D, H, gates=1):
    rng = np.random.default_rng(seed)
    net = {"W_x": rng.uniform(-1, 1, (D, gates * H)), "W_h": rng.uniform(-1, 1, (H, gates * H))}
    net["b"] = rng.uniform(-1, 1, gates * H)
    first = {"h0": rng.uniform(-1, 1, (N, H)), "c0": rng.uniform(-1.5, 1.5, (N, H))}
    return rng.uniform(-1.5, 1.5, (T, N, D)), first, net, rng.uniform(-1.5, 1.5, (T, N, H)), rng.uniform(-1, 1, (N, H))


def a_reading(*sizes):
    """Arguments of rnn_forward."""
    x, first, net, _, _ = a_sequence(*sizes)
    return {"x": x, "h0": first["h0"], **net}


def a_way_back(*sizes):
    """Arguments of rnn_backward."""
    read, dh = a_reading(*sizes), a_sequence(*sizes)[3]
    hs = rnn(read["x"], read["h0"], read["W_x"], read["W_h"], read.pop("b"))
    return {"dh": dh, **read, "hs": hs}


def a_step(*sizes):
    """Arguments of lstm_step."""
    x, first, net, _, _ = a_sequence(*sizes, 4)
    return {"x": x[0], "h": first["h0"], "c": first["c0"], **net}


def a_walk(*sizes):
    """Arguments of lstm_forward."""
    x, first, net, _, _ = a_sequence(*sizes, 4)
    return {"x": x, **first, **net}


RNNS = [a_way_back(1, 3, 3, 3, 3), a_way_back(2, 4, 2, 3, 4)]
LSTMS = (3, 3, 2, 2, 2), (4, 3, 2, 3, 2)

probes("rnn_forward", **a_reading(1, 3, 3, 3, 3))
probes("rnn_forward", **a_reading(2, 4, 2, 3, 4))
for case in RNNS:
    probes("rnn_backward", **case)
    probes("gradient_through_time", dh_T=case["dh"][-1], hs=case["hs"], W_h=case["W_h"])
for sizes in LSTMS:
    probes("lstm_step", **a_step(*sizes))
    probes("lstm_step_backward", dh=a_sequence(*sizes)[3][0], dc=a_sequence(*sizes)[4], **a_step(*sizes))
    probes("lstm_forward", **a_walk(*sizes))
    probes("lstm_backward", dh=a_sequence(*sizes)[3], **a_walk(*sizes))


# rnn_forward


@misconception("rnn_forward")
def forgets_the_past(x, h0, W_x, W_h, b):
    """Each state comes from its own input alone. What the net remembers comes in with the state before, through W_h."""
    return np.tanh(x @ W_x + b)


@misconception("rnn_forward")
def takes_h0_at_every_step(x, h0, W_x, W_h, b):
    """Every step starts from h0: the state isn't handed on. Each step receives what the one before has made."""
    return np.tanh(x @ W_x + h0 @ W_h + b)


@misconception("rnn_forward")
def starts_from_zero(x, h0, W_x, W_h, b):
    """The first step starts from zeros. It starts from h0."""
    return rnn(x, 0 * h0, W_x, W_h, b)


@misconception("rnn_forward")
def forgets_tanh(x, h0, W_x, W_h, b):
    """There is no tanh: the states are linear in all that was read. Each h is tanh of its h_tilde."""
    return rnn(x, h0, W_x, W_h, b, state=np.asarray, shown=np.asarray)


@misconception("rnn_forward")
def hands_on_the_pre_activation(x, h0, W_x, W_h, b):
    """The next step receives h_tilde. What is handed on is the state itself, behind tanh."""
    return rnn(x, h0, W_x, W_h, b, state=np.asarray)


@misconception("rnn_forward")
def returns_the_pre_activations(x, h0, W_x, W_h, b):
    """These are the pre-activations. Asked are the states, behind tanh."""
    return rnn(x, h0, W_x, W_h, b, shown=np.asarray)


@misconception("rnn_forward")
def activates_the_input_only(x, h0, W_x, W_h, b):
    """What comes from the state before is added behind tanh. Both are added up first, and tanh is taken of the sum."""
    h, hs = h0, []
    for x_t in x:
        h = np.tanh(x_t @ W_x + b) + h @ W_h
        hs.append(h)
    return np.stack(hs)


@misconception("rnn_forward")
def forgets_the_bias(x, h0, W_x, W_h, b):
    """b is missing."""
    return rnn(x, h0, W_x, W_h, 0 * b)


@misconception("rnn_forward")
def adds_the_bias_twice(x, h0, W_x, W_h, b):
    """b is added twice, for the input and for the state. Torch has two biases there; b is what they make together."""
    return rnn(x, h0, W_x, W_h, 2 * b)


@misconception("rnn_forward")
def transposes_the_recurrent_weights(x, h0, W_x, W_h, b):
    """W_h is transposed. Like all weights here it stands to the right as it is; torch keeps it the other way round."""
    return rnn(x, h0, W_x, W_h.T, b)


@misconception("rnn_forward")
def reads_from_the_end(x, h0, W_x, W_h, b):
    """The sequence is read from its end. The state goes from the first step to the last."""
    return rnn(x[::-1], h0, W_x, W_h, b)[::-1]


@misconception("rnn_forward")
def returns_the_last_step_first(x, h0, W_x, W_h, b):
    """The states are right, but the last one comes first. Like x they begin with the first step."""
    return rnn(x, h0, W_x, W_h, b)[::-1]


@misconception("rnn_forward")
def returns_the_last_state(x, h0, W_x, W_h, b):
    """This is the last state alone. Asked are those after every step."""
    return rnn(x, h0, W_x, W_h, b)[-1]


@misconception("rnn_forward")
def begins_with_h0(x, h0, W_x, W_h, b):
    """h0 stands at the beginning, so there is one state too many. The first that is asked is the one after the first step."""
    return np.concatenate([h0[None], rnn(x, h0, W_x, W_h, b)])


@misconception("rnn_forward")
def returns_the_states_before(x, h0, W_x, W_h, b):
    """These are the states before each step: h0 is among them, and the last one is missing. Asked are those after each step."""
    return states_before(h0, rnn(x, h0, W_x, W_h, b))


@misconception("rnn_forward")
def keeps_one_array_for_all(x, h0, W_x, W_h, b):
    """All states are the last one: the same array was kept each time and then overwritten. Each step needs an array of its own."""
    hs = rnn(x, h0, W_x, W_h, b)
    return np.stack([hs[-1]] * len(hs))


@misconception("rnn_forward")
def takes_the_sigmoid(x, h0, W_x, W_h, b):
    """The states go through the sigmoid. Each h is tanh of its h_tilde, and may be negative."""
    return rnn(x, h0, W_x, W_h, b, state=sigmoid, shown=sigmoid)


# rnn_backward


@misconception("rnn_backward")
def forgets_the_later_steps(dh, x, h0, hs, W_x, W_h):
    """Each step knows its own gradient only. A state was also used by the next step, and what comes back from there is added."""
    dh_tilde = dh * (1 - hs**2)
    return collected(dh_tilde, dh_tilde[0] @ W_h.T, x, states_before(h0, hs), W_x)


@misconception("rnn_backward")
def never_sends_a_gradient_back(dh, x, h0, hs, W_x, W_h):
    """Each step knows its own gradient only, and dh0 is 0: nothing is sent back through W_h. What comes back from a step is added at the state before it, and that may be h0."""
    return rnn_back(dh, x, h0, hs, W_x, W_h, back=lambda d, dh, W: 0 * dh)


@misconception("rnn_backward")
def goes_back_one_step_only(dh, x, h0, hs, W_x, W_h):
    """What comes back from the next step knows nothing of the steps after that. It must have collected from all of them."""
    own = dh * (1 - hs**2)
    later = np.concatenate([own[1:] @ W_h.T, np.zeros_like(own[:1])])
    dh_tilde = (dh + later) * (1 - hs**2)
    return collected(dh_tilde, dh_tilde[0] @ W_h.T, x, states_before(h0, hs), W_x)


@misconception("rnn_backward")
def looks_at_the_last_gradient_only(dh, x, h0, hs, W_x, W_h):
    """Only the gradient of the last state comes in. The loss may look at every state: dh[t] comes in at each step."""
    last = np.zeros_like(dh)
    last[-1] = dh[-1]
    return rnn_back(last, x, h0, hs, W_x, W_h)


@misconception("rnn_backward")
def adds_the_own_gradient_behind_tanh(dh, x, h0, hs, W_x, W_h):
    """dh[t] is added to dh_tilde, as if it had passed tanh already. It comes in at the state, like what comes back from the next step."""
    later, found = np.zeros_like(h0), []
    for own, h in zip(dh[::-1], hs[::-1]):
        found.append(own + later * (1 - h**2))
        later = found[-1] @ W_h.T
    return collected(np.array(found[::-1]), later, x, states_before(h0, hs), W_x)


@misconception("rnn_backward")
def forgets_the_slope(dh, x, h0, hs, W_x, W_h):
    """The slope of tanh is missing: dh_tilde is the gradient of the state."""
    return rnn_back(dh, x, h0, hs, W_x, W_h, slope=lambda h, before: 1.0)


@misconception("rnn_backward")
def forgets_the_square(dh, x, h0, hs, W_x, W_h):
    """The slope of tanh is taken as 1 - h. Where is the square?"""
    return rnn_back(dh, x, h0, hs, W_x, W_h, slope=lambda h, before: 1 - h)


@misconception("rnn_backward")
def activates_twice(dh, x, h0, hs, W_x, W_h):
    """The slope is that of tanh at h: tanh has been taken of the states once more. hs is what tanh has made already."""
    return rnn_back(dh, x, h0, hs, W_x, W_h, slope=lambda h, before: 1 - np.tanh(h) ** 2)


@misconception("rnn_backward")
def takes_the_slope_of_the_state_before(dh, x, h0, hs, W_x, W_h):
    """The slope at each step is that of the state before. The gradient passes the tanh that has made this step's own state."""
    return rnn_back(dh, x, h0, hs, W_x, W_h, slope=lambda h, before: 1 - before**2)


@misconception("rnn_backward")
def goes_past_tanh(dh, x, h0, hs, W_x, W_h):
    """What goes to the step before is the state's gradient times W_h: it has gone past tanh. dh_tilde is what goes through W_h."""
    return rnn_back(dh, x, h0, hs, W_x, W_h, back=lambda d, dh, W: dh @ W.T)


@misconception("rnn_backward")
def goes_past_the_weights(dh, x, h0, hs, W_x, W_h):
    """What goes to the step before is dh_tilde itself. The state came in there through W_h, so its gradient goes back through it."""
    return rnn_back(dh, x, h0, hs, W_x, W_h, back=lambda d, dh, W: d)


@misconception("rnn_backward")
def forgets_to_transpose_the_recurrent_weights(dh, x, h0, hs, W_x, W_h):
    """On the way back W_h isn't transposed. The gradient goes from the units behind to those in front."""
    return rnn_back(dh, x, h0, hs, W_x, W_h.T)


@misconception("rnn_backward")
def forgets_to_transpose_the_input_weights(dh, x, h0, hs, W_x, W_h):
    """In dx W_x isn't transposed. The gradient goes from the units back to the features."""
    dh_tilde, _, *others = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dh_tilde @ W_x, *others


@misconception("rnn_backward")
def goes_from_the_first_step_to_the_last(dh, x, h0, hs, W_x, W_h):
    """The gradient is handed on from the first step to the last. It comes from the loss, after the last step, and goes back."""
    later, found = np.zeros_like(h0), []
    for own, h in zip(dh, hs):
        found.append((own + later) * (1 - h**2))
        later = found[-1] @ W_h.T
    return collected(np.array(found), later, x, states_before(h0, hs), W_x)


@misconception("rnn_backward")
def returns_the_last_step_first(dh, x, h0, hs, W_x, W_h):
    """dh_tilde and dx run from the last step to the first, in the order in which they were found. Like x they begin with the first step."""
    dh_tilde, dx, *others = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde[::-1], dx[::-1], *others


@misconception("rnn_backward")
def overwrites_the_weights_gradients(dh, x, h0, hs, W_x, W_h):
    """dW_x, dW_h and db are those of the first step: each step has overwritten what the one after it left. All steps use the same weights, so their gradients add up."""
    dh_tilde, dx, dh0, *_ = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dx, dh0, x[0].T @ dh_tilde[0], h0.T @ dh_tilde[0], dh_tilde[0].sum(axis=0)


def divided(parts, count):
    """The last three gradients of an answer, those of the parameters, divided."""
    return *parts[:-3], *(part / count for part in parts[-3:])


@misconception("rnn_backward")
def averages_over_the_steps(dh, x, h0, hs, W_x, W_h):
    """The gradients of the weights and the bias are divided by the number of steps. The same weights are used at each step, so their gradients add up."""
    return divided(rnn_back(dh, x, h0, hs, W_x, W_h), len(x))


@misconception("rnn_backward")
def averages_over_the_batch(dh, x, h0, hs, W_x, W_h):
    """The gradients of the weights and the bias are divided by the number of examples. Averaging, if any, is in dh already."""
    return divided(rnn_back(dh, x, h0, hs, W_x, W_h), len(h0))


@misconception("rnn_backward")
def takes_the_state_after_for_dW_h(dh, x, h0, hs, W_x, W_h):
    """dW_h is computed from the state after each step. What W_h was multiplied by is the state before it."""
    dh_tilde, dx, dh0, dW_x, _, db = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dx, dh0, dW_x, each_step(hs, dh_tilde).sum(axis=0), db


@misconception("rnn_backward")
def leaves_the_first_step_out_of_dW_h(dh, x, h0, hs, W_x, W_h):
    """In dW_h the first step is missing. There, too, something came in at W_h: h0."""
    dh_tilde, dx, dh0, dW_x, _, db = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dx, dh0, dW_x, each_step(hs[:-1], dh_tilde[1:]).sum(axis=0), db


@misconception("rnn_backward")
def takes_the_weights_gradients_from_dh(dh, x, h0, hs, W_x, W_h):
    """dW_x, dW_h and db are computed from the gradients of the states. The weights and the bias stand in front of tanh: what comes in there is dh_tilde."""
    dh_tilde, dhs, dh0 = deltas(dh, h0, hs, W_h)
    *_, dW_x, dW_h, db = collected(dhs, dh0, x, states_before(h0, hs), W_x)
    return dh_tilde, dh_tilde @ W_x.T, dh0, dW_x, dW_h, db


@misconception("rnn_backward")
def returns_dh_for_dh_tilde(dh, x, h0, hs, W_x, W_h):
    """The first part holds the gradients of the states. One step further, through tanh, are those of the pre-activations."""
    _, dhs, _ = deltas(dh, h0, hs, W_h)
    return dhs, *rnn_back(dh, x, h0, hs, W_x, W_h)[1:]


@misconception("rnn_backward")
def forgets_dh0(dh, x, h0, hs, W_x, W_h):
    """dh0 is 0. The first step used h0 as each other step used the state before, so a gradient goes back to it."""
    dh_tilde, dx, dh0, *others = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dx, 0 * dh0, *others


@misconception("rnn_backward")
def stops_dh0_a_step_early(dh, x, h0, hs, W_x, W_h):
    """dh0 is the gradient of the first step's own state. h0 stands one step further back, behind tanh and W_h."""
    _, dhs, _ = deltas(dh, h0, hs, W_h)
    dh_tilde, dx, _, *others = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dx, dhs[0], *others


@misconception("rnn_backward")
def stops_dh0_in_front_of_the_weights(dh, x, h0, hs, W_x, W_h):
    """dh0 is dh_tilde of the first step. From there it goes back through W_h."""
    dh_tilde, dx, _, *others = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dx, dh_tilde[0], *others


@misconception("rnn_backward")
def keeps_the_batch_in_db(dh, x, h0, hs, W_x, W_h):
    """db still has a row for each example. One bias serves all steps and all examples, so it collects from all of them."""
    *others, _ = found = rnn_back(dh, x, h0, hs, W_x, W_h)
    return *others, found[0].sum(axis=0)


@misconception("rnn_backward")
def leaves_dh_tilde_out(dh, x, h0, hs, W_x, W_h):
    """The first part, dh_tilde, is missing. It is asked for, too, so that the step at which something goes wrong can be told."""
    return rnn_back(dh, x, h0, hs, W_x, W_h)[1:]


@misconception("rnn_backward")
def takes_the_last_state_at_the_first_step(dh, x, h0, hs, W_x, W_h):
    """At the first step dW_h is computed with the last state: before hs[0] there is no hs[t - 1], and index -1 is the last one. What came in at W_h there is h0."""
    dh_tilde, dx, dh0, dW_x, _, db = rnn_back(dh, x, h0, hs, W_x, W_h)
    return dh_tilde, dx, dh0, dW_x, each_step(np.roll(hs, 1, axis=0), dh_tilde).sum(axis=0), db


@misconception("rnn_backward")
def takes_the_sigmoids_slope(dh, x, h0, hs, W_x, W_h):
    """The slope is h * (1 - h), that of the sigmoid. The states have come out of tanh."""
    return rnn_back(dh, x, h0, hs, W_x, W_h, slope=lambda h, before: h * (1 - h))


# gradient_through_time


def sent_back(dh, hs, W_h, *, slope=lambda h: 1 - h**2):
    """The gradients of all states when dh comes in at the last."""
    found = [dh]
    for h in hs[:0:-1]:
        found.insert(0, found[0] * slope(h) @ W_h.T)
    return np.array(found)


def frobenius(gradients):
    return np.array([np.linalg.norm(gradient) for gradient in gradients])


@misconception("gradient_through_time")
def forgets_the_slope(dh_T, hs, W_h):
    """On the way back the gradient meets W_h only. At each step it passes tanh first."""
    return frobenius(sent_back(dh_T, hs, W_h, slope=lambda h: 1.0))


@misconception("gradient_through_time")
def forgets_the_weights(dh_T, hs, W_h):
    """On the way back the gradient meets the slopes of tanh only. At each step it goes through W_h, too."""
    return frobenius(sent_back(dh_T, hs, np.eye(len(W_h))))


@misconception("gradient_through_time")
def forgets_to_transpose(dh_T, hs, W_h):
    """On the way back W_h isn't transposed. The gradient goes from the units behind to those in front."""
    return frobenius(sent_back(dh_T, hs, W_h.T))


@misconception("gradient_through_time")
def activates_twice(dh_T, hs, W_h):
    """The slope is that of tanh at h: tanh has been taken of the states once more. hs is what tanh has made already."""
    return frobenius(sent_back(dh_T, hs, W_h, slope=lambda h: 1 - np.tanh(h) ** 2))


@misconception("gradient_through_time")
def takes_the_slope_of_the_state_before(dh_T, hs, W_h):
    """The slopes are one step off. From a state to the one before it the gradient passes the tanh that has made the later of the two."""
    return frobenius(sent_back(dh_T, np.concatenate([hs[:1], hs[:-1]]), W_h))


@misconception("gradient_through_time")
def begins_a_step_too_early(dh_T, hs, W_h):
    """All norms are one step off: the last one has gone back a step already. The last norm is that of dh_T itself."""
    first = dh_T * (1 - hs[-1] ** 2) @ W_h.T
    return frobenius(sent_back(first, states_before(hs[0], hs), W_h))


@misconception("gradient_through_time")
def takes_the_pre_activations(dh_T, hs, W_h):
    """These are the norms of the gradients of the pre-activations. Asked are those of the states, in front of the slope."""
    return frobenius(sent_back(dh_T, hs, W_h) * (1 - hs**2))


@misconception("gradient_through_time")
def returns_the_last_step_first(dh_T, hs, W_h):
    """The norms run from the last step to the first. Like hs they begin with the first step."""
    return frobenius(sent_back(dh_T, hs, W_h))[::-1]


@misconception("gradient_through_time")
def leaves_the_last_step_out(dh_T, hs, W_h):
    """There is one norm too few: that of the last state is missing. It is the norm of dh_T."""
    return frobenius(sent_back(dh_T, hs, W_h))[:-1]


@misconception("gradient_through_time")
def adds_dh_T_at_every_step(dh_T, hs, W_h):
    """dh_T is added at every step. The loss looks at the last state alone: nothing comes in at the others."""
    found = [dh_T]
    for h in hs[:0:-1]:
        found.insert(0, dh_T + found[0] * (1 - h**2) @ W_h.T)
    return frobenius(found)


@misconception("gradient_through_time")
def forgets_the_root(dh_T, hs, W_h):
    """These are sums of squares. The norm is the root of that."""
    return frobenius(sent_back(dh_T, hs, W_h)) ** 2


@misconception("gradient_through_time")
def averages_over_the_batch(dh_T, hs, W_h):
    """This is the mean of the norms of the examples. Asked is one norm over the whole batch, of all its entries."""
    return np.linalg.norm(sent_back(dh_T, hs, W_h), axis=2).mean(axis=1)


@misconception("gradient_through_time")
def keeps_the_examples_apart(dh_T, hs, W_h):
    """There is a norm for each example. Asked is one number for each step, over the whole batch."""
    return np.linalg.norm(sent_back(dh_T, hs, W_h), axis=2)


@misconception("gradient_through_time")
def divides_by_the_last(dh_T, hs, W_h):
    """The norms are divided by the last of them. Asked are the norms themselves."""
    norms = frobenius(sent_back(dh_T, hs, W_h))
    return norms / norms[-1]


@misconception("gradient_through_time")
def multiplies_norms(dh_T, hs, W_h):
    """The norms of the factors are multiplied. That is only a bound: the product itself is hardly ever as large."""
    found = [np.linalg.norm(dh_T)]
    for h in hs[:0:-1]:
        found.insert(0, found[0] * np.linalg.norm(1 - h**2) * np.linalg.norm(W_h))
    return np.array(found)


@misconception("gradient_through_time")
def takes_the_sigmoids_slope(dh_T, hs, W_h):
    """The slope is h * (1 - h), that of the sigmoid. The states have come out of tanh."""
    return frobenius(sent_back(dh_T, hs, W_h, slope=lambda h: h * (1 - h)))


@misconception("gradient_through_time")
def forgets_the_square(dh_T, hs, W_h):
    """The slope of tanh is taken as 1 - h. Where is the square?"""
    return frobenius(sent_back(dh_T, hs, W_h, slope=lambda h: 1 - h))


# lstm_step


@misconception("lstm_step")
def reads_i_f_o_g(x, h, c, W_x, W_h, b):
    """The columns are read in the order i, f, o, g, as some courses have it. Here they are i, f, g, o, as in torch."""
    return one_step(x, h, c, W_x, W_h, b, order=(0, 1, 3, 2))


@misconception("lstm_step")
def reads_f_i_g_o(x, h, c, W_x, W_h, b):
    """The first columns are taken for the forget gate and the second for the input gate. The order is i, f, g, o."""
    return one_step(x, h, c, W_x, W_h, b, order=(1, 0, 2, 3))


@misconception("lstm_step")
def reads_every_fourth_column(x, h, c, W_x, W_h, b):
    """Each gate takes every fourth column. The columns of a gate lie side by side: the first H are those of i."""
    mixed = np.arange(len(b)).reshape(-1, 4).T.ravel()
    return one_step(x, h, c, W_x[:, mixed], W_h[:, mixed], b[mixed])


@misconception("lstm_step")
def takes_the_sigmoid_for_the_candidate(x, h, c, W_x, W_h, b):
    """g goes through the sigmoid. It is what is written to the memory, not a gate: it may be negative, and goes through tanh."""
    return one_step(x, h, c, W_x, W_h, b, candidate=sigmoid)


@misconception("lstm_step")
def takes_tanh_for_the_gates(x, h, c, W_x, W_h, b):
    """The gates go through tanh. A gate lets through a share between 0 and 1: that is the sigmoid's work."""
    return one_step(x, h, c, W_x, W_h, b, gate=np.tanh)


@misconception("lstm_step")
def forgets_to_forget(x, h, c, W_x, W_h, b):
    """The whole old memory is kept. The forget gate decides how much of it stays."""
    return one_step(x, h, c, W_x, W_h, b, memory=lambda i, f, g, c: c + i * g)


@misconception("lstm_step")
def forgets_what_should_be_kept(x, h, c, W_x, W_h, b):
    """The old memory is multiplied by 1 - f. For all its name, the forget gate says what is kept."""
    return one_step(x, h, c, W_x, W_h, b, memory=lambda i, f, g, c: (1 - f) * c + i * g)


@misconception("lstm_step")
def forgets_the_input_gate(x, h, c, W_x, W_h, b):
    """The candidate is written as it is. The input gate decides how much of it."""
    return one_step(x, h, c, W_x, W_h, b, memory=lambda i, f, g, c: f * c + g)


@misconception("lstm_step")
def forgets_the_old_memory(x, h, c, W_x, W_h, b):
    """The new memory is only what is written now. What the forget gate has kept of the old one is added."""
    return one_step(x, h, c, W_x, W_h, b, memory=lambda i, f, g, c: i * g)


@misconception("lstm_step")
def multiplies_into_the_memory(x, h, c, W_x, W_h, b):
    """What is kept and what is written are multiplied. They are added: this plus is what the gradient comes back by."""
    return one_step(x, h, c, W_x, W_h, b, memory=lambda i, f, g, c: f * c * i * g)


@misconception("lstm_step")
def squashes_the_memory(x, h, c, W_x, W_h, b):
    """The memory itself goes through tanh. That is only done where it is read: c may grow beyond 1."""
    squashed = {"memory": lambda i, f, g, c: np.tanh(f * c + i * g), "output": lambda o, c, old: o * c}
    return one_step(x, h, c, W_x, W_h, b, **squashed)


@misconception("lstm_step")
def reads_the_memory_as_it_is(x, h, c, W_x, W_h, b):
    """h is o times the memory as it is. It is read through tanh."""
    return one_step(x, h, c, W_x, W_h, b, output=lambda o, c, old: o * c)


@misconception("lstm_step")
def reads_the_old_memory(x, h, c, W_x, W_h, b):
    """h is read from the old memory. The memory is renewed first, and then read."""
    return one_step(x, h, c, W_x, W_h, b, output=lambda o, c, old: o * np.tanh(old))


@misconception("lstm_step")
def forgets_the_output_gate(x, h, c, W_x, W_h, b):
    """h is the whole memory, behind tanh. The output gate decides how much of it is shown."""
    return one_step(x, h, c, W_x, W_h, b, output=lambda o, c, old: np.tanh(c))


@misconception("lstm_step")
def forgets_the_state(x, h, c, W_x, W_h, b):
    """The gates look at the input alone. They look at the state before, too, through W_h."""
    return one_step(x, 0 * h, c, W_x, W_h, b)


@misconception("lstm_step")
def forgets_the_bias(x, h, c, W_x, W_h, b):
    """b is missing."""
    return one_step(x, h, c, W_x, W_h, 0 * b)


@misconception("lstm_step")
def adds_the_bias_twice(x, h, c, W_x, W_h, b):
    """b is added twice, for the input and for the state. Torch has two biases there; b is what they make together."""
    return one_step(x, h, c, W_x, W_h, 2 * b)


@misconception("lstm_step")
def reads_the_memory_through_the_sigmoid(x, h, c, W_x, W_h, b):
    """h is o times the sigmoid of the memory. The memory is read through tanh."""
    return one_step(x, h, c, W_x, W_h, b, output=lambda o, c, old: o * sigmoid(c))


# lstm_step_backward


@misconception("lstm_step_backward")
def forgets_the_memorys_own_gradient(dh, dc, x, h, c, W_x, W_h, b):
    """Only dh comes in. The new memory goes on to the next step, too, and what comes back from there is dc."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, total=lambda v: v.dh * v.o * (1 - v.t**2))


@misconception("lstm_step_backward")
def forgets_that_the_state_reads_the_memory(dh, dc, x, h, c, W_x, W_h, b):
    """The new memory gets dc alone. It was read for h, so something comes back from dh as well, through the output gate and tanh."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, total=lambda v: v.dc)


@misconception("lstm_step_backward")
def forgets_the_slope_of_the_reading(dh, dc, x, h, c, W_x, W_h, b):
    """From h to the new memory the slope of tanh is missing. The memory is read through tanh."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o)


@misconception("lstm_step_backward")
def takes_the_slope_at_the_old_memory(dh, dc, x, h, c, W_x, W_h, b):
    """From h back to the memory the slope of tanh is taken at the old memory. What was read is the new one."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o * (1 - np.tanh(v.old) ** 2))


@misconception("lstm_step_backward")
def forgets_the_output_gate_on_the_way_back(dh, dc, x, h, c, W_x, W_h, b):
    """From h back to the memory the output gate is missing. What was shown is o times tanh(c)."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, total=lambda v: v.dc + v.dh * (1 - v.t**2))


@misconception("lstm_step_backward")
def keeps_the_memorys_gradient_whole(dh, dc, x, h, c, W_x, W_h, b):
    """The gradient of the old memory is that of the new one. On the way there the forget gate came between them, and so it does on the way back."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, keep=lambda v: v.total)


@misconception("lstm_step_backward")
def sends_only_dc_to_the_old_memory(dh, dc, x, h, c, W_x, W_h, b):
    """The gradient of the old memory is f times the dc that came in. What comes to the new memory by way of h goes on to the old one, too."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, keep=lambda v: v.dc * v.f)


@misconception("lstm_step_backward")
def forgets_the_gate_first(dh, dc, x, h, c, W_x, W_h, b):
    """The gates' gradients are computed from the old memory's gradient: dc was overwritten before it was used. They need that of the new one."""
    early = {
        "di": lambda v: v.total * v.f * v.g,
        "df": lambda v: v.total * v.f * v.old,
        "dg": lambda v: v.total * v.f * v.i,
    }
    return step_back(dh, dc, x, h, c, W_x, W_h, b, **early)


@misconception("lstm_step_backward")
def gives_the_forget_gate_the_new_memory(dh, dc, x, h, c, W_x, W_h, b):
    """The forget gate's gradient is computed with the new memory. What it was multiplied by is the old one."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, df=lambda v: v.total * v.new)


@misconception("lstm_step_backward")
def gives_each_its_own(dh, dc, x, h, c, W_x, W_h, b):
    """i gets its gradient times i, and g times g. Of a product each factor gets the other one."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, di=lambda v: v.total * v.i, dg=lambda v: v.total * v.g)


@misconception("lstm_step_backward")
def gives_the_output_gate_the_memory(dh, dc, x, h, c, W_x, W_h, b):
    """The output gate's gradient is computed with c. What it was multiplied by is tanh(c)."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, do=lambda v: v.dh * v.new)


@misconception("lstm_step_backward")
def gives_the_output_gate_the_old_memory(dh, dc, x, h, c, W_x, W_h, b):
    """The output gate's gradient is computed with the old memory. What it shows is the new one, behind tanh."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, do=lambda v: v.dh * np.tanh(v.old))


@misconception("lstm_step_backward")
def forgets_the_slopes_of_the_gates(dh, dc, x, h, c, W_x, W_h, b):
    """The slope of the sigmoid is missing: the gradients are those of the gates. W_x, W_h and b stand in front of it."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_gate=lambda s, s_tilde: 1.0)


@misconception("lstm_step_backward")
def forgets_the_slope_of_the_input_gate(dh, dc, x, h, c, W_x, W_h, b):
    """For the input gate the slope of the sigmoid is missing. All three gates have come out of it, i like the others."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, di=lambda v: v.total * v.g / (v.i * (1 - v.i)))


@misconception("lstm_step_backward")
def forgets_the_slope_of_the_forget_gate(dh, dc, x, h, c, W_x, W_h, b):
    """For the forget gate the slope of the sigmoid is missing. All three gates have come out of it, f like the others."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, df=lambda v: v.total * v.old / (v.f * (1 - v.f)))


@misconception("lstm_step_backward")
def forgets_the_slope_of_the_output_gate(dh, dc, x, h, c, W_x, W_h, b):
    """For the output gate the slope of the sigmoid is missing. All three gates have come out of it, o like the others."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, do=lambda v: v.dh * v.t / (v.o * (1 - v.o)))


@misconception("lstm_step_backward")
def takes_the_gate_for_its_slope(dh, dc, x, h, c, W_x, W_h, b):
    """The gradients of the gates meet the sigmoid itself. The chain rule wants its slope."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_gate=lambda s, s_tilde: s)


@misconception("lstm_step_backward")
def applies_the_sigmoid_twice(dh, dc, x, h, c, W_x, W_h, b):
    """The slope of the sigmoid is taken at the gate, so the sigmoid was applied twice. The gate is what the sigmoid has made already."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_gate=lambda s, s_tilde: sigmoid(s) * (1 - sigmoid(s)))


@misconception("lstm_step_backward")
def forgets_the_slope_of_the_candidate(dh, dc, x, h, c, W_x, W_h, b):
    """The slope of tanh is missing for g. It went through an activation like the gates."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_candidate=lambda g, g_tilde: 1.0)


@misconception("lstm_step_backward")
def forgets_the_square(dh, dc, x, h, c, W_x, W_h, b):
    """For g the slope of tanh is taken as 1 - g. Where is the square?"""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_candidate=lambda g, g_tilde: 1 - g)


@misconception("lstm_step_backward")
def takes_the_sigmoids_slope_for_the_candidate(dh, dc, x, h, c, W_x, W_h, b):
    """For g the slope is that of the sigmoid, as for the gates. g went through tanh."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_candidate=lambda g, g_tilde: g * (1 - g))


@misconception("lstm_step_backward")
def takes_the_gates_for_constants(dh, dc, x, h, c, W_x, W_h, b):
    """Only g has a gradient: the gates were taken for constants. They were computed from the input and the state, too."""
    none = dict.fromkeys(("di", "df", "do"), lambda v: 0 * v.dh)
    return step_back(dh, dc, x, h, c, W_x, W_h, b, **none)


@misconception("lstm_step_backward")
def reads_i_f_o_g(dh, dc, x, h, c, W_x, W_h, b):
    """The columns are read in the order i, f, o, g, as some courses have it. Here they are i, f, g, o, as in torch."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, order=(0, 1, 3, 2))


@misconception("lstm_step_backward")
def reads_f_i_g_o(dh, dc, x, h, c, W_x, W_h, b):
    """The first columns are taken for the forget gate and the second for the input gate. The order is i, f, g, o."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, order=(1, 0, 2, 3))


@misconception("lstm_step_backward")
def puts_the_gates_back_as_i_f_o_g(dh, dc, x, h, c, W_x, W_h, b):
    """The gates' gradients are put side by side in the order i, f, o, g. Each belongs into the columns that its gate was read from: i, f, g, o."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, put=(0, 1, 3, 2))


@misconception("lstm_step_backward")
def passes_dh_on(dh, dc, x, h, c, W_x, W_h, b):
    """To the gradient of the old state dh is added. The old state goes into the gates only; it is the memory that is handed on by a plus."""
    dx, dh_old, *others = step_back(dh, dc, x, h, c, W_x, W_h, b)
    return dx, dh_old + dh, *others


@misconception("lstm_step_backward")
def takes_the_new_state_for_dW_h(dh, dc, x, h, c, W_x, W_h, b):
    """dW_h is computed from the new state. What W_h was multiplied by is the old one."""
    new, _ = one_step(x, h, c, W_x, W_h, b)
    *others, _, db = step_back(dh, dc, x, h, c, W_x, W_h, b)
    return *others, new.T @ delta(dh, dc, x, h, c, W_x, W_h, b)[0], db


@misconception("lstm_step_backward")
def averages_over_the_batch(dh, dc, x, h, c, W_x, W_h, b):
    """The gradients of the weights and the bias are divided by the number of examples. Averaging, if any, is in dh and dc already."""
    return divided(step_back(dh, dc, x, h, c, W_x, W_h, b), len(x))


@misconception("lstm_step_backward")
def keeps_the_batch_in_db(dh, dc, x, h, c, W_x, W_h, b):
    """db still has a row for each example. One bias serves the whole batch, so it collects from all of them."""
    *others, _ = step_back(dh, dc, x, h, c, W_x, W_h, b)
    return *others, delta(dh, dc, x, h, c, W_x, W_h, b)[0]


@misconception("lstm_step_backward")
def applies_tanh_twice_to_the_candidate(dh, dc, x, h, c, W_x, W_h, b):
    """For g the slope is taken at tanh(g), so tanh was applied twice. g is what tanh has made already."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_candidate=lambda g, g_tilde: 1 - np.tanh(g) ** 2)


@misconception("lstm_step_backward")
def takes_the_memory_for_its_tanh(dh, dc, x, h, c, W_x, W_h, b):
    """From h back to the memory the slope is 1 - c². That is a slope of tanh only where tanh has been taken: of tanh(c)."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o * (1 - v.new**2))


@misconception("lstm_step_backward")
def applies_tanh_twice_to_the_memory(dh, dc, x, h, c, W_x, W_h, b):
    """From h back to the memory tanh was applied twice: the slope is taken at tanh(c). What went into tanh is c."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o * (1 - np.tanh(v.t) ** 2))


@misconception("lstm_step_backward")
def takes_tanhs_slope_for_the_gates(dh, dc, x, h, c, W_x, W_h, b):
    """The slopes of the gates are those of tanh. A gate goes through the sigmoid."""
    return step_back(dh, dc, x, h, c, W_x, W_h, b, of_gate=lambda s, s_tilde: 1 - s**2)


# lstm_forward


@misconception("lstm_forward")
def reads_i_f_o_g(x, h0, c0, W_x, W_h, b):
    """The columns are read in the order i, f, o, g, as some courses have it. Here they are i, f, g, o, as in torch."""
    return lstm(x, h0, c0, W_x, W_h, b, order=(0, 1, 3, 2))


@misconception("lstm_forward")
def starts_from_zero(x, h0, c0, W_x, W_h, b):
    """The first step starts from zeros. It starts from h0 and c0."""
    return lstm(x, 0 * h0, 0 * c0, W_x, W_h, b)


@misconception("lstm_forward")
def takes_h0_at_every_step(x, h0, c0, W_x, W_h, b):
    """Every step looks at h0: the state isn't handed on. Each step receives what the one before has made."""
    hs, cs, c = [], [], c0
    for x_t in x:
        h, c = one_step(x_t, h0, c, W_x, W_h, b)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)


@misconception("lstm_forward")
def takes_c0_at_every_step(x, h0, c0, W_x, W_h, b):
    """Every step starts from the memory c0: the memory isn't handed on, so there is none."""
    hs, cs, h = [], [], h0
    for x_t in x:
        h, c = one_step(x_t, h, c0, W_x, W_h, b)
        hs.append(h)
        cs.append(c)
    return np.stack(hs), np.stack(cs)


@misconception("lstm_forward")
def renews_the_state_first(x, h0, c0, W_x, W_h, b):
    """h is read from the old memory at each step. The memory is renewed first, and then read."""
    return lstm(x, h0, c0, W_x, W_h, b, output=lambda o, c, old: o * np.tanh(old))


@misconception("lstm_forward")
def adds_the_bias_twice(x, h0, c0, W_x, W_h, b):
    """b is added twice, for the input and for the state. Torch has two biases there; b is what they make together."""
    return lstm(x, h0, c0, W_x, W_h, 2 * b)


@misconception("lstm_forward")
def swaps_state_and_memory(x, h0, c0, W_x, W_h, b):
    """The first state is c0 and the first memory h0. It is the other way round."""
    return lstm(x, c0, h0, W_x, W_h, b)


@misconception("lstm_forward")
def reads_from_the_end(x, h0, c0, W_x, W_h, b):
    """The sequence is read from its end. The state goes from the first step to the last."""
    hs, cs = lstm(x[::-1], h0, c0, W_x, W_h, b)
    return hs[::-1], cs[::-1]


@misconception("lstm_forward")
def begins_with_h0_and_c0(x, h0, c0, W_x, W_h, b):
    """h0 and c0 stand at the beginning, so there is one of each too many. The first that are asked are those after the first step."""
    hs, cs = lstm(x, h0, c0, W_x, W_h, b)
    return np.concatenate([h0[None], hs]), np.concatenate([c0[None], cs])


@misconception("lstm_forward")
def returns_the_last_step(x, h0, c0, W_x, W_h, b):
    """This is the last state and the last memory alone. Asked are those after every step."""
    hs, cs = lstm(x, h0, c0, W_x, W_h, b)
    return hs[-1], cs[-1]


@misconception("lstm_forward")
def returns_the_states_alone(x, h0, c0, W_x, W_h, b):
    """These are the states alone. Asked are two arrays: the states, and the memories."""
    return lstm(x, h0, c0, W_x, W_h, b)[0]


@misconception("lstm_forward")
def keeps_one_array_for_all(x, h0, c0, W_x, W_h, b):
    """All states are the last one, and so are the memories: the same array was kept each time and then overwritten. Each step needs arrays of its own."""
    hs, cs = lstm(x, h0, c0, W_x, W_h, b)
    return np.stack([hs[-1]] * len(x)), np.stack([cs[-1]] * len(x))


@misconception("lstm_forward")
def reads_f_i_g_o(x, h0, c0, W_x, W_h, b):
    """The first columns are taken for the forget gate and the second for the input gate. The order is i, f, g, o."""
    return lstm(x, h0, c0, W_x, W_h, b, order=(1, 0, 2, 3))


@misconception("lstm_forward")
def takes_the_sigmoid_for_the_candidate(x, h0, c0, W_x, W_h, b):
    """g goes through the sigmoid. It is what is written to the memory, not a gate: it may be negative, and goes through tanh."""
    return lstm(x, h0, c0, W_x, W_h, b, candidate=sigmoid)


@misconception("lstm_forward")
def reads_the_memory_as_it_is(x, h0, c0, W_x, W_h, b):
    """h is o times the memory as it is. It is read through tanh."""
    return lstm(x, h0, c0, W_x, W_h, b, output=lambda o, c, old: o * c)


# lstm_backward


@misconception("lstm_backward")
def forgets_the_later_steps(dh, x, h0, c0, W_x, W_h, b):
    """Each step knows its own gradient only. Both the state and the memory go on to the next step, and what comes back from there is added."""
    alone = {"back": lambda d, W: 0 * (d @ W.T), "carried": lambda dc: 0 * dc}
    dh_tilde, _, dc0, before = lstm_deltas(dh, x, h0, c0, W_x, W_h, b, **alone)
    return lstm_collected(dh_tilde, dh_tilde[0] @ W_h.T, dc0, x, before, W_x)


@misconception("lstm_backward")
def never_sends_a_gradient_back(dh, x, h0, c0, W_x, W_h, b):
    """Each step knows its own gradient only, and dh0 and dc0 are 0: nothing is sent back. What comes back from a step is added at the state and the memory before it, and these may be h0 and c0."""
    alone = {"back": lambda d, W: 0 * (d @ W.T), "keep": lambda v: 0 * v.total}
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, **alone)


@misconception("lstm_backward")
def comes_back_by_the_state_only(dh, x, h0, c0, W_x, W_h, b):
    """Between the steps the gradient goes back by the state only. The memory is handed on, too, and its gradient with it."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, carried=lambda dc: 0 * dc)


@misconception("lstm_backward")
def comes_back_by_the_memory_only(dh, x, h0, c0, W_x, W_h, b):
    """Between the steps the gradient goes back by the memory only. The state goes into the next step's gates, and back from there through W_h."""
    dh_tilde, _, dc0, before = lstm_deltas(dh, x, h0, c0, W_x, W_h, b, back=lambda d, W: 0 * (d @ W.T))
    return lstm_collected(dh_tilde, dh_tilde[0] @ W_h.T, dc0, x, before, W_x)


@misconception("lstm_backward")
def keeps_the_memorys_gradient_whole(dh, x, h0, c0, W_x, W_h, b):
    """The gradient of the memory goes back from step to step as it is. The forget gate stands between two memories, there and back."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, keep=lambda v: v.total)


@misconception("lstm_backward")
def carries_only_what_came_by_the_memory(dh, x, h0, c0, W_x, W_h, b):
    """What goes back to the memory before is only f times what came in by the memory. What a step's own state gives its memory goes on, too."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, keep=lambda v: v.dc * v.f)


@misconception("lstm_backward")
def looks_at_the_last_gradient_only(dh, x, h0, c0, W_x, W_h, b):
    """Only the gradient of the last state comes in. The loss may look at every state: dh[t] comes in at each step."""
    last = np.zeros_like(dh)
    last[-1] = dh[-1]
    return lstm_back(last, x, h0, c0, W_x, W_h, b)


@misconception("lstm_backward")
def forgets_the_slope_of_the_reading(dh, x, h0, c0, W_x, W_h, b):
    """From h to the memory the slope of tanh is missing. The memory is read through tanh."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o)


@misconception("lstm_backward")
def gives_the_forget_gate_the_new_memory(dh, x, h0, c0, W_x, W_h, b):
    """The forget gate's gradient is computed with the new memory. What it was multiplied by is the old one."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, df=lambda v: v.total * v.new)


@misconception("lstm_backward")
def gives_the_output_gate_the_memory(dh, x, h0, c0, W_x, W_h, b):
    """The output gate's gradient is computed with c. What it was multiplied by is tanh(c)."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, do=lambda v: v.dh * v.new)


@misconception("lstm_backward")
def forgets_the_square(dh, x, h0, c0, W_x, W_h, b):
    """For g the slope of tanh is taken as 1 - g. Where is the square?"""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, of_candidate=lambda g, g_tilde: 1 - g)


@misconception("lstm_backward")
def takes_the_sigmoids_slope_for_the_candidate(dh, x, h0, c0, W_x, W_h, b):
    """For g the slope is that of the sigmoid, as for the gates. g went through tanh."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, of_candidate=lambda g, g_tilde: g * (1 - g))


@misconception("lstm_backward")
def reads_i_f_o_g(dh, x, h0, c0, W_x, W_h, b):
    """The columns are read in the order i, f, o, g, as some courses have it. Here they are i, f, g, o, as in torch."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, order=(0, 1, 3, 2))


@misconception("lstm_backward")
def puts_the_gates_back_as_i_f_o_g(dh, x, h0, c0, W_x, W_h, b):
    """The gates' gradients are put side by side in the order i, f, o, g. Each belongs into the columns that its gate was read from: i, f, g, o."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, put=(0, 1, 3, 2))


@misconception("lstm_backward")
def overwrites_the_weights_gradients(dh, x, h0, c0, W_x, W_h, b):
    """dW_x, dW_h and db are those of the first step: each step has overwritten what the one after it left. All steps use the same weights, so their gradients add up."""
    dh_tilde, dx, dh0, dc0, *_ = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    return dh_tilde, dx, dh0, dc0, x[0].T @ dh_tilde[0], h0.T @ dh_tilde[0], dh_tilde[0].sum(axis=0)


@misconception("lstm_backward")
def averages_over_the_steps(dh, x, h0, c0, W_x, W_h, b):
    """The gradients of the weights and the bias are divided by the number of steps. The same weights are used at each step, so their gradients add up."""
    return divided(lstm_back(dh, x, h0, c0, W_x, W_h, b), len(x))


@misconception("lstm_backward")
def takes_the_state_after_for_dW_h(dh, x, h0, c0, W_x, W_h, b):
    """dW_h is computed from the state after each step. What W_h was multiplied by is the state before it."""
    hs, _ = lstm(x, h0, c0, W_x, W_h, b)
    dh_tilde, *others, _, db = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    return dh_tilde, *others, each_step(hs, dh_tilde).sum(axis=0), db


@misconception("lstm_backward")
def leaves_the_first_step_out_of_dW_h(dh, x, h0, c0, W_x, W_h, b):
    """In dW_h the first step is missing. There, too, something came in at W_h: h0."""
    hs, _ = lstm(x, h0, c0, W_x, W_h, b)
    dh_tilde, *others, _, db = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    return dh_tilde, *others, each_step(hs[:-1], dh_tilde[1:]).sum(axis=0), db


@misconception("lstm_backward")
def forgets_the_first_gradients(dh, x, h0, c0, W_x, W_h, b):
    """dh0 and dc0 are 0. The first step used h0 and c0 as each other step used what came before, so gradients go back to them."""
    dh_tilde, dx, dh0, dc0, *others = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    return dh_tilde, dx, 0 * dh0, 0 * dc0, *others


@misconception("lstm_backward")
def returns_the_last_step_first(dh, x, h0, c0, W_x, W_h, b):
    """dh_tilde and dx run from the last step to the first, in the order in which they were found. Like x they begin with the first step."""
    dh_tilde, dx, *others = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    return dh_tilde[::-1], dx[::-1], *others


@misconception("lstm_backward")
def returns_the_gates_gradients(dh, x, h0, c0, W_x, W_h, b):
    """The first part holds the gradients of i, f, g and o. One step further, through their activations, are those of the pre-activations."""
    dh_tilde, *others = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    hs, _ = lstm(x, h0, c0, W_x, W_h, b)
    blocks = np.split(x @ W_x + states_before(h0, hs) @ W_h + b, 4, axis=2)
    slopes = [
        1 - np.tanh(block) ** 2 if at == 2 else sigmoid(block) * sigmoid(-block) for at, block in enumerate(blocks)
    ]
    return dh_tilde / np.concatenate(slopes, axis=2), *others


@misconception("lstm_backward")
def leaves_dh_tilde_out(dh, x, h0, c0, W_x, W_h, b):
    """The first part, dh_tilde, is missing. It is asked for, too, so that the step and the gate at which something goes wrong can be told."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b)[1:]


@misconception("lstm_backward")
def applies_tanh_twice_to_the_candidate(dh, x, h0, c0, W_x, W_h, b):
    """For g the slope is taken at tanh(g), so tanh was applied twice. g is what tanh has made already."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, of_candidate=lambda g, g_tilde: 1 - np.tanh(g) ** 2)


@misconception("lstm_backward")
def takes_the_memory_for_its_tanh(dh, x, h0, c0, W_x, W_h, b):
    """From h back to the memory the slope is 1 - c². That is a slope of tanh only where tanh has been taken: of tanh(c)."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o * (1 - v.new**2))


@misconception("lstm_backward")
def applies_tanh_twice_to_the_memory(dh, x, h0, c0, W_x, W_h, b):
    """From h back to the memory tanh was applied twice: the slope is taken at tanh(c). What went into tanh is c."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o * (1 - np.tanh(v.t) ** 2))


@misconception("lstm_backward")
def takes_tanhs_slope_for_the_gates(dh, x, h0, c0, W_x, W_h, b):
    """The slopes of the gates are those of tanh. A gate goes through the sigmoid."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, of_gate=lambda s, s_tilde: 1 - s**2)


@misconception("lstm_backward")
def applies_the_sigmoid_twice(dh, x, h0, c0, W_x, W_h, b):
    """The slope of the sigmoid is taken at the gate, so the sigmoid was applied twice. The gate is what the sigmoid has made already."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, of_gate=lambda s, s_tilde: sigmoid(s) * (1 - sigmoid(s)))


@misconception("lstm_backward")
def forgets_the_slopes_of_the_gates(dh, x, h0, c0, W_x, W_h, b):
    """The slope of the sigmoid is missing: the gradients are those of the gates. W_x, W_h and b stand in front of it."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, of_gate=lambda s, s_tilde: 1.0)


@misconception("lstm_backward")
def takes_the_slope_at_the_old_memory(dh, x, h0, c0, W_x, W_h, b):
    """From h back to the memory the slope of tanh is taken at the old memory. What was read is the new one."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, total=lambda v: v.dc + v.dh * v.o * (1 - np.tanh(v.old) ** 2))


@misconception("lstm_backward")
def reads_f_i_g_o(dh, x, h0, c0, W_x, W_h, b):
    """The first columns are taken for the forget gate and the second for the input gate. The order is i, f, g, o."""
    return lstm_back(dh, x, h0, c0, W_x, W_h, b, order=(1, 0, 2, 3))


@misconception("lstm_backward")
def takes_the_last_state_at_the_first_step(dh, x, h0, c0, W_x, W_h, b):
    """At the first step dW_h is computed with the last state: before hs[0] there is no hs[t - 1], and index -1 is the last one. What came in at W_h there is h0."""
    hs, _ = lstm(x, h0, c0, W_x, W_h, b)
    dh_tilde, *others, _, db = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    return dh_tilde, *others, each_step(np.roll(hs, 1, axis=0), dh_tilde).sum(axis=0), db


@misconception("lstm_backward")
def averages_over_the_batch(dh, x, h0, c0, W_x, W_h, b):
    """The gradients of the weights and the bias are divided by the number of examples. Averaging, if any, is in dh already."""
    return divided(lstm_back(dh, x, h0, c0, W_x, W_h, b), len(h0))


@misconception("lstm_backward")
def keeps_the_batch_in_db(dh, x, h0, c0, W_x, W_h, b):
    """db still has a row for each example. One bias serves all steps and all examples, so it collects from all of them."""
    *others, _ = found = lstm_back(dh, x, h0, c0, W_x, W_h, b)
    return *others, found[0].sum(axis=0)
