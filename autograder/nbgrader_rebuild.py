# nbformat has types, but not everywhere.
# mypy: allow-untyped-calls
"""Putting a student's sources on the released notebook.

From a submission come sources, their order and whether a cell is code; metadata, points, ids, outputs and
attachments come from the release. Nothing that a student's file says about itself can reach the gradebook.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.submission import CHECK_PREFIX, EXPERIMENT, Cell, checked

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["grade_id", "rebuild", "submission_cells"]


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's id of a cell of a trusted notebook, or nothing."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def submission_cells(book: NotebookNode) -> list[Cell]:
    """The cells of a rebuilt notebook in the form in which the kit examines."""
    return [
        Cell(number, cell.source, cell.cell_type == "code", grade_id(cell), tuple(cell.metadata.get("tags", ())))
        for number, cell in enumerate(book.cells, 1)
    ]


def rebuild(released: NotebookNode, cells: Sequence[Cell]) -> NotebookNode:
    """The released notebook with the student's sources, in the student's order.

    Each cell of the release that nbgrader knows by id is there exactly once. A lost one is looked for by what
    it does (the definition of its function, the call of its check); if that fails it comes back as released.
    """
    book: NotebookNode = copy.deepcopy(released)
    known = {name: cell for cell in book.cells if (name := grade_id(cell))}
    owned = _owned(known, cells)
    rebuilt = [_placed(known[owned[cell.number]], cell) if cell.number in owned else _plain(cell) for cell in cells]
    book.cells = _restored(known, rebuilt)
    return book


def _owned(known: Mapping[str, NotebookNode], cells: Sequence[Cell]) -> dict[int, str]:
    """Which cell, by number, takes the place of which released one."""
    # Of several with one id the last counts: it has been split or copied, and only behind the last is all defined.
    places = {cell.id: cell.number for cell in cells if cell.id in known}
    for name in known:
        if name not in places:
            taken = set(places.values())
            alike = [c.number for c in cells if c.number not in taken and c.is_code and _does_the_same(c, name)]
            if alike:
                places[name] = alike[-1]
    return {number: name for name, number in places.items()}


def _does_the_same(cell: Cell, name: str) -> bool:
    if name.startswith(CHECK_PREFIX):
        return checked(cell) == name.removeprefix(CHECK_PREFIX)
    return (
        re.search(rf"^(def\s+{re.escape(name)}\s*\(|{re.escape(name)}\s*=[^=])", cell.source, re.MULTILINE) is not None
    )


def _is_locked(cell: NotebookNode) -> bool:
    return not cell.metadata.nbgrader.get("solution")


def _placed(released: NotebookNode, cell: Cell) -> NotebookNode:
    """The released cell; where it asks for an answer, with the student's."""
    if not _is_locked(released):
        released.source = _text(cell.source)
    return released


def _plain(cell: Cell) -> NotebookNode:
    make = new_code_cell if cell.is_code else new_markdown_cell
    # The one tag that is believed: it can only keep a cell from being run.
    metadata = {"tags": [EXPERIMENT]} if EXPERIMENT in cell.tags else {}
    fresh: NotebookNode = make(_text(cell.source), id=f"student-{cell.number}", metadata=metadata)
    return fresh


def _text(source: str) -> str:
    """JSON can hold half a surrogate pair; a UTF-8 file can't."""
    return source.encode("utf-8", "replace").decode("utf-8")


def _restored(known: Mapping[str, NotebookNode], cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Put in what is missing: a check behind its answer or at the end, everything else at the top.

    At the top a stub can't overwrite an answer that stands elsewhere, however it is spelt.
    """
    there = {grade_id(cell) for cell in cells}
    top = [cell for name, cell in known.items() if name not in there and not name.startswith(CHECK_PREFIX)]
    lost = {name for name in known if name not in there and name.startswith(CHECK_PREFIX)}
    result = top
    for cell in cells:
        result.append(cell)
        if (check := CHECK_PREFIX + grade_id(cell)) in lost:
            lost.remove(check)
            result.append(known[check])
    return result + [cell for name, cell in known.items() if name in lost]
