"""Makes a course an nbgrader course by configuration alone: nbgrader's own commands and formgrader then use the kit.

``nbgrader_config.py`` calls ``configure``; names are given as text, so that a command loads only what it needs.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from htilde.authoring.master import STUB
from htilde.course import GRADING, load_course
from htilde.errors import UsageError

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = [
    "DEMO_MARK",
    "EXAMINE",
    "LEFT_OUT",
    "NOT_GRADED",
    "NOT_RELEASED",
    "NO_FEEDBACK",
    "PAGES",
    "SANITIZE",
    "configure",
    "refuse_students_code",
]

LEFT_OUT = NOT_GRADED, NOT_RELEASED, NO_FEEDBACK = "Not graded: ", "Not released: ", "No new feedback: "
"""How the last error of a run begins that had to leave somebody out; for whoever isn't named all was done."""

SANITIZE = [
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# What lateness costs (AssignLatePenalties.plugin_class) is settled where the grade is saved.
EXAMINE = [
    "htilde.nbgrader.plugins.Examine",
    "htilde.nbgrader.plugins.SaveGrades",
    "nbgrader.preprocessors.CheckCellMetadata",
]
PAGES = ["htilde.nbgrader.feedback.Grades"]

DEMO_MARK = ".htilde-demo"
"""A file that says that a folder is a demo's and may be replaced by the next one."""

NEVER_COPIED = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", ".git", ".venv", ".DS_Store"]
"""nbgrader's own list and some more. It holds for the exchange too, so what ships must not be among them."""


def configure(c: Config, file: str = "nbgrader_config.py") -> None:
    """Set everything that the kit changes in nbgrader. What isn't set here stays nbgrader's, and may be set after.

    ``file`` is the configuration's own, beside the course's grading.toml.
    """
    _find_gradebook(c, Path(file).resolve().parent)
    _let_nbgrader_find_alembic()
    # With SQLAlchemy 2.1 nbgrader's gradebook warns at each new student of its way to add one, which is right.
    warnings.filterwarnings("ignore", message="Object of type <Submitted.*> not in session")
    c.CourseDirectory.source_directory = "solutions"
    c.CourseDirectory.release_directory = "assignments"
    c.CourseDirectory.ignore = NEVER_COPIED
    _generate_assignment(c)
    _autograde(c)
    c.ExportApp.plugin_class = "htilde.nbgrader.export.GradesCsv"
    c.ExchangeFactory.collect = "htilde.nbgrader.collect.CarefulCollect"
    c.ZipCollectApp.extractor_plugin = "htilde.nbgrader.unpack.CarefulExtractor"
    c.ZipCollectApp.collector_plugin = "htilde.nbgrader.unpack.CarefulCollector"
    c.Execute.on_notebook_start = refuse_students_code  # of what executes notebooks only 'nbgrader validate' is left
    c.FormgradeExtension.debug = False  # it would show this configuration on a page: as JSON, and all of it
    c.NbGrader.logging_config = {"formatters": {"console": {"class": "htilde.nbgrader.console.CleanFormatter"}}}
    _pages(c)


def _find_gradebook(c: Config, folder: Path) -> None:
    # A demo is a copy of the course, and must never write into its gradebook.
    if not (folder / GRADING).is_file() or (folder / DEMO_MARK).exists():
        return
    try:
        course = load_course(folder / GRADING)
    except UsageError as error:
        if b"db_url" not in (folder / GRADING).read_bytes():
            return  # whoever needs the course says what is wrong with it
        # nbgrader would log it and go on, with another gradebook
        raise SystemExit(f"nbgrader_config.py: {error}") from None
    if course.db_url:
        c.CourseDirectory.db_url = course.db_url
        # nbgrader's own name for a course without one is "", of which it makes no row. Only SQLite puts up with that.
        c.CourseDirectory.course_id = "default_course"


def _generate_assignment(c: Config) -> None:
    # nbgrader's own list without IncludeHeaderFooter and InstantiateTests, which runs the reference in a kernel.
    c.GenerateAssignment.exporter_class = "htilde.nbgrader.plugins.WriteRelease"
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
    c.Autograde.exporter_class = "htilde.nbgrader.plugins.ReadSubmission"
    c.Autograde.sanitize_preprocessors = SANITIZE
    c.Autograde.autograde_preprocessors = EXAMINE


def _pages(c: Config) -> None:
    c.GenerateFeedback.exporter_class = "htilde.nbgrader.plugins.WriteFeedback"
    c.GenerateFeedback.preprocessors = PAGES
    # For formgrader, too. There the kit's templates stand before nbgrader's of the same name, which they wrap.
    filters = ("markdown2html", "highlight_code")
    c.HTMLExporter.filters = {name: f"htilde.prose.markdown.{name}" for name in filters}
    package = find_spec("nbgrader")
    places = (package and package.submodule_search_locations) or [""]
    nbgraders = str(Path(places[0], "server_extensions", "formgrader", "templates"))
    c.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates"), nbgraders]
    c.HTMLExporter.extra_template_paths = [nbgraders]


def refuse_students_code(**_: object) -> None:
    """What nbgrader calls when a kernel is ready and no cell has run. Raises UsageError for a student's notebook."""
    here = Path.cwd()  # validate goes to the notebook's folder
    course = any((folder / "nbgrader_config.py").is_file() for folder in here.parents)
    if course and {"submitted", "autograded"} & {*here.parts}:
        raise UsageError(
            f"{here}: this is a student's notebook; in a kernel it could do whatever you can.",
            next_step=f"Have it examined in the locked worker: htilde check {here}",
        )


def _of_nbgrader(*names: str) -> list[str]:
    return [f"nbgrader.preprocessors.{name}" for name in names]


def _let_nbgrader_find_alembic() -> None:
    # nbgrader starts alembic through PATH. From a virtual environment that isn't activated it would crash after
    # it has made the gradebook, and take the unstamped gradebook for a good one the next time.
    here, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (here, path)))
