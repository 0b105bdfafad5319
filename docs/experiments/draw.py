"""Draw the figures of ``docs/experiments.md``. Lines differ in dashes and markers, not in colour alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

__all__ = ["FIGURES", "save"]

Curves = dict[str, Any]
LOOKS: tuple[dict[str, Any], ...] = (
    {"color": "tab:blue"},
    {"color": "tab:red", "linestyle": "dashed"},
    {"color": "tab:green", "linestyle": "dashdot"},
    {"color": "tab:purple", "linestyle": "dotted"},
    {"color": "tab:orange"},
    {"color": "tab:brown", "linestyle": "dashed"},
    {"color": "tab:gray", "linestyle": "dashdot"},
)
MARKERS = "os^DvP*"


def line(axes: Axes, x: Any, y: Any, number: int, label: str | None) -> None:
    """Draw one of up to seven lines. Zeros are left out, as a logarithmic axis has no place for them."""
    every = max(1, len(np.atleast_1d(x)) // 8)
    y = np.where(np.asarray(y) > 0, y, np.nan)
    axes.plot(x, y, label=label, marker=MARKERS[number], markevery=every, markersize=4, linewidth=1.3, **LOOKS[number])


def depth(curves: Curves) -> Figure:
    """Draw the gradients by layer, for each activation and initialization."""
    figure, rows = plt.subplots(2, 3, figsize=(10, 5.4), sharex=True, sharey="row", layout="constrained")
    labels = {"dh_tilde": "gradient of h_tilde", "dW": "gradient of W"}
    for (kind, label), panels in zip(labels.items(), rows):
        panels[0].set(ylabel=label, yscale="log")
        for activation, axes in zip(("sigmoid", "tanh", "relu"), panels):
            for number, start in enumerate(("small", "xavier", "he")):
                found = curves[f"{activation} {start}"][kind]
                line(axes, range(1, len(found) + 1), found, number, start.capitalize() if start != "small" else start)
            if kind == "dh_tilde":
                axes.set_title("ReLU" if activation == "relu" else activation)
            else:
                axes.set_xlabel("layer (1 is next to the input)")
    rows[0][0].legend()
    return figure


def conditions(curves: Curves) -> Figure:
    """Draw the variances by layer, forward, backward, and with ReLU."""
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
    laws = {"forward": "1 / fan in", "backward": "1 / fan out", "xavier": "Xavier"}
    for axes, way in ((left, "forward"), (middle, "backward")):
        for number, (name, label) in enumerate(laws.items()):
            line(axes, range(len(curves[name][way])), curves[name][way], number, label)
        axes.set(yscale="log", xlabel="layer", xticks=range(0, len(curves["xavier"][way]), 3), ylim=(0.03, 30))
    left.set(title="forward, narrowing", ylabel="variance, relative to where it begins")
    middle.set(title="backward, narrowing")
    left.legend()
    for number, name in enumerate(("relu xavier", "relu he")):
        found = curves[name]["forward"][1:]
        line(right, range(1, len(found) + 1), found, number, "Xavier" if number == 0 else "He")
    right.set(title="forward, ReLU", yscale="log", xlabel="layer")
    right.legend()
    return figure


def remedies(curves: Curves) -> Figure:
    """Draw the gradients by layer of plain, normalized and residual networks."""
    figure, panels = plt.subplots(1, 3, figsize=(10, 3.4), layout="constrained")
    for start, axes in zip(("small", "xavier", "he"), panels):
        for number, (name, label) in enumerate(
            {"plain": "plain", "normalized": "batch normalization", "residual": "residual"}.items()
        ):
            found = curves[f"{start} {name}"]
            line(axes, np.linspace(0, 2 * (len(curves[f"{start} residual"]) - 1), len(found)), found, number, label)
        axes.set(title=f"{'small' if start == 'small' else start.capitalize()} weights", yscale="log", xlabel="layer")
    panels[0].set(ylabel="gradient, relative to the last")
    panels[0].legend()
    return figure


def shortcuts(curves: Curves) -> Figure:
    """Draw the singular values of residual and of plain blocks."""
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
    for name, axes in zip(("residual", "plain"), panels):
        found = np.array(curves[name])
        parts = {"largest": found[:, 0], "median": np.median(found, axis=1), "smallest": found[:, -1]}
        for number, (label, values) in enumerate(parts.items()):
            line(axes, range(1, len(values) + 1), values, number, label)
        axes.axhline(1, color="grey", linewidth=0.8)
        axes.set(title=name, yscale="log", xlabel="blocks of two layers", xticks=range(0, len(found) + 1, 5))
    panels[0].set(ylabel="singular values of the Jacobian")
    panels[0].legend()
    return figure


def training(curves: Curves) -> Figure:
    """Draw the loss from Xavier's and from He's weights."""
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    for number, start in enumerate(("xavier", "he")):
        for at, name in enumerate(name for name in curves if name.startswith(start)):
            label = f"{start.capitalize()}, rate {name.split()[1]}"
            look = LOOKS[number] | {"linewidth": 0.8 + 0.8 * at, "marker": MARKERS[at], "markersize": 4}
            axes.plot(range(1, len(curves[name]) + 1), curves[name], label=label, **look)
    axes.axhline(0.9, color="grey", linewidth=0.8)
    axes.set(xlabel="times through the data", ylabel="loss", xticks=range(0, 21, 5), ylim=(0, 1.6))
    axes.legend(ncols=2)
    return figure


def through_time(curves: Curves) -> Figure:
    """Draw the gradients by time step, of plain nets and of LSTM memories."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    for number, scale in enumerate(("0.5", "1", "3")):
        found = curves[f"plain {scale}"]
        line(left, range(1, len(found) + 1), found, number, f"recurrent weights of scale {scale}")
    for number, bias in enumerate((0, 1, 3)):
        found = curves[f"memory {bias}"]
        line(right, range(len(found)), found, number, f"bias of the forget gate {bias}")
    for axes, title in ((left, "plain: gradient of the state"), (right, "LSTM: gradient of the memory")):
        axes.set(title=title, yscale="log", xlabel="step")
        axes.legend()
    left.set(ylabel="relative to what came in at the end")
    return figure


