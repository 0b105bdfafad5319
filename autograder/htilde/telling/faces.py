"""The faces of an examination: JSON for programs, HTML for a notebook or feedback, text for a terminal.

Everything that came from a student is cleaned (``characters``) and, in HTML, escaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import Any

from htilde.characters import clean, columns, on_one_line, points, wrapped
from htilde.errors import KitError
from htilde.language import _
from htilde.model import Examination, ExerciseResult, Kind, OnGpu, Places, Verdict, Visibility
from htilde.telling import network
from htilde.telling.curves import as_svg

__all__ = [
    "as_html",
    "as_json",
    "as_text",
    "gpu_json",
    "gpu_text",
    "labels_of",
    "note_text",
    "total",
    "trouble_html",
    "verdict_text",
    "whole_html",
    "whole_text",
    "why",
]


def as_json(examination: Examination) -> dict[str, Any]:
    """The documented form (docs/json.md) of an examination."""
    return {
        "assignment": examination.assignment,
        "points": examination.points,
        "max_points": examination.max_points,
        "exercises": {
            result.name: {
                "points": result.points,
                "max_points": result.max_points,
                "places": None if result.places is None else _places(result.places),
                "properties": [
                    {
                        "name": verdict.name,
                        "visibility": verdict.visibility.value,
                        "kind": verdict.kind.value,
                        "passed": verdict.passed,
                        "reason": clean(verdict.reason),
                        "message": clean(verdict.message),
                        "misconception": verdict.misconception,
                        "hints": list(verdict.hints),
                        "notes": [clean(note) for note in verdict.notes],
                    }
                    for verdict in result.verdicts
                ],
            }
            for result in examination.exercises
        },
        "papers": list(examination.papers),
        "notes": [clean(note) for note in examination.notes],
        "unprotected": examination.unprotected,
    }


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
    """The documented form of what came of a submission on a GPU."""
    return {
        "device": clean(found.device),
        "exercises": {row.exercise: {"right": row.right, "message": clean(row.message)} for row in found.rows},
    }


def gpu_text(found: OnGpu) -> str:
    """What came of a submission on a GPU, for a terminal of 80 columns."""
    lines = wrapped(_("On the GPU, ungraded: {device}").format(device=found.device), indent=0)
    for row in found.rows:
        mark = {True: "ok", False: "--", None: "  "}[row.right]
        first, *more = wrapped(f"{row.exercise}: {row.message}", indent=4)
        lines += [f"{mark}  {first.strip()}", *more]
    return "\n".join(lines)


def why(verdict: Verdict) -> str:
    """The mistakes that were recognised, as words: "differentiates the output"."""
    names = [name.replace("_", " ") for name in verdict.misconceptions]
    return (_(" and ") if verdict.together else _(" or ")).join(names)


def _groups(result: ExerciseResult) -> Iterator[tuple[Verdict, list[str]]]:
    """What failed, once for each explanation: the first verdict that it explains, and the claims of all of them.

    If one explanation covers the whole exercise ("not implemented yet"), it matters more than what was claimed.
    """
    told: list[tuple[Verdict, list[Verdict]]] = []
    for verdict in (v for v in result.verdicts if not v.passed):
        for first, others in told:
            same_mistake = verdict.misconceptions and verdict.misconceptions == first.misconceptions
            if same_mistake or (not verdict.misconceptions and verdict.message == first.message):
                others.append(verdict)
                break
        else:
            told.append((verdict, []))
    for first, others in told:
        claims = [labels_of(verdict) + verdict.claim for verdict in (first, *others)]
        explained = first.evidence or first.misconceptions
        about_all = len(claims) == len(result.verdicts) and not explained
        yield first, [] if about_all else [claims[0], *(_("also: {claim}").format(claim=claim) for claim in claims[1:])]


def as_text(
    result: ExerciseResult, *, hidden_remain: bool = False, alone: bool = False, hints_first: bool = False
) -> str:
    """The result on one exercise for a terminal of 80 columns, in plain characters.

    ``alone``: for somebody whom nobody grades. ``hints_first``: before the evidence, where lines are few.
    """
    mark = "ok" if result.passed else "--"
    lines = [f"{mark}  {_head(result)}"]
    for verdict, claims in _groups(result):
        lines += _told(verdict, claims, grid=verdict.places is result.places, hints_first=hints_first)
        if verdict.printed:
            printed = f"{clean(verdict.printed[:200]).strip()!r}"
            lines += wrapped(_("Your function printed: {text}").format(text=printed), indent=8)
    for note in _notes(result):
        lines += wrapped(_("Note: {note}").format(note=note))
    if hidden_remain and result.passed:
        lines += wrapped(_remain(alone))
    return "\n".join(lines)


def verdict_text(verdict: Verdict) -> str:
    """What a failed property tells, as ``as_text`` does; notes and what was printed are left to who shows it."""
    return "\n".join(_told(verdict, [labels_of(verdict) + verdict.claim], grid=True)).strip("\n")


def _told(verdict: Verdict, claims: Sequence[str], *, grid: bool, hints_first: bool = False) -> list[str]:
    """A failed property below the claims that it stands for; ``grid`` is whether its places are drawn here."""
    lines: list[str] = []
    for at, claim in enumerate(claims):
        lines += [""] * (at == 0) + wrapped(claim)
    lines.append("")
    lines += wrapped(verdict.message, indent=8)
    lines += _likely(verdict) if hints_first else []
    labels = [_in_words(row.label, verdict) for row in verdict.evidence]
    width = max(map(columns, labels), default=0)
    rows = [
        f"            {label}{' ' * (width - columns(label))}  {on_one_line(row.text)}"
        for label, row in zip(labels, verdict.evidence)
    ]
    lines += ["", *rows, ""] if rows else []
    if verdict.places is not None and grid:
        lines += [*_grid(verdict.places), ""]
    return lines if hints_first else [*lines, *_likely(verdict)]


def _likely(verdict: Verdict) -> list[str]:
    """The mistake that it looks like, and the hints."""
    said = [_("It looks like: {mistake}.").format(mistake=why(verdict))] if verdict.misconceptions else []
    return [line for text in (*said, *verdict.hints) for line in wrapped(text, indent=8)]


def _grid(places: Places) -> list[str]:
    """Where along the network it is wrong, as a grid of marks."""
    rows = network.as_rows(places)
    width = max(columns(label) for label, _marks in rows)
    lines = [f"            {label}{' ' * (width - columns(label))}  {marks}" for label, marks in rows]
    return [*lines, *wrapped(network.legend(places), indent=12)]


def _head(result: ExerciseResult) -> str:
    earned, most = points(result.points), points(result.max_points)
    return _("{exercise}: {points} of {most} points").format(exercise=result.name, points=earned, most=most)


def _remain(alone: bool) -> str:
    if alone:
        return _("Hidden properties remain; 'htilde watch' asks them, and 'htilde check --hidden'.")
    return _("Hidden properties remain; they are asked when this is graded.")


def labels_of(verdict: Verdict) -> str:
    """What a property is besides public and main, in brackets before its claim."""
    words = [
        word
        for word, holds in (
            (_("hidden"), verdict.visibility is Visibility.HIDDEN),
            (_("edge"), verdict.kind is Kind.EDGE),
        )
        if holds
    ]
    return f"[{', '.join(words)}] " if words else ""


def _notes(result: ExerciseResult) -> list[str]:
    return [clean(note) for note in dict.fromkeys(note for verdict in result.verdicts for note in verdict.notes)]


_GOOD, _BAD = "#208b3e", "#c06000"  # legible on white and on black
_PAGE = ";max-width:60em;word-break:keep-all;overflow-wrap:anywhere"  # Korean breaks between words


def as_html(
    result: ExerciseResult, *, notes: Sequence[str] = (), hidden_remain: bool = False, alone: bool = False
) -> str:
    """The result on one exercise as a self-contained piece of HTML, legible on light and dark pages."""
    colour = _GOOD if result.passed else _BAD
    mark = "✓" if result.passed else "✗"
    head = f"{mark} {_head(result)}"
    body = [f'<div style="font-weight:600;color:{colour}">{_escape(head)}</div>']
    for verdict, claims in _groups(result):
        for at, claim in enumerate(claims):
            style = "" if at else ' style="margin-top:.5em;font-weight:600"'
            body.append(f"<div{style}>{_escape(claim)}</div>")
        body.append(f'<div style="margin-top:.3em">{_escape(verdict.message)}</div>')
        if verdict.evidence:
            body.append(_table(verdict))
        if verdict.places is not None and verdict.places is result.places:
            body.append(network.as_svg(verdict.places))
        if verdict.misconceptions:
            like = _escape(_("It looks like: {mistake}.")).format(mistake=f"<i>{_escape(why(verdict))}</i>")
            body.append(f"<div>{like}</div>")
        body += [f"<div>{_escape(hint)}</div>" for hint in verdict.hints]
        if verdict.printed:
            printed = _("Your function printed: {text}").format(text="")
            body.append(f"<div>{_escape(printed)}</div><pre>{_escape(verdict.printed)}</pre>")
    if result.curves is not None and any(verdict.evidence for verdict in result.verdicts):
        body.append(as_svg(result.curves))
    small = [_("Note: {note}").format(note=note) for note in (*_notes(result), *map(clean, notes))]
    small += [_remain(alone)] if hidden_remain and result.passed else []
    body += [f'<div style="opacity:.75">{_escape(line)}</div>' for line in small]
    style = f"border-left:4px solid {colour};padding:.2em .8em;line-height:1.5{_PAGE}"
    return f'<div style="{style}">{"".join(body)}</div>'


def whole_text(examination: Examination, *, title: str = "", hidden_remain: bool = True, alone: bool = False) -> str:
    """A whole submission for a terminal: each exercise, what was noticed, the sum."""
    lines = [f"{on_one_line(title)}\n"] if title else []
    lines += [f"{as_text(result, hidden_remain=hidden_remain, alone=alone)}\n" for result in examination.exercises]
    lines += map(note_text, examination.notes)
    return "\n".join([*lines, _sum(examination, hidden_remain=hidden_remain)])


def note_text(note: str) -> str:
    """A note on a whole submission for a terminal."""
    # Indented but for the first line: what a student wrote can't begin one that looks like the kit's.
    return "\n".join(wrapped(_("Note: {note}").format(note=note), indent=6))[6:]


def whole_html(examination: Examination, *, title: str) -> str:
    """A whole submission for a notebook: in full what isn't right yet, in a line what is."""
    right = [result.name for result in examination.exercises if result.passed]
    parts = [f'<div style="font-weight:600">{_escape(title)}</div>']
    parts += [as_html(result) for result in examination.exercises if not result.passed]
    parts += [f'<div style="color:{_GOOD}">✓ {_escape(", ".join(right))}</div>'] if right else []
    notes = [_("Note: {note}").format(note=note) for note in examination.notes]
    parts += [f'<div style="opacity:.75">{_escape(note)}</div>' for note in notes]
    parts.append(f'<div style="font-weight:600">{_escape(_sum(examination, hidden_remain=True))}</div>')
    return f'<div style="line-height:1.5{_PAGE}">{"".join(parts)}</div>'


