"""Running a submission in a process of its own that can be stopped at any moment.

``Worker`` is one locked process; ``Session`` is what the examiner uses: it starts workers, and when one had
to be killed it starts another and runs the cells again that went well, so one endless loop costs one exercise.
"""

from __future__ import annotations

import atexit
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from autograder import bubblewrap, landlock
from autograder.calls import Reply, Status
from autograder.errors import GraderFault
from autograder.language import _
from autograder.lock import Protection
from autograder.model import Limits
from autograder.template import Forked, Template, available
from autograder.values import Refused, Value
from autograder.wire import WireError, read_frame, write_frame

__all__ = ["Session", "Worker", "end_template", "piped", "protection"]

START_SECONDS = 60.0
"""A worker that isn't ready by then is a fault of the machine, not of a submission."""
END_SECONDS = 1.0
"""Between the last word of a process and its end."""
_KILLED = -9  # by SIGKILL, for which Windows has no name
MAX_HELD = 128 * 2**20
"""Bytes of all answers to one request together, which the examiner holds at once."""

_BOOTSTRAP = """
import sys
library = list(sys.path)
sys.path += [{package!r}, {numpy!r}]
from autograder.worker import main
main(library, {memory_mib}, {cpu_seconds}, wrapped={wrapped})
"""

_PLAIN = _BOOTSTRAP
_TEMPLATE = """
import socket, sys
library = list(sys.path)
sys.path += [{package!r}, {numpy!r}]
import numpy.linalg, numpy.random
from autograder.template import serve
from autograder.worker import main
def become(memory_mib, cpu_seconds):
    numpy.random.seed()
    main(library, memory_mib, cpu_seconds)
serve(socket.socket(fileno={descriptor}), become)
"""

_PACKAGE = Path(__file__).resolve().parent
_NUMPY = Path(np.__file__).resolve().parent
# Past the links of a virtual environment, which stands outside of what a worker may read.
_INTERPRETER = os.path.realpath(sys.executable) if os.name == "posix" else sys.executable
_PYTHON = (_INTERPRETER, "-I", "-S", "-B", "-X", "utf8", "-c")
_PLACES = {"package": str(_PACKAGE.parent), "numpy": str(_NUMPY.parent)}


