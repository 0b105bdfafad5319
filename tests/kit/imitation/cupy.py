"""Stands in for CuPy where there is no GPU: arrays that answer NumPy's functions and refuse to become NumPy's.

That much of CuPy's behaviour is documented, and is all that the kit relies on: ``__array_ufunc__`` and
``__array_function__`` answer with arrays of the same kind; an array of NumPy's among the arguments is refused, and so
is an implicit conversion.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np


class ndarray(np.lib.mixins.NDArrayOperatorsMixin):  # noqa: N801 - CuPy's name
    """An array "on the GPU"."""

    def __init__(self, entries: Any) -> None:
        self._entries = np.array(entries)

    @property
    def shape(self) -> tuple[int, ...]:
        return self._entries.shape

    @property
    def dtype(self) -> Any:
        return self._entries.dtype

    @property
    def T(self) -> ndarray:
        return ndarray(self._entries.T)

    def sum(self, *arguments: Any, **more: Any) -> ndarray:
        return ndarray(self._entries.sum(*arguments, **more))

    def __getitem__(self, key: Any) -> ndarray:
        return ndarray(self._entries[_inside(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._entries[_inside(key)] = _inside(value)

    def __len__(self) -> int:
        return len(self._entries)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("Implicit conversion to a NumPy array is not allowed. Please use `.get()`.")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **more: Any) -> Any:
        return _outside(getattr(ufunc, method)(*map(_inside, inputs), **more))

    def __array_function__(self, function: Any, _types: Any, arguments: Any, more: Any) -> Any:
        return _outside(function(*map(_inside, arguments), **more))


def _inside(thing: Any) -> Any:
    if isinstance(thing, ndarray):
        return thing._entries
    if isinstance(thing, np.ndarray):
        raise TypeError("Unsupported type <class 'numpy.ndarray'>")
    if isinstance(thing, (tuple, list)):
        return type(thing)(map(_inside, thing))
    return thing


def _outside(thing: Any) -> Any:
    if isinstance(thing, tuple):
        return tuple(map(_outside, thing))
    return ndarray(thing) if isinstance(thing, (np.ndarray, np.generic)) else thing


def asarray(thing: Any) -> ndarray:
    """What goes up to the GPU."""
    return ndarray(thing)


def asnumpy(thing: ndarray) -> Any:
    """What comes back from it."""
    return thing._entries.copy()


cuda = SimpleNamespace(
    runtime=SimpleNamespace(getDevice=lambda: 0, getDeviceProperties=lambda number: {"name": b"Imitation 3000"})
)