def total(what: str, earned: float, most: float, *, hidden_remain: bool) -> str:
    """The sum of points in a sentence."""
    if hidden_remain:
        text = _("{assignment}: {points} of {most} points so far; hidden properties remain.")
    else:
        text = _("{assignment}: {points} of {most} points.")
    return text.format(assignment=what, points=points(earned), most=points(most))


def _sum(examination: Examination, *, hidden_remain: bool) -> str:
    return total(examination.assignment, examination.points, examination.max_points, hidden_remain=hidden_remain)


def _table(verdict: Verdict) -> str:
    cell = "padding:.1em .8em .1em 0;text-align:left;font-weight:normal"
    rows = "".join(
        f'<tr><th style="{cell}">{_escape(_in_words(row.label, verdict))}</th>'
        f'<td style="{cell}"><code>{_escape(row.text)}</code></td></tr>'
        for row in verdict.evidence
    )
    return f'<table style="margin:.2em 0">{rows}</table>'


def _in_words(label: str, verdict: Verdict) -> str:
    """A misconception's name without underscores; arguments keep theirs."""
    return on_one_line(label.replace("_", " ") if label in verdict.misconceptions else label)


def _escape(text: str) -> str:
    return html.escape(clean(text))


def trouble_html(error: KitError) -> str:
    """An error of the kit, as HTML for a notebook."""
    return (
        f'<div style="border-left:4px solid {_BAD};padding:.2em .8em">{_escape(error.message)}'
        f"<br>{_escape(error.next_step)}</div>"
    )
