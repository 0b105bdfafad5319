# nbgrader and jupyter_core ship no types everywhere, so their classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""nbgrader's converters and plugins run in this process, with the configuration that its own commands would read."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_core.application import JupyterApp
from nbgrader.api import Gradebook
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, Configurable

from htilde.course import Course
from htilde.errors import GraderFault
from htilde.grading.grades import explained
from htilde.nbgrader.careful import Careful
from htilde.nbgrader.configuration import NO_FEEDBACK, NOT_GRADED
from htilde.nbgrader.export import GradesCsv
from htilde.nbgrader.grade_class import GradeClass, Hire, Outcome, Watch
from htilde.nbgrader.pages import NewFeedback

__all__ = ["export_grades", "grade_class", "write_feedback"]


class _Settings(JupyterApp):
    """Reads what nbgrader's commands read: nbgrader_config.py in Jupyter's folders, and the course's."""

    name = "nbgrader"
    config_file_name = "nbgrader_config"

    def read(self, root: Path) -> Config:
        self.load_config_file()
        super(JupyterApp, self).load_config_file("nbgrader_config.py", path=str(root))
        return self.config


class _Export(Configurable):
    """What an export plugin looks for around itself."""

    coursedir: CourseDirectory


@contextmanager
def _here(root: Path) -> Iterator[None]:
    """As nbgrader's commands run: in the course's folder, from which a course's own plugins can be imported."""
    before = Path.cwd()
    os.chdir(root)
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
        os.chdir(before)


def _log(watch: Callable[[str], None]) -> logging.Logger:
    """Only errors are passed on; what is usual needn't be said thousands of times."""

    class _Errors(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            watch(record.getMessage())

    log = logging.Logger("htilde", logging.ERROR)
    log.addHandler(_Errors())
    return log


@contextmanager
def _found(course: Course, assignment: str, student: str, watch: Watch) -> Iterator[dict[str, Any]]:
    """What a converter needs to know, within the course's folder."""
    with _here(course.root):
        log = _log(watch.trouble)
        config = _Settings(log=log).read(course.root)
        where: dict[str, Any] = {"root": str(course.root), "assignment_id": assignment, "student_id": student}
        coursedir = CourseDirectory(config=config, log=log, **where)
        yield {"coursedir": coursedir, "config": config, "log": log, "force": True}


def grade_class(
    course: Course,
    assignment: str,
    student: str,
    *,
    hire: Hire,
    again: bool = False,
    dry_run: bool = False,
    watch: Watch,
) -> tuple[Outcome, GraderFault | None]:
    """Grade who has handed in: what came of it, and who had to be left out, if anybody.

    Raises KitError if nobody could be graded.
    """
    with _found(course, assignment, student, watch) as found:
        run = GradeClass(**found)
        run.hire, run.again, run.dry_run, run.watch, run.outcome = hire, again, dry_run, watch, Outcome()
        return run.outcome, _start(run, NOT_GRADED)


def write_feedback(course: Course, assignment: str, student: str, *, watch: Watch) -> GraderFault | None:
    """Write the pages that would be other than they are; who had to be left out, if anybody. Raises KitError."""
    with _found(course, assignment, student, watch) as found:
        run = NewFeedback(**found)
        run.watch = watch
        return _start(run, NO_FEEDBACK)


def export_grades(course: Course, path: Path, *, watch: Watch) -> None:
    """Write all grades as CSV, as ``nbgrader export`` does. Raises KitError."""
    with _found(course, "", "*", watch) as found:
        coursedir, config = found["coursedir"], found["config"]
        app = _Export(config=config)
        app.coursedir = coursedir
        try:
            plugin = GradesCsv(config=config, parent=app, log=found["log"], to=str(path))
            with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
                plugin.export(gradebook)
        except Exception as error:
            if (known := explained(error, coursedir.db_url)) is None:
                raise
            raise known from None


def _start(run: Careful, left_out: str) -> GraderFault | None:
    try:
        run.start()
    except NbGraderException as error:  # before anything began
        raise GraderFault(f"nbgrader: {error}", next_step="See what lies in submitted/.") from None
    except GraderFault as fault:
        if not fault.message.startswith(left_out):
            raise
        return fault
    return None
