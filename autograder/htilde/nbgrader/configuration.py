"""Make a course an nbgrader course by configuration alone: nbgrader's own commands and formgrader then use the kit.

``nbgrader_config.py`` calls ``configure``; names are given as text, so that a command loads only what it needs.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htilde.authoring.master import STUB
from htilde.course import GRADING, load_course
from htilde.errors import UsageError

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["DEMO_MARK", "configure"]

DEMO_MARK = ".htilde-demo"
"""The file that says that a folder is a demo's and may be replaced by the next one."""

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
    _converters(c)
    c.ExportApp.plugin_class = "htilde.nbgrader.export.GradesCsv"
    c.ExchangeFactory.collect = "htilde.nbgrader.collect.CheckedCollect"
    c.ZipCollectApp.extractor_plugin = "htilde.nbgrader.unpack.CheckedExtractor"
    c.ZipCollectApp.collector_plugin = "htilde.nbgrader.unpack.CheckedCollector"
    # Of what executes notebooks only 'nbgrader validate' is left.
    c.Execute.on_notebook_start = _examine_instead
    c.FormgradeExtension.debug = False  # it would show this configuration on a page: as JSON, and all of it
    c.NbGrader.logging_config = {"formatters": {"console": {"class": "htilde.nbgrader.console.CleanFormatter"}}}
    _formgrader(c)


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


def _converters(c: Config) -> None:
    # Each exporter has its converter's work done by the kit.
    c.GenerateAssignment.exporter_class = "htilde.nbgrader.exporters.ReleaseExporter"
    c.Autograde.exporter_class = "htilde.nbgrader.exporters.AutogradeExporter"
    c.GenerateFeedback.exporter_class = "htilde.nbgrader.exporters.FeedbackExporter"
    # nbgrader's own list without IncludeHeaderFooter and InstantiateTests, which runs the reference in a kernel.
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
    # The kit reads, examines and renders submissions itself.
    c.Autograde.sanitize_preprocessors = []
    c.Autograde.autograde_preprocessors = []
    c.GenerateFeedback.preprocessors = []


def _formgrader(c: Config) -> None:
    # For formgrader. There the kit's templates stand before nbgrader's of the same name, which they wrap.
    filters = ("markdown2html", "highlight_code")
    c.HTMLExporter.filters = {name: f"htilde.prose.markdown.{name}" for name in filters}
    package = find_spec("nbgrader")
    places = (package and package.submodule_search_locations) or [""]
    nbgraders = str(Path(places[0], "server_extensions", "formgrader", "templates"))
    c.HTMLExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates"), nbgraders]
    c.HTMLExporter.extra_template_paths = [nbgraders]


def _examine_instead(**about: Any) -> None:
    # Loaded when a notebook is validated: every command of nbgrader's reads this configuration.
    from htilde.nbgrader.validation import examine_instead

    examine_instead(**about)


def _of_nbgrader(*names: str) -> list[str]:
    return [f"nbgrader.preprocessors.{name}" for name in names]


def _let_nbgrader_find_alembic() -> None:
    # nbgrader starts alembic through PATH. From a virtual environment that isn't activated it would crash after
    # it has made the gradebook, and take the unstamped gradebook for a good one the next time.
    here, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if here not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join(filter(None, (here, path)))
