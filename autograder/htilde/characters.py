"""Characters: which may be shown, how wide they are, and where lines of a terminal break.

All text that comes from a student passes through here before it is written to a terminal, a page or a table.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["WIDTH", "cell", "clean", "columns", "on_one_line", "points", "wrapped"]

WIDTH = 80
"""The columns of a terminal."""


def clean(text: str) -> str:
    """Replace characters that could move a cursor, turn the writing direction or hide text."""
    return "".join(c if c in "\n\t" or _is_seen(c) else "\N{REPLACEMENT CHARACTER}" for c in text)


def _is_seen(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")  # those end a line


_FORMULA = re.compile(r"^(?=[\t\r\n])|(^|[\t\r\n;,|])(?=[ \xa0\u3000]*[=+@＝＋－＠-])")
"""The places where a spreadsheet might read a formula: the start, and what follows a possible end of a cell."""


def cell(text: str) -> str:
    """Quote text for a CSV so that no spreadsheet takes it for a formula, whatever it takes for the end of a cell."""
    return _FORMULA.sub(r"\1'", text)


def points(number: float) -> str:
    """Return points without trailing zeros: 3, 2.5, 1.67."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def wrapped(text: str, *, indent: int = 4) -> list[str]:
    """Fold text into lines that fit a terminal. (textwrap would count a Korean syllable as one column.)"""
    lines = [""]
    for word in clean(text).split():
        if lines[-1] and columns(lines[-1]) + 1 + columns(word) > WIDTH - indent:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".lstrip()
    return [" " * indent + line for line in lines]


def on_one_line(text: str) -> str:
    """Clean text and replace its line breaks by spaces."""
    return clean(text).replace("\n", " ")


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    marks = map(unicodedata.combining, text)  # the tilde of h̃ stands over the h
    return sum(0 if mark else 1 + (unicodedata.east_asian_width(c) in "WF") for c, mark in zip(text, marks))
