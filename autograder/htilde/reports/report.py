"""Statistics of a class in one assignment, from records, gradebook and submitted folders.

Everything here counts what others decided; nothing is examined again. ``class_report`` reads, the rest is arithmetic.
"""

from __future__ import annotations

import datetime as dt
import functools
import random
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from htilde.authoring.papers import stored_papers
from htilde.course import Course
from htilde.errors import KitError
from htilde.grading.gradebook import Score, Scores
from htilde.grading.records import GradeStatus, Record, records, unfinished
from htilde.language import choose
from htilde.model import Examination, ExerciseResult, Visibility
from htilde.nbgrader.classroom import read_scores
from htilde.reports.causes import Cause, causes, outcome

__all__ = [
    "HELP",
    "ExerciseReport",
    "Member",
    "PropertyReport",
    "Report",
    "bins",
    "class_report",
    "reported",
    "summary",
]

HELP = {
    "grader error": "The kit failed; the grade of before stands. Run htilde grade again, or see the reason.",
    "unfinished": "Was to be graded anew, and hasn't been; the grade of before stands. Grade again.",
    "not graded": "Handed in, and not graded yet.",
    "unreadable": "What was handed in can't be read as a notebook.",
    "not submitted": "Known to the gradebook, handed in nothing.",
    "no points": "Graded, and no exercise has earned a point.",
    "half not begun": "Graded, and at least half of the exercises aren't begun.",
    "late": "Handed in after the due date.",
}
"""Who needs help: what is so about them, and what that means, most urgent first."""

MAX_BINS = 12


@dataclass(frozen=True, slots=True)
class Member:
    """One of the class. ``examination`` is the record's, None if there is none; ``score`` is the gradebook's."""

    name: str
    status: str
    message: str = ""
    score: Score | None = None
    examination: Examination | None = None

    @property
    def points(self) -> float | None:
        """The points of the exercises by the gradebook or, where that has none, by the examination."""
        if self.score is not None:
            return self.score.points
        return None if self.examination is None else self.examination.points

    @property
    def exercises(self) -> tuple[ExerciseResult, ...]:
        """The result on each exercise."""
        return () if self.examination is None else self.examination.exercises


@dataclass(frozen=True, slots=True)
class PropertyReport:
    """The number of students who ``passed`` one property of an exercise, of all ``asked``."""

    name: str
    visibility: str
    kind: str
    claim: str
    passed: int
    asked: int


@dataclass(frozen=True, slots=True)
class ExerciseReport:
    """The class's results in one exercise: counts of answers that earned all, a part or nothing, or weren't begun."""

    name: str
    max_points: float
    full: int
    part: int
    nothing: int
    not_begun: int
    mean: float
    properties: tuple[PropertyReport, ...]

    @property
    def answers(self) -> int:
        return self.full + self.part + self.nothing + self.not_begun


@dataclass(frozen=True)
class Report:
    """The content of the page, the tables and the JSON. ``notes`` say what the figures can't be trusted for."""

    assignment: str
    title: str
    at: str
    anonymous: bool
    max_points: float
    max_grade: float
    members: tuple[Member, ...]
    exercises: tuple[ExerciseReport, ...]
    causes: tuple[Cause, ...]
    left_out: float
    """Points lost that no cause counts."""
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> list[float]:
        """The points of everybody who has some, in order."""
        return sorted(member.points for member in self.members if member.points is not None)

    @property
    def grades(self) -> list[float]:
        """The whole grades that are complete, in order."""
        return sorted(m.score.grade for m in self.members if m.score is not None and m.score.grade is not None)

    @property
    def waiting(self) -> dict[str, int]:
        """The number of answers to each written question that nobody has read yet."""
        found: dict[str, int] = {}
        for name in (name for member in self.members if member.score for name in member.score.waiting):
            found[name] = found.get(name, 0) + 1
        return found

    @functools.cached_property
    def help(self) -> dict[str, tuple[Member, ...]]:
        """The students who need help, by the keys of ``HELP``; one may stand under several."""
        needs = [(member, _needs(member)) for member in self.members]
        return {key: tuple(member for member, found in needs if key in found) for key in HELP}


def _needs(member: Member) -> set[str]:
    found = {member.status}
    graded = member.status not in ("unreadable", "not submitted", "not graded")
    found |= {"no points"} if graded and member.points == 0 else set()
    begun = [outcome(answer) != "not_begun" for answer in member.exercises]
    found |= {"half not begun"} if begun and 2 * sum(begun) <= len(begun) else set()
    return found | ({"late"} if member.score is not None and member.score.late_seconds > 0 else set())


def summary(numbers: Sequence[float]) -> dict[str, float | None]:
    """Return mean, median and ends of some numbers; None where there is none."""
    if not numbers:
        return dict.fromkeys(("mean", "median", "lowest", "highest"))
    mean, median = round(statistics.fmean(numbers), 2), round(statistics.median(numbers), 2)
    return {"mean": mean, "median": median, "lowest": min(numbers), "highest": max(numbers)}


