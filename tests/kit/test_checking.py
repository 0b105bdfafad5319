"""Finding what to check and the paper for it."""

from __future__ import annotations

from pathlib import Path

import pytest
import toys

from autograder.checking import check_file, find_submission
from autograder.course import Course
from autograder.errors import KitError, PaperError, UsageError
from autograder.paper import write_paper

HERE = Path()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder: a paper and a script with the right answer."""
    write_paper(toys.paper(), tmp_path / "toys.paper")
    (tmp_path / "toys.py").write_text("def double(x):\n    return 2 * x\n")
    return tmp_path


def test_file_and_folder_lead_to_the_same(folder: Path) -> None:
    """Naming the file or its folder makes no difference."""
    assert find_submission(folder, HERE)[0] == find_submission(folder / "toys.py", HERE)[0] == folder / "toys.py"
    assert check_file(folder, HERE).passed


def test_notebook_is_preferred_to_a_script(folder: Path) -> None:
    """Where both lie, the notebook is what is handed in."""
    (folder / "toys.ipynb").write_text('{"cells": [], "nbformat": 4}')
    assert find_submission(folder, HERE)[0].suffix == ".ipynb"


def test_only_the_chosen_exercises_are_asked(folder: Path) -> None:
    """--exercise leaves the others out."""
    write_paper(toys.paper(toys.exercise(), toys.exercise(toys.pair, mistakes=())), folder / "toys.paper")
    assert [r.name for r in check_file(folder, HERE, exercises=["double"]).exercises] == ["double"]
    assert [r.name for r in check_file(folder, HERE).exercises] == ["double", "pair"]


def test_in_a_course_the_paper_is_the_courses(course: Course) -> None:
    """A submission without a paper beside it sits its assignment's, found by its name or its folder's."""
    write_paper(toys.paper(), course.public_paper("toys"))
    for path in ("submitted/ada/toys/toys.py", "submitted/ada/toys/mine.py"):
        file = course.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("def double(x): return 2 * x")
        assert find_submission(file, HERE)[1].assignment == "toys"


def broken(folder: Path, course: Course) -> dict[str, tuple[Path, str]]:
    """What people type wrong, and what must be said."""
    (folder / "notes.txt").touch()
    (folder / "empty").mkdir()
    foreign = course.root / "elsewhere" / "other.py"
    foreign.parent.mkdir()
    foreign.touch()
    return {
        "missing": (folder / "none.ipynb", "there is no such file"),
        "kind": (folder / "notes.txt", "a notebook (.ipynb) or a .py file is expected"),
        "no paper": (folder / "empty", "there is none"),
        "foreign": (foreign, "isn't of this course"),
    }


@pytest.mark.parametrize("case", ["missing", "kind", "no paper", "foreign"])
def test_what_is_typed_wrong_is_told(tmp_path: Path, course: Course, case: str) -> None:
    """One message with the path in it, and exit status 2."""
    folder = tmp_path / "student"
    folder.mkdir()
    path, says = broken(folder, course)[case]
    with pytest.raises(UsageError) as caught:
        find_submission(path, HERE)
    assert says in caught.value.message
    assert path.name in caught.value.message
    assert caught.value.exit_status == 2


def test_paper_without_its_file_says_what_is_missing(folder: Path) -> None:
    """The paper is there, the notebook isn't."""
    (folder / "toys.py").unlink()
    with pytest.raises(UsageError, match=r"no toys\.ipynb"):
        find_submission(folder, HERE)


def test_file_far_from_any_paper_is_told_so(tmp_path: Path) -> None:
    """A stray file: neither paper nor course."""
    stray = tmp_path / "stray.py"
    stray.touch()
    with pytest.raises(PaperError, match="no course around it"):
        find_submission(stray, HERE)


def test_hidden_and_explore_need_the_course(folder: Path) -> None:
    """A student who asks for hidden properties learns that a course is needed."""
    for options in ({"hidden": True}, {"explore": True}):
        with pytest.raises(KitError, match=r"grading\.toml"):
            check_file(folder, folder, **options)  # type: ignore[arg-type]


def test_unknown_exercise_is_told_with_the_known_ones(folder: Path) -> None:
    """A typo in --exercise."""
    with pytest.raises(UsageError, match="dubble") as caught:
        check_file(folder, HERE, exercises=["dubble"])
    assert "double" in caught.value.next_step
