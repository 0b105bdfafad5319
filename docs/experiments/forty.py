"""Run the last experiment of ``docs/experiments.md``: forty layers learn digits, with one remedy at a time.

As in ``study.py`` the reference solutions (``the``) compute everything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from study import EPS, MOMENTUM, Array, Found, Size, digits, norm

__all__ = ["EXPERIMENTS"]

RATES = (0.003, 0.01, 0.03)
"""Learning rates, for the mean loss of an example."""
PICTURES, WIDTH = 200, 32

Run = tuple[list[float], list[float]]
"""The losses of all steps, and the gradient norm of each hidden layer (or block) at the start."""
Step = Callable[[SimpleNamespace, Array, Array, float, int], Run]


def drawn(rng: np.random.Generator, depth: int, gain: float) -> tuple[list[Array], list[Array]]:
    """Draw weights of standard deviation ``gain`` / √(fan in), and zero biases."""
    sides = [64, *[WIDTH] * depth, 10]
    weights = [rng.normal(0, gain / np.sqrt(fan_in), (fan_in, fan_out)) for fan_in, fan_out in pairwise(sides)]
    return weights, [np.zeros(side) for side in sides[1:]]


def plain(
    the: SimpleNamespace, x: Array, y: Array, rate: float, steps: int, *, depth: int, activation: str, gain: float
) -> Run:
    """Train a plain network."""
    weights, biases = drawn(np.random.default_rng(0), depth, gain)
    norms = the.layer_gradient_norms(x, y, weights, biases, activation)[:-1]
    return the.train(x, y, weights, biases, activation, rate, steps).tolist(), norms.tolist()


def normalized(the: SimpleNamespace, x: Array, y: Array, rate: float, steps: int, *, depth: int) -> Run:
    """Train sigmoid layers with batch normalization in front of each activation."""
    weights, biases = drawn(np.random.default_rng(0), depth, 1.0)
    none, ones = np.zeros(WIDTH), np.ones(WIDTH)
    gammas, betas, losses, norms = [ones] * depth, [none] * depth, list[float](), list[float]()
    for _ in range(steps):
        hs, h_tildes, normals = [x], [], []
        for W, gamma, beta in zip(weights, gammas, betas):  # the last layer has no normalization
            h_tildes.append(the.linear(hs[-1], W, none))
            normals.append(the.batchnorm_train(h_tildes[-1], gamma, beta, none, ones, MOMENTUM, EPS)[0])
            hs.append(the.sigmoid(normals[-1]))
        y_hat = the.linear(hs[-1], weights[-1], biases[-1])
        losses.append(float(the.sse_loss(y_hat, y)))
        dh, *last = the.linear_backward(the.sse_loss_backward(y_hat, y), hs[-1], weights[-1])
        grads, found = [], []
        for layer in reversed(range(depth)):
            dnormal = the.sigmoid_backward(dh, normals[layer])
            dh_tilde, dgamma, dbeta = the.batchnorm_backward(dnormal, h_tildes[layer], gammas[layer], EPS)
            dh, dW, _ = the.linear_backward(dh_tilde, hs[layer], weights[layer])
            grads.append((dW, dgamma, dbeta))
            found.append(norm(dh_tilde))
        norms = norms or found[::-1]
        dWs, dgammas, dbetas = (list(part) for part in zip(*grads[::-1]))
        weights = the.sgd_step(weights, [*dWs, last[0]], rate)
        biases = [*biases[:-1], *the.sgd_step(biases[-1:], [last[1]], rate)]
        gammas, betas = the.sgd_step(gammas, dgammas, rate), the.sgd_step(betas, dbetas, rate)
    return losses, norms


def residual(the: SimpleNamespace, x: Array, y: Array, rate: float, steps: int, *, depth: int) -> Run:
    """Train ``depth`` / 2 residual blocks of two layers with small weights, as many weights as the others have."""
    rng, inner = np.random.default_rng(0), WIDTH // 2
    blocks = [
        (0.3 * rng.normal(0, 1 / 8, (64, inner)), np.zeros(inner), 0.3 * rng.normal(0, 0.25, (inner, 64)), np.zeros(64))
        for _ in range(depth // 2)
    ]
    end: tuple[Array, ...] = (rng.normal(0, 1 / 8, (64, 10)), np.zeros(10))
    losses, norms = list[float](), list[float]()
    for _ in range(steps):
        hs = [x]
        for block in blocks:
            hs.append(the.residual_forward(hs[-1], *block))
        y_hat = the.linear(hs[-1], *end)
        losses.append(float(the.sse_loss(y_hat, y)))
        dh, *grads = the.linear_backward(the.sse_loss_backward(y_hat, y), hs[-1], end[0])
        end = tuple(the.sgd_step(end, grads, rate))
        found = []
        for at in reversed(range(len(blocks))):
            found.append(norm(dh))
            dh, *grads = the.residual_backward(dh, hs[at], *blocks[at])
            blocks[at] = tuple(the.sgd_step(blocks[at], grads, rate))
        norms = norms or found[::-1]
    return losses, norms


def remedy(the: SimpleNamespace, size: Size) -> Found:
    """Train seven networks that differ in one thing each, and keep the best learning rate of each."""
    x, y = (part[:PICTURES] for part in digits())
    of = partial(partial, plain, depth=size.depth)
    networks: dict[str, Step] = {
        "sigmoid": of(activation="sigmoid", gain=1.0),
        "tanh": of(activation="tanh", gain=1.0),
        "relu": of(activation="relu", gain=1.0),
        "leaky": of(activation="leaky_relu", gain=1.0),
        "he": of(activation="relu", gain=np.sqrt(2.0)),
        "normalized": partial(normalized, depth=size.depth),
        "residual": partial(residual, depth=size.depth),
    }
    numbers: dict[str, Any] = {"layers": size.depth, "steps": size.remedy_steps, "pictures": PICTURES}
    curves: dict[str, Any] = {}
    for name, run in networks.items():
        print(name, end=" ", file=sys.stderr, flush=True)
        with np.errstate(over="ignore", invalid="ignore"):  # too large a rate overflows
            runs = [run(the, x, y, rate / PICTURES, size.remedy_steps) for rate in RATES]
        ends = [losses[-1] / PICTURES for losses, _ in runs]
        best = int(np.nanargmin(ends))
        losses, norms = np.array(runs[best][0]) / PICTURES, np.array(runs[best][1])
        curves[name] = {"losses": losses, "norms": norms, "stride": size.depth // len(norms)}
        numbers[name] = {
            "ratio": norms[0] / norms[-1],
            "per_layer": (norms[0] / norms[-1]) ** (1 / max(1, size.depth - size.depth // len(norms))),
            "first": losses[0],
            "loss": losses[-1],
            "rate": RATES[best],
            "diverged": sum(not end < losses[0] for end in ends),
        }
    for name, activation, gain in (("tanh", "tanh", 1.0), ("he", "relu", np.sqrt(2.0))):
        weights, biases = drawn(np.random.default_rng(0), size.depth, gain)
        numbers[name]["alike"] = alike(the.mlp_forward(x, weights, biases, activation)[1][-1])
    return {**numbers, "alike": alike(x)}, curves


def alike(rows: Array) -> float:
    """Return the mean cosine between two different rows."""
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    count = len(rows)
    return float((np.sum(units @ units.T) - count) / (count * (count - 1)))


EXPERIMENTS = {"remedy": remedy}
