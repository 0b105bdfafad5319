"""How exercises stand is found out from the files, and remembered until they change."""

from __future__ import annotations

from pathlib import Path

import learner
import pytest
from htilde.errors import SubmissionError, UsageError
from htilde.examination.paper import read_paper, write_paper
from htilde.self_study import standing as module
from htilde.self_study.progress import changing
from htilde.self_study.standing import Standings, State, examine_own, exercise_named, read_own, standings
from htilde.self_study.workspace import Workspace


@pytest.fixture
def space(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    return learner.workspace(tmp_path_factory, tmp_path / "mine")


def found(space: Workspace) -> dict[str, State]:
    return {one.exercise: one.state for one in standings(space, lambda name: None).all}


@pytest.mark.parametrize("form", ["py", "notebook"])
def test_each_state_is_recognised(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, form: str) -> None:
    """A stub, an attempt, one that only hidden properties know to be wrong, one that passes all."""
    space = learner.workspace(tmp_path_factory, tmp_path / "mine", form=form)
    assert {*found(space).values()} == {State.TODO}
    for source, wanted in (
        (learner.ADDS_TWO, State.STARTED),
        (learner.RIGHT_BUT_FAR, State.PUBLIC),
        (learner.RIGHT, State.PASSED),
        ("def double(x)\n", State.STARTED),
    ):
        learner.answer(space, "double", source)
        assert found(space) == {"double": wanted, "negate": State.TODO, "triple": State.TODO}


def test_hidden_properties_are_asked_once_the_public_ones_pass(space: Workspace) -> None:
    """Of each exercise by itself; a failing one is told by its claim, never by an input."""
    learner.answer(space, "double", learner.ADDS_TWO)
    asked = [v.name for v in examine_own(space, "toys", read_own(space, "toys"))["double"].verdicts]
    assert "is_twice_elsewhere" not in asked
    learner.answer(space, "double", learner.RIGHT_BUT_FAR)
    verdict = examine_own(space, "toys", read_own(space, "toys"), ["double"])["double"].verdicts[-1]
    assert verdict.name == "is_twice_elsewhere" and not verdict.passed and not verdict.evidence


def test_what_hasnt_changed_isnt_examined_again(space: Workspace) -> None:
    """Per assignment, by what is run; prose and other files don't matter."""
    examined: list[str] = []
    standings(space, examined.append)
    file = space.file("toys")
    file.write_text(file.read_text().replace("# # Doubles", "# # Twice"))
    standings(space, examined.append)
    assert examined == ["toys", "more"]
    learner.answer(space, "double", learner.RIGHT)
    assert standings(space, examined.append).passed == 1 and examined == ["toys", "more", "toys"]


def test_what_another_engine_passed_is_examined_again(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """An examiner that was mended since may find otherwise; so may another paper."""
    examined: list[str] = []
    learner.answer(space, "double", learner.RIGHT)
    standings(space, examined.append)
    monkeypatch.setattr(module, "engine", lambda: "another engine")
    assert standings(space, examined.append).passed == 1 and examined == ["toys", "more"] * 2
    paper = read_paper(space.public_paper("toys"))
    write_paper(paper.with_points({"double": 9}), space.public_paper("toys"))
    standings(space, examined.append)
    assert examined == [*["toys", "more"] * 2, "toys"]


def test_without_leave_nothing_is_examined(space: Workspace) -> None:
    """What isn't known is unknown, and not failed."""
    assert {one.state for one in standings(space).all} == {State.UNKNOWN}
    standings(space, lambda name: None)
    assert {one.state for one in standings(space).all} == {State.TODO}


def test_a_file_that_cant_be_read_hinders_no_other(space: Workspace) -> None:
    """One that is gone says how to get it back."""
    space.file("toys").unlink()
    learner.answer(space, "triple", "def triple(x):\n    return 3 * x\n", assignment="more")
    now = standings(space, lambda name: None)
    assert [one.state for one in now.all] == [State.UNKNOWN, State.UNKNOWN, State.PASSED]
    assert isinstance(now.troubles["toys"], SubmissionError) and "start" in now.troubles["toys"].next_step


def test_the_next_exercise_is_the_first_unfinished_one_behind(space: Workspace) -> None:
    """Around the corner, too; when all pass there is none."""
    learner.answer(space, "double", learner.RIGHT)
    now = standings(space, lambda name: None)

    def following(after: tuple[str, str] | None) -> str:
        upcoming = now.next(after)
        return upcoming.exercise if upcoming else ""

    assert [following(after) for after in (None, ("toys", "negate"), ("more", "triple"))] == [
        "negate",
        "triple",
        "negate",
    ]
    assert Standings(now.of("toys")[:1], {}).next() is None


def test_names_are_understood_or_explained(space: Workspace) -> None:
    """Alone or with the assignment; a typo is answered with what is near, anything else with where to look."""
    assert exercise_named(space, "triple") == exercise_named(space, "more/triple") == ("more", "triple")
    with pytest.raises(UsageError) as caught:
        exercise_named(space, "tripel")
    assert "triple" in caught.value.next_step
    with pytest.raises(UsageError) as caught:
        exercise_named(space, "toys/triple")
    assert caught.value.next_step
    twice = Workspace(space.root, "en", "py", {"a": ("f",), "b": ("f",)})
    with pytest.raises(UsageError, match="more than one") as caught:
        exercise_named(twice, "f")
    assert "a/f | b/f" in caught.value.next_step


def test_states_written_by_hand_are_believed_only_where_they_fit(space: Workspace) -> None:
    """A state that there isn't, an exercise too few: examined again."""
    standings(space, lambda name: None)
    for spoilt in ({"double": "won"}, {"double": "passed"}, {"double": "won", "negate": "to do"}):
        with changing(space) as progress:
            progress.seen["toys"] = progress.seen["toys"][0], spoilt
        assert found(space)["double"] is State.TODO


def test_where_nothing_can_be_written_exercises_stand_as_they_do(space: Workspace) -> None:
    """What can't be kept is examined again."""
    (space.private / "progress.json").mkdir()
    assert {*found(space).values()} == {State.TODO}
