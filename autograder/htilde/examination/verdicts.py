"""An examination as plain values and back: what a store keeps, and what comes back from another process or machine.

What an exercise is worth goes with it; verdicts stay what they are when points change (``Examination.worth``). No
sentence and no language is in it.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from htilde.codes import Code, Details, Note, NoteCode, Plain, is_plain
from htilde.evidence import Evidence
from htilde.language import Text
from htilde.model import Curves, Examination, ExerciseResult, Kind, Places, Verdict, Visibility

__all__ = ["from_plain", "plain_notes", "to_plain"]

_NAMES = {field.name for field in fields(Verdict)}


def to_plain(examination: Examination) -> dict[str, Any]:
    """Return lists, dictionaries, texts, numbers and truth values: fit for JSON."""
    return {
        "assignment": examination.assignment,
        "exercises": [
            {
                "name": result.name,
                "max_points": result.max_points,
                "verdicts": [_plain(verdict) for verdict in result.verdicts],
                "curves": None if result.curves is None else asdict(result.curves),
                "notes": plain_notes(result.notes),
            }
            for result in examination.exercises
        ],
        "papers": list(examination.papers),
        "notes": plain_notes(examination.notes),
        "unprotected": examination.unprotected,
        "cut_short": examination.cut_short,
    }


def plain_notes(notes: tuple[Note, ...]) -> list[Plain]:
    """Return notes as a JSON array of objects with ``code`` and ``details``."""
    return [{"code": note.code.value, "details": dict(note.details)} for note in notes]


def _plain(verdict: Verdict) -> dict[str, Any]:
    return {
        "exercise": verdict.exercise,
        "name": verdict.name,
        "claim": dict(verdict.claim),
        "visibility": verdict.visibility.value,
        "kind": verdict.kind.value,
        "code": verdict.code.value,
        "details": dict(verdict.details),
        "mistakes": list(verdict.mistakes),
        "together": verdict.together,
        "hints": [dict(hint) for hint in verdict.hints],
        "evidence": None if verdict.evidence is None else verdict.evidence.to_plain(),
        "places": None if verdict.places is None else asdict(verdict.places),
        "notes": plain_notes(verdict.notes),
        "printed": verdict.printed,
    }


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
                _notes(result["notes"]),
            )
            for result in plain["exercises"]
        ),
        papers=_texts(plain["papers"]),
        notes=_notes(plain["notes"]),
        unprotected=_text(plain["unprotected"]),
        cut_short=_flag(plain["cut_short"]),
    )


def _verdict(plain: Any) -> Verdict:
    if plain.keys() != _NAMES:
        raise ValueError("not a verdict")
    return Verdict(
        exercise=_text(plain["exercise"]),
        name=_text(plain["name"]),
        claim=_in_languages(plain["claim"]),
        visibility=Visibility(plain["visibility"]),
        kind=Kind(plain["kind"]),
        code=Code(plain["code"]),
        details=_details(plain["details"]),
        mistakes=_texts(plain["mistakes"]),
        together=_flag(plain["together"]),
        hints=tuple(map(_in_languages, plain["hints"])),
        evidence=None if plain["evidence"] is None else Evidence.from_plain(plain["evidence"]),
        places=None if plain["places"] is None else _places(**plain["places"]),
        notes=_notes(plain["notes"]),
        printed=_text(plain["printed"]),
    )


def _notes(plain: Any) -> tuple[Note, ...]:
    return tuple(Note(NoteCode(note["code"]), _details(note["details"])) for note in plain)


def _details(plain: Any) -> Details:
    if not isinstance(plain, dict) or not is_plain(plain):
        raise TypeError("details are expected")
    return plain


def _in_languages(plain: Any) -> Text:
    if not isinstance(plain, dict) or "en" not in plain:
        raise TypeError("a text in several languages is expected")
    return {_text(code): _text(text) for code, text in plain.items()}


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
