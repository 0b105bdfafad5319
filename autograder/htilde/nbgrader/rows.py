# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls, no-warn-return-any
"""What nbgrader's gradebook holds of a whole class, in a few questions; nbgrader itself asks student by student."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

__all__ = ["Graded", "Held", "add_submissions", "held"]

ROWS = 1_000
"""That are asked for at once."""
STUDENTS = 100
"""Who are added at once; each has dozens of rows."""


@dataclass(frozen=True, slots=True)
class Graded:
    """What the gradebook holds about one cell."""

    auto: float | None
    manual: float | None
    extra: float | None
    waits: bool
    """Whether a person shall look at it."""
    is_code: bool
    most: float

    @property
    def is_open(self) -> bool:
        """Whether there are no points of either kind."""
        return self.auto is None and self.manual is None

    @property
    def score(self) -> float:
        """As nbgrader counts it: what a person gave takes precedence, and what is open is 0."""
        given = self.manual if self.manual is not None else self.auto
        return 0.0 if given is None else given + (self.extra or 0.0)


@dataclass(frozen=True, slots=True)
class Held:
    """What the gradebook holds of one student's submission."""

    student: str
    timestamp: dt.datetime | None
    due: dt.datetime | None
    penalty: float | None
    cells: dict[str, Graded] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    """By cell, a person's before the kit's; only where there is one."""

    @property
    def seconds_late(self) -> float:
        """Past the due date, an extension included."""
        if self.timestamp is None or self.due is None:
            return 0.0
        return max(0.0, (self.timestamp - self.due).total_seconds())

    @property
    def score(self) -> float:
        """The sum, before lateness."""
        return sum((cell.score for cell in self.cells.values()), 0.0)

    @property
    def code_score(self) -> float:
        """The sum over code cells, before lateness."""
        return sum((cell.score for cell in self.cells.values() if cell.is_code), 0.0)


def held(gradebook: Gradebook, assignment: str) -> Iterator[Held]:
    """Everybody who has a submission in the gradebook, by student."""
    comments = _comments(gradebook, assignment)
    grade = (Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade)
    query = (
        select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
            SubmittedNotebook.late_submission_penalty,
            BaseCell.name,
            *grade,
            Grade.cell_type,
            Grade.max_score,
        )
        .select_from(SubmittedAssignment)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .where(Assignment.name == assignment)
        .order_by(SubmittedAssignment.student_id)
        .execution_options(yield_per=ROWS)
    )
    for _, rows in groupby(gradebook.db.execute(query), key=itemgetter(0)):
        yield _held(list(rows), comments)


def _comments(gradebook: Gradebook, assignment: str) -> dict[str, dict[str, str]]:
    query = (
        select(SubmittedAssignment.student_id, BaseCell.name, Comment.comment)
        .select_from(Comment)
        .join(SubmittedNotebook, Comment.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(BaseCell, Comment.cell_id == BaseCell.id)
        .where(Assignment.name == assignment, Comment.comment.is_not(None))
    )
    found: dict[str, dict[str, str]] = {}
    for student, cell, comment in gradebook.db.execute(query):
        found.setdefault(student, {})[cell] = comment
    return found


def _held(rows: list[Any], comments: dict[str, dict[str, str]]) -> Held:
    student, timestamp, extension, due, *_ = rows[0]
    penalties = [row[4] for row in rows if row[4] is not None]
    cells = {
        name: Graded(auto, manual, extra, bool(waits), kind == "code", most)
        for *_, name, auto, manual, extra, waits, kind, most in rows
    }
    shifted = due + extension if due is not None and extension is not None else due
    return Held(student, timestamp, shifted, penalties[0] if penalties else None, cells, comments.get(student, {}))


def add_submissions(gradebook: Gradebook, assignment: str, students: list[str]) -> None:
    """Give everybody who has none a submission without points, and the student first if need be. Commits.

    Leaves what ``Gradebook.update_or_create_submission`` would.
    """
    database = gradebook.db
    number = database.scalars(select(Assignment.id).where(Assignment.name == assignment)).one()
    books = [
        (book.id, [cell.id for cell in [*book.grade_cells, *book.task_cells]], [c.id for c in _told(book)])
        for book in database.scalars(select(Notebook).where(Notebook.assignment_id == number))
    ]
    for start in range(0, len(students), STUDENTS):
        some = students[start : start + STUDENTS]
        known = {*database.scalars(select(Student.id).where(Student.id.in_(some)))}
        whose = (SubmittedAssignment.assignment_id == number, SubmittedAssignment.student_id.in_(some))
        there = {*database.scalars(select(SubmittedAssignment.student_id).where(*whose))}
        database.add_all(Student(id=name) for name in some if name not in known)
        for name in (name for name in some if name not in there):
            submission = SubmittedAssignment(assignment_id=number, student_id=name)
            for book, graded, told in books:
                handed_in = SubmittedNotebook(notebook_id=book, assignment=submission)
                handed_in.grades = [Grade(cell_id=cell) for cell in graded]
                handed_in.comments = [Comment(cell_id=cell) for cell in told]
            database.add(submission)
        database.commit()
        database.expunge_all()


def _told(book: Any) -> list[Any]:
    """The cells on which a comment may be written."""
    return [*book.solution_cells, *book.task_cells]
