"""The values that show where an answer is wrong, small enough to be stored, and written to JSON without loss.

A value of up to ``MAX_ENTRIES`` numbers is kept as it is. Of a larger array its edges are kept (``Excerpt``), of a long
container its first parts, and then how many are missing (``Cut``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

import numpy as np

from htilde.codes import Plain
from htilde.distributions import Law, Sample
from htilde.values import DTYPES, Array, Refused, Rng, Value

__all__ = ["EDGE", "MAX_ENTRIES", "Cut", "Evidence", "Excerpt", "Shown", "excerpt", "kind_of", "number"]

EDGE = 3
"""Entries that are kept at each end of a dimension."""
MAX_ENTRIES = 343
"""Numbers that are kept of one value; with one entry between its edges an array of three dimensions has as many."""
MAX_CHARACTERS = 601
"""Characters that are kept of one text, one more than are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """A large array by its ``shape`` and what is ``kept`` of it: the edges of each dimension and an entry between them.

    Of an array of more than three dimensions nothing is kept but its dtype.
    """

    shape: tuple[int, ...]
    kept: Array


@dataclass(frozen=True, slots=True)
class Cut:
    """The place of parts of a container that were left out, with their number."""

    count: int


Shown: TypeAlias = "Value | Excerpt | Cut | tuple[Shown, ...] | list[Shown] | dict[str, Shown]"


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The arguments of a question by name, the answer to it, the right answer, and the answers of known mistakes.

    ``got``, ``expected`` and ``mistaken`` are the part of the answer that the verdict's details name, or all of it.
    """

    arguments: Mapping[str, Shown] = field(default_factory=dict)
    got: Shown = None
    expected: Shown = None
    mistaken: Mapping[str, Shown] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evidence) and self.to_plain() == other.to_plain()

    __hash__ = None  # type: ignore[assignment]

    def to_plain(self) -> dict[str, Plain]:
        """Return a plain form for JSON, which ``from_plain`` reads."""
        return {
            "arguments": {name: _plain(value) for name, value in self.arguments.items()},
            "got": _plain(self.got),
            "expected": _plain(self.expected),
            "mistaken": {name: _plain(value) for name, value in self.mistaken.items()},
        }

    @classmethod
    def from_plain(cls, plain: Any) -> Evidence:
        """Read the plain form that ``to_plain`` returns. Raises ValueError, TypeError or KeyError for anything else."""
        try:
            arguments, got, expected, mistaken = (plain[key] for key in ("arguments", "got", "expected", "mistaken"))
            return cls(_parts(arguments), _value(got), _value(expected), _parts(mistaken))
        except (AttributeError, OverflowError, RecursionError) as error:
            raise ValueError(f"not evidence: {error}") from None


def excerpt(value: Value) -> Shown:
    """Return a value, or what is kept of one that is large."""
    return _Scissors().cut(value)


class _Scissors:
    """Cuts one value down; ``left`` is the number of entries that may still be kept of it."""

    def __init__(self) -> None:
        self.left = MAX_ENTRIES

    def cut(self, value: Value) -> Shown:
        self.left -= value.size if isinstance(value, np.ndarray) else 1
        if isinstance(value, np.ndarray):
            return value if value.size <= MAX_ENTRIES else self._edges(value)
        if isinstance(value, str):
            return value[:MAX_CHARACTERS]
        if isinstance(value, Refused):
            return Refused(value.what[:MAX_CHARACTERS])
        if isinstance(value, (tuple, list)):
            parts = list(self._some(value))
            parts += [Cut(len(value) - len(parts))] if len(parts) < len(value) else []
            return tuple(parts) if isinstance(value, tuple) else parts
        if isinstance(value, dict):
            found = {key[:MAX_CHARACTERS]: part for key, part in zip(value, self._some(value.values()))}
            return found if len(found) == len(value) else {**found, "...": Cut(len(value) - len(found))}
        return value

    def _some(self, parts: Iterable[Value]) -> Iterator[Shown]:
        for part in parts:
            if self.left <= 0:
                return
            yield self.cut(part)

    def _edges(self, array: Array) -> Excerpt:
        if array.ndim > 3:
            return Excerpt(array.shape, np.empty(0, array.dtype))
        kept = (n if n <= 2 * EDGE else [*range(EDGE + 1), *range(n - EDGE, n)] for n in array.shape)
        kept_array = array[np.ix_(*(range(n) if isinstance(n, int) else n for n in kept))]
        self.left += array.size - kept_array.size
        return Excerpt(array.shape, kept_array)


def number(value: Any) -> Plain:
    """Return a number as JSON can hold it: "nan", "inf" and "-inf" as texts, a complex one by its parts."""
    value = value.item() if isinstance(value, (np.generic, np.ndarray)) else value
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, (complex, np.complexfloating)):
        return {"real": number(value.real), "imag": number(value.imag)}
    real = float(value)
    return real if math.isfinite(real) else str(real)


def kind_of(value: Value) -> dict[str, Plain]:
    """Describe a value: its type, and the shape and dtype, the count of parts or the keys that it has."""
    if isinstance(value, Refused):
        return {"type": "other", "name": value.what[:200]}
    if isinstance(value, Law):
        return {"type": "array", "shape": [*value.shape], "dtype": "float64"}
    if isinstance(value, np.ndarray):
        return {"type": "array", "shape": [*value.shape], "dtype": value.dtype.name}
    if isinstance(value, (tuple, list)):
        return {"type": type(value).__name__, "count": len(value)}
    if isinstance(value, dict):
        return {"type": "dict", "keys": [key[:40] for key in [*value][:20]], "count": len(value)}
    names = {type(None): "none", bool: "bool", int: "int", float: "float", str: "str"}
    return {"type": names.get(type(value), "other")}


# One tag for each type that JSON doesn't tell from another.


def _plain(value: Shown) -> Plain:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": value}
    if isinstance(value, float):
        return {"float": number(value)}
    if isinstance(value, (np.ndarray, Excerpt)):
        return {"array": _plain_array(value)}
    if isinstance(value, (tuple, list)):
        return {type(value).__name__: [_plain(part) for part in value]}
    if isinstance(value, dict):
        return {"dict": {key: _plain(part) for key, part in value.items()}}
    if isinstance(value, Rng):
        return {"rng": value.seed}
    if isinstance(value, Refused):
        return {"refused": value.what}
    if isinstance(value, Cut):
        return {"cut": value.count}
    fields = {name: _plain_field(part) for name, part in asdict(value).items()}
    return {"law" if isinstance(value, Law) else "sample": fields}


def _plain_field(part: Any) -> Plain:
    return [*part] if isinstance(part, tuple) else number(part) if isinstance(part, float) else part


def _plain_array(value: Array | Excerpt) -> dict[str, Plain]:
    kept = value.kept if isinstance(value, Excerpt) else value
    found: dict[str, Plain] = {
        "dtype": _NAMES[kept.dtype],
        "shape": [*value.shape],
        "entries": [number(entry) for entry in kept.ravel()],
    }
    return found | {"kept": [*kept.shape]} if isinstance(value, Excerpt) else found


_NAMES = {dtype: {"g": "longdouble", "G": "clongdouble"}.get(dtype.char, dtype.name) for dtype in DTYPES}
_DTYPES = {name: dtype for dtype, name in _NAMES.items()}


def _value(plain: Any) -> Shown:
    if plain is None or isinstance(plain, (bool, str)):
        return plain
    ((tag, content),) = plain.items()
    return _READ[tag](content)


def _parts(plain: Any) -> dict[str, Shown]:
    return {_checked(str, name): _value(part) for name, part in plain.items()}


def _checked(kind: type, thing: Any) -> Any:
    if type(thing) is not kind:
        raise TypeError(f"expected {kind.__name__}, not {type(thing).__name__}")
    return thing


def _number(plain: Any) -> Any:
    if isinstance(plain, str):
        if plain not in ("nan", "inf", "-inf"):
            raise ValueError("not a number")
        return float(plain)
    if isinstance(plain, dict):
        return complex(_number(plain["real"]), _number(plain["imag"]))
    if not isinstance(plain, (bool, int, float)):
        raise TypeError("not a number")
    return plain


def _shape(plain: Any) -> tuple[int, ...]:
    return tuple(_checked(int, length) for length in _checked(list, plain))


def _array(plain: Any) -> Shown:
    shape = _shape(plain["shape"])
    entries = [_number(entry) for entry in _checked(list, plain["entries"])]
    kept = _shape(plain["kept"]) if "kept" in plain else shape
    array = np.array(entries, dtype=_DTYPES[plain["dtype"]]).reshape(kept)
    return Excerpt(shape, array) if "kept" in plain else array


def _law(plain: Any) -> Law:
    return Law(plain["family"], _shape(plain["shape"]), float(_number(plain["std"])), float(_number(plain["mean"])))


def _sample(plain: Any) -> Sample:
    rows, columns = (_checked(int, plain[name]) for name in ("rows", "columns"))
    mean, std, kurtosis = (float(_number(plain[name])) for name in ("mean", "std", "kurtosis"))
    return Sample(_shape(plain["shape"]), rows, columns, mean, std, kurtosis)


_READ: Mapping[str, Callable[[Any], Shown]] = {
    "int": lambda plain: _checked(int, plain),
    "float": lambda plain: float(_number(plain)),
    "array": _array,
    "tuple": lambda plain: tuple(map(_value, _checked(list, plain))),
    "list": lambda plain: [*map(_value, _checked(list, plain))],
    "dict": lambda plain: _parts(_checked(dict, plain)),
    "rng": lambda plain: Rng(_checked(int, plain)),
    "refused": lambda plain: Refused(_checked(str, plain)),
    "cut": lambda plain: Cut(_checked(int, plain)),
    "law": _law,
    "sample": _sample,
}
