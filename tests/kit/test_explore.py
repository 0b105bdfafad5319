"""Exploring: live questions, the smallest failure, the same verdicts as from papers."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import toys
from htilde.authoring.declarations import Declarations, load_declarations
from htilde.authoring.drawing import EXAMPLES, draw_paper
from htilde.authoring.explore import explore_exercise
from htilde.codes import Code
from htilde.course import Course
from htilde.diagnosis.completion import examine_exercise
from htilde.errors import CourseError
from htilde.evidence import Evidence
from htilde.examination.judgement import Asked
from htilde.examination.paper import ExercisePaper
from htilde.isolation.calls import Reply, Status
from htilde.model import Kind, Verdict, Visibility
from htilde.values import Value

BOTH = tuple(Visibility)


@pytest.fixture
def declarations(course: Course) -> Declarations:
    return load_declarations(course, "toys")


@pytest.fixture
def exercise(declarations: Declarations, monkeypatch: pytest.MonkeyPatch) -> ExercisePaper:
    """What the public paper knows of the exercise: its probes and mistakes name what exploring finds."""
    monkeypatch.setitem(EXAMPLES, Visibility.PUBLIC, 3)
    return draw_paper(declarations, Visibility.PUBLIC, secret="public").exercises[0]


def explored(declarations: Declarations, exercise: ExercisePaper, asked: Asked, tries: int = 60) -> dict[str, Verdict]:
    result = explore_exercise(declarations, exercise, asked, BOTH, tries=tries)
    assert (result.name, result.max_points) == ("double", 2)
    return {verdict.name: verdict for verdict in result.verdicts}


def test_a_right_answer_passes(declarations: Declarations, exercise: ExercisePaper) -> None:
    """All properties are asked, public ones first, each with the claim and kind that it is declared with."""
    found = explored(declarations, exercise, toys.live(toys.double))
    assert [(v.name, v.visibility, v.kind) for v in found.values()] == [
        ("is_twice", Visibility.PUBLIC, Kind.MAIN),
        ("is_twice_when_large", Visibility.PUBLIC, Kind.EDGE),
        ("is_twice_elsewhere", Visibility.HIDDEN, Kind.MAIN),
    ]
    assert all(v.passed for v in found.values())
    assert found["is_twice"].claim == {"en": "The result is twice x."}


def test_each_property_is_asked_as_often_as_said(declarations: Declarations, exercise: ExercisePaper) -> None:
    """So many live examples beside the explicit ones, then the explicit ones and the last once more, twice."""
    asked: list[Sequence[Value]] = []

    def double(x: Any) -> Any:
        asked.append(x)
        return 2 * x

    explored(declarations, exercise, toys.live(double), tries=40)
    assert len(asked) == (2 + 40 + 2 * 3) + (40 + 2 * 1) + (40 + 2 * 1)


def large_only(x: Any) -> Any:
    """Wrong above 3.75, where few examples lie."""
    return 0 * x if np.any(x > 3.75) else 2 * x


def test_what_fails_is_shown_at_its_smallest(declarations: Declarations, exercise: ExercisePaper) -> None:
    """One entry, the first step at which the function is wrong; explicit examples come before anything drawn."""
    found = explored(declarations, exercise, toys.live(large_only), tries=200)
    assert not any(v.passed for v in found.values())
    nine, four = np.array([9.0]), np.array([4.0])
    assert found["is_twice"].evidence == Evidence({"x": nine}, 0 * nine, 2 * nine)
    assert found["is_twice_when_large"].evidence == Evidence({"x": four}, 0 * four, 2 * four)
    assert found["is_twice_elsewhere"].evidence is None


def test_the_mistake_is_named(declarations: Declarations, exercise: ExercisePaper) -> None:
    """By the paper's probes, with the mistake's own answer in the evidence."""
    for verdict in explored(declarations, exercise, toys.live(toys.adds_two)).values():
        assert (verdict.passed, verdict.mistakes) == (False, ("adds_two",))
        assert verdict.hints == ({"en": "You added two; multiply by it."},)
        assert (verdict.evidence is None) == (verdict.visibility is Visibility.HIDDEN)
        assert verdict.evidence is None or [*verdict.evidence.mistaken] == ["adds_two"]


FUNCTIONS: list[Callable[..., object]] = [toys.double, toys.adds_two, toys.squares, large_only, lambda x: 1 // 0]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_papers_and_exploring_agree(
    course: Course, declarations: Declarations, monkeypatch: pytest.MonkeyPatch, function: Callable[..., object]
) -> None:
    """Both ways the same properties fail for the same reason, with the same mistake named."""
    for visibility in Visibility:
        monkeypatch.setitem(EXAMPLES, visibility, 12)
    papers = [draw_paper(declarations, visibility, secret="a secret") for visibility in Visibility]
    exercise = papers[0].exercises[0]
    stored = examine_exercise(exercise, papers, toys.live(function))
    live = explore_exercise(declarations, exercise, toys.live(function), BOTH, tries=60)
    assert live.points == stored.points
    for one, other in zip(live.verdicts, stored.verdicts, strict=True):
        assert (one.name, one.passed, one.mistakes) == (other.name, other.passed, other.mistakes)
        assert (one.code, one.visibility) == (other.code, other.visibility)


def test_a_function_that_was_wrong_once_fails(declarations: Declarations, exercise: ExercisePaper) -> None:
    """Wrong at first and right when asked again is wavering, be the failing example explicit or drawn."""
    for first in (1, 20):
        calls = itertools.count(1)
        found = explored(declarations, exercise, toys.live(lambda x, c=calls, n=first: 2 * x + (next(c) == n)))
        wavering = [v for v in found.values() if not v.passed]
        assert [v.code for v in wavering] == [Code.WAVERS]


@pytest.mark.parametrize("status", [Status.TIMED_OUT, Status.DIED])
def test_after_a_time_out_nothing_is_tried_any_more(
    declarations: Declarations, exercise: ExercisePaper, status: Status
) -> None:
    """Shrinking on would only wait: the exercise is over, and each property says why."""
    asked = 0

    def slow(cases: Sequence[Sequence[Value]], /) -> list[Reply]:
        nonlocal asked
        asked += 1
        if asked <= 10:
            return toys.live(toys.double)(cases)
        return [Reply(status)]

    found = explored(declarations, exercise, slow)
    code = Code.TIMED_OUT if status is Status.TIMED_OUT else Code.PROCESS_LOST
    assert {v.code for v in found.values()} == {code}
    assert asked == 10 + 3 * 2  # each property once, and once more to judge it


def test_hidden_properties_tell_no_more_than_from_papers(course: Course, exercise: ExercisePaper) -> None:
    """Of an exception only what a public property told as well."""
    for kind, old, new in (("public", "-1e9, 1e9", "1e3, 1e9"), ("hidden", "-6.0, 6.0", "40.0, 60.0")):
        path = course.declarations(kind, "toys")
        path.write_text(path.read_text().replace(old, new))
    declarations = load_declarations(course, "toys")
    everywhere = explored(declarations, exercise, toys.live(lambda x: x.nothing))
    assert everywhere["is_twice"].details == everywhere["is_twice_elsewhere"].details
    elsewhere = explored(declarations, exercise, toys.live(lambda x: x.nothing if 40 <= np.max(x) <= 60 else 2 * x))
    assert elsewhere["is_twice"].passed and elsewhere["is_twice_when_large"].passed
    assert (elsewhere["is_twice_elsewhere"].code, elsewhere["is_twice_elsewhere"].details) == (Code.RAISED, {})


@pytest.mark.parametrize("factor", [1.0, 0.95, 0.5])
def test_random_answers_are_judged_together(random_course: Course, factor: float) -> None:
    """All live examples count, so what no single one shows is found; what one shows is shown at its smallest."""
    declarations = load_declarations(random_course, "toys")
    exercise = draw_paper(declarations, Visibility.PUBLIC, secret="public").exercises[0]

    calls = itertools.count(1)

    def noise(rng: Any, n: Any) -> Any:
        next(calls)
        return factor * rng.normal(0, n**-0.5, (n, 40))

    verdicts = explore_exercise(declarations, exercise, toys.live(noise), BOTH, tries=60).verdicts
    assert factor != 1 or next(calls) - 1 == 3 * (2 + 60) + 3 * 60  # once, then twice for the verdict
    for verdict in verdicts:
        assert verdict.passed == (factor == 1) and bool(verdict.evidence) == (
            factor == 0.5 and verdict.name == "is_normal"
        )


def test_an_oracle_that_breaks_is_told_with_its_line(course: Course, exercise: ExercisePaper) -> None:
    """A fault of the author's isn't taken for a wrong answer."""
    path = course.declarations("hidden", "toys")
    path.write_text(path.read_text().replace("return 2 * x", "return x.nothing"))
    with pytest.raises(CourseError, match=r"hidden/toys.py:4: the oracle is_twice_elsewhere raised AttributeError"):
        explored(load_declarations(course, "toys"), exercise, toys.live(toys.double))
