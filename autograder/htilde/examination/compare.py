"""Compare an answer with the right one: structure, shape, dtype, finiteness, values, in that order.

The first of these that is wrong becomes the verdict. What is merely unusual becomes a note.
Both sides are values (``values``): nothing here runs a method that a student wrote.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from htilde.codes import Code, Details, Note, NoteCode, Plain, distinct
from htilde.distributions import Law, Sample
from htilde.evidence import kind_of, number
from htilde.examination.allowance import Allowance, distances
from htilde.laws import departure, similar
from htilde.values import Array, Value

__all__ = ["Difference", "Outcome", "alike", "as_asked", "compare", "compare_together"]

MAX_EXTRA_DIMENSIONS = 2
"""Dimensions of length 1 more than asked (keepdims) that are a note, not an error."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is wrong; ``where`` is the part of the answer ("[1]"), empty for all of it."""

    code: Code
    details: Details
    where: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a comparison; right when ``difference`` is None."""

    difference: Difference | None
    notes: tuple[Note, ...] = ()

    @property
    def ok(self) -> bool:
        """True if the answer is right."""
        return self.difference is None


_RIGHT = Outcome(None)


def compare(got: Value, want: Value, allowed: Allowance) -> Outcome:
    """Compare an answer with the right one.

    ``want`` says the structure; lists and tuples count alike, and so do Python, NumPy and 0-d scalars. A list of equal
    numbers or arrays counts as the array, and integers count where all that is right is whole. An entry is
    right when it is no farther from ``want`` than ``allowed``; a random answer, where ``want`` has a law, when it could
    be a draw from that.
    """
    if _is_plainly_right(got, want, allowed):
        return _RIGHT
    notes: list[Note] = []
    for where, part, right, near in _pairs(got, want, allowed, ""):
        difference = part if isinstance(part, Difference) else _leaf(part, right, near, where, notes)
        if difference is not None:
            return Outcome(difference, tuple(notes))
    return Outcome(None, distinct(notes))


_FLOAT = np.dtype(np.float64)


def _is_plainly_right(got: Value, want: Value, allowed: Allowance) -> bool:
    """Tell whether all entries of arrays of float64 are finite and right, as in most cases; anything else is False."""
    if isinstance(want, (tuple, list)):
        return (
            isinstance(got, (tuple, list))
            and len(got) == len(want)
            and all(map(_is_plainly_right, got, want, _parts(allowed, want)))
        )
    if not (isinstance(got, np.ndarray) and isinstance(want, np.ndarray) and got.shape == want.shape):
        return False
    if not (got.dtype == _FLOAT == want.dtype):
        return False
    if got.tobytes() == want.tobytes():
        return True
    with np.errstate(all="ignore"):
        return bool((np.abs(got - want) <= _within(allowed, want)).all() and np.isfinite(want).all())


def _within(allowed: Allowance, want: Array) -> Array:
    """Return the allowed distance of each entry; 0 if none is stated for an answer of this shape."""
    if allowed is None or np.shape(np.asarray(allowed)) != want.shape:
        return np.zeros(want.shape)
    return distances(allowed)


def _parts(allowed: Allowance, want: Sequence[Value]) -> Sequence[Allowance]:
    """Return the allowances of the parts of a container."""
    return allowed if isinstance(allowed, (tuple, list)) else [None] * len(want)


def compare_together(answers: Sequence[tuple[Value, Value]]) -> Difference | None:
    """Return what is wrong with random answers, each beside the right one, when they are tested together."""
    drawn: dict[tuple[str, str], list[tuple[Array, Law]]] = {}
    for got, want in answers:
        for where, part, law, _near in _pairs(got, want, None, ""):
            if isinstance(law, Law) and not isinstance(part, Difference):
                array = np.asarray(as_asked(part, law)).reshape(law.shape)
                drawn.setdefault((where, law.family), []).append((array, law))
    for (where, _family), pairs in drawn.items():
        if wrong := departure([array for array, _law in pairs], [law for _array, law in pairs]):
            return Difference(Code.WRONG_LAW, wrong, where)
    return None


def _pairs(
    got: Value, want: Value, allowed: Allowance, where: str
) -> Iterator[tuple[str, Value | Difference, Value, Allowance]]:
    """Yield the parts of the right answer, each with its path, what stands in its place and what is allowed."""
    if isinstance(want, (tuple, list)):
        if not isinstance(got, (tuple, list)) or len(got) != len(want):
            yield where, _misbuilt(got, {"type": "values", "count": len(want)}, where), None, None
            return
        for index, (part, right, near) in enumerate(zip(got, want, _parts(allowed, want))):
            yield from _pairs(part, right, near, f"{where}[{index}]")
    elif isinstance(want, dict):
        if not isinstance(got, dict) or set(got) != set(want):
            yield where, _misbuilt(got, kind_of(want), where), None, None
            return
        for key, right in want.items():
            near = allowed.get(key) if isinstance(allowed, dict) else None
            yield from _pairs(got[key], right, near, f"{where}[{key!r}]")
    else:
        yield where, got, want, allowed


def _misbuilt(got: Value, expected: dict[str, Plain], where: str) -> Difference:
    if got is None:
        return Difference(Code.RETURNED_NOTHING, {}, where)
    return Difference(Code.WRONG_STRUCTURE, {"got": kind_of(got), "expected": expected}, where)


def as_asked(got: Value, want: Value) -> Value:
    """Return an answer with an array in the place of each list of equal numbers or arrays where one is wanted."""
    if isinstance(want, (tuple, list)) and isinstance(got, (tuple, list)) and len(got) == len(want):
        return type(got)(map(as_asked, got, want))
    if isinstance(want, dict) and isinstance(got, dict):
        return {key: as_asked(part, want[key]) if key in want else part for key, part in got.items()}
    if not (isinstance(got, (tuple, list)) and isinstance(want, (np.ndarray, Law)) and want.shape):
        return got
    if _count(got) != math.prod(want.shape) or (array := _stacked(got)) is None:
        return got
    if isinstance(want, np.ndarray) and not array.size:  # an empty list has no dtype
        return array.astype(want.dtype)
    return array


def _count(parts: Value) -> int:
    """Return the number of entries of nested lists of numbers and arrays."""
    if isinstance(parts, (tuple, list)):
        return sum(map(_count, parts))
    return parts.size if isinstance(parts, np.ndarray) else 1


def _stacked(parts: Value) -> Array | None:
    """Return nested lists of numbers, or of arrays of one shape, as an array; None if they aren't that.

    Truth values stand beside nothing but truth values.
    """
    if isinstance(parts, (bool, int, float, np.ndarray)):
        return np.asarray(parts)
    if not isinstance(parts, (tuple, list)):
        return None
    if not parts:
        return np.zeros(0)
    kind = type(parts[0])
    if kind in (int, float, bool) and all(type(part) is kind for part in parts):
        return np.array(parts)
    arrays = [array for part in parts if (array := _stacked(part)) is not None]
    if len(arrays) < len(parts) or len({(array.shape, array.dtype.kind == "b") for array in arrays}) > 1:
        return None
    return np.stack(arrays) if arrays[0].ndim < _MOST_DIMENSIONS else None


_MOST_DIMENSIONS = 32
"""Dimensions of an array that every version of NumPy can make."""


def _leaf(got: Value, want: Value, allowed: Allowance, where: str, notes: list[Note]) -> Difference | None:
    if want is None or isinstance(want, str):
        if type(got) is type(want) and got == want:
            return None
        return _misbuilt(got, kind_of(want) if want is None else {"type": "text", "text": want[:200]}, where)
    listed, got = got, as_asked(got, want)
    if not isinstance(got, (bool, int, float, np.ndarray)):
        return _misbuilt(got, kind_of(want), where)
    law = want if isinstance(want, Law) else None
    there, right = np.asarray(got), np.asarray(want) if law is None else np.broadcast_to(0.0, law.shape)
    squeezed = _without_extra_dimensions(there, right.shape)
    shapes: Details = {"got": [*there.shape], "expected": [*right.shape]}
    if squeezed is None:
        return Difference(Code.WRONG_SHAPE, shapes, where) if got is listed else _misbuilt(listed, kind_of(want), where)
    if got is not listed:
        notes.append(Note(NoteCode.LIST, {"shape": [*there.shape]}))
    if squeezed.shape != there.shape:
        notes.append(Note(NoteCode.EXTRA_DIMENSIONS, shapes))
    if there.dtype != right.dtype:
        dtypes: dict[str, Plain] = {"got": there.dtype.name, "expected": right.dtype.name}
        loses = _loses(there.dtype, right.dtype)
        if loses == "fraction" and law is None and _are_whole(right):
            notes.append(Note(NoteCode.WHOLE_NUMBERS, dtypes))
        elif loses is not None:
            return Difference(Code.WRONG_DTYPE, {**dtypes, "loses": loses}, where)
        if there.dtype.kind == right.dtype.kind == "f":
            notes.append(Note(NoteCode.WIDER_DTYPE, dtypes))
    if law is not None:
        return _unlawful(squeezed, law, where)
    return _entries(squeezed, right, allowed, where)


def _unlawful(got: Array, law: Law, where: str) -> Difference | None:
    if not (finite := np.isfinite(got)).all():
        index = _first(~finite)
        told: Details = {"got": number(got[index]), "index": [*index], "count": int(np.sum(~finite)), "size": got.size}
        return Difference(Code.NOT_FINITE, told, where)
    wrong = departure([got], [law])
    return Difference(Code.WRONG_LAW, wrong, where) if wrong else None


def _without_extra_dimensions(got: Array, shape: tuple[int, ...]) -> Array | None:
    """Return ``got`` in the wanted shape if it only has a few dimensions of length 1 too many, else None."""
    if got.shape == shape:
        return got
    extra = got.ndim - len(shape)
    if 0 < extra <= MAX_EXTRA_DIMENSIONS and _significant(got.shape) == _significant(shape):
        return got.reshape(shape)
    return None


def _significant(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(length for length in shape if length != 1)


def _loses(got: np.dtype[np.generic], want: np.dtype[np.generic]) -> str | None:
    """Return what is lost in a dtype where another is wanted: "precision", "fraction" or "kind"; None if it will do."""
    if want.kind == "f" and got.kind == "f":
        return "precision" if got.itemsize < want.itemsize else None
    if got.kind == want.kind or (want.kind in "iu" and got.kind in "iu"):
        return None
    return "fraction" if want.kind == "f" and got.kind in "iu" else "kind"


def _are_whole(right: Array) -> bool:
    return bool(np.isfinite(right).all() and (right == np.floor(right)).all())


def _entries(got: Array, want: Array, allowed: Allowance, where: str) -> Difference | None:
    if want.dtype.kind in "biu":
        wrong = np.asarray(got != want)
        error = wrong.astype(float)
    else:
        with np.errstate(all="ignore"):
            kind = np.complex128 if want.dtype.kind == "c" else np.float64
            mine, right = got.astype(kind), want.astype(kind)
            same = (mine == right) | (np.isnan(mine) & np.isnan(right))
            error = np.where(same, 0.0, np.nan_to_num(np.abs(mine - right), nan=np.inf))
            unbounded = ~np.isfinite(mine) & ~same
            near = np.isfinite(right) & (error <= _within(allowed, right))
            wrong = ~same & ~near
            if unbounded.any():
                index = _first(unbounded)
                told: Details = {"got": number(mine[index]), "expected": number(right[index]), "index": [*index]}
                return Difference(Code.NOT_FINITE, told, where)
    if not wrong.any():
        return None
    index = _first(wrong & (error == np.max(error[wrong])))
    details: dict[str, Plain] = {
        "got": number(got[index]),
        "expected": number(want[index]),
        "index": [*index],
        "count": int(wrong.sum()),
        "size": wrong.size,
    }
    return Difference(Code.WRONG_VALUES, details, where)


def _first(mask: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def alike(one: Value, other: Value, *, tolerance: float) -> bool:
    """Tell whether two answers, right or wrong, are the same up to ``tolerance`` of their largest entry.

    Used to recognise a mistake: NaN is like NaN, and a different shape, dtype kind or structure isn't alike.
    """
    if isinstance(one, (tuple, list)) != isinstance(other, (tuple, list)):
        one, other = as_asked(one, other), as_asked(other, one)
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
