"""Values: what the examiner and a student's function exchange.

A value is None, a bool, an int of 64 bits, a float, a str, a NumPy array of a dtype in ``DTYPES``, or a
tuple, list or dict (with str keys) of values. A random generator is sent as its seed (``Rng``), a returned object
that is no value as its name (``Refused``), and a random answer as its ``Law`` or ``Sample``.

Types are tested exactly, never with ``isinstance``: a subclass of ``float`` or ``ndarray`` may have methods that a
student wrote, and nothing here calls a method of an object whose type it doesn't know.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import Any, TypeAlias, cast

import numpy as np

from htilde.distributions import Law, Sample
from htilde.sizes import MAX_BYTES, MAX_DEPTH, MAX_DIMENSIONS, MAX_ITEMS, MAX_TEXT, extent

__all__ = [
    "DTYPES",
    "Array",
    "Refused",
    "Rng",
    "Value",
    "canonical",
    "identical",
    "leaves",
    "materialize",
    "snapshot",
    "type_name",
]

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

DTYPES: tuple[np.dtype[Any], ...] = tuple(
    np.dtype(name)
    for name in (
        *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("float16", "float32", "float64", "longdouble", "complex64", "complex128", "clongdouble"),
    )
)
"""Every dtype that an array may have, in native byte order. A position in this table is its code on the wire."""


_NATIVE = {dtype: dtype for dtype in DTYPES}
_NARROW = {np.dtype(np.longdouble): np.dtype(np.float64), np.dtype(np.clongdouble): np.dtype(np.complex128)}


@dataclass(frozen=True, slots=True)
class Rng:
    """A random generator, as the seed from which the worker makes it: ``numpy.random.default_rng(seed)``."""

    seed: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Stands for an object that isn't a value. ``what`` is its name with an article: "an array of objects"."""

    what: str


Value: TypeAlias = (
    "bool | int | float | str | Array | Rng | Refused | Law | Sample"
    " | tuple[Value, ...] | list[Value] | dict[str, Value] | None"
)


def snapshot(thing: object) -> Value:
    """Copy what a student's function returned into a value; what can't be one becomes ``Refused``.

    NumPy scalars and complex numbers become 0-d arrays. Nothing in the result shares memory with ``thing``.
    """
    if type(thing) is np.ndarray and 0 < thing.nbytes <= MAX_BYTES and thing.ndim <= MAX_DIMENSIONS:
        native = _NATIVE.get(thing.dtype)
        if native is not None:  # what most answers are
            return np.array(thing, dtype=native, order="C", copy=True)
    return _Snapshot().of(thing, MAX_DEPTH)


class _Snapshot:
    """Makes one snapshot and counts how much it may still hold."""

    def __init__(self) -> None:
        self.items, self.bytes = MAX_ITEMS, MAX_BYTES

    # Types are told by "is", so that mypy can't follow; every branch knows exactly what it holds.
    def of(self, thing: Any, depth: int) -> Value:
        kind = type(thing)
        if kind is np.ndarray:
            return self._array(thing)
        if thing is None or kind is float or kind is bool or kind is Rng or kind is Law or kind is Sample:
            return cast("Value", thing)
        if kind is int:
            return cast("int", thing) if -(2**63) <= thing < 2**63 else Refused("an integer of more than 64 bits")
        if kind is str:
            if len(thing) > MAX_TEXT:
                return Refused(f"a string of more than {MAX_TEXT} characters")
            return cast("str", thing) if self._fits(4 * len(thing)) else Refused(_TOO_MUCH)
        if kind is complex or any(kind is scalar for scalar in _SCALARS):
            return self._array(np.asarray(thing))
        if kind is tuple or kind is list or kind is dict:
            if depth == 0:
                return Refused(f"containers nested more than {MAX_DEPTH} deep")
            if len(thing) > self.items:  # counted before its parts are looked at: a list may hold the same list often
                return Refused(f"more than {MAX_ITEMS} things in one answer")
            self.items -= len(thing)
            return self._parts(thing, depth - 1)
        return Refused(_name(kind))

    def _parts(self, thing: Any, depth: int) -> Value:
        if type(thing) is dict:
            if any(type(key) is not str or len(key) > MAX_TEXT for key in thing):
                return Refused("a dict whose keys aren't strings")
            if not self._fits(4 * sum(map(len, thing))):
                return Refused(_TOO_MUCH)
            return {key: self.of(part, depth) for key, part in thing.items()}
        parts = [self.of(part, depth) for part in thing]
        return tuple(parts) if type(thing) is tuple else parts

    def _array(self, array: Array) -> Value:
        if array.ndim > MAX_DIMENSIONS:
            return Refused(f"an array of {array.ndim} dimensions")
        if array.nbytes > MAX_BYTES:
            return Refused(f"an array of {array.nbytes // 2**20} MiB")
        native = _NATIVE.get(array.dtype.newbyteorder("="))
        if native is None:
            what = "an array of objects" if array.dtype.hasobject else f"an array of dtype {array.dtype.name[:40]}"
            return Refused(what)
        if extent(array.shape) > MAX_BYTES:
            return Refused(f"an array of shape {array.shape}")
        if not self._fits(array.nbytes):
            return Refused(_TOO_MUCH)
        return np.array(array, dtype=native, order="C", copy=True)

    def _fits(self, size: int) -> bool:
        self.bytes -= size
        return self.bytes >= 0


_TOO_MUCH = f"more than {MAX_BYTES // 2**20} MiB in one answer"
_SCALARS = (*(dtype.type for dtype in DTYPES), np.longlong, np.ulonglong)  # the last two are int64's and uint64's twins


# Descriptors of "type" itself, because a metaclass may be a student's.
_get_name = type.__dict__["__name__"].__get__
_get_mro = type.__dict__["__mro__"].__get__


def type_name(kind: type) -> str:
    """Return a type's name without running any code of the type or its metaclass."""
    return str.__str__(_get_name(kind))


def _name(kind: type) -> str:
    """Return a type's name with its article."""
    name = type_name(kind)[:40]
    if any(base is np.ndarray for base in _get_mro(kind)):
        return f"an ndarray subclass ({name})"
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def materialize(value: Value) -> Any:
    """Return a copy to pass to a function: arrays are new and writable, each ``Rng`` is a new generator."""
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
    """Yield the parts of a value that hold no other parts, each after its place: ``[0]``, ``['dW'][2]``."""
    if isinstance(value, (tuple, list)):
        for index, part in enumerate(value):
            yield from leaves(part, f"{path}[{index}]")
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, f"{path}[{key!r}]")
    else:
        yield path, value


def identical(one: Value, other: Value) -> bool:
    """Return True if two values are the same bit by bit: NaN equals NaN, 0.0 isn't -0.0."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.dtype not in _NARROW:
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return canonical(one) == canonical(other)


def canonical(value: Value) -> object:
    """Return a hashable form of a value. Two of them are equal exactly if the values are ``identical``."""
    if isinstance(value, np.ndarray):
        # The bytes of a long double hold padding, and only the digits of a float64 travel.
        entries = value.astype(_NARROW.get(value.dtype, value.dtype), copy=False)
        return ("array", value.dtype.str, value.shape, entries.tobytes())
    if isinstance(value, (tuple, list)):
        return (type(value).__name__, *(canonical(part) for part in value))
    if isinstance(value, dict):
        return ("dict", *((key, canonical(part)) for key, part in value.items()))
    if isinstance(value, float):
        return ("float", np.float64(value).tobytes())
    if isinstance(value, (Law, Sample)):
        return (type(value).__name__, canonical(astuple(value)))
    return (type(value).__name__, value)