def bins(numbers: Iterable[float], most: float) -> list[tuple[float, float, int]]:
    """Count numbers in at most twelve bins (from, to, how many) from 0 to ``most``; the last holds all above, too."""
    steps = (step * 10.0**power for power in range(-2, 9) for step in (1, 2, 3, 4, 5))
    step = next((step for step in steps if most <= MAX_BINS * step), most)
    count = max(1, -int(-round(most / step, 6) // 1)) if most else 1
    edges = [*(round(step * number, 6) for number in range(count)), most]
    counts = [0] * count
    for number in numbers:
        counts[max(sum(edge <= number for edge in edges[:-1]) - 1, 0)] += 1
    return [(low, high, found) for low, high, found in zip(edges, edges[1:], counts)]


def class_report(course: Course, assignment: str, *, anonymous: bool = False) -> Report:
    """Read what there is about an assignment. Raises UsageError if there is no such assignment.

    Of an anonymous class only numbers are shown, in random order, and no message, which could name a student.
    """
    listed = course.assignment(assignment)
    scores = read_scores(course, assignment)
    found = {record.student: record for record in records(course, assignment)}
    handed_in = {p.parent.name for p in (course.root / "submitted").glob(f"*/{assignment}") if p.is_dir()}
    open_ones = unfinished(course, assignment)
    names = sorted({*scores.students, *found, *handed_in})
    members = [_member(name, found.get(name), scores, name in handed_in, name in open_ones) for name in names]
    if anonymous:
        random.SystemRandom().shuffle(members)
        members = [replace(m, name=f"student {number}", message="") for number, m in enumerate(members, 1)]
    claims, notes = _claims(course, assignment)
    if earlier := sum(bool(record.earlier) for record in found.values()):
        notes = (
            *notes,
            f"Graded by an earlier version of the kit, and counted by points alone: {earlier}. Grade again.",
        )
    if len({m.examination.papers for m in members if m.examination is not None}) > 1:
        notes = (*notes, "Not everybody sat the same papers: grade the class again to compare like with like.")
    if unprotected := sum(member.status == "unprotected" for member in members):
        notes = (*notes, f"Graded by code that was not locked in (allow_unprotected): {unprotected}.")
    return replace(
        reported(assignment, listed.points, members, claims),
        title=course.title,
        anonymous=anonymous,
        max_points=scores.max_points or float(sum(listed.points.values())),
        max_grade=scores.max_grade or float(sum(listed.points.values()) + sum(listed.written.values())),
        notes=notes,
    )


def _member(name: str, record: Record | None, scores: Scores, handed_in: bool, is_open: bool) -> Member:
    score = scores.scores.get(name)
    if record is None:
        status = "unfinished" if is_open else "graded" if score and score.points is not None else ""
        return Member(name, status or ("not graded" if handed_in else "not submitted"), score=score)
    status = str(record.status)
    if record.status is GradeStatus.GRADED and score is not None and score.waiting:
        status = "needs manual grading"
    elif record.status is GradeStatus.GRADED and record.unprotected:
        status = "unprotected"
    return Member(name, status, record.message.partition("\n")[0], score, record.examination)


Claims = Mapping[tuple[str, str, str], str]
"""What is claimed, by exercise, visibility and name of a property."""


def _claims(course: Course, assignment: str) -> tuple[Claims, tuple[str, ...]]:
    try:
        papers = stored_papers(course, assignment)
    except KitError:
        note = "The papers can't be read just now, so properties have their names and no claims: htilde build."
        return {}, (note,)
    return {
        (part.name, paper.visibility.value, question.name): choose(question.claim)
        for paper in papers
        for part in paper.exercises
        for question in part.questions
    }, ()


def reported(
    assignment: str, points: Mapping[str, float], members: Sequence[Member], claims: Claims | None = None
) -> Report:
    """Return the statistics of a class. ``points`` are those of each exercise, in the order of the assignment."""
    exercises = tuple(_exercise(name, worth, members, claims or {}) for name, worth in points.items())
    found, left_out = causes((member.name, answer) for name in points for member, answer in _answers(name, members))
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    worth = float(sum(points.values()))
    return Report(assignment, assignment, now, False, worth, worth, tuple(members), exercises, found, left_out)


def _answers(name: str, members: Iterable[Member]) -> Iterator[tuple[Member, ExerciseResult]]:
    return ((member, answer) for member in members for answer in member.exercises if answer.name == name)


def _exercise(name: str, worth: float, members: Sequence[Member], claims: Claims) -> ExerciseReport:
    counts = dict.fromkeys(("full", "part", "nothing", "not_begun"), 0)
    shares: list[float] = []
    found: dict[tuple[str, str, str], list[bool]] = {}
    for _, answer in _answers(name, members):
        counts[outcome(answer)] += 1
        shares.append(answer.points / answer.max_points if answer.max_points else 0.0)
        for one in answer.verdicts:
            found.setdefault((one.name, one.visibility.value, one.kind.value), []).append(one.passed)
    properties = [
        PropertyReport(
            key[0], *key[1:], claims.get((name, key[1], key[0]), key[0].replace("_", " ")), sum(passed), len(passed)
        )
        for key, passed in sorted(found.items(), key=lambda item: item[0][1] == Visibility.HIDDEN)
    ]
    mean = round(worth * statistics.fmean(shares), 2) if shares else 0.0
    return ExerciseReport(name, worth, **counts, mean=mean, properties=tuple(properties))
