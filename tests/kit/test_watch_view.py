"""What a watched learner sees follows from verdicts and keys, on a screen of any size."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import learner
import pytest
from clone import A1, ROOT
from htilde.characters import columns
from htilde.course import load_course
from htilde.errors import UsageError
from htilde.examination.paper import read_paper, write_paper
from htilde.model import Visibility
from htilde.self_study.background import Found
from htilde.self_study.standing import State, examine_own, papers, read_own, standings, state
from htilde.self_study.study import Lesson, Study, write_study
from htilde.self_study.watch_view import WatchView
from htilde.self_study.workspace import Workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Its double adds two."""
    found = learner.workspace(tmp_path_factory, tmp_path_factory.mktemp("view") / "mine")
    learner.answer(found, "double", learner.ADDS_TWO)
    return found


@pytest.fixture(scope="module")
def known(space: Workspace) -> Found:
    """What is found out about its first file."""
    return found(space)


@pytest.fixture
def view(space: Workspace) -> WatchView:
    return WatchView(space, standings(space))


def found(space: Workspace, *exercises: str, changed: str = "", assignment: str = "toys") -> Found:
    submission = read_own(space, assignment)
    examination = examine_own(space, assignment, submission, exercises)
    study = papers(space, assignment)[1]
    states = {result.name: state(result, submission, study) for result in examination.exercises}
    return Found(assignment, examination.exercises, states, examination.notes, changed)


def test_it_begins_with_the_first_unfinished_exercise(space: Workspace, view: WatchView) -> None:
    """Or with the one that is named; nothing is known of it yet."""
    assert view.focus == ("toys", "double") and view.unexamined and view.known == set()
    assert view.verdict() == ["double: examining ..."]
    assert WatchView(space, standings(space), ("more", "triple")).focus == ("more", "triple")


def test_a_change_takes_the_screen(space: Workspace, known: Found, view: WatchView) -> None:
    """From a page that was asked for, too; what wasn't changed doesn't."""
    view.learnt(known)
    view.pressed("l")
    view.learnt(known)
    assert "toys: 0 of 2" in view.page(24, 80)[2]
    view.learnt(found(space, "negate", changed="negate"))
    assert view.focus == ("toys", "negate") and "negate: not yet" in view.page(24, 80)[2]


def test_keys_lead_there_and_back(known: Found, view: WatchView) -> None:
    """The same key again, or any other, shows the verdict; n goes round."""
    view.learnt(known)
    verdict = view.page(24, 80)
    for key in ("l", "s"):
        view.pressed(key)
        assert view.page(24, 80) != verdict
        view.pressed(key)
        assert view.page(24, 80) == verdict
    view.pressed("l")
    view.pressed("x")
    assert view.page(24, 80) == verdict
    seen = []
    for _ in range(3):
        view.pressed("n")
        seen.append(view.focus[1])
    assert seen == ["negate", "triple", "double"]


def test_what_is_unknown_is_waited_for(space: Workspace, view: WatchView) -> None:
    """A solution is asked for before anything was examined; the next exercise is in another file."""
    view.pressed("s")
    assert "Wait until it is examined." in view.page(24, 80)[2]
    view.pressed("n")
    view.pressed("n")
    assert view.focus == ("more", "triple") and view.unexamined
    view.learnt(found(space, assignment="more"))
    assert not view.unexamined and not view.busy


def test_a_file_that_failed_comes_to_the_front(space: Workspace, known: Found, view: WatchView) -> None:
    """With the reason, until it is examined again."""
    view.learnt(known)
    view.failed("more", UsageError("It is broken.", next_step="Mend it."))
    assert view.focus == ("more", "triple") and view.verdict() == ["    It is broken.", "    Mend it."]
    view.learnt(found(space, assignment="more"))
    assert "triple" in view.verdict()[0]


def test_a_key_survives_what_has_become_unreadable(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """The file is gone, or the study: that is told in place of what was asked for."""
    space = learner.workspace(tmp_path_factory, tmp_path / "mine")
    learner.answer(space, "double", learner.RIGHT)
    view = WatchView(space, standings(space))
    view.learnt(found(space))
    space.file("toys").unlink()
    view.pressed("s")
    assert "there is no such file" in "".join(view.page(24, 80)[2:6])
    space.study_file("toys").unlink()
    view.pressed("h")
    assert "there is no such study file" in "".join(view.page(24, 80)[2:6])


def test_the_mistake_is_on_the_first_screen(known: Found, view: WatchView) -> None:
    """What it looks like comes before the evidence, which may be long."""
    view.learnt(known)
    text = "\n".join(view.page(24, 80))
    assert text.index("It looks like: adds two.") < text.index("your answer")


def test_the_list_opens_where_the_exercise_is(space: Workspace, view: WatchView) -> None:
    """On a small screen, too."""
    view.focus = ("more", "triple")
    view.pressed("l")
    assert any("triple" in line.split() for line in view.page(9, 80)[2:])
    view.focus = ("toys", "double")
    view.pressed("x")
    view.pressed("l")
    assert any("double" in line.split() for line in view.page(9, 80)[2:])


def test_where_nothing_locks_the_code_in_it_is_said(known: Found, view: WatchView) -> None:
    """With the reason."""
    assert "protection" not in str((view.learnt(known), view.verdict()))
    view.learnt(replace(known, unprotected="no Landlock"))
    assert "Note: this ran without protection (no Landlock)" in view.verdict()[-1]


def test_everything_done_is_said(space: Workspace, view: WatchView) -> None:
    """And the last exercise that is left."""
    view.standings = view.standings.but("toys", dict.fromkeys(("double", "negate"), State.PASSED))
    view.focus = ("more", "triple")
    assert view.upcoming() == "the last one that is left"
    view.standings = view.standings.but("more", {"triple": State.PASSED})
    assert "Well done" in view.upcoming()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.integers(1, 60), st.integers(30, 200), st.text("hlsn x\x1b\n", max_size=6))
def test_every_page_fits_the_screen(space: Workspace, known: Found, rows: int, width: int, keys: str) -> None:
    """Of any size, whatever is pressed; every line of what there is comes on one of its screens."""
    view = WatchView(space, standings(space))
    view.learnt(known)
    for key in keys:
        view.pressed(key)
    page = view.page(rows, width)
    assert len(page) <= rows and all("\x1b" not in line for line in page)
    assert all(columns(line) <= width for line in page[2:-2])


def test_the_screen_in_the_docs_is_the_one_that_is_painted(tmp_path: Path) -> None:
    """To the letter: the README's answer, in the real course."""
    page = (ROOT / "docs" / "self-study.md").read_text(encoding="utf-8")
    shown = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    course = load_course(ROOT / "grading.toml")
    space = Workspace(tmp_path, "en", "py", {listed.name: listed.exercises for listed in course.assignments})
    public = read_paper(course.public_paper(A1))
    lessons = tuple(Lesson(exercise, {}, {}, {}, "", "") for exercise in space.exercises[A1])
    hidden = replace(public, visibility=Visibility.HIDDEN)  # as many properties as the hidden paper has
    write_paper(public, space.public_paper(A1))
    write_study(Study(A1, hidden, lessons), space.study_file(A1))
    answer = "import numpy as np\ndef sigmoid_derivative(x):\n    return x * (1 - x)\n"
    space.file(A1).write_text(answer)
    view = WatchView(space, standings(space))
    view.saved()
    view._saved = "14:02:11"
    view.learnt(found(space, "sigmoid_derivative", assignment=A1, changed="sigmoid_derivative"))
    assert shown and shown[1].splitlines() == [line.rstrip() for line in view.page(24, 80)]
