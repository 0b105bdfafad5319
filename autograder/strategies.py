"""What arguments may be, and the kit's only contact with Hypothesis.

Small arrays are drawn entry by entry in readable steps, so that a failing example shrinks to something a
person can compute by hand; larger ones from a drawn seed, which is fast and rarely constant.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from typing import Any

# Hypothesis writes a folder beside the course even when told to keep no database.
if "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ:
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp(prefix="hypothesis-")
    atexit.register(shutil.rmtree, os.environ["HYPOTHESIS_STORAGE_DIRECTORY"], ignore_errors=True)

import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from autograder.errors import GraderFault
from autograder.values import Array, Value

__all__ = ["Strategy", "arrays", "draw", "explore", "floats", "integers", "shapes"]

Strategy = st.SearchStrategy[Any]

floats = st.floats
integers = st.integers


def shapes(*, min_dims: int = 1, max_dims: int = 2, max_side: int = 6) -> Strategy:
    """Shapes of arrays with at least one entry."""
    return st.lists(st.integers(1, max_side), min_size=min_dims, max_size=max_dims).map(tuple)


def arrays(
    low: float, high: float, *, shape: Strategy | None = None, dtype: str = "float64", nonzero: bool = False
) -> Strategy:
    """Arrays with entries in [low, high], 1-d and 2-d unless ``shape`` says otherwise.

    With ``nonzero`` no entry is exactly 0, where kinks are.
    """
    shape = shapes() if shape is None else shape

    def small(side: tuple[int, ...]) -> Strategy:
        steps = st.integers(int(np.ceil(low * 4)), int(np.floor(high * 4)))
        steps = steps.filter(bool) if nonzero else steps
        size = int(np.prod(side))
        return st.lists(steps, min_size=size, max_size=size).map(lambda n: np.reshape(np.divide(n, 4), side))

    def large(side: tuple[int, ...]) -> Strategy:
        return st.integers(0, 2**32 - 1).map(lambda n: np.random.default_rng(n).uniform(low, high, side))

    def filled(side: tuple[int, ...]) -> Strategy:
        return small(side) if np.prod(side) <= 3 else large(side)

    return shape.flatmap(filled).map(lambda array: _cast(array, dtype))


def _cast(array: Array, dtype: str) -> Array:
    return array.astype(dtype)


def draw(strategies: Mapping[str, Strategy], count: int, secret: int) -> list[dict[str, Value]]:
    """Draw ``count`` sets of arguments, or fewer if the strategies know no more. Repeats are possible.

    The draws depend on ``secret``, and on the version of Hypothesis: store them.
    """
    drawn: list[dict[str, Value]] = []
    _run(strategies, drawn.append, count, secret=secret, phases=(Phase.generate,))
    return drawn


def explore(
    strategies: Mapping[str, Strategy], wrong: Callable[[dict[str, Value]], bool], count: int
) -> dict[str, Value] | None:
    """Look live for arguments that ``wrong`` says yes to, and shrink them. None if ``count`` tries find none."""
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
    (seed(secret)(run) if secret is not None else run)()
