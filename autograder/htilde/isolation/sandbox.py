"""Run student code in a locked process of its own that can be stopped at any moment."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from htilde.codes import Details
from htilde.errors import GraderFault
from htilde.isolation import bubblewrap, landlock, launch
from htilde.isolation.calls import Reply, Status
from htilde.isolation.lock import Protection
from htilde.isolation.template import Forked, available
from htilde.isolation.wire import WireError, read_frame, write_frame
from htilde.model import Limits
from htilde.values import Value

__all__ = ["Worker", "piped", "protection"]

START_SECONDS = 60.0
"""A worker that isn't ready by then is a fault of the machine, not of a submission."""
END_SECONDS = 1.0
"""Between the last word of a process and its end."""
_KILLED = -9  # by SIGKILL, for which Windows has no name

_BOOTSTRAP = """
import sys
library = list(sys.path)
sys.path += [{package!r}, {numpy!r}]
from htilde.isolation.worker import main
main(library, {memory_mib}, {cpu_seconds}, wrapped={wrapped})
"""

_PLAIN = _BOOTSTRAP


class Worker:
    """One untrusted process. Not thread-safe; close it, or use it in a ``with`` statement.

    ``wrapper`` is a command to start it in; by default it depends on the kernel.
    """

    def __init__(self, limits: Limits, *, wrapper: Sequence[str] | None = None) -> None:
        self._wrapped = False
        self._deadline, self._closed, self._out_of_time = float("inf"), threading.Event(), False
        self._ended = 0
        self.received = 0  # bytes
        self._process = self._start(limits, wrapper)
        threading.Thread(target=self._watch, daemon=True).start()
        self.protection = self._greeting()

    def _start(self, limits: Limits, wrapper: Sequence[str] | None) -> subprocess.Popen[bytes] | Forked:
        wrapper = _default_wrapper() if wrapper is None else wrapper
        self._wrapped = bool(wrapper)
        cpu_seconds = int(limits.submission_seconds) + 1
        if not wrapper and (forked := _forked(limits.memory_mib, cpu_seconds)) is not None:
            return forked
        code = _BOOTSTRAP.format(
            **launch.PLACES, memory_mib=limits.memory_mib, cpu_seconds=cpu_seconds, wrapped=self._wrapped
        )
        return piped([*wrapper, *launch.PYTHON, code], env=launch.environment(), cwd=Path(os.sep).resolve())

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
                next_step="Run 'htilde doctor' to see what is missing on this machine.",
            ) from None
        finally:
            self._process.stderr.close()

    def run(self, label: str, source: str, *, seconds: float) -> Reply:
        """Run one cell; stop the process if it takes longer than ``seconds``."""
        return next(self._ask({"do": "run", "cell": label, "source": source}, 1, seconds))

    def remember(self, place: str) -> Reply:
        """Keep all that is defined now under the name ``place``."""
        return next(self._ask({"do": "remember", "place": place}, 1, START_SECONDS))

    def call(
        self,
        function: str,
        cases: Sequence[Sequence[Value]],
        *,
        seconds: float,
        place: str = "",
        keep: Sequence[int] = (),
    ) -> Iterator[Reply]:
        """Call a function of the submission once for each case, each within ``seconds``.

        With ``place``, what was remembered under that name is put back first. ``keep`` are the places of arguments
        that come back as they are after the call.
        When the process had to be stopped, or ended by itself, the replies end early with one that says so.
        """
        different = {id(case): case for case in cases}  # the same case may be asked again, and is sent once
        numbers = {case: number for number, case in enumerate(different)}
        request: Value = {
            "do": "call",
            "function": function,
            "cases": [tuple(case) for case in different.values()],
            "order": [numbers[id(case)] for case in cases],
            "place": place,
            **({"keep": tuple(keep)} if keep else {}),
        }
        return self._ask(request, len(cases), seconds)

    def _ask(self, request: Value, replies: int, seconds: float) -> Iterator[Reply]:
        for number in range(replies):
            try:
                reply = Reply.from_message(self._exchange(seconds, None if number else request))
            except (EOFError, WireError, ValueError, OSError) as error:
                end = self._end_of(error)
                self.close()
                self._refuse_foreign_end()
                if self._out_of_time:
                    yield Reply(Status.TIMED_OUT, end={"limit": "call", "seconds": round(seconds, 2)})
                else:
                    yield Reply(Status.DIED, end=end)
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
        """Read bytes of a reply, and count them."""
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

    def _end_of(self, error: Exception) -> Details:
        """Return why there is no reply. Waits for a process that is ending, to report its own end, not our kill."""
        if isinstance(error, (WireError, ValueError)):
            return {"end": "not_an_answer"}
        try:
            code = self._ended = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return {"end": "closed_pipe"}
        if self._wrapped and code > 128:  # Bubblewrap's way to tell the signal
            code = 128 - code
        return {"end": "exited"} if code >= 0 else {"end": "signal", "signal": -code}

    def _refuse_foreign_end(self) -> None:
        """Raise GraderFault if the process was killed from outside, which no submission can do."""
        was_killed = self._ended == _KILLED and not self._out_of_time and not self._wrapped
        if was_killed and "seccomp" in self.protection.layers:
            raise GraderFault(
                "The worker process was killed from outside; most often that is a machine that ran out of memory.",
                next_step="Grade again with less beside it, or with a lower memory_mib in grading.toml.",
            )

    def kill(self) -> None:
        """End the process, from any thread. Its pipes stay open, for another thread may be reading."""
        self._process.kill()

    def close(self) -> None:
        """End the process, whatever it is doing, and close its pipes."""
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
    """Start a process in a session of its own, with pipes to its three streams."""
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True, **how)


def _forked(memory_mib: int, cpu_seconds: int) -> Forked | None:
    """Return a worker forked from the template, which is started if need be; None where there can't be one."""
    if not available() or _BOOTSTRAP is not _PLAIN:
        return None
    for _attempt in range(2):  # somebody may have ended the template
        try:
            return launch.template().fork(memory_mib, cpu_seconds)
        except OSError:
            launch.end_template()
    return None


@functools.cache
def _default_wrapper() -> tuple[str, ...]:
    """Return the command to start a worker in: Bubblewrap's where the kernel has no Landlock and all holds in it."""
    if sys.platform != "linux":
        return ()
    try:
        landlock.version()
        return ()
    except OSError:
        pass
    prefix = bubblewrap.prefix((*landlock.readable_paths(), str(launch.PACKAGE), launch.PYTHON[0]))
    try:
        with Worker(Limits(), wrapper=prefix) as worker:
            return prefix if worker.protection.official else ()
    except GraderFault:
        return ()


def protection() -> Protection:
    """Return the protection of a worker on this machine, as one that is started for this purpose reports it."""
    with Worker(Limits()) as worker:
        return worker.protection
