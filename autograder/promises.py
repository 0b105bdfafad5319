"""What the worker promises, as probes that can be run: each tries what mustn't be possible.

A probe is a function that runs inside a locked worker, exactly as a submission does. It returns "held" when
it was refused and "breached: ..." when it got through.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.calls import Status
from autograder.model import Limits
from autograder.sandbox import Worker

__all__ = ["PROMISES", "Promise", "Tried", "try_promises"]


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence about student code, and Python that tries to break it. ``kills``: being ended counts as held."""

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
    Promise("can't list folders", "__import__('os').listdir('/')"),
    Promise("can't write files", "open('/tmp/autograder-probe', 'w')"),
    Promise("can't make folders", "__import__('os').mkdir('/tmp/autograder-probe-folder')"),
    Promise("can't use the network", "__import__('socket').socket().connect(('127.0.0.1', 9))"),
    Promise("can't start processes", "__import__('os').fork()"),
    Promise("can't run programs", "__import__('os').execv('/bin/true', ['true'])"),
    Promise("can't start threads", "__import__('_thread').start_new_thread(print, ())"),
    Promise("can't signal other processes", "__import__('os').kill(__import__('os').getppid(), 0)"),
    Promise("can't look into other processes", "open(f'/proc/{__import__(\"os\").getppid()}/environ', 'rb').read()"),
    Promise("can't import torch or the course's packages", "__import__('importlib').import_module('torch')"),
    Promise("can't take more memory than allowed", "bytearray(64 * 2**30)"),
    Promise("can't raise its own limits", "(r := __import__('resource')).setrlimit(r.RLIMIT_FSIZE, (2**30, 2**30))"),
    Promise("is stopped when it never ends", "while True: pass", kills=True),
)

_PROBE = """
def probe():
    try:
        {attempt}
    except (OSError, MemoryError, ImportError, RuntimeError, ValueError) as error:
        return f"held: {{type(error).__name__}}"
    return "breached"
"""


def try_promises(limits: Limits) -> Iterator[Tried]:
    """Try every promise, each in a worker of its own, as the user who runs this."""
    for promise in PROMISES:
        yield _tried(promise, replace(limits, call_seconds=2.0))


def _tried(promise: Promise, limits: Limits) -> Tried:
    source = _PROBE.format(attempt=textwrap.dedent(promise.attempt))
    with Worker(limits) as worker:
        worker.run("probe", source, seconds=limits.cell_seconds)
        (reply,) = worker.call("probe", [()], seconds=limits.call_seconds)
    if reply.status in (Status.TIMED_OUT, Status.DIED):
        return Tried(promise, promise.kills, f"{reply.status} ({reply.message})")
    said = str(reply.value) if reply.status is Status.ANSWERED else f"{reply.error}: {reply.message}"
    return Tried(promise, said.startswith("held"), said)
