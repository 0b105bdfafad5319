"""The folders of a course, as nbgrader lays them out, and the files in them."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

__all__ = ["Layout", "copy_files", "is_plain", "set_permissions"]


Step = Literal["source", "release", "submitted", "autograded", "feedback"]


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of a course's folders, by nbgrader's steps: ``root``, the names of the steps, and how folders nest.

    ``ignore`` holds patterns of file and folder names that are never copied.
    """

    root: Path
    source: str = "source"
    release: str = "release"
    submitted: str = "submitted"
    autograded: str = "autograded"
    feedback: str = "feedback"
    structure: str = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")
    ignore: tuple[str, ...] = ()
    group_shared: bool = False

    def folder(self, step: Step, assignment: str, student: str = ".") -> Path:
        """Return the folder of an assignment in a step, of one student or, without one, of the instructor."""
        return Path(os.path.normpath(os.path.join(self.root, self._place(step, assignment, student))))

    def students(self, step: Step, assignment: str, pattern: str = "*") -> dict[str, Path]:
        """Return the folders of an assignment in a step, by student, in order; ``pattern`` is a glob."""
        before, _, after = str(self.folder(step, assignment, "\0")).partition("\0")
        place = self._place(step, glob.escape(assignment), pattern)
        paths = map(os.path.normpath, glob.glob(os.path.join(glob.escape(str(self.root)), place)))
        found = {path[len(before) : len(path) - len(after)]: Path(path) for path in paths if os.path.isdir(path)}
        return dict(sorted(found.items()))

    def files(self, folder: Path) -> Iterator[Path]:
        """Yield the files below a folder that nbgrader would copy from step to step: no notebook, nothing ignored."""
        for where, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not self._is_ignored(name))
            for name in sorted(names):
                if not self._is_ignored(name) and not name.endswith(".ipynb"):
                    yield Path(where, name)

    def _place(self, step: Step, assignment: str, student: str) -> str:
        return self.structure.format(nbgrader_step=getattr(self, step), student_id=student, assignment_id=assignment)

    def _is_ignored(self, name: str) -> bool:
        return any(fnmatch(name, pattern) for pattern in self.ignore)


def is_plain(path: Path) -> bool:
    """Tell whether a path is a file, and neither a link, nor a pipe, nor a device."""
    return path.is_file() and not path.is_symlink()


def copy_files(paths: Iterable[Path], source: Path, target: Path) -> None:
    """Copy files to the same places below another folder; what is there already is replaced."""
    for path in paths:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copy(path, copy)


def set_permissions(folder: Path, mode: int, *, group_shared: bool) -> None:
    """Set the mode of all files below a folder; with ``group_shared`` its folders belong to the group, too."""
    for where, _, names in os.walk(folder):
        for name in names:
            os.chmod(os.path.join(where, name), mode)
        if group_shared:
            os.chmod(where, os.stat(where).st_mode | 0o2770)
