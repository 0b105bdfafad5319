"""Read a file that was handed in, a notebook or a percent-format script, as a submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from htilde.codes import Note, NoteCode
from htilde.errors import SubmissionError
from htilde.language import _
from htilde.model import CHECK_PREFIX
from htilde.submissions.cell import MAX_BYTES, Cell
from htilde.submissions.names import is_script
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.percent import cells_of_script
from htilde.submissions.steps import Submission, checked, steps

__all__ = ["cells_of", "read_bytes", "read_submission", "remarks"]


def read_submission(path: Path, exercises: Sequence[str]) -> Submission:
    """Read a ``.ipynb`` or ``.py`` file. Raises SubmissionError with a message fit for its author."""
    cells = cells_of(read_bytes(path), path.name)
    return Submission(steps(cells, exercises), tuple(remarks(cells, exercises)))


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, of one that is too large the beginning. Raises SubmissionError."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SubmissionError(_("{path}: there is no such file.").format(path=path)) from None
    except OSError as error:
        message = _("{path}: can't be read ({why}).").format(path=path, why=error.strerror)
        raise SubmissionError(message, next_step=_("Change its permissions, or its owner, and try again.")) from None


def cells_of(raw: bytes, name: str) -> list[Cell]:
    """Return the cells of a file from its bytes; its name says whether it is a notebook or a script.

    Raises SubmissionError.
    """
    return cells_of_script(raw, name) if is_script(name) else cells_of_notebook(raw, name)


def remarks(cells: Sequence[Cell], exercises: Sequence[str]) -> Iterator[Note]:
    """Yield notes on what a student has done to the cells that nbgrader knows; none of it costs points."""
    ids = Counter(cell.id for cell in cells)
    if not any(ids[name] for name in exercises):  # a script, or another tool has taken all the marks away
        return
    for name in exercises:
        check = CHECK_PREFIX + name
        if ids[name] > 1:
            yield Note(NoteCode.CELLS_REPEATED, {"exercise": name, "count": ids[name]})
        elif not ids[name]:
            yield Note(NoteCode.CELL_GONE, {"exercise": name})
        if not ids[check]:
            yield Note(NoteCode.CHECK_GONE, {"exercise": name})
        for cell in cells:
            if cell.id == check and checked(replace(cell, id="")) != name:
                yield Note(NoteCode.CHECK_CHANGED, {"exercise": name})
