"""An examination as HTML for a notebook or feedback: self-contained, legible on light and dark pages.

Everything that came from a student is cleaned (``characters``) and escaped.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from htilde.characters import clean, on_one_line
from htilde.codes import Note
from htilde.errors import KitError
from htilde.language import _, choose
from htilde.model import Examination, ExerciseResult, Verdict
from htilde.telling import network
from htilde.telling.curves import as_svg
from htilde.telling.messages import message
from htilde.telling.outline import groups, head, mistake_names, noted, notes_of, remaining, rows, total_of

__all__ = ["as_html", "trouble_html", "whole_html"]

_GOOD, _BAD = "#208b3e", "#c06000"  # legible on white and on black
_PAGE = ";max-width:60em;word-break:keep-all;overflow-wrap:anywhere"  # Korean breaks between words


def as_html(
    result: ExerciseResult, *, notes: Sequence[Note | str] = (), hidden_remain: bool = False, alone: bool = False
) -> str:
    """Return the result on one exercise. ``notes`` are shown besides its own; they may be in words already."""
    colour = _GOOD if result.passed else _BAD
    mark = "✓" if result.passed else "✗"
    body = [f'<div style="font-weight:600;color:{colour}">{_escape(f"{mark} {head(result)}")}</div>']
    for verdict, claims in groups(result):
        for at, claim in enumerate(claims):
            style = "" if at else ' style="margin-top:.5em;font-weight:600"'
            body.append(f"<div{style}>{_escape(claim)}</div>")
        body.append(f'<div style="margin-top:.3em">{_escape(message(verdict))}</div>')
        if verdict.evidence is not None:
            body.append(_table(verdict))
        if verdict.places is not None and verdict.places is result.places:
            body.append(network.as_svg(verdict.places))
        if verdict.mistakes:
            like = _escape(_("It looks like: {mistake}.")).format(mistake=f"<i>{_escape(mistake_names(verdict))}</i>")
            body.append(f"<div>{like}</div>")
        body += [f"<div>{_escape(choose(hint))}</div>" for hint in verdict.hints]
        if verdict.printed:
            printed = _("Your function printed: {text}").format(text="")
            body.append(f"<div>{_escape(printed)}</div><pre>{_escape(verdict.printed)}</pre>")
    if result.curves is not None and any(verdict.evidence is not None for verdict in result.verdicts):
        body.append(as_svg(result.curves))
    small = [noted(note) for note in (*notes_of(result), *notes)]
    small += [remaining(alone)] if hidden_remain and result.passed else []
    body += [f'<div style="opacity:.75">{_escape(line)}</div>' for line in small]
    style = f"border-left:4px solid {colour};padding:.2em .8em;line-height:1.5{_PAGE}"
    return f'<div style="{style}">{"".join(body)}</div>'


def _table(verdict: Verdict) -> str:
    cell = "padding:.1em .8em .1em 0;text-align:left;font-weight:normal"
    found = "".join(
        f'<tr><th style="{cell}">{_escape(on_one_line(label))}</th>'
        f'<td style="{cell}"><code>{_escape(value)}</code></td></tr>'
        for label, value in rows(verdict)
    )
    return f'<table style="margin:.2em 0">{found}</table>'


def whole_html(examination: Examination, *, title: str) -> str:
    """Return a whole submission: in full what isn't right yet, in a line what is."""
    right = [result.name for result in examination.exercises if result.passed]
    parts = [f'<div style="font-weight:600">{_escape(title)}</div>']
    parts += [as_html(result) for result in examination.exercises if not result.passed]
    parts += [f'<div style="color:{_GOOD}">✓ {_escape(", ".join(right))}</div>'] if right else []
    parts += [f'<div style="opacity:.75">{_escape(noted(note))}</div>' for note in examination.notes]
    parts.append(f'<div style="font-weight:600">{_escape(total_of(examination, hidden_remain=True))}</div>')
    return f'<div style="line-height:1.5{_PAGE}">{"".join(parts)}</div>'


def trouble_html(error: KitError) -> str:
    """Return an error of the kit."""
    return (
        f'<div style="border-left:4px solid {_BAD};padding:.2em .8em">{_escape(error.message)}'
        f"<br>{_escape(error.next_step)}</div>"
    )


def _escape(text: str) -> str:
    return html.escape(clean(text))
