"""Folders that are replaced as a whole: until the new one is complete, the old one stays as it is.

nbgrader removes a student's old work before it begins with the new, and removes the new when anything fails.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from htilde.isolation import libc

__all__ = ["Change", "Changes", "alone", "write_whole"]

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fcntl.h, linux/fs.h
_CANT = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)
"""What a file system answers that can't exchange two folders in one step."""


@dataclass(frozen=True)
class Change:
    """A complete folder that was decided to stand in the place of another, and a note of what else that decided.

    Each step may be taken again after a process was killed in the middle of it.
    """

    folder: Path
    fresh: Path
    digest: str
    note: Any
    sheet: Path
    """The file that says all this; while it is there the change is pending."""

    def put(self) -> None:
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
        """All that the note asks for is done, or shall not be done."""
        self.sheet.unlink()
        shutil.rmtree(self.fresh, ignore_errors=True)


class Changes:
    """The folders of a course that are being made anew, beside its other private files.

    ``decide`` is the one moment from which the new counts: a process that is killed before it leaves the old, and
    what one that is killed later has left to do is found by the next in ``pending``.
    """

    def __init__(self, root: Path, private: Path) -> None:
        # Three folders, for what lies in a student's folder must never be taken for a sheet.
        self._root, self.making = root, private / "making"
        self._made, self._decided = private / "made", private / "decided"

    def fresh(self, folder: Path) -> Path:
        """Where the folder that shall replace this one is made."""
        return self.making / self._name(folder)

    def begin(self, folder: Path, *, copy: bool) -> None:
        """Start with nothing, or with a copy of what is there."""
        fresh = self.fresh(folder)
        if fresh.exists():
            shutil.rmtree(fresh)
        if copy and folder.exists():
            shutil.copytree(folder, fresh, symlinks=True)

    def decide(self, folder: Path, note: Any = None) -> Change:
        """What was made is complete: from now on it shall replace the folder, and the note hold."""
        name = self._name(folder)
        fresh, sheet = self._made / name, self._decided / f"{name}.json"
        sheet.unlink(missing_ok=True)  # of a change that this one makes obsolete
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.parent.mkdir(parents=True, exist_ok=True)
        self.fresh(folder).rename(fresh)
        if note is not None:  # without one the folder can be made again
            _to_disk(*fresh.rglob("*"))
        change = Change(folder, fresh, _digest(fresh), note, sheet)
        sheet.parent.mkdir(parents=True, exist_ok=True)
        place = str(name if folder.is_relative_to(self._root) else folder)  # the course may be moved
        write_whole(sheet, json.dumps({"folder": place, "digest": change.digest, "note": note}))
        return change

    def pending(self) -> list[Change]:
        """What was decided and isn't done yet; a sheet that can't be read counts as none."""
        return [change for sheet in sorted(self._decided.rglob("*.json")) if (change := self._read(sheet)) is not None]

    def clean(self) -> None:
        """Remove what was being made; and, once no change is pending, all that is left of changes."""
        for folder in (self.making,) if self.pending() else (self.making, self._made, self._decided):
            shutil.rmtree(folder, ignore_errors=True)

    def _name(self, folder: Path) -> Path:
        """A folder of the course by its place in it; any other by its whole path."""
        return folder.relative_to(self._root if folder.is_relative_to(self._root) else folder.anchor)

    def _read(self, sheet: Path) -> Change | None:
        try:
            plain = json.loads(sheet.read_text(encoding="utf-8"))
            folder = self._root / plain["folder"]
            fresh = self._made / self._name(folder)
            return Change(folder, fresh, plain["digest"], plain["note"], sheet)
        except (OSError, ValueError, TypeError, KeyError):
            return None


def write_whole(path: Path, text: str) -> None:
    """Write a file anew: whenever the process or the machine stops, it holds all of the old or all of the new."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    _to_disk(fresh)
    fresh.replace(path)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether no other process is within this block; the lock on ``path`` ends with its process, however that ends."""
    if sys.platform == "win32":  # it has no fcntl, and nbgrader no exchange there
        yield True
        return
    import fcntl

    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        except OSError:  # a file system without locks
            pass
        yield True


def _replace(folder: Path, fresh: Path, beside: Path) -> None:
    try:
        _exchange(folder, fresh)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.rmtree(beside, ignore_errors=True)  # the course lies on two disks
        shutil.copytree(fresh, beside, symlinks=True)
        _to_disk(*beside.rglob("*"))
        _exchange(folder, beside, unless=(*_CANT, errno.EXDEV))


def _exchange(folder: Path, fresh: Path, *, unless: tuple[int, ...] = _CANT) -> None:
    """Let two folders change places in one step, or else in two, between which there is none."""
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


def _to_disk(*paths: Path) -> None:
    """Wait until files would survive a power cut; what happens to folders happens in order, and before."""
    for path in paths:
        if path.is_file() and not path.is_symlink() and sys.platform != "win32":
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _digest(folder: Path) -> str:
    """What a folder holds, in a few characters; "" if there is none."""
    if not folder.is_dir():
        return ""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        held = os.readlink(path).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        found.update(f"{path.relative_to(folder)}\0{len(held)}\0".encode(errors="surrogateescape") + held)
    return found.hexdigest()
