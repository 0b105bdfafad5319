# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""nbgrader's two converters with what they lack: one bad submission never costs another student anything.

nbgrader's commands name their converter in code. The exporter is the one thing of ours that they hand it to, so
the exporters turn it into a careful one (``make_careful``) before it converts anything.
"""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.converters.base import BaseConverter, NbGraderException

from autograder.course import Assignment, Course, find_course
from autograder.errors import CourseError, GraderFault, KitError, Problem, Unprotected, UsageError
from autograder.language import speak
from autograder.nbgrader_html import acts
from autograder.nbgrader_keep import Kept
from autograder.nbgrader_rebuild import managed, unexamined
from autograder.nbgrader_setup import NOT_GRADED
from autograder.paper import SUFFIX, Paper
from autograder.papers import stored_papers
from autograder.records import Record, Status, write_record
from autograder.sandbox import protection
from autograder.submission import CHECK_PREFIX

__all__ = ["CarefulAutograde", "CarefulGenerateAssignment", "Sitting", "make_careful"]

MAX_FILES = 1_000
"""In a submission's folder; each is looked at before any is copied."""
MAX_STAMP = 1_000
"""Bytes of a timestamp.txt."""


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
        again = f"Run 'autograder release {assignment}'."
        listed, papers = course.assignment(assignment), stored_papers(course, assignment)
        try:
            released = nbformat.read(path, as_version=4)
        except FileNotFoundError:
            raise UsageError(f"{path}: there is no released notebook.", next_step=again) from None
        except Exception as error:  # nbformat raises whatever it meets
            raise CourseError(Problem(path, f"this isn't a notebook ({error})."), next_step=again) from None
        if lost := unexamined(released, [exercise.name for exercise in papers[0].exercises]):
            raise CourseError(Problem(path, f"no paper asks about the graded cell {lost[0]}."), next_step=again)
        if not course.allow_unprotected and not (found := protection()).official:
            raise Unprotected(
                f"Student code can't be locked in on this machine: {'; '.join(found.missing)}.",
                next_step="Run 'autograder doctor' for the way to mend it.",
            )
        speak(papers[0].language)  # feedback is in the language of the notebook
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
        """Raises KitError unless all holds that must hold before anything is touched."""
        raise NotImplementedError

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
        super().set_permissions(assignment_id, student_id)  # nbgrader's last step
        if self._kept is not None:
            self._kept.forget()

    def _settle(self) -> None:
        if self._kept is not None and self._kept.pending:
            self.log.warning("Putting back what was there before: %s", self._kept.folder)
            self._kept.restore()
        self._kept = None

    def _gradebook(self) -> Any:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)


class CarefulGenerateAssignment(_Careful, GenerateAssignment):
    """Generates the release, also where it came with a clone but the gradebook doesn't know it, and its due date."""

    def _prepare(self) -> None:
        self._assignment = self.course.assignment(self.coursedir.assignment_id)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if not self.no_database:
            with self._gradebook() as gradebook:
                try:
                    gradebook.find_assignment(assignment_id)
                except MissingEntry:
                    self.force = True
        return super().init_destination(assignment_id, student_id)

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        resources: dict[str, Any] = super().init_single_notebook_resources(notebook_filename)
        resources["autograder"] = {"exercises": self._assignment.exercises}
        return resources

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except KitError as error:
            self.log.error("%s", error)
            raise

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        # A date that somebody set in formgrader stands unless grading.toml gives another.
        if self._assignment.due is not None and not self.no_database:
            with self._gradebook() as gradebook:
                gradebook.update_or_create_assignment(assignment_id, duedate=self._assignment.due)
        super().set_permissions(assignment_id, student_id)


