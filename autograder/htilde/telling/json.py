"""An examination as JSON for programs: the documented form (docs/json.md), which ``schema.json`` describes.

Codes and details are the same in every language; ``claim``, ``reason``, ``message``, ``hints`` and ``notes`` are
sentences in the one that is spoken.
"""

from __future__ import annotations

from typing import Any

from htilde.characters import clean
from htilde.codes import Note
from htilde.examination.verdicts import plain_notes
from htilde.language import choose
from htilde.model import Examination, ExerciseResult, OnGpu, Places, Verdict
from htilde.telling.gpu_messages import gpu_message
from htilde.telling.messages import message, reason
from htilde.telling.notes import note_message

__all__ = ["as_json", "cleaned", "gpu_json", "mistaken_for", "noted_json"]


def as_json(examination: Examination) -> dict[str, Any]:
    """Return the documented form of an examination."""
    return {
        "assignment": examination.assignment,
        "points": examination.points,
        "max_points": examination.max_points,
        "exercises": {result.name: _exercise(result) for result in examination.exercises},
        "papers": list(examination.papers),
        **noted_json(examination.notes),
        "unprotected": examination.unprotected,
    }


def _exercise(result: ExerciseResult) -> dict[str, Any]:
    return {
        "points": result.points,
        "max_points": result.max_points,
        "places": None if result.places is None else _places(result.places),
        "properties": [_property(verdict) for verdict in result.verdicts],
        **noted_json(result.notes),
    }


def _property(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.name,
        "visibility": verdict.visibility.value,
        "kind": verdict.kind.value,
        "claim": choose(verdict.claim),
        "passed": verdict.passed,
        "code": verdict.code.value,
        "details": cleaned(dict(verdict.details)),
        "reason": clean(reason(verdict)),
        "message": clean(message(verdict)),
        "misconception": mistaken_for(verdict),
        "hints": [choose(hint) for hint in verdict.hints],
        "evidence": None if verdict.evidence is None else cleaned(verdict.evidence.to_plain()),
        **noted_json(verdict.notes),
    }


def mistaken_for(verdict: Verdict) -> str | list[str] | None:
    """Return the name of the mistake, a list of names, or None."""
    if not verdict.mistakes:
        return None
    return verdict.mistakes[0] if len(verdict.mistakes) == 1 else list(verdict.mistakes)


def noted_json(notes: tuple[Note, ...]) -> dict[str, Any]:
    """Return notes as sentences, and as codes with their details."""
    return {"notes": [clean(note_message(note)) for note in notes], "remarks": cleaned(plain_notes(notes))}


def cleaned(plain: Any) -> Any:
    """Return plain values with every text cleaned, for it may be a student's."""
    if isinstance(plain, str):
        return clean(plain)
    if isinstance(plain, dict):
        return {clean(key): cleaned(part) for key, part in plain.items()}
    return [cleaned(part) for part in plain] if isinstance(plain, list) else plain


def _places(places: Places) -> dict[str, Any]:
    def called(position: int) -> int | str:
        return places.label(position) if places.labels else position + 1

    return {
        "along": places.along,
        "count": places.count,
        "first": {"part": places.part, "place": called(places.first[1])},
        "wrong": {part: [*map(called, positions)] for part, positions in places.wrong.items()},
        "beside": list(places.beside),
    }


def gpu_json(found: OnGpu) -> dict[str, Any]:
    """Return the documented form of what came of a submission on a GPU."""
    return {
        "device": clean(found.device),
        "exercises": {
            row.exercise: {
                "right": row.right,
                "code": row.code.value,
                "details": cleaned(dict(row.details)),
                "message": clean(gpu_message(row)),
            }
            for row in found.rows
        },
    }
