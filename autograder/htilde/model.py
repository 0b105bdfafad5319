"""Plain records that pass between the parts of the kit and need no NumPy: limits, verdicts, results, examinations."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from htilde.codes import Code, Details, GpuCode, Note

if TYPE_CHECKING:
    from htilde.evidence import Evidence
    from htilde.language import Text

__all__ = [
    "CHECK_PREFIX",
    "PAPER_SUFFIX",
    "Curves",
    "Examination",
    "ExerciseResult",
    "GpuRow",
    "Kind",
    "Limits",
    "OnGpu",
    "Parts",
    "Places",
    "Tolerance",
    "Verdict",
    "Visibility",
    "earned_fraction",
]


CHECK_PREFIX = "check_"
"""A check cell's id is this and the name of its exercise; the cell of the answer has the bare name."""
PAPER_SUFFIX = ".paper"


class Visibility(StrEnum):
    """The readers of a property: of its source, its examples and its failing input."""

    PUBLIC = "public"
    HIDDEN = "hidden"


class Kind(StrEnum):
    """The kind of a property: a main one says what the function is, an edge one how it behaves at the margin."""

    MAIN = "main"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The allowed distance of an answer from the right one: ``|got - want| <= rtol * |want| + atol * scale``.

    ``scale`` belongs to the example (see ``papers``), so that ``atol`` has no unit.
    """

    rtol: float
    atol: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The time and memory that a submission may use before it is stopped."""

    cell_seconds: float = 10.0
    call_seconds: float = 5.0
    exercise_seconds: float = 20.0
    submission_seconds: float = 120.0
    memory_mib: int = 2048


@dataclass(frozen=True, slots=True)
class Parts:
    """The names of the parts of an answer, and what it runs along: "layer", "block", "step", "gate", or nothing.

    The answer is one list (or array) per part, with an entry for each place; with ``each`` it is one tuple of all parts
    for each place. ``order`` is that in which the parts of one place are computed, ``backward`` whether the last place
    comes first. Parts that are there ``once`` have no places. Those that are ``gated`` hold a block of columns for each
    of the ``gates``, side by side; along "gate" these blocks are the places.
    """

    names: tuple[str, ...]
    along: str = ""
    backward: bool = False
    order: tuple[str, ...] = ()
    each: bool = False
    once: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    gated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The places along a network where an answer is right: for each part, in the order of ``parts``, a mark at each.

    A mark is None where the part has no such place. ``first`` is the position, part and place, of the first that is
    wrong in the order in which they are computed. Places are called by their ``labels``, without any by their numbers.
    ``beside`` are the parts that are wrong and have no places.
    """

    along: str
    backward: bool
    parts: tuple[str, ...]
    marks: tuple[tuple[bool | None, ...], ...]
    first: tuple[int, int]
    labels: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """The number of places."""
        return len(self.marks[0])

    def label(self, position: int) -> str:
        """Return the name of a place."""
        return self.labels[position] if self.labels else str(position + 1)

    @property
    def part(self) -> str:
        """The name of the first wrong part."""
        return self.parts[self.first[0]]

    @property
    def place(self) -> str:
        """The name of the place of the first wrong part."""
        return self.label(self.first[1])

    @property
    def wrong(self) -> dict[str, tuple[int, ...]]:
        """The positions at which each part is wrong; parts that are right everywhere are left out."""
        found = {
            part: tuple(position for position, mark in enumerate(marks) if mark is False)
            for part, marks in zip(self.parts, self.marks)
        }
        return {part: positions for part, positions in found.items() if positions}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one property of one exercise: a code with its details, which need no language.

    ``mistakes`` are the names of the misconceptions that explain the answer; several when ``together`` is false are
    mistakes that no input tells apart, and when it is true mistakes made at once in different parts of the answer.
    ``hints`` are theirs, in every language of the paper, as the ``claim`` is. ``evidence`` and ``places`` are None,
    ``notes`` and ``printed`` empty, when the property is hidden.
    """

    exercise: str
    name: str
    claim: Text
    visibility: Visibility
    kind: Kind
    code: Code = Code.PASSED
    details: Details = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    together: bool = False
    hints: tuple[Text, ...] = ()
    evidence: Evidence | None = None
    places: Places | None = None
    notes: tuple[Note, ...] = ()
    printed: str = ""

    @property
    def passed(self) -> bool:
        """True if the property holds."""
        return self.code is Code.PASSED


