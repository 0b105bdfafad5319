# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""What ``nbgrader export`` writes: a CSV in which an ungraded student is never a zero."""

from __future__ import annotations

import csv
import glob
import os
import re
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from htilde.characters import cell, points
from htilde.course import Course, find_course
from htilde.errors import KitError
from htilde.grading.records import Record, Status, read_record
from htilde.nbgrader.rows import Held, held

__all__ = ["COLUMNS", "GradesCsv"]

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


class GradesCsv(ExportPlugin):
    """One row for each assignment and student; ``score`` is empty until there is a whole grade.

    ``code_score`` is what the examiner gave, before lateness, while written answers may still wait for a person.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write ``--to``, or grades.csv: UTF-8, quoted where needed, replaced as a whole or not at all."""
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        fresh = path.with_name(f".{path.name}.new")
        with fresh.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(self._rows(gradebook))
        fresh.replace(path)

    def _rows(self, gradebook: Gradebook) -> Iterator[dict[str, str]]:
        course = self._course()
        wanted, only = set(map(str, self.assignment)), set(map(str, self.student))
        known = {student.id: student for student in gradebook.students}
        for assignment in gradebook.assignments:
            if wanted and assignment.name not in wanted:
                continue
            handed_in = self._handed_in(assignment.name)
            graded = {row.student: row for row in held(gradebook, assignment.name)}
            for name in sorted({*known, *handed_in}):
                if only and name not in only:
                    continue
                student = known.get(name)
                row = {
                    "assignment": assignment.name,
                    "student_id": cell(name),
                    "last_name": cell((student and student.last_name) or ""),
                    "first_name": cell((student and student.first_name) or ""),
                    "email": cell((student and student.email) or ""),
                    "max_score": points(assignment.max_score),
                    "max_code_score": points(assignment.max_code_score),
                }
                if name in graded:
                    yield row | _graded(graded[name], _record(course, assignment.name, name))
                else:
                    yield row | {"status": "not graded" if name in handed_in else "not submitted"}

    def _course(self) -> Course | None:
        try:
            return find_course(Path(self.parent.coursedir.root))
        except KitError as error:
            self.log.error("The status of submissions isn't known, for the course can't be read: %s", error)
            return None

    def _handed_in(self, assignment: str) -> set[str]:
        """Whose folder lies in submitted/, graded or not."""
        coursedir = self.parent.coursedir
        step = coursedir.submitted_directory
        pattern = re.compile(coursedir.format_path(step, "(?P<student>[^/\\\\]+)", assignment, escape=True))
        folders = filter(os.path.isdir, glob.glob(coursedir.format_path(step, "*", assignment)))
        return {match["student"] for folder in folders if (match := pattern.fullmatch(folder))}


def _record(course: Course | None, assignment: str, student: str) -> Record | None:
    try:
        return read_record(course, assignment, student) if course else None
    except KitError:  # an id that the kit refuses has no record
        return None


def _graded(row: Held, record: Record | None) -> dict[str, str]:
    open_ones = [cell for cell in row.cells.values() if cell.is_open]
    score = max(0.0, row.score - (row.penalty or 0.0))
    return {
        "status": _status(row, record, nothing=len(open_ones) == len(row.cells), complete=not open_ones),
        "score": "" if open_ones else points(score),
        "code_score": "" if any(cell.is_code for cell in open_ones) else points(row.code_score),
        "timestamp": row.timestamp.isoformat(sep=" ") if row.timestamp else "",
        "late_seconds": f"{row.seconds_late:.0f}",
    }


def _status(row: Held, record: Record | None, *, nothing: bool, complete: bool) -> str:
    if record is not None and record.status in (Status.GRADER_ERROR, Status.UNFINISHED):
        return record.status.value
    if nothing:
        return "not graded"
    if record is not None and record.status is Status.UNREADABLE:
        return record.status.value
    if not complete or any(cell.waits for cell in row.cells.values()):
        return "needs manual grading"
    return "unprotected" if record is not None and record.unprotected else "graded"
