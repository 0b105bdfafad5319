"""The exported grades: for a spreadsheet, and never a zero for somebody who hasn't been graded."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import CLASS, EMPTY, REFUSED, copied, gradebook, graded, nobody_graded
from htilde.characters import cell
from htilde.course import load_course
from htilde.grading.export import COLUMNS, GradeRow
from htilde.grading.gradebook import Person
from htilde.grading.records import GradeStatus, Record, write_record
from htilde.model import Examination
from htilde.nbgrader.export import GradesCsv
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.coursedir import CourseDirectory
from traitlets.config import LoggingConfigurable


def export(root: Path, **options: Any) -> list[dict[str, str]]:
    """Run the plugin as ``nbgrader export`` does; the rows of the file."""
    app = LoggingConfigurable()
    app.coursedir = CourseDirectory(root=str(root))
    plugin = GradesCsv(parent=app, to=str(root / "grades.csv"), **options)
    with gradebook(root) as found:
        plugin.export(found)
    return rows(root)


def rows(root: Path) -> list[dict[str, str]]:
    with (root / "grades.csv").open(encoding="utf-8", newline="") as file:
        return [*csv.DictReader(file)]


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A copy of the graded course in which two have handed in."""
    return copied(tmp_path_factory, tmp_path, "right", "wrong")


def test_the_stock_command_writes_a_row_for_everybody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """``nbgrader export`` lists all who are known or have handed in, with what they earned."""
    root = graded(tmp_path_factory).root
    found = {row["student_id"]: row for row in rows(root)}
    assert found.keys() == {member.id for member in CLASS} | {*REFUSED, EMPTY, "'=right"} - {"=right"}
    for member in CLASS:
        row = found[member.id]
        assert (float(row["score"]), float(row["max_score"])) == (member.points, 8)
        assert row["status"] == ("unreadable" if member.id in ("not_json", "linked") else "graded")
    for name in {"'=right", *REFUSED, EMPTY} - {"=right"}:
        assert (found[name]["status"], found[name]["score"]) == ("not graded", "")


def change(root: Path, student: str, **fields: Any) -> None:
    """Change what the gradebook says of a student and their grade for one exercise."""
    with gradebook(root) as found:
        person = found.find_student(student)
        grade = found.find_grade("check_tanh_derivative", A1, A1, student)
        for name, value in fields.items():
            setattr(grade if hasattr(type(grade), name) else person, name, value)
        found.db.commit()


def only(root: Path, student: str) -> dict[str, str]:
    (row,) = [row for row in export(root) if row["student_id"] == student]
    return row


def test_who_hasnt_been_graded_has_no_score(root: Path) -> None:
    """Handed in or not, known to nbgrader or not: an empty score and a status, never 0."""
    nobody_graded(root)
    with gradebook(root) as found:
        for name in ("ada", "wrong"):
            found.add_student(name)
        found.add_submission(A1, "wrong")
    statuses = {row["student_id"]: (row["status"], row["score"]) for row in export(root)}
    assert statuses == {"right": ("not graded", ""), "wrong": ("not graded", ""), "ada": ("not submitted", "")}


def test_there_is_nothing_to_read_of_who_hasnt_been_graded() -> None:
    """A notebook under another name, which formgrader doesn't show, waits for nobody to read it."""
    row = GradeRow(A1, Person("bob"), "not graded", None, 12.0, None, 8.0)
    assert row.written == "–"
    assert GradeRow(A1, Person("bob"), "not graded", None, 8.0, None, 8.0).written == ""


def test_a_grade_that_is_missing_in_part_is_no_score(root: Path) -> None:
    """What a person still has to grade isn't counted as nothing."""
    change(root, "right", auto_score=None, needs_manual_grade=True)
    row = only(root, "right")
    assert (row["status"], row["score"]) == ("needs manual grading", "")
    change(root, "right", manual_score=1.5, needs_manual_grade=False)
    row = only(root, "right")
    assert (row["status"], row["score"]) == ("graded", "6.5")


def test_a_fault_shows_beside_the_grade_of_before(root: Path) -> None:
    """The status says that somebody has to look; the score is still the old one, or none if there was none."""
    course = load_course(root / "grading.toml")
    for name in ("right", "wrong"):
        write_record(course, Record(A1, name, GradeStatus.GRADER_ERROR, "broken"))
    change(root, "wrong", auto_score=None)
    assert [(only(root, name)["status"], only(root, name)["score"]) for name in ("right", "wrong")] == [
        ("grader error", "8"),
        ("grader error", ""),
    ]


def test_a_grade_given_without_protection_says_so(root: Path) -> None:
    """Whoever reads the grades sees which of them student code could have touched."""
    course = load_course(root / "grading.toml")
    write_record(
        course, Record(A1, "right", GradeStatus.GRADED, examination=Examination(A1, (), unprotected="no seccomp"))
    )
    assert only(root, "right")["status"] == "unprotected"