def earned_fraction(verdicts: Sequence[Verdict]) -> float:
    """Return the share of an exercise's points that verdicts earn, in [0, 1].

    Each property counts the same; edge properties count once every main one passes, so an answer that is
    right only at the margin, or only on the inputs that the student can see, earns nothing.
    """
    if not verdicts or any(v.kind is Kind.MAIN and not v.passed for v in verdicts):
        return 0.0
    return sum(v.passed for v in verdicts) / len(verdicts)


@dataclass(frozen=True, slots=True)
class Curves:
    """An answer and the right one at ascending ``x``, to be drawn. ``label`` is the argument's name.

    ``part`` is the first place where they differ by more than a line's width, or None.
    """

    label: str
    x: tuple[float, ...]
    yours: tuple[float, ...]
    right: tuple[float, ...]

    @property
    def part(self) -> float | None:
        right = [y for y in self.right if math.isfinite(y)] or [0.0]
        width = 0.02 * ((max(right) - min(right)) or abs(max(right)) or 1.0)

        def together(one: float, other: float) -> bool:
            return one == other or abs(one - other) <= width or (math.isnan(one) and math.isnan(other))

        return next((x for x, one, other in zip(self.x, self.yours, self.right) if not together(one, other)), None)


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """The verdicts on one exercise and what they are worth. ``max_points`` is in points of the course.

    ``curves`` are there for a wrong answer that can be drawn; ``notes`` concern the exercise as a whole.
    """

    name: str
    max_points: float
    verdicts: tuple[Verdict, ...]
    curves: Curves | None = None
    notes: tuple[Note, ...] = ()

    @property
    def points(self) -> float:
        """Points earned, rounded to a hundredth, never above ``max_points``."""
        return min(self.max_points, round(self.max_points * earned_fraction(self.verdicts), 2))

    def share(self, verdict: Verdict) -> float:
        """Return the points that one of the verdicts adds, before they are rounded."""
        counted = verdict.passed and earned_fraction(self.verdicts) > 0
        return self.max_points / len(self.verdicts) if counted else 0.0

    @property
    def places(self) -> Places | None:
        """The places along the network where the answer is wrong, by the first property that can tell."""
        return next((verdict.places for verdict in self.verdicts if verdict.places is not None), None)

    @property
    def passed(self) -> bool:
        """True if every property holds."""
        return all(v.passed for v in self.verdicts)

    @property
    def public(self) -> ExerciseResult:
        """The result as a student sees it, without hidden properties."""
        shown = tuple(v for v in self.verdicts if v.visibility is Visibility.PUBLIC)
        return replace(self, verdicts=shown)


@dataclass(frozen=True, slots=True)
class Examination:
    """The results of one submission on all exercises, with notes on how they came about.

    ``papers`` are the ids of the papers that asked; ``notes`` concern the submission as a whole (a cell that
    raised, a magic that was skipped); ``unprotected`` is the reason why the worker wasn't locked, if so;
    ``cut_short`` says that a time ran out or a worker ended, as on a busy machine it may without the student's doing.
    """

    assignment: str
    exercises: tuple[ExerciseResult, ...]
    papers: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    unprotected: str = ""
    cut_short: bool = False

    def __getitem__(self, exercise: str) -> ExerciseResult:
        return next(result for result in self.exercises if result.name == exercise)

    def worth(self, points: Mapping[str, float]) -> Examination:
        """Return the same verdicts, worth other points; an exercise that isn't named is worth none."""
        exercises = (replace(result, max_points=float(points.get(result.name, 0))) for result in self.exercises)
        return replace(self, exercises=tuple(exercises))

    @property
    def points(self) -> float:
        return _total(result.points for result in self.exercises)

    @property
    def max_points(self) -> float:
        return _total(result.max_points for result in self.exercises)

    @property
    def passed(self) -> bool:
        return all(result.passed for result in self.exercises)


@dataclass(frozen=True, slots=True)
class GpuRow:
    """The outcome of one exercise on a GPU."""

    exercise: str
    code: GpuCode
    details: Details = field(default_factory=dict)

    @property
    def right(self) -> bool | None:
        """True if the answer is right and stays on the GPU; None if it wasn't asked."""
        asked = self.code not in (GpuCode.WRONG_ON_CPU, GpuCode.DRAWS_ON_CPU)
        return self.code is GpuCode.RIGHT if asked else None


@dataclass(frozen=True, slots=True)
class OnGpu:
    """The outcomes of a submission on a GPU, with the GPU's name; no points depend on them."""

    device: str
    rows: tuple[GpuRow, ...]


def _total(points: Iterable[float]) -> float:
    return round(sum(points), 2)
