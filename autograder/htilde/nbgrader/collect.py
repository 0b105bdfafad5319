# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""Collect for ``nbgrader collect`` with care: nobody hands in for another, and nothing is fetched from behind a link.

Students own the folders they hand in, may rename them, and may change them while they are being read. nbgrader
follows their links with the instructor's rights, believes the name on the folder, and gives up at the first one that
it can't read.
"""

from __future__ import annotations

import datetime as dt
import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect
from nbgrader.utils import parse_utc

from htilde.course import find_course
from htilde.errors import KitError

__all__ = ["CheckedCollect"]

MAX_FILES = 1_000
MAX_DEPTH = 20
PATIENCE = 600
"""Seconds between handing in and the last change of what was handed in that nobody is told of."""

_CANT = "can't be collected"


class _RefusedError(Exception):
    """A folder that isn't collected, or no further."""


class CheckedCollect(ExchangeCollect):
    """Collects what can be, and says of each other folder why it is left where it is."""

    src_records: list[dict[str, Any]]

    def init_src(self) -> None:
        self._course = find_course(Path(self.coursedir.root))
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]

    def _path_to_record(self, path: str) -> dict[str, Any]:
        try:
            return self._record(path)
        except (_RefusedError, KitError, OSError) as error:
            why = error.message if isinstance(error, KitError) else str(error)
            self.log.error("%s %s: %s", path, _CANT, why)
            return {"username": "", "filename": os.path.basename(path), "timestamp": dt.datetime.min}

    def _record(self, path: str) -> dict[str, Any]:
        name = os.path.basename(path)
        student, _assignment, when, *_random = (*name.rsplit("+", 3), "", "")[:4]
        self._course.student(student)
        try:
            timestamp = parse_utc(when)
        except Exception:  # dateutil raises whatever it meets
            raise _RefusedError("its name holds no date and time.") from None
        found = os.lstat(path)
        if not stat.S_ISDIR(found.st_mode):
            raise _RefusedError("it is a link or a file, not a folder.")
        if self.check_owner and (owner := _name(found.st_uid)) != student:
            raise _RefusedError(
                f"it says that {student} handed it in, but it belongs to {owner}. Where students' ids aren't their "
                "names on this machine, set c.ExchangeCollect.check_owner = False in nbgrader_config.py."
            )
        return {"username": student, "filename": name, "timestamp": timestamp}

    def copy_files(self) -> None:
        for record in self.src_records:
            student, assignment = record["username"], self.coursedir.assignment_id
            source = os.path.join(self.inbound_path, record["filename"])
            target = Path(self.coursedir.format_path(self.coursedir.submitted_directory, student, assignment))
            if target.exists() and not self._is_wanted(target, record["timestamp"]):
                self.log.info("There is nothing newer to collect: %s %s", student, assignment)
                continue
            try:
                self._collect(source, target, record["timestamp"])
            except (_RefusedError, OSError) as error:
                self.log.error("%s %s: %s", source, _CANT, error)
            else:
                self.log.info("Collected: %s %s", student, assignment)

    def _is_wanted(self, target: Path, timestamp: dt.datetime) -> bool:
        try:
            before = self.coursedir.get_existing_timestamp(str(target))
        except Exception:  # nbgrader calls a method that doesn't exist for one that isn't a time
            before = None
        newer = before is None or timestamp > before
        return (self.update and newer) or (self.before_duedate and before != timestamp)

    def _collect(self, source: str, target: Path, timestamp: dt.datetime) -> None:
        """Copy into a folder beside the target, which takes its place when it is complete."""
        fresh = target.with_name(f".{target.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            copy = _Copy(self.coursedir, self.log)
            copy.folder(os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW), fresh)
            # The time is what the folder's name says: nbgrader chose the folder by it.
            stamp = fresh / "timestamp.txt"
            stamp.unlink(missing_ok=True)
            stamp.write_text(f"{timestamp.isoformat(sep=' ')} UTC", encoding="utf-8")
            if copy.changed - timestamp.replace(tzinfo=dt.UTC).timestamp() > PATIENCE:
                changed = dt.datetime.fromtimestamp(copy.changed, dt.UTC)
                self.log.warning(
                    "%s says that it was handed in at %s, but was changed at %s (UTC).",
                    source,
                    f"{timestamp:%Y-%m-%d %H:%M}",
                    f"{changed:%Y-%m-%d %H:%M}",
                )
            if target.exists():
                shutil.rmtree(target)
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


class _Copy:
    """Copies a folder that its owner may be changing: each entry is opened without following a link, then looked at.

    A link stays a link: whoever grades sees that there was one.
    """

    def __init__(self, coursedir: Any, log: Any) -> None:
        self._coursedir, self._log = coursedir, log
        self._bytes, self._files = 1_000 * coursedir.max_dir_size, MAX_FILES
        self.changed = 0.0
        """When the newest of what was copied was last changed; nobody but the system can set that time."""

    def folder(self, source: int, target: Path, depth: int = 0) -> None:
        """Copy from an open folder, and close it."""
        try:
            if depth > MAX_DEPTH:
                raise _RefusedError(f"its folders are nested more than {MAX_DEPTH} deep.")
            target.mkdir(mode=0o2770 if self._coursedir.groupshared else 0o777)
            self._notice(os.fstat(source))
            for name in self._names(source):
                self._entry(source, name, target / name, depth)
        finally:
            os.close(source)

    def _names(self, source: int) -> Iterator[str]:
        for name in sorted(os.listdir(source)):
            if not any(fnmatch(name, pattern) for pattern in self._coursedir.ignore):
                self._files -= 1
                if self._files < 0:
                    raise _RefusedError(f"it holds more than {MAX_FILES} files.")
                yield name

    def _entry(self, source: int, name: str, target: Path, depth: int) -> None:
        kind = os.stat(name, dir_fd=source, follow_symlinks=False).st_mode
        if stat.S_ISLNK(kind):
            target.symlink_to(os.readlink(name, dir_fd=source))
            return
        if not stat.S_ISDIR(kind) and not stat.S_ISREG(kind):
            self._log.warning("%s isn't a plain file and is left out.", target)
            return
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # the last, for a pipe that came in its place
        opened = os.open(name, flags, dir_fd=source)
        if stat.S_ISDIR(kind):
            self.folder(opened, target, depth + 1)
            return
        with os.fdopen(opened, "rb") as file:
            found = os.fstat(opened)
            if not stat.S_ISREG(found.st_mode):
                raise _RefusedError(f"{name} was exchanged while it was read.")
            if found.st_uid != os.fstat(source).st_uid:  # a second name of somebody else's file
                self._log.warning("%s belongs to somebody else and is left out.", target)
            elif found.st_size > 1_000 * self._coursedir.max_file_size:
                self._log.warning("%s is too large and is left out (CourseDirectory.max_file_size).", target)
            else:
                self._notice(found)
                self._file(file, target)

    def _file(self, file: Any, target: Path) -> None:
        with target.open("xb") as copy:
            while chunk := file.read(2**20):
                self._bytes -= len(chunk)
                if self._bytes < 0:
                    raise _RefusedError("it is too large (CourseDirectory.max_dir_size).")
                copy.write(chunk)
        target.chmod(0o660 if self._coursedir.groupshared else 0o644)

    def _notice(self, found: os.stat_result) -> None:
        self.changed = max(self.changed, found.st_ctime)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
