"""Strategies for arguments, and the only module of the kit that calls Hypothesis.

Small arrays are drawn entry by entry in readable steps, so that a failing example shrinks to something a person can
compute by hand. Larger ones are made from a drawn seed, which is fast and rarely gives a constant array.
"""

from __future__ import annotations

import atexit
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from fractions import Fraction
from operator import itemgetter
from typing import Any

# Hypothesis writes a folder beside the course even when told to keep no database.
if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp(prefix="hypothesis-")
    atexit.register(shutil.rmtree, os.environ["HYPOTHESIS_STORAGE_DIRECTORY"], ignore_errors=True)

import numpy as np

from htilde.errors import GraderFault, MissingExtra, UsageError
from htilde.values import Rng, Value, leaves

try:
    from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
    from hypothesis import strategies as st
    from hypothesis.errors import HypothesisException, InvalidArgument, Unsatisfiable
except ImportError:
    raise MissingExtra("hypothesis", "Writing papers and exploring", "instructor") from None

__all__ = [
    "Strategy",
    "arrays",
    "draw",
    "explore",
    "floats",
    "generators",
    "integers",
    "sampled_from",
    "shapes",
    "shared",
    "together",
]

Strategy = st.SearchStrategy[Any]

_SMALL = 3
"""The most entries of an array that is drawn entry by entry."""

floats = st.floats
integers = st.integers
sampled_from = st.sampled_from
shared = st.shared
"""``shared(shapes())`` draws the same shape for every argument of one example."""


def shapes(*, min_dims: int = 1, max_dims: int = 2, max_side: int = 6) -> Strategy:
    """Draw shapes of arrays with at least one entry."""
    return st.lists(st.integers(1, max_side), min_size=min_dims, max_size=max_dims).map(tuple)


def generators() -> Strategy:
    """Draw random generators, each with a seed of its own: what two of them draw is judged as independent."""
    # Byte by byte: of large integers Hypothesis prefers the small ones, and those again and again.
    return st.lists(st.integers(0, 255), min_size=4, max_size=4).map(lambda four: Rng(int.from_bytes(bytes(four))))


def arrays(
    low: float, high: float, *, shape: Strategy | None = None, dtype: str = "float64", nonzero: bool = False
) -> Strategy:
    """Draw arrays of a float dtype with entries in [low, high], 1-d and 2-d unless ``shape`` says otherwise.

    With ``nonzero`` no entry is exactly 0, where kinks are. Raises ValueError if there is no such number.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low <= high) or (nonzero and low == high == 0):
        raise ValueError(f"arrays({low}, {high}): no number lies between these two")
    shape = shapes() if shape is None else shape
    unit = _steps(low, high)

    def small(side: tuple[int, ...]) -> Strategy:
        size = math.prod(side)
        steps = st.integers(math.ceil(Fraction(low) * unit), math.floor(Fraction(high) * unit))
        entries = steps.map(lambda n: n / unit) if low < high else st.just(low)
        entries = entries.filter(bool) if nonzero else entries
        return st.lists(entries, min_size=size, max_size=size).map(lambda n: np.array(n, float).reshape(side))

    def large(side: tuple[int, ...]) -> Strategy:
        return st.integers(0, 2**32 - 1).map(lambda n: np.random.default_rng(n).uniform(low, high, side))

    def filled(side: tuple[int, ...]) -> Strategy:
        return small(side) if math.prod(side) <= _SMALL else large(side)

    return shape.flatmap(filled).map(lambda array: array.astype(dtype))


def together(make: Callable[[np.random.Generator], Mapping[str, Value]], *names: str) -> dict[str, Strategy]:
    """Return strategies for several arguments that must fit each other.

    All arguments of one example come from one call of ``make``, which is given a random generator and returns at least
    these names. For a decorator: ``@public("linear", **together(a_layer, "h", "W", "b"))``.
    """
    case = shared(integers(0, 2**32 - 1).map(lambda number: make(np.random.default_rng(number))))
    return {name: case.map(itemgetter(name)) for name in names}


def _steps(low: float, high: float) -> int:
    """Return how many steps a unit has: four, or a power of ten if fewer than eight quarters lie between the bounds."""
    unit = 4
    while low < high and Fraction(high) - Fraction(low) < Fraction(8, unit):
        unit = 10 * unit if unit > 4 else 10
    return unit


def draw(
    strategies: Mapping[str, Strategy],
    count: int,
    secret: int,
    enough: Callable[[dict[str, Value]], bool] = lambda arguments: False,
) -> list[dict[str, Value]]:
    """Draw ``count`` sets of arguments, or fewer if the strategies know no more. Repeats are possible.

    ``enough`` sees each set in turn and may end the drawing after one; those before it stay the same. The draws
    depend on ``secret``, and on the version of Hypothesis: store them. Raises UsageError if nothing can be drawn.
    """
    drawn: list[dict[str, Value]] = []
    done = False

    def keep(arguments: dict[str, Value]) -> None:
        nonlocal done
        if not done:
            drawn.append(arguments)
            done = enough(arguments)
        if done:  # to whatever Hypothesis asks after that, or it would call the end flaky
            raise _Found

    with suppress(_Found):
        _run(strategies, keep, count, secret=secret, phases=(Phase.generate,))
    return drawn


def explore(
    strategies: Mapping[str, Strategy], wrong: Callable[[dict[str, Value]], bool], count: int
) -> dict[str, Value] | None:
    """Search for arguments for which ``wrong`` returns True, and shrink them. Return None if ``count`` tries find none.

    Raises UsageError if nothing can be drawn.
    """
    found = _search(strategies, wrong, count)
    if found is None or _is_small(found):
        return found
    # No way leads down from an array that was made from a seed: look for another failure among the small ones.
    return _search(strategies, lambda arguments: _is_small(arguments) and wrong(arguments), count) or found


def _is_small(arguments: Mapping[str, Value]) -> bool:
    return all(leaf.size <= _SMALL for _, leaf in leaves(dict(arguments)) if isinstance(leaf, np.ndarray))


def _search(
    strategies: Mapping[str, Strategy], wrong: Callable[[dict[str, Value]], bool], count: int
) -> dict[str, Value] | None:
    smallest: list[dict[str, Value]] = []

    def test(arguments: dict[str, Value]) -> None:
        if wrong(arguments):
            smallest[:] = [arguments]
            raise _Found

    try:
        _run(strategies, test, count, phases=(Phase.generate, Phase.shrink))
    except _Found:
        pass
    except HypothesisException as error:  # Flaky: wrong once, right when asked again
        if not smallest:
            raise GraderFault(f"Hypothesis gave up: {error}") from error
    return smallest[0] if smallest else None


class _Found(Exception):
    pass


def _run(
    strategies: Mapping[str, Strategy],
    test: Callable[[dict[str, Value]], object],
    count: int,
    *,
    phases: tuple[Phase, ...],
    secret: int | None = None,
) -> None:
    def body(arguments: dict[str, Value]) -> None:
        test(arguments)

    run = given(st.fixed_dictionaries(dict(strategies)))(body)
    run = settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=phases,
        verbosity=Verbosity.quiet,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )(run)
    try:
        (seed(secret)(run) if secret is not None else run)()
    except (InvalidArgument, Unsatisfiable) as error:
        raise UsageError(f"Hypothesis can't draw from these strategies: {error}") from None
