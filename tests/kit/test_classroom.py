"""nbgrader's own commands, run for the course and explained when they fail."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import CLASS, copied, graded, notebook, said, scores
from htilde.course import Course, load_course
from htilde.errors import CourseError, GraderFault, MissingExtra, UsageError
from htilde.grading import classroom
from htilde.model import PAPER_SUFFIX
from htilde.nbgrader.configuration import NOT_GRADED
from htilde.nbgrader.export import COLUMNS

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
    lines: list[str] = []
    classroom.autograde(own, A1, "007", on_line=lines.append)
    assert [line.count("/007/") > 0 for line in lines if "] Autograding " in line] == [True]
    assert {*scores(own.root)["007"].values()} == {0}
    pages = classroom.feedback(own, A1, "007")
    assert pages == own.root / "feedback" and "isn't a notebook" in said(own.root, "007")
    assert classroom.export(own) == own.root / classroom.GRADES
    found = {grade.student: grade for grade in classroom.grades(own, A1)}
    assert (found["007"].score, found["007"].status, found["right"].score) == (0, "unreadable", 8)


def test_who_couldnt_be_graded_is_named_with_the_reason(own: Course) -> None:
    """The others are graded; the error names whom it hit and why, and where all of nbgrader's words are."""
    (own.root / "submitted" / "007" / A1 / "timestamp.txt").write_text("yesterday")
    with pytest.raises(GraderFault, match="holds no date and time") as caught:
        classroom.autograde(own, A1)
    assert f"{NOT_GRADED}007." in caught.value.message
    log = own.private / "nbgrader.log"
    assert str(log) in caught.value.next_step and "timestamp" in log.read_text(encoding="utf-8")
    assert scores(own.root)["right"]["sigmoid"] == 2


def test_grades_are_read_as_exported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One row for each student of the assignment, by name; no score is None, not 0."""
    course = graded(tmp_path_factory)
    found = classroom.grades(course, A1)
    assert [grade.student for grade in found] == sorted(grade.student for grade in found)
    given = {grade.student: grade.score for grade in found}
    assert {member.id: given[member.id] for member in CLASS} == {member.id: member.points for member in CLASS}
    assert {given[name] for name in ("empty", "misnamed")} == {None}
    assert {grade.max_score for grade in found} == {8}
    assert classroom.grades(course, "a9") == []


def test_grades_of_other_assignments_are_left_out(course: Course) -> None:
    """The file holds the whole course."""
    with (course.root / classroom.GRADES).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({"assignment": name, "student_id": "ada", "max_score": "3"} for name in ("toys", "a9"))
    assert classroom.grades(course, "toys") == [classroom.Grade("ada", "", None, 3.0)]


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


def test_without_the_kits_configuration_nbgrader_isnt_started(course: Course) -> None:
    """nbgrader would use its own defaults and run student code in a kernel."""
    with pytest.raises(UsageError, match="there is no such file, so nbgrader would run"):
        classroom.autograde(course, "toys")


def test_without_nbgrader_the_message_says_what_to_install(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student's installation has no nbgrader."""
    monkeypatch.setattr(classroom, "find_spec", lambda _: None)
    with pytest.raises(MissingExtra, match="nbgrader"):
        classroom.export(course)


ERROR = "[AutogradeApp | ERROR] "


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "it said nothing"),
        (["Traceback", "  File x", "ImportError: no x", ""], "ImportError: no x"),
        (["[A | INFO] x", f"{ERROR}one", f"{ERROR}two"], "one"),
        ([f"{ERROR}one", "Do this.", "[A | INFO] x"], "one\nDo this."),
        (["[A | INFO] x", "    [A | ERROR] y", f"{ERROR}one", f"    {ERROR}two"], f"one\n{ERROR.strip()} two"),
    ],
)
def test_what_nbgrader_complains_of_first_is_told(
    course: Course, monkeypatch: pytest.MonkeyPatch, said: list[str], told: str
) -> None:
    """The first error with all its lines; a crash by its last line."""
    assert complaint(course, monkeypatch, said) == f"nbgrader generate_feedback failed: {told}"


def test_who_was_left_out_is_told_with_all_reasons(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """What went wrong on the way is summed up in the last error."""
    said = [
        f"{ERROR}a isn't graded: x",
        "[A | INFO] y",
        f"{ERROR}{NOT_GRADED}a, b.",
        "    a: x",
        "    b: z",
        "[A | INFO]",
    ]
    assert complaint(course, monkeypatch, said) == f"{NOT_GRADED}a, b.\na: x\nb: z"


def complaint(course: Course, monkeypatch: pytest.MonkeyPatch, said: list[str]) -> str:
    """What is told of an nbgrader that says this and fails."""
    (course.root / "nbgrader_config.py").touch()
    script = course.root / "nbgrader.py"
    script.write_text(f"import sys\nprint(*{said!r}, sep='\\n', file=sys.stderr)\nsys.exit(1)\n")
    start = subprocess.Popen

    def popen(command: list[str], **options: Any) -> Any:
        assert command[:3] == [sys.executable, "-m", "nbgrader"]
        return start([sys.executable, str(script)], **options)

    monkeypatch.setattr(subprocess, "Popen", popen)
    with pytest.raises(GraderFault) as caught:
        classroom.feedback(course, "toys")
    return caught.value.message


def test_a_log_that_cant_be_written_costs_no_word(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk, say: the reason is told all the same."""
    (course.root / ".course").touch()
    assert complaint(course, monkeypatch, [f"{ERROR}one"]) == "nbgrader generate_feedback failed: one"
