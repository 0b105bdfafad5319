"""The gradebook as grading sees it; ``htilde.nbgrader.gradebook`` implements it with nbgrader's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from nbformat import NotebookNode

from htilde.errors import KitError

if TYPE_CHECKING:
    from htilde.grading.decision import GradeDecision

__all__ = ["CellGrade", "Gradebook", "Person", "Released", "Score", "Scores", "SubmissionGrade"]


@dataclass(frozen=True, slots=True)
class CellGrade:
    """The grade of one cell: the examiner's points, a person's, extra ones, and what the cell is worth."""

    auto: float | None
    manual: float | None
    extra: float | None
    needs_manual: bool
    """True if a person shall look at it."""
    is_code: bool
    max_points: float

    @property
    def is_open(self) -> bool:
        """True if there are no points of either kind."""
        return self.auto is None and self.manual is None

    @property
    def score(self) -> float:
        """The points as nbgrader counts them: a person's before the examiner's; those of an open cell are 0."""
        given = self.manual if self.manual is not None else self.auto
        return 0.0 if given is None else given + (self.extra or 0.0)


@dataclass(frozen=True, slots=True)
class Score:
    """One student's grade in short, points given by hand included.

    ``points`` are those of the exercises, None until each has some; ``grade`` is all of it less the ``penalty`` for
    lateness, None while a cell is open. ``waiting`` names the written answers that nobody has read yet.
    """

    points: float | None
    grade: float | None
    late_seconds: float = 0.0
    penalty: float = 0.0
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionGrade:
    """All that the gradebook holds of one student's submission; ``due`` includes an extension. Times are in UTC."""

    student: str
    timestamp: dt.datetime | None
    due: dt.datetime | None
    penalty: float | None
    cells: Mapping[str, CellGrade] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    """The comments by cell, a person's before the kit's; cells without one are left out."""

    @property
    def seconds_late(self) -> float:
        """The time past the due date, 0 where either isn't known."""
        if self.timestamp is None or self.due is None:
            return 0.0
        return max(0.0, (self.timestamp - self.due).total_seconds())

    @property
    def score(self) -> float:
        """The sum of all cells, before lateness."""
        return sum((cell.score for cell in self.cells.values()), 0.0)

    @property
    def code_score(self) -> float:
        """The sum of the code cells, before lateness."""
        return sum((cell.score for cell in self.cells.values() if cell.is_code), 0.0)

    def summary(self) -> Score:
        """Return the grade in short."""
        penalty = self.penalty or 0.0
        open_code = not self.cells or any(cell.is_open for cell in self.cells.values() if cell.is_code)
        waiting = tuple(name for name, cell in self.cells.items() if cell.is_open and not cell.is_code)
        return Score(
            None if open_code else round(self.code_score, 2),
            None if open_code or waiting else max(0.0, round(self.score - penalty, 2)),
            self.seconds_late,
            penalty,
            waiting,
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """A class in short: everybody whom the gradebook knows, and the scores of those who have a submission in it."""

    students: frozenset[str] = frozenset()
    max_points: float = 0.0
    max_grade: float = 0.0
    scores: Mapping[str, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Released:
    """An assignment as the gradebook knows it: its cells by id, the points of graded ones, when it is due."""

    cells: frozenset[str]
    points: Mapping[str, float]
    due: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """A student as the gradebook knows them."""

    student: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""


class Gradebook(Protocol):
    """A gradebook in which grades are kept, cell by cell. Its methods may raise its own errors: see ``explain``."""

    @property
    def late_policy(self) -> str:
        """The policy for late work, as a text that changes when the policy does."""

    def must_be_writable(self) -> None:
        """Raise an error if nothing can be saved now."""

    def released(self, assignment: str) -> Released | None:
        """Return what is known of an assignment, None if nothing is. Raises CourseError if it can't be graded."""

    def blank(self, assignment: str, released: NotebookNode) -> NotebookNode:
        """Return a copy of the notebook as released with what the gradebook says of its cells."""

    def people(self) -> Sequence[Person]:
        """Return everybody who is known, by id."""

    def assignments(self) -> Mapping[str, tuple[float, float]]:
        """Return what each assignment is worth, in all and by its code cells, in the order of the gradebook."""

    def grades(self, assignment: str) -> Sequence[SubmissionGrade]:
        """Return what is held of everybody who has a submission, by student."""

    def add_submissions(self, assignment: str, students: Sequence[str]) -> None:
        """Give everybody who has none a submission without points, and make unknown students known."""

    def save(self, decision: GradeDecision) -> None:
        """Save one student's new grade, in one transaction; what a person has given stays.

        Raises CourseError if the gradebook no longer has these cells with these points.
        """

    def is_untouched(self, cell: NotebookNode) -> bool:
        """Tell whether an answer's cell holds what was released."""

    def parse_time(self, text: str) -> dt.datetime:
        """Read the time in a timestamp.txt, as UTC. Raises whatever it likes for anything else."""

    def explain(self, error: Exception) -> KitError | None:
        """Return an error that has a reason outside the kit, in words; None for what looks like a fault of the kit."""

    def is_out_of_reach(self, error: Exception) -> bool:
        """Tell whether the gradebook or the disk fails as a whole, whoever's turn it is."""
