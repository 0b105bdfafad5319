"""The promises of the worker, as probes that can be run: each tries something that mustn't be possible.

A probe is a function that runs inside a locked worker, exactly as a submission does. It returns "held: ..." if it was
refused and "breached" if it wasn't, as without the lock. Any other outcome doesn't count as held.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from htilde.isolation.calls import Status
from htilde.isolation.sandbox import Worker
from htilde.model import Limits

__all__ = ["PROMISES", "Promise", "PromiseResult", "try_promises"]

WALLS = ("landlock", "bubblewrap")
CLEAN_START = "how it is started"
CLOCK = "the examiner's clock"


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence about student code, and Python code that tries to break it and cleans up after itself.

    ``by`` names the layers that hold it; each alone suffices. With ``ends`` the promise is held if the worker ends so.
    """

    says: str
    attempt: str
    by: tuple[str, ...]
    ends: Status | None = None


@dataclass(frozen=True, slots=True)
class PromiseResult:
    """The result of trying a promise. ``by`` names those of its layers that are there."""

    promise: Promise
    held: bool
    detail: str
    by: tuple[str, ...] = ()


_FILTER = ("seccomp",)
PROMISES = (
    Promise("can't read files", "open(_FILE).read()", WALLS),
    Promise("can't list folders", "os.listdir(_FOLDER)", WALLS),
    Promise("can't write files", "open(_NEW, 'w').close(), os.unlink(_NEW)", (*WALLS, *_FILTER)),
    Promise("can't change files", "open(_FILE, 'a').close()", (*WALLS, *_FILTER)),
    Promise("can't make folders", "os.mkdir(_NEW), os.rmdir(_NEW)", (*WALLS, *_FILTER)),
    Promise("can't make any file grow", "os.write(os.memfd_create('x'), b'x')", (*_FILTER, "resource limits")),
    # click comes with the kit and lies beside NumPy, as torch does.
    Promise("can't import packages but NumPy", "sys.path.append(_PACKAGES), importlib.import_module('click')", WALLS),
    Promise("can't use the network", "socket.socket().close()", _FILTER),
    Promise("can't talk over sockets of this machine", "socket.socketpair()", _FILTER),
    Promise("can't start processes", "os.fork() or os._exit(0)", _FILTER),
    Promise("can't run programs", "os.execv('/proc/self/exe', ['python', '-c', ''])", (*_FILTER, "landlock")),
    Promise("can't start threads", "_thread.start_new_thread(print, ())", _FILTER),
    Promise("can't signal other processes", "os.kill(_EXAMINER, 0)", _FILTER),
    Promise("can't trace, or be traced", "_c('ptrace', 0, 0, 0, 0)", _FILTER),
    Promise("can't look into other processes", "open(f'/proc/{_EXAMINER}/environ', 'rb').read()", WALLS),
    Promise("can't lift its own locks", "_c('prctl', 4, 1, 0, 0, 0)", _FILTER),
    Promise("can't raise its own limits", "resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, 2**30))", _FILTER),
    # Reserved, never touched: where it gets through, the machine doesn't feel it.
    Promise("can't take more memory than allowed", "numpy.empty(_TOO_MUCH, 'u1')", ("resource limits",)),
    Promise(
        "can't open files without end", "[fcntl.fcntl(0, fcntl.F_DUPFD) for _ in range(200)]", ("resource limits",)
    ),
    Promise("finds no open file of the examiner's", "_find(_open_above(4))", (CLEAN_START,)),
    Promise("finds nothing of the examiner's environment", "_find('PATH' in os.environ)", (CLEAN_START,)),
    Promise("is ended when its processor time is used up", "while True: pass", ("resource limits",), ends=Status.DIED),
    Promise("is stopped when it never ends", "while True: pass", (CLOCK,), ends=Status.TIMED_OUT),
)

_PATIENCE = 0.5
"""Seconds after which a probe that never ends is stopped."""

_PROBE = """
import _thread, ctypes, errno, importlib, os, socket, sys
import numpy
try:
    import fcntl, resource
except ImportError:
    pass  # Windows
_FOLDER, _PACKAGES, _TOO_MUCH = {folder!r}, os.path.dirname(numpy.__path__[0]), {too_much}
_FILE, _NEW, _EXAMINER = os.path.join(_FOLDER, "file"), os.path.join(_FOLDER, "new"), {examiner}

def _c(function, *words):
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, function)(*map(ctypes.c_ulong, words)) == -1:
        raise OSError(ctypes.get_errno(), function)

def _open_above(last):
    def is_open(number):
        try:
            return bool(os.fstat(number))
        except OSError:
            return False
    return list(filter(is_open, range(last + 1, 60)))

class _Nothing(Exception):
    pass

def _find(found):
    if not found:
        raise _Nothing

def probe():
    try:
        {attempt}
    except OSError as error:
        # In Bubblewrap what mustn't be seen doesn't exist.
        refusals = (errno.EPERM, errno.EACCES, errno.ENOENT, errno.EAGAIN, errno.EMFILE, errno.EFBIG, errno.EROFS)
        if error.errno is not None and error.errno not in refusals:
            raise
        return f"held: {{type(error).__name__}}"
    except (MemoryError, ImportError, RuntimeError, ValueError) as error:
        return f"held: {{type(error).__name__}}"
    except _Nothing:
        return "held: nothing there"
    return "breached"
"""


def try_promises(limits: Limits) -> Iterator[PromiseResult]:
    """Try every promise as the user who runs this, each in a worker of its own."""
    for promise in PROMISES:
        yield _tried(promise, limits)


def _tried(promise: Promise, limits: Limits) -> PromiseResult:
    seconds = limits.call_seconds
    if promise.ends is Status.TIMED_OUT:
        seconds = min(_PATIENCE, seconds)
    elif promise.ends is Status.DIED:
        limits = replace(limits, submission_seconds=0.5)  # a whole second of processor time is the least there is
    with tempfile.TemporaryDirectory() as folder, Worker(limits) as worker:
        Path(folder, "file").write_text("a file of this user's")
        too_much = 2 * limits.memory_mib * 2**20
        source = _PROBE.format(attempt=promise.attempt, folder=folder, too_much=too_much, examiner=os.getpid())
        worker.run("probe", source, seconds=limits.cell_seconds)
        (reply,) = worker.call("probe", [()], seconds=seconds)
    by = tuple(holder for holder in promise.by if holder in (*worker.protection.layers, CLEAN_START, CLOCK))
    if reply.status in (Status.TIMED_OUT, Status.DIED):
        return PromiseResult(promise, reply.status is promise.ends, f"{reply.status} ({reply.message})", by)
    said = str(reply.value) if reply.status is Status.ANSWERED else f"{reply.error}: {reply.message}"
    return PromiseResult(promise, promise.ends is None and said.startswith("held"), said, by)
