# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls
"""The plugin by which ``nbgrader export`` writes a CSV in which an ungraded student is never a zero."""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from htilde.course import Course, find_course
from htilde.errors import KitError
from htilde.grading.export import grade_rows, write_grades
from htilde.nbgrader.gradebook import NbGraderGradebook
from htilde.nbgrader.settings import layout_of

__all__ = ["GradesCsv"]


class GradesCsv(ExportPlugin):
    """Writes one row for each assignment and student: UTF-8, quoted where needed, replaced as a whole or not at all."""

    def export(self, gradebook: Gradebook) -> None:
        """Write ``--to``, or grades.csv."""
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        opened, layout = NbGraderGradebook.around(gradebook), layout_of(self.parent.coursedir)
        wanted, only = map(str, self.assignment), map(str, self.student)
        rows = grade_rows(self._course(), layout, opened, [*wanted], [*only])
        write_grades(path, rows, layout.root / ".course" / "exporting")

    def _course(self) -> Course | None:
        try:
            return find_course(Path(self.parent.coursedir.root))
        except KitError as error:
            self.log.error("The status of submissions isn't known, for the course can't be read: %s", error)
            return None
