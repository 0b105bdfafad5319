# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls, no-warn-return-any
"""What an examination decided, in a form that outlives the process, and how it reaches nbgrader's gradebook: at once.

nbgrader saves a grade cell by cell; a process that dies in between would leave a grade that nobody decided.
"""

from __future__ import annotations

import datetime as dt
import errno
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, InvalidEntry
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from htilde.errors import CourseError, GraderFault, KitError, MissingExtra, Problem
from htilde.grading.records import Record

__all__ = ["Decision", "explained", "is_out_of_reach", "must_be_writable"]


@dataclass(frozen=True)
class Decision:
    """One student's new grade."""

    record: Record
    notebook: str
    scores: Mapping[str, tuple[float | None, float]]
    """By cell: what the examiner gave, None if a person decides, and what the cell was worth then."""
    comments: Mapping[str, str | None]
    timestamp: str | None = None
    """When the submission was handed in, if that is known, in ISO 8601."""

    @classmethod
    def of(cls, book: NotebookNode, record: Record, notebook: str) -> Decision:
        """Read an examined notebook as nbgrader does."""
        answers = [cell for cell in book.cells if is_solution(cell) or is_task(cell)]
        return cls(
            record,
            notebook,
            {cell.metadata.nbgrader.grade_id: determine_grade(cell) for cell in book.cells if is_grade(cell)},
            {cell.metadata.nbgrader.grade_id: _comment(cell) for cell in answers},
        )

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Decision:
        """From what ``as_plain`` gave."""
        return cls(**{**plain, "record": Record.from_plain(plain["record"])})

    def as_plain(self) -> dict[str, Any]:
        """For a JSON file."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"record": self.record.as_plain()}

    def handed_in(self, at: dt.datetime | None) -> Decision:
        """The same for a submission of that time."""
        return self if at is None else replace(self, timestamp=at.isoformat())

    def save(self, gradebook: Gradebook, late: AssignLatePenalties) -> None:
        """Put everything into the gradebook, in one transaction; what a person has given stays.

        Raises CourseError if the gradebook no longer has these cells with these points.
        """
        notebook = gradebook.find_submission_notebook(self.notebook, self.record.assignment, self.record.student)
        # Asked at once what nbgrader would ask cell by cell; and by cell and notebook, for which there is an index. By
        # the notebook alone the database would look through the grades of the whole class.
        cells = select(BaseCell.id, BaseCell.name).where(BaseCell.notebook_id == notebook.notebook_id)
        names = dict(gradebook.db.execute(cells).all())
        found = gradebook.db.execute(_of(notebook, select(Grade, Grade.max_score), Grade, names))
        grades = {names[grade.cell_id]: (grade, most) for grade, most in found}
        remarks = gradebook.db.scalars(_of(notebook, select(Comment), Comment, names))
        comments = {names[comment.cell_id]: comment for comment in remarks}
        for name, (score, worth) in self.scores.items():
            grade, most = grades.get(name, (None, None))
            if grade is None or most != worth:
                what = f"the gradebook's cell {name} isn't any more what was graded."
                raise CourseError(Problem(f"{self.record.student}, {self.notebook}", what), next_step="Grade again.")
            grade.auto_score = score
            grade.needs_manual_grade = grade.manual_score is not None or score is None
        for name in self.comments.keys() & comments.keys():
            comments[name].auto_comment = self.comments[name]
        submission = notebook.assignment
        if self.timestamp is not None:
            submission.timestamp = dt.datetime.fromisoformat(self.timestamp)
        gradebook.db.flush()
        if submission.timestamp is None:  # never late
            notebook.late_submission_penalty = None
        else:
            gradebook.db.expire_all()  # the database computes sums
            _penalise(notebook, late)
        gradebook.db.commit()


def _of(notebook: Any, query: Any, kind: Any, cells: Collection[str]) -> Any:
    return query.where(kind.notebook_id == notebook.id, kind.cell_id.in_(cells))


def _comment(cell: NotebookNode) -> str | None:
    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell) and not is_task(cell)
    return "No response." if untouched else None


def _penalise(notebook: Any, late: AssignLatePenalties) -> None:
    """What nbgrader's preprocessor does, within this transaction."""
    seconds, penalty = notebook.assignment.total_seconds_late, None
    if seconds > 0:
        late.init_plugin()
        try:
            penalty = late.plugin_inst.late_submission_penalty(notebook.student.id, notebook.score, seconds)
        except Exception as error:  # the instructor's own code
            what = f"what lateness costs isn't known: {type(error).__name__}: {error}"
            step = "Mend the plugin (AssignLatePenalties.plugin_class) and grade again."
            raise CourseError(Problem(type(late.plugin_inst).__name__, what), next_step=step) from error
        late.log.warning("%s is %s seconds late; penalty: %s", notebook.assignment, seconds, penalty)
    notebook.late_submission_penalty = None if penalty is None else late._check_late_penalty(notebook, penalty)


