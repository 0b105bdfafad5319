"""Finding what to check and the paper for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import toys
from clone import A1, clone
from htilde.codes import Note, NoteCode
from htilde.course import Course
from htilde.errors import CourseError, PaperError, UsageError
from htilde.examination.finding import enclosing_course, find_paper, find_submission
from htilde.examination.paper import write_paper
from htilde.model import Visibility

HERE = Path()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder: a paper and a script."""
    write_paper(toys.paper(), tmp_path / "toys.paper")
    (tmp_path / "toys.py").touch()
    return tmp_path


def test_file_and_folder_lead_to_the_same(folder: Path) -> None:
    """Naming the file or its folder makes no difference."""
    one, other = find_submission(folder, HERE), find_submission(folder / "toys.py", HERE)
    assert one.file == other.file == folder / "toys.py"
    assert one.paper.id == other.paper.id == find_paper(folder).id
    assert one.notes == other.notes == ()


def test_notebook_is_preferred_to_a_script(folder: Path) -> None:
    """Where both lie, the notebook is what is handed in."""
    (folder / "toys.ipynb").write_text('{"cells": [], "nbformat": 4}')
    assert find_submission(folder, HERE).file.suffix == ".ipynb"


RENAMED = ["toys (1).ipynb", "toys-Copy1.ipynb", "toys_kim.py", "Toys.ipynb", "Copy of toys.ipynb", "toys.ipynb.txt"]


@pytest.mark.parametrize("name", RENAMED)
def test_a_renamed_file_is_taken_if_it_is_the_only_one(folder: Path, name: str) -> None:
    """And it is said which one that was; files that can't be meant are no reason to ask."""
    (folder / "toys.py").rename(folder / name)
    for other in ("._toys.ipynb", "toys-checkpoint.ipynb", "test_toys.py", "notes.ipynb", "toys.csv"):
        (folder / other).touch()
    (folder / "toys (2).ipynb").mkdir()
    found = find_submission(folder, HERE)
    wanted = "toys.py" if ".py" in name else "toys.ipynb"
    assert (found.file.name, found.expected) == (name, wanted)
    assert found.notes == (Note(NoteCode.FILE_RENAMED, {"file": name, "expected": wanted}),)


def test_of_several_renamed_files_none_is_taken(folder: Path) -> None:
    """They are named, and the name that counts; in the paper's language."""
    (folder / "toys.py").unlink()
    for name in ("toys (1).ipynb", "toys_kim.ipynb"):
        (folder / name).touch()
    with pytest.raises(
        UsageError, match=r"no toys\.ipynb in this folder, .*: toys \(1\)\.ipynb, toys_kim\.ipynb"
    ) as caught:
        find_submission(folder, HERE)
    assert "to toys.ipynb" in caught.value.next_step
    write_paper(replace(toys.paper(), language="ko"), folder / "toys.paper")
    with pytest.raises(UsageError, match=r"toys \(1\)\.ipynb, toys_kim\.ipynb") as caught:
        find_submission(folder, HERE)
    assert "in this folder" not in caught.value.message


def test_the_right_name_wins_and_copies_beside_it_are_told(folder: Path) -> None:
    """Notebook and script of the same name are a pair and no copies."""
    for name in ("toys.ipynb", "toys-Copy1.ipynb", "toys (1).py"):
        (folder / name).touch()
    found = find_submission(folder, HERE)
    assert (found.file.name, found.beside) == ("toys.ipynb", ("toys (1).py", "toys-Copy1.ipynb"))
    copies = {"file": "toys.ipynb", "names": ["toys (1).py", "toys-Copy1.ipynb"]}
    assert found.notes == (Note(NoteCode.COPIES_BESIDE, copies),)


def test_the_paper_beside_a_file_is_its_own(folder: Path) -> None:
    """A file may be called as its author likes, where the paper says which assignment it is."""
    (folder / "mine.py").touch()
    found = find_submission(folder / "mine.py", HERE)
    assert (found.file.name, found.paper.assignment, found.notes) == ("mine.py", "toys", ())


def test_in_a_course_the_paper_is_the_courses(course: Course) -> None:
    """A submission without a paper beside it sits its assignment's, found by its name or its folder's."""
    write_paper(toys.paper(), course.public_paper("toys"))
    for path in ("submitted/ada/toys/toys.py", "submitted/ada/toys/mine.py", "elsewhere/toys.py", "x/Toys (1).py"):
        file = course.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("def double(x): return 2 * x")
        assert find_submission(file, HERE).paper.assignment == "toys"


