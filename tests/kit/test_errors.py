"""Errors say what was wrong, where, and what to do next, and they survive a trip between processes."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from htilde import errors
from htilde.errors import CourseError, KitError, MissingExtra, Problem

ERRORS = [
    errors.UsageError("bad", next_step="Mend it."),
    errors.PaperError("bad", next_step="Mend it."),
    errors.SubmissionError("bad"),
    errors.GraderFault("bad", next_step="Mend it."),
    errors.Unprotected("bad"),
    CourseError([Problem("a.py", "one", line=1), Problem(Path("b.py"), "two")], next_step="Mend it."),
    MissingExtra("torch", "Writing papers", "instructor"),
]


def name(error: object) -> str:
    return type(error).__name__


def test_every_error_is_tried_here() -> None:
    """The table above holds every class of the tree but its root."""
    classes = {kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, KitError)}
    assert classes == {name(error) for error in ERRORS} | {"KitError"}


@pytest.mark.parametrize("error", ERRORS, ids=name)
def test_the_exit_status_tells_whose_fault_it_is(error: KitError) -> None:
    """What a person can mend ends with status 2, a fault of the kit with 3."""
    assert error.exit_status == (2 if isinstance(error, errors.UsageError) else 3)


@pytest.mark.parametrize("error", ERRORS, ids=name)
def test_the_next_step_stands_on_a_line_of_its_own(error: KitError) -> None:
    """An error's text is its message, then what to do, if anything."""
    assert str(error) == "\n".join(filter(None, [error.message, error.next_step]))


@pytest.mark.parametrize("error", ERRORS, ids=name)
def test_errors_survive_pickling(error: KitError) -> None:
    """An error raised in a process pool arrives as it was raised."""
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.next_step) == (type(error), str(error), error.next_step)
    assert list(map(str, getattr(again, "problems", ()))) == list(map(str, getattr(error, "problems", ())))


@pytest.mark.parametrize(
    ("problem", "text"),
    [(Problem("a.py", "it is wrong.", line=7), "a.py:7: it is wrong."), (Problem(Path("a.py"), "no."), "a.py: no.")],
)
def test_a_problem_names_its_place(problem: Problem, text: str) -> None:
    """A problem reads ``path:line: what``, or ``path: what`` where there is no line."""
    assert str(problem) == text


def test_a_course_error_reports_all_problems() -> None:
    """Every problem has a line of the message; a single problem needs no list."""
    assert str(CourseError([Problem("a", "x"), Problem("b", "y", line=2)])) == "a: x\nb:2: y"
    assert str(CourseError(Problem("a", "x"))) == "a: x"


def test_a_missing_package_comes_with_its_remedy() -> None:
    """The message names the package and the next step installs it."""
    error = MissingExtra("torch", "Writing papers", "instructor")
    assert "torch" in error.message and "[instructor]" in error.next_step
