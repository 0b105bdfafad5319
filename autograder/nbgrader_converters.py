# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""nbgrader's two converters with what they lack: one bad submission never costs another student anything.

nbgrader's commands name their converter in code. The exporter is the one thing of ours that they hand it to, so
the exporters turn it into a careful one (``make_careful``) before it converts anything.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException

from autograder.course import Assignment, Course, find_course
from autograder.errors import KitError, Unprotected, UsageError
from autograder.nbgrader_keep import Kept
from autograder.paper import SUFFIX, Paper
from autograder.papers import stored_papers
from autograder.records import Record, Status, write_record
from autograder.sandbox import protection

__all__ = ["CarefulAutograde", "CarefulGenerateAssignment", "Sitting", "make_careful"]


@dataclass(frozen=True)
class Sitting:
    """What all submissions of one run share: the papers that are sat and the notebook as released."""

    course: Course
    assignment: Assignment
    papers: tuple[Paper, ...]
    released: nbformat.NotebookNode

    def __deepcopy__(self, _: object) -> Sitting:
        return self  # nbconvert copies its resources for every notebook, twice

    @classmethod
    def prepare(cls, course: Course, assignment: str) -> Sitting:
        """Raises KitError if the class can't be graded, before anything is touched."""
        path = course.release(assignment) / f"{assignment}.ipynb"
        listed, papers = course.assignment(assignment), stored_papers(course, assignment)
        try:
            released = nbformat.read(path, as_version=4)
        except FileNotFoundError:
            raise UsageError(
                f"{path}: there is no released notebook.", next_step=f"Run 'nbgrader generate_assignment {assignment}'."
            ) from None
        if not course.allow_unprotected and not (found := protection()).official:
            raise Unprotected(
                f"Student code can't be locked in on this machine: {'; '.join(found.missing)}.",
                next_step="Run 'autograder doctor' for the way to mend it.",
            )
        return cls(course, listed, papers, released)


class _Careful(BaseConverter):
    """Puts the folder of before back unless the new one was completed."""

    course: Course
    _kept: Kept | None = None

    def convert_notebooks(self) -> None:
        try:
            self.course = find_course(Path(self.coursedir.root))
            self.course.private.mkdir(mode=0o700, exist_ok=True)
            self._prepare()
        except KitError as error:
            self.log.error("%s", error)
            raise NbGraderException(str(error)) from None
        try:
            super().convert_notebooks()
        finally:
            self._settle()

    def _prepare(self) -> None:
        """What must hold before anything is touched. Raises KitError."""

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        self._settle()
        folder = os.path.normpath(self._format_dest(assignment_id, student_id))
        name = os.path.relpath(folder, self.coursedir.root).replace(os.sep, "+")
        self._kept = Kept(Path(folder), self.course.private / "kept" / name)
        self._kept.keep()
        if super().init_destination(assignment_id, student_id):
            return True
        self._kept.forget()
        return False

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        super().set_permissions(assignment_id, student_id)
        if self._kept is not None:
            self._kept.forget()

    def _settle(self) -> None:
        if self._kept is not None and self._kept.pending:
            self.log.warning("Putting back what was there before: %s", self._kept.folder)
            self._kept.restore()
        self._kept = None


class CarefulGenerateAssignment(_Careful, GenerateAssignment):
    """Generates the release also where it came with a clone, but the gradebook doesn't know it."""

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        with Gradebook(self.coursedir.db_url, self.coursedir.course_id) as gradebook:
            try:
                gradebook.find_assignment(assignment_id)
            except MissingEntry:
                self.force = True
        return super().init_destination(assignment_id, student_id)


class CarefulAutograde(_Careful, Autograde):
    """Grades a class: what is wrong with one submission, its folder included, stays with its author."""

    _student = ""

    def _prepare(self) -> None:
        self._sitting = Sitting.prepare(self.course, self.coursedir.assignment_id)
        self._refused: list[str] = []

    def convert_notebooks(self) -> None:
        super().convert_notebooks()
        if self._refused:
            raise NbGraderException(f"Not graded, see above: {', '.join(self._refused)}.")

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if refusal := self._refusal(assignment_id, student_id):
            self.log.error("%s isn't graded: %s", self._format_source(assignment_id, student_id), refusal)
            self._refused.append(student_id)
            return False
        self._student = student_id
        return super().init_destination(assignment_id, student_id)

    def _refusal(self, assignment_id: str, student_id: str) -> str:
        """Why a folder can't be graded, in a form that the instructor can act on; empty if it can."""
        try:
            self.course.student(student_id)
        except UsageError as error:
            return error.message
        found = [os.path.basename(path) for path in self.notebooks]
        if (expected := f"{assignment_id}.ipynb") not in found:
            return f"its notebook must be called {expected}, but is called {', '.join(found)}. Rename it and run again."
        try:
            self.coursedir.get_existing_timestamp(self._format_source(assignment_id, student_id))
        except Exception:  # nbgrader calls a method that doesn't exist for one that isn't a time
            return "its timestamp.txt holds no date and time. Mend or remove that file and run again."
        return ""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        # nbgrader copies all other files of the submission, where a link could lead to a hidden paper and on into
        # the feedback; and it would copy the public paper once for every student.
        ignore = self.coursedir.ignore
        self.coursedir.ignore = [*ignore, f"*{SUFFIX}", *self._unsafe(self._format_source(assignment_id, student_id))]
        try:
            super().init_assignment(assignment_id, student_id)
        finally:
            self.coursedir.ignore = ignore

    def _unsafe(self, source: str) -> Iterator[str]:
        """Patterns for all in a submission's folder that isn't a plain file."""
        if self._through_link(source):
            yield "*"
        for folder, _, names in os.walk(source):
            paths = [os.path.join(folder, name) for name in names]
            yield from (glob.escape(path) for path in paths if os.path.islink(path) or not os.path.isfile(path))

    def _through_link(self, path: str) -> bool:
        """Whether a path below submitted/ leads through a link; submitted/ itself may be one."""
        top = os.path.normpath(self.coursedir.format_path(self.coursedir.submitted_directory, ".", "."))
        return os.path.realpath(path) != os.path.join(os.path.realpath(top), os.path.relpath(path, top))

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        resources: dict[str, Any] = super().init_single_notebook_resources(notebook_filename)
        reads_submission = bool(self._sanitizing)
        resources["autograder"] = {
            "sitting": self._sitting,
            "reads_submission": reads_submission,
            "linked": reads_submission and self._through_link(notebook_filename),
        }
        return resources

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            self.log.error("%s: grader error, the grade of before stands. %s", self._student, message)
            name = self._sitting.assignment.name
            write_record(self.course, Record(name, self._student, Status.GRADER_ERROR, message))
            raise


_CAREFUL = {Autograde: CarefulAutograde, GenerateAssignment: CarefulGenerateAssignment}


def make_careful(converter: object) -> None:
    """Turn nbgrader's converter into ours; anything else stays as it is."""
    if type(converter) in _CAREFUL:
        converter.__class__ = _CAREFUL[type(converter)]
