"""Comparing an answer with the right one: structure, shape, dtype, finiteness, values, in that order.

The first of these that is wrong is what a student is told. What is merely unusual becomes a note.
Both sides are values (``values``): nothing here runs a method that a student wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from htilde.distributions import Law, Sample
from htilde.language import _
from htilde.laws import departure, similar
from htilde.model import Tolerance
from htilde.telling.wording import apart, describe, show
from htilde.values import Array, Value

__all__ = ["Aspect", "Difference", "Outcome", "alike", "compare", "compare_together"]

MAX_EXTRA_DIMENSIONS = 2
"""Dimensions of length 1 more than asked (keepdims) that are a note, not an error."""


class Aspect(StrEnum):
    """What about an answer is wrong."""

    STRUCTURE = "structure"
    SHAPE = "shape"
    DTYPE = "dtype"
    FINITE = "finite"
    VALUES = "values"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing wrong: ``where`` is the part of the answer ("[1]"), ``index`` the worst entry in it."""

    aspect: Aspect
    message: str
    where: str = ""
    index: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a comparison found; right when ``difference`` is None."""

    difference: Difference | None
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.difference is None


_RIGHT = Outcome(None)


def compare(got: Value, want: Value, tolerance: Tolerance, *, scale: float = 1.0) -> Outcome:
    """Compare an answer with the right one.

    ``want`` says the structure; lists and tuples count alike, and so do Python, NumPy and 0-d scalars.
    An entry is right when ``|got - want| <= rtol * |want| + atol * scale``; a random answer, where ``want`` has a
    law, when it could be a draw from that.
    """
    if _is_plainly_right(got, want, tolerance, scale):
        return _RIGHT
    notes: list[str] = []
    for where, part, right in _pairs(got, want, ""):
        difference = part if isinstance(part, Difference) else _leaf(part, right, tolerance, scale, where, notes)
        if difference is not None:
            return Outcome(difference, tuple(notes))
    return Outcome(None, tuple(dict.fromkeys(notes)))


_FLOAT = np.dtype(np.float64)


def _is_plainly_right(got: Value, want: Value, tolerance: Tolerance, scale: float) -> bool:
    """Whether every entry of arrays of float64 is finite and right, as most are; all else is looked at more closely."""
    if isinstance(want, (tuple, list)):
        return (
            isinstance(got, (tuple, list))
            and len(got) == len(want)
            and all(_is_plainly_right(part, right, tolerance, scale) for part, right in zip(got, want))
        )
    if not (isinstance(got, np.ndarray) and isinstance(want, np.ndarray) and got.shape == want.shape):
        return False
    if not (got.dtype == _FLOAT == want.dtype):
        return False
    if got.tobytes() == want.tobytes():
        return True
    with np.errstate(all="ignore"):
        allowed = tolerance.rtol * np.abs(want) + tolerance.atol * scale
        return bool((np.abs(got - want) <= allowed).all() and np.isfinite(want).all())


def compare_together(answers: Sequence[tuple[Value, Value]]) -> Difference | None:
    """What is wrong with right-looking answers to random questions, each beside its right one, when seen together."""
    drawn: dict[tuple[str, str], list[tuple[Array, Law]]] = {}
    for got, want in answers:
        for where, part, law in _pairs(got, want, ""):
            if isinstance(law, Law):
                array = np.asarray(part).reshape(law.shape)
                drawn.setdefault((where, law.family), []).append((array, law))
    for (where, _family), pairs in drawn.items():
        if wrong := departure([array for array, _law in pairs], [law for _array, law in pairs]):
            return Difference(Aspect.LAW, wrong, where)
    return None


def _pairs(got: Value, want: Value, where: str) -> Iterator[tuple[str, Value | Difference, Value]]:
    """The parts of the right answer, each beside what stands in its place."""
    if isinstance(want, (tuple, list)):
        if not isinstance(got, (tuple, list)) or len(got) != len(want):
            yield where, _misbuilt(got, _("{count} values").format(count=len(want)), where), None
            return
        for index, (part, right) in enumerate(zip(got, want)):
            yield from _pairs(part, right, f"{where}[{index}]")
    elif isinstance(want, dict):
        if not isinstance(got, dict) or set(got) != set(want):
            yield where, _misbuilt(got, _("a dict with the keys {keys}").format(keys=", ".join(want)), where), None
            return
        for key, right in want.items():
            yield from _pairs(got[key], right, f"{where}[{key!r}]")
    else:
        yield where, got, want


def _misbuilt(got: Value, expected: str, where: str) -> Difference:
    if got is None:
        return Difference(Aspect.STRUCTURE, _("The function returned nothing. Is a return missing?"), where)
    message = _("It returned {got}; expected {expected}.").format(got=describe(got), expected=expected)
    return Difference(Aspect.STRUCTURE, message, where)


def _leaf(
    got: Value, want: Value, tolerance: Tolerance, scale: float, where: str, notes: list[str]
) -> Difference | None:
    if want is None or isinstance(want, str):
        return None if type(got) is type(want) and got == want else _misbuilt(got, show(want), where)
    if not isinstance(got, (bool, int, float, np.ndarray)):
        return _misbuilt(got, describe(want), where)
    law = want if isinstance(want, Law) else None
    there, right = np.asarray(got), np.asarray(want) if law is None else np.broadcast_to(0.0, law.shape)
    squeezed = _without_extra_dimensions(there, right.shape)
    if squeezed is None:
        message = _("Its shape is {got}; expected {expected}.")
        return Difference(Aspect.SHAPE, message.format(got=there.shape, expected=right.shape), where)
    if squeezed.shape != there.shape:
        notes.append(_("shape {got} where {expected} is meant").format(got=there.shape, expected=right.shape))
    problem, note = _dtype(there.dtype, right.dtype)
    if problem:
        return Difference(Aspect.DTYPE, problem, where)
    if note:
        notes.append(note)
    if law is not None:
        return _unlawful(squeezed, law, where)
    return _entries(squeezed, right, tolerance, scale, where)


def _unlawful(got: Array, law: Law, where: str) -> Difference | None:
    if not (finite := np.isfinite(got)).all():
        index = _first(~finite)
        message = _("The result is {got} in {count} of {size} places.")
        told = message.format(got=got[index], count=int(np.sum(~finite)), size=got.size)
        return Difference(Aspect.FINITE, told, where, index)
    wrong = departure([got], [law])
    return Difference(Aspect.LAW, wrong, where) if wrong else None


def _without_extra_dimensions(got: Array, shape: tuple[int, ...]) -> Array | None:
    """``got`` in the wanted shape if it only has a few dimensions of length 1 too many, else None."""
    if got.shape == shape:
        return got
    extra = got.ndim - len(shape)
    if 0 < extra <= MAX_EXTRA_DIMENSIONS and _significant(got.shape) == _significant(shape):
        return got.reshape(shape)
    return None


def _significant(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def _dtype(got: np.dtype[np.generic], want: np.dtype[np.generic]) -> tuple[str, str]:
    """A problem or a note about the dtype, each empty when there is none."""
    if want.kind == "f" and got.kind == "f":
        if got.itemsize < want.itemsize:
            message = _("It is {got} and has lost precision; expected {expected}.")
            return message.format(got=got, expected=want), ""
        note = _("{got} where {expected} came in").format(got=got, expected=want)
        return "", note if got.itemsize > want.itemsize else ""
    if got.kind == want.kind or (want.kind in "iu" and got.kind in "iu"):
        return "", ""
    message = _("Its dtype is {got}; expected {expected}.").format(got=got, expected=want)
    if want.kind == "f" and got.kind in "iub":
        message += " " + _("Numbers with a fraction don't fit in it.")
    return message, ""


def _entries(got: Array, want: Array, tolerance: Tolerance, scale: float, where: str) -> Difference | None:
    if want.dtype.kind in "biu":
        wrong = np.asarray(got != want)
        error = wrong.astype(float)
    else:
        with np.errstate(all="ignore"):
            number = np.complex128 if want.dtype.kind == "c" else np.float64
            mine, right = got.astype(number), want.astype(number)
            same = (mine == right) | (np.isnan(mine) & np.isnan(right))
            error = np.where(same, 0.0, np.nan_to_num(np.abs(mine - right), nan=np.inf))
            unbounded = ~np.isfinite(mine) & ~same
            near = np.isfinite(right) & (error <= tolerance.rtol * np.abs(right) + tolerance.atol * scale)
            wrong = ~same & ~near
            if unbounded.any():
                index = _first(unbounded)
                if np.isnan(mine[index]):
                    message = _("The result is NaN (not a number) where {right} is right.")
                else:
                    message = _("The result is infinite where {right} is right.")
                return Difference(Aspect.FINITE, message.format(right=f"{right[index]:.6g}"), where, index)
    if not wrong.any():
        return None
    index = _first(wrong & (error == np.max(error[wrong])))
    mine_text, right_text = apart(got[index], want[index])
    if wrong.size > 1:
        message = _("{count} of {size} entries are wrong: {got} at {place} where {right} is right.")
    else:
        message = _("The value is wrong: {got} where {right} is right.")
    message = message.format(
        count=int(wrong.sum()), size=wrong.size, got=mine_text, place=list(index), right=right_text
    )
    return Difference(Aspect.VALUES, message, where, index)


def _first(mask: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def alike(one: Value, other: Value, *, tolerance: float) -> bool:
    """Whether two answers, right or wrong, are the same up to ``tolerance`` of their largest entry.

    Used to recognise a mistake: NaN is like NaN, and a different shape, dtype kind or structure isn't alike.
    """
    if isinstance(one, (tuple, list)) and isinstance(other, (tuple, list)):
        return len(one) == len(other) and all(alike(a, b, tolerance=tolerance) for a, b in zip(one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(alike(one[key], other[key], tolerance=tolerance) for key in one)
    if isinstance(one, (Law, Sample)) or isinstance(other, (Law, Sample)):
        return similar(one, other)
    numeric = (bool, int, float, np.ndarray)
    if not (isinstance(one, numeric) and isinstance(other, numeric)):
        return type(one) is type(other) and one == other
    a, b = np.asarray(one), np.asarray(other)
    if _significant(a.shape) != _significant(b.shape) or (a.dtype.kind == "b") != (b.dtype.kind == "b"):
        return False
    with np.errstate(all="ignore"):
        x, y = a.astype(np.complex128).ravel(), b.astype(np.complex128).ravel()
        finite = np.isfinite(x) & np.isfinite(y)
        largest = float(np.max(np.abs(y[finite]), initial=0.0))
        close = np.abs(x - y) <= tolerance * np.abs(y) + 1e-3 * tolerance * largest
        return bool(np.all(np.where(finite, close, (x == y) | (np.isnan(x) & np.isnan(y)))))
