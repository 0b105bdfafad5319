"""Random answers: statistical tests of samples against the distribution that the oracle states.

Each test computes a doubt in nats. For independent draws from the distribution, however they are made, it reaches x or
more with probability e**-x at most. These are bounds for samples of any size, not approximations:

- mean: both families are sub-Gaussian, E exp(s z) <= exp(s**2 / 2) in units of their standard deviation;
- standard deviation: Chernoff's bound for the chi-square distribution; entries of a uniform distribution keep to their
  bound, and the largest of n of them falls short of the share m of it with probability m**n;
- family: the bound of Dvoretzky, Kiefer and Wolfowitz with Massart's constant; beyond three standard deviations
  Chernoff's for the binomial distribution, because a truncated normal distribution differs nowhere else;
- neighbours: Chernoff's for products, E exp(s x y) <= (1 - s**2)**-1/2 for independent sub-Gaussian x and y;
- repeats: a union bound; no number of seven digits has a chance above ``COINCIDENCE``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from htilde.codes import Plain
from htilde.distributions import Law, Sample
from htilde.evidence import number
from htilde.values import Array, Value, leaves

__all__ = ["DOUBT", "departure", "doubts", "forget", "is_random", "normal", "similar", "uniform"]

DOUBT = 40.0
"""The doubt, in nats, beyond which a sample is wrong. That is a probability of 4e-18 for each test: if each of a
thousand students takes twenty thousand tests, any right answer fails with probability 1e-10 at most."""

COINCIDENCE = 1e-7
"""The width, in standard deviations, within which two entries count as the same number."""
FAR = 3.0
"""The distance from the mean, in standard deviations, at which the tails begin."""
ROUNDING = 1e-6
"""The part of its bound by which an entry of a uniform distribution may exceed it."""


def normal(*, std: float, shape: Sequence[int], mean: float = 0.0) -> Law:
    """State as the right answer: independent draws from a normal distribution, not truncated."""
    return Law("normal", tuple(map(int, shape)), float(std), float(mean))


def uniform(*, bound: float, shape: Sequence[int]) -> Law:
    """State as the right answer: independent draws from the uniform distribution on [-bound, bound]."""
    return Law("uniform", tuple(map(int, shape)), float(bound) / math.sqrt(3))


def is_random(value: Value) -> bool:
    """Return True if a right answer, or a part of it, is a distribution."""
    return any(isinstance(leaf, Law) for _, leaf in leaves(value))


def departure(samples: Sequence[Array], laws: Sequence[Law]) -> dict[str, Plain]:
    """Return the test that samples fail by its name (``test``) and its numbers; nothing if they fail none.

    Each sample has the shape of its law, is finite and independent of the others. All are tested together, each in
    units of its own law's standard deviation; then ``examples`` is how many there are. All laws are of one family.
    """
    with np.errstate(all="ignore"):
        return next((found for nats, found in doubts(samples, laws) if not nats <= DOUBT), {})


def doubts(samples: Sequence[Array], laws: Sequence[Law]) -> Iterator[tuple[float, dict[str, Plain]]]:
    """Yield for every test of ``departure`` its doubt in nats and what to tell in case that it is too large."""
    one = len(laws) == 1
    unit = laws[0] if one else Law(laws[0].family, (), 1.0)
    standard = [(sample.astype(float) - law.mean) / law.std for sample, law in zip(samples, laws)]
    z = np.concatenate([np.ravel(sample) for sample in standard])
    if not z.size:
        return
    for sample in standard:
        yield from _of_lines(sample)
    # A wrong scale can make the numbers of one sample coincide, so it is told first; of several it is right by now.
    for test in (_of_moments, _of_repeats, _of_the_family) if one else (_of_repeats, _of_moments, _of_the_family):
        for nats, found in test(standard, z, unit):
            yield nats, found if one or test is _of_repeats else {**found, "examples": len(samples)}
    yield from _of_neighbours(standard)


def _of_lines(sample: Array) -> Iterator[tuple[float, dict[str, Plain]]]:
    for axis, test in ((0, "rows"), (-1, "columns")):
        if sample.ndim > 1 and (count := sample.shape[axis]) and (length := sample.size // count):
            different = _different(sample, axis)
            nats = -length * math.log(COINCIDENCE) - 2 * math.log(count)
            yield nats * (different < count), {"test": test, "different": different, "count": count}


def _different(array: Array, axis: int) -> int:
    return len({part.tobytes() for part in np.moveaxis(array, axis, 0) + 0.0})  # -0.0 is no other number


def _of_moments(_samples: Sequence[Array], z: Array, unit: Law) -> Iterator[tuple[float, dict[str, Plain]]]:
    mean, square = float(z.mean()), float(np.mean(z * z))
    told = {"test": "mean", "got": number(unit.mean + unit.std * mean), "expected": unit.mean}
    of_the_mean = z.size * mean**2 / 2 - math.log(2), told
    of_the_scale = (_of_the_bound if unit.family == "uniform" else _of_the_std)(z, square, unit)
    # An offset looks like a wrong scale and the other way round: the larger part is told.
    yield from (of_the_mean, of_the_scale) if mean**2 > square / 5 else (of_the_scale, of_the_mean)


def _of_the_std(z: Array, square: float, unit: Law) -> tuple[float, dict[str, Plain]]:
    doubt = z.size / 2 * (square - 1 - math.log(square)) - math.log(2) if square else math.inf
    return doubt, {"test": "std", "got": number(unit.std * math.sqrt(square)), "expected": unit.std}


def _of_the_bound(z: Array, square: float, unit: Law) -> tuple[float, dict[str, Plain]]:
    reach, bound = float(np.max(np.abs(z))) / math.sqrt(3), math.sqrt(3) * unit.std
    doubt = -z.size * math.log(reach) if reach else math.inf
    told = {"test": "bound", "got": number(reach * bound), "expected": bound, "mean": unit.mean}
    return math.inf if reach > 1 + ROUNDING else doubt, told


def _of_the_family(_samples: Sequence[Array], z: Array, unit: Law) -> Iterator[tuple[float, dict[str, Plain]]]:
    z = np.sort(z)
    below = np.arange(z.size + 1) / z.size
    if unit.family == "uniform":
        right = np.clip(0.5 + z / math.sqrt(12), 0, 1)
    else:
        right = np.array([(1 + math.erf(entry)) / 2 for entry in z / math.sqrt(2)])
    apart = np.maximum(np.abs(below[1:] - right), np.abs(below[:-1] - right))
    at = int(np.argmax(apart))
    told = {"got": float(below[at]), "expected": float(right[at]), "below": number(unit.mean + unit.std * float(z[at]))}
    yield 2 * z.size * float(apart[at]) ** 2 - math.log(2), {"test": unit.family, **told}
    if unit.family == "normal":
        far, chance = int(np.sum(np.abs(z) > FAR)), math.erfc(FAR / math.sqrt(2))
        doubt = z.size * _divergence(far / z.size, chance) - math.log(2)
        yield doubt, {"test": "far", "got": far, "expected": z.size * chance, "count": z.size}


def _divergence(share: float, chance: float) -> float:
    """Return the Kullback-Leibler divergence of a share from its chance, in nats."""
    parts = ((share, chance), (1 - share, 1 - chance))
    return sum(part * math.log(part / right) for part, right in parts if part)


def _of_repeats(samples: Sequence[Array], _z: Array, _unit: Law) -> Iterator[tuple[float, dict[str, Plain]]]:
    """Test for entries that are repeated within a sample or in a later one."""
    digits = [np.unique(np.abs(np.round(np.ravel(sample) / COINCIDENCE))) for sample in samples]
    sample_of = np.repeat(np.arange(len(samples)), [one.size for one in digits])
    first = sample_of[np.unique(np.concatenate(digits), return_index=True)[1]]
    new = np.bincount(first, minlength=len(samples)).tolist()
    before = 0
    for sample, entries, unseen in zip(samples, digits, new):
        doubt = _coincidence(sample.size - entries.size, sample.size, sample.size)
        yield doubt, {"test": "repeats", "different": entries.size, "count": sample.size}
        yield _coincidence(entries.size - unseen, entries.size, before), {"test": "generators"}
        before += entries.size


def _coincidence(count: int, draws: int, among: int) -> float:
    """Return the doubt if ``count`` of the draws are found among the others."""
    chance = math.log(max(draws, 1)) + math.log(max(among, 1)) + math.log(COINCIDENCE)
    return count * (math.log(count) - 1 - chance) if count else 0.0


def _of_neighbours(samples: Sequence[Array]) -> Iterator[tuple[float, dict[str, Plain]]]:
    for axis, test in ((-1, "neighbours_in_rows"), (-2, "neighbours_in_columns")):
        lines = [np.moveaxis(sample, axis, 0) for sample in samples if sample.ndim >= -axis]
        # Pairs without a common entry: their products are independent.
        products = np.concatenate([np.empty(0), *(np.ravel(one[: len(one) // 2 * 2 : 2] * one[1::2]) for one in lines)])
        if products.size and (mean := float(products.mean())):
            slope = abs(mean)
            s = (math.sqrt(1 + 4 * slope**2) - 1) / (2 * slope)
            doubt = products.size * (s * slope + math.log1p(-(s**2)) / 2) - math.log(2)
            yield doubt, {"test": test, "got": number(mean), "expected": 0.0}


def forget(value: Value, right: Value) -> Value:
    """Return ``value`` with a ``Sample`` in place of each array where ``right`` has a law."""
    if isinstance(right, Law):
        return _sample(value) or value
    if isinstance(value, (tuple, list)) and isinstance(right, (tuple, list)) and len(value) == len(right):
        return type(value)(forget(part, wanted) for part, wanted in zip(value, right))
    if isinstance(value, dict) and isinstance(right, dict):
        return {key: forget(part, right.get(key)) for key, part in value.items()}
    return value


def similar(one: Value, other: Value) -> bool:
    """Return True if two random answers (arrays, samples or laws) look like draws from one distribution.

    Used to recognise a mistake. Draws from one distribution fail this about once in ten thousand times.
    """
    a, b = _sample(one), _sample(other)
    if a is None or b is None or (a.shape, a.rows, a.columns) != (b.shape, b.rows, b.columns):
        return False
    # Four standard deviations of the difference between two samples.
    width = 1 / math.sqrt(max(1, a.rows * a.columns))
    scale = max(a.std, b.std, abs(a.mean) / 100, abs(b.mean) / 100)
    alike = abs(a.mean - b.mean) <= 6 * width * scale and abs(a.std - b.std) <= 4 * width * scale
    return alike and abs(a.kurtosis - b.kurtosis) <= 30 * width


def _sample(value: Value) -> Sample | None:
    """Return the statistics of a random answer, or None if it can't be one."""
    if isinstance(value, Sample):
        return value
    if isinstance(value, Law):
        rows, columns = _lines(value.shape)
        return Sample(value.shape, rows, columns, value.mean, value.std, 3.0 if value.family == "normal" else 1.8)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf":
        return None
    with np.errstate(all="ignore"):  # also for NaN
        array = value.astype(float)
        rows, columns = _lines(array.shape)
        if array.ndim > 1:
            rows, columns = _different(array, 0), _different(array, -1)
        mean, std = (float(array.mean()), float(array.std())) if array.size else (0.0, 0.0)
        kurtosis = float(np.mean(((array - mean) / std) ** 4)) if std else 0.0
    return Sample(array.shape, rows, columns, mean, std, kurtosis)


def _lines(shape: Sequence[int]) -> tuple[int, int]:
    return (shape[0] if shape else 1), (shape[-1] if len(shape) > 1 else 1)
