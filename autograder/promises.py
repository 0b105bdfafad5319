"""What the worker promises, as probes that can be run: each tries what mustn't be possible.

A probe is a function that runs inside a locked worker, exactly as a submission does. It returns "held: ..." when
it was refused and "breached" when it got through, which without the lock it does; whatever else becomes of it
doesn't count as held.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.calls import Status
from autograder.model import Limits
from autograder.sandbox import Worker

__all__ = ["PROMISES", "Promise", "Tried", "try_promises"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence about student code, and Python that tries to break it, leaving nothing behind if it can.

    ``kills``: that it is ended counts as held, not that it is refused.
    """

    says: str
    attempt: str
    kills: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying a promise."""

    promise: Promise
    held: bool
    detail: str


PROMISES = (
    Promise("can't read files", "open('/etc/passwd').read()"),
    Promise("can't list folders", "os.listdir('/')"),
    Promise("can't write files", "open(_FILE, 'w').close(), os.unlink(_FILE)"),
    Promise("can't make folders", "os.mkdir(_FILE), os.rmdir(_FILE)"),
    Promise("can't use the network", "socket.socket().close()"),
    Promise("can't start processes", "os.fork() or os._exit(0)"),
    Promise("can't run programs", "os.execv('/bin/true', ['true'])"),
    Promise("can't start threads", "_thread.start_new_thread(print, ())"),
    Promise("can't signal other processes", "os.kill(os.getppid(), 0)"),
    Promise("can't look into other processes", "open(f'/proc/{os.getppid()}/environ', 'rb').read()"),
    # click comes with the kit and lies beside NumPy, as torch does.
    Promise("can't import packages other than NumPy", "sys.path.append(_PACKAGES), importlib.import_module('click')"),
    # Reserved, never touched: where it gets through, the machine doesn't feel it.
    Promise("can't take more memory than allowed", "numpy.empty(_TOO_MUCH, 'u1')"),
    Promise("can't raise its own limits", "resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, 2**30))"),
    Promise("is stopped when it never ends", "while True: pass", kills=True),
)

_PATIENCE = 0.5
"""Seconds after which what never ends is stopped."""

_PROBE = """
import _thread, importlib, os, socket, sys
import numpy
try:
    import resource
except ImportError:
    pass  # Windows
_FILE, _PACKAGES, _TOO_MUCH = "/tmp/autograder-probe", os.path.dirname(numpy.__path__[0]), {too_much}

def probe():
    try:
        {attempt}
    except (PermissionError, BlockingIOError, MemoryError, ImportError, RuntimeError, ValueError) as error:
        return f"held: {{type(error).__name__}}"
    return "breached"
"""


def try_promises(limits: Limits) -> Iterator[Tried]:
    """Try every promise, each in a worker of its own, as the user who runs this."""
    for promise in PROMISES:
        yield _tried(promise, limits)


def _tried(promise: Promise, limits: Limits) -> Tried:
    seconds = min(_PATIENCE, limits.call_seconds) if promise.kills else limits.call_seconds
    with Worker(limits) as worker:
        source = _PROBE.format(attempt=promise.attempt, too_much=2 * limits.memory_mib * 2**20)
        worker.run("probe", source, seconds=limits.cell_seconds)
        (reply,) = worker.call("probe", [()], seconds=seconds)
    if reply.status in (Status.TIMED_OUT, Status.DIED):
        return Tried(promise, promise.kills, f"{reply.status} ({reply.message})")
    said = str(reply.value) if reply.status is Status.ANSWERED else f"{reply.error}: {reply.message}"
    return Tried(promise, not promise.kills and said.startswith("held"), said)
