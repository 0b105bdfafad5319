# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""Grading a class through nbgrader: one bad submission, or a fault, never costs another student anything.

nbgrader's commands name their converter in code. The exporter is the one thing of ours that they hand it to, so
the exporters turn it into a careful one (``make_careful``) before it converts anything.
"""

from __future__ import annotations

import datetime as dt
import glob
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback

from htilde.errors import CourseError, GraderFault, Problem, UsageError
from htilde.grading.grades import Decision, is_out_of_reach, must_be_writable
from htilde.grading.records import Record, Status, begin, done, read_record, unfinished, write_record
from htilde.grading.sitting import Sitting
from htilde.model import CHECK_PREFIX, PAPER_SUFFIX
from htilde.nbgrader.careful import Careful, CarefulGenerateAssignment, CarefulGenerateFeedback
from htilde.nbgrader.configuration import NOT_GRADED
from htilde.prose.markdown import acts
from htilde.submissions.rebuild import managed

__all__ = ["CarefulAutograde", "make_careful"]

MAX_FILES = 1_000
"""In a submission's folder; each is looked at before any is copied."""
MAX_STAMP = 1_000
"""Bytes of a timestamp.txt."""

MAX_FAILURES = 3
"""Of the gradebook or the disk, in a row; then nobody else is tried in this run."""


