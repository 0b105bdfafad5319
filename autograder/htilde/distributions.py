"""Random answers as values: the distribution that an oracle states, and the statistics that are kept of an array."""

from __future__ import annotations

import math
from dataclasses import dataclass

from htilde.sizes import MAX_BYTES, MAX_DIMENSIONS, extent

__all__ = ["FAMILIES", "Law", "Sample"]

FAMILIES = ("normal", "uniform")
"""The families of distributions. A position in this table is its code on the wire."""


@dataclass(frozen=True, slots=True)
class Law:
    """The distribution of a random array: independent entries of one of ``FAMILIES``.

    ``std`` and ``mean`` are those of one entry. Raises ValueError if there is no such distribution.
    """

    family: str
    shape: tuple[int, ...]
    std: float
    mean: float = 0.0

    def __post_init__(self) -> None:
        numbers = type(self.std) is float is type(self.mean) and math.isfinite(self.mean)
        if not (numbers and 0 < self.std < math.inf and self.family in FAMILIES and _is_shape(self.shape)):
            raise ValueError(f"no law: {self.family} {self.shape}, mean {self.mean}, standard deviation {self.std}")


@dataclass(frozen=True, slots=True)
class Sample:
    """Statistics of a random array, kept in place of its entries.

    ``rows`` and ``columns`` count the distinct ones; ``kurtosis`` is the fourth standardized moment (normal: 3).
    """

    shape: tuple[int, ...]
    rows: int
    columns: int
    mean: float
    std: float
    kurtosis: float

    def __post_init__(self) -> None:
        counts, numbers = (self.rows, self.columns), (self.mean, self.std, self.kurtosis)
        whole = {*map(type, counts)} == {int} and min(counts) >= 0
        if not (_is_shape(self.shape) and whole and {*map(type, numbers)} == {float}):
            raise ValueError("no sample")


def _is_shape(shape: object) -> bool:
    if type(shape) is not tuple or len(shape) > MAX_DIMENSIONS:
        return False
    return all(type(length) is int and length >= 0 for length in shape) and extent(shape) <= MAX_BYTES
