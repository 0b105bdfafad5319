"""Oracles and generators that the public and the hidden properties of a6 share. They never ship."""

import numpy as np
import torch
from htilde.oracle import evaluate, gradients
from torch.func import functional_call

NET = "x", "h0", "W_x", "W_h", "b"
LSTM = "x", "h0", "c0", "W_x", "W_h", "b"
STEP = "x", "h", "c", "W_x", "W_h", "b"
BACK = "dh", "x", "h0", "hs", "W_x", "W_h"


def weights(W_x, W_h, b):
    """Ours as torch's: transposed, and one bias as the sum of two."""
    return {"weight_ih_l0": W_x.T, "weight_hh_l0": W_h.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)}


def rnn(x, h0, W_x, W_h, b):
    """The states of torch's nn.RNN after each step."""
    net = torch.nn.RNN(len(W_x), len(W_h), device="meta", dtype=x.dtype)  # on "meta": weights of its own aren't drawn
    return functional_call(net, weights(W_x, W_h, b), (x, h0[None]))[0]


def lstm(W_x, W_h, b):
    """Torch's nn.LSTM with these weights: it makes the states after each step, and the memory after the last."""
    net = torch.nn.LSTM(len(W_x), len(W_h), device="meta", dtype=W_x.dtype)
    parameters = weights(W_x, W_h, b)

    def run(x, h, c):
        hs, (_, c) = functional_call(net, parameters, (x, (h[None], c[None])))
        return hs, c[0]

    return run


def step(x, h, c, *parameters):
    """One step of torch's nn.LSTM."""
    hs, c = lstm(*parameters)(x[None], h, c)
    return hs[0], c


def walk(x, h, c, *parameters):
    """The states and memories of torch's nn.LSTM, asked step by step."""
    run, hs, cs = lstm(*parameters), [], []
    for x_t in x:
        h, c = run(x_t[None], h, c)
        hs.append(h := h[0])
        cs.append(c)
    return torch.stack(hs), torch.stack(cs)


def after_the_pass(case):
    """The case with the states that torch finds, and the last step's gradient by itself."""
    return {**case, "hs": evaluate(rnn, *(case[name] for name in NET)), "dh_T": case["dh"][-1]}


ALMOST = 1 - 2.0**-53
"""The largest number below 1."""


def rnn_gradients(dh, x, h0, hs, W_x, W_h):
    """The gradients through torch's nn.RNN.

    What must be added to x W_x + h W_h for these states to come out goes in as further features, at weights that are
    the identity; so their gradient is that of the pre-activations.
    """
    before = np.concatenate([h0[None], hs[:-1]])
    rest = np.arctanh(np.clip(hs, -ALMOST, ALMOST)) - x @ W_x - before @ W_h

    def run(x, rest, h0, W_x, W_h, b):
        return rnn(torch.cat([x, rest], 2), h0, torch.cat([W_x, torch.eye(len(b)).to(b)]), W_h, b)

    dx, dh_tilde, dh0, dW_x, dW_h, db = gradients(run, dh, x, rest, h0, W_x, W_h, np.zeros(len(W_h)))
    return dh_tilde, dx, dh0, dW_x, dW_h, db


def norms(dh_T, hs, W_h):
    """The norms of the gradients of all states, each by autograd from the one behind it."""

    def step(h, after, W_h):
        drive = torch.atanh(after) - (h @ W_h).detach()  # what the input adds, whatever it is
        return torch.tanh(drive + h @ W_h)

    dhs = [dh_T]
    for h, after in zip(hs[-2::-1], hs[:0:-1]):
        dhs.append(gradients(step, dhs[-1], h, after, W_h)[0])
    return np.array([np.linalg.norm(dh) for dh in reversed(dhs)])


def first_step(case):
    """The first step of a sequence, by itself."""
    return {**case, "x": case["x"][0], "h": case["h0"], "c": case["c0"], "dh": case["dh"][0]}


def step_gradients(dh, dc, *arguments):
    """The gradients through one step of torch's nn.LSTM, when one comes in at each of its two results."""
    return gradients(lambda *a: torch.cat(step(*a), 1), np.concatenate([dh, dc], 1), *arguments)


def lstm_gradients(dh, x, *arguments):
    """The gradients through torch's nn.LSTM; those of the pre-activations by way of further features, all 0."""

    def run(x, rest, h0, c0, W_x, W_h, b):
        return lstm(torch.cat([W_x, torch.eye(len(b)).to(b)]), W_h, b)(torch.cat([x, rest], 2), h0, c0)[0]

    none = np.zeros((*x.shape[:2], len(arguments[-1])))
    dx, dh_tilde, *others = gradients(run, dh, x, none, *arguments)
    return dh_tilde, dx, *others
