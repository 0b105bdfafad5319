"""A decision reaches the gradebook as nbgrader's own preprocessors would put it there, but at once."""

from __future__ import annotations

import datetime as dt
import errno
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest
from clone import A1
from graded import config, copied, gradebook
from htilde.errors import CourseError, KitError
from htilde.grading.grades import Decision, explained, is_out_of_reach, must_be_writable
from htilde.grading.records import Record, Status
from lost import FILE, state
from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from sqlalchemy import Engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

STUDENTS = ("wrong", "stub", "not_json")


class Costly(BasePlugin):
    """Takes away a tenth of the score."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        return score / 10


def late(root: Path) -> AssignLatePenalties:
    found = config(root)
    found.AssignLatePenalties.plugin_class = Costly
    return AssignLatePenalties(config=found)


def book(root: Path, student: str) -> nbformat.NotebookNode:
    """A graded notebook in which a picture, too, has been drawn for a person to grade."""
    return nbformat.read(root / "autograded" / student / A1 / FILE, as_version=4)


def decision(root: Path, student: str, at: dt.datetime | None = None) -> Decision:
    return Decision.of(book(root, student), Record(A1, student, Status.GRADED), A1).handed_in(at)


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A graded course in which some have handed in, a person has graded, and somebody was late."""
    root = copied(tmp_path_factory, tmp_path, *STUDENTS)
    with gradebook(root) as found:
        found.update_or_create_assignment(A1, duedate=dt.datetime(2027, 3, 16))
        found.find_grade("check_sigmoid", A1, A1, "wrong").manual_score = 1.5
        for student in STUDENTS:
            for grade in found.find_submission_notebook(A1, A1, student).grades:
                grade.auto_score = 0.25
        found.db.commit()
    return root


@pytest.mark.parametrize(
    "at", [None, dt.datetime(2027, 3, 15), dt.datetime(2027, 3, 17)], ids=["none", "early", "late"]
)
@pytest.mark.parametrize("student", STUDENTS)
def test_it_saves_what_nbgrader_would(root: Path, student: str, at: dt.datetime | None) -> None:
    """Scores, comments, who needs a person, time and penalty: the same, whatever a person had given before."""
    with gradebook(root) as found:
        decision(root, student, at).save(found, late(root))
    ours = state(root, student).saved
    with gradebook(root) as found:
        for grade in found.find_submission_notebook(A1, A1, student).grades:
            grade.auto_score, grade.needs_manual_grade = 0.25, True
        found.update_or_create_submission(A1, student, timestamp=at)
        found.db.commit()
    resources = {"nbgrader": {"notebook": A1, "assignment": A1, "student": student}}
    resources["nbgrader"]["db_url"] = f"sqlite:///{root / 'gradebook.db'}"
    for preprocessor in (SaveAutoGrades(), late(root)):
        preprocessor.preprocess(book(root, student), resources)
    assert state(root, student).saved == ours and ours["grades"]


def test_everything_is_saved_by_one_commit(root: Path) -> None:
    """There is no moment at which half of a grade is there."""
    before, seen = state(root, "wrong").saved, []

    def look(_: Any) -> None:
        seen.append(state(root, "wrong").saved)

    with gradebook(root) as found:
        event.listen(Engine, "commit", look)
        try:
            decision(root, "wrong", dt.datetime(2027, 3, 17)).save(found, late(root))
        finally:
            event.remove(Engine, "commit", look)
    assert seen == [before] != [state(root, "wrong").saved]


def test_saving_one_grade_looks_at_no_other(root: Path) -> None:
    """However large the class: rows are found by an index, none by looking through a table of everybody's."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        asked.append((statement, given[0] if many else given))

    with gradebook(root) as found:
        event.listen(found.engine, "before_cursor_execute", note)
        decision(root, "wrong").save(found, late(root))
    assert len(asked) > 5
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        plans = [row for q in asked for row in database.execute(f"EXPLAIN QUERY PLAN {q[0]}", q[1]).fetchall()]
    steps = [step for *_, step in plans]
    everybodys = ("grade", "comment", "submitted_notebook", "submitted_assignment", "student")
    assert [step for step in steps if step.startswith("SCAN") and step.split()[1] in everybodys] == []
    assert any("grade USING INDEX" in step for step in steps)


@pytest.mark.parametrize("problem", ["other points", "no such cell", "no such student", "the plugin fails"])
def test_what_cant_be_saved_whole_isnt_saved(root: Path, monkeypatch: pytest.MonkeyPatch, problem: str) -> None:
    """A cell that is worth something else, or isn't there; an error in a plugin: all is as before."""
    plain = decision(root, "wrong", dt.datetime(2027, 3, 17)).as_plain()
    if problem == "other points":
        plain["scores"]["check_tanh_derivative"] = (3, 4)
    elif problem == "no such cell":
        plain["scores"]["check_tan"] = (3, 3)
    elif problem == "no such student":
        plain["record"]["student"] = "nobody"
    else:
        monkeypatch.setattr(Costly, "late_submission_penalty", lambda *_: Path("nowhere").read_text())
    before = state(root, "wrong").saved
    with gradebook(root) as found, pytest.raises((CourseError, MissingEntry)):
        Decision.from_plain(plain).save(found, late(root))
    assert state(root, "wrong").saved == before