def must_be_writable(gradebook: Gradebook) -> None:
    """Raises one of SQLAlchemy's errors if nothing can be saved now; only SQLite's gradebook can be asked."""
    if gradebook.engine.dialect.name == "sqlite":
        with gradebook.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            (number,) = connection.exec_driver_sql("PRAGMA user_version").one()
            connection.exec_driver_sql(f"PRAGMA user_version = {number}")  # where it's read-only, this is what fails
            connection.rollback()


def is_out_of_reach(error: Exception) -> bool:
    """Whether the gradebook or the disk fails as a whole, whoever's turn it is."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
    if isinstance(error, InvalidEntry):  # into which nbgrader turns some
        return any(words in str(error) for words, _, _ in _TROUBLES)
    return isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError


_LAST_GOOD = "Put the last good copy of it in its place and run this again."
_UPGRADE = "Copy it to a safe place, run 'nbgrader db upgrade', then run this again."
_OPEN = "Make the file and its folder readable and writable for you and run this again."
_PASSWORD = "Put the right one into ~/.pgpass (mode 600), or into the environment as PGPASSWORD, and run this again."
_ADDRESS = "Start the server, or mend db_url in grading.toml, and run this again."
_TROUBLES = (
    (
        "database is locked",
        "another program keeps it locked.",
        "Close what else has it open (formgrader, a database browser) and run this again.",
    ),
    ("readonly database", "it can't be written.", _OPEN),
    ("unable to open database file", "it can't be opened.", _OPEN),
    ("not a database", "this isn't a gradebook any more.", _LAST_GOOD),
    ("malformed", "this gradebook is damaged.", _LAST_GOOD),
    ("disk is full", "the disk is full.", "Make room and run this again."),
    ("password authentication failed", "the server refuses the password.", _PASSWORD),
    ("no password supplied", "the server asks for a password.", _PASSWORD),
    ("could not translate host name", "there is no such host.", _ADDRESS),
    ("Connection refused", "no server answers there.", _ADDRESS),
    ("Connection timed out", "no server answers there.", _ADDRESS),
    ("FATAL:  database", "the server has no such database.", "Create it (createdb) and run this again."),
    ("FATAL:  role", "the server knows no such user.", _ADDRESS),
    ("load plugin: sqlalchemy", "nobody knows this kind of database.", _ADDRESS),
    ("no such table", "it was made by another version of nbgrader.", _UPGRADE),
    ("no such column", "it was made by another version of nbgrader.", _UPGRADE),
)
"""What a gradebook answers, what that means, what to do."""


def explained(error: Exception, db_url: str) -> KitError | None:
    """An error that has a reason outside the kit, in words; None for one that looks like a fault of the kit."""
    if isinstance(error, KitError):
        return error
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("psycopg"):
        return MissingExtra(str(error.name), f"The gradebook ({_told(db_url)})", "postgresql")
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return GraderFault(f"{where}{error.strerror or error}.", next_step="Mend this and run it again.")
    if isinstance(error, (SQLAlchemyError, InvalidEntry)):
        found = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        where = db_url.removeprefix("sqlite:///") if db_url.startswith("sqlite") else f"The gradebook ({_told(db_url)})"
        what, step = next(
            ((what, step) for words, what, step in _TROUBLES if words in found),
            (f"the gradebook answers: {found}.", "Mend this and run it again."),
        )
        return GraderFault(f"{where}: {what}", next_step=step)
    return None


def _told(db_url: str) -> str:
    """The address of a server, without its password."""
    return re.sub(r"//([^/@:]*):.*@", r"//\1@", db_url)
