"""Draw bars as SVG, for a page that loads nothing: text keeps its size at any width, and bars differ in grey.

Lengths across are percentages of the picture's width, so there is no scale at which a label gets too small. Each
picture says in words what it shows.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from htilde.characters import points

__all__ = ["PATTERNS", "bar", "histogram"]

PATTERNS = (
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
    '<pattern id="hatched" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="var(--page)"/><rect width="3.5" height="7" fill="var(--part)"/></pattern>'
    '<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="var(--page)"/><circle cx="3" cy="3" r="1.1" fill="var(--ink)"/></pattern>'
    "</defs></svg>"
)
"""What bars are filled with; stands once in a page, before its pictures."""
FILLS = {"full": "var(--full)", "part": "url(#hatched)", "nothing": "var(--page)", "not begun": "url(#dotted)"}
"""The parts of a bar: solid, hatched, empty, dotted."""

_ABOVE, _BARS, _BELOW = 18, 150, 20
_FRAME = 'stroke="var(--ink)" stroke-width="1"'
_TEXT = 'fill="currentColor" font-size="12" stroke="var(--page)" stroke-width="4" paint-order="stroke"'


def bar(parts: Sequence[tuple[str, float]], *, label: str = "") -> str:
    """Draw one bar as wide as the picture. ``parts`` are keys of ``FILLS`` and shares of 1, which together may be less.

    Without a ``label`` it stands beside words that say the same, and is passed over by those who can't see it.
    """
    drawn, at = [], 0.0
    for fill, share in parts:
        if share > 0:
            across = f'x="{100 * at:.2f}%" width="{100 * share:.2f}%"'
            drawn.append(f'<rect {across} y="0" height="14" fill="{FILLS[fill]}" {_FRAME}/>')
        at += share
    frame = f'<rect x="0" y="0" width="100%" height="14" fill="none" {_FRAME}/>'
    return _picture(label, 14, "".join(drawn) + frame)


def histogram(bins: Sequence[tuple[float, float, int]], *, label: str, median: float | None = None) -> str:
    """Draw a bar for each bin (from, to, how many), equally wide, with the number above it and the ends below."""
    count, most = len(bins), max((found for _, _, found in bins), default=0) or 1
    wide, floor = 100 / count, _ABOVE + _BARS
    texts: list[str] = []  # above all else, on a ground of their own
    parts = [f'<line x1="0" x2="100%" y1="{floor}" y2="{floor}" {_FRAME}/>']
    for number, (low, _, found) in enumerate(bins):
        left, high = number * wide, _BARS * found / most
        if found:
            shape = (
                f'x="{left + 0.04 * wide:.2f}%" width="{0.92 * wide:.2f}%" y="{floor - high:.1f}" height="{high:.1f}"'
            )
            parts.append(f'<rect {shape} fill="var(--full)" {_FRAME}/>')
            texts.append(_text(left + wide / 2, floor - high - 5, str(found), "middle"))
        texts.append(_text(left, floor + 15, points(low), "middle" if number else "start"))
    texts.append(_text(100, floor + 15, points(bins[-1][1]), "end"))
    if median is not None:
        across = _place(bins, median) * 100
        ends = f'x1="{across:.2f}%" x2="{across:.2f}%" y1="{_ABOVE}" y2="{floor}"'
        parts.append(f'<line {ends} stroke="var(--page)" stroke-width="4"/>')
        parts.append(f'<line {ends} stroke="var(--ink)" stroke-width="2" stroke-dasharray="5 4"/>')
    return _picture(label, floor + _BELOW, "".join(parts + texts))


def _place(bins: Sequence[tuple[float, float, int]], value: float) -> float:
    """Return the position of a value across a histogram, as a share of its width."""
    number = max(sum(low <= value for low, _, _ in bins) - 1, 0)
    low, high, _ = bins[number]
    inside = (value - low) / (high - low) if high > low else 0.0
    return (number + min(max(inside, 0.0), 1.0)) / len(bins)


def _text(across: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{across:.2f}%" y="{y:.1f}" text-anchor="{anchor}" {_TEXT}>{html.escape(text)}</text>'


def _picture(label: str, height: int, inside: str) -> str:
    words = html.escape(label, quote=True)
    told = f'role="img" aria-label="{words}"' if label else 'aria-hidden="true"'
    title = f"<title>{words}</title>" if label else ""
    return f'<svg {told} width="100%" height="{height}" overflow="visible">{title}{inside}</svg>'
