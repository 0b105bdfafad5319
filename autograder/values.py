"""Values: the only things that cross between the examiner and a student's function.

A value is None, a bool, an int of 64 bits, a float, a str, a NumPy array of a dtype in ``DTYPES``, or a
tuple, list or dict (with str keys) of values. A random generator travels as its seed (``Rng``), and what a
student returned that is no value travels as its name (``Refused``).

Types are tested exactly, never with ``isinstance``: a subclass of ``float`` or ``ndarray`` may carry methods
of a student's making, and nothing here calls a method of an object that it hasn't recognised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

__all__ = [
    "DTYPES",
    "MAX_ARRAY_BYTES",
    "MAX_DEPTH",
    "MAX_DIMENSIONS",
    "MAX_ITEMS",
    "MAX_TEXT",
    "Array",
    "Refused",
    "Rng",
    "Value",
    "canonical",
    "identical",
    "leaves",
    "materialize",
    "snapshot",
]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

MAX_DEPTH = 6
"""Containers within containers."""
MAX_ITEMS = 10_000
"""Parts of one value, all containers together."""
MAX_DIMENSIONS = 16
"""Of one array. NumPy allows 64; no exercise asks for more than four."""
MAX_ARRAY_BYTES = 32 * 2**20
"""Of one array."""
MAX_TEXT = 10_000
"""Characters of one string."""

DTYPES: tuple[np.dtype[Any], ...] = tuple(
    np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble"),
    )
)
"""Every dtype that an array may have, in native byte order. A position in this table is its code on the wire."""


@dataclass(frozen=True, slots=True)
class Rng:
    """A random generator, as the seed from which the worker makes it: ``numpy.random.default_rng(seed)``."""

    seed: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that isn't a value, by its name with an article: "a generator", "an array of objects"."""

    what: str


Value: TypeAlias = (
    "bool | int | float | str | Array | Rng | Refused | tuple[Value, ...] | list[Value] | dict[str, Value] | None"
)


def snapshot(thing: object) -> Value:
    """Copy what a student's function returned into a value; what can't be one becomes ``Refused``.

    NumPy scalars and complex numbers become 0-d arrays. Nothing in the result shares memory with ``thing``.
    """
    return _snapshot(thing, MAX_DEPTH, [MAX_ITEMS])


def _snapshot(thing: object, depth: int, left: list[int]) -> Value:
    left[0] -= 1
    if left[0] < 0:
        return Refused(f"more than {MAX_ITEMS} things in one answer")
    kind = type(thing)
    if thing is None or kind is bool or kind is float or kind is Rng:
        return thing  # type: ignore[return-value]
    if kind is int:
        return thing if -(2**63) <= thing < 2**63 else Refused("an integer of more than 64 bits")  # type: ignore[operator,return-value]
    if kind is str:
        return thing if len(thing) <= MAX_TEXT else Refused(f"a string of more than {MAX_TEXT} characters")  # type: ignore[arg-type,return-value]
    if kind is complex:
        return np.array(thing)
    if kind is np.ndarray:
        return _array(thing)  # type: ignore[arg-type]
    if kind in _SCALARS:
        return _array(np.asarray(thing))
    if kind is tuple or kind is list or kind is dict:
        if depth == 0:
            return Refused(f"containers nested more than {MAX_DEPTH} deep")
        if kind is dict:
            if any(type(key) is not str or len(key) > MAX_TEXT for key in thing):  # type: ignore[attr-defined]
                return Refused("a dict whose keys aren't strings")
            return {key: _snapshot(part, depth - 1, left) for key, part in thing.items()}  # type: ignore[attr-defined]
        if len(thing) > MAX_ITEMS:  # type: ignore[arg-type]
            return Refused(f"more than {MAX_ITEMS} things in one answer")
        parts = [_snapshot(part, depth - 1, left) for part in thing]  # type: ignore[attr-defined]
        return tuple(parts) if kind is tuple else parts
    return Refused(_name(kind))


_SCALARS = frozenset(dtype.type for dtype in DTYPES)


def _array(array: Array) -> Value:
    if array.ndim > MAX_DIMENSIONS:
        return Refused(f"an array of {array.ndim} dimensions")
    if array.nbytes > MAX_ARRAY_BYTES:
        return Refused(f"an array of {array.nbytes // 2**20} MiB")
    native = array.dtype.newbyteorder("=")
    if native not in DTYPES:
        return Refused("an array of objects" if array.dtype.hasobject else f"an array of dtype {array.dtype.name[:40]}")
    return np.array(array, dtype=native, order="C", copy=True)


def _name(kind: type) -> str:
    """A type's name with its article, read without asking the type itself."""
    if kind.__mro__[1:] and np.ndarray in kind.__mro__:
        return f"an ndarray subclass ({type.__getattribute__(kind, '__name__')[:40]})"
    name = str(type.__getattribute__(kind, "__name__"))[:40]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def materialize(value: Value) -> Any:
    """A fresh copy to hand to a function: arrays are new and writable, each ``Rng`` a new generator."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, Rng):
        return np.random.default_rng(value.seed)
    if isinstance(value, tuple):
        return tuple(materialize(part) for part in value)
    if isinstance(value, list):
        return [materialize(part) for part in value]
    if isinstance(value, dict):
        return {key: materialize(part) for key, part in value.items()}
    return value


def leaves(value: Value, path: str = "") -> Iterator[tuple[str, Value]]:
    """The parts of a value that hold no other parts, each with its place: ``[0]``, ``['dW'][2]``."""
    if isinstance(value, (tuple, list)):
        for index, part in enumerate(value):
            yield from leaves(part, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{path}[{key!r}]")
    else:
        yield path, value


def identical(one: Value, other: Value) -> bool:
    """Whether two values are the same bit by bit (NaN equals NaN, 0.0 isn't -0.0). Of recognised types only."""
    return canonical(one) == canonical(other)


def canonical(value: Value) -> object:
    """A hashable form of a value, equal exactly when the values are identical."""
    if isinstance(value, np.ndarray):
        return ("array", value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, (tuple, list)):
        return (type(value).__name__, *(canonical(part) for part in value))
    if isinstance(value, dict):
        return ("dict", *((key, canonical(part)) for key, part in value.items()))
    if isinstance(value, float):
        return ("float", np.float64(value).tobytes())
    return (type(value).__name__, value)
