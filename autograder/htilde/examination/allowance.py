"""The distance that an answer may have from the right one, entry by entry.

An allowance is a value built like the answer. In the place of each floating-point or complex entry it has a power of
two, by its exponent; in the place of anything else, which must be met exactly or by a law, it has None.
"""

from __future__ import annotations

import numpy as np

from htilde.model import Tolerance
from htilde.values import Array, Value

__all__ = ["NOTHING", "Allowance", "distances", "exponents", "stated"]

Allowance = Value

NOTHING = -(2**15)
"""The exponent of a distance of 0."""


def exponents(distance: Array) -> Array:
    """Return the exponents (int16) of the smallest powers of two that aren't below the distances."""
    mantissa, exponent = np.frexp(np.asarray(distance, np.float64))
    found = np.where(mantissa == 0.5, exponent - 1, exponent)
    found = np.where(np.isinf(mantissa), 1024, np.where(mantissa == 0, NOTHING, found))
    return found.astype(np.int16)


def distances(exponent: Value) -> Array:
    """Return the distances of which these are the exponents, float64 of the same shape."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(np.ldexp(1.0, np.asarray(exponent, np.int32)))


def stated(want: Value, tolerance: Tolerance, scale: float = 1.0) -> Allowance:
    """Return the allowance of a stated tolerance, ``rtol * |want| + atol * scale``, rounded up to powers of two."""
    if isinstance(want, (tuple, list)):
        return [stated(part, tolerance, scale) for part in want]
    if isinstance(want, dict):
        return {key: stated(part, tolerance, scale) for key, part in want.items()}
    if isinstance(want, float) or (isinstance(want, np.ndarray) and want.dtype.kind in "fc"):
        with np.errstate(all="ignore"):
            distance = tolerance.rtol * np.abs(np.asarray(want)) + tolerance.atol * scale
        return exponents(np.nan_to_num(distance.astype(np.float64), nan=0.0))
    return None
