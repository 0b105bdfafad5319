"""Folders replaced in a transaction: until the new one is complete and decided, the old one stays as it is.

nbgrader removes a student's old work before it begins with the new, and removes the new when anything fails.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from htilde.files import fingerprint, to_disk, write_file
from htilde.isolation import libc

__all__ = ["Journal", "Replacement"]

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h
_CANT = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
"""The answers of a file system that can't exchange two folders in one step."""


@dataclass(frozen=True)
class Replacement:
    """A complete folder that was decided to take the place of another, with a note of what else was decided.

    Each step may be taken again after a process was killed in the middle of it.
    """

    folder: Path
    fresh: Path
    digest: str
    note: Any
    entry: Path
    """The journal's file about this; while it is there, the replacement is pending."""

    def carry_out(self) -> None:
        """Put the new folder in its place. Raises LookupError if it is nowhere any more."""
        beside = self.folder.with_name(f".{self.folder.name}.new")
        if _digest(self.folder) != self.digest:
            if _digest(self.fresh) != self.digest:
                raise LookupError(f"{self.fresh}: what was decided on isn't there any more")
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            _replace(self.folder, self.fresh, beside)
        for old in (self.fresh, beside):
            shutil.rmtree(old, ignore_errors=True)

    def forget(self) -> None:
        """Remove the replacement from the journal, after it was carried out or given up."""
        self.entry.unlink()
        shutil.rmtree(self.fresh, ignore_errors=True)


class Journal:
    """The replacements of a course's folders, kept beside its other private files.

    ``decide`` is the one moment from which the new counts: a process that is killed before it leaves the old folder;
    what a process that is killed later has left to do, the next one finds in ``pending``.
    """

    def __init__(self, root: Path, private: Path) -> None:
        # Three folders, so that nothing in a student's folder can be taken for an entry of the journal.
        self._root, self.making = root, private / "making"
        self._made, self._decided = private / "made", private / "decided"

    def fresh(self, folder: Path) -> Path:
        """Return where the folder that shall replace this one is made."""
        return self.making / self._name(folder)

    def begin(self, folder: Path) -> Path:
        """Make an empty folder that shall replace this one, and return it."""
        fresh = self.fresh(folder)
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(parents=True)
        return fresh

    def decide(self, folder: Path, note: Any = None) -> Replacement:
        """Record that the new folder is complete: from now on it replaces the old one, and the note holds."""
        name = self._name(folder)
        fresh, entry = self._made / name, self._decided / f"{name}.json"
        entry.unlink(missing_ok=True)  # of a replacement that this one makes obsolete
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.parent.mkdir(parents=True, exist_ok=True)
        self.fresh(folder).rename(fresh)
        if note is not None:  # without one the folder can be made again
            to_disk(*fresh.rglob("*"))
        made = Replacement(folder, fresh, _digest(fresh), note, entry)
        place = str(name if folder.is_relative_to(self._root) else folder)  # the course may be moved
        write_file(entry, json.dumps({"folder": place, "digest": made.digest, "note": note}), durable=True)
        return made

    def pending(self) -> list[Replacement]:
        """Return what was decided and isn't carried out yet; an entry that can't be read counts as none."""
        entries = sorted(self._decided.rglob("*.json"))
        return [replacement for entry in entries if (replacement := self._read(entry)) is not None]

    def clean(self) -> None:
        """Remove what was being made and, once nothing is pending, all that is left of replacements."""
        for folder in (self.making,) if self.pending() else (self.making, self._made, self._decided):
            shutil.rmtree(folder, ignore_errors=True)

    def _name(self, folder: Path) -> Path:
        """Return a folder's place in the course; of a folder elsewhere its whole path."""
        return folder.relative_to(self._root if folder.is_relative_to(self._root) else folder.anchor)

    def _read(self, entry: Path) -> Replacement | None:
        try:
            plain = json.loads(entry.read_text(encoding="utf-8"))
            folder = self._root / plain["folder"]
            fresh = self._made / self._name(folder)
            return Replacement(folder, fresh, plain["digest"], plain["note"], entry)
        except (OSError, ValueError, TypeError, KeyError):
            return None


def _replace(folder: Path, fresh: Path, beside: Path) -> None:
    """Put ``fresh`` in the place of ``folder``, by way of ``beside`` if they lie on two disks."""
    try:
        _exchange(folder, fresh)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(fresh, beside, symlinks=True)
        to_disk(*beside.rglob("*"))
        _exchange(folder, beside, unless=(*_CANT, errno.EXDEV))


def _exchange(folder: Path, fresh: Path, *, unless: tuple[int, ...] = _CANT) -> None:
    """Let two folders change places in one step or, where that can't be done, in two."""
    if folder.exists():
        try:
            if sys.platform != "linux":
                raise OSError(errno.ENOSYS, "only Linux has this call")
            old, new = os.fsencode(folder), os.fsencode(fresh)
            libc.call("renameat2", _AT_FDCWD, new, _AT_FDCWD, old, _RENAME_EXCHANGE)
            return
        except (OSError, AttributeError) as error:  # or a C library of before 2018
            if isinstance(error, OSError) and error.errno not in unless:
                raise
            shutil.rmtree(folder)
    fresh.rename(folder)


def _digest(folder: Path) -> str:
    """Return a fingerprint of all that a folder holds, modes included; "" if there is none."""
    if not folder.is_dir():
        return ""
    paths = sorted(folder.rglob("*"))
    return fingerprint([[str(path.relative_to(folder)), path.lstat().st_mode, _content(path)] for path in paths])


def _content(path: Path) -> str | Path | None:
    return os.readlink(path) if path.is_symlink() else path if path.is_file() else None
