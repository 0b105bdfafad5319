"""The gradebook: read at once, with nbgrader's own sums; a decision saved as its preprocessors would, but at once."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import nbformat
import pytest
from clone import A1
from graded import config, copied, gradebook, graded
from htilde.course import Course, load_course
from htilde.errors import CourseError, GraderFault
from htilde.grading.decision import GradeDecision
from htilde.grading.gradebook import Scores
from htilde.grading.records import GradeStatus, Record
from htilde.nbgrader.classroom import read_scores
from htilde.nbgrader.gradebook import NbGraderGradebook
from lost import FILE, state
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from test_nbgrader_grade_class import rows
from traitlets.config import LoggingConfigurable

STUDENTS = ("wrong", "stub", "not_json")


class Costly(BasePlugin):
    """Takes away a tenth of the score."""

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        return score / 10


def opened(root: Path) -> NbGraderGradebook:
    """The gradebook as the kit opens it, with a late policy."""
    found = config(root)
    found.AssignLatePenalties.plugin_class = Costly
    parent = LoggingConfigurable(config=found)
    return NbGraderGradebook(f"sqlite:///{root / 'gradebook.db'}", parent=parent)


def book(root: Path, student: str) -> nbformat.NotebookNode:
    """A graded notebook in which a picture, too, has been drawn for a person to grade."""
    return nbformat.read(root / "autograded" / student / A1 / FILE, as_version=4)


def decision(root: Path, student: str, at: dt.datetime | None = None) -> GradeDecision:
    """What was decided of a student, read off the notebook as nbgrader does."""
    cells = book(root, student).cells
    scores = {cell.metadata.nbgrader.grade_id: determine_grade(cell) for cell in cells if is_grade(cell)}
    comments = {}
    for cell in (cell for cell in cells if is_solution(cell)):
        untouched = cell.metadata.nbgrader["checksum"] == compute_checksum(cell)
        comments[cell.metadata.nbgrader.grade_id] = "No response." if untouched else None
    record = Record(A1, student, GradeStatus.GRADED)
    return GradeDecision(record, scores, comments, None if at is None else at.isoformat())


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
    with opened(root) as found:
        found.save(decision(root, student, at))
    ours = state(root, student).saved
    with gradebook(root) as found:
        for grade in found.find_submission_notebook(A1, A1, student).grades:
            grade.auto_score, grade.needs_manual_grade = 0.25, True
        found.update_or_create_submission(A1, student, timestamp=at)
        found.db.commit()
    resources = {"nbgrader": {"notebook": A1, "assignment": A1, "student": student}}
    resources["nbgrader"]["db_url"] = f"sqlite:///{root / 'gradebook.db'}"
    found = config(root)
    found.AssignLatePenalties.plugin_class = Costly
    for preprocessor in (SaveAutoGrades(), AssignLatePenalties(config=found)):
        preprocessor.preprocess(book(root, student), resources)
    assert state(root, student).saved == ours and ours["grades"]


def test_everything_is_saved_by_one_commit(root: Path) -> None:
    """There is no moment at which half of a grade is there."""
    before, seen = state(root, "wrong").saved, []

    def look(_: Any) -> None:
        seen.append(state(root, "wrong").saved)

    with opened(root) as found:
        found.must_be_writable()  # opens it
        event.listen(Engine, "commit", look)
        try:
            found.save(decision(root, "wrong", dt.datetime(2027, 3, 17)))
        finally:
            event.remove(Engine, "commit", look)
    assert seen == [before] != [state(root, "wrong").saved]


def test_saving_one_grade_looks_at_no_other(root: Path) -> None:
    """However large the class: rows are found by an index, none by looking through a table of everybody's."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        asked.append((statement, given[0] if many else given))

    with opened(root) as found:
        found.must_be_writable()  # opens it
        event.listen(Engine, "before_cursor_execute", note)
        try:
            found.save(decision(root, "wrong"))
        finally:
            event.remove(Engine, "before_cursor_execute", note)
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
    with opened(root) as found, pytest.raises(CourseError):
        found.save(GradeDecision.from_plain(plain))
    assert state(root, "wrong").saved == before


def test_it_survives_the_disk(root: Path) -> None:
    """From JSON comes the same decision, its record included."""
    made = decision(root, "wrong", dt.datetime(2027, 3, 17, 1, 2, 3))
    again = GradeDecision.from_plain(json.loads(json.dumps(made.as_plain())))
    assert (again.record, again.timestamp, again.comments) == (made.record, made.timestamp, made.comments)
    assert {name: tuple(pair) for name, pair in again.scores.items()} == made.scores
    assert again.scores["check_sigmoid"] == [2.0, 2.0] and again.as_plain() == json.loads(json.dumps(made.as_plain()))


