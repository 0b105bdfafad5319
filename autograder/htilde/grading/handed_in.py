"""Find what was handed in, and refuse what can't be graded."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from htilde.course import Course
from htilde.errors import UsageError
from htilde.files import fingerprint
from htilde.grading.layout import Layout, is_plain
from htilde.model import PAPER_SUFFIX
from htilde.prose.markdown import acts

__all__ = ["SECRET", "STAMP", "HandedIn", "contents", "find", "is_linked", "kept_files", "refusal", "time_of"]

MAX_FILES = 1_000
"""In a submission's folder; each is looked at before any is copied."""
MAX_STAMP = 1_000
"""Bytes of a timestamp.txt."""

STAMP, SECRET = "timestamp.txt", "submission_secret.txt"
"""The files that nbgrader's exchange puts beside a notebook: a time, and a key for fetching feedback."""

ParseTime = Callable[[str], dt.datetime]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A student's folder for an assignment."""

    assignment: str
    student: str
    folder: Path

    @property
    def notebook(self) -> Path:
        """The file that is graded."""
        return self.folder / f"{self.assignment}.ipynb"


def find(layout: Layout, assignment: str, pattern: str = "*", exclude: Collection[str] = ()) -> list[HandedIn]:
    """Return the folders in which a notebook was handed in, by student. Raises UsageError if there is none.

    ``pattern`` is a glob of student ids; those to ``exclude`` are left out.
    """
    folders = layout.students("submitted", assignment, pattern)
    found = [HandedIn(assignment, student, folder) for student, folder in folders.items() if student not in exclude]
    found = [one for one in found if any(one.folder.glob("*.ipynb"))]
    if not found:
        raise UsageError(
            f"{layout.folder('submitted', assignment, pattern)}: no notebook was handed in.",
            next_step="Put notebooks there, or run nbgrader collect.",
        )
    return found


def refusal(course: Course, handed_in: HandedIn, parse_time: ParseTime) -> str:
    """Return why a folder can't be graded, in a form that the instructor can act on; empty if it can."""
    try:
        course.student(handed_in.student)
    except UsageError as error:
        return error.message
    found = sorted(path.name for path in handed_in.folder.glob("*.ipynb"))
    expected = handed_in.notebook.name
    if expected not in found:
        return f"its notebook must be called {expected}, but is called {', '.join(found)}. Rename it and run again."
    if sum(len(names) for _, _, names in os.walk(handed_in.folder)) > MAX_FILES:
        return f"it holds more than {MAX_FILES} files. Remove what isn't needed and run again."
    try:
        time_of(handed_in, parse_time)
    except Exception:  # dateutil raises whatever it meets
        return f"its {STAMP} holds no date and time. Mend or remove that file and run again."
    return ""


def time_of(handed_in: HandedIn, parse_time: ParseTime) -> dt.datetime | None:
    """Return when a submission was handed in, in UTC, if that is known. Raises an error if it can't be read."""
    stamp = handed_in.folder / STAMP
    if not os.path.lexists(stamp):
        return None
    if not is_plain(stamp) or stamp.stat().st_size > MAX_STAMP:
        raise ValueError(f"{stamp}: no date and time")
    text = stamp.read_text(encoding="utf-8").strip()
    return parse_time(text) if text else None


def is_linked(layout: Layout, path: Path) -> bool:
    """Tell whether a path below the submitted folders leads through a link; the topmost folder itself may be one."""
    top = layout.root / layout.submitted
    return os.path.realpath(path) != os.path.join(os.path.realpath(top), os.path.relpath(path, top))


def kept_files(layout: Layout, handed_in: HandedIn) -> Iterator[Path]:
    """Yield the files beside the notebook that go with it: plain files that can't act, none from behind a link.

    A link could lead to a hidden paper and on into the feedback; the public paper needn't be kept for each student.
    """
    if not is_linked(layout, handed_in.folder):
        for path in layout.files(handed_in.folder):
            if is_plain(path) and not acts(str(path)) and path.suffix != PAPER_SUFFIX:
                yield path


def contents(handed_in: HandedIn) -> str:
    """Return a fingerprint of a folder's files: the content of notebook and time, of others mode, size and change."""
    found: list[object] = []
    for path in sorted(Path(where, name) for where, _, names in os.walk(handed_in.folder) for name in names):
        about = path.lstat()
        read = path.suffix == ".ipynb" or (path.name == STAMP and about.st_size < 10_000)
        content: Path | int = path if read and is_plain(path) else about.st_mtime_ns
        found.append([str(path.relative_to(handed_in.folder)), about.st_mode, about.st_size, content])
    return fingerprint(found)
