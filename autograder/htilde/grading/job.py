"""A run over an assignment: its folders, its options, and the object that its progress is reported to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from htilde.course import Course
from htilde.errors import GraderFault
from htilde.files import try_lock
from htilde.grading.decision import GradeDecision
from htilde.grading.gradebook import Gradebook
from htilde.grading.journal import Journal, Replacement
from htilde.grading.layout import Layout
from htilde.grading.records import done, write_record

__all__ = [
    "LEFT_OUT",
    "NOT_GRADED",
    "NOT_RELEASED",
    "NO_FEEDBACK",
    "Job",
    "RunProgress",
    "finish",
    "journal",
    "left_out",
]

LEFT_OUT = NOT_GRADED, NOT_RELEASED, NO_FEEDBACK = "Not graded: ", "Not released: ", "No new feedback: "
"""The beginnings of the last error of a run that left somebody out; for whoever isn't named all was done."""


class RunProgress(Protocol):
    """Is told how a run goes on."""

    def step(self, what: str, total: int) -> None:
        """Begin a step that will advance so often."""

    def advance(self, what: str = "") -> None:
        """Note that the next part of the step begins or, without a word on what it is, that one has ended."""

    def warn(self, what: str) -> None:
        """Tell what somebody should know, though nothing went wrong."""

    def trouble(self, what: str, error: Exception | None = None) -> None:
        """Tell what is wrong with somebody's submission; ``error`` is a fault that nobody foresaw."""


def _nothing(notebooks: list[Path]) -> None:
    """Do nothing before, or after, a student's folder is made."""


@dataclass(frozen=True)
class Job:
    """A run over an assignment, as its caller wants it.

    ``students`` is a glob of ids. With ``force`` everybody's folder is made anew, otherwise those that would differ.
    Files get ``permissions``. Only where ``enrol`` is set, unknown students are added to the gradebook; ``own_files``
    are those, by their place in the source folder, of which a student's version is kept. ``before`` and ``after`` are
    called with the notebooks of a folder before it is read, and when the new one is complete.
    """

    course: Course
    assignment: str
    layout: Layout
    gradebook: Gradebook
    progress: RunProgress
    students: str = "*"
    exclude: frozenset[str] = frozenset()
    force: bool = False
    permissions: int = 0o644
    enrol: bool = True
    own_files: frozenset[str] = frozenset()
    before: Callable[[list[Path]], None] = field(default=_nothing)
    after: Callable[[list[Path]], None] = field(default=_nothing)


@contextmanager
def journal(job: Job, *, settle: bool = True) -> Iterator[Journal]:
    """Hold the course for this run alone; first finish, if to ``settle``, what an earlier run has left to do.

    Raises GraderFault if another run holds the course; whatever has a reason outside the kit is raised in words.
    """
    course, gradebook = job.course, job.gradebook
    try:
        course.private.mkdir(mode=0o700, exist_ok=True)
        changes = Journal(job.layout.root, course.private)
        with try_lock(course.private / "busy") as held:
            if not held:
                raise GraderFault(
                    f"{course.root}: somebody is grading, releasing or writing feedback here just now.",
                    next_step="Run this again when that is done.",
                )
            if settle:
                _settle(job, changes)
            try:
                yield changes
            finally:
                changes.clean()
    except Exception as error:
        raise gradebook.explain(error) or error from None


def _settle(job: Job, changes: Journal) -> None:
    """Carry out what a process that was ended has decided, and remove what it was writing."""
    for folder in (job.course.private / "records" / job.assignment, job.course.private / "pages"):
        for unfinished in folder.glob(".*.new"):  # nobody else writes there now
            unfinished.unlink()
    for replacement in changes.pending():
        try:
            finish(job, replacement)
        except Exception as error:
            if job.gradebook.is_out_of_reach(error) or isinstance(error, OSError):
                raise
            job.progress.warn(f"{replacement.folder}: what was decided can't be kept any more. {error}")
            replacement.forget()
    changes.clean()


def finish(job: Job, replacement: Replacement) -> None:
    """Carry out what was decided: gradebook, folder, record, in this order.

    What isn't forgotten at the end is finished by the next run.
    """
    decision = GradeDecision.from_plain(replacement.note) if replacement.note else None
    if decision is not None:
        job.gradebook.save(decision)
    replacement.carry_out()
    if decision is not None:
        write_record(job.course, decision.record)
    replacement.forget()
    if decision is not None:
        done(job.course, decision.record.assignment, decision.record.student)


def left_out(prefix: str, reasons: Mapping[str, str]) -> GraderFault | None:
    """Return an error that names everybody who was left out, and why; where reasons differ, who has which."""
    if not reasons:
        return None
    who: dict[str, list[str]] = {}
    everybody = [name if name.isprintable() else repr(name) for name in reasons]
    for name, reason in zip(everybody, reasons.values()):
        who.setdefault(reason, []).append(name)
    told = [f"{', '.join(names)}: {reason}" for reason, names in who.items()]
    return GraderFault("\n".join([f"{prefix}{', '.join(everybody)}.", *(told if len(told) > 1 else who)]))
