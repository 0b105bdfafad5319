# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls, no-warn-return-any
"""nbgrader's gradebook: read in a few queries however large the class is, and written a student at a time.

nbgrader itself asks student by student and saves a grade cell by cell; a process that dies in between would leave a
grade that nobody decided.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, Self

from nbformat import NotebookNode
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
from nbgrader.preprocessors import CheckCellMetadata, OverwriteCells, OverwriteKernelspec
from nbgrader.utils import compute_checksum, parse_utc
from sqlalchemy import select
from traitlets.config import LoggingConfigurable

from htilde.errors import CourseError, KitError, Problem
from htilde.grading.decision import GradeDecision
from htilde.grading.gradebook import CellGrade, Person, Released, SubmissionGrade
from htilde.nbgrader.saving import save
from htilde.nbgrader.troubles import explained, is_out_of_reach

__all__ = ["NbGraderGradebook"]

ROWS = 1_000
"""The number of rows that are asked for at once."""
STUDENTS = 100
"""The number of students who are added at once; each has dozens of rows."""


class NbGraderGradebook:
    """The gradebook of a course, kept open inside a ``with`` block; ``parent`` has nbgrader's configuration and log.

    Opened for the first time where there is none, it is made.
    """

    def __init__(self, db_url: str, course_id: str = "", parent: LoggingConfigurable | None = None) -> None:
        self._db_url, self._course_id, self._parent = db_url, course_id, parent
        self._open: Gradebook | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    @classmethod
    def around(cls, gradebook: Gradebook) -> Self:
        """Return one that uses a gradebook of nbgrader's, and leaves closing it to whoever has opened it."""
        made = cls(str(gradebook.engine.url))
        made._open = gradebook
        return made

    @contextmanager
    def _session(self) -> Iterator[Any]:
        """Give a database session that ends with the block, and with it what wasn't committed."""
        if self._open is None:
            self._open = Gradebook(self._db_url, self._course_id)
        try:
            yield self._open.db
        finally:
            self._open.db.remove()  # the connection stays

    @property
    def late_policy(self) -> str:
        config = {} if self._parent is None else self._parent.config
        return repr([(key, repr(value)) for key, value in config.get("AssignLatePenalties", {}).items()])

    def must_be_writable(self) -> None:
        with self._session() as session:
            engine = session.get_bind()
            if engine.dialect.name == "sqlite":  # no other can be asked
                with engine.connect() as connection:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    (number,) = connection.exec_driver_sql("PRAGMA user_version").one()
                    # Where it is read-only, this is what fails.
                    connection.exec_driver_sql(f"PRAGMA user_version = {number}")
                    connection.rollback()

    def released(self, assignment: str) -> Released | None:
        with self._session() as session:
            found = session.scalars(select(Assignment).where(Assignment.name == assignment)).one_or_none()
            notebooks = [] if found is None else [*found.notebooks]
            if [notebook.name for notebook in notebooks] == [assignment]:
                (notebook,) = notebooks
                cells = frozenset(cell.name for cell in notebook.source_cells)
                return Released(cells, {cell.name: cell.max_score for cell in notebook.grade_cells}, found.duedate)
        if len(notebooks) > 1:
            names = ", ".join(sorted(notebook.name for notebook in notebooks))
            what = f"nbgrader's gradebook has several notebooks of it ({names}); the kit grades one of its name."
            raise CourseError(Problem(assignment, what), next_step="Make an assignment of each.")
        return None

    def blank(self, assignment: str, released: NotebookNode) -> NotebookNode:
        about = {"student": "", "assignment": assignment, "notebook": assignment, "db_url": self._db_url}
        book, resources = copy.deepcopy(released), {"nbgrader": about}
        for preprocessor in (OverwriteKernelspec, OverwriteCells, CheckCellMetadata):
            book, resources = preprocessor(parent=self._parent).preprocess(book, resources)
        return book

    def people(self) -> list[Person]:
        columns = (Student.id, Student.last_name, Student.first_name, Student.email)
        with self._session() as session:
            found = session.execute(select(*columns).order_by(Student.id))
            return [Person(name, last or "", first or "", email or "") for name, last, first, email in found]

    def assignments(self) -> dict[str, tuple[float, float]]:
        """Return what each assignment is worth, in all and by its code cells, in nbgrader's order."""
        with self._session() as session:
            found = session.scalars(select(Assignment).order_by(Assignment.duedate, Assignment.name))
            return {one.name: (float(one.max_score), float(one.max_code_score)) for one in found}

    def grades(self, assignment: str) -> list[SubmissionGrade]:
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
        with self._session() as session:
            comments = _comments(session, assignment)
            rows = groupby(session.execute(query), key=itemgetter(0))
            return [_standing(list(cells), comments.get(student, {})) for student, cells in rows]

    def add_submissions(self, assignment: str, students: Sequence[str]) -> None:
        with self._session() as session:
            number = session.scalars(select(Assignment.id).where(Assignment.name == assignment)).one()
            books = [
                (
                    book.id,
                    [cell.id for cell in [*book.grade_cells, *book.task_cells]],
                    [cell.id for cell in [*book.solution_cells, *book.task_cells]],
                )
                for book in session.scalars(select(Notebook).where(Notebook.assignment_id == number))
            ]
            for start in range(0, len(students), STUDENTS):
                some = students[start : start + STUDENTS]
                known = {*session.scalars(select(Student.id).where(Student.id.in_(some)))}
                whose = (SubmittedAssignment.assignment_id == number, SubmittedAssignment.student_id.in_(some))
                there = {*session.scalars(select(SubmittedAssignment.student_id).where(*whose))}
                session.add_all(Student(id=name) for name in some if name not in known)
                for name in (name for name in some if name not in there):
                    submission = SubmittedAssignment(assignment_id=number, student_id=name)
                    for book, graded, commented in books:
                        handed_in = SubmittedNotebook(notebook_id=book, assignment=submission)
                        handed_in.grades = [Grade(cell_id=cell) for cell in graded]
                        handed_in.comments = [Comment(cell_id=cell) for cell in commented]
                    session.add(submission)
                session.commit()
                session.expunge_all()

    def save(self, decision: GradeDecision) -> None:
        with self._session() as session:
            save(session, decision, self._parent)

    def is_untouched(self, cell: NotebookNode) -> bool:
        return cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)

    def parse_time(self, text: str) -> dt.datetime:
        return parse_utc(text)

    def explain(self, error: Exception) -> KitError | None:
        return explained(error, self._db_url)

    def is_out_of_reach(self, error: Exception) -> bool:
        return is_out_of_reach(error)


def _comments(session: Any, assignment: str) -> dict[str, dict[str, str]]:
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
    for student, cell, comment in session.execute(query):
        found.setdefault(student, {})[cell] = comment
    return found


def _standing(rows: list[Any], comments: dict[str, str]) -> SubmissionGrade:
    student, timestamp, extension, due, *_ = rows[0]
    penalties = [row[4] for row in rows if row[4] is not None]
    cells = {
        name: CellGrade(auto, manual, extra, bool(needs_manual), kind == "code", most)
        for *_, name, auto, manual, extra, needs_manual, kind, most in rows
    }
    shifted = due + extension if due is not None and extension is not None else due
    return SubmissionGrade(student, timestamp, shifted, penalties[0] if penalties else None, cells, comments)
