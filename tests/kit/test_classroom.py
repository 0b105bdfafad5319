"""Release, grade, write feedback, export: what the commands of the kit do for a course."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from clone import A1
from graded import CLASS, copied, graded, notebook, said, scores
from htilde.characters import points
from htilde.cli.main import main
from htilde.course import Course, load_course
from htilde.errors import CourseError, GraderFault, MissingExtra, UsageError
from htilde.model import PAPER_SUFFIX
from htilde.nbgrader import classroom
from test_nbgrader_grade_class import Watch

RELEASED = {f"{A1}.ipynb", f"{A1}{PAPER_SUFFIX}"}


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Course:
    """A copy of the graded course in which two have handed in."""
    return load_course(copied(tmp_path_factory, tmp_path, "007", "right") / "grading.toml")


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_release_replaces_the_old_one_whole(own: Course) -> None:
    """Students receive the notebook and the public paper, built anew, and nothing of the release before."""
    lines: list[str] = []
    before = files(own.release(A1))
    (own.release(A1) / "stale.txt").touch()
    assert classroom.release(own, A1, on_line=lines.append) == own.release(A1)
    assert files(own.release(A1)) == before and before.keys() == RELEASED
    assert [path.name for path in own.release(A1).parent.iterdir()] == [A1], "nothing is left beside it"
    assert any("Writing" in line for line in lines)


def test_a_release_that_fails_leaves_the_old_one(own: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nbgrader refuses is explained in its own words, and students keep what they have."""
    path = own.source(A1) / f"{A1}.ipynb"
    book = notebook(path)
    book["cells"][0]["source"] = "secret\n### END SOLUTION"
    path.write_text(json.dumps(book), encoding="utf-8")
    monkeypatch.setattr(classroom, "build", lambda *_, **__: None)
    before = files(own.release(A1))
    with pytest.raises(GraderFault, match="cell 1: each answer must stand between") as caught:
        classroom.release(own, A1)
    assert "Mend the master and build again." in caught.value.message and "Traceback" not in caught.value.message
    assert files(own.release(A1)) == before
    assert [path.name for path in own.release(A1).parent.iterdir()] == [A1]


def test_a_master_that_cant_be_built_touches_nothing(own: Course) -> None:
    """The build comes first: nbgrader isn't started."""
    own.master(A1).unlink()
    before = files(own.release(A1))
    with pytest.raises(CourseError, match="no such master"):
        classroom.release(own, A1)
    assert files(own.release(A1)) == before


def test_one_student_is_graded_given_feedback_and_exported(own: Course) -> None:
    """An id of digits is an id; the others' work stays as it was."""
    (own.root / "submitted" / "007" / A1 / f"{A1}.ipynb").write_bytes(b"{}")
    result = classroom.grade(own, A1, "007", progress=Watch())
    assert result.recorded == {"007"} and {*scores(own.root)["007"].values()} == {0}
    assert classroom.renew_feedback(own, A1, "007", progress=Watch()) is None
    assert "isn't a notebook" in said(own.root, "007")
    assert classroom.export(own) == own.root / classroom.GRADES
    found = {grade.student: grade for grade in classroom.grades(own, A1)}
    assert (found["007"].score, found["007"].status, found["right"].score) == (0, "unreadable", 8)
    with (own.root / classroom.GRADES).open(encoding="utf-8", newline="") as file:
        exported = {row["student_id"]: row["score"] for row in csv.DictReader(file)}
    assert exported == {name: points(row.score) if row.score is not None else "" for name, row in found.items()}


def test_one_who_cant_be_graded_costs_nobody_the_page(own: Course) -> None:
    """The others' feedback and all grades are written, whatever a folder is refused for."""
    (own.root / "submitted" / "007" / A1 / f"{A1}.ipynb").rename(own.root / "submitted" / "007" / A1 / "mine.ipynb")
    shutil.rmtree(own.root / "feedback")
    (own.root / classroom.GRADES).unlink()
    done = CliRunner().invoke(main, ["--course", str(own.root), "grade", A1])
    assert done.exit_code == 3 and "its notebook must be called" in done.stderr
    assert "8 of 8 points" in said(own.root, "right") and (own.root / classroom.GRADES).exists()


def test_grades_are_those_of_the_gradebook(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One row for each student of the assignment, by name; no score is None, not 0."""
    course = graded(tmp_path_factory)
    found = classroom.grades(course, A1)
    assert [grade.student for grade in found] == sorted(grade.student for grade in found)
    given = {grade.student: grade.score for grade in found}
    assert {member.id: given[member.id] for member in CLASS} == {member.id: member.points for member in CLASS}
    assert {given[name] for name in ("empty", "misnamed")} == {None}
    assert {grade.max_score for grade in found} == {8}
    assert classroom.grades(course, "a9") == []


def test_who_has_handed_in(course: Course) -> None:
    """All, or one; nobody is an error that says where to put submissions."""
    with pytest.raises(UsageError, match="no submissions for toys"):
        classroom.submitted(course, "toys")
    for name in ("bob", "ada"):
        (course.root / "submitted" / name / "toys").mkdir(parents=True)
    (course.root / "submitted" / "eve" / "other").mkdir(parents=True)
    assert classroom.submitted(course, "toys") == ["ada", "bob"]
    assert classroom.submitted(course, "toys", "ada") == ["ada"]
    for name in ("eve", "nobody"):
        with pytest.raises(UsageError, match=f"no submission of {name}"):
            classroom.submitted(course, "toys", name)
    with pytest.raises(UsageError, match="student id"):
        classroom.submitted(course, "toys", "a*")


def test_without_the_kits_configuration_nothing_is_graded(course: Course) -> None:
    """nbgrader would use its own defaults and run student code in a kernel."""
    with pytest.raises(UsageError, match="there is no such file, so nbgrader would run"):
        classroom.grade(course, "toys", progress=Watch())


def test_without_nbgrader_the_message_says_what_to_install(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student's installation has no nbgrader."""
    monkeypatch.setattr(classroom, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="nbgrader"):
        classroom.release(course, "toys")
