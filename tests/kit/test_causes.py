"""Why answers are wrong: each lost point has one cause, and what isn't anybody's mistake is left out."""

from __future__ import annotations

import math
from typing import Any

import nbformat
import pytest
from clone import A1
from graded import graded, notebook
from htilde.authoring.papers import stored_papers
from htilde.examination.examiner import examine
from htilde.language import LANGUAGES, speaking
from htilde.reports.causes import Answer, Cause, causes, outcome
from htilde.submissions.rebuild import submission_cells
from htilde.submissions.steps import Submission, steps
from htilde.telling.faces import as_json
from htilde.telling.messages import not_implemented
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.sampled_from([None, "adds", "forgets", ["adds", "forgets"]])
REASONS = st.sampled_from(["wrong values", "raised ValueError", not_implemented().reason])


@st.composite
def answers(draw: st.DrawFn, worth: float) -> dict[str, Any]:
    """One exercise as a record holds it, its points those of its properties."""
    properties = []
    for name, visibility, kind in (("a", "public", "main"), ("b", "public", "edge"), ("c", "hidden", "main")):
        passed = draw(st.booleans())
        named = None if passed else draw(NAMES)
        reason = "" if passed else draw(REASONS)
        properties.append(one(reason, named) | {"name": name, "visibility": visibility, "kind": kind})
    right = all(p["passed"] for p in properties if p["kind"] == "main")
    earned = worth * sum(p["passed"] for p in properties) / 3 if right else 0.0
    return {"points": round(earned, 2), "max_points": worth, "properties": properties}


def one(reason: str = "", named: str | list[str] | None = None) -> dict[str, Any]:
    """A property that passed, or failed for a reason, as this mistake or these."""
    names = [named] if isinstance(named, str) else named or []
    hints = [f"mind {name}" for name in names]
    return {"passed": not reason, "reason": reason, "misconception": named, "hints": hints, "notes": []}


def answer(points: float, *properties: dict[str, Any]) -> Answer:
    return {"points": points, "max_points": 3.0, "properties": [*properties]}


@given(st.lists(st.tuples(st.sampled_from("fg"), answers(3.0)), max_size=8))
def test_every_lost_point_has_one_cause(given: list[tuple[str, Answer]]) -> None:
    """What was lost is what causes count and what is left out, no more and no less; the dearest stands first."""
    found, left_out = causes((name, f"s{n}", answer) for n, (name, answer) in enumerate(given))
    lost = sum(answer["max_points"] - answer["points"] for _, answer in given)
    assert math.isclose(sum(cause.lost for cause in found) + left_out, lost, abs_tol=0.05)
    assert [cause.lost for cause in found] == sorted((cause.lost for cause in found), reverse=True)
    for cause in found:
        assert cause.students and len({*cause.students}) == len(cause.students)
        assert bool(cause.misconceptions) != bool(cause.reason) and len(cause.hints) == len(cause.misconceptions)


def test_the_first_known_mistake_is_the_cause() -> None:
    """Others that were seen have their students, and none of the points."""
    found, left_out = causes(
        [
            ("f", "ada", answer(0, one("wrong shape"), one("wrong values", "adds"), one("wrong values", "forgets"))),
            ("f", "bob", answer(1, one(), one("wrong values", "forgets"))),
            ("f", "eve", answer(0, one("wrong values", ["adds", "forgets"]))),
            ("g", "eve", answer(0, one("wrong shape"), one("wrong values"))),
            ("g", "ada", answer(3, one())),
        ]
    )
    assert left_out == 0 and found == (
        Cause("f", ("adds",), "", ("mind adds",), ("ada",), 3.0),
        Cause("f", ("adds", "forgets"), "", ("mind adds", "mind forgets"), ("eve",), 3.0),
        Cause("g", (), "wrong shape", (), ("eve",), 3.0),
        Cause("f", ("forgets",), "", ("mind forgets",), ("ada", "bob"), 2.0),
    )
    assert [cause.words for cause in found] == ["adds", "adds / forgets", "wrong shape", "forgets"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_begun_is_nobodys_mistake(language: str) -> None:
    """In whatever language its student was told so; an answer that lacks an edge is begun."""
    with speaking(language):
        reason = not_implemented().reason
    stub, edge = answer(0, one(reason), one(reason)), answer(2, one(), one(reason))
    assert (outcome(stub), outcome(edge)) == ("not_begun", "part")
    assert (outcome(answer(3, one())), outcome(answer(0, one("wrong values"), one()))) == ("full", "nothing")
    found, left_out = causes([("f", "ada", stub), ("f", "bob", edge)])
    assert left_out == 3 and [(cause.reason, cause.students, cause.lost) for cause in found] == [
        (reason, ("bob",), 1.0)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_follows_from_another_mistake_is_left_out(tmp_path_factory: pytest.TempPathFactory, language: str) -> None:
    """An answer that is wrong because it calls a wrong one isn't what to re-teach; the examiner's note says which."""
    course = graded(tmp_path_factory)
    book = notebook(course.release(A1) / f"{A1}.ipynb")
    given = {
        "sigmoid": "def sigmoid(h_tilde):\n    return 7 * h_tilde",
        "sigmoid_derivative": "def sigmoid_derivative(h_tilde):\n    return sigmoid(h_tilde) * (1 - sigmoid(h_tilde))",
    }
    for cell in book["cells"]:
        cell["source"] = given.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""), "".join(cell["source"]))
    listed = course.assignment(A1)
    submission = Submission(steps(submission_cells(nbformat.from_dict(book)), listed.exercises))
    with speaking(language):
        found = as_json(examine(submission, stored_papers(course, A1), course.limits))
    why, left_out = causes((name, "ada", found["exercises"][name]) for name in listed.exercises)
    assert [(cause.exercise, cause.lost) for cause in why] == [("sigmoid", 2.0)]
    assert left_out == 6, "the derivative follows, and tanh's isn't begun"
