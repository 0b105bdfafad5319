"""Notebooks of format 4, read from their bytes.

Only sources, order and the places of check cells are read. Sizes are capped before anything is parsed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from htilde.errors import SubmissionError
from htilde.language import _
from htilde.submissions.cell import MAX_CELLS, MAX_SOURCE, Cell, bounded, measured, no_source, too_many

__all__ = ["MAX_PARTS", "cells_of_notebook"]

MAX_PARTS = 1_000_000
"""Lists, objects and commas of its JSON. One of three bytes can take two hundred once it is read."""
MAX_NESTING = 100
"""Lists and objects within one another."""


def cells_of_notebook(raw: bytes, name: str) -> list[Cell]:
    """Return the cells of a notebook of format 4 from its bytes. Raises SubmissionError."""
    try:
        text = measured(raw, name).decode("utf-8-sig")
        _measure(raw, name)
        # No number is read; making one of a million digits would take its time.
        book: Any = json.loads(text, parse_int=bool, parse_float=bool, parse_constant=bool)
    except UnicodeDecodeError:
        message = _("{file} isn't a notebook: it isn't UTF-8 text.").format(file=name)
        raise SubmissionError(message, next_step=_again()) from None
    except json.JSONDecodeError as error:
        message = _("{place}: not a notebook, for it isn't JSON ({why}).")
        place = f"{name}:{error.lineno}"
        raise SubmissionError(message.format(place=place, why=error.msg), next_step=_again()) from None
    if not isinstance(book, dict) or not isinstance(book.get("cells"), list):
        old = isinstance(book, dict) and "worksheets" in book
        if old:
            message = _("{file} isn't a notebook of format 4: it has the format of before 2015.")
        else:
            message = _("{file} isn't a notebook of format 4: it has no list of cells.")
        raise SubmissionError(message.format(file=name), next_step=_again())
    if len(book["cells"]) > MAX_CELLS:
        raise too_many(name)
    return bounded([_cell(number, raw_cell, name) for number, raw_cell in enumerate(book["cells"], 1)], name)


_MARKS = b'"[]{},'
_NO_MARKS = bytes(set(range(256)).difference(_MARKS))


def _measure(raw: bytes, name: str) -> None:
    """Refuse JSON of too many or too deep parts before it is read. Takes one pass and little memory.

    Up to the place where the JSON is broken, if it is, the count is exact.
    """
    marks = raw.replace(b"\\\\", b"").replace(b'\\"', b"").translate(None, _NO_MARKS)
    parts, depth, in_text = 0, 0, False
    for start in range(0, len(marks), 2**16):
        pieces = marks[start : start + 2**16].split(b'"')
        outside = b"".join(pieces[in_text::2])
        in_text ^= len(pieces) % 2 == 0
        parts += len(outside) - outside.count(b"]") - outside.count(b"}")
        if parts > MAX_PARTS:
            message = _("{file} holds more than {count} values. Clear its outputs and save.")
            raise SubmissionError(message.format(file=name, count=MAX_PARTS))
        for bracket in outside.translate(None, b","):
            depth += 1 if bracket in b"[{" else -1
            if depth > MAX_NESTING:
                message = _("{file} isn't a notebook: its JSON is out of bounds.").format(file=name)
                raise SubmissionError(message, next_step=_again())
            if depth < 0:
                return


def _again() -> str:
    return _("Open it in JupyterLab and save it again, or start from a fresh copy of the assignment.")


def _cell(number: int, raw: Any, name: str) -> Cell:
    if not isinstance(raw, dict):
        raise SubmissionError(_("{file}: cell {number} isn't a cell.").format(file=name, number=number))
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > MAX_SOURCE:
        raise no_source(number, name)
    metadata = raw.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader, tags = metadata.get("nbgrader"), metadata.get("tags")
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else ""
    return Cell(
        number,
        source,
        is_code=raw.get("cell_type") == "code",
        id=grade_id if isinstance(grade_id, str) else "",
        tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        pasted=tuple(_pasted(raw.get("attachments"))) if raw.get("cell_type") == "markdown" else (),
    )


def _pasted(raw: Any) -> Iterator[tuple[str, str]]:
    if isinstance(raw, dict):
        for name, kinds in raw.items():
            for data in kinds.values() if isinstance(kinds, dict) else ():
                if isinstance(data, str):
                    yield name, data
