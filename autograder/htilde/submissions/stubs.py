"""Put one exercise of a learner's file back as it was handed out, and leave everything around it as it is."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import Any

from htilde.errors import SubmissionError
from htilde.language import _
from htilde.submissions.cell import Cell
from htilde.submissions.definitions import defines, definition_in, source_lines
from htilde.submissions.names import is_script
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.percent import cells_of_script, parts
from htilde.submissions.steps import Submission, steps

__all__ = ["with_stub"]


def with_stub(raw: bytes, name: str, exercise: str, stub: str, exercises: Sequence[str]) -> bytes:
    """Return the file ``name`` with the cell that defines an exercise as it was handed out.

    Of a cell that defines others of the ``exercises``, too, only the function is replaced. Raises SubmissionError if
    there is no telling what to replace.
    """
    return (_in_script if is_script(name) else _in_notebook)(raw, name, exercise, stub, exercises)


def _in_notebook(raw: bytes, name: str, exercise: str, stub: str, exercises: Sequence[str]) -> bytes:
    cells = cells_of_notebook(raw, name)  # it is a notebook, then
    book: dict[str, Any] = json.loads(raw.decode("utf-8-sig"))
    marked = (cell for cell in reversed(cells) if cell.is_code and cell.id == exercise)
    own = _defining(cells, exercise, exercises) or next(marked, None)
    if own is None:
        raise _gone(name, exercise)
    source = _replaced(own.source, name, exercise, stub, exercises)
    cell = book["cells"][own.number - 1]
    cell["source"] = source.splitlines(keepends=True) if isinstance(cell.get("source"), list) else source
    cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode()


def _in_script(raw: bytes, name: str, exercise: str, stub: str, exercises: Sequence[str]) -> bytes:
    cells = cells_of_script(raw, name)
    bom = b"\xef\xbb\xbf" * raw.startswith(b"\xef\xbb\xbf")
    text = raw.removeprefix(bom).decode()
    found = parts(text)
    titled = (cell for cell, part in zip(cells, found) if part.title == exercise)
    own = _defining(cells, exercise, exercises) or next(titled, None)
    if own is None:
        raise _gone(name, exercise)
    part = found[own.number - 1]
    body = text[part.body : part.end]
    # In a file without marks everything is one cell: there, too, only the function is ours.
    source = _replaced(own.source, name, exercise, stub, exercises, whole=part.is_marked)
    ending = "\r\n" if "\r\n" in text else "\n"
    above, below = text[: part.body], text[part.body + len(body.rstrip("\r\n")) :]
    above += ending * (part.is_marked and not above.endswith("\n"))  # a mark may be the file's last line
    return bom + (above + source.rstrip("\n").replace("\n", ending) + below).encode()


def _defining(cells: Sequence[Cell], exercise: str, exercises: Sequence[str]) -> Cell | None:
    """Return the cell that defines what is examined."""
    found = Submission(steps(cells, exercises)).cell_of(exercise)
    return None if found is None else next(cell for cell in cells if cell.label == found.label)


def _replaced(source: str, name: str, exercise: str, stub: str, exercises: Sequence[str], *, whole: bool = True) -> str:
    """Return the cell's source with the exercise given back: all of it, or where more stands in it the function."""
    if whole and not any(defines(source, other) for other in exercises if other != exercise):
        return stub
    found = definition_in(source, exercise)
    if found is None:
        message = _("{file}: there is no telling where {exercise} ends, for its cell holds more and isn't Python.")
        step = _("Mend the cell, or replace the function by hand with: {stub}")
        raise SubmissionError(message.format(file=name, exercise=exercise), next_step=step.format(stub=f"\n\n{stub}"))
    lines = source_lines(source)
    if found.alone:
        own = lines[found.last - 1]
        ending = own[len(own.rstrip("\r\n")) :]
        return "".join([*lines[: found.first - 1], textwrap.indent(stub, found.indent) + ending, *lines[found.last :]])
    # What else its statement does stays; the stub behind it is what counts.
    above, below = "".join(lines[: found.end]).rstrip("\r\n"), "".join(lines[found.end :]).strip("\r\n")
    return "\n\n\n".join(part for part in (above, stub, below) if part)


def _gone(name: str, exercise: str) -> SubmissionError:
    message = _("{file}: no cell defines {exercise}, so there is none to give back.")
    step = _("Rename the file and run 'htilde start': you get a fresh one, and copy your answers over.")
    return SubmissionError(message.format(file=name, exercise=exercise), next_step=step)
