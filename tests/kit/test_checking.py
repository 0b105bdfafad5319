"""Checking a file from a clean start: against the paper beside it, in full or in part."""

from __future__ import annotations

from pathlib import Path

import pytest
import toys

from autograder.checking import check_file
from autograder.errors import KitError, SubmissionError, UsageError
from autograder.language import speak, speaking
from autograder.paper import write_paper

HERE = Path()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder: a paper and a script with the right answer."""
    write_paper(toys.paper(), tmp_path / "toys.paper")
    (tmp_path / "toys.py").write_text("def double(x):\n    return 2 * x\n")
    return tmp_path


def test_a_file_is_examined_by_itself_and_in_its_folder(folder: Path) -> None:
    """Naming the file or its folder makes no difference."""
    one, other = check_file(folder, HERE), check_file(folder / "toys.py", HERE)
    assert one == other and one.passed and one.points == one.max_points == 1


def test_only_the_chosen_exercises_are_asked(folder: Path) -> None:
    """--exercise leaves the others out."""
    write_paper(toys.paper(toys.exercise(), toys.exercise(toys.pair, mistakes=())), folder / "toys.paper")
    assert [r.name for r in check_file(folder, HERE, exercises=["double"]).exercises] == ["double"]
    assert [r.name for r in check_file(folder, HERE).exercises] == ["double", "pair"]


def test_whoever_checks_is_spoken_to_in_the_papers_language(folder: Path) -> None:
    """From then on, so that also what a command says afterwards is in that language."""
    write_paper(toys.paper().with_translations({}, language="ko"), folder / "toys.paper")
    (folder / "toys.py").write_text("def double(x):\n    return 3 * x\n")
    with speaking("en"):
        (verdict,) = check_file(folder, HERE)["double"].verdicts
        assert verdict.reason == "값이 틀림"
        speak("en")


def test_a_file_that_cant_be_read_is_refused(folder: Path) -> None:
    """A notebook that is none costs one message; the script beside it isn't taken for it."""
    (folder / "toys.ipynb").write_text("{")
    with pytest.raises(SubmissionError, match=r"toys\.ipynb:1"):
        check_file(folder, HERE)


def test_hidden_and_explore_need_the_course(folder: Path) -> None:
    """A student who asks for hidden properties learns that a course is needed."""
    for options in ({"hidden": True}, {"explore": True}):
        with pytest.raises(KitError, match=r"grading\.toml"):
            check_file(folder, folder, **options)  # type: ignore[arg-type]


def test_a_gpu_is_for_exploring(folder: Path) -> None:
    """Stored papers leave torch nothing to compute; where the device is to no avail it is said."""
    with pytest.raises(UsageError, match="nothing to compute on a GPU") as caught:
        check_file(folder, HERE, device="cuda")
    assert "--explore" in caught.value.next_step


def test_unknown_exercise_is_told_with_the_known_ones(folder: Path) -> None:
    """A typo in --exercise."""
    with pytest.raises(UsageError, match="did you mean 'double'") as caught:
        check_file(folder, HERE, exercises=["dubble"])
    assert "double" in caught.value.next_step
