"""Values in words: what one is, and its digits, short enough for a line whatever a worker sent."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from htilde.distributions import Law, Sample
from htilde.language import _
from htilde.values import Refused, Rng, Value

__all__ = ["apart", "describe", "show"]

MAX_SHOWN = 600
"""Characters of one value: a page can hold what is shown of it, whatever a worker sent."""


def describe(value: Value) -> str:
    """What a value is, in a few words: "an array of shape (3, 2) and dtype float64"."""
    if isinstance(value, Refused):
        return _cut(value.what, 200) or _("something else")
    if isinstance(value, Law):
        return describe(np.broadcast_to(0.0, value.shape))
    if isinstance(value, np.ndarray):
        what = _("an array of shape {shape} of dtype {dtype}") if value.ndim else _("a number of dtype {dtype}")
        return what.format(shape=value.shape, dtype=value.dtype)
    if isinstance(value, (tuple, list)):
        return _("a {kind} of {count} values").format(kind=type(value).__name__, count=len(value))
    if isinstance(value, dict):
        return _("a dict with the keys {keys}").format(keys=", ".join(value)[:200]) if value else _("an empty dict")
    if value is None:
        return _("nothing (None)")
    names = {bool: _("a bool"), int: _("an integer"), float: _("a float"), str: _("a string")}
    return names.get(type(value), _("something else"))


def show(value: Value, *, digits: int = 6) -> str:
    """A value as short text on one line."""
    return _cut(_text(value, digits), MAX_SHOWN)


def _text(value: Value, digits: int) -> str:
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
        if value.ndim > 3:
            return describe(value)
        text = np.array2string(value, precision=digits, threshold=12, edgeitems=3, separator=", ", floatmode="maxprec")
        return " ".join(text.split()).replace("[ ", "[")
    if isinstance(value, (tuple, list)):
        return f"({_joined(show(part, digits=digits) for part in value)})"
    if isinstance(value, dict):
        return f"{{{_joined(f'{key!r}: {show(part, digits=digits)}' for key, part in value.items())}}}"
    return repr(value) if not isinstance(value, np.generic) else str(value)


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
    """As many of the texts as can be shown; the rest isn't made."""
    told: list[str] = []
    for text in texts:
        told.append(text)
        if sum(map(len, told)) > MAX_SHOWN:
            break
    return ", ".join(told)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 4]} ..."


def apart(one: Value, other: Value) -> tuple[str, str]:
    """Two different numbers with as many digits as it takes to see that they are."""
    for digits in (6, 10, 14, 17):
        texts = show(one, digits=digits), show(other, digits=digits)
        if texts[0] != texts[1]:
            break
    return texts
