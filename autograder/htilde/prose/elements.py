"""The elements of MathML of which formulas are made: leaves, fences, tables, and TeX's commands without an argument."""

from __future__ import annotations

import html
from collections.abc import Set

from htilde.prose.symbols import ESCAPED, LETTERS, NAMES, OPERATORS, SPACES, SUMS

__all__ = ["ENVIRONMENTS", "NOT_STRETCHED", "between", "element", "leaf", "space", "symbol", "table"]

NOT_STRETCHED = ' stretchy="false"'
_FENCED = {"pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "cases": "{ "}
_ALIGNED = {"aligned", "align", "split"}
ENVIRONMENTS = {"matrix", "smallmatrix", "array", "gathered", "gather", "equation", *_ALIGNED, *_FENCED}
"""The environments of TeX that are tables."""
_IGNORED = {"displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag"} | {
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
}


def element(name: str, *parts: str, more: str = "") -> str:
    """Return an element that holds these parts; ``more`` are its attributes."""
    return f"<{name}{more}>{''.join(parts)}</{name}>"


def leaf(name: str, text: str, more: str = "") -> str:
    """Return an element that holds text, which is escaped."""
    return element(name, html.escape(text), more=more)


def space(name: str) -> str:
    """Return the space that a TeX command of this name leaves."""
    return element("mspace", more=f' width="{SPACES[name]:g}em"')


def symbol(name: str) -> str | None:
    """Return a command that takes no argument as MathML, or None if it is another."""
    if (letter := LETTERS.get(name)) is not None:
        return leaf("mi", letter, "" if letter.islower() else ' mathvariant="normal"')
    if (operator := OPERATORS.get(name) or ESCAPED.get(name)) is not None:
        return leaf("mo", operator, NOT_STRETCHED)
    if name in SUMS:
        return leaf("mo", SUMS[name])
    if name in NAMES:
        return leaf("mi", name)
    if name in SPACES:
        return space(name)
    return element("mrow") if name in _IGNORED else None


def between(opening: str, inside: str, closing: str) -> str:
    """Return a part between two fences that stretch; either may be empty."""
    if not opening and not closing:
        return inside
    fences = [leaf("mo", fence, ' fence="true" stretchy="true"') if fence else "" for fence in (opening, closing)]
    return element("mrow", fences[0], inside, fences[1])


def table(rows: list[list[str]], environment: str, lines: Set[int] = frozenset()) -> str:
    """Return rows as a table with a line above each row in ``lines``; their number there is a line below the last one.

    The columns of an aligned environment are right- and left-aligned in turn, those of cases left, others centred.
    Matrices and cases stand between fences.
    """
    if environment in _ALIGNED:
        styles = ["text-align:right;padding-right:0", "text-align:left;padding-left:0"]
    else:
        styles = ["text-align:left" if environment == "cases" else "text-align:center"]
    found = []
    for number, row in enumerate(rows):
        border = ";border-top:1px solid" * (number in lines)
        border += ";border-bottom:1px solid" * (number == len(rows) - 1 and len(rows) in lines)
        cells = (
            element("mtd", cell, more=f' style="{styles[at % len(styles)]}{border}"') for at, cell in enumerate(row)
        )
        found.append(element("mtr", *cells))
    rows_and_columns = element("mtable", *found, more=' displaystyle="true"' if environment in _ALIGNED else "")
    fences = _FENCED.get(environment, "  ")
    return between(fences[0].strip(), rows_and_columns, fences[1].strip())
