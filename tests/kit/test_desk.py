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
from htilde.self_study.desk import Desk
from htilde.self_study.standing import State, examine_own, papers, read_own, standings, state
from htilde.self_study.study import Lesson, Study, write_study
from htilde.self_study.workspace import Workspace
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Its double adds two."""
    found = learner.workspace(tmp_path_factory, tmp_path_factory.mktemp("desk") / "mine")
    learner.answer(found, "double", learner.ADDS_TWO)
    return found


@pytest.fixture(scope="module")
def known(space: Workspace) -> Found:
    """What is found out about its first file."""
    return found(space)


@pytest.fixture
def desk(space: Workspace) -> Desk:
    return Desk(space, standings(space))


def found(space: Workspace, *exercises: str, changed: str = "", assignment: str = "toys") -> Found:
    submission = read_own(space, assignment)
    examination = examine_own(space, assignment, submission, exercises)
    study = papers(space, assignment)[1]
    states = {result.name: state(result, submission, study) for result in examination.exercises}
    return Found(assignment, examination.exercises, states, examination.notes, changed)


def test_it_begins_with_the_first_unfinished_exercise(space: Workspace, desk: Desk) -> None:
    """Or with the one that is named; nothing is known of it yet."""
    assert desk.focus == ("toys", "double") and desk.unexamined and desk.known == set()
    assert desk.verdict() == ["double: examining ..."]
    assert Desk(space, standings(space), ("more", "triple")).focus == ("more", "triple")


def test_a_change_takes_the_screen(space: Workspace, known: Found, desk: Desk) -> None:
    """From a page that was asked for, too; what wasn't changed doesn't."""
    desk.learnt(known)
    desk.pressed("l")
    desk.learnt(known)
    assert "toys: 0 of 2" in desk.page(24, 80)[2]
    desk.learnt(found(space, "negate", changed="negate"))
    assert desk.focus == ("toys", "negate") and "negate: not yet" in desk.page(24, 80)[2]


def test_keys_lead_there_and_back(known: Found, desk: Desk) -> None:
    """The same key again, or any other, shows the verdict; n goes round."""
    desk.learnt(known)
    verdict = desk.page(24, 80)
    for key in ("l", "s"):
        desk.pressed(key)
        assert desk.page(24, 80) != verdict
        desk.pressed(key)
        assert desk.page(24, 80) == verdict
    desk.pressed("l")
    desk.pressed("x")
    assert desk.page(24, 80) == verdict
    seen = []
    for _ in range(3):
        desk.pressed("n")
        seen.append(desk.focus[1])
    assert seen == ["negate", "triple", "double"]


def test_what_is_unknown_is_waited_for(space: Workspace, desk: Desk) -> None:
    """A solution is asked for before anything was examined; the next exercise is in another file."""
    desk.pressed("s")
    assert "Wait until it is examined." in desk.page(24, 80)[2]
    desk.pressed("n")
    desk.pressed("n")
    assert desk.focus == ("more", "triple") and desk.unexamined
    desk.learnt(found(space, assignment="more"))
    assert not desk.unexamined and not desk.busy


def test_a_file_that_failed_comes_to_the_front(space: Workspace, known: Found, desk: Desk) -> None:
    """With the reason, until it is examined again."""
    desk.learnt(known)
    desk.failed("more", UsageError("It is broken.", next_step="Mend it."))
    assert desk.focus == ("more", "triple") and desk.verdict() == ["    It is broken.", "    Mend it."]
    desk.learnt(found(space, assignment="more"))
    assert "triple" in desk.verdict()[0]


def test_a_key_survives_what_has_become_unreadable(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """The file is gone, or the study: that is told in place of what was asked for."""
    space = learner.workspace(tmp_path_factory, tmp_path / "mine")
    learner.answer(space, "double", learner.RIGHT)
    desk = Desk(space, standings(space))
    desk.learnt(found(space))
    space.file("toys").unlink()
    desk.pressed("s")
    assert "there is no such file" in "".join(desk.page(24, 80)[2:6])
    space.study_file("toys").unlink()
    desk.pressed("h")
    assert "there is no such study file" in "".join(desk.page(24, 80)[2:6])


def test_the_mistake_is_on_the_first_screen(known: Found, desk: Desk) -> None:
    """What it looks like comes before the evidence, which may be long."""
    desk.learnt(known)
    text = "\n".join(desk.page(24, 80))
    assert text.index("It looks like: adds two.") < text.index("your answer")


def test_the_list_opens_where_the_exercise_is(space: Workspace, desk: Desk) -> None:
    """On a small screen, too."""
    desk.focus = ("more", "triple")
    desk.pressed("l")
    assert any("triple" in line.split() for line in desk.page(9, 80)[2:])
    desk.focus = ("toys", "double")
    desk.pressed("x")
    desk.pressed("l")
    assert any("double" in line.split() for line in desk.page(9, 80)[2:])


def test_where_nothing_locks_the_code_in_it_is_said(known: Found, desk: Desk) -> None:
    """With the reason."""
    assert "protection" not in str((desk.learnt(known), desk.verdict()))
    desk.learnt(replace(known, unprotected="no Landlock"))
    assert "Note: this ran without protection (no Landlock)" in desk.verdict()[-1]


def test_everything_done_is_said(space: Workspace, desk: Desk) -> None:
    """And the last exercise that is left."""
    desk.standings = desk.standings.but("toys", dict.fromkeys(("double", "negate"), State.PASSED))
    desk.focus = ("more", "triple")
    assert desk.upcoming() == "the last one that is left"
    desk.standings = desk.standings.but("more", {"triple": State.PASSED})
    assert "Well done" in desk.upcoming()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.integers(1, 60), st.integers(30, 200), st.text("hlsn x\x1b\n", max_size=6))
def test_every_page_fits_the_screen(space: Workspace, known: Found, rows: int, width: int, keys: str) -> None:
    """Of any size, whatever is pressed; every line of what there is comes on one of its screens."""
    desk = Desk(space, standings(space))
    desk.learnt(known)
    for key in keys:
        desk.pressed(key)
    page = desk.page(rows, width)
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
    desk = Desk(space, standings(space))
    desk.saved()
    desk._saved = "14:02:11"
    desk.learnt(found(space, "sigmoid_derivative", assignment=A1, changed="sigmoid_derivative"))
    assert shown and shown[1].splitlines() == [line.rstrip() for line in desk.page(24, 80)]
