# nbformat has types, but not everywhere.
# mypy: allow-untyped-calls
"""Putting a student's sources on the released notebook.

From a submission come sources, their order, whether a cell is code, and the pictures that its prose shows;
metadata, points, ids and outputs come from the release. Nothing that a student's file says about itself can reach
the gradebook.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

import nbformat
from nbformat import NotebookNode

from htilde.model import CHECK_PREFIX
from htilde.submissions.cell import EXPERIMENT, Cell
from htilde.submissions.definitions import defines
from htilde.submissions.pictures import keep
from htilde.submissions.steps import checked

__all__ = ["check_cells", "grade_id", "managed", "rebuild", "submission_cells", "unexamined"]


def grade_id(cell: NotebookNode) -> str:
    """nbgrader's id of a cell of a trusted notebook, or nothing."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def managed(book: NotebookNode) -> set[str]:
    """The ids of the cells that nbgrader's gradebook keeps."""
    kinds = ("grade", "solution", "locked", "task")
    return {grade_id(c) for c in book.cells if any(c.metadata.get("nbgrader", {}).get(kind) for kind in kinds)}


def _scored(book: NotebookNode) -> dict[str, NotebookNode]:
    """The cells that nbgrader scores by their output, by id. To one without an output it gives full marks."""
    about = [(cell, cell.metadata.get("nbgrader", {})) for cell in book.cells if cell.cell_type == "code"]
    return {grade_id(cell): cell for cell, flags in about if flags.get("grade") and not flags.get("solution")}


def check_cells(book: NotebookNode) -> dict[str, NotebookNode]:
    """The check cells of a trusted notebook, by exercise."""
    return {name.removeprefix(CHECK_PREFIX): cell for name, cell in _scored(book).items()}


def unexamined(book: NotebookNode, exercises: Collection[str]) -> list[str]:
    """The ids of scored cells that check none of these exercises, so that nobody would examine them."""
    return [name for name in _scored(book) if name not in {CHECK_PREFIX + exercise for exercise in exercises}]


def submission_cells(book: NotebookNode) -> list[Cell]:
    """The cells of a rebuilt notebook in the form in which the kit examines."""
    return [
        Cell(number, cell.source, cell.cell_type == "code", grade_id(cell), tuple(cell.metadata.get("tags", ())))
        for number, cell in enumerate(book.cells, 1)
    ]


def rebuild(released: NotebookNode, cells: Sequence[Cell]) -> NotebookNode:
    """The released notebook with the student's sources, in the student's order.

    Each cell of the release that nbgrader knows by id is there exactly once. A lost one is looked for by what
    it does (the definition of its function, the call of its check) or, if it is prose, by the cell that it
    stands behind; if that fails it comes back as released.
    """
    book: NotebookNode = _copied(released)
    known = {name: cell for cell in book.cells if (name := grade_id(cell))}
    owned = _owned(known, _behind(released), cells)
    rebuilt = [_placed(known[owned[cell.number]], cell) if cell.number in owned else _plain(cell) for cell in cells]
    book.cells = _restored(known, rebuilt)
    return book


def _copied(thing: Any) -> Any:
    """All of a notebook anew; copy.deepcopy, which knows more than lists and dictionaries, takes ten times as long."""
    if isinstance(thing, dict):
        return NotebookNode({key: _copied(part) for key, part in thing.items()})
    return [_copied(part) for part in thing] if isinstance(thing, list) else thing


def _behind(released: NotebookNode) -> dict[str, str]:
    """For each written answer, by id, the question above it."""
    pairs = pairwise(released.cells)
    return {grade_id(cell): above.source for above, cell in pairs if grade_id(cell) and cell.cell_type == "markdown"}


def _owned(known: Collection[str], behind: Mapping[str, str], cells: Sequence[Cell]) -> dict[int, str]:
    """Which cell, by number, takes the place of which released one."""
    # Of several with one id the last counts: it has been split or copied, and only behind the last is all defined.
    places = {cell.id: cell.number for cell in cells if cell.id in known}
    above = {cell.number: before.source for before, cell in pairwise(cells)}
    for name in (name for name in known if name not in places):
        taken = set(places.values())
        free = (cell for cell in reversed(cells) if cell.number not in taken)
        if name in behind:
            alike = (c.number for c in free if not c.is_code and above.get(c.number) == behind[name])
        else:
            alike = (c.number for c in free if c.is_code and _does_the_same(c, name))
        if (number := next(alike, None)) is not None:
            places[name] = number
    return {number: name for name, number in places.items()}


def _does_the_same(cell: Cell, name: str) -> bool:
    if name.startswith(CHECK_PREFIX):
        return checked(cell) == name.removeprefix(CHECK_PREFIX)
    return defines(cell.source, name)


def _is_locked(cell: NotebookNode) -> bool:
    return not cell.metadata.nbgrader.get("solution")


def _placed(released: NotebookNode, cell: Cell) -> NotebookNode:
    """The released cell; where it asks for an answer, with the student's."""
    return released if _is_locked(released) else _filled(released, cell)


def _filled(place: NotebookNode, cell: Cell) -> NotebookNode:
    """A cell of ours with a student's source, and with the pictures of prose."""
    place["source"] = _text(cell.source)
    if place.cell_type == "markdown" and cell.pasted:
        place["source"], pictures = keep(place.source, cell.pasted)
        if pictures:
            place["attachments"] = nbformat.from_dict(pictures)
    return place


def _plain(cell: Cell) -> NotebookNode:
    # Not nbformat's new_code_cell: that asks a schema about each, which takes longer than all the rest.
    fresh = NotebookNode(id=f"student-{cell.number}", cell_type="code" if cell.is_code else "markdown")
    # The one tag that is believed: it can only keep a cell from being run.
    fresh["metadata"] = NotebookNode(tags=[EXPERIMENT]) if EXPERIMENT in cell.tags else NotebookNode()
    _filled(fresh, cell)
    return NotebookNode(fresh, outputs=[], execution_count=None) if cell.is_code else fresh


def _text(source: str) -> str:
    """JSON can hold half a surrogate pair; a UTF-8 file can't."""
    return source.encode("utf-8", "replace").decode("utf-8")


def _restored(known: Mapping[str, NotebookNode], cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Put in what is missing: a check behind its answer or at the end, everything else at the top.

    At the top a stub can't overwrite an answer that stands elsewhere, however it is spelt.
    """
    there = {grade_id(cell) for cell in cells}
    lost = {name: cell for name, cell in known.items() if name not in there}
    checks = {name: lost.pop(name) for name in list(lost) if name.startswith(CHECK_PREFIX)}
    result = list(lost.values())
    for cell in cells:
        result.append(cell)
        if (check := checks.pop(CHECK_PREFIX + grade_id(cell), None)) is not None:
            result.append(check)
    return [*result, *checks.values()]
