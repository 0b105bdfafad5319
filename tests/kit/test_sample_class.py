"""The sample class: who is in it, what they hand in, and what is said of a class that is written wrong."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import nbformat
import pytest
from clone import A1, REAL, ROOT, clone
from htilde.course import Course, load_course
from htilde.errors import CourseError, UsageError
from htilde.sample_class import Book, Student, hand_in, sample_class, student
from htilde.submissions.reading import read_submission
from htilde.submissions.steps import Ask, Run

COURSE = load_course(ROOT / "grading.toml")
NAME = f"{A1}.ipynb"


def released() -> dict[str, Any]:
    """The notebook that students receive."""
    book: dict[str, Any] = json.loads((COURSE.release(A1) / NAME).read_text(encoding="utf-8"))
    return book


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The real course in which the sample class has handed in."""
    course = clone(tmp_path_factory.mktemp("class"), of=REAL)
    hand_in(course, A1, sample_class(course, A1))
    return course


def test_every_student_is_somebody_with_points_that_can_be_earned() -> None:
    """Ids differ and can be folders, what they did is said, expected points are whole properties' worth."""
    members = sample_class(COURSE, A1)
    assert len({member.id for member in members}) == len(members) >= 20
    most = sum(COURSE.assignment(A1).points.values())
    assert all(COURSE.student(member.id) and member.did and 0 <= member.points <= most for member in members)
    assert {0, most} < {member.points for member in members}


@pytest.mark.parametrize("member", sample_class(COURSE, A1), ids=lambda member: member.id)
def test_what_is_handed_in_is_a_notebook(handed_in: Course, member: Student) -> None:
    """Each file is a valid notebook, but of those who are meant to hand in something else."""
    raw = (handed_in.root / "submitted" / member.id / A1 / NAME).read_text(encoding="utf-8")
    if member.id == "broken-file":
        with pytest.raises(ValueError, match="Expecting value"):
            json.loads(raw)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if member.id == "right-duplicated-cell" else "error")  # its ids repeat
        nbformat.validate(nbformat.reads(raw, as_version=4))
    handed_out = (handed_in.release(A1) / NAME).read_text(encoding="utf-8")
    assert (json.loads(raw) == json.loads(handed_out)) is (member.id == "untouched")


def test_the_class_is_handed_in_by_folder(handed_in: Course) -> None:
    """One folder for each, named after the student and the assignment; nothing else."""
    found = {path.relative_to(handed_in.root / "submitted") for path in handed_in.root.glob("submitted/*/*/*")}
    assert found == {Path(member.id, A1, NAME) for member in sample_class(handed_in, A1)}


def test_a_book_is_edited_as_students_do(tmp_path: Path) -> None:
    """Answers replaced, cells deleted, pasted and added: read as a submission it is what was meant."""
    book, original = Book(released()), released()
    book.answer(sigmoid="def sigmoid(h_tilde): return 'mine'")
    book.delete_check("tanh_derivative")
    book.duplicate("sigmoid")
    book.delete("sigmoid_derivative")
    book.on_top("import first")
    book.on_top("import second")
    (tmp_path / NAME).write_bytes(book.saved())
    steps = read_submission(tmp_path / NAME, COURSE.assignment(A1).exercises).steps
    sources = [step.source for step in steps if isinstance(step, Run)]
    assert sources[:2] == ["import second", "import first"]
    assert sources.count("def sigmoid(h_tilde): return 'mine'") == 2
    assert not any("def sigmoid_derivative" in source for source in sources)
    assert {step.exercise for step in steps if isinstance(step, Ask)} == set(COURSE.assignment(A1).exercises)
    ids = [cell["id"] for cell in book.cells]
    assert len(ids) == len(set(ids)) + 1  # the pasted one
    assert released() == original


def test_one_books_edits_leave_the_others_alone() -> None:
    """All books are made from one released notebook."""
    handed_out = released()
    Book(handed_out).answer(sigmoid="mine")
    assert handed_out == released()


def test_something_else_altogether_can_be_handed_in() -> None:
    """Bytes as they are."""
    book = Book(released())
    book.replace_file(b"\x00")
    assert book.saved() == b"\x00"


def test_an_edit_of_a_cell_that_is_not_there_is_told() -> None:
    """An exercise that isn't in the notebook, rather than a StopIteration."""
    with pytest.raises(LookupError, match="no cell 'sigmund'"):
        Book(released()).answer(sigmund="")


def test_declaring_outside_a_class_has_no_effect() -> None:
    """A sample class may be imported; the edit stays a plain function."""

    def edit(book: Book) -> None:
        pass

    assert student("ada", "nothing", points=0)(edit) is edit


WRONG = {
    "twice": (
        '@student("ada", "", points=1)\ndef a(b): ...\n@student("ada", "", points=1)\ndef c(b): ...\n',
        4,
        "twice",
    ),
    "id": ('\n@student("../ada", "", points=1)\ndef a(b): ...\n', 3, "can't be a student id"),
    "points": ('@student("ada", "", points=9)\ndef a(b): ...\n', 2, "ada can't earn 9; toys is worth 3"),
    "raises": ("\n\nnowhere\n", 4, "it raised NameError: name 'nowhere'"),
    "syntax": ("def :\n", 2, "it raised SyntaxError: invalid syntax"),
    "empty": ("", None, "nobody is in this class"),
}


def written(course: Course, text: str) -> Path:
    """A sample class of the toy course."""
    path = course.declarations("sample_class", "toys")
    path.parent.mkdir()
    path.write_text(f"from htilde.sample_class import student\n{text}", encoding="utf-8")
    return path


@pytest.mark.parametrize("case", WRONG)
def test_a_class_written_wrong_is_told_with_its_line(course: Course, case: str) -> None:
    """Two of a name, an id that leaves its folder, points that nobody can earn, or Python that doesn't run."""
    text, line, says = WRONG[case]
    path = written(course, text)
    with pytest.raises(CourseError) as caught:
        sample_class(course, "toys")
    (problem,) = caught.value.problems
    assert says in problem.what and (problem.path, problem.line) == (path, line)


def test_an_assignment_without_a_class_says_so(course: Course) -> None:
    """The file that would hold it is named."""
    with pytest.raises(UsageError, match=r"sample_class/toys\.py: toys has no sample class"):
        sample_class(course, "toys")


def test_an_edit_that_raises_is_told_with_its_line(course: Course) -> None:
    """The student and the line of the instructor's file; those before have handed in."""
    path = written(course, '@student("ada", "", points=1)\ndef a(book):\n    book.delete("nothing")\n')
    notebook = course.release("toys") / "toys.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text('{"cells": []}')
    with pytest.raises(CourseError) as caught:
        hand_in(course, "toys", sample_class(course, "toys"))
    assert str(caught.value) == f"{path}:4: the edit of ada raised LookupError: the notebook has no cell 'nothing'"
