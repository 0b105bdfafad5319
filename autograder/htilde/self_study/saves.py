"""Noticing that a file was saved, however an editor does that: in place, by way of an empty file, by renaming another.

What counts is how the file looks. watchfiles, where it is installed, only says sooner when to look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

__all__ = ["POLL_SECONDS", "saves"]

POLL_SECONDS = 0.1
"""Between two looks at the files, without watchfiles."""
SETTLED_SECONDS = 0.02
"""A file that looks the same for so long is written."""


@contextmanager
def saves(files: Sequence[Path], report: Callable[[Path], object]) -> Iterator[None]:
    """Report each of the files that changes inside the ``with`` block, from another thread, once it has settled."""
    ended = threading.Event()
    thread = threading.Thread(target=_look, args=(files, report, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(2.0)


def _look(files: Sequence[Path], report: Callable[[Path], object], ended: threading.Event) -> None:
    known = {file: _look_of(file) for file in files}
    for _ in _ticks({file.parent for file in files}, ended):
        for file in files:
            look = _look_of(file)
            if look == known[file]:
                continue
            while not ended.wait(SETTLED_SECONDS) and (now := _look_of(file)) != look:
                look = now
            known[file] = look
            report(file)


def _look_of(file: Path) -> tuple[int, ...]:
    """What changes when a file is written; empty if there is none."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _ticks(folders: set[Path], ended: threading.Event) -> Iterator[None]:
    """The moments at which to look."""
    try:
        import watchfiles

        for _ in watchfiles.watch(
            *folders, recursive=False, step=20, stop_event=ended, yield_on_timeout=True, rust_timeout=500
        ):
            yield
    except (ImportError, OSError, RuntimeError):  # not installed, or the system has no more watches to give
        pass
    while not ended.wait(POLL_SECONDS):
        yield
