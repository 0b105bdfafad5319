"""Right forms as functions of this process: the reference solutions, and a limit to how long a form may take."""

from __future__ import annotations

import time

import pytest
from clone import REAL
from htilde.authoring.forms import limited, references
from htilde.authoring.master import read_master
from htilde.course import load_course

COURSE = load_course(REAL / "grading.toml")


@pytest.mark.parametrize("assignment", [listed.name for listed in COURSE.assignments])
def test_every_reference_can_be_called(assignment: str) -> None:
    """Each exercise's own solution, whatever else the notebook does."""
    listed = COURSE.assignment(assignment)
    master = read_master(COURSE.master(assignment), listed.exercises, tuple(listed.written))
    assert [*references(master, listed.exercises)] == [*listed.exercises]


def test_a_form_that_hangs_is_stopped_once() -> None:
    """It has its time at the first call only: a paper asks it hundreds of times."""
    calls: list[float] = []

    def hangs(x: float) -> float:
        calls.append(x)
        while True:
            pass

    form = limited(hangs, 0.05)
    for x in (1.0, 2.0, 3.0):
        with pytest.raises(TimeoutError):
            form(x)
    assert calls == [1.0]


def test_a_form_in_time_answers_as_it_does() -> None:
    """Its answers and its exceptions are its own, and no alarm is left behind."""
    form = limited(lambda x: 1 / x, 0.05)
    assert form(2) == 0.5
    with pytest.raises(ZeroDivisionError):
        form(0)
    time.sleep(0.1)
