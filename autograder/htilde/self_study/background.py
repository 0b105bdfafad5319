"""Examine a learner's files in the background, the latest request first, in workers that were started before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass

from htilde.codes import Note
from htilde.errors import GraderFault, KitError, SubmissionError
from htilde.isolation.session import Session
from htilde.model import Examination, ExerciseResult, Limits
from htilde.self_study.standing import State, examine_own, papers, read_own, remember, state
from htilde.self_study.workspace import Workspace
from htilde.submissions.steps import Submission

__all__ = ["BackgroundExaminer", "Failed", "Found"]

PATIENCE_SECONDS = 1.0
"""The time after which a file that can't be read is no longer taken for one that is being written."""


@dataclass(frozen=True, slots=True)
class Found:
    """The results of examining some exercises of a file: the one that matters now, or all.

    ``changed`` is the exercise that the learner has just changed, or empty.
    """

    assignment: str
    results: tuple[ExerciseResult, ...]
    states: dict[str, State]
    notes: tuple[Note, ...]
    changed: str = ""
    unprotected: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The error with which examining a file ended."""

    assignment: str
    error: Exception


class BackgroundExaminer:
    """A thread that examines files on request and calls ``report`` with ``Found`` and ``Failed``.

    A new request interrupts the one that is being examined, which is examined again after it.
    """

    def __init__(self, workspace: Workspace, report: Callable[[Found | Failed], object]) -> None:
        self._workspace, self._report = workspace, report
        self._wanted: dict[str, str] = {}
        self._before: dict[str, Submission] = {}  # compared with to find out which exercise was changed
        for assignment in workspace.assignments:
            with suppress(SubmissionError):  # reported when it is to be examined
                self._before[assignment] = read_own(workspace, assignment)
        self._done: dict[str, Submission] = {}
        self._news = threading.Condition()
        self._session: Session | None = None
        self._interrupted = self._closed = False
        self._starter = ThreadPoolExecutor(1)
        self._spare: Future[Session] = self._starter.submit(Session, Limits())
        # A copy of the context keeps the current language: a new thread would begin with English.
        self._thread = threading.Thread(target=copy_context().run, args=(self._work,), daemon=True)
        self._thread.start()

    def want(self, assignment: str, exercise: str = "") -> None:
        """Request that a file be examined as it is now: this exercise first, or the one that has changed, then all."""
        with self._news:
            exercise = self._wanted.pop(assignment, "") or exercise
            self._wanted[assignment] = exercise
            self._interrupt()
            self._news.notify()

    def close(self) -> None:
        """Stop examining and end the thread and its workers."""
        with self._news:
            self._closed = True
            self._interrupt()
            self._news.notify()
        self._thread.join(5.0)
        self._starter.shutdown()
        if self._spare.exception() is None:
            self._spare.result().close()

    def _interrupt(self) -> None:
        self._interrupted = True
        if self._session is not None:
            self._session.stop()

    def _work(self) -> None:
        unread = list(self._workspace.assignments)
        while True:
            with self._news:
                self._news.wait_for(lambda: self._wanted or self._closed or unread)
                if self._closed:
                    return
                assignment, exercise = self._wanted.popitem() if self._wanted else ("", "")
                self._interrupted = False
            if not assignment:  # while there is time, so that nobody waits for papers later
                with suppress(KitError):  # reported when they are needed
                    papers(self._workspace, unread.pop(0))
                continue
            try:
                done = self._examine(assignment, exercise)
            except Exception as error:
                self._done.pop(assignment, None)
                if done := not self._interrupted:
                    self._report(Failed(assignment, error))
            if not done:
                with self._news:  # after the requests that have come in between
                    self._wanted = {assignment: exercise, **self._wanted}

    def _examine(self, assignment: str, exercise: str) -> bool:
        """Examine a file. Return False if a new request has interrupted it."""
        submission = self._read(assignment)
        before, done = self._before.get(assignment), self._done.get(assignment)
        if done is not None and done.steps == submission.steps and not exercise:
            return True  # saved as it was, or with other prose
        exercises = self._workspace.exercises[assignment]
        changed = [e for e in exercises if before and before.source_of(e) != submission.source_of(e)]
        own = exercise if exercise in changed or not changed else changed[0]
        if own and not self._report_on(assignment, submission, [own], own if own in changed else ""):
            return False
        self._before[assignment] = submission
        if not self._report_on(assignment, submission, exercises, ""):
            return False
        self._done[assignment] = submission
        return True

    def _read(self, assignment: str) -> Submission:
        """Read the file, and wait a moment if that fails, because an editor may be writing it."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return read_own(self._workspace, assignment)
            except SubmissionError:
                if time.monotonic() > ends or self._interrupted:
                    raise
                time.sleep(0.05)

    def _report_on(self, assignment: str, submission: Submission, exercises: Sequence[str], changed: str) -> bool:
        examination = self._examined(assignment, submission, exercises)
        if examination is None:
            return False
        _public, study = papers(self._workspace, assignment)
        states = {result.name: state(result, submission, study) for result in examination.exercises}
        if len(states) == len(self._workspace.exercises[assignment]):
            remember(self._workspace, assignment, submission, states)
        notes, unprotected = examination.notes, examination.unprotected
        self._report(Found(assignment, examination.exercises, states, notes, changed, unprotected))
        return True

    def _examined(self, assignment: str, submission: Submission, exercises: Sequence[str]) -> Examination | None:
        """Examine exercises; return None if a new request has interrupted it.

        A worker may have died while it waited for work, so a first fault is tried again with another one.
        """
        for last in (False, True):
            with self._news:
                session = self._session = None if self._interrupted else self._next_session()
            if session is None:
                return None
            try:
                examination = examine_own(self._workspace, assignment, submission, exercises, session=session)
                return None if self._interrupted else examination
            except GraderFault:
                if self._interrupted:
                    return None
                if last:
                    raise
            finally:
                session.close()
                self._session = None
        return None

    def _next_session(self) -> Session:
        """Return the session that was started before, and start the next one."""
        started, self._spare = self._spare, self._starter.submit(Session, Limits())
        return started.result()