def test_late_work_and_its_penalty(root: Path) -> None:
    """Time and lateness are told, the penalty is taken off, and no score is below zero."""
    with gradebook(root) as found:
        found.update_or_create_assignment(A1, duedate=dt.datetime(2027, 1, 1))
        for name, penalty in (("right", 1.25), ("wrong", 100)):
            found.update_or_create_submission(A1, name, timestamp=dt.datetime(2027, 1, 1, 0, 1))
            found.find_submission_notebook(A1, A1, name).late_submission_penalty = penalty
        found.db.commit()
    row = only(root, "right")
    assert (row["score"], row["timestamp"], row["late_seconds"]) == ("6.75", "2027-01-01 00:01:00", "60")
    assert only(root, "wrong")["score"] == "0"


text = st.text(st.sampled_from("=+-@\t\r\n＝＋－＠ ,;|\"'aé한\u202e\xa0"), max_size=9)
FORMULA = re.compile("[ \xa0]*[=+@＝＋－＠-]")


def beginnings(shown: str) -> list[str]:
    """What may stand at the start of a cell, whichever of the usual separators a spreadsheet goes by."""
    return re.split("[\t\r\n;,|]", shown)


@given(text)
def test_no_text_is_a_formula_and_none_is_lost(typed: str) -> None:
    """What a spreadsheet would compute gets an apostrophe before it; all else stays as typed."""
    shown = cell(typed)
    assert not any(map(FORMULA.match, beginnings(shown))) and shown[:1] not in {*"\t\r\n"}
    assert shown.replace("'", "") == typed.replace("'", "")
    assert (shown == typed) is (not any(map(FORMULA.match, beginnings(typed))) and typed[:1] not in {*"\t\r\n"})


@given(st.tuples(text, text, text, text))
def test_no_field_of_the_file_is_a_formula(names: tuple[str, str, str, str]) -> None:
    """In each column, the status too; a number may be negative, and is one."""
    student, last, first, email = names
    found = GradeRow(A1, Person(student, last, first, email), "not graded", None, 8.0, -1.5, 8.0).as_cells()
    assert len(found) == len(COLUMNS) and "-1.5" in found
    for field in (field for field in found if field != "-1.5"):
        assert not any(map(FORMULA.match, beginnings(field)))


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-1", "@SUM(1)", "\t=1", 'O\'Hara, "J"; 한글', "two\nlines"])
def test_names_survive_the_file(root: Path, name: str) -> None:
    """Quotes, commas, lines and other scripts are read back as they were, whatever the locale; formulas are tamed."""
    change(root, "right", last_name=name, first_name=name, email=name)
    row = only(root, "right")
    for column in ("last_name", "first_name", "email"):
        assert row[column].replace("'", "") == name.replace("'", "")
        assert (row[column] == name) == (name[0] not in "=+-@\t")
    (root / "grades.csv").read_bytes().decode("utf-8")


def test_only_what_was_asked_for(root: Path) -> None:
    """Assignments and students can be chosen, as with nbgrader's own plugin; a number counts as a name."""
    assert {row["student_id"] for row in export(root, student=["right", "007"])} == {"right", "007"}
    assert export(root, assignment=["a9"]) == []
    assert len(export(root, assignment=[A1])) == len(CLASS)


def test_columns_are_fixed(root: Path) -> None:
    """Other programs read them by name."""
    before = {path.name for path in root.iterdir()}
    export(root, assignment=["none"])
    assert {path.name for path in root.iterdir()} == before, "nothing is left beside it"
    header = (root / "grades.csv").read_text(encoding="utf-8").splitlines()
    scores = "score,max_score,code_score,max_code_score"
    assert header == [f"assignment,student_id,last_name,first_name,email,status,{scores},timestamp,late_seconds"]
    assert header == [",".join(COLUMNS)]


def test_a_failed_export_leaves_the_old_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is replaced as a whole or not at all."""
    before = export(root)

    def fails(*_: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(GradeRow, "as_cells", fails)
    with pytest.raises(RuntimeError):
        export(root)
    assert rows(root) == before


def test_a_course_that_cant_be_read_costs_the_status_only(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The gradebook's scores are exported all the same, and the log says what is missing."""
    (root / "grading.toml").write_text("[")
    row = only(root, "right")
    assert (row["status"], row["score"]) == ("graded", "8") and "can't be read" in caplog.text


def test_a_file_in_submitted_is_no_student(root: Path) -> None:
    """Only folders count as handed in."""
    (root / "submitted" / "stray").mkdir()
    (root / "submitted" / "stray" / A1).touch()
    assert "stray" not in {row["student_id"] for row in export(root)}
