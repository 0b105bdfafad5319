"""Percent-format scripts: a script read as cells, and a notebook written as one.

Without Jupytext, which a student needn't have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from htilde.errors import SubmissionError
from htilde.language import _
from htilde.submissions.cell import EXPERIMENT, Cell, bounded, measured
from htilde.submissions.definitions import defines
from htilde.submissions.notebook import cells_of_notebook

__all__ = ["Part", "as_script", "cells_of_script", "parts"]

_MARK = re.compile(r"^# ?%%+(?P<title>[ \t][^\r\n]*|)(\r?\n|\Z)", re.MULTILINE)
"""The line above a cell. ``# %%time`` is none: so Jupytext writes a magic."""
_COMMENT = re.compile(r"^#( (?= %%))? ?", re.MULTILINE)
_PROSE = re.compile(r"\[(markdown|md|raw)\]")


@dataclass(frozen=True, slots=True)
class Part:
    """The place of a cell in a script: its mark, if it has one, at ``start``, its source from ``body`` to ``end``."""

    start: int
    body: int
    end: int
    title: str = ""

    @property
    def is_marked(self) -> bool:
        """True if a line above the cell says that one begins."""
        return self.body > self.start


def parts(text: str) -> list[Part]:
    """Return where the cells of a script lie; one without marks is one cell."""
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = [Part(mark.start(), mark.end(), end, mark["title"].strip()) for mark, end in zip(marks, ends)]
    above = Part(0, 0, marks[0].start() if marks else len(text))
    return [above, *found] if text[: above.end].strip() else found


def cells_of_script(raw: bytes, name: str) -> list[Cell]:
    """Return the cells of a script from its bytes. Raises SubmissionError."""
    try:
        text = measured(raw, name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SubmissionError(_("{file} isn't UTF-8 text.").format(file=name)) from None
    return bounded([_cell(number, text, part) for number, part in enumerate(parts(text), 1)], name)


def _cell(number: int, text: str, part: Part) -> Cell:
    source = text[part.body : part.end].replace("\r\n", "\n").rstrip("\n")
    tags = (EXPERIMENT,) if f'"{EXPERIMENT}"' in part.title else ()
    if not _PROSE.search(part.title):
        return Cell(number, source, tags=tags)
    return Cell(number, _COMMENT.sub("", source), is_code=False, tags=tags)


def as_script(notebook: bytes, name: str) -> str:
    """Return the cells of a notebook as a script that editors show as cells. The title of an
    exercise's cell is its name.

    Raises SubmissionError.
    """
    cells = []
    for cell in cells_of_notebook(notebook, name):
        if not cell.is_code:
            # A line of prose mustn't look like the mark of a cell.
            lines = ["#" + " " * bool(line) + " " * line.startswith("%%") + line for line in cell.source.split("\n")]
            cells.append("\n".join(["# %% [markdown]", *lines]))
            continue
        title = f' tags=["{EXPERIMENT}"]' if EXPERIMENT in cell.tags else ""
        if cell.id and defines(cell.source, cell.id):
            title = f" {cell.id}"
        cells.append(f"# %%{title}\n{cell.source}")
    return "\n\n".join(cells) + "\n"
