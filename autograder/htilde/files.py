"""Writing files that others may be reading, and telling whether what a result was made from has changed."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from htilde.version import __version__

__all__ = ["PACKAGE", "engine", "fingerprint", "locked", "to_disk", "try_lock", "write_file"]

PACKAGE = Path(__file__).resolve().parent

_EXAMINING = (
    "values.py",
    "sizes.py",
    "distributions.py",
    "laws.py",
    "model.py",
    "errors.py",
    "isolation",
    "submissions",
    "examination",
    "diagnosis",
)
"""Modules and rooms on which a verdict depends."""


def write_file(path: Path, content: bytes | str, *, durable: bool = False) -> None:
    """Replace a file as a whole or not at all; text is written as UTF-8.

    The new content is written to a temporary file of a unique name in the same folder, so that two processes can't
    write into each other's; of two, the last one wins. ``durable``: wait until the content would survive a power cut.
    A file that is there keeps its mode, a new one gets what the umask leaves of 0o666. Folders are made as needed.
    Raises OSError.
    """
    raw = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".new", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        fresh.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


@functools.cache
def _umask() -> int:
    """Return the umask of this process, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def to_disk(*paths: Path) -> None:
    """Wait until the content of files would survive a power cut; folders and links are passed over."""
    for path in paths:
        if path.is_file() and not path.is_symlink() and sys.platform != "win32":
            with path.open("rb") as file:
                os.fsync(file.fileno())


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` inside the ``with`` block, waiting for whoever else holds it.

    The lock ends with its process, however that ends. Where the system or the file system has no locks, nothing is
    locked.
    """
    with _open_lock(path, wait=True):
        yield


@contextlib.contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Hold the lock file ``path`` inside the ``with`` block, or give False if another process holds it."""
    with _open_lock(path, wait=False) as held:
        yield held


@contextlib.contextmanager
def _open_lock(path: Path, *, wait: bool) -> Iterator[bool]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _lock(file.fileno(), wait=wait)
        except BlockingIOError:
            yield False
            return
        except OSError:  # a file system without locks
            pass
        yield True


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, wait: bool) -> None:
        """Lock the first byte of an open file. Raises BlockingIOError if another holds it and ``wait`` is false."""
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
                return
            except OSError as error:
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
    tuple or dict (in its order) of inputs. Raises TypeError for anything else.
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
    files: list[Path] = []
    for name in (*_EXAMINING, *more):
        path = PACKAGE / name
        files += [path] if path.is_file() else [p for p in path.rglob("*") if p.suffix in (".py", ".mo", ".j2")]
    code = fingerprint([[str(path.relative_to(PACKAGE)), path] for path in sorted(files)])
    python = ".".join(platform.python_version_tuple()[:2])
    return f"{__version__} ({code[:12]}), Python {python}, NumPy {importlib.metadata.version('numpy')}"
