"""Tolerances: derived from the spread of right forms, wide enough for honest ones and too narrow for mistakes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from clone import REAL
from htilde.authoring.allowances import FLOOR, MARGIN, Case, derived
from htilde.authoring.declarations import load_declarations
from htilde.authoring.forms import Form
from htilde.course import Course, load_course
from htilde.examination.allowance import NOTHING, distances, exponents
from htilde.examination.compare import compare
from htilde.values import Array, Value, snapshot
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

positive = st.floats(0.0, 1e300)


@given(arrays(np.float64, st.integers(0, 5), elements=positive))
def test_a_power_of_two_is_never_below_and_less_than_twice(distance: Array) -> None:
    """Rounding up costs no honest answer anything, and no mistake gains more than a factor of two."""
    allowed = distances(exponents(distance))
    assert (allowed >= distance).all() and (allowed / 2 <= np.maximum(distance, 5e-324)).all()
    assert (distances(np.full(3, NOTHING, np.int16)) == 0).all()


def tanh_derivative(x: Any) -> Any:
    return 1 - np.tanh(x) ** 2


def through_the_sigmoid(x: Any) -> Any:
    s = 1 / (1 + np.exp(-2 * x))
    return 4 * s * (1 - s)


def through_cosh(x: Any) -> Any:
    return 1 / np.cosh(x) ** 2


FORMS: dict[str, Form] = {"reference": tanh_derivative, "through_the_sigmoid": through_the_sigmoid}


def allowed(forms: dict[str, Form], x: Array, *mistaken: Callable[[Any], Any]) -> tuple[Value, Value]:
    """Return the right answer to an example, and what is allowed around it."""
    want = snapshot(next(iter(forms.values()))(x))
    (found,) = derived(forms, [Case((x,), want, [snapshot(mistake(x)) for mistake in mistaken])])
    return want, found


@given(arrays(np.float64, st.integers(1, 4), elements=st.floats(-18, 18)))
def test_an_honest_form_that_nobody_thought_of_passes(x: Array) -> None:
    """Where right forms cancel, the spread is an absolute matter: far from 0 last digits differ."""
    want, near = allowed(FORMS, x)
    assert compare(snapshot(through_cosh(x)), want, near).ok
    assert compare(snapshot(1 - (2 / (1 + np.exp(-2 * x)) - 1) ** 2), want, near).ok


@given(arrays(np.float64, st.integers(1, 4), elements=st.floats(0.1, 1.0)), st.integers(100, 290))
def test_zeros_dont_pass_for_what_is_small(x: Array, power: int) -> None:
    """Where right forms agree to the last digits, however small the answer is, it is judged by its own size."""
    forms: dict[str, Form] = {"reference": lambda x: x * 10.0**-power, "divides": lambda x: x / 10.0**power}
    want, near = allowed(forms, x)
    assert compare(snapshot(x / 10.0**power), want, near).ok
    assert not compare(np.zeros_like(x), want, near).ok
    assert not compare(np.asarray(want) * (1 + 1e-12), want, near).ok


def test_a_form_through_which_a_mistake_would_pass_doesnt_count() -> None:
    """It is the question that asks too much of it, and verify tells that it fails."""
    x = np.array([1e8 + 1, 1e8 + 2, 1e8 + 4])
    forms: dict[str, Form] = {"reference": np.var, "of_squares": lambda x: np.mean(x**2) - np.mean(x) ** 2}
    want, near = allowed(forms, x, lambda x: np.var(x, ddof=1))
    assert not compare(snapshot(forms["of_squares"](x)), want, near).ok
    assert not compare(snapshot(np.var(x, ddof=1)), want, near).ok
    assert compare(snapshot(np.mean((x - x.mean()) ** 2)), want, near).ok


def test_a_kink_beside_the_example_widens_nothing() -> None:
    """A neighbour on the other side of a kink tells nothing about rounding."""
    x = np.array([0.1, 0.2, -0.3])

    def step(x: Any) -> Any:
        return (x.sum() > 0) * np.ones(3)

    def other_order(x: Any) -> Any:
        return (x[2] + x[1] + x[0] > 0) * np.ones(3)

    _, near = allowed({"reference": step, "other_order": other_order}, x)
    assert (distances(near) < 1e-12).all()


def test_what_isnt_floating_point_has_no_allowance() -> None:
    """Whole numbers, truth values, texts and None are met exactly."""
    want: Value = (3, True, None, "h", np.arange(2), [1.0, np.ones(2)])
    (found,) = derived({"reference": lambda: want}, [Case((), want)])
    assert isinstance(found, list) and found[:5] == [None] * 5
    assert [np.shape(part) for part in found[5]] == [(), (2,)]  # type: ignore[union-attr]


def test_the_margin_is_what_is_promised() -> None:
    """The documentation states both numbers."""
    text = (REAL / "docs" / "authoring.md").read_text(encoding="utf-8")
    assert (MARGIN, FLOOR) == (20, 4) and "20 times the largest error" in text and "four units" in text


@pytest.fixture(scope="module")
def real() -> Course:
    return load_course(REAL / "grading.toml")


ASSIGNMENTS = [path.stem for path in sorted((REAL / "solutions").glob("*.py"))]


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_no_tolerance_of_the_course_is_guessed(real: Course, assignment: str) -> None:
    """All are derived from the spread of right forms."""
    found = load_declarations(real, assignment)
    assert [p.name for p in (*found.public.properties, *found.hidden.properties) if p.tolerance is not None] == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_exercise_has_four_variants(real: Course, assignment: str) -> None:
    """Among them the awkward honest ones."""
    found = load_declarations(real, assignment)
    assert {name: len(found.styles(name)) for name in found.assignment.exercises if len(found.styles(name)) < 4} == {}
