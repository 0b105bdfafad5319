"""A session: one submission under examination, through as many workers as it takes.

After a worker had to be killed another is started, and the cells that ran without an error run again in it: an endless
loop costs one exercise.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import itemgetter
from types import TracebackType
from typing import Self

from htilde.codes import Details
from htilde.isolation.calls import Reply, Status
from htilde.isolation.sandbox import Worker
from htilde.model import Limits
from htilde.values import Refused, Value

__all__ = ["Session"]

MAX_HELD = 128 * 2**20
"""Bytes of all answers to one request together, which the examiner holds at once."""


class Session:
    """A submission under examination, through as many workers as it takes and within its time.

    Its first worker starts at once; its time runs from the ``with`` statement.
    """

    def __init__(self, limits: Limits, *, start: Callable[[Limits], Worker] = Worker) -> None:
        self.limits, self._start = limits, start
        self._ends, self._stopped = time.monotonic() + limits.submission_seconds, False
        self._ran: list[tuple[str, str | None]] = []  # label and source of a cell, or a place without a source
        self._worker: Worker | None = start(limits)
        self.protection = self._worker.protection
        self.cut_short = False
        """True if a time ran out, or a worker ended."""

    def run(self, label: str, source: str) -> Reply:
        """Run a cell. One that hangs or ends the process is dropped; the others stay."""
        worker = self._ready()
        if worker is None:
            return self._too_late()
        each = self.limits.cell_seconds
        seconds, limit = self._within(each, {"limit": "cell", "seconds": each})
        reply = _stopped_by(limit, worker.run(label, source, seconds=seconds))
        if self._lost(reply):
            return reply
        self._ran.append((label, source))
        return reply

    def remember(self, place: str) -> None:
        """Keep all that is defined at this place of the notebook, to call a function later as it is here."""
        worker = self._ready()
        if worker is not None and not self._lost(worker.remember(place)):
            self._ran.append((place, None))

    def call(
        self,
        function: str,
        cases: Sequence[Sequence[Value]],
        *,
        seconds: float,
        place: str = "",
        keep: Sequence[int] = (),
    ) -> list[Reply]:
        """Return the replies to the cases in order; if there are fewer, the last one gives the reason.

        ``seconds`` is what is left to the exercise for all cases together; each has ``call_seconds``.
        ``place`` is one to remember, or where the notebook stands now; ``keep`` are the places of arguments that come
        back as they are after the call.
        """
        worker = self._ready()
        if worker is None:
            return [self._too_late()]
        replies: list[Reply] = []
        before = worker.received
        left, in_all = self._within(seconds, {"limit": "exercise", "seconds": self.limits.exercise_seconds})
        ends = time.monotonic() + left
        one_call: Details = {"limit": "call", "seconds": self.limits.call_seconds}
        each, limit = min((self.limits.call_seconds, one_call), (left, in_all), key=itemgetter(0))
        answers = worker.call(function, cases, seconds=each, place=place, keep=keep)
        for reply in (_stopped_by(limit, reply) for reply in answers):
            if worker.received - before > MAX_HELD:
                reply = replace(reply, value=Refused(f"more than {MAX_HELD // 2**20} MiB in all its answers"), after=())
            replies.append(reply)
            if self._lost(reply):
                break
            if time.monotonic() > ends and len(replies) < len(cases):
                self.cut_short = True
                self._discard()
                replies.append(Reply(Status.TIMED_OUT, end=in_all))
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
        """Return a worker in which all good cells have run, or None when the submission's time is over."""
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

    def _within(self, seconds: float, limit: Details) -> tuple[float, Details]:
        """Return a time with the limit that it is, or what is left to the submission if that is less."""
        left = self._at_most(seconds)
        return (seconds, limit) if left == seconds else (left, self._in_whole())

    def _too_late(self) -> Reply:
        self.cut_short = True
        return Reply(Status.TIMED_OUT, end=self._in_whole())

    def _in_whole(self) -> Details:
        return {"limit": "submission", "seconds": self.limits.submission_seconds}

    def close(self) -> None:
        """End the worker."""
        self._discard()

    def stop(self) -> None:
        """Make the thread that uses the session end soon, if need be by a GraderFault. Called from another thread."""
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


def _stopped_by(limit: Details, reply: Reply) -> Reply:
    """Return the reply; a time-out names the limit that was meant, not what was left of it."""
    return replace(reply, end=limit) if reply.status is Status.TIMED_OUT else reply
