"""A small picture of an answer beside the right one, as SVG: no plotting library in a student's check.

Legible on light and dark pages, with a description in words.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from htilde.language import _
from htilde.model import Curves

__all__ = ["as_svg"]

WIDTH, HEIGHT, MARGIN = 360, 180, 18
_YOURS, _RIGHT = "#c06000", "#208b3e"
_SMALL = 'fill="currentColor" font-size="11"'
_DASHES = 'stroke-dasharray="5 4"'


def as_svg(curves: Curves) -> str:
    """Draw the two curves over the same axis, with a line where they first differ."""
    low, high = _range(curves)
    span = (high - low) or 1.0

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - curves.x[0]) / ((curves.x[-1] - curves.x[0]) or 1)
        up = (min(max(y, low - span), high + span) - low) / span  # what goes beyond is cut off at the frame
        return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)

    parts = [_line(place(x, low), place(x, high)) for x in (0.0,) if curves.x[0] < x < curves.x[-1]]
    parts += [_line(place(curves.x[0], y), place(curves.x[-1], y)) for y in (0.0,) if low <= y <= high]
    drawn: list[str] = []
    for values, colour, dashes in ((curves.right, _RIGHT, _DASHES), (curves.yours, _YOURS, "")):
        for run in _runs(curves.x, values):
            way = "L".join("{:.1f} {:.1f}".format(*place(x, y)) for x, y in run)
            drawn.append(f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="2" {dashes}/>')
    parts.append(f'<svg width="{WIDTH}" height="{HEIGHT - MARGIN}" overflow="hidden">{"".join(drawn)}</svg>')
    words = _("Your answer and the right one over {axis} from {first} to {last}.")
    words = words.format(axis=curves.label, first=f"{curves.x[0]:g}", last=f"{curves.x[-1]:g}")
    if (where := curves.part) is not None and where != curves.x[0]:
        left = place(where, 0)[0]
        parts.append(f'<line x1="{left:.1f}" y1="0" x2="{left:.1f}" y2="{HEIGHT}" stroke="currentColor" opacity=".5"/>')
        words += " " + _("They part at {place}.").format(place=f"{where:g}")
    first, middle, last = (MARGIN, "start"), (WIDTH / 2, "middle"), (WIDTH - MARGIN, "end")
    ends = [(*first, f"{curves.x[0]:g}"), (*middle, curves.label), (*last, f"{curves.x[-1]:g}")]
    for x, anchor, text in ends:
        parts.append(f'<text x="{x:g}" y="{HEIGHT - 4}" text-anchor="{anchor}" {_SMALL}>{html.escape(text)}</text>')
    legend = [(_("yours"), _YOURS, ""), (_("right"), _RIGHT, _DASHES)]
    for number, (name, colour, dashes) in enumerate(legend):
        y = 14 + 15 * number
        parts.append(f'<path d="M{WIDTH + 6} {y - 4}h18" fill="none" stroke="{colour}" stroke-width="2" {dashes}/>')
        parts.append(f'<text x="{WIDTH + 28}" y="{y}" {_SMALL}>{name}</text>')
    label = html.escape(words, quote=True)
    inside = "".join(parts)
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {WIDTH + 100} {HEIGHT}" width="{WIDTH + 100}" '
        f'height="{HEIGHT}" style="max-width:100%;margin-top:.4em"><title>{label}</title>{inside}</svg>'
    )


def _range(curves: Curves) -> tuple[float, float]:
    """Return the right curve's range with room for an answer that leaves it; what goes far beyond is cut off."""
    right = [y for y in curves.right if math.isfinite(y)] or [0.0]
    low, high = min(right), max(right)
    room = (high - low) or abs(high) or 1.0
    finite = [y for y in curves.yours if math.isfinite(y)]
    low, high = max(min([low, *finite]), low - room), min(max([high, *finite]), high + room)
    return low - 0.05 * room, high + 0.05 * room


def _runs(xs: Sequence[float], ys: Sequence[float]) -> list[list[tuple[float, float]]]:
    """Return the points of a curve in pieces without NaN."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(xs, ys):
        if math.isnan(y):
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} stroke="currentColor" opacity=".25"/>'
