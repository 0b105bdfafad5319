"""Run the experiments of ``docs/experiments.md`` on recurrent networks and LSTM.

As in ``study.py`` the reference solutions (``the``) compute everything.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
from study import CLASSES, Array, Found, Size, digits, norm

__all__ = ["EXPERIMENTS"]

SCALES = (0.5, 1.0, 2.0, 3.0)
"""Scales of the recurrent weights; 1 is Xavier's."""
BIASES = (0, 1, 3)
"""Biases of the forget gate."""
BATCH, FEATURES, UNITS = 8, 8, 32
LEARNERS, AT_ONCE, KNOWN = 24, 50, 1400
RATES = (0.02, 0.05)
MOMENTUM = 0.9


def through_time(the: SimpleNamespace, size: Size) -> Found:
    """Send a gradient back from the last state, through plain nets and through an LSTM's memory."""
    rng = np.random.default_rng(0)
    x, upstream = rng.normal(size=(size.steps, BATCH, FEATURES)), rng.normal(size=(BATCH, UNITS))
    none = np.zeros((BATCH, UNITS))
    numbers: dict[str, Any] = {"steps": size.steps, "plain": {}, "memory": {}}
    curves: dict[str, Array] = {}
    W_x, W_h = weights(rng, FEATURES, UNITS)
    for scale in SCALES:
        hs = the.rnn_forward(x, none, W_x, scale * W_h, np.zeros(UNITS))
        found = the.gradient_through_time(upstream, hs, scale * W_h) / norm(upstream)
        curves[f"plain {scale:g}"] = found
        slope = np.mean(1 - hs[1:] ** 2)
        numbers["plain"][f"scale_{SCALES.index(scale)}"] = told(found, size.steps - 1) | {"slope": slope}
    W_x, W_h = weights(rng, FEATURES, 4 * UNITS, UNITS)
    for bias in BIASES:
        b = np.repeat([0.0, bias, 0.0, 0.0], UNITS)
        hs, cs = the.lstm_forward(x, none, none, W_x, W_h, b)
        dh, dc, sizes, gates = upstream, none, [], []
        for t in reversed(range(size.steps)):
            h, c = (hs[t - 1], cs[t - 1]) if t else (none, none)
            gates.append(the.sigmoid(np.split(x[t] @ W_x + h @ W_h + b, 4, axis=1)[1]).mean())
            _, dh, dc, *_ = the.lstm_step_backward(dh, dc, x[t], h, c, W_x, W_h, b)
            sizes.append(norm(dc) / norm(upstream))
        curves[f"memory {bias}"] = np.array(sizes[::-1])
        numbers["memory"][f"bias_{bias}"] = told(curves[f"memory {bias}"], size.steps) | {"gate": np.mean(gates)}
    return numbers, curves


def told(sizes: Array, steps: int) -> dict[str, float]:
    """Return the gradient's size at the first step, and its factor per step."""
    return {"first": sizes[0], "per_step": sizes[0] ** (1 / steps)}


def weights(rng: np.random.Generator, features: int, columns: int, units: int = 0) -> tuple[Array, Array]:
    """Draw W_x, of shape (features, columns), and W_h; the sum over a unit's inputs has variance 1."""
    units = units or columns
    shapes = (features, columns), (units, columns)
    W_x, W_h = (rng.normal(0, 1 / np.sqrt(shape[0]), shape) for shape in shapes)
    return W_x, W_h


def reading(the: SimpleNamespace, size: Size) -> Found:
    """Train a plain net and an LSTM to read digits by rows and by pixels, at two learning rates."""
    x, y = digits()
    numbers: dict[str, Any] = {"rounds": size.rounds, "units": LEARNERS}
    curves: dict[str, Array] = {}
    for way, steps in (("rows", 8), ("pixels", 64)):
        sequences = x.reshape(len(x), steps, -1).transpose(1, 0, 2)
        for name, gates in (("plain", 1), ("lstm", 4)):
            runs = {}
            for at, rate in enumerate(RATES):
                print(f"{way} {name} {rate:g},", end=" ", file=sys.stderr, flush=True)
                losses, right = learned(the, sequences, y, gates, rate, size.rounds)
                curves[f"{way} {name} {rate:g}"] = losses
                runs[f"rate_{at}"] = {"loss": losses[-1], "right": right}
            best = max(runs.values(), key=lambda run: run["right"])
            numbers.setdefault(way, {"steps": steps})[name] = runs | {"best": best["right"]}
    numbers["rates"] = {f"rate_{at}": rate for at, rate in enumerate(RATES)}
    return numbers, curves


def learned(
    the: SimpleNamespace, sequences: Array, y: Array, gates: int, rate: float, rounds: int
) -> tuple[Array, float]:
    """Return the loss, averaged over each twentieth of the rounds, and the share of unseen digits read right."""
    rng = np.random.default_rng(0)
    W_x, W_h = weights(rng, sequences.shape[2], gates * LEARNERS, LEARNERS)
    b = np.zeros(LEARNERS) if gates == 1 else np.repeat([0.0, 1.0, 0.0, 0.0], LEARNERS)
    net = [W_x, W_h, b, rng.normal(0, 1 / np.sqrt(LEARNERS), (LEARNERS, CLASSES)), np.zeros(CLASSES)]
    speeds, losses = [np.zeros_like(part) for part in net], []

    def states(x: Array) -> Array:
        none = np.zeros((x.shape[1], LEARNERS))
        found: Array = (
            the.rnn_forward(x, none, *net[:3]) if gates == 1 else the.lstm_forward(x, none, none, *net[:3])[0]
        )
        return found

    for _ in range(rounds):
        chosen = rng.choice(KNOWN, AT_ONCE, replace=False)
        x, none = sequences[:, chosen], np.zeros((AT_ONCE, LEARNERS))
        hs = states(x)
        y_hat = the.linear(hs[-1], net[3], net[4])
        losses.append(the.sse_loss(y_hat, y[chosen]) / AT_ONCE)
        last, dW, db = the.linear_backward(the.sse_loss_backward(y_hat, y[chosen]) / AT_ONCE, hs[-1], net[3])
        dh = np.zeros_like(hs)
        dh[-1] = last
        if gates == 1:
            found = the.rnn_backward(dh, x, none, hs, net[0], net[1])
        else:
            found = the.lstm_backward(dh, x, none, none, *net[:3])
        speeds = [MOMENTUM * speed - rate * part for speed, part in zip(speeds, (*found[-3:], dW, db))]
        net = [part + speed for part, speed in zip(net, speeds)]
    y_hat = the.linear(states(sequences[:, KNOWN:])[-1], net[3], net[4])
    right = y_hat.argmax(axis=1) == y[KNOWN:].argmax(axis=1)
    return np.array([np.mean(part) for part in np.array_split(losses, min(20, rounds))]), float(right.mean())


EXPERIMENTS = {"through_time": through_time, "reading": reading}
