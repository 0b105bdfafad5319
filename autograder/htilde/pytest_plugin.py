"""The pytest plugin: collect notebooks and scripts that a paper belongs to, each property an item of its own.

pytest loads this module in every run of an environment that has the kit. So it is small and does no more than look
whether a file is a submission; ``pytest_items`` collects and examines.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from htilde.course import Course

__all__: list[str] = []

_MARKS = {
    "public": "a property that students may read (htilde)",
    "hidden": "a property that students can't read (htilde)",
    "main": "a property that says what an exercise is (htilde)",
    "edge": "a property at the margin of an exercise; it counts once every main one passes (htilde)",
}
_SUFFIXES = (".ipynb", ".py")
_PAPER, _PAPERS_BEGIN = ".paper", (b"htilde paper, ", b"autograder paper, ")
_MAX_BYTES = 20 * 2**20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option ``--htilde-hidden``."""
    parser.getgroup("htilde", "exercises of the htilde").addoption(
        "--htilde-hidden",
        action="store_true",
        help="ask a submission the hidden properties too, as 'htilde check --hidden' does",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of the items."""
    for mark, meaning in _MARKS.items():
        config.addinivalue_line("markers", f"{mark}: {meaning}")


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Collect a submission.

    Other collectors of a student's ``.py`` are dropped, because they would import it: it runs in the worker only.
    Those of a notebook are kept.
    """
    others = yield
    if file_path.suffix not in _SUFFIXES:
        return others
    named = parent.session.isinitpath(file_path)
    if not _is_submission(file_path, named, parent.config.getini("python_files"), alone=not others):
        return others
    if file_path.suffix == ".py":
        if not named and file_path.with_suffix(".ipynb").is_file():
            return []  # of the two in a folder the notebook is what is handed in
        others = []
    from htilde.pytest_items import SubmissionFile

    return [*others, SubmissionFile.from_parent(parent, path=file_path)]


def _is_submission(path: Path, named: bool, modules: list[str], *, alone: bool) -> bool:
    """Return True if a file is a submission.

    That is a file with the name of a paper beside it or, in a course, of the assignment. A file that was ``named`` on
    the command line is one, too, if it lies beside a paper and isn't called like a test.
    """
    if _is_paper(path.with_suffix(_PAPER)) or _is_of_course(path, named):
        return True
    if not named:
        return False
    if path.suffix == ".py":
        return _lies_beside_a_paper(path) and not any(path.match(pattern) for pattern in modules)
    if _lies_beside_a_paper(path) or not alone:
        return _lies_beside_a_paper(path)
    # Nobody else would tell that a notebook has lost its paper.
    source = _read(path, _MAX_BYTES)
    return b"from htilde import" in source or b"from autograder import" in source


def _is_paper(path: Path) -> bool:
    return _read(path, max(map(len, _PAPERS_BEGIN))).startswith(_PAPERS_BEGIN)


def _lies_beside_a_paper(path: Path) -> bool:
    return any(map(_is_paper, path.parent.glob(f"*{_PAPER}")))


def _read(path: Path, count: int) -> bytes:
    """Return the first bytes of a file, or none if it can't be read."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:
        return b""


def _is_of_course(path: Path, named: bool) -> bool:
    """Return True if a file lies in an assignment's folder of a course, or is a master that was named."""
    if path.parent.name != path.stem and not (named and path.parent.name == "solutions"):
        return False
    course = _course(path.parent, path.stem)
    if course is None or path.stem not in [assignment.name for assignment in course.assignments]:
        return False
    return path.parent.name == path.stem or path == course.master(path.stem)


def _course(folder: Path, assignment: str) -> Course | None:
    """Return the course around a folder, or None if it can't be read or doesn't mention the assignment."""
    names = (above / "grading.toml" for above in (folder, *folder.parents))
    around = next((name for name in names if name.is_file()), None)
    if around is None or assignment.encode() not in _read(around, _MAX_BYTES):
        return None
    from htilde.course import load_course
    from htilde.errors import KitError

    try:
        return load_course(around)
    except KitError:
        return None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the points of each submission that was examined, and the notes on it as a whole."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.getreports(outcome)]
    asked = [
        (report.nodeid, report.user_properties)
        for report in reports
        if any(name == "htilde" for name, _ in report.user_properties)
    ]
    if asked:
        from htilde.pytest_items import summary

        terminalreporter.section("htilde")
        for line in summary(asked):
            terminalreporter.write_line(line)
