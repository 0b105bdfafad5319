"""Makes a course an nbgrader course by configuration alone: nbgrader's own commands and formgrader then use the kit.

``nbgrader_config.py`` calls ``configure``; names are given as text, so that a command loads only what it needs.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.master import STUB

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["NOT_GRADED", "configure"]

NOT_GRADED = "Not graded: "
"""Before the students whom an autograde run had to leave out; whoever isn't named has been graded."""

NEVER_COPIED = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", ".git", ".venv", ".DS_Store"]
"""nbgrader's own list and some more. It holds for the exchange too, so what ships must not be among them."""


def configure(c: Config) -> None:
    """Set everything that the kit changes in nbgrader. What isn't set here stays nbgrader's, and may be set after."""
    _let_nbgrader_find_alembic()
    # With SQLAlchemy 2.1 nbgrader's gradebook warns at each new student of its way to add one, which is right.
    warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "assignments"
    c.CourseDirectory.ignore = NEVER_COPIED
    _generate_assignment(c)
    _autograde(c)
    c.ExportApp.plugin_class = "autograder.nbgrader_export.GradesCsv"
    c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader_html.markdown2html"}


def _generate_assignment(c: Config) -> None:
    # nbgrader's own list without IncludeHeaderFooter and InstantiateTests, which runs the reference in a kernel.
    c.GenerateAssignment.exporter_class = "autograder.nbgrader_plugins.WriteRelease"
    c.GenerateAssignment.preprocessors = _of_nbgrader(
        "LockCells",
        "ClearSolutions",
        "ClearOutput",
        "CheckCellMetadata",
        "ComputeChecksums",
        "SaveCells",
        "ClearHiddenTests",
        "ClearMarkScheme",
        "ComputeChecksums",
        "CheckCellMetadata",
    )
    c.ClearSolutions.code_stub = {"python": STUB}
    c.ClearSolutions.text_stub = ""


def _autograde(c: Config) -> None:
    # The exporter reads a submission as cells and puts them on the released notebook, so nothing of what the
    # student's file says about itself is left to sanitise; from the gradebook come kernel, points and checksums.
    c.Autograde.exporter_class = "autograder.nbgrader_plugins.ReadSubmission"
    c.Autograde.sanitize_preprocessors = _of_nbgrader("OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata")
    c.Autograde.autograde_preprocessors = [
        "autograder.nbgrader_plugins.Examine",
        "autograder.nbgrader_plugins.SaveGrades",
        *_of_nbgrader("AssignLatePenalties", "CheckCellMetadata"),
    ]


def _of_nbgrader(*names: str) -> list[str]:
    return [f"nbgrader.preprocessors.{name}" for name in names]


def _let_nbgrader_find_alembic() -> None:
    # nbgrader starts alembic through PATH. From a virtual environment that isn't activated it would crash after
    # it has made the gradebook, and take the unstamped gradebook for a good one the next time.
    here, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (here, path)))
