"""Why answers are wrong: each lost point has one cause, and what isn't anybody's mistake is left out."""

from __future__ import annotations

import math
from dataclasses import replace

import nbformat
import pytest
import toys
from asking import DOUBLE, examined
from clone import A1
from graded import graded, notebook
from htilde.authoring.papers import stored_papers
from htilde.codes import Code, Plain
from htilde.diagnosis.completion import examine
from htilde.language import LANGUAGES, speaking
from htilde.model import ExerciseResult, Kind, Verdict, Visibility
from htilde.reports.causes import Cause, causes, outcome
from htilde.submissions.rebuild import submission_cells
from htilde.submissions.steps import Submission, steps
from hypothesis import given
from hypothesis import strategies as st
from samples import verdict

NAMES = st.sampled_from([(), ("adds",), ("forgets",), ("adds", "forgets")])
WAYS: list[tuple[Code, dict[str, Plain]]] = [
    (Code.WRONG_VALUES, {"got": 1.0}),
    (Code.RAISED, {"error": "ValueError", "message": "any", "line": 3}),
    (Code.NOT_IMPLEMENTED, {}),
]
SHAPE = (Code.WRONG_SHAPE, {"got": [1], "expected": [2]})


@st.composite
def answers(draw: st.DrawFn, name: str, worth: float) -> ExerciseResult:
    """An exercise whose points are those of its properties."""
    verdicts = []
    for at, visibility, kind in (("a", "public", "main"), ("b", "public", "edge"), ("c", "hidden", "main")):
        passed = draw(st.booleans())
        found = one() if passed else one(draw(st.sampled_from(WAYS)), *draw(NAMES))
        verdicts.append(replace(found, name=at, visibility=Visibility(visibility), kind=Kind(kind)))
    return ExerciseResult(name, worth, tuple(verdicts))


def one(way: tuple[Code, dict[str, Plain]] = (Code.PASSED, {}), *names: str) -> Verdict:
    """A property that came out in this way, as this mistake or these."""
    hints = tuple({"en": f"mind {name}"} for name in names)
    return verdict(*way, mistakes=names, hints=hints)


def answer(name: str, *verdicts: Verdict, edge: bool = False) -> ExerciseResult:
    """An answer worth three points, of main properties, or of one and edges."""
    (first, *others) = verdicts
    return ExerciseResult(name, 3.0, (first, *(replace(v, kind=Kind.EDGE) if edge else v for v in others)))


@given(st.lists(st.sampled_from("fg").flatmap(lambda name: answers(name, 3.0)), max_size=8))
def test_every_lost_point_has_one_cause(given: list[ExerciseResult]) -> None:
    """What was lost is what causes count and what is left out, no more and no less; the dearest stands first."""
    found, left_out = causes((f"s{n}", answer) for n, answer in enumerate(given))
    lost = sum(answer.max_points - answer.points for answer in given)
    assert math.isclose(sum(cause.lost for cause in found) + left_out, lost, abs_tol=0.05)
    assert [cause.lost for cause in found] == sorted((cause.lost for cause in found), reverse=True)
    for cause in found:
        assert cause.students and len({*cause.students}) == len(cause.students)
        assert bool(cause.mistakes) != bool(cause.code) and len(cause.hints) == len(cause.mistakes)


VALUES = WAYS[0]


def test_the_first_known_mistake_is_the_cause() -> None:
    """Others that were seen have their students, and none of the points."""
    found, left_out = causes(
        [
            ("ada", answer("f", one(SHAPE), one(VALUES, "adds"), one(VALUES, "forgets"))),
            ("bob", answer("f", one(), one(), one(VALUES, "forgets"), edge=True)),
            ("eve", answer("f", one(VALUES, "adds", "forgets"))),
            ("eve", answer("g", one(SHAPE), one(VALUES))),
            ("ada", answer("g", one())),
        ]
    )
    adds, forgets = {"en": "mind adds"}, {"en": "mind forgets"}
    assert left_out == 0 and found == (
        Cause("f", ("adds",), None, {}, (adds,), ("ada",), 3.0),
        Cause("f", ("adds", "forgets"), None, {}, (adds, forgets), ("eve",), 3.0),
        Cause("g", (), Code.WRONG_SHAPE, {}, (), ("eve",), 3.0),
        Cause("f", ("forgets",), None, {}, (forgets,), ("ada", "bob"), 1.0),
    )
    assert [cause.words for cause in found] == ["adds", "adds / forgets", "wrong shape", "forgets"]


def test_failures_of_one_kind_are_one_cause() -> None:
    """Whatever their numbers, lines and texts are; another exception, or another missing package, is another."""
    ways: list[tuple[Code, dict[str, Plain]]] = [
        (Code.WRONG_VALUES, {"got": 1.0, "where": "[0]"}),
        (Code.WRONG_VALUES, {"got": 2.0}),
        (Code.RAISED, {"error": "ValueError", "message": "one", "function": "f", "line": 3}),
        (Code.RAISED, {"error": "ValueError", "message": "other", "function": "helper", "line": 4}),
        (Code.RAISED, {"error": "TypeError", "message": "one"}),
        (Code.NEEDS_PACKAGE, {"package": "torch", "used": "torch.exp", "by": "call"}),
        (Code.NEEDS_PACKAGE, {"package": "torch", "used": "torch.tanh", "by": "cell"}),
        (Code.NEEDS_PACKAGE, {"package": "jax", "used": "jax.grad", "by": "call"}),
    ]
    found, _ = causes((f"s{at}", answer("f", one(way))) for at, way in enumerate(ways))
    assert sorted((cause.words, len(cause.students)) for cause in found) == [
        ("needs jax", 1),
        ("needs torch", 2),
        ("raised TypeError", 1),
        ("raised ValueError", 2),
        ("wrong values", 2),
    ]


def test_a_class_of_two_languages_has_one_list() -> None:
    """A failure in Korean is the same as in English, and the list reads in either."""
    papers = [toys.paper(DOUBLE), replace(toys.paper(DOUBLE), language="ko")]
    results = []
    for paper in papers:
        with speaking(paper.language):
            results.append(examined("def double(x):\n    return 7 * x", papers=[paper])["double"])
    (cause,), _ = causes([("ada", results[0]), ("bob", results[1])])
    assert (cause.students, cause.code, cause.words) == (("ada", "bob"), Code.WRONG_VALUES, "wrong values")
    with speaking("ko"):
        assert cause.words == "값이 틀림"


def test_what_is_not_begun_is_nobodys_mistake() -> None:
    """An answer that lacks an edge is begun."""
    stub = (Code.NOT_IMPLEMENTED, {})
    begun = answer("f", one(), one(), one(stub), edge=True)
    assert (outcome(answer("f", one(stub), one(stub))), outcome(begun)) == ("not_begun", "part")
    assert (outcome(answer("f", one())), outcome(answer("f", one(VALUES), one()))) == ("full", "nothing")
    found, left_out = causes([("ada", answer("f", one(stub), one(stub))), ("bob", begun)])
    assert left_out == 3
    assert [(cause.code, cause.students, cause.lost) for cause in found] == [(Code.NOT_IMPLEMENTED, ("bob",), 1.0)]


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
        found = examine(submission, stored_papers(course, A1), course.limits)
    why, left_out = causes(("ada", found[name]) for name in listed.exercises)
    assert [(cause.exercise, cause.lost) for cause in why] == [("sigmoid", 2.0)]
    assert left_out == 6, "the derivative follows, and tanh's isn't begun"
