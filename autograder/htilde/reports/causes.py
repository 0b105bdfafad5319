"""Why answers are wrong, and what that cost a class: from what records tell of each answer, in any language."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from htilde.language import LANGUAGES, speaking
from htilde.telling.messages import mend_first, not_implemented

__all__ = ["RULE", "Answer", "Cause", "causes", "outcome"]

RULE = (
    "Each answer that isn't right is counted once, with the points that it lost: for the first known mistake that was "
    "recognised in it, or else for the way in which it failed. What cost the class most points comes first. Left out "
    "are answers that aren't begun, and those with no known mistake that call another wrong one. "
    "Points that a person gave or took by hand don't count here."
)
"""How what to re-teach is put in order, as told on the page."""

Answer = Mapping[str, Any]
"""What a record holds of one exercise (``faces.as_json``)."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why answers to an exercise are wrong: ``misconceptions`` if known ones were recognised, else the ``reason``.

    Several names are mistakes that no input tells apart, or made at once. ``students`` are all in whose answer it was
    seen; ``lost`` are the points of those whose answer is counted for it (``RULE``).
    """

    exercise: str
    misconceptions: tuple[str, ...]
    reason: str
    hints: tuple[str, ...]
    students: tuple[str, ...]
    lost: float

    @property
    def words(self) -> str:
        return " / ".join(name.replace("_", " ") for name in self.misconceptions) or self.reason


def causes(answers: Iterable[tuple[str, str, Answer]]) -> tuple[tuple[Cause, ...], float]:
    """Every cause, what cost most first, and the lost points that no cause counts.

    ``answers`` are an exercise, a student and what came of it, each.
    """
    hints: dict[tuple[str, tuple[str, ...], str], tuple[str, ...]] = {}
    students: dict[tuple[str, tuple[str, ...], str], dict[str, None]] = {}
    lost: dict[tuple[str, tuple[str, ...], str], float] = {}
    left_out = 0.0
    for exercise, student, answer in answers:
        cost = float(answer["max_points"] - answer["points"])
        found = [((exercise, names, ""), tuple(one["hints"])) for one in _failed(answer) if (names := _names(one))]
        if not found and (outcome(answer) in ("full", "not_begun") or _follows(answer)):
            left_out += cost
            continue
        found = found or [((exercise, (), _reason(answer)), ())]
        for key, told in found:
            hints[key] = told
            students.setdefault(key, {})[student] = None
        first, _ = found[0]
        lost[first] = lost.get(first, 0.0) + cost
    every = [Cause(*key, hints[key], tuple(names), round(lost.get(key, 0.0), 2)) for key, names in students.items()]
    every.sort(key=lambda cause: (-cause.lost, not cause.misconceptions, -len(cause.students)))
    return tuple(every), round(left_out, 2)


def outcome(answer: Answer) -> str:
    """What came of an answer: full, part, nothing or not_begun."""
    if not _failed(answer):
        return "full"
    if answer["points"]:
        return "part"
    return "not_begun" if _reason(answer) in _not_begun() else "nothing"


def _failed(answer: Answer) -> list[Mapping[str, Any]]:
    return [one for one in answer["properties"] if not one["passed"]]


def _reason(answer: Answer) -> str:
    return str(_failed(answer)[0]["reason"])


def _names(failed: Mapping[str, Any]) -> tuple[str, ...]:
    named = failed["misconception"]
    return (named,) if isinstance(named, str) else tuple(named or ())


def _follows(answer: Answer) -> bool:
    """Whether it was noted that an answer calls another wrong one."""
    notes = [note for one in answer["properties"] for note in one["notes"]]
    return any(note.startswith(before) and note.endswith(after) for note in notes for before, after in _follow_ups())


@functools.cache
def _not_begun() -> frozenset[str]:
    """How a stub is told of, in each language."""
    return frozenset(_in_each_language(lambda: not_implemented().reason))


@functools.cache
def _follow_ups() -> tuple[tuple[str, str], ...]:
    """How that note begins and ends, in each language."""
    notes = _in_each_language(lambda: mend_first("\0"))
    return tuple((before, after) for before, _, after in (note.partition("\0") for note in notes))


def _in_each_language(say: Callable[[], str]) -> Iterator[str]:
    for language in LANGUAGES:
        with speaking(language):
            yield say()