def reading(curves: Curves) -> Figure:
    """Draw the loss of recurrent nets that read rows and pixels."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 3.4), sharey=True, layout="constrained")
    for axes, (way, title) in zip(panels, {"rows": "8 rows", "pixels": "64 pixels"}.items()):
        for number, (kind, label) in enumerate({"plain": "plain", "lstm": "LSTM"}.items()):
            for at, name in enumerate(name for name in curves if name.startswith(f"{way} {kind}")):
                look = LOOKS[number] | {"linewidth": 0.8 + 0.8 * at, "marker": MARKERS[at], "markersize": 4}
                shares = 100 * (np.arange(len(curves[name])) + 0.5) / len(curves[name])
                axes.plot(shares, curves[name], label=f"{label}, rate {name.split()[2]}", **look)
        axes.axhline(0.9, color="grey", linewidth=0.8)
        axes.set(title=title, xlabel="steps of gradient descent, %", ylim=(0, 1.6))
    panels[0].set(ylabel="loss")
    panels[0].legend()
    return figure


def clipping(curves: Curves) -> Figure:
    """Draw the loss and the gradient's norm, for several clipping limits."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
    names = {"none": "no clipping", "ten": "limit 10", "one": "limit 1", "tenth": "limit 0.1"}
    for number, (name, label) in enumerate(names.items()):
        for axes, kind in ((left, "losses"), (right, "norms")):
            line(axes, range(len(curves[name][kind])), curves[name][kind], number, label)
    left.set(xlabel="step", ylabel="loss", yscale="log")
    right.set(xlabel="step", ylabel="norm of the gradient before clipping", yscale="log")
    left.legend()
    return figure


def tuning(curves: Curves) -> Figure:
    """Draw the share of unseen digits that is right, for four starts."""
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    names = {"nothing": "from nothing", "tuned": "pretrained", "random": "last layer, random rest"}
    for number, (name, label) in enumerate({**names, "frozen": "last layer, pretrained rest"}.items()):
        line(axes, range(0, 4 * len(curves[name]), 4), curves[name], number, label)
    axes.set(xlabel="step", ylabel="unseen digits right", ylim=(0, 1))
    axes.legend()
    return figure


def remedy(curves: Curves) -> Figure:
    """Draw the loss and the gradients by layer of seven networks."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    names = {
        "sigmoid": "sigmoid",
        "tanh": "tanh",
        "relu": "ReLU",
        "leaky": "leaky ReLU",
        "he": "ReLU, He",
        "normalized": "sigmoid, BatchNorm",
        "residual": "ReLU, residual",
    }
    for number, (name, label) in enumerate(names.items()):
        found = curves[name]
        line(left, range(1, len(found["losses"]) + 1), found["losses"], number, label)
        places = found["stride"] * np.arange(1, len(found["norms"]) + 1)
        line(right, places, found["norms"], number, None)
    left.set(xlabel="step", ylabel="loss", yscale="log")
    right.set(xlabel="layer (1 is next to the input)", ylabel="gradient at the start", yscale="log")
    figure.legend(loc="outside right center")
    return figure


FIGURES: dict[str, Callable[[Curves], Figure]] = {
    "depth": depth,
    "conditions": conditions,
    "remedies": remedies,
    "shortcuts": shortcuts,
    "training": training,
    "through_time": through_time,
    "reading": reading,
    "clipping": clipping,
    "tuning": tuning,
    "remedy": remedy,
}


def save(figure: Figure, path: Path) -> None:
    """Save the figure as a small PNG in a few colours, without a date or a version, so that it can be made again."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=110, metadata={"Software": None})
    plt.close(figure)
    Image.open(drawn).convert("RGB").quantize(48, dither=Image.Dither.NONE).save(path, optimize=True)
