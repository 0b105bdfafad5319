"""An examination as plain values and back: what a store keeps, and what comes back from another process or machine.

What an exercise is worth goes with it; verdicts stay what they are when points change (``Examination.worth``).
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from htilde.model import Curves, Examination, ExerciseResult, Kind, Places, Row, Verdict, Visibility

__all__ = ["from_plain", "to_plain"]

_TUPLES = ("misconceptions", "hints", "notes")
"""Of a verdict's fields those that hold several texts."""
_TEXTS = ("exercise", "name", "claim", "reason", "message", "printed")
_NAMES = {field.name for field in fields(Verdict)}


def to_plain(examination: Examination) -> dict[str, Any]:
    """Lists, dictionaries, texts, numbers and truth values: fit for JSON."""
    return {
        "assignment": examination.assignment,
        "exercises": [
            {
                "name": result.name,
                "max_points": result.max_points,
                "verdicts": [_plain(verdict) for verdict in result.verdicts],
                "curves": None if result.curves is None else asdict(result.curves),
            }
            for result in examination.exercises
        ],
        "papers": list(examination.papers),
        "notes": list(examination.notes),
        "unprotected": examination.unprotected,
        "cut_short": examination.cut_short,
    }


def _plain(verdict: Verdict) -> dict[str, Any]:
    plain = {name: getattr(verdict, name) for name in _TEXTS}
    plain |= {name: list(getattr(verdict, name)) for name in _TUPLES}
    plain |= {"visibility": verdict.visibility.value, "kind": verdict.kind.value}
    plain |= {"passed": verdict.passed, "together": verdict.together}
    plain["evidence"] = [[row.label, row.text] for row in verdict.evidence]
    plain["places"] = None if verdict.places is None else asdict(verdict.places)
    return plain


def from_plain(plain: Any) -> Examination:
    """Read what ``to_plain`` gave. Raises ValueError, TypeError, KeyError for anything else."""
    return Examination(
        assignment=_text(plain["assignment"]),
        exercises=tuple(
            ExerciseResult(
                _text(result["name"]),
                float(result["max_points"]),
                tuple(map(_verdict, result["verdicts"])),
                None if result["curves"] is None else _curves(**result["curves"]),
            )
            for result in plain["exercises"]
        ),
        papers=_texts(plain["papers"]),
        notes=_texts(plain["notes"]),
        unprotected=_text(plain["unprotected"]),
        cut_short=_flag(plain["cut_short"]),
    )


def _verdict(plain: Any) -> Verdict:
    if plain.keys() != _NAMES:
        raise ValueError("not a verdict")
    given: dict[str, Any] = {name: _text(plain[name]) for name in _TEXTS}
    given |= {name: _texts(plain[name]) for name in _TUPLES}
    return Verdict(
        **given,
        visibility=Visibility(plain["visibility"]),
        kind=Kind(plain["kind"]),
        passed=_flag(plain["passed"]),
        together=_flag(plain["together"]),
        evidence=tuple(Row(_text(label), _text(text)) for label, text in plain["evidence"]),
        places=None if plain["places"] is None else _places(**plain["places"]),
    )


def _curves(label: Any, x: Any, yours: Any, right: Any) -> Curves:
    return Curves(_text(label), *(tuple(map(float, numbers)) for numbers in (x, yours, right)))


def _places(along: Any, backward: Any, parts: Any, marks: Any, first: Any, labels: Any, beside: Any) -> Places:
    part, place = map(int, first)
    kept = tuple(tuple(None if mark is None else _flag(mark) for mark in row) for row in marks)
    named = _texts(labels), _texts(beside)
    return Places(_text(along), _flag(backward), _texts(parts), kept, (part, place), *named)


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError("a text is expected")
    return plain


def _texts(plain: Any) -> tuple[str, ...]:
    if not isinstance(plain, (list, tuple)):
        raise TypeError("texts are expected")
    return tuple(map(_text, plain))


def _flag(plain: Any) -> bool:
    if not isinstance(plain, bool):
        raise TypeError("true or false is expected")
    return plain