def test_a_gradebook_that_can_be_written_is_left_as_it_was(root: Path) -> None:
    """Trying costs nothing; where somebody has locked it, trying says so."""
    before = (root / "gradebook.db").read_bytes()
    with opened(root) as found:
        found.must_be_writable()
    assert (root / "gradebook.db").read_bytes() == before

    def connect(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options["timeout"] = 0

    event.listen(Engine, "do_connect", connect)
    try:
        with closing(sqlite3.connect(root / "gradebook.db")) as other, opened(root) as found:
            other.execute("begin immediate")
            with pytest.raises(OperationalError, match="locked"):
                found.must_be_writable()
    finally:
        event.remove(Engine, "do_connect", connect)


def test_only_sqlite_is_asked(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    """Another database has no such command."""
    with opened(root) as found:
        found.must_be_writable()
        assert found._open is not None
        monkeypatch.setattr(found._open.engine.dialect, "name", "postgresql")
        monkeypatch.setattr(found._open.engine, "connect", None)
        found.must_be_writable()


def test_what_nbgrader_keeps_is_what_is_read(root: Path) -> None:
    """The few questions that are asked give what nbgrader's objects give, hand-made points and extensions included."""
    with gradebook(root) as found:
        grade_of = found.find_grade("check_sigmoid", A1, A1, "stub")
        grade_of.manual_score, grade_of.extra_credit = 1.5, 0.25
        found.find_comment("sigmoid", A1, A1, "wrong").manual_comment = "Hm."
        found.db.commit()
        for row in NbGraderGradebook.around(found).grades(A1):
            theirs = found.find_submission(A1, row.student)
            assert (row.score, row.code_score) == (theirs.score, theirs.code_score)
            assert row.seconds_late == theirs.total_seconds_late
            (book,) = theirs.notebooks
            assert {grade.name: (grade.score, grade.max_score) for grade in book.grades} == {
                name: (cell.score, cell.max_points) for name, cell in row.cells.items()
            }
            told = {comment.name: comment.comment for comment in book.comments if comment.comment is not None}
            assert told == row.comments


def test_a_submission_is_added_once(root: Path) -> None:
    """Whoever has one keeps it, with all that is in it."""
    before = rows(root)
    with opened(root) as found:
        found.add_submissions(A1, ["stub", "wrong"])
    assert rows(root) == before


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Course:
    """A copy of the graded class, free to be spoilt."""
    return load_course(copied(tmp_path_factory, tmp_path, "right", "wrong") / "grading.toml")


def same_as_nbgraders(course: Course) -> Scores:
    """What was read, compared with what nbgrader's own queries say of everybody."""
    found = read_scores(course, A1)
    with gradebook(course.root) as book:
        assignment = book.find_assignment(A1)
        assert (found.max_points, found.max_grade) == (assignment.max_code_score, assignment.max_score)
        assert found.students == {student.id for student in book.students}
        assert found.scores.keys() == {submission.student.id for submission in assignment.submissions}
        for submission in assignment.submissions:
            score = found.scores[submission.student.id]
            assert score.late_seconds == submission.total_seconds_late
            assert score.penalty == submission.late_submission_penalty
            assert score.points is None or score.points == pytest.approx(submission.code_score)
            assert score.grade is None or score.grade == pytest.approx(max(0, submission.score - score.penalty))
    return found


def test_scores_are_nbgraders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Of everybody in a graded class."""
    found = same_as_nbgraders(graded(tmp_path_factory))
    assert (found.scores["right"].points, found.scores["wrong"].grade) == (8, 5)


def test_what_a_person_gave_and_lateness_count(own: Course) -> None:
    """Points by hand stand before the examiner's, extra ones beside them; a penalty is taken off, down to 0."""
    with gradebook(own.root) as book:
        submission = book.find_submission(A1, "wrong")
        (notebook,) = submission.notebooks
        notebook.grades[0].manual_score, notebook.grades[0].extra_credit = 1.5, 0.25
        notebook.late_submission_penalty = 2.0
        book.find_submission(A1, "right").notebooks[0].late_submission_penalty = 100.0
        book.db.commit()
    found = same_as_nbgraders(own)
    assert found.scores["wrong"].penalty == 2 and found.scores["right"].grade == 0


def test_what_waits_is_no_zero(own: Course) -> None:
    """Without points for an exercise there are none; a written answer that nobody has read is named."""
    with gradebook(own.root) as book:
        (notebook,) = book.find_submission(A1, "wrong").notebooks
        notebook.grades[0].auto_score = None
        (other,) = book.find_submission(A1, "right").notebooks
        cell = other.grades[0].cell
        cell.cell_type = "markdown"
        other.grades[0].auto_score = None
        name = cell.name
        book.db.commit()
    found = read_scores(own, A1).scores
    assert (found["right"].grade, found["right"].waiting) == (None, (name,)) and found["right"].points is not None
    with gradebook(own.root) as book:
        book.find_notebook(A1, A1).grade_cells[0].cell_type = "code"
        book.find_submission(A1, "right").notebooks[0].grades[0].cell.cell_type = "code"
        book.db.commit()
    found = read_scores(own, A1).scores
    assert (found["wrong"].points, found["wrong"].grade, found["wrong"].waiting) == (None, None, ())


def test_where_there_is_nothing_to_read(own: Course) -> None:
    """An assignment that was never released, a gradebook that was never made: and none is made by reading."""
    assert read_scores(own, "a9").scores == {} and read_scores(own, "a9").students
    (own.root / "gradebook.db").unlink()
    assert read_scores(own, A1) == Scores() and not (own.root / "gradebook.db").exists()


def test_the_gradebook_is_where_the_configuration_says(own: Course) -> None:
    """Also by a path from the course's folder, wherever the command is typed; without a configuration at nbgrader's."""
    here, config = read_scores(own, A1), own.root / "nbgrader_config.py"
    (own.root / "gradebook.db").rename(own.root / "other.db")
    config.write_text(config.read_text() + '\nget_config().CourseDirectory.db_url = "sqlite:///other.db"\n')
    assert read_scores(own, A1) == here and here.scores
    config.unlink()
    assert read_scores(own, A1) == Scores()
    (own.root / "other.db").rename(own.root / "gradebook.db")
    assert read_scores(own, A1) == here


def test_a_damaged_gradebook_has_a_reason(own: Course) -> None:
    """Not a traceback: where, what, and what to do."""
    (own.root / "gradebook.db").write_bytes(b"not a database, but long enough to be read as one" * 100)
    with pytest.raises(GraderFault, match="this isn't a gradebook any more") as caught:
        read_scores(own, A1)
    assert "last good copy" in caught.value.next_step
