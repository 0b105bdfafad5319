"""Workers without waiting for NumPy: a process that has imported what a worker needs forks one for each submission.

That process is started as a worker is, from the same bootstrap, with nothing of the examiner's but a socket. It never
reads a byte of a submission: a child takes the pipes that the examiner made for it, goes its own way and locks itself
in as any worker does. It ends when the examiner does, and its children end with it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO

__all__ = ["Forked", "Preforked", "serve"]

_RUNNING = b"-"


class Forked:
    """A worker's process, with what ``subprocess.Popen`` has of it."""

    def __init__(self, mother: Preforked, pid: int, pipes: tuple[int, int, int]) -> None:
        self._mother, self.pid, self.returncode = mother, pid, None
        self.stdin: IO[bytes] = os.fdopen(pipes[0], "wb")
        self.stdout: IO[bytes] = os.fdopen(pipes[1], "rb")
        self.stderr: IO[bytes] = os.fdopen(pipes[2], "rb")

    returncode: int | None

    def kill(self) -> None:
        """End it at once. Until it is waited for, nobody else gets its number."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, as Popen says it. Raises subprocess.TimeoutExpired."""
        ends = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            self.returncode = self._mother.ended(self.pid)
            if self.returncode is None:
                if ends is not None and time.monotonic() > ends:
                    raise subprocess.TimeoutExpired("worker", timeout or 0.0)
                time.sleep(0.001)
        return self.returncode


class Preforked:
    """The process that forks. Raises OSError where it doesn't answer; then start a worker in another way."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], seconds: float) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock, self.owner = threading.Lock(), os.getpid()
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd=os.sep,
                start_new_session=True,
            )
        self._socket.settimeout(seconds)

    def fork(self, memory_mib: int, cpu_seconds: int) -> Forked:
        """One more worker."""
        requests, replies, errors = os.pipe(), os.pipe(), os.pipe()
        given, kept = (requests[0], replies[1], errors[1]), (requests[1], replies[0], errors[0])
        try:
            with self._lock:
                socket.send_fds(self._socket, [b"%d %d" % (memory_mib, cpu_seconds)], given)
                pid = int(self._socket.recv(64) or b"0")
            if not pid:
                raise OSError("the process that forks workers has ended")
        except (OSError, ValueError) as error:
            for descriptor in kept:
                os.close(descriptor)
            raise OSError(str(error)) from error
        finally:
            for descriptor in given:
                os.close(descriptor)
        return Forked(self, pid, kept)

    def ended(self, pid: int) -> int | None:
        """How a worker ended; None if it hasn't."""
        try:
            with self._lock:
                self._socket.send(b"%d" % pid)
                said = self._socket.recv(64)
            return None if said == _RUNNING else int(said)
        except (OSError, ValueError):  # and with it all its children
            return -signal.SIGKILL

    def close(self) -> None:
        """End it, and all workers that it has forked."""
        self._socket.close()
        self._process.kill()
        self._process.wait()


# From here on: in the process that forks.


def serve(library: list[str], main: Callable[[list[str], int, int], None]) -> None:
    """Fork a process that does ``main`` for each request, until the requests end; ``library`` is what it wants."""
    requests = socket.socket(fileno=0)
    while True:
        message, pipes, _, _ = socket.recv_fds(requests, 64, 3)
        if not message:
            os._exit(0)
        numbers = [int(number) for number in message.split()]
        if len(numbers) == 1:
            ended, status = os.waitpid(numbers[0], os.WNOHANG)
            requests.send(b"%d" % os.waitstatus_to_exitcode(status) if ended else _RUNNING)
            continue
        pid = os.fork()
        if pid == 0:
            _become_a_worker(requests, pipes)
            memory_mib, cpu_seconds = numbers
            main(library, memory_mib, cpu_seconds)
            os._exit(0)
        for descriptor in pipes:
            os.close(descriptor)
        requests.send(b"%d" % pid)


def _become_a_worker(requests: socket.socket, pipes: Sequence[int]) -> None:
    requests.close()
    away = [os.dup(descriptor) for descriptor in pipes]  # one of them may have the number of another's place
    for standard, descriptor in enumerate(away):
        os.dup2(descriptor, standard)
    os.closerange(3, 3 + max(*away, *pipes))
    os.setsid()
