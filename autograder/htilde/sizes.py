"""Limits of the size of a value: more than any exercise asks for, and little enough for the examiner."""

from __future__ import annotations

import math

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_DIMENSIONS", "MAX_ITEMS", "MAX_TEXT", "extent"]

MAX_DEPTH = 6
"""Containers within containers."""

MAX_ITEMS = 10_000
"""Parts of one value, all containers together."""

MAX_DIMENSIONS = 16
"""Dimensions of one array. NumPy allows 64; no exercise asks for more than four."""

MAX_BYTES = 32 * 2**20
"""Bytes of one value, its arrays and strings together."""

MAX_TEXT = 10_000
"""Characters of one string."""


def extent(shape: tuple[int, ...]) -> int:
    """Return the product of the lengths, a length of 0 counted as 1: NumPy computes it before it makes an array."""
    return math.prod(max(length, 1) for length in shape)
