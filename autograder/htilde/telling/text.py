"""An examination as text for a terminal of 80 columns, in plain characters.

Everything that came from a student is cleaned (``characters``), and no line of it can pass for one of the kit's.
"""

from __future__ import annotations

from collections.abc import Sequence

from htilde.characters import clean, columns, on_one_line, wrapped
from htilde.codes import Note
from htilde.language import _, choose
from htilde.model import Examination, ExerciseResult, OnGpu, Places, Verdict
from htilde.telling import network
from htilde.telling.gpu_messages import gpu_message
from htilde.telling.messages import message, reason
from htilde.telling.outline import (
    claimed,
    groups,
    head,
    likely,
    mistake_names,
    noted,
    notes_of,
    remaining,
    rows,
    total_of,
)

__all__ = ["as_text", "gpu_text", "in_brief", "note_text", "verdict_text", "whole_text"]

FEW = 3
"""Exercises that are named one by one."""
MAX_PRINTED = 200
"""Characters of what a function printed."""


def as_text(
    result: ExerciseResult, *, hidden_remain: bool = False, alone: bool = False, hints_first: bool = False
) -> str:
    """Return the result on one exercise.

    ``alone``: for somebody whom nobody grades. ``hints_first``: before the evidence, where lines are few.
    """
    mark = "ok" if result.passed else "--"
    lines = [f"{mark}  {head(result)}"]
    for verdict, claims in groups(result):
        lines += _failed(verdict, claims, grid=verdict.places is result.places, hints_first=hints_first)
        if verdict.printed:
            printed = f"{clean(verdict.printed[:MAX_PRINTED]).strip()!r}"
            lines += wrapped(_("Your function printed: {text}").format(text=printed), indent=8)
    for note in notes_of(result):
        lines += wrapped(noted(note))
    if hidden_remain and result.passed:
        lines += wrapped(remaining(alone))
    return "\n".join(lines)


def verdict_text(verdict: Verdict) -> str:
    """Return what a failed property tells, as ``as_text`` does; notes and prints are left to who shows it."""
    return "\n".join(_failed(verdict, [claimed(verdict)], grid=True)).strip("\n")


def _failed(verdict: Verdict, claims: Sequence[str], *, grid: bool, hints_first: bool = False) -> list[str]:
    """Return a failed property below the claims that it stands for; ``grid``: its places are drawn here."""
    lines: list[str] = []
    for at, claim in enumerate(claims):
        lines += [""] * (at == 0) + wrapped(claim)
    lines.append("")
    lines += wrapped(message(verdict), indent=8)
    lines += _likely(verdict) if hints_first else []
    found = [(on_one_line(label), on_one_line(value)) for label, value in rows(verdict)]
    width = max((columns(label) for label, _value in found), default=0)
    table = [f"            {label}{' ' * (width - columns(label))}  {value}" for label, value in found]
    lines += ["", *table, ""] if table else []
    if verdict.places is not None and grid:
        lines += [*_grid(verdict.places), ""]
    return lines if hints_first else [*lines, *_likely(verdict)]


def _likely(verdict: Verdict) -> list[str]:
    """Return the mistake that it looks like, and the hints."""
    said = [likely(verdict), *map(choose, verdict.hints)]
    return [line for text in said if text for line in wrapped(text, indent=8)]


def _grid(places: Places) -> list[str]:
    """Return a grid of marks that shows where along the network it is wrong."""
    marked = network.as_rows(places)
    width = max(columns(label) for label, _marks in marked)
    lines = [f"            {label}{' ' * (width - columns(label))}  {marks}" for label, marks in marked]
    return [*lines, *wrapped(network.legend(places), indent=12)]


def whole_text(examination: Examination, *, title: str = "", hidden_remain: bool = True, alone: bool = False) -> str:
    """Return a whole submission: each exercise, what was noticed, the sum."""
    lines = [f"{on_one_line(title)}\n"] if title else []
    lines += [f"{as_text(result, hidden_remain=hidden_remain, alone=alone)}\n" for result in examination.exercises]
    lines += map(note_text, examination.notes)
    return "\n".join([*lines, total_of(examination, hidden_remain=hidden_remain)])


def in_brief(examination: Examination) -> str:
    """Return what went wrong, a reason a line with the exercises that it concerns; nothing if nothing did."""
    exercises: dict[str, list[str]] = {}
    for result in examination.exercises:
        if failed := [verdict for verdict in result.verdicts if not verdict.passed]:
            named = next((verdict for verdict in failed if verdict.mistakes), failed[0])
            exercises.setdefault(mistake_names(named) or reason(named), []).append(result.name)
    return "\n".join(
        f"{', '.join(names) if len(names) <= FEW else f'{len(names)} exercises'}: {why}"
        for why, names in exercises.items()
    )


def note_text(note: Note | str) -> str:
    """Return a note on a whole submission, which may be in words already."""
    # Indented but for the first line: what a student wrote can't begin one that looks like the kit's.
    return "\n".join(wrapped(noted(note), indent=6))[6:]


def gpu_text(found: OnGpu) -> str:
    """Return what came of a submission on a GPU."""
    lines = wrapped(_("On the GPU, ungraded: {device}").format(device=found.device), indent=0)
    for row in found.rows:
        mark = {True: "ok", False: "--", None: "  "}[row.right]
        first, *more = wrapped(f"{row.exercise}: {gpu_message(row)}", indent=4)
        lines += [f"{mark}  {first.strip()}", *more]
    return "\n".join(lines)
