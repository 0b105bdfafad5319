"""The template: a process in which Python and NumPy have started, and from which workers are forked.

Python and NumPy take longer to start than most submissions to examine; here they start once. The template has nothing
that a worker mustn't have: no question, no file of a course, no descriptor but its end of a socket, which no worker
inherits. It runs no student's code. It ends when the examiner does, and its workers with it.

It needs Linux with pidfds. Elsewhere each worker is started by itself.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, Any, NoReturn

__all__ = ["Forked", "Template", "available", "serve"]

_ORDER, _ANSWER = struct.Struct("=?QQ"), struct.Struct("=?q")
"""The messages. An order: fork (or wait), then two limits or a process id. An answer: success, then the process id, the
exit code or the error number."""
_CLOSED_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


def serve(control: socket.socket, become: Callable[[int, int], None]) -> NoReturn:
    """Run the template: fork a worker for each three descriptors that arrive, until the examiner is gone.

    A worker has the descriptors as its standard streams, and no others. It calls ``become`` with the limits of its
    memory (MiB) and processor time (seconds).
    """
    while True:
        order, descriptors, _flags, _address = socket.recv_fds(control, _ORDER.size, 3)
        if len(order) < _ORDER.size:
            os._exit(0)
        fork, *numbers = _ORDER.unpack(order)
        try:
            if fork:
                process = os.fork()
                if process == 0:
                    _worker(descriptors, partial(become, *numbers))
                handle = os.pidfd_open(process)
                socket.send_fds(control, [_ANSWER.pack(True, process)], [handle])
                os.close(handle)
            else:
                _process, status = os.waitpid(numbers[0], 0)
                control.send(_ANSWER.pack(True, os.waitstatus_to_exitcode(status)))
        except OSError as error:
            control.send(_ANSWER.pack(False, error.errno or 0))
        finally:
            for descriptor in descriptors:
                os.close(descriptor)


def _worker(descriptors: Sequence[int], become: Callable[[], None]) -> NoReturn:
    code = 1
    try:
        os.setsid()
        for standard, descriptor in enumerate(descriptors):
            os.dup2(descriptor, standard)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        become()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


class Template:
    """The examiner's end of a template. Several threads may use it, but no forked process."""

    def __init__(self, command: Callable[[int], Sequence[str]], **how: Any) -> None:
        """Start the template.

        ``command`` takes the descriptor of the template's end and returns its command line; ``how`` goes to
        subprocess.Popen.
        """
        self._control, theirs = socket.socketpair()
        self._turn, self.owner = threading.Lock(), os.getpid()
        with theirs:
            nowhere = subprocess.DEVNULL
            self._process = subprocess.Popen(
                command(theirs.fileno()),
                stdin=nowhere,
                stdout=nowhere,
                stderr=nowhere,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                **how,
            )

    def fork(self, memory_mib: int, cpu_seconds: int) -> Forked:
        """Fork a new worker. Raises OSError if the template has ended or the system refuses."""
        theirs_in, requests = os.pipe()
        replies, theirs_out = os.pipe()
        said, theirs_said = os.pipe()
        theirs, ours = (theirs_in, theirs_out, theirs_said), (requests, replies, said)
        try:
            process, handle = self._ask(_ORDER.pack(True, memory_mib, cpu_seconds), theirs)
        except OSError:
            for end in ours:
                os.close(end)
            raise
        finally:
            for end in theirs:
                os.close(end)
        return Forked(self, process, handle, *ours)

    def wait(self, process: int) -> int:
        """Return the exit code of a worker that has ended. Raises OSError if the template can't tell."""
        code, _handle = self._ask(_ORDER.pack(False, process, 0))
        return code

    def _ask(self, order: bytes, descriptors: Sequence[int] = ()) -> tuple[int, int]:
        with self._turn:
            socket.send_fds(self._control, [order], descriptors)
            answer, handles, _flags, _address = socket.recv_fds(self._control, _ANSWER.size, 1, _CLOSED_ON_EXEC)
        if len(answer) < _ANSWER.size:
            raise BrokenPipeError("the template of the workers has ended")
        well, number = _ANSWER.unpack(answer)
        if not well:
            raise OSError(number, os.strerror(number))
        return number, handles[0] if handles else -1

    def close(self) -> None:
        """End the template and the workers that are left."""
        self._control.close()
        if self.owner == os.getpid():
            self._process.wait()


class Forked:
    """A forked worker's process, with as much of the interface of ``subprocess.Popen`` as a ``Worker`` uses."""

    def __init__(self, template: Template, process: int, handle: int, requests: int, replies: int, said: int) -> None:
        self._template, self.pid, self._handle = template, process, handle
        self.stdin: IO[bytes] | None = os.fdopen(requests, "wb")
        self.stdout: IO[bytes] | None = os.fdopen(replies, "rb")
        self.stderr: IO[bytes] | None = os.fdopen(said, "rb")
        self.returncode: int | None = None

    def kill(self) -> None:
        """End the worker if it hasn't ended yet."""
        if self.returncode is None:
            try:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code, negative for a signal.

        Raises TimeoutExpired if the worker goes on for ``timeout`` seconds.
        """
        if self.returncode is None:
            ended = select.poll()
            ended.register(self._handle, select.POLLIN)
            if not ended.poll(None if timeout is None else timeout * 1000):
                assert timeout is not None
                raise subprocess.TimeoutExpired("worker", timeout)
            try:
                self.returncode = self._template.wait(self.pid)
            except OSError:  # the template has ended, and so took its workers with it
                self.returncode = -signal.SIGKILL
            os.close(self._handle)
        return self.returncode


def available() -> bool:
    """Return True if this system can run a template."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal")