class CarefulAutograde(_Careful, Autograde):
    """Grades a class: what is wrong with one submission, its folder included, stays with its author."""

    _waiting: dict[str, None]
    """The students who are to be graded and haven't been, in order."""
    _student = ""

    def _prepare(self) -> None:
        self._sitting = Sitting.prepare(self.course, self.coursedir.assignment_id)
        self._compare_with_gradebook()
        source = re.compile(self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True), re.DOTALL)
        unreadable = set(self._unreadable())
        found = (source.match(folder) for folder in sorted({*self.assignments, *unreadable}))
        self._waiting = {match["student"]: None for match in found if match}
        for folder in sorted(unreadable):
            self.log.error("%s isn't graded: rename its folder, its name can't be a student id.", folder)
            self.assignments.pop(folder, None)

    def _unreadable(self) -> Iterator[str]:
        """Folders by whose name nbgrader would end the run for all (a line break), or overlook them (a bracket)."""
        for folder in glob.glob(self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)):
            overlooked = folder not in self.assignments and glob.glob(os.path.join(glob.escape(folder), "*.ipynb"))
            if "\n" in folder or overlooked:
                yield folder

    def _compare_with_gradebook(self) -> None:
        sitting, name = self._sitting, self._sitting.assignment.name
        path, again = sitting.course.release(name), f"Run 'autograder release {name}'."
        with self._gradebook() as gradebook:
            try:
                notebook = gradebook.find_notebook(name, name)
            except MissingEntry:
                raise UsageError(f"{path}: nbgrader's gradebook doesn't know this release.", next_step=again) from None
            kept = {cell.name for cell in notebook.source_cells}
            points = {cell.name: cell.max_score for cell in notebook.grade_cells if cell.name.startswith(CHECK_PREFIX)}
        if differ := kept ^ managed(sitting.released):
            what = f"its cells aren't those of nbgrader's gradebook: {', '.join(sorted(differ))}."
            raise CourseError(Problem(path, what), next_step=again)
        if points != {CHECK_PREFIX + exercise: worth for exercise, worth in sitting.assignment.points.items()}:
            self.log.warning(
                "The gradebook's points count, and they aren't those of grading.toml. To change them: %s", again
            )

    def convert_notebooks(self) -> None:
        self._waiting = {}
        try:
            super().convert_notebooks()
        except NbGraderException:
            if not self._waiting:
                raise
        if self._waiting:
            message = f"{NOT_GRADED}{', '.join(self._waiting)}."
            self.log.error("%s", message)
            raise NbGraderException(message)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if refusal := self._refusal(assignment_id, student_id):
            self.log.error("%s isn't graded: %s", self._format_source(assignment_id, student_id), refusal)
            return False
        self._student = student_id
        if super().init_destination(assignment_id, student_id):
            return True
        self._waiting.pop(student_id, None)
        return False

    def _refusal(self, assignment_id: str, student_id: str) -> str:
        """Why a folder can't be graded, in a form that the instructor can act on; empty if it can."""
        if student_id in self.coursedir.student_id_exclude.split(","):
            return ""
        try:
            self.course.student(student_id)
        except UsageError as error:
            return error.message
        source = self._format_source(assignment_id, student_id)
        found = [os.path.basename(path) for path in self.notebooks]
        if (expected := f"{assignment_id}.ipynb") not in found:
            return f"its notebook must be called {expected}, but is called {', '.join(found)}. Rename it and run again."
        if sum(len(names) for _, _, names in os.walk(source)) > MAX_FILES:
            return f"it holds more than {MAX_FILES} files. Remove what isn't needed and run again."
        stamp = os.path.join(source, "timestamp.txt")
        try:
            if os.path.lexists(stamp) and (not _is_plain(stamp) or os.path.getsize(stamp) > MAX_STAMP):
                raise ValueError
            self.coursedir.get_existing_timestamp(source)
        except Exception:  # nbgrader calls a method that doesn't exist for one that isn't a time
            return "its timestamp.txt holds no date and time. Mend or remove that file and run again."
        return ""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        # nbgrader copies all other files of the submission, where a link could lead to a hidden paper and on into
        # the feedback; and it would copy the public paper once for every student.
        ignore = self.coursedir.ignore
        self.coursedir.ignore = [*ignore, f"*{SUFFIX}", *self._unsafe(self._format_source(assignment_id, student_id))]
        try:
            with self._telling_of_faults():
                super().init_assignment(assignment_id, student_id)
        finally:
            self.coursedir.ignore = ignore

    def _unsafe(self, source: str) -> Iterator[str]:
        """Patterns for all in a submission's folder that isn't a plain file, stands behind a link, or could act."""
        linked = self._through_link(source)
        for folder, _, names in os.walk(source):
            paths = [os.path.join(folder, name) for name in names]
            yield from (glob.escape(path) for path in paths if linked or not _is_plain(path) or acts(path))

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
        with self._telling_of_faults():
            super().convert_single_notebook(notebook_filename)

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        super().set_permissions(assignment_id, student_id)
        self._waiting.pop(student_id, None)

    @contextmanager
    def _telling_of_faults(self) -> Iterator[None]:
        """Whatever goes wrong with one submission stays with it, is recorded, and told without a traceback first."""
        try:
            yield
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
            self.log.error("%s: grader error, the grade of before stands. %s", self._student, message)
            name = self._sitting.assignment.name
            write_record(self.course, Record(name, self._student, Status.GRADER_ERROR, message))
            raise GraderFault(message) from error  # at one of SQLAlchemy's nbgrader would end the run


def _is_plain(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)


_CAREFUL = {Autograde: CarefulAutograde, GenerateAssignment: CarefulGenerateAssignment}


def make_careful(converter: object) -> None:
    """Turn nbgrader's converter into ours; anything else stays as it is."""
    if type(converter) in _CAREFUL:
        converter.__class__ = _CAREFUL[type(converter)]
