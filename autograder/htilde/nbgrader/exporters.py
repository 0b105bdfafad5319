# nbgrader and nbconvert ship no types, so their classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls
"""Exporters by which nbgrader's own commands, and formgrader's buttons, call the kit.

nbgrader names its converters in code, but lets a course configure the exporter of each. A converter makes its exporter
when it has selected what to convert, and before it converts anything. These exporters do the work when they are made,
and empty the selection. ``test_nbgrader_exporters`` pins the order that this rests on.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbgrader.converters.base import BaseConverter, NbGraderException

from htilde.course import find_course
from htilde.diagnosis.executors import InlineExecutor
from htilde.errors import GraderFault, KitError
from htilde.grading.grade import grade_class
from htilde.grading.job import Job
from htilde.grading.pages import write_pages
from htilde.nbgrader.gradebook import NbGraderGradebook
from htilde.nbgrader.release import release
from htilde.nbgrader.settings import here, job_of

__all__ = ["AutogradeExporter", "FeedbackExporter", "LogProgress", "ReleaseExporter"]


class LogProgress:
    """Writes the progress of a run to nbgrader's log."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log

    def step(self, what: str, total: int) -> None:
        self._log.info("%s (%s)", what, total)

    def advance(self, what: str = "") -> None:
        if what:
            self._log.info("%s", what)

    def warn(self, what: str) -> None:
        self._log.warning("%s", what)

    def trouble(self, what: str, error: Exception | None = None) -> None:
        self._log.error("%s", what, exc_info=error)


class _Exporter(Exporter):
    """An exporter that has its converter's work done when it is made, and leaves the converter nothing to do."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        if isinstance(self.parent, BaseConverter):
            self._have_done(self.parent)
            self.parent.assignments = {}

    def work(self, job: Job) -> GraderFault | None:
        """Do the converter's work; return an error that names everybody who was left out."""
        raise NotImplementedError

    def _have_done(self, converter: BaseConverter) -> None:
        """Do the work. Raises NbGraderException, after logging the error, if something couldn't be done."""
        coursedir, progress = converter.coursedir, LogProgress(converter.log)
        root = Path(coursedir.root)
        try:
            with here(root), NbGraderGradebook(coursedir.db_url, coursedir.course_id, converter) as gradebook:
                fault: KitError | None = self.work(job_of(converter, find_course(root), gradebook, progress))
        except KitError as error:
            fault = error
        if fault is not None:
            converter.log.error("%s", fault)
            raise NbGraderException(str(fault)) from None


class AutogradeExporter(_Exporter):
    """Does the work of ``nbgrader autograde``."""

    def work(self, job: Job) -> GraderFault | None:
        # In this process: formgrader's has threads and an event loop, and nbgrader's main module can't be imported
        # once more, as a process of its own would.
        return grade_class(job, lambda examiner, most: InlineExecutor(examiner)).fault


class FeedbackExporter(_Exporter):
    """Does the work of ``nbgrader generate_feedback``."""

    def work(self, job: Job) -> GraderFault | None:
        return write_pages(job)


class ReleaseExporter(_Exporter):
    """Does the work of ``nbgrader generate_assignment``."""

    def work(self, job: Job) -> GraderFault | None:
        return release(job, self.parent)