class CarefulAutograde(Careful, Autograde):
    """Grades a class: what is wrong with one submission, its folder included, stays with its author."""

    left_out = NOT_GRADED
    again = False
    """Whether everybody is examined in this run, though it has been done before."""
    _decisions: list[Decision]
    _handed_in: dt.datetime | None
    _left_over: set[str]
    """Whom an earlier run left out."""
    _kept = False
    """Whether the new grade is decided, so that only saving it is left to do."""
    _failures = 0
    """Of the gradebook or the disk, in a row."""

    def _prepare(self) -> None:
        self._sitting = Sitting.prepare(self.course, self.coursedir.assignment_id, again=self.again)
        self._compare_with_gradebook()
        self._source = re.compile(self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True), re.DOTALL)
        unreadable = set(self._unreadable())
        found = {folder: self._source.match(folder) for folder in sorted({*self.assignments, *unreadable})}
        students = {match["student"]: folder for folder, match in found.items() if match}
        excluded = self.coursedir.student_id_exclude.split(",")
        self._waiting = dict.fromkeys((name for name in students if name not in excluded), "the run ended before.")
        for name in [name for name, folder in students.items() if folder in unreadable]:
            self._waiting[name] = "rename its folder, its name can't be a student id."
            self.log.error("%s isn't graded: %s", students[name], self._waiting[name])
            self.assignments.pop(students[name], None)
        assignment = self._sitting.assignment.name
        self._left_over = unfinished(self.course, assignment)
        if self.coursedir.student_id == "*":
            for name in self._left_over - {*self._waiting}:
                done(self.course, assignment, name)
        self._announce()

    def _announce(self) -> None:
        """Note who is to be examined anew."""
        if self.force:
            begin(self.course, self._sitting.assignment.name, self._waiting)

    def _unreadable(self) -> Iterator[str]:
        """Folders by whose name nbgrader would end the run for all (a line break), or overlook them (a bracket)."""
        for folder in glob.glob(self._format_source(self.coursedir.assignment_id, self.coursedir.student_id)):
            overlooked = folder not in self.assignments and glob.glob(os.path.join(glob.escape(folder), "*.ipynb"))
            if "\n" in folder or overlooked:
                yield folder

    def _compare_with_gradebook(self) -> None:
        sitting, name = self._sitting, self._sitting.assignment.name
        path, again = sitting.course.release(name), f"Run 'htilde release {name}'."
        with self._gradebook() as gradebook:
            must_be_writable(gradebook)
            try:
                notebook = gradebook.find_notebook(name, name)
            except MissingEntry:
                raise UsageError(
                    f"{path}: nbgrader's gradebook doesn't know this release.",
                    next_step=f"{again} If there was a gradebook that did, put it back first.",
                ) from None
            kept = {cell.name for cell in notebook.source_cells}
            points = {cell.name: cell.max_score for cell in notebook.grade_cells if cell.name.startswith(CHECK_PREFIX)}
        if differ := kept ^ managed(sitting.released):
            what = f"its cells aren't those of nbgrader's gradebook: {', '.join(sorted(differ))}."
            raise CourseError(Problem(path, what), next_step=again)
        if points != {CHECK_PREFIX + exercise: worth for exercise, worth in sitting.assignment.points.items()}:
            self.log.warning(
                "The gradebook's points count, and they aren't those of grading.toml. To change them: %s", again
            )

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if student_id not in self._waiting:  # excluded
            return False
        if self._failures >= MAX_FAILURES:
            self._waiting[student_id] = "not tried any more: what failed for those before would have failed again."
            return False
        if refusal := self._refusal(assignment_id, student_id):
            self._waiting[student_id] = refusal
            self.log.error("%s isn't graded: %s", self._format_source(assignment_id, student_id), refusal)
            return False
        self._decisions, self._kept = [], False
        forced: bool = self.force
        self.force = forced or student_id in self._left_over
        try:
            wanted = super().init_destination(assignment_id, student_id)
        finally:
            self.force = forced
        with self._telling_of_faults():
            if wanted:
                begin(self.course, assignment_id, [student_id])
                with self._gradebook() as gradebook:
                    must_be_writable(gradebook)  # nobody is examined in vain
            elif not self._failed:
                done(self.course, assignment_id, student_id)
        return wanted and not self._failed

    def _refusal(self, assignment_id: str, student_id: str) -> str:
        """Why a folder can't be graded, in a form that the instructor can act on; empty if it can."""
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
        source, ignore = self._format_source(assignment_id, student_id), self.coursedir.ignore
        self.coursedir.ignore = [*ignore, f"*{PAPER_SUFFIX}", *self._unsafe(source)]
        # And it would save the time of the new submission at once, beside the grade of the old one.
        self._handed_in = self.coursedir.get_existing_timestamp(source)
        self.coursedir.get_existing_timestamp = lambda _: None
        try:
            super().init_assignment(assignment_id, student_id)
        finally:
            self.coursedir.ignore = ignore
            del self.coursedir.get_existing_timestamp

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
        resources["htilde"] = {
            "sitting": self._sitting,
            "reads_submission": reads_submission,
            "linked": reads_submission and self._through_link(notebook_filename),
        }
        return resources

    def write_single_notebook(self, output: str, resources: dict[str, Any]) -> None:
        if not self._sanitizing:
            if (decision := resources["htilde"].get("decision")) is None:
                raise GraderFault("No grade was decided.", next_step="Don't switch the preprocessor SaveGrades off.")
            self._decisions.append(decision)
        super().write_single_notebook(output, resources)

    def _format_source(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        if self._sanitizing:
            return super()._format_source(assignment_id, student_id, escape=escape)
        return self._format_dest(assignment_id, student_id, escape=escape)  # the second pass reads what the first wrote

    def _complete(self, assignment_id: str, student_id: str) -> None:
        note = [decision.handed_in(self._handed_in).as_plain() for decision in self._decisions]
        change = self._changes.decide(self._folder(assignment_id, student_id), note)
        try:
            self._finish(change)
        except Exception as error:
            self._kept = is_out_of_reach(error) or isinstance(error, OSError)
            if not self._kept:
                change.forget()
            raise
        self._failures = 0

    def _what_stands(self) -> str:
        return f"grader error, {'the next run saves the new grade' if self._kept else 'no grade was changed'}. "

    def _tell(self, error: Exception) -> str:
        self._failures += is_out_of_reach(error)
        why = super()._tell(error)
        name = self._sitting.assignment.name
        try:
            before = read_record(self.course, name, self._whose)
            record = Record(name, self._whose, Status.GRADER_ERROR, why)
            if before is not None:
                record = replace(record, examination=before.examination, earlier=before.earlier)
            write_record(self.course, record)
        except OSError as broken:
            self.log.error("%s: this couldn't even be recorded: %s", self._whose, broken)
        return why


def _is_plain(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)


_CAREFUL = {
    Autograde: CarefulAutograde,
    GenerateAssignment: CarefulGenerateAssignment,
    GenerateFeedback: CarefulGenerateFeedback,
}


def make_careful(converter: object) -> None:
    """Turn nbgrader's converter into ours; anything else stays as it is."""
    if type(converter) in _CAREFUL:
        converter.__class__ = _CAREFUL[type(converter)]
