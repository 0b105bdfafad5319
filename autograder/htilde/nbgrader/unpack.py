# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""Collect for ``nbgrader zip_collect`` with limits: an archive of a student's fills no disk and writes nowhere else.

nbgrader unpacks archives within archives without end, and gives up for all at the first that is broken.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from nbgrader.utils import parse_utc

from htilde.course import find_course
from htilde.errors import KitError

__all__ = ["CheckedCollector", "CheckedExtractor"]

MAX_BYTES = 200 * 2**20
"""The limit for all that one archive holds, archives in it included."""
MAX_FILES = 10_000
MAX_DEPTH = 2
"""Archives within archives: that of a class holds those of its students."""

_TAR = (".tar.gz", ".tgz", ".tar")


class _RefusedError(Exception):
    """A file that isn't unpacked, or no further."""


class CheckedExtractor(ExtractorPlugin):
    """Unpacks what can be, and says of each other archive why it isn't; links in it are left out."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        for folder, _, names in os.walk(archive_path):
            target = Path(extracted_path, os.path.relpath(folder, archive_path))
            target.mkdir(parents=True, exist_ok=True)
            for name in sorted(names):
                source = Path(folder, name)
                try:
                    _Unpacking(self.zip_ext).take(source, target)
                except (_RefusedError, OSError, EOFError, RuntimeError, ValueError, *_BROKEN) as error:
                    self.log.error("%s isn't unpacked: %s", source, error)


_BROKEN = (zipfile.BadZipFile, tarfile.TarError, NotImplementedError)


class _Unpacking:
    """Unpacks one file from the archive folder, within limits."""

    def __init__(self, suffixes: list[str]) -> None:
        self._suffixes = tuple(suffixes)
        self._bytes, self._files = MAX_BYTES, MAX_FILES

    def take(self, source: Path, target: Path, depth: int = 0) -> None:
        """Copy a file, or unpack it into a folder of its name."""
        if source.is_symlink() or not source.is_file():
            raise _RefusedError("it is a link, or no file.")
        if not source.name.endswith(self._suffixes):
            if not depth:
                shutil.copyfile(source, target / source.name)
            return
        if depth >= MAX_DEPTH:
            return  # it stays packed beside the rest
        fresh = target / re.sub(r"(\.tar)?\.[^.]*$", "", source.name)
        fresh.mkdir(exist_ok=True)
        try:
            self._unpack(source, fresh)
            for inner in sorted(path for path in fresh.rglob("*") if path.is_file()):
                self.take(inner, inner.parent, depth + 1)
        except BaseException:
            shutil.rmtree(fresh)
            raise

    def _unpack(self, source: Path, target: Path) -> None:
        if source.name.endswith(_TAR):
            with tarfile.open(source) as archive:
                for member in archive:
                    if member.isfile() and (file := archive.extractfile(member)) is not None:
                        self._write(member.name, file, target)
        else:
            with zipfile.ZipFile(source) as archive:
                for info in archive.infolist():
                    if not info.is_dir() and not stat.S_ISLNK(info.external_attr >> 16):
                        with archive.open(info) as file:
                            self._write(info.filename, file, target)

    def _write(self, name: str, file: IO[bytes], target: Path) -> None:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or any(part in ("..", "/") or ":" in part or "\0" in part for part in parts):
            raise _RefusedError(f"{name!r} in it leads elsewhere.")
        path = target.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._count(files=1)
        with path.open("xb") as copy:
            for chunk in _chunks(file):
                self._count(len(chunk))
                copy.write(chunk)

    def _count(self, size: int = 0, *, files: int = 0) -> None:
        self._bytes, self._files = self._bytes - size, self._files - files
        if self._bytes < 0 or self._files < 0:
            raise _RefusedError(f"it holds more than {MAX_BYTES // 2**20} MiB, or {MAX_FILES} files.")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(2**20):
        yield chunk


class CheckedCollector(FileNameCollectorPlugin):
    """Believes of a file's name no more than can be: a student's id, a file beside others, a time."""

    def collect(self, submitted_file: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = super().collect(submitted_file)
        if not found:
            return None
        try:
            find_course(Path(self.parent.coursedir.root)).student(str(found.get("student_id")))
        except KitError as error:
            self.log.error("%s isn't collected: %s", submitted_file, error.message)
            return None
        if not _is_beside(str(found.get("file_id"))):
            self.log.error("%s isn't collected: its file_id leads elsewhere.", submitted_file)
            return None
        if found.get("timestamp"):
            try:
                parse_utc(found["timestamp"])
            except Exception:  # dateutil raises whatever it meets; nbgrader would end the run
                self.log.error("%s: its name holds no time that can be read.", submitted_file)
                found["timestamp"] = None
        return found


def _is_beside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts
