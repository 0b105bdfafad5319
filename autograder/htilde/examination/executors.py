"""Examining many submissions at once: in processes of this machine, or of others.

Whoever examines gets the papers once and a submission at a time, both by value, and gives back verdicts. That a
process ends, for whatever reason, costs nobody anything: what it was at is tried once more, alone.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self, TypeVar

from htilde.errors import GraderFault
from htilde.examination.examiner import examine
from htilde.examination.paper import Paper
from htilde.language import speaking
from htilde.model import Examination, Limits
from htilde.submissions.steps import Submission

__all__ = ["Desk", "Processes", "Staff", "cores", "examine_all"]

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a process needs to examine submissions, but for the submissions."""

    papers: Sequence[Paper]
    limits: Limits
    allow_unprotected: bool = False

    def examine(self, submission: Submission) -> Examination:
        """Its verdicts, told in the language of the papers."""
        with speaking(self.papers[0].language):
            return examine(submission, self.papers, self.limits, allow_unprotected=self.allow_unprotected)

    def packed(self) -> bytes:
        """As it is sent to another process."""
        return pickle.dumps(self)


class Staff(Protocol):
    """Those who examine."""

    at_once: int
    """How many submissions to hand out before one comes back."""

    def submit(self, submission: Submission) -> Future[Examination]:
        """Have a submission examined."""

    def has_died(self, error: BaseException) -> bool:
        """Whether this error says that a process ended while it examined."""

    def renew(self) -> None:
        """Put others in the place of those who died."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def examine_all(
    submissions: Iterable[tuple[Name, Submission]], staff: Staff
) -> Iterator[tuple[Name, Examination | Exception]]:
    """Each submission's verdicts, or why there are none, as they come in. No more than are under way are held."""
    source = iter(submissions)
    under_way: dict[Future[Examination], tuple[Name, Submission]] = {}
    while True:
        while len(under_way) < staff.at_once and (found := next(source, None)) is not None:
            under_way[staff.submit(found[1])] = found
        if not under_way:
            return
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        orphans = []
        for future in done:
            name, submission = under_way.pop(future)
            outcome = _outcome(future)
            if isinstance(outcome, Exception) and staff.has_died(outcome):
                orphans.append((name, submission))
            else:
                yield name, outcome
        if orphans:  # nobody knows whose doing it was, so all that were under way are tried one by one
            orphans += under_way.values()
            under_way.clear()
            staff.renew()
            for name, submission in orphans:
                yield name, _alone(submission, staff)


def _outcome(future: Future[Examination]) -> Examination | Exception:
    try:
        return future.result()
    except Exception as error:
        return error


def _alone(submission: Submission, staff: Staff) -> Examination | Exception:
    outcome = _outcome(staff.submit(submission))
    if not isinstance(outcome, Exception) or not staff.has_died(outcome):
        return outcome
    staff.renew()
    return GraderFault(
        "The process that examines ended twice at this submission; most often that is a machine without memory left.",
        next_step="Grade again with less beside it: fewer --jobs, or a lower memory_mib in grading.toml.",
    )


class Processes:
    """Processes of this machine; use it in a ``with`` statement, which ends them, whatever they are at."""

    def __init__(self, desk: Desk, jobs: int) -> None:
        self._packed, self._jobs, self.at_once = desk.packed(), jobs, 2 * jobs
        self._others = {*multiprocessing.active_children()}
        self._pool: Executor | None = None

    def submit(self, submission: Submission) -> Future[Examination]:
        if self._pool is None:
            # Not forked: this process may hold a gradebook, and threads.
            self._pool = ProcessPoolExecutor(
                self._jobs, multiprocessing.get_context("spawn"), initializer=_sit_down, initargs=(self._packed,)
            )
        with _deaf():  # a process more may start
            return self._pool.submit(_examine_here, submission)

    def has_died(self, error: BaseException) -> bool:
        return isinstance(error, BrokenProcessPool)

    def renew(self) -> None:
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
def _deaf() -> Iterator[None]:
    """Ctrl-C waits until after this block; processes that are started in it never hear it."""
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_desk: Desk | None = None
"""Of a process that examines."""


def _sit_down(packed: bytes) -> None:
    global _desk
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _desk = pickle.loads(packed)


def _end_with_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()  # a process that was killed can't tell its own to end
        os._exit(1)


def _examine_here(submission: Submission) -> Examination:
    assert _desk is not None
    return _desk.examine(submission)
