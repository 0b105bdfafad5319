"""What is drawn lies where it should; what fails shrinks; nothing is left behind."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from htilde.errors import GraderFault, MissingExtra, UsageError
from htilde.strategies import Strategy, arrays, draw, explore, floats, generators, integers, shapes, together
from htilde.values import identical
from hypothesis import given
from hypothesis import strategies as st

BOUNDS = st.one_of(st.floats(-1e3, 1e3), st.sampled_from([0.0, 0.1, -0.3, 1e-300, 1e300, -1e300]))


@given(st.data(), BOUNDS, BOUNDS, st.booleans())
def test_entries_lie_within_their_bounds(data: st.DataObject, one: float, other: float, nonzero: bool) -> None:
    """Whatever the interval, be it narrower than a quarter or a single number, arrays of it can be drawn."""
    low, high = sorted((one, other))
    if low == high == 0:
        nonzero = False
    array = data.draw(arrays(low, high, nonzero=nonzero, shape=shapes(min_dims=0)))
    assert array.dtype == np.float64 and array.size >= 1
    assert np.all((low <= array) & (array <= high))
    assert not nonzero or np.all(array != 0)


@pytest.mark.parametrize(("low", "high"), [(-4.0, 4.0), (0.0, 2.0), (-0.5, 0.5), (0.01, 0.2)])
def test_small_arrays_are_readable(low: float, high: float) -> None:
    """Up to three entries are short numbers, which a person can compute with, and there are several."""
    drawn = draw({"x": arrays(low, high, shape=st.just((2,)))}, 100, 1)
    entries = {float(entry) for arguments in drawn for entry in arguments["x"]}  # type: ignore[union-attr,arg-type]
    assert len(entries) > 8
    assert max(len(repr(entry)) for entry in entries) <= 6


def test_large_arrays_are_rarely_constant() -> None:
    """A batch has different entries, or shapes could be mixed up unseen."""
    drawn = draw({"x": arrays(-4.0, 4.0, shape=st.just((4, 5)))}, 50, 1)
    assert all(np.unique(arguments["x"]).size == 20 for arguments in drawn)  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_arrays_have_the_dtype_that_is_asked_for(dtype: str) -> None:
    """Small ones and large ones alike."""
    for side in ((2,), (4, 4)):
        (first, *_) = draw({"x": arrays(-1.0, 1.0, shape=st.just(side), dtype=dtype)}, 3, 1)
        assert first["x"].dtype == dtype and first["x"].shape == side  # type: ignore[union-attr]


@pytest.mark.parametrize("bounds", [(1.0, 0.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_bounds_that_hold_no_number_are_refused_at_once(bounds: tuple[float, float]) -> None:
    """An interval upside down is told where it is written, not when something is drawn."""
    with pytest.raises(ValueError, match="no number lies between"):
        arrays(*bounds)
    with pytest.raises(ValueError, match="no number lies between"):
        arrays(0.0, 0.0, nonzero=True)


@given(st.data(), st.integers(0, 2), st.integers(0, 2), st.integers(1, 9))
def test_shapes_keep_to_their_bounds(data: st.DataObject, fewest: int, more: int, longest: int) -> None:
    """As many dimensions as said, none of them empty or too long."""
    shape = data.draw(shapes(min_dims=fewest, max_dims=fewest + more, max_side=longest))
    assert isinstance(shape, tuple) and fewest <= len(shape) <= fewest + more
    assert all(1 <= side <= longest for side in shape)


def test_generators_have_seeds_of_their_own() -> None:
    """What is drawn from two of them is judged as independent, so hardly two have the same seed."""
    seeds = [arguments["rng"].seed for arguments in draw({"rng": generators()}, 72, 1)]  # type: ignore[union-attr]
    assert len(seeds) == 72 and len(set(seeds)) >= 70


ARGUMENTS = {"x": arrays(-6.0, 6.0), "slope": floats(0.0, 0.5), "n": integers(1, 9)}


def test_a_secret_decides_what_is_drawn() -> None:
    """The same secret draws the same again, whatever ran in between; another one draws others."""
    first, other = draw(ARGUMENTS, 30, 1), draw(ARGUMENTS, 30, 2)
    again = draw(ARGUMENTS, 30, 1)
    assert len(first) == 30 and list(first[0]) == list(ARGUMENTS)
    assert identical(first, again) and not identical(first, other)  # type: ignore[arg-type]


@pytest.mark.parametrize("wanted", [1, 2, 17, 30])
def test_who_has_enough_sees_the_same_and_no_more(wanted: int) -> None:
    """Stopping early changes nothing about what came before."""
    seen: list[dict[str, Any]] = []

    def enough(arguments: dict[str, Any]) -> bool:
        seen.append(arguments)
        return len(seen) == wanted

    drawn = draw(ARGUMENTS, 30, 1, enough)
    assert identical(drawn, draw(ARGUMENTS, 30, 1)[:wanted])  # type: ignore[arg-type]
    assert len(seen) == len(drawn) == wanted


def test_there_may_be_less_to_draw_than_asked() -> None:
    """Of three possible arguments three are drawn, and of none the empty set."""
    assert sorted(arguments["n"] for arguments in draw({"n": integers(1, 3)}, 50, 1)) == [1, 2, 3]  # type: ignore[type-var]
    assert draw({}, 50, 1) == [{}]


def a_product(rng: np.random.Generator) -> dict[str, Any]:
    """Two matrices that can be multiplied, and something that nobody asks for."""
    rows, inner, columns = rng.integers(1, 7, 3)
    return {"A": rng.normal(size=(rows, inner)), "B": rng.normal(size=(inner, columns)), "C": rng}


def test_arguments_that_belong_together_fit() -> None:
    """Those of one example come from one call, those of two examples from two; a second pair goes its own way."""
    drawn = draw(together(a_product, "A", "B"), 30, 1)
    assert all(set(arguments) == {"A", "B"} for arguments in drawn)
    assert all((arguments["A"] @ arguments["B"]).size for arguments in drawn)  # type: ignore[operator,union-attr]
    assert len({np.asarray(arguments["A"]).tobytes() for arguments in drawn}) > 10
    apart = draw({**together(a_product, "A"), **together(a_product, "B")}, 30, 1)
    assert any(np.shape(arguments["A"])[1] != np.shape(arguments["B"])[0] for arguments in apart)


IMPOSSIBLE = {
    "not a strategy": {"x": 3},
    "upside down": {"x": integers(3, 1)},
    "empty": {"x": integers().filter(lambda n: False)},
}


@pytest.mark.parametrize("strategies", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cant_be_drawn_is_told(strategies: dict[str, Any]) -> None:
    """The author of a strategy reads Hypothesis' reason, whether papers are written or live examples asked."""
    with pytest.raises(UsageError, match="can't draw"):
        draw(strategies, 10, 1)
    with pytest.raises(UsageError, match="can't draw"):
        explore(strategies, lambda _: False, 10)