class Worker:
    """One untrusted process. Not thread-safe; close it, or use it in a ``with`` statement.

    ``around`` is a command to start it in; without one it is chosen by what the kernel can do.
    """

    def __init__(self, limits: Limits, *, around: Sequence[str] | None = None) -> None:
        self._wrapped = False
        self._deadline, self._closed, self._out_of_time = float("inf"), threading.Event(), False
        self._ended = 0
        self.received = 0  # bytes
        self._process = self._start(limits, around)
        threading.Thread(target=self._watch, daemon=True).start()
        self.protection = self._greeting()

    def _start(self, limits: Limits, around: Sequence[str] | None) -> subprocess.Popen[bytes] | Forked:
        around = _around() if around is None else around
        self._wrapped = bool(around)
        cpu_seconds = int(limits.submission_seconds) + 1
        if not around and (forked := _forked(limits.memory_mib, cpu_seconds)) is not None:
            return forked
        code = _BOOTSTRAP.format(
            **_PLACES, memory_mib=limits.memory_mib, cpu_seconds=cpu_seconds, wrapped=self._wrapped
        )
        return piped([*around, *_PYTHON, code], env=_environment(), cwd=Path(os.sep).resolve())

    def _greeting(self) -> Protection:
        assert self._process.stderr is not None
        try:
            hello = self._exchange(START_SECONDS)
            if isinstance(hello, dict):
                layers, missing = hello["layers"], hello["missing"]
                assert isinstance(layers, list) and isinstance(missing, list)
                return Protection(tuple(map(str, layers)), tuple(map(str, missing)))
            raise WireError("no greeting")
        except (EOFError, WireError, OSError) as error:
            self.close()
            said = self._process.stderr.read(2_000).decode(errors="replace").strip().rpartition("\n")[2]
            raise GraderFault(
                f"The worker process didn't start: {said or error or 'it ended without a word'}.",
                next_step="Run 'autograder doctor' to see what is missing on this machine.",
            ) from None
        finally:
            self._process.stderr.close()

    def run(self, label: str, source: str, *, seconds: float) -> Reply:
        """Run one cell; stop the process if it takes longer than ``seconds``."""
        return next(self._ask({"do": "run", "cell": label, "source": source}, 1, seconds))

    def remember(self, place: str) -> Reply:
        """Keep all that is defined now, under this name."""
        return next(self._ask({"do": "remember", "place": place}, 1, START_SECONDS))

    def call(
        self, function: str, cases: Sequence[Sequence[Value]], *, seconds: float, place: str = ""
    ) -> Iterator[Reply]:
        """Call a function of the submission once for each case, each within ``seconds``.

        With ``place``, what was remembered under that name is put back first.
        The replies end early with one that says so when the process had to be stopped, or ended by itself.
        """
        different = {id(case): case for case in cases}  # the same case may be asked again, and is sent once
        numbers = {case: number for number, case in enumerate(different)}
        request: Value = {
            "do": "call",
            "function": function,
            "cases": [tuple(case) for case in different.values()],
            "order": [numbers[id(case)] for case in cases],
            "place": place,
        }
        return self._ask(request, len(cases), seconds)

    def _ask(self, request: Value, replies: int, seconds: float) -> Iterator[Reply]:
        for number in range(replies):
            try:
                reply = Reply.from_message(self._exchange(seconds, None if number else request))
            except (EOFError, WireError, ValueError, OSError) as error:
                why = self._epitaph(error)
                self.close()
                self._refuse_foreign_end()
                if self._out_of_time:
                    yield Reply(Status.TIMED_OUT, message=f"{round(seconds, 2):g} s")
                else:
                    yield Reply(Status.DIED, message=why)
                return
            yield reply

    def _exchange(self, seconds: float, request: Value = None) -> Value:
        assert self._process.stdin is not None
        self._deadline = time.monotonic() + seconds
        try:
            if request is not None:
                write_frame(self._process.stdin, request)
            return read_frame(self)
        finally:
            self._deadline = float("inf")

    def read(self, size: int, /) -> bytes:
        """Bytes of a reply; all of them are counted."""
        assert self._process.stdout is not None
        chunk = self._process.stdout.read(size)
        self.received += len(chunk)
        return chunk

    def _watch(self) -> None:
        # One thread a worker instead of a timer a call: blocking pipes stay simple, on every system.
        while not self._closed.wait(0.05):
            if time.monotonic() > self._deadline:
                self._out_of_time = True
                self._process.kill()
                return

    def _epitaph(self, error: Exception) -> str:
        """Why there is no reply. A process that is ending is let end, so that its own end is told and not ours."""
        if isinstance(error, (WireError, ValueError)):
            return _("it sent something that isn't an answer")
        try:
            code = self._ended = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return _("it closed the pipe of its answers")
        if self._wrapped and code > 128:  # Bubblewrap's way to tell the signal
            code = 128 - code
        if code >= 0:
            return _("the process ended itself")
        what = signal.strsignal(-code) or "?"
        return _("the process was ended by signal {number}, {name}").format(number=-code, name=what)

    def _refuse_foreign_end(self) -> None:
        """Raises GraderFault if somebody else ended the process: no submission can do that, so none may pay for it."""
        was_killed = self._ended == _KILLED and not self._out_of_time and not self._wrapped
        if was_killed and "seccomp" in self.protection.layers:
            raise GraderFault(
                "The worker process was killed from outside; most often that is a machine that ran out of memory.",
                next_step="Grade again with less beside it, or with a lower memory_mib in grading.toml.",
            )

    def kill(self) -> None:
        """End the process, from any thread; the pipes stay, for somebody may be reading."""
        self._process.kill()

    def close(self) -> None:
        """End the process, whatever it is doing, and forget it."""
        self._closed.set()
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                assert pipe is not None
                pipe.close()
            except OSError:  # what was left in the buffer has nowhere to go
                pass
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def piped(command: Sequence[str], **how: Any) -> subprocess.Popen[bytes]:
    """A process in a session of its own, its three streams at our end."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True, **how)


_templates: dict[int, Template] = {}
"""By process: who forks can't share one."""
_making = threading.Lock()


def _forked(memory_mib: int, cpu_seconds: int) -> Forked | None:
    """A worker from the template, which is started for the first; None where there can be none."""
    if not available() or _BOOTSTRAP is not _PLAIN:
        return None
    for _attempt in range(2):  # somebody may have ended the template
        try:
            return _template().fork(memory_mib, cpu_seconds)
        except OSError:
            end_template()
    return None


def _template() -> Template:
    with _making:
        if (mine := os.getpid()) not in _templates:
            _templates.clear()  # those of a process that this one was forked from

            def command(descriptor: int) -> list[str]:
                return [*_PYTHON, _TEMPLATE.format(**_PLACES, descriptor=descriptor)]

            _templates[mine] = Template(command, env=_environment(), cwd=Path(os.sep).resolve())
        return _templates[mine]


@atexit.register
def end_template() -> None:
    """End the process from which workers are forked, and them with it; the next worker starts another."""
    with _making:
        if (template := _templates.pop(os.getpid(), None)) is not None:
            template.close()


@functools.cache
def _around() -> tuple[str, ...]:
    """Nothing where the kernel has Landlock, or isn't Linux; else Bubblewrap, if everything holds in it."""
    if sys.platform != "linux":
        return ()
    try:
        landlock.version()
        return ()
    except OSError:
        pass
    around = bubblewrap.around((*landlock.readable_paths(), str(_PACKAGE), _INTERPRETER))
    try:
        with Worker(Limits(), around=around) as worker:
            return around if worker.protection.official else ()
    except GraderFault:
        return ()


