"""Run the first experiments of ``docs/experiments.md``: depth, conditions, remedies, shortcuts, training.

The course's reference solutions (``the``) compute all gradients and do all training. Each experiment returns numbers
for the text and curves for the figures. ``Size`` says how large it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

__all__ = ["CLASSES", "EPS", "EXPERIMENTS", "MOMENTUM", "Array", "Found", "Size", "digits", "norm"]

Array = np.ndarray[Any, Any]
Found = tuple[dict[str, Any], dict[str, Any]]
"""Numbers and curves."""

WIDTH, CLASSES = 64, 10
EPS, MOMENTUM = 1e-5, 0.1
ACTIVATIONS = ("sigmoid", "tanh", "relu")
RATES = (0.0025, 0.005, 0.01)


@dataclass(frozen=True)
class Size:
    """The size of the experiments."""

    depth: int = 40
    """Hidden layers of the networks that aren't trained; even."""
    narrowing: int = 12
    """Layers of the networks that grow narrower."""
    networks: int = 40
    """The number of those that are drawn and averaged."""
    trained_depth: int = 30
    epochs: int = 20
    draws: int = 500
    """Random upstream gradients that are sent through each residual block."""
    steps: int = 100
    """The length of the sequences through which a gradient is sent back."""
    rounds: int = 1000
    """Steps of gradient descent in which a recurrent net learns."""
    clipped_steps: int = 150
    pretraining: int = 300
    """Steps of the training before fine-tuning."""
    tunings: int = 20
    tuning_steps: int = 100
    remedy_steps: int = 200


def digits() -> tuple[Array, Array]:
    """Return pictures of mean 0 and variance 1, of shape (1797, 64), and one-hot targets, of shape (1797, 10)."""
    loaded = load_digits()
    x = loaded.data - loaded.data.mean()
    return x / x.std(), np.eye(CLASSES)[loaded.target]


def initializations(the: SimpleNamespace) -> dict[str, Callable[[np.random.Generator, int, int], Array]]:
    """Return the ways to draw a weight matrix, by name."""
    return {
        "zero": lambda rng, fan_in, fan_out: np.zeros((fan_in, fan_out)),
        "small": lambda rng, fan_in, fan_out: rng.normal(0, 0.01, (fan_in, fan_out)),
        "xavier": the.xavier_normal,
        "he": lambda rng, fan_in, fan_out: the.he_normal(rng, fan_in, fan_out, 0.0),
    }


def norm(array: Array) -> float:
    """Return the Euclidean norm of all entries."""
    return float(np.linalg.norm(array))


def depth(the: SimpleNamespace, size: Size) -> Found:
    """Measure the gradients at each of many layers, for each activation and initialization."""
    x, y = (part[:256] for part in digits())
    numbers: dict[str, Any] = {"layers": size.depth}
    curves: dict[str, Any] = {}
    for activation in ACTIVATIONS:
        for name, draw in initializations(the).items():
            rng = np.random.default_rng(0)
            sides = [WIDTH] * (size.depth + 1) + [CLASSES]
            weights = [draw(rng, *pair) for pair in pairwise(sides)]
            biases = [np.zeros(side) for side in sides[1:]]
            h_tildes, hs, y_hat = the.mlp_forward(x, weights, biases, activation)
            dWs, _, dh_tildes = the.mlp_backward(x, y, h_tildes, hs, y_hat, weights, activation)
            of_weights = the.gradient_norms(dWs)[:-1]
            of_signals = np.array([norm(dh_tilde) for dh_tilde in dh_tildes])
            curves[f"{activation} {name}"] = {"dW": of_weights, "dh_tilde": of_signals}
            first, last = of_signals[0], of_signals[-1]
            numbers.setdefault(activation, {})[name] = {
                "first": of_weights[0],
                "last": of_weights[-1],
                "ratio": first / last if last else 0.0,
                "per_layer": (first / last) ** (1 / (size.depth - 1)) if last else 0.0,
            }
    return numbers, curves


