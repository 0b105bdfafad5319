# nbformat has types, but not everywhere.
# mypy: allow-untyped-calls
"""Put a student's sources on the released notebook.

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
from htilde.submissions.definitions import last_defining
from htilde.submissions.pictures import shown_pictures
from htilde.submissions.steps import checked

__all__ = ["check_cells", "grade_id", "managed", "rebuild", "submission_cells", "unexamined"]


def grade_id(cell: NotebookNode) -> str:
    """Return nbgrader's id of a cell of a trusted notebook; empty if it has none."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def managed(book: NotebookNode) -> set[str]:
    """Return the ids of the cells that nbgrader's gradebook keeps."""
    kinds = ("grade", "solution", "locked", "task")
    return {grade_id(c) for c in book.cells if any(c.metadata.get("nbgrader", {}).get(kind) for kind in kinds)}


def _scored(book: NotebookNode) -> dict[str, NotebookNode]:
    """Return the cells that nbgrader scores by their output, by id. To one without an output it gives full marks."""
    about = [(cell, cell.metadata.get("nbgrader", {})) for cell in book.cells if cell.cell_type == "code"]
    return {grade_id(cell): cell for cell, flags in about if flags.get("grade") and not flags.get("solution")}


def check_cells(book: NotebookNode) -> dict[str, NotebookNode]:
    """Return the check cells of a trusted notebook, by exercise."""
    return {name.removeprefix(CHECK_PREFIX): cell for name, cell in _scored(book).items()}


def unexamined(book: NotebookNode, exercises: Collection[str]) -> list[str]:
    """Return the ids of scored cells that check none of these exercises, so that nobody would examine them."""
    return [name for name in _scored(book) if name not in {CHECK_PREFIX + exercise for exercise in exercises}]


def submission_cells(book: NotebookNode) -> list[Cell]:
    """Return the cells of a rebuilt notebook in the form in which the kit examines."""
    return [
        Cell(number, cell.source, cell.cell_type == "code", grade_id(cell), tuple(cell.metadata.get("tags", ())))
        for number, cell in enumerate(book.cells, 1)
    ]


def rebuild(released: NotebookNode, cells: Sequence[Cell]) -> NotebookNode:
    """Return the released notebook with the student's sources, in the student's order.

    Each cell of the release that nbgrader knows by id is there exactly once. A lost one is looked for by what
    it does (the definition of its function, the call of its check) or, if it is prose, by the cell that it
    stands behind; if that fails it comes back as released.
    """
    book: NotebookNode = _copied(released)
    known = {name: cell for cell in book.cells if (name := grade_id(cell))}
    owned = _owned(known, _behind(released), cells)
    rebuilt = []
    for cell in cells:
        place = known.get(owned.get(cell.number, ""))
        if place is None:
            rebuilt.append(_plain(cell))
        else:  # only a cell that asks for an answer takes the student's source
            rebuilt.append(_filled(place, cell) if place.metadata.nbgrader.get("solution") else place)
    book.cells = _restored(known, rebuilt)
    return book


def _copied(thing: Any) -> Any:
    """Copy a notebook or a part of it. copy.deepcopy, which knows more than JSON, takes ten times as long."""
    if isinstance(thing, dict):
        return NotebookNode({key: _copied(part) for key, part in thing.items()})
    return [_copied(part) for part in thing] if isinstance(thing, list) else thing


def _behind(released: NotebookNode) -> dict[str, str]:
    """Return the question above each written answer, by the answer's id."""
    pairs = pairwise(released.cells)
    return {grade_id(cell): above.source for above, cell in pairs if grade_id(cell) and cell.cell_type == "markdown"}


def _owned(known: Collection[str], behind: Mapping[str, str], cells: Sequence[Cell]) -> dict[int, str]:
    """Return which released cell, by id, each of these cells takes the place of, by its number."""
    # Of several with one id the last counts: it has been split or copied, and only behind the last is all defined.
    places = {cell.id: cell.number for cell in cells if cell.id in known}
    above = {cell.number: before.source for before, cell in pairwise(cells)}
    for name in (name for name in known if name not in places):
        taken = set(places.values())
        free = [cell for cell in cells if cell.number not in taken]
        if name in behind:
            alike = [cell for cell in free if not cell.is_code and above.get(cell.number) == behind[name]]
        else:
            alike = _doing(name, [cell for cell in free if cell.is_code])
        if alike:
            places[name] = alike[-1].number
    return {number: name for name, number in places.items()}


def _doing(name: str, cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells that check the exercise which a lost cell checked, or the last that defines what it defined."""
    if name.startswith(CHECK_PREFIX):
        return [cell for cell in cells if checked(cell) == name.removeprefix(CHECK_PREFIX)]
    at = last_defining([cell.source for cell in cells], name)
    return [] if at is None else [cells[at]]


def _filled(place: NotebookNode, cell: Cell) -> NotebookNode:
    """Put a student's source into a cell of ours, and the pictures of prose; return the cell."""
    place["source"] = _text(cell.source)
    if place.cell_type == "markdown" and cell.pasted:
        place["source"], pictures = shown_pictures(place.source, cell.pasted)
        if pictures:
            place["attachments"] = nbformat.from_dict(pictures)
    return place


def _plain(cell: Cell) -> NotebookNode:
    """Return a cell of the student's own."""
    # Not nbformat's new_code_cell: that asks a schema about each, which takes longer than all the rest.
    fresh = NotebookNode(id=f"student-{cell.number}", cell_type="code" if cell.is_code else "markdown")
    # The one tag that is taken over: it can only keep a cell from being run.
    fresh["metadata"] = NotebookNode(tags=[EXPERIMENT]) if EXPERIMENT in cell.tags else NotebookNode()
    _filled(fresh, cell)
    return NotebookNode(fresh, outputs=[], execution_count=None) if cell.is_code else fresh


def _text(source: str) -> str:
    """Return a source without half surrogate pairs, which JSON can hold and a UTF-8 file can't."""
    return source.encode("utf-8", "replace").decode("utf-8")


def _restored(known: Mapping[str, NotebookNode], cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """Return all cells with what is missing put in: a check behind its answer or at the end, else at the top.

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
