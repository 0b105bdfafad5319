"""Examine many submissions at once: in this process, in others of this machine or, with ``cluster``, elsewhere.

An executor gets the papers once and a submission at a time, both by value, and gives back verdicts. A worker process
that ends, for whatever reason, costs nobody anything: what it was at is tried once more, alone.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeVar

from htilde.diagnosis.completion import examine
from htilde.errors import GraderFault
from htilde.examination.paper import Paper
from htilde.language import speaking
from htilde.model import Examination, Limits
from htilde.submissions.steps import Submission

__all__ = ["Examiner", "Executor", "InlineExecutor", "ProcessExecutor", "cores", "examine_all"]

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Examiner:
    """Examines one submission: by these papers, within these limits, locked in unless the course allows otherwise."""

    papers: Sequence[Paper]
    limits: Limits
    allow_unprotected: bool = False

    def examine(self, submission: Submission) -> Examination:
        """Return a submission's verdicts."""
        with speaking(self.papers[0].language):
            return examine(submission, self.papers, self.limits, allow_unprotected=self.allow_unprotected)

    def packed(self) -> bytes:
        """Return the examiner as it is sent to another process."""
        return pickle.dumps(self)


class Executor(Protocol):
    """Examines submissions. Use it in a ``with`` statement, which lets go of its workers, whatever they are at."""

    window: int
    """The number of submissions handed out before a result is waited for."""

    def submit(self, submission: Submission) -> Future[Examination]:
        """Start the examination of a submission."""

    def is_broken(self, error: BaseException) -> bool:
        """Tell whether this error says that a worker process ended while it examined."""

    def restart(self) -> None:
        """Replace the worker processes."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def examine_all(
    submissions: Iterable[tuple[Name, Submission]], executor: Executor
) -> Iterator[tuple[Name, Examination | Exception]]:
    """Yield each submission's verdicts, or why there are none, as they come in.

    No more submissions are held than are under way.
    """
    source = iter(submissions)
    under_way: dict[Future[Examination], tuple[Name, Submission]] = {}
    while True:
        while len(under_way) < executor.window and (found := next(source, None)) is not None:
            under_way[executor.submit(found[1])] = found
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        orphans = []
        for future in done:
            name, submission = under_way.pop(future)
            outcome = _outcome(future)
            if isinstance(outcome, Exception) and executor.is_broken(outcome):
                orphans.append((name, submission))
            else:
                yield name, outcome
        if orphans:  # nobody knows whose doing it was, so all that were under way are tried one by one
            orphans += under_way.values()
            under_way.clear()
            executor.restart()
            for name, submission in orphans:
                yield name, _alone(submission, executor)


def _outcome(future: Future[Examination]) -> Examination | Exception:
    try:
        return future.result()
    except Exception as error:
        return error


def _alone(submission: Submission, executor: Executor) -> Examination | Exception:
    outcome = _outcome(executor.submit(submission))
    if not isinstance(outcome, Exception) or not executor.is_broken(outcome):
        return outcome
    executor.restart()
    return GraderFault(
        "The process that examines ended twice at this submission; most often that is a machine without memory left.",
        next_step="Grade again with less beside it: fewer --jobs, or a lower memory_mib in grading.toml.",
    )


class InlineExecutor:
    """Examines in this process, one after the other."""

    window = 1

    def __init__(self, examiner: Examiner) -> None:
        self._examiner = examiner

    def submit(self, submission: Submission) -> Future[Examination]:
        future: Future[Examination] = Future()
        try:
            future.set_result(self._examiner.examine(submission))
        except Exception as error:
            future.set_exception(error)
        return future

    def is_broken(self, error: BaseException) -> bool:
        return False

    def restart(self) -> None:
        """Do nothing: there are no worker processes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class ProcessExecutor:
    """Examines in ``jobs`` processes of this machine, which are started when the first submission comes."""

    def __init__(self, examiner: Examiner, jobs: int) -> None:
        self._packed, self._jobs, self.window = examiner.packed(), jobs, 2 * jobs
        self._others = {*multiprocessing.active_children()}
        self._pool: ProcessPoolExecutor | None = None

    def submit(self, submission: Submission) -> Future[Examination]:
        if self._pool is None:
            # Not forked: this process may hold a gradebook, and threads.
            self._pool = ProcessPoolExecutor(
                self._jobs, multiprocessing.get_context("spawn"), initializer=_initialize, initargs=(self._packed,)
            )
        with _interrupts_blocked():  # a process more may start
            return self._pool.submit(_examine_here, submission)

    def is_broken(self, error: BaseException) -> bool:
        return isinstance(error, BrokenProcessPool)

    def restart(self) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            children = {*multiprocessing.active_children()} - self._others
            for child in children:
                child.terminate()
            for child in children:
                child.join()
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Let Ctrl-C wait until after this block; processes that are started in it never hear it."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_examiner: Examiner | None = None
"""The examiner of a worker process."""


def _initialize(packed: bytes) -> None:
    global _examiner
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _examiner = pickle.loads(packed)


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()  # a process that was killed can't tell its own to end
        os._exit(1)


def _examine_here(submission: Submission) -> Examination:
    assert _examiner is not None
    return _examiner.examine(submission)
