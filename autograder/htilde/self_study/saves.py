"""Notice that a file was saved, whether an editor writes it in place, empties it first or renames another.

Files are compared by time, size and inode. watchfiles, where it is installed, only tells sooner when to compare.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["POLL_SECONDS", "saves"]

POLL_SECONDS = 0.1
"""The time between two looks at the files, without watchfiles."""
SETTLED_SECONDS = 0.02
"""A file that hasn't changed for so long is complete."""


@contextmanager
def saves(files: Sequence[Path], report: Callable[[Path], object]) -> Iterator[None]:
    """Report each file that changes inside the ``with`` block, once it is complete. Reports from another thread."""
    ended = threading.Event()
    thread = threading.Thread(target=_compare, args=(files, report, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(2.0)


def _compare(files: Sequence[Path], report: Callable[[Path], object], ended: threading.Event) -> None:
    known = {file: _stamp(file) for file in files}
    for _ in _ticks({file.parent for file in files}, ended):
        for file in files:
            stamp = _stamp(file)
            if stamp == known[file]:
                continue
            while not ended.wait(SETTLED_SECONDS) and (now := _stamp(file)) != stamp:
                stamp = now
            known[file] = stamp
            report(file)


def _stamp(file: Path) -> tuple[int, ...]:
    """Return what changes when a file is written; () if there is no file."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _ticks(folders: set[Path], ended: threading.Event) -> Iterator[None]:
    """Yield whenever it is time to look at the files."""
    try:
        import watchfiles

        for _ in watchfiles.watch(
            *folders, recursive=False, step=20, stop_event=ended, yield_on_timeout=True, rust_timeout=500
        ):
            yield
    except (ImportError, OSError, RuntimeError):  # not installed, or the system has no more watches
        pass
    while not ended.wait(POLL_SECONDS):
        yield
