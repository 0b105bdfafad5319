# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""nbgrader's converters with what they lack: until a new folder is complete, the one of before stays as it is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.preprocessors import AssignLatePenalties

from htilde.course import Course, find_course
from htilde.errors import GraderFault
from htilde.grading.grades import Decision, explained, is_out_of_reach
from htilde.grading.keep import Change, Changes, alone
from htilde.grading.records import done, write_record
from htilde.nbgrader.configuration import NO_FEEDBACK, NOT_RELEASED

__all__ = ["Careful", "CarefulGenerateAssignment", "CarefulGenerateFeedback"]


class Careful(BaseConverter):
    """Makes each folder beside the old one and puts it in its place when it is complete.

    What goes wrong with one folder stays with it: it is told, without a traceback if it has a reason outside the
    kit, and the run goes on.
    """

    course: Course
    left_out = ""
    """Before the names of those whose folder couldn't be made."""
    _changes: Changes
    _anew = False
    """Whether nbgrader's destination is the folder in the making."""
    force: bool
    notebooks: list[str]
    _waiting: dict[str, str]
    """Whose folder is still to be made, in order, and why it couldn't be."""
    _whose = ""
    _failed = False
    """Whether the folder in the making is given up."""

    def convert_notebooks(self) -> None:
        self._waiting = {}
        with self._explaining():
            self.course = find_course(Path(self.coursedir.root))
            self.course.private.mkdir(mode=0o700, exist_ok=True)
            self._changes = Changes(Path(self.coursedir.root), self.course.private)
            with alone(self.course.private / "busy") as nobody_else:
                if not nobody_else:
                    raise GraderFault(
                        f"{self.course.root}: somebody is grading, releasing or writing feedback here just now.",
                        next_step="Run this again when that is done.",
                    )
                self._settle()
                self._prepare()
                self._anew = True
                try:
                    super().convert_notebooks()
                finally:
                    self._anew = False
                    self._changes.clean()
            if self._waiting:
                raise GraderFault(self._who_is_left())

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if (known := explained(error, self.coursedir.db_url)) is None:
                raise
            self.log.error("%s", known)
            raise NbGraderException(str(known)) from None

    def _who_is_left(self) -> str:
        """Everybody whose folder wasn't made, and why; where there are several reasons, who has which."""
        reasons: dict[str, list[str]] = {}
        everybody = [name if name.isprintable() else repr(name) for name in self._waiting]
        for name, reason in zip(everybody, self._waiting.values()):
            reasons.setdefault(reason, []).append(name)
        told = [f"{', '.join(names)}: {reason}" for reason, names in reasons.items()]
        return "\n".join([f"{self.left_out}{', '.join(everybody)}.", *(told if len(told) > 1 else reasons)])

    def _prepare(self) -> None:
        """Raises KitError unless all holds that must hold before anything is touched."""

    def _settle(self) -> None:
        """Do what a process that was ended has left to do."""
        for change in self._changes.pending():
            try:
                self._finish(change)
            except Exception as error:
                if is_out_of_reach(error) or isinstance(error, OSError):
                    raise
                self.log.warning("%s: what was decided can't be kept any more. %s", change.folder, error)
                change.forget()
        self._changes.clean()

    def _finish(self, change: Change) -> None:
        """Gradebook, folder, record, in this order; what isn't forgotten then is finished by the next run."""
        decisions = [Decision.from_plain(plain) for plain in change.note or ()]
        if decisions:
            with self._gradebook() as gradebook:
                for decision in decisions:
                    decision.save(gradebook, AssignLatePenalties(parent=self))
        change.put()
        for decision in decisions:
            write_record(self.course, decision.record)
        change.forget()
        for decision in decisions:
            done(self.course, decision.record.assignment, decision.record.student)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        self._whose, self._failed = self._name(assignment_id, student_id), False
        with self._telling_of_faults():
            folder = self._folder(assignment_id, student_id)
            self._changes.begin(folder, copy=not self.force or self.coursedir.notebook_id != "*")
            if super().init_destination(assignment_id, student_id):
                return True
            self._waiting.pop(self._whose, None)
        return False

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        with self._telling_of_faults():
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        if not self._failed:
            with self._telling_of_faults():
                super().convert_single_notebook(notebook_filename)

    def set_permissions(self, assignment_id: str, student_id: str) -> None:
        if not self._failed:
            with self._telling_of_faults():
                super().set_permissions(assignment_id, student_id)  # nbgrader's last step
                self._complete(assignment_id, student_id)
                self._waiting.pop(self._whose, None)

    def _complete(self, assignment_id: str, student_id: str) -> None:
        """The folder in the making is complete: put it in its place."""
        self._finish(self._changes.decide(self._folder(assignment_id, student_id)))

    @contextmanager
    def _telling_of_faults(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self._failed, self.notebooks = True, []
            self._tell(error)

    def _tell(self, error: Exception) -> str:
        known = explained(error, self.coursedir.db_url)
        why = str(known or (error if isinstance(error, NbGraderException) else f"{type(error).__name__}: {error}"))
        self._waiting[self._whose] = f"{self._what_stands()}{why}"
        traceback = None if known or isinstance(error, NbGraderException) else error
        self.log.error("%s: %s", self._whose, self._waiting[self._whose], exc_info=traceback)
        return why

    def _what_stands(self) -> str:
        """What a fault means for the one whom it hit, as a sentence."""
        return ""

    def _name(self, assignment_id: str, student_id: str) -> str:
        return student_id

    def _folder(self, assignment_id: str, student_id: str) -> Path:
        return Path(os.path.normpath(super()._format_dest(assignment_id, student_id)))

    def _format_dest(self, assignment_id: str, student_id: str, escape: bool = False) -> str:
        path: str = super()._format_dest(assignment_id, student_id, escape=escape)
        if not self._anew:
            return path
        here, there = str(self.coursedir.root), str(self._changes.making)
        return re.escape(there) + path.removeprefix(re.escape(here)) if escape else there + path.removeprefix(here)

    def _gradebook(self) -> Any:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)


class CarefulGenerateAssignment(Careful, GenerateAssignment):
    """Generates the release, also where it came with a clone but the gradebook doesn't know it, and its due date."""

    left_out = NOT_RELEASED

    def _prepare(self) -> None:
        self._assignment = self.course.assignment(self.coursedir.assignment_id)
        if not self.no_database:
            with self._gradebook() as gradebook:
                try:
                    gradebook.find_assignment(self._assignment.name)
                except MissingEntry:
                    self.force = True

    def _name(self, assignment_id: str, student_id: str) -> str:
        return assignment_id

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        resources: dict[str, Any] = super().init_single_notebook_resources(notebook_filename)
        resources["htilde"] = {"exercises": self._assignment.exercises}
        return resources

    def _complete(self, assignment_id: str, student_id: str) -> None:
        # A date that somebody set in formgrader stands unless grading.toml gives another.
        if self._assignment.due is not None and not self.no_database:
            with self._gradebook() as gradebook:
                gradebook.update_or_create_assignment(assignment_id, duedate=self._assignment.due)
        super()._complete(assignment_id, student_id)


class CarefulGenerateFeedback(Careful, GenerateFeedback):
    """Writes a student's page; the one of before stays until the new one is complete."""

    left_out = NO_FEEDBACK