def test_a_course_may_be_named(course: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A file that lies elsewhere sits the paper of the course that --course names."""
    write_paper(toys.paper(), course.public_paper("toys"))
    file = tmp_path_factory.mktemp("elsewhere") / "toys.py"
    file.touch()
    assert find_submission(file, course.root).paper.assignment == "toys"
    with pytest.raises(UsageError, match=r"grading\.toml"):
        find_submission(file, file.parent)


def test_in_a_course_the_paper_is_worth_todays_points(course: Course) -> None:
    """As last built, or else as last released; what grading.toml says now is what it is worth."""
    write_paper(toys.paper(toys.exercise(points=7)), course.public_paper("toys"))
    file = course.root / "toys.py"
    file.touch()
    released = find_submission(file, HERE).paper
    assert [exercise.points for exercise in released.exercises] == [2]
    write_paper(toys.paper(toys.exercise(toys.double, toys.question(toys.squares))), course.source("toys") / "x")
    (course.source("toys") / "x").rename(course.source("toys") / "toys.paper")
    assert find_submission(file, HERE).paper.id != released.id


def test_a_students_folder_in_a_course_needs_no_paper(tmp_path: Path) -> None:
    """Whoever opens a handed-in notebook within the course checks it against what was released."""
    course = clone(tmp_path)
    folder = course.root / "submitted" / "ada" / A1
    folder.mkdir(parents=True)
    assert find_paper(folder).assignment == A1
    with pytest.raises(PaperError, match="there is none"):
        find_paper(folder.parent)


def test_a_paper_that_isnt_the_one_public_one_is_refused(folder: Path) -> None:
    """Two papers are both named; a hidden one is no paper for a check."""
    write_paper(toys.paper(), folder / "other.paper")
    with pytest.raises(PaperError, match=r"there are 2: other\.paper, toys\.paper"):
        find_paper(folder)
    (folder / "other.paper").unlink()
    write_paper(toys.paper(visibility=Visibility.HIDDEN), folder / "toys.paper")
    for find in (lambda: find_paper(folder), lambda: find_submission(folder / "toys.py", HERE)):
        with pytest.raises(PaperError, match=r"toys\.paper: this is a hidden paper"):
            find()


def broken(folder: Path, course: Course) -> dict[str, tuple[Path, str]]:
    """What people type wrong, and what must be said."""
    (folder / "notes.txt").touch()
    for name in ("empty", "book.ipynb", "odd"):
        (folder / name).mkdir()
    (folder / "odd" / "link.py").symlink_to(folder / "nowhere")
    foreign = course.root / "elsewhere" / "other.py"
    foreign.parent.mkdir()
    foreign.touch()
    return {
        "missing": (folder / "none.ipynb", "there is no such file"),
        "kind": (folder / "notes.txt", "a notebook (.ipynb) or a .py file is expected"),
        "no paper": (folder / "empty", "there is none"),
        "foreign": (foreign, "isn't of this course"),
        "a folder's name": (folder / "book.ipynb", "this is a folder, not a file"),
        "a broken link": (folder / "odd" / "link.py", "this is neither a file nor a folder"),
    }


@pytest.mark.parametrize("case", ["missing", "kind", "no paper", "foreign", "a folder's name", "a broken link"])
def test_what_is_typed_wrong_is_told(tmp_path: Path, course: Course, case: str) -> None:
    """One message with the path in it, what to do next, and exit status 2."""
    folder = tmp_path / "student"
    folder.mkdir()
    path, says = broken(folder, course)[case]
    with pytest.raises(UsageError) as caught:
        find_submission(path, HERE)
    assert says in caught.value.message and path.name in caught.value.message
    assert (caught.value.exit_status, bool(caught.value.next_step)) == (2, True)


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


def test_a_course_around_is_found_unless_there_is_none(
    course: Course, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No course is no error, as students have none; one that is broken, or was named in vain, is."""
    outside = tmp_path_factory.mktemp("outside")
    found = enclosing_course(course.root / "tests", HERE)
    assert found is not None and found.root == course.root
    assert enclosing_course(outside, HERE) is None
    with pytest.raises(UsageError):
        enclosing_course(course.root, outside)
    (course.root / "grading.toml").write_text("nonsense")
    with pytest.raises(CourseError):
        enclosing_course(course.root, HERE)
