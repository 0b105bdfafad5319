"""The grades of a course as rows, in which an ungraded student is never a zero."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from htilde.characters import cell, points
from htilde.course import Course
from htilde.errors import KitError
from htilde.files import locked, write_file
from htilde.grading.gradebook import Gradebook, Person, SubmissionGrade
from htilde.grading.layout import Layout
from htilde.grading.records import GradeStatus, Record, read_record

__all__ = ["COLUMNS", "GradeRow", "as_csv", "grade_rows", "write_grades"]

COLUMNS = (
    "assignment",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "status",
    "score",
    "max_score",
    "code_score",
    "max_code_score",
    "timestamp",
    "late_seconds",
)


@dataclass(frozen=True, slots=True)
class GradeRow:
    """A student's grade for an assignment.

    ``score`` is None for who hasn't been graded, or not yet by the person who reads written answers; ``code_score`` is
    what the exercises earned, before lateness, which may be there before.
    """

    assignment: str
    person: Person
    status: str
    score: float | None
    max_score: float
    code_score: float | None = None
    max_code_score: float = 0.0
    standing: SubmissionGrade | None = None

    @property
    def student(self) -> str:
        """The student's id."""
        return self.person.student

    @property
    def written(self) -> str:
        """The state of the written answers in a few words; empty if none are asked for."""
        if not self.max_score > self.max_code_score > 0:
            return ""
        if self.standing is None:  # formgrader has nothing of theirs
            return "–"
        if self.score is None or self.code_score is None:
            return "to read"
        return f"{points(self.score - self.code_score)} / {points(self.max_score - self.max_code_score)}"

    def as_cells(self) -> tuple[str, ...]:
        """Return the cells of the row, in the order of ``COLUMNS``; none is a formula for a spreadsheet."""
        held = self.standing
        return (
            self.assignment,
            *map(cell, (self.student, self.person.last_name, self.person.first_name, self.person.email)),
            self.status,
            "" if self.score is None else points(self.score),
            points(self.max_score),
            "" if self.code_score is None else points(self.code_score),
            points(self.max_code_score),
            held.timestamp.isoformat(sep=" ") if held and held.timestamp else "",
            f"{held.seconds_late:.0f}" if held else "",
        )


def write_grades(path: Path, rows: Iterable[GradeRow], lock: Path) -> None:
    """Write rows as CSV, replaced as a whole or not at all; ``lock`` is the lock file of whoever does."""
    text = as_csv(rows)
    with locked(lock):
        for unfinished in path.parent.glob(f".{path.name}.*.new"):  # of a process that was ended
            unfinished.unlink()
        write_file(path, text)


def as_csv(rows: Iterable[GradeRow]) -> str:
    """Return rows as CSV with a head, quoted where needed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(row.as_cells() for row in rows)
    return text.getvalue()


def grade_rows(
    course: Course | None,
    layout: Layout,
    gradebook: Gradebook,
    assignments: Collection[str] = (),
    students: Collection[str] = (),
) -> Iterator[GradeRow]:
    """Yield the grades of these assignments and students, or of all: everybody who is known or has handed in.

    Without a ``course`` there are no records, by which some statuses are known.
    """
    known = {person.student: person for person in gradebook.people()}
    for assignment, (max_score, max_code_score) in gradebook.assignments().items():
        if assignments and assignment not in assignments:
            continue
        handed_in = layout.students("submitted", assignment)
        graded = {standing.student: standing for standing in gradebook.grades(assignment)}
        for name in sorted({*known, *handed_in}):
            if students and name not in students:
                continue
            person = known.get(name, Person(name))
            if (standing := graded.get(name)) is None:
                status = "not graded" if name in handed_in else "not submitted"
                yield GradeRow(assignment, person, status, None, max_score, None, max_code_score)
                continue
            is_open = any(one.is_open for one in standing.cells.values())
            code_is_open = any(one.is_open for one in standing.cells.values() if one.is_code)
            yield GradeRow(
                assignment,
                person,
                _status(standing, _record(course, assignment, name)),
                None if is_open else max(0.0, standing.score - (standing.penalty or 0.0)),
                max_score,
                None if code_is_open else standing.code_score,
                max_code_score,
                standing,
            )


def _record(course: Course | None, assignment: str, student: str) -> Record | None:
    try:
        return read_record(course, assignment, student) if course else None
    except KitError:  # an id that the kit refuses has no record
        return None


def _status(standing: SubmissionGrade, record: Record | None) -> str:
    open_ones = [one for one in standing.cells.values() if one.is_open]
    if record is not None and record.status in (GradeStatus.GRADER_ERROR, GradeStatus.UNFINISHED):
        return record.status.value
    if len(open_ones) == len(standing.cells):
        return "not graded"
    if record is not None and record.status is GradeStatus.UNREADABLE:
        return record.status.value
    if open_ones or any(one.needs_manual for one in standing.cells.values()):
        return "needs manual grading"
    return "unprotected" if record is not None and record.unprotected else "graded"