@pytest.mark.parametrize(
    "shape", [shapes(), shapes(min_dims=2, max_dims=3), shapes(min_dims=0)], ids=["1-d, 2-d", "2-d, 3-d", "0-d"]
)
def test_what_fails_shrinks(shape: Strategy) -> None:
    """The smallest failing arguments are found: one entry, the first step beyond what is right."""
    arguments = {"x": arrays(-6.0, 6.0, shape=shape), "slope": floats(0.0, 0.5), "n": integers(1, 9)}
    found = explore(arguments, lambda a: bool(np.any(a["x"] > 1)) and a["n"] > 2, 200)  # type: ignore[operator]
    assert found is not None
    assert np.ravel(found["x"]).tolist() == [1.25] and (found["slope"], found["n"]) == (0, 3)  # type: ignore[arg-type]


def test_what_never_fails_is_asked_as_often_as_said() -> None:
    """Nothing found after so many tries is None."""
    asked: list[Any] = []
    assert explore(ARGUMENTS, lambda a: bool(asked.append(a)), 40) is None  # type: ignore[func-returns-value]
    assert len(asked) == 40


def test_what_fails_only_once_is_kept() -> None:
    """Wrong once and right when asked again is still found: the function wavers."""
    answers = iter([False] * 5 + [True] + [False] * 1000)
    assert explore(ARGUMENTS, lambda _: next(answers), 40) is not None


def test_faults_of_the_kit_pass_through() -> None:
    """An error that isn't the function's being wrong isn't swallowed."""

    def fail(_: object) -> bool:
        raise GraderFault("the oracle broke")

    with pytest.raises(GraderFault, match="the oracle broke"):
        explore(ARGUMENTS, fail, 10)


def test_without_hypothesis_the_message_is_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Students don't have it, and need it only to explore."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    monkeypatch.delitem(sys.modules, "htilde.strategies")
    with pytest.raises(MissingExtra, match="needs the package hypothesis"):
        importlib.import_module("htilde.strategies")


def test_nothing_is_written_beside_the_course(tmp_path: Path) -> None:
    """Hypothesis' own folder lies elsewhere while drawing and exploring, and is gone afterwards."""
    course, temporary = tmp_path / "course", tmp_path / "temporary"
    course.mkdir()
    temporary.mkdir()
    code = (
        "from htilde.strategies import arrays, draw, explore\n"
        "draw({'x': arrays(0.0, 1.0)}, 20, 1)\n"
        "assert explore({'x': arrays(0.0, 1.0)}, lambda a: True, 20)\n"
        "import os\n"
        "folder = os.environ['HYPOTHESIS_STORAGE_DIRECTORY']\n"
        "print(os.path.isdir(folder), folder)"
    )
    environment = {k: v for k, v in os.environ.items() if k not in ("HYPOTHESIS_STORAGE_DIRECTORY", "CI")}
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=course,
        env=environment | {"TMPDIR": str(temporary)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith(f"True {temporary}") and done.stderr == ""
    assert list(course.iterdir()) == list(temporary.iterdir()) == []
