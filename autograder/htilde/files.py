"""Writing files that others may be reading, and telling whether what a result was made from has changed."""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import json
import os
import platform
import stat
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from htilde.version import __version__

__all__ = [
    "PACKAGE",
    "engine",
    "engine_files",
    "fingerprint",
    "locked",
    "to_disk",
    "try_lock",
    "write_file",
    "write_files",
]

PACKAGE = Path(__file__).resolve().parent
"""The folder of the kit's code."""

_EXAMINING = (
    *("codes.py", "distributions.py", "errors.py", "evidence.py", "files.py", "language.py", "laws.py", "model.py"),
    *("sizes.py", "values.py", "version.py", "isolation", "submissions", "examination", "diagnosis"),
)
"""Modules and rooms on which a verdict depends."""


def write_file(path: Path, content: bytes | str, *, durable: bool = False) -> None:
    """Replace a file as a whole or not at all; text is written as UTF-8, its line ends as they are.

    The content goes to a temporary file of a unique name in the same folder first, so that two processes can't write
    into each other's; of two, the last one wins. ``durable`` waits until the content would survive a power cut. A file
    that is there keeps its mode, a new one gets what the umask leaves of 0o666. Folders are made as needed; a symbolic
    link is replaced, not followed. Raises OSError, and then the file is as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _staged(path, content, durable=durable)
    try:
        _replace(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    if durable:
        _folder_to_disk(path.parent)


def write_files(contents: Mapping[Path, bytes | str]) -> None:
    """Replace all of some files or none of them, in their order; a symbolic link is followed.

    Everything is written beside its place before the first file is replaced; when a later one can't be, those before
    it get their old content back, and new folders go. Raises OSError.
    """
    made: list[Path] = []
    staged: list[tuple[Path, Path]] = []
    replaced: list[tuple[Path, bytes | None]] = []
    try:
        for path, content in contents.items():
            place = path.resolve()
            for folder in reversed([folder for folder in place.parents if not folder.exists()]):
                folder.mkdir()
                made.append(folder)
            staged.append((_staged(place, content), place))
        for fresh, place in staged:
            before = place.read_bytes() if place.exists() else None
            _replace(fresh, place)
            replaced.append((place, before))
    except BaseException:
        for place, before in reversed(replaced):
            if before is None:
                place.unlink()
            else:
                place.write_bytes(before)
        for fresh, _ in staged:
            fresh.unlink(missing_ok=True)
        for folder in reversed(made):
            folder.rmdir()
        raise


def _staged(path: Path, content: bytes | str, *, durable: bool = False) -> Path:
    """Write the content to a temporary file beside ``path``, with the mode that ``path`` has or would get."""
    raw = content.encode() if isinstance(content, str) else content
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        mode = None
    fresh = path.with_name(f".{path.name[:80]}.{os.urandom(8).hex()}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(fresh, flags, 0o666 if mode is None else mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if mode is not None:
            fresh.chmod(mode)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _replace(fresh: Path, path: Path) -> None:
    """Move a file over another. Windows refuses while somebody reads the other one: that is waited for, a second."""
    for _ in range(20 if sys.platform == "win32" else 0):
        try:
            fresh.replace(path)
            return
        except PermissionError:
            time.sleep(0.05)
    fresh.replace(path)


def to_disk(*paths: Path) -> None:
    """Wait until the content of files would survive a power cut; folders and links are passed over."""
    for path in paths:
        if path.is_file() and not path.is_symlink() and sys.platform != "win32":
            with path.open("rb") as file:
                os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    """Wait until the names in a folder would survive a power cut, where the system can do that."""
    if sys.platform != "win32":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        except OSError:  # a file system that can't sync folders
            pass
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` inside the ``with`` block, waiting for whoever else holds it.

    The lock ends with its process, however that ends, and isn't reentrant. Where the file system has no locks, nothing
    is locked. Raises OSError if the file can't be made.
    """
    with _lock_file(path, wait=True):
        yield


@contextlib.contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Hold the lock file ``path`` inside the ``with`` block, or give False if another process holds it."""
    with _lock_file(path, wait=False) as held:
        yield held


@contextlib.contextmanager
def _lock_file(path: Path, *, wait: bool) -> Iterator[bool]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            _lock(file.fileno(), wait=wait)
            held = True
        except BlockingIOError:
            held = False
        except OSError:  # a file system without locks
            held = True
        yield held


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, wait: bool) -> None:
        """Lock the first byte of an open file. Raises BlockingIOError if another holds it and ``wait`` is false."""
        while True:
            try:
                os.lseek(descriptor, 0, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                return
            except OSError as error:
                if error.errno not in (errno.EACCES, errno.EDEADLK):
                    raise
                if not wait:
                    raise BlockingIOError from error
else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> None:
        """Lock an open file. Raises BlockingIOError if another holds it and ``wait`` is false."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def fingerprint(*inputs: object) -> str:
    """Return 32 hexadecimal digits that change whenever one of the inputs does.

    An input is a path (of a file, its content; of what isn't there, nothing), bytes, text, a number, None, or a list,
    tuple or dict (in its order) of inputs. Raises TypeError for anything else, OSError for what can't be read.
    """
    digest = hashlib.sha256()
    for part in inputs:
        _update(digest, part)
    return digest.hexdigest()[:32]


def _update(digest: hashlib._Hash, part: object) -> None:
    """Add an input to a digest, with its type and length, so that no two lists of inputs read alike."""
    if isinstance(part, Path):
        try:
            with part.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
        except (FileNotFoundError, NotADirectoryError):
            content = b""
        digest.update(b"f%d:" % len(content) + content)
    elif isinstance(part, bytes):
        digest.update(b"b%d:" % len(part) + part)
    elif isinstance(part, Mapping):
        digest.update(b"d%d:" % len(part))
        for key, value in part.items():
            _update(digest, key)
            _update(digest, value)
    elif isinstance(part, Sequence) and not isinstance(part, str):
        digest.update(b"l%d:" % len(part))
        for value in part:
            _update(digest, value)
    elif part is None or isinstance(part, (str, int, float)):
        raw = json.dumps(part).encode()
        digest.update(b"s%d:" % len(raw) + raw)
    else:
        raise TypeError(f"no input of a fingerprint: {type(part).__name__}")


@functools.cache
def engine(*more: str) -> str:
    """Return what examines: the kit's version, a checksum of the code that decides verdicts, Python and NumPy.

    Two processes, or machines, that agree in this give the same verdicts. ``more`` names further files and folders of
    the package on which a result depends: "telling", "locale".
    """
    code = fingerprint([[path.relative_to(PACKAGE).as_posix(), path] for path in engine_files(*more)])
    python = ".".join(platform.python_version_tuple()[:2])
    from importlib.metadata import version  # it takes a while to load, and a student's check never asks

    return f"{__version__} ({code[:12]}), Python {python}, NumPy {version('numpy')}"


def engine_files(*more: str) -> list[Path]:
    """Return the files of the package that ``engine`` reads, in order. Raises FileNotFoundError for a name unknown."""
    files: set[Path] = set()
    for name in (*_EXAMINING, *more):
        path = PACKAGE / name
        if path.is_file():
            files.add(path)
        elif path.is_dir():
            files |= {found for found in path.rglob("*") if found.suffix in (".py", ".mo", ".j2")}
        else:
            raise FileNotFoundError(errno.ENOENT, "no part of the kit", str(path))
    return sorted(files)
