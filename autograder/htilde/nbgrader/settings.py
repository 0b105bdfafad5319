# nbgrader and jupyter_core ship no types everywhere, so their classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""Turn what nbgrader is configured and asked to do into a job of the kit's."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from jupyter_core.application import JupyterApp
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from htilde.course import Course
from htilde.errors import UsageError
from htilde.grading.job import Job, RunProgress
from htilde.grading.layout import Layout
from htilde.nbgrader.gradebook import NbGraderGradebook

__all__ = ["configured", "course_directory", "here", "job_of", "layout_of"]


class _Settings(JupyterApp):
    """Reads what nbgrader's commands read: nbgrader_config.py in Jupyter's folders, and the course's."""

    name = "nbgrader"
    config_file_name = "nbgrader_config"

    def read(self, root: Path) -> Config:
        self.load_config_file()
        super(JupyterApp, self).load_config_file("nbgrader_config.py", path=str(root))
        return self.config


def configured(root: Path, log: logging.Logger) -> Config:
    """Return the configuration that nbgrader's commands would read in a course."""
    return _Settings(log=log).read(root)


def course_directory(course: Course, config: Config, log: logging.Logger, **about: str) -> Any:
    """Return nbgrader's description of a course's folders."""
    return CourseDirectory(config=config, log=log, root=str(course.root), **about)


@contextmanager
def here(root: Path) -> Iterator[None]:
    """Run as nbgrader's commands do: in the course's folder, from which a course's own plugins can be imported."""
    before = Path.cwd()
    os.chdir(root)
    sys.path.insert(0, str(root))
    try:
        yield
    finally:
        sys.path.remove(str(root))
        os.chdir(before)


def layout_of(coursedir: Any) -> Layout:
    """Return the folders of a course as nbgrader is told that they are."""
    return Layout(
        Path(coursedir.root),
        source=coursedir.source_directory,
        release=coursedir.release_directory,
        submitted=coursedir.submitted_directory,
        autograded=coursedir.autograded_directory,
        feedback=coursedir.feedback_directory,
        structure=coursedir.directory_structure,
        ignore=tuple(coursedir.ignore),
        group_shared=coursedir.groupshared,
    )


_PREPROCESSORS = ("sanitize_preprocessors", "autograde_preprocessors")


def job_of(converter: BaseConverter, course: Course, gradebook: NbGraderGradebook, progress: RunProgress) -> Job:
    """Return what a converter of nbgrader's is asked to do. Raises UsageError for what the kit doesn't do."""
    coursedir, assignment = converter.coursedir, course.assignment(converter.coursedir.assignment_id).name
    _refuse(converter, assignment)

    def run_hook(notebooks: list[Path], run: Any) -> None:
        converter.notebooks = [str(path) for path in notebooks]
        run()

    return Job(
        course,
        assignment,
        layout_of(coursedir),
        gradebook,
        progress,
        students=coursedir.student_id,
        exclude=frozenset(coursedir.student_id_exclude.split(",")),
        force=converter.force,
        permissions=int(str(converter.permissions), 8),
        enrol=getattr(converter, "create_student", True),
        own_files=frozenset(getattr(converter, "exclude_overwriting", {}).get(assignment, ())),
        before=lambda notebooks: run_hook(notebooks, converter.run_pre_convert_hook),
        after=lambda notebooks: run_hook(notebooks, converter.run_post_convert_hook),
    )


def _refuse(converter: BaseConverter, assignment: str) -> None:
    """Raise UsageError for whatever was set that the kit would silently not do."""
    name = type(converter).__name__
    if not fnmatch(assignment, converter.coursedir.notebook_id):
        raise UsageError(
            f"--notebook={converter.coursedir.notebook_id}: {assignment} has one notebook, and that is {assignment}.",
            next_step="Leave --notebook out.",
        )
    if converter.config.Execute.get("enabled", True) is False:
        raise UsageError(
            "--no-execute: the kit executes nothing here, the examiner asks the submission in its locked worker.",
            next_step="Leave --no-execute (Execute.enabled = False) out.",
        )
    mine = {"Autograde": _PREPROCESSORS, "GenerateFeedback": ("preprocessors",)}.get(name, ())
    for trait in mine:
        if found := getattr(converter, trait):
            names = ", ".join(str(getattr(one, "__name__", one)) for one in found)
            raise UsageError(
                f"{name}.{trait} = {names}: the kit reads, examines and renders submissions itself, and runs none.",
                next_step=f"Take the line that sets {name}.{trait} out of nbgrader_config.py; hooks "
                f"({name}.pre_convert_hook, {name}.post_convert_hook) are run.",
            )