def test_it_survives_the_disk(root: Path) -> None:
    """From JSON comes the same decision, its record included."""
    made = decision(root, "wrong", dt.datetime(2027, 3, 17, 1, 2, 3))
    again = Decision.from_plain(json.loads(json.dumps(made.as_plain())))
    assert (again.record, again.timestamp, again.comments) == (made.record, made.timestamp, made.comments)
    assert {name: tuple(pair) for name, pair in again.scores.items()} == made.scores
    assert again.scores["check_sigmoid"] == [2.0, 2.0] and again.as_plain() == json.loads(json.dumps(made.as_plain()))


def test_a_gradebook_that_can_be_written_is_left_as_it_was(root: Path) -> None:
    """Trying costs nothing; where somebody has locked it, trying says so."""
    before = (root / "gradebook.db").read_bytes()
    with gradebook(root) as found:
        must_be_writable(found)
    assert (root / "gradebook.db").read_bytes() == before

    def connect(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options["timeout"] = 0

    event.listen(Engine, "do_connect", connect)
    try:
        with closing(sqlite3.connect(root / "gradebook.db")) as other, gradebook(root) as found:
            other.execute("begin immediate")
            with pytest.raises(OperationalError, match="locked"):
                must_be_writable(found)
    finally:
        event.remove(Engine, "do_connect", connect)


def database(kind: type[DatabaseError], text: str) -> DatabaseError:
    return kind("select", {}, sqlite3.OperationalError(text))


FULL = OSError(errno.ENOSPC, "No space left on device", "/course/x")
TOLD: dict[str, tuple[Exception, str, bool]] = {
    "locked": (database(OperationalError, "database is locked"), "another program keeps it locked", True),
    "locked, says nbgrader": (InvalidEntry("(OperationalError) database is locked"), "keeps it locked", True),
    "read-only": (database(OperationalError, "attempt to write a readonly database"), "can't be written", True),
    "full": (database(OperationalError, "database or disk is full"), "the disk is full", True),
    "not one": (database(DatabaseError, "file is not a database"), "isn't a gradebook any more", True),
    "damaged": (database(DatabaseError, "database disk image is malformed"), "is damaged", True),
    "old": (database(OperationalError, "no such column: x"), "another version of nbgrader", True),
    "another": (database(OperationalError, "disk I/O error"), "answers: disk I/O error", True),
    "one entry": (database(IntegrityError, "UNIQUE constraint failed"), "answers: UNIQUE constraint failed", False),
    "one entry, says nbgrader": (InvalidEntry("no such student"), "answers: no such student", False),
    "disk full": (FULL, "/course/x: No space left on device.", True),
    "a file": (OSError(errno.EACCES, "Permission denied", "/course/x"), "/course/x: Permission denied.", False),
    "explained already": (CourseError([]), "", False),
}


@pytest.mark.parametrize(("error", "what", "for_all"), TOLD.values(), ids=TOLD)
def test_what_has_a_reason_is_explained(error: Exception, what: str, for_all: bool) -> None:
    """Where, what, and what to do; and whether the next student would meet the same."""
    known = explained(error, "sqlite:////course/gradebook.db")
    assert isinstance(known, KitError) and what in known.message
    assert isinstance(error, KitError) or (known.next_step and "/course/" in known.message)
    assert is_out_of_reach(error) is for_all


def test_a_fault_of_the_kit_isnt_explained_away() -> None:
    """What nobody foresaw has no reason outside the kit."""
    for error in (RuntimeError("x"), ValueError("database is locked"), MissingEntry("no such student")):
        assert explained(error, "sqlite:///gradebook.db") is None and not is_out_of_reach(error)


def test_a_gradebook_elsewhere_keeps_its_password(tmp_path: Path) -> None:
    """The address of a server is told without it."""
    known = explained(database(OperationalError, "gone"), "postgresql://ada:secret@example/grades")
    assert known is not None and "secret" not in str(known) and "(postgresql://ada@example/grades): " in known.message


def test_only_sqlite_is_asked(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """Another database has no such command."""
    with gradebook(root) as found:
        monkeypatch.setattr(found.engine.dialect, "name", "postgresql")
        monkeypatch.setattr(found.engine, "connect", None)
        must_be_writable(found)
    assert isinstance(found, Gradebook)