def conditions(the: SimpleNamespace, size: Size) -> Found:
    """Measure the variance of h forward and of its gradient backward, for three variances of the weights."""
    sides = np.geomspace(400, 25, size.narrowing + 1).round().astype(int).tolist()
    variances: dict[str, Callable[[int, int], float]] = {
        "forward": lambda fan_in, fan_out: 1 / fan_in,
        "backward": lambda fan_in, fan_out: 1 / fan_out,
        "xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    }
    numbers: dict[str, Any] = {
        "layers": size.narrowing,
        "networks": size.networks,
        "widest": sides[0],
        "narrowest": sides[-1],
    }
    curves: dict[str, Any] = {}
    pairs = list(pairwise(sides))
    for name, variance in variances.items():
        rng = np.random.default_rng(0)
        passes = []
        for _ in range(size.networks):
            if name == "xavier":
                weights = [the.xavier_normal(rng, *pair) for pair in pairs]
            else:
                weights = [rng.normal(0, np.sqrt(variance(*pair)), pair) for pair in pairs]
            # So small that tanh is a straight line: only the weights matter.
            x, dh = 1e-3 * rng.normal(size=(200, sides[0])), rng.normal(size=(200, sides[-1]))
            there, back = there_and_back(the, x, dh, weights, "tanh")
            passes.append((there / there[0], back / back[-1]))
        there, back = np.mean(passes, axis=0)
        curves[name] = {"forward": there, "backward": back}
        numbers[name] = {"forward": there[-1], "backward": back[0]}
    sides = [256] * (size.trained_depth + 1)
    for name in ("xavier", "he"):
        rng = np.random.default_rng(0)
        weights = [initializations(the)[name](rng, *pair) for pair in pairwise(sides)]
        x, dh = rng.normal(size=(500, 256)), rng.normal(size=(500, 256))
        there, back = there_and_back(the, x, dh, weights, "relu")
        curves[f"relu {name}"] = {"forward": there / there[1], "backward": back / back[-1]}
        steps = size.trained_depth - 1
        numbers[f"relu_{name}"] = {
            "forward": (there[-1] / there[1])
            ** (1 / steps),  # from the second layer on: the first one's input isn't a ReLU's output
            "backward": (back[0] / back[-1]) ** (1 / size.trained_depth),
        }
    numbers["relu_layers"] = size.trained_depth
    return numbers, curves


def there_and_back(
    the: SimpleNamespace, x: Array, dh: Array, weights: list[Array], activation: str
) -> tuple[Array, Array]:
    """Return the variances of x and each h, and those of their gradients."""
    out = np.zeros((weights[-1].shape[1], 1))  # mlp_forward ends with a linear layer; this one is ignored
    biases = [np.zeros(W.shape[1]) for W in (*weights, out)]
    h_tildes, _, _ = the.mlp_forward(x, [*weights, out], biases, activation)
    return the.forward_variances(x, weights, activation), the.backward_variances(dh, h_tildes, weights, activation)


def remedies(the: SimpleNamespace, size: Size) -> Found:
    """Measure the gradient at the input of each ReLU layer: plain, normalized, and with shortcuts."""
    x, _ = digits()
    x, layers = x[:256], size.depth
    upstream = np.random.default_rng(1).normal(size=x.shape)
    none, ones = np.zeros(WIDTH), np.ones(WIDTH)
    numbers: dict[str, Any] = {"layers": layers, "blocks": layers // 2}
    curves: dict[str, Any] = {}
    for start in ("small", "xavier", "he"):
        rng = np.random.default_rng(0)
        weights = [initializations(the)[start](rng, WIDTH, WIDTH) for _ in range(layers)]
        sizes: dict[str, list[float]] = {}
        for normalized in (False, True):
            h, seen = x, []
            for W in weights:
                h_tilde = y = the.linear(h, W, none)
                if normalized:
                    y, _, _ = the.batchnorm_train(h_tilde, ones, none, none, ones, MOMENTUM, EPS)
                seen.append((h, h_tilde, y))
                h = the.relu(y)
            dh, sizes["normalized" if normalized else "plain"] = upstream, [norm(upstream)]
            for W, (h, h_tilde, y) in zip(reversed(weights), reversed(seen)):
                dh_tilde = dh * the.relu_derivative(y)
                if normalized:
                    dh_tilde, _, _ = the.batchnorm_backward(dh_tilde, h_tilde, ones, EPS)
                dh, _, _ = the.linear_backward(dh_tilde, h, W)
                sizes["normalized" if normalized else "plain"].append(norm(dh))
        blocks = list(zip(weights[::2], weights[1::2]))
        inputs = [x]
        for W1, W2 in blocks:
            inputs.append(the.residual_forward(inputs[-1], W1, none, W2, none))
        dh, sizes["residual"] = upstream, [norm(upstream)]
        for (W1, W2), h in zip(reversed(blocks), reversed(inputs[:-1])):
            dh = the.residual_backward(dh, h, W1, none, W2, none)[0]
            sizes["residual"].append(norm(dh))
        for name, found in sizes.items():
            curves[f"{start} {name}"] = np.array(found[::-1]) / found[0]
            numbers.setdefault(name, {})[start] = found[-1] / found[0]
            if name == "normalized":
                numbers["normalized"][f"{start}_per_layer"] = (found[-1] / found[0]) ** (1 / layers)
    return numbers, curves


def shortcuts(the: SimpleNamespace, size: Size) -> Found:
    """Compute the Jacobians of residual blocks and their product, beside the product of plain layers."""
    rng = np.random.default_rng(0)
    identity, none = np.eye(WIDTH), np.zeros(WIDTH)
    # F(x) = relu(x + 9) * -1 + 9 is -x where the ReLU is on: the block subtracts its own input.
    x, dy = rng.uniform(-1, 1, (1, WIDTH)), rng.normal(size=(1, WIDTH))
    taken = the.residual_backward(dy, x, identity, none + 9, -identity, none + 9)[0]
    numbers: dict[str, Any] = {
        "taken_away": norm(taken),
        "blocks": size.depth // 2,
        "draws": size.draws,
        "units": WIDTH,
    }
    weights = [the.he_normal(rng, WIDTH, WIDTH, 0.0) / np.sqrt(2) for _ in range(size.depth)]
    blocks = list(zip(weights[::2], weights[1::2]))
    x = digits()[0][:1]
    whole, plain = identity, identity
    spectra: dict[str, list[Array]] = {"residual": [], "plain": []}
    smallest: list[float] = []
    values: list[float] = []
    factors: list[float] = []
    h = x
    for W1, W2 in blocks:
        # Sending each unit vector back through the block, at the same example, gives the block's Jacobian.
        jacobian = the.residual_backward(identity, np.repeat(x, WIDTH, axis=0), W1, none, W2, none)[0]
        values += singular_values(jacobian).tolist()
        smallest.append(values[-1])
        random = rng.normal(size=(size.draws, WIDTH))
        factors += (np.linalg.norm(random @ jacobian, axis=1) / np.linalg.norm(random, axis=1)).tolist()
        whole = jacobian @ whole
        for W in (W1, W2):
            h_tilde = the.linear(h, W, none)
            plain = the.relu_derivative(h_tilde).T * W.T @ plain
            h = the.relu(h_tilde)
        x = the.residual_forward(x, W1, none, W2, none)
        spectra["residual"].append(singular_values(whole))
        spectra["plain"].append(singular_values(plain))
    numbers["block"] = {"smallest": min(smallest), "largest_smallest": max(smallest)}
    numbers["block"]["shrunk"] = np.mean(np.array(values) < 1)
    numbers["random"] = {"least": min(factors), "most": max(factors), "below_one": np.mean(np.array(factors) < 1)}
    for name, found in spectra.items():
        numbers[name] = {"smallest": found[-1][-1], "median": np.median(found[-1]), "largest": found[-1][0]}
        numbers[name]["directions"] = int(np.count_nonzero(found[-1]))
    return numbers, spectra


def singular_values(matrix: Array) -> Array:
    """Return the singular values, the largest first; those that are only rounding errors are 0."""
    values = np.linalg.svd(matrix, compute_uv=False)
    return np.where(values > 1e-12 * values[0], values, 0.0)


def training(the: SimpleNamespace, size: Size) -> Found:
    """Train a deep ReLU network from Xavier's and from He's weights, at several learning rates."""
    x, y = digits()
    numbers: dict[str, Any] = {"layers": size.trained_depth, "epochs": size.epochs}
    curves: dict[str, Any] = {}
    for start in ("xavier", "he"):
        for rate in RATES:
            rng = np.random.default_rng(0)
            sides = [WIDTH] * size.trained_depth + [CLASSES]
            weights = [initializations(the)[start](rng, *pair) for pair in pairwise(sides)]
            biases = [np.zeros(side) for side in sides[1:]]
            losses = []
            for _ in range(size.epochs):
                order, total = rng.permutation(1400), 0.0
                for chosen in np.split(order, 28):
                    h_tildes, hs, y_hat = the.mlp_forward(x[chosen], weights, biases, "relu")
                    total += float(the.sse_loss(y_hat, y[chosen]))
                    dWs, dbs, _ = the.mlp_backward(x[chosen], y[chosen], h_tildes, hs, y_hat, weights, "relu")
                    weights = [W - rate / 50 * dW for W, dW in zip(weights, dWs)]
                    biases = [b - rate / 50 * db for b, db in zip(biases, dbs)]
                losses.append(total / 1400)
            right = the.mlp_forward(x[1400:], weights, biases, "relu")[2].argmax(axis=1) == y[1400:].argmax(axis=1)
            curves[f"{start} {rate:g}"] = np.array(losses)
            numbers.setdefault(start, {})[f"rate_{RATES.index(rate)}"] = {"loss": losses[-1], "right": right.mean()}
        numbers[start]["best"] = min(found["loss"] for found in numbers[start].values())
    numbers["rates"] = {f"rate_{at}": rate for at, rate in enumerate(RATES)}
    return numbers, curves


EXPERIMENTS = {
    "depth": depth,
    "conditions": conditions,
    "remedies": remedies,
    "shortcuts": shortcuts,
    "training": training,
}
