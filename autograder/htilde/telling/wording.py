"""Put values into words: what one is, and its digits, short enough for a line whatever a worker sent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from htilde.distributions import Law, Sample
from htilde.evidence import EDGE, Cut, Excerpt, Shown, kind_of
from htilde.language import _
from htilde.values import Array, Refused, Rng, Value

__all__ = ["apart", "describe", "description", "numeral", "shape", "show"]

MAX_SHOWN = 600
"""Characters of one value: a page can hold what is shown of it, whatever a worker sent."""


def describe(value: Value) -> str:
    """Return what a value is, in a few words: "an array of shape (3, 2) and dtype float64"."""
    return description(kind_of(value))


def description(kind: Any) -> str:
    """Return in a few words what ``evidence.kind_of`` has found a value to be."""
    match kind["type"]:
        case "other":
            return _cut(kind.get("name", ""), 200) or _("something else")
        case "array":
            what = _("an array of shape {shape} of dtype {dtype}") if kind["shape"] else _("a number of dtype {dtype}")
            return what.format(shape=shape(kind["shape"]), dtype=kind["dtype"])
        case "tuple" | "list":
            return _("a {kind} of {count} values").format(kind=kind["type"], count=kind["count"])
        case "values":
            return _("{count} values").format(count=kind["count"])
        case "dict":
            keys = ", ".join(kind["keys"])[:200]
            return _("a dict with the keys {keys}").format(keys=keys) if kind["count"] else _("an empty dict")
        case "text":
            return repr(kind["text"])
        case "none":
            return _("nothing (None)")
    return {"bool": _("a bool"), "int": _("an integer"), "float": _("a float"), "str": _("a string")}[kind["type"]]


def shape(lengths: Any) -> str:
    """Return the shape of an array as NumPy writes it."""
    return str(tuple(lengths))


def show(value: Shown, *, digits: int = 6) -> str:
    """Return a value, or what was kept of it, as short text on one line."""
    return _cut(_text(value, digits), MAX_SHOWN)


def _text(value: Shown, digits: int) -> str:
    if isinstance(value, Refused):
        return value.what
    if isinstance(value, (Law, Sample)):
        return _text_of_a_law(value, digits)
    if isinstance(value, Rng):
        return f"default_rng({value.seed})"
    if isinstance(value, float | np.floating):
        return f"{value:.{digits}g}"
    if isinstance(value, np.ndarray):
        if value.size == 0:
            return _("an empty array of shape {shape}").format(shape=value.shape)
        return describe(value) if value.ndim > 3 else _entries(value, digits, threshold=12)
    if isinstance(value, Excerpt):
        if value.kept.size:
            return _entries(value.kept, digits, threshold=0)
        return description({"type": "array", "shape": value.shape, "dtype": value.kept.dtype.name})
    if isinstance(value, Cut):
        return "..."
    if isinstance(value, (tuple, list)):
        return f"({_joined(show(part, digits=digits) for part in value)})"
    if isinstance(value, dict):
        return f"{{{_joined(f'{key!r}: {show(part, digits=digits)}' for key, part in value.items())}}}"
    return repr(value) if not isinstance(value, np.generic) else str(value)


def _entries(array: Array, digits: int, *, threshold: int) -> str:
    text = np.array2string(
        array, precision=digits, threshold=threshold, edgeitems=EDGE, separator=", ", floatmode="maxprec"
    )
    return " ".join(text.split()).replace("[ ", "[")


def _text_of_a_law(value: Law | Sample, digits: int) -> str:
    mean, std = f"{value.mean:.{digits}g}", f"{value.std:.{digits}g}"
    if isinstance(value, Sample):
        text = _("mean {mean}, standard deviation {std}").format(mean=mean, std=std)
        if len(value.shape) > 1 and (value.rows, value.columns) != (value.shape[0], value.shape[-1]):
            more = _("different rows: {rows}, different columns: {columns}")
            text += f"; {more.format(rows=value.rows, columns=value.columns)}"
        return text
    if value.family == "normal":
        return _("normal: mean {mean}, standard deviation {std}").format(mean=mean, std=std)
    reach = math.sqrt(3) * value.std
    low, high = f"{value.mean - reach:.{digits}g}", f"{value.mean + reach:.{digits}g}"
    return _("uniform on [{low}, {high}]: standard deviation {std}").format(low=low, high=high, std=std)


def _joined(texts: Iterable[str]) -> str:
    """Join as many of the texts as can be shown; the rest isn't made."""
    told: list[str] = []
    for text in texts:
        told.append(text)
        if sum(map(len, told)) > MAX_SHOWN:
            break
    return ", ".join(told)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 4]} ..."


def apart(one: Shown, other: Shown) -> tuple[str, str]:
    """Return two different values with as many digits as it takes to see that they are."""
    for digits in (6, 10, 14, 17):
        texts = show(one, digits=digits), show(other, digits=digits)
        if texts[0] != texts[1]:
            break
    return texts


def numeral(plain: Any) -> Shown:
    """Return the value that a number of a verdict's details stands for (``evidence.number``)."""
    if isinstance(plain, dict):
        return np.complex128(complex(float(plain["real"]), float(plain["imag"])))  # type: ignore[return-value]
    return float(plain) if isinstance(plain, str) else plain
