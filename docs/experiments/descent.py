"""Run the experiments of ``docs/experiments.md`` on clipping and on a pretrained start.

As in ``study.py`` the reference solutions (``the``) compute everything. Each experiment returns numbers and curves.
"""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from study import Array, Found, Size

__all__ = ["EXPERIMENTS"]

Network = tuple[list[Array], list[Array]]
"""Weights and biases."""

LIMITS = {"none": np.inf, "ten": 10.0, "one": 1.0, "tenth": 0.1}
ENDED = 1e6
"""The loss above which a run ends."""
SHOTS = 5
"""Pictures of each digit that a network is tuned with."""


def dim_digits() -> tuple[Array, Array]:
    """Return the pictures, scaled as in the notebooks, of shape (1797, 64), and the digit of each."""
    loaded = load_digits()
    return loaded.data / 16 - 0.3, loaded.target


def drawn(rng: np.random.Generator, sides: list[int], gain: float = 1.0) -> Network:
    """Draw weights of standard deviation ``gain`` / √(fan in), and zero biases."""
    weights = [rng.normal(0, gain / np.sqrt(fan_in), (fan_in, fan_out)) for fan_in, fan_out in pairwise(sides)]
    return weights, [np.zeros(side) for side in sides[1:]]


def outputs(the: SimpleNamespace, x: Array, network: Network, activation: str) -> Array:
    """Return the network's outputs, of shape (examples, outputs)."""
    y_hat: Array = the.mlp_forward(x, *network, activation)[2]
    return y_hat


def clipping(the: SimpleNamespace, size: Size) -> Found:
    """Train a network whose weights are twice too large with several clipping limits, and one with He's weights."""
    pictures, labels = dim_digits()
    x, y = pictures[:300], np.eye(10)[labels[:300]]
    numbers: dict[str, Any] = {"steps": size.clipped_steps}
    curves: dict[str, Any] = {}
    for name, limit in {**LIMITS, "he": np.inf}.items():
        network = drawn(np.random.default_rng(0), [64, *[32] * 5, 10], gain=np.sqrt(2.0) if name == "he" else 2.0)
        losses, norms = [], []
        while len(losses) < size.clipped_steps and (not losses or losses[-1] < ENDED):
            losses.append(float(the.sse_loss(outputs(the, x, network, "relu"), y)) / len(x))
            dWs, dbs = the.fine_tune_gradients(x, y, *network, "relu", 0)
            grads, norm = the.clip_by_global_norm([grad / len(x) for grad in (*dWs, *dbs)], limit)
            norms.append(float(norm))
            params = the.sgd_step([*network[0], *network[1]], grads, 0.03)
            network = params[: len(dWs)], params[len(dWs) :]
        curves[name] = {"losses": np.array(losses), "norms": np.array(norms)}
        clipped = np.array(norms) > limit
        numbers[name] = {"first": losses[0], "loss": losses[-1], "taken": len(losses), "norm": norms[0]}
        numbers[name]["clipped"] = int(np.count_nonzero(clipped))
        numbers[name]["last_clipped"] = int(np.max(np.flatnonzero(clipped), initial=-1)) + 1
    return numbers, curves


def tuning(the: SimpleNamespace, size: Size) -> Found:
    """Train on few pictures of 5 to 9, from random weights and from a network that has learned 0 to 4."""
    pictures, labels = dim_digits()
    sides, low = [64, 32, 32, 5], labels < 5
    known, asked, right = (pictures[low], np.eye(5)[labels[low]]), pictures[~low], labels[~low] - 5

    def fit(x: Array, y: Array, network: Network, first: int, steps: int) -> Network:
        weights, biases = network
        for _ in range(steps):
            dWs, dbs = the.fine_tune_gradients(x, y, weights, biases, "tanh", first)
            grads = [grad / len(x) for grad in (*dWs, *dbs)]
            params = the.sgd_step([*weights[first:], *biases[first:]], grads, 0.1)
            weights, biases = [*weights[:first], *params[: len(dWs)]], [*biases[:first], *params[len(dWs) :]]
        return weights, biases

    shares: dict[str, list[list[float]]] = {}
    before: list[float] = []
    for number in range(size.tunings):
        rng = np.random.default_rng(number)
        learned = fit(*known, drawn(rng, sides), 0, size.pretraining)
        before.append(float(np.mean(outputs(the, known[0], learned, "tanh").argmax(axis=1) == labels[low])))
        few = np.concatenate([rng.choice(np.flatnonzero(right == digit), SHOTS, replace=False) for digit in range(5)])
        others = np.setdiff1d(np.arange(len(right)), few)
        fresh = drawn(rng, sides)
        new_end = [*learned[0][:-1], fresh[0][-1]], [*learned[1][:-1], fresh[1][-1]]
        ways = {"nothing": (fresh, 0), "random": (fresh, 2), "frozen": (new_end, 2), "tuned": (new_end, 0)}
        for name, (network, first) in ways.items():
            found = []
            for _ in range(size.tuning_steps // 4 + 1):
                said = outputs(the, asked[others], network, "tanh").argmax(axis=1)
                found.append(float(np.mean(said == right[others])))
                network = fit(asked[few], np.eye(5)[right[few]], network, first, 4)
            shares.setdefault(name, []).append(found)
    numbers: dict[str, Any] = {
        "draws": size.tunings,
        "steps": size.tuning_steps,
        "pretraining": size.pretraining,
        "pictures": int(low.sum()),
        "shots": SHOTS,
        "before": np.mean(before),
    }
    for name, of in shares.items():
        numbers[name] = {"right": np.mean(of, axis=0)[-1], "spread": np.std(of, axis=0)[-1]}
    # Compared draw by draw: the spread between draws is larger than the difference.
    ahead = np.array(shares["tuned"])[:, -1] - np.array(shares["nothing"])[:, -1]
    numbers["ahead"] = {"mean": ahead.mean(), "spread": ahead.std(), "times": int(np.count_nonzero(ahead > 0))}
    return numbers, {name: np.mean(of, axis=0) for name, of in shares.items()}


EXPERIMENTS = {"clipping": clipping, "tuning": tuning}
