"""The parts of a result in words and in order, which text and HTML have in common."""

from __future__ import annotations

from collections.abc import Iterator

from htilde.characters import clean, points
from htilde.codes import Note, distinct
from htilde.language import _, choose
from htilde.model import Examination, ExerciseResult, Kind, Verdict, Visibility
from htilde.telling.messages import part_name
from htilde.telling.notes import note_message
from htilde.telling.wording import apart, show

__all__ = [
    "claimed",
    "groups",
    "head",
    "labels_of",
    "likely",
    "mistake_names",
    "noted",
    "notes_of",
    "remaining",
    "rows",
    "total",
    "total_of",
]


def mistake_names(verdict: Verdict) -> str:
    """Return the mistakes that were recognised, as words: "differentiates the output"."""
    names = [name.replace("_", " ") for name in verdict.mistakes]
    return (_(" and ") if verdict.together else _(" or ")).join(names)


def likely(verdict: Verdict) -> str:
    """Return the sentence that names the mistake; nothing if none was recognised."""
    return _("It looks like: {mistake}.").format(mistake=mistake_names(verdict)) if verdict.mistakes else ""


def labels_of(verdict: Verdict) -> str:
    """Return what a property is besides public and main, in brackets before its claim."""
    words = [
        word
        for word, holds in (
            (_("hidden"), verdict.visibility is Visibility.HIDDEN),
            (_("edge"), verdict.kind is Kind.EDGE),
        )
        if holds
    ]
    return f"[{', '.join(words)}] " if words else ""


def claimed(verdict: Verdict) -> str:
    """Return what a property claims, with its labels."""
    return labels_of(verdict) + choose(verdict.claim)


def groups(result: ExerciseResult) -> Iterator[tuple[Verdict, list[str]]]:
    """Yield what failed, once for each explanation: the first verdict that it explains, and the claims of all of them.

    If one explanation covers the whole exercise ("not implemented yet"), it matters more than what was claimed.
    """
    told: list[tuple[Verdict, list[Verdict]]] = []
    for verdict in (v for v in result.verdicts if not v.passed):
        for first, others in told:
            if _is_explained_by(verdict, first):
                others.append(verdict)
                break
        else:
            told.append((verdict, []))
    for first, others in told:
        claims = [claimed(verdict) for verdict in (first, *others)]
        explained = first.evidence or first.mistakes
        about_all = len(claims) == len(result.verdicts) and not explained
        yield first, [] if about_all else [claims[0], *(_("also: {claim}").format(claim=claim) for claim in claims[1:])]


def _is_explained_by(verdict: Verdict, first: Verdict) -> bool:
    if verdict.mistakes:
        return verdict.mistakes == first.mistakes
    return (verdict.code, verdict.details, verdict.places) == (first.code, first.details, first.places)


def rows(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the evidence as labels and values in words: arguments, the answer, the right one, those of mistakes."""
    evidence = verdict.evidence
    if evidence is None:
        return []
    asked = [(name, show(value)) for name, value in evidence.arguments.items()]
    mine, right = apart(evidence.got, evidence.expected)
    if part := part_name(verdict.details):
        answers = [(_("your {part}").format(part=part), mine), (_("right {part}").format(part=part), right)]
    else:
        answers = [(_("your answer"), mine), (_("right"), right)]
    mistaken = [(name.replace("_", " "), show(value)) for name, value in evidence.mistaken.items()]
    return [*asked, *answers, *mistaken]


def head(result: ExerciseResult) -> str:
    """Return the name of an exercise and what it earned."""
    earned, most = points(result.points), points(result.max_points)
    return _("{exercise}: {points} of {most} points").format(exercise=result.name, points=earned, most=most)


def remaining(alone: bool) -> str:
    """Return that hidden properties remain; ``alone``: for somebody whom nobody grades."""
    if alone:
        return _("Hidden properties remain; 'htilde watch' asks them, and 'htilde check --hidden'.")
    return _("Hidden properties remain; they are asked when this is graded.")


def notes_of(result: ExerciseResult) -> tuple[Note, ...]:
    """Return the notes on an exercise and on its properties, each once."""
    return distinct([*result.notes, *(note for verdict in result.verdicts for note in verdict.notes)])


def noted(note: Note | str) -> str:
    """Return a note as a sentence that says so."""
    return _("Note: {note}").format(note=clean(note_message(note) if isinstance(note, Note) else note))


def total(what: str, earned: float, most: float, *, hidden_remain: bool) -> str:
    """Return the sum of points in a sentence."""
    if hidden_remain:
        text = _("{assignment}: {points} of {most} points so far; hidden properties remain.")
    else:
        text = _("{assignment}: {points} of {most} points.")
    return text.format(assignment=what, points=points(earned), most=points(most))


def total_of(examination: Examination, *, hidden_remain: bool) -> str:
    """Return the sum of a submission's points in a sentence."""
    return total(examination.assignment, examination.points, examination.max_points, hidden_remain=hidden_remain)
