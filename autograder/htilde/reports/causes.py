"""Count the causes of wrong answers in a class by code and mistake, and the points that each cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from htilde.codes import Code, Details, NoteCode
from htilde.language import Text, choose
from htilde.model import ExerciseResult, Verdict
from htilde.telling.messages import short_reason

__all__ = ["RULE", "Cause", "causes", "outcome"]

RULE = (
    "Each answer that isn't right is counted once, with the points that it lost: for the first known mistake that was "
    "recognised in it, or else for the way in which it failed. What cost the class most points comes first. Left out "
    "are answers that aren't begun, and those with no known mistake that call another wrong one. "
    "Points that a person gave or took by hand don't count here."
)
"""The order of what to re-teach, as the page states it."""

_ALIKE = {
    Code.RAISED: "error",
    Code.CELL_FAILED: "error",
    Code.NEEDS_PACKAGE: "package",
    Code.WAITS_FOR: "function",
}
"""The detail that tells failures of one code apart, where there is one: an exception's name, what is missing."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of wrong answers to an exercise: ``mistakes`` if known ones were recognised, else a ``code``.

    Several names are mistakes that no input tells apart, or made at once. Of the ``details`` only what tells failures
    of one code apart is there. ``students`` are all in whose answer it was seen; ``lost`` are the points of those whose
    answer is counted for it (``RULE``).
    """

    exercise: str
    mistakes: tuple[str, ...]
    code: Code | None
    details: Details
    hints: tuple[Text, ...]
    students: tuple[str, ...]
    lost: float

    @property
    def words(self) -> str:
        """The names of the mistakes, or how the answers failed, in the language that is spoken."""
        return " / ".join(name.replace("_", " ") for name in self.mistakes) or self.reason

    @property
    def reason(self) -> str:
        """The failure in a few words, in the reader's language; empty where mistakes are known."""
        return "" if self.code is None else short_reason(self.code, self.details)

    @property
    def hints_in_words(self) -> tuple[str, ...]:
        """The hints of the mistakes, in the language that is spoken."""
        return tuple(map(choose, self.hints))


@dataclass(slots=True)
class _Tally:
    """The counts of one cause."""

    hints: tuple[Text, ...]
    students: dict[str, None] = field(default_factory=dict)
    lost: float = 0.0


def causes(answers: Iterable[tuple[str, ExerciseResult]]) -> tuple[tuple[Cause, ...], float]:
    """Return every cause, what cost most first, and the lost points that no cause counts.

    ``answers`` are a student and what came of one exercise, each.
    """
    tallies: dict[tuple[str, tuple[str, ...], Code | None, tuple[tuple[str, str], ...]], _Tally] = {}
    left_out = 0.0
    for student, answer in answers:
        cost = answer.max_points - answer.points
        named = [verdict for verdict in _failed(answer) if verdict.mistakes]
        calls_wrong = any(note.code is NoteCode.CALLS_WRONG for note in answer.notes)
        if not named and (outcome(answer) in ("full", "not_begun") or calls_wrong):
            left_out += cost
            continue
        for verdict in named or _failed(answer)[:1]:
            alike = () if named else _alike(verdict)
            key = (answer.name, verdict.mistakes, None if named else verdict.code, alike)
            tally = tallies.setdefault(key, _Tally(verdict.hints))
            tally.students[student] = None
            tally.lost, cost = tally.lost + cost, 0.0
    every = [
        Cause(name, mistakes, code, dict(alike), tally.hints, tuple(tally.students), round(tally.lost, 2))
        for (name, mistakes, code, alike), tally in tallies.items()
    ]
    every.sort(key=lambda cause: (-cause.lost, not cause.mistakes, -len(cause.students)))
    return tuple(every), round(left_out, 2)


def outcome(answer: ExerciseResult) -> str:
    """Return what came of an answer: full, part, nothing or not_begun."""
    if answer.passed:
        return "full"
    if answer.points:
        return "part"
    return "not_begun" if _failed(answer)[0].code is Code.NOT_IMPLEMENTED else "nothing"


def _failed(answer: ExerciseResult) -> list[Verdict]:
    return [verdict for verdict in answer.verdicts if not verdict.passed]


def _alike(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    key = _ALIKE.get(verdict.code, "")
    return ((key, str(verdict.details[key])),) if key in verdict.details else ()
