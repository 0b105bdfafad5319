"""Keeping a folder until what shall replace it is complete.

nbgrader removes a student's old work before it begins with the new, and removes the new when anything fails.
"""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["Kept"]


class Kept:
    """A copy of a folder that is about to be replaced, beside the kit's other private files.

    The copy is there from ``keep`` to ``forget`` or ``restore``. Should the process be killed in between, the
    next ``keep`` finds it and restores first. An empty copy says that there was nothing before.
    """

    def __init__(self, folder: Path, copy: Path) -> None:
        self.folder, self.copy = folder, copy

    @property
    def pending(self) -> bool:
        """Whether neither ``forget`` nor ``restore`` has been called since ``keep``."""
        return self.copy.exists()

    def keep(self) -> None:
        """Make the copy, after putting back what a killed run has left."""
        if self.pending:
            self.restore()
        fresh = self._beside("new")
        fresh.parent.mkdir(exist_ok=True)
        if self.folder.exists():
            shutil.copytree(self.folder, fresh, symlinks=True)
        else:
            fresh.mkdir()
        fresh.rename(self.copy)

    def restore(self) -> None:
        """Put the folder back as it was."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        if any(self.copy.iterdir()):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(self.copy, self.folder)
        else:
            self.copy.rmdir()

    def forget(self) -> None:
        """The new folder is complete: remove the copy."""
        gone = self._beside("gone")
        self.copy.rename(gone)  # at once, so that half a copy is never restored
        shutil.rmtree(gone)

    def _beside(self, what: str) -> Path:
        path = self.copy.with_name(f".{self.copy.name}.{what}")
        shutil.rmtree(path, ignore_errors=True)
        return path
