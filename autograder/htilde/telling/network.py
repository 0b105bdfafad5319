"""A small picture of a network that shows where an answer is wrong: as SVG, as rows of marks, and in words.

Legible on light and dark pages and in grey: what is wrong differs in form, too. Long networks are shown around the
first wrong place.
"""

from __future__ import annotations

import html

from htilde.language import _
from htilde.model import Places

__all__ = ["along_word", "as_rows", "as_svg", "in_words", "legend", "place_name"]

SHOWN = 16
"""Places that fit beside each other, on a page and in a terminal."""
_COLUMN, _ROW, _LABELS = 34, 24, 96
_WRONG, _RIGHT = "#c06000", "#208b3e"


def along_word(along: str) -> str:
    """Return the word for what an answer runs along, in the reader's language."""
    return {"layer": _("layer"), "block": _("block"), "step": _("step"), "gate": _("gate")}.get(along, along)


def place_name(along: str, part: str, place: str) -> str:
    """Return a part at a place in words: "dW of layer 2"."""
    return _("{part} of {along} {number}").format(part=part, along=along_word(along), number=place)


def in_words(places: Places) -> str:
    """Return in words what the picture shows."""
    wrong = "; ".join(f"{part}: {_list(places, positions)}" for part, positions in places.wrong.items())
    first = place_name(places.along, places.part, places.place)
    text = _(
        "Where it is wrong, by {along} ({one} to {last}). {wrong}. The first in the order of computation: {first}."
    )
    one, last = places.label(0), places.label(places.count - 1)
    words = text.format(along=along_word(places.along), one=one, last=last, wrong=wrong, first=first)
    return f"{words} ({_also(places)})" if places.beside else words


def _list(places: Places, positions: tuple[int, ...]) -> str:
    """Return places in a few words: 1–4, 7."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and runs[-1][-1] == position - 1:
            runs[-1][1:] = [position]
        else:
            runs.append([position])
    return ", ".join("–".join(map(places.label, run)) for run in runs)


def _window(places: Places) -> range:
    """Return the positions of the places to show: all, or as many as fit with the first wrong one among them."""
    start = min(max(0, places.first[1] - SHOWN // 2), max(0, places.count - SHOWN))
    return range(start, min(places.count, start + SHOWN))


def as_rows(places: Places) -> list[tuple[str, str]]:
    """Return label and marks of each line of a grid: the numbers of the places, then a line for each part."""
    window = _window(places)
    width = max(len(places.label(place)) for place in window)

    def mark(row: int, place: int) -> str:
        if (row, place) == places.first:
            return "X"
        return {True: ".", False: "x", None: ""}[places.marks[row][place]]

    def line(cells: list[str]) -> str:
        return "  ".join(cell.rjust(width) for cell in cells).rstrip()

    rows = [(along_word(places.along), line([places.label(place) for place in window]))]
    return rows + [(part, line([mark(row, place) for place in window])) for row, part in enumerate(places.parts)]


def legend(places: Places) -> str:
    """Return the meaning of the marks, and the wrong parts that have none."""
    if places.backward:
        marks = _(". right, x wrong, X the first wrong one on the way back")
    else:
        marks = _(". right, x wrong, X the first wrong one")
    return f"{marks}; {_also(places)}" if places.beside else marks


def _also(places: Places) -> str:
    return _("also wrong: {parts}").format(parts=", ".join(places.beside))


def as_svg(places: Places) -> str:
    """Return the places in a line, each part's marks below, and an arrow in the order of computation, as SVG."""
    window = _window(places)
    lines = 1 + len(places.parts) + (not places.labels) + bool(places.beside)
    width, height = _LABELS + len(window) * _COLUMN + 8, lines * _ROW + 8
    ends = _LABELS - 2, width - 2
    parts = [_text(0, 18, along_word(places.along))]
    for column, place in enumerate(window):
        x = _LABELS + column * _COLUMN + _COLUMN // 2
        parts.append(f'<path d="M{x - 17} 14h5m24 0h5" stroke="currentColor" opacity=".6"/>')
        parts.append(f'<rect x="{x - 12}" y="4" width="24" height="20" rx="3" fill="none" stroke="currentColor"/>')
        parts.append(_text(x, 18, places.label(place), anchor="middle"))
        for row in range(len(places.parts)):
            parts.append(_mark(places, row, place, x, 14 + (row + 1) * _ROW))
    parts += [_text(0, 18 + (row + 1) * _ROW, part) for row, part in enumerate(places.parts)]
    y = 14 + (len(places.parts) + 1) * _ROW
    if not places.labels:  # gates have no order
        tip, back = (ends[0], 6) if places.backward else (ends[1], -6)
        parts.append(
            f'<path d="M{ends[0]} {y}H{ends[1]}M{tip + back} {y - 4}L{tip} {y}L{tip + back} {y + 4}" fill="none" '
            'stroke="currentColor" opacity=".6"/>'
        )
        parts.append(_text(0, y + 4, _("way back") if places.backward else _("way forward")))
        y += _ROW
    if places.beside:
        parts.append(_text(0, y + 4, _also(places)))
    label = html.escape(in_words(places), quote=True)
    return (
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'style="max-width:100%;margin-top:.4em"><title>{label}</title>{"".join(parts)}</svg>'
    )


def _mark(places: Places, row: int, place: int, x: int, y: int) -> str:
    """Draw a dot where a part is right, a cross where it is wrong, and a frame around the first wrong one."""
    mark = places.marks[row][place]
    if mark is None:
        return ""
    if mark:
        return f'<circle cx="{x}" cy="{y}" r="3.5" fill="{_RIGHT}"/>'
    cross = f'<path d="M{x - 5} {y - 5}l10 10m0 -10l-10 10" stroke="{_WRONG}" stroke-width="2.5" fill="none"/>'
    if (row, place) != places.first:
        return cross
    frame = f'<rect x="{x - 10}" y="{y - 10}" width="20" height="20" rx="3" fill="none" stroke="currentColor"/>'
    return frame + cross


def _text(x: int, y: int, text: str, *, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="currentColor" font-size="11">{html.escape(text)}</text>'
