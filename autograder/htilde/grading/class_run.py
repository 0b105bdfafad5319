"""The state that the steps of a run over a class share, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from htilde.errors import GraderFault, UsageError
from htilde.files import fingerprint
from htilde.grading.exam import Exam, Rebuilt, read
from htilde.grading.gradebook import CellGrade, SubmissionGrade
from htilde.grading.handed_in import HandedIn, contents, is_linked
from htilde.grading.job import NOT_GRADED, Job, left_out
from htilde.grading.records import Record, read_record
from htilde.model import CHECK_PREFIX

__all__ = ["ClassRun", "GradeChange", "GradingResult"]


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A grade that stood before this run and doesn't stand after it: the exercises' points, and why."""

    student: str
    before: float
    after: float
    why: str
    exercises: Mapping[str, tuple[float, float]]
    """Before and after, of each exercise whose points change."""


@dataclass
class GradingResult:
    """The result of a run over a class."""

    unchanged: set[str] = field(default_factory=set)
    """Students whose grade, submission, papers and points were what they had been."""
    examined: int = 0
    """The number of submissions examined in this run; the others' verdicts were in the store."""
    first: set[str] = field(default_factory=set)
    """Students who got, or would get, a grade for the first time."""
    changes: list[GradeChange] = field(default_factory=list)
    recorded: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)
    """The reason why a student couldn't be graded, by student."""

    @property
    def fault(self) -> GraderFault | None:
        """An error that names everybody who was left out; None if nobody was."""
        return left_out(NOT_GRADED, self.left_out)


@dataclass(frozen=True)
class ClassRun:
    """A run over a class: the job, what all are graded by, the grades that stand, and what has come of it so far."""

    job: Job
    exam: Exam
    result: GradingResult
    grades: Mapping[str, SubmissionGrade]
    keys: dict[str, str] = field(default_factory=dict)
    """The store's key of each student's submission, empty for what couldn't be read."""
    faults: dict[str, Exception] = field(default_factory=dict)
    """The errors of submissions that couldn't be examined, by key."""
    unfit: dict[str, Exception] = field(default_factory=dict)
    """The errors of folders that couldn't be graded, by student."""

    def fault(self, student: str) -> Exception | None:
        """Return why a student's submission couldn't be examined, if so."""
        return self.unfit.get(student) or self.faults.get(self.keys.get(student, ""))

    def read(self, one: HandedIn) -> Rebuilt:
        """Read what a student handed in."""
        return read(self.exam, one.notebook, linked=is_linked(self.job.layout, one.notebook))

    def checks(self, student: str) -> dict[str, CellGrade]:
        """Return what the gradebook holds of a student's exercises."""
        cells = standing.cells if (standing := self.grades.get(student)) else {}
        return {name: cells[CHECK_PREFIX + name] for name in self.exam.worth if CHECK_PREFIX + name in cells}

    def record(self, student: str) -> Record | None:
        """Return the record of a student's last examination, if there is one."""
        try:
            return read_record(self.job.course, self.job.assignment, student)
        except UsageError:  # a folder's name that is no student's
            return None

    def basis(self, one: HandedIn) -> str:
        """Return a fingerprint of all that a student's grade, notebook and record are made from. Raises OSError."""
        standing = self.grades.get(one.student)
        due = self.exam.due if standing is None else standing.due
        return fingerprint(self.exam.basis, str(due), contents(one))

    def leave_out(self, student: str, error: Exception, what_stands: str = "") -> str:
        """Note and tell why a student couldn't be graded, and what stands then; return the reason."""
        known = self.job.gradebook.explain(error)
        why = str(known or f"{type(error).__name__}: {error}")
        self.result.left_out[student] = f"{what_stands}{why}"
        self.job.progress.trouble(f"{student}: {what_stands}{why}", None if known else error)
        return why
