"""The helpers of these tests do what the tests take for granted."""

from __future__ import annotations

import numpy as np
import pytest
import toys
from htilde.authoring.declarations import load_declarations
from htilde.course import Course
from htilde.diagnosis.completion import examine_exercise
from htilde.isolation.calls import Status
from htilde.values import Refused, identical, leaves
from hypothesis import find, given


def test_a_toy_paper_holds_the_right_answers() -> None:
    """Each example's answer is what the oracle answers, and each mistake's is wrong there."""
    for example in toys.question(toys.double, mistakes=[toys.adds_two]).examples:
        (x,) = example.arguments
        assert identical(example.answer, 2 * np.asarray(x))
        assert not identical(example.answer, example.mistaken[0])


@pytest.mark.parametrize("right", [toys.double, toys.pair])
def test_the_toys_right_answers_pass(right: object) -> None:
    """The oracle of a toy exercise is a right answer to it."""
    assert examine_exercise(toys.exercise(right), [toys.paper(toys.exercise(right))], toys.live(right)).passed  # type: ignore[arg-type]


def test_a_function_that_raises_answers_with_its_exception() -> None:
    """Mistakes that raise are part of a paper, too."""
    assert toys.answer(toys.double, [None]) == Refused("raised TypeError")


def test_a_students_function_is_asked() -> None:
    """``ask_student`` runs the cell and calls what it defines."""
    reply = toys.ask_student("def f(x):\n    return x + 1", 1)
    assert (reply.status, reply.value) == (Status.ANSWERED, 2)


@given(toys.values())
def test_values_hold_only_values(value: object) -> None:
    """No drawn value holds anything that was refused."""
    assert not any(isinstance(leaf, Refused) for _, leaf in leaves(value))  # type: ignore[arg-type]


@pytest.mark.parametrize("dtype", toys.PORTABLE, ids=str)
def test_arrays_come_in_every_dtype(dtype: np.dtype[np.generic]) -> None:
    """Arrays of a dtype can be asked for, empty and 0-d ones included."""
    for wanted in (lambda a: a.ndim == 0, lambda a: a.size == 0, lambda a: a.size > 1):
        assert find(toys.arrays([dtype]), wanted).dtype == dtype


def test_the_toy_course_is_sound(course: Course) -> None:
    """The toy course declares what its grading.toml lists."""
    assert load_declarations(course, "toys").assignment.exercises == ("double", "negate")