def _environment() -> dict[str, str]:
    """Nothing of the examiner's but what a system needs to start a process; one thread for linear algebra."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "VECLIB_MAXIMUM")}
    return {**kept, **threads, "LC_ALL": "C.UTF-8"}


class Session:
    """A submission under examination, through as many workers as it takes and within its time.

    Its first worker starts at once, its time runs from the ``with`` statement that it is used in.
    """

    def __init__(self, limits: Limits, *, start: Callable[[Limits], Worker] = Worker) -> None:
        self.limits, self._start = limits, start
        self._ends, self._stopped = time.monotonic() + limits.submission_seconds, False
        self._ran: list[tuple[str, str | None]] = []  # label and source of a cell, or a place without a source
        self._worker: Worker | None = start(limits)
        self.protection = self._worker.protection
        self.cut_short = False
        """Whether a time ran out, or a worker ended."""

    def run(self, label: str, source: str) -> Reply:
        """Run a cell. One that hangs or ends the process is dropped; the others stay."""
        worker = self._ready()
        if worker is None:
            return self._too_late()
        seconds, said = self._within(self.limits.cell_seconds, f"{self.limits.cell_seconds:g} s")
        reply = _saying(said, worker.run(label, source, seconds=seconds))
        if self._lost(reply):
            return reply
        self._ran.append((label, source))
        return reply

    def remember(self, place: str) -> None:
        """Keep all that is defined at this place of the notebook, to ask a function as it is here later."""
        worker = self._ready()
        if worker is not None and not self._lost(worker.remember(place)):
            self._ran.append((place, None))

    def call(self, function: str, cases: Sequence[Sequence[Value]], *, seconds: float, place: str = "") -> list[Reply]:
        """Replies to the cases in order, the last one telling why if there are fewer.

        ``seconds`` is what is left to the exercise for all cases together; each has ``call_seconds``.
        ``place`` is one to remember, or where the notebook stands now.
        """
        worker = self._ready()
        if worker is None:
            return [self._too_late()]
        replies: list[Reply] = []
        before = worker.received
        left, in_all = self._within(seconds, _("{time} s in all").format(time=f"{self.limits.exercise_seconds:g}"))
        ends = time.monotonic() + left
        each, said = min(
            (self.limits.call_seconds, f"{self.limits.call_seconds:g} s"), (left, in_all), key=itemgetter(0)
        )
        for reply in (_saying(said, reply) for reply in worker.call(function, cases, seconds=each, place=place)):
            if worker.received - before > MAX_HELD:
                reply = replace(reply, value=Refused(f"more than {MAX_HELD // 2**20} MiB in all its answers"))
            replies.append(reply)
            if self._lost(reply):
                break
            if time.monotonic() > ends and len(replies) < len(cases):
                self.cut_short = True
                self._discard()
                replies.append(Reply(Status.TIMED_OUT, message=in_all))
                break
        return replies

    def _lost(self, reply: Reply) -> bool:
        if reply.status in (Status.TIMED_OUT, Status.DIED):
            self.cut_short = True
            self._discard()
            return True
        return False

    def _discard(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _ready(self) -> Worker | None:
        """A worker in which all good cells have run, or None when the submission's time is over."""
        while self._worker is None and self._at_most(1.0) > 0:
            self._worker = self._start(self.limits)
            for at, (label, source) in enumerate(self._ran):
                each = self._at_most(self.limits.cell_seconds)
                worker = self._worker
                reply = worker.remember(label) if source is None else worker.run(label, source, seconds=each)
                if self._lost(reply):  # it went well the first time: leave it out, start again
                    del self._ran[at]
                    break
        return self._worker if self._at_most(1.0) > 0 else None

    def _at_most(self, seconds: float) -> float:
        return 0.0 if self._stopped else min(seconds, self._ends - time.monotonic())

    def _within(self, seconds: float, told: str) -> tuple[float, str]:
        """A time and how it is told, or what is left to the submission if that is less."""
        left = self._at_most(seconds)
        return (seconds, told) if left == seconds else (left, self._in_whole())

    def _too_late(self) -> Reply:
        self.cut_short = True
        return Reply(Status.TIMED_OUT, message=self._in_whole())

    def _in_whole(self) -> str:
        return _("{time} s for the whole notebook").format(time=f"{self.limits.submission_seconds:g}")

    def close(self) -> None:
        """End the worker."""
        self._discard()

    def stop(self) -> None:
        """From another thread: let whoever uses it come to an end soon, be it by a GraderFault."""
        self._stopped = True
        if (worker := self._worker) is not None:
            worker.kill()

    def __enter__(self) -> Self:
        self._ends = time.monotonic() + self.limits.submission_seconds
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _saying(what: str, reply: Reply) -> Reply:
    """A time-out told by the limit that was meant, not by what was left of it."""
    return replace(reply, message=what) if reply.status is Status.TIMED_OUT else reply


def protection() -> Protection:
    """What holds around a worker on this machine, observed in one that is started for the purpose."""
    with Worker(Limits()) as worker:
        return worker.protection
