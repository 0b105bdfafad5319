"""A cell as it was handed in, and how much of a file is read."""

from __future__ import annotations

from dataclasses import dataclass

from htilde.errors import SubmissionError
from htilde.language import _

__all__ = [
    "EXPERIMENT",
    "MAX_BYTES",
    "MAX_CELLS",
    "MAX_SOURCE",
    "MAX_SOURCES",
    "Cell",
    "bounded",
    "measured",
    "no_source",
    "too_many",
]

MAX_BYTES = 20 * 2**20
"""The largest file that is read, in bytes. Pictures in outputs count; no notebook of a course comes near."""
MAX_CELLS = 1_000
MAX_SOURCE = 200_000
"""Characters of one cell."""
MAX_SOURCES = 2_000_000
"""Characters of all cells together: what is left when the outputs are gone."""

EXPERIMENT = "experiment"
"""A cell with this tag is for the student's eyes; it isn't run while grading."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it was found. ``number`` counts from 1 at the top; ``id`` is nbgrader's grade_id or empty."""

    number: int
    source: str
    is_code: bool = True
    id: str = ""
    tags: tuple[str, ...] = ()
    pasted: tuple[tuple[str, str], ...] = ()
    """Names and data, in base64, of what was pasted into prose."""

    @property
    def label(self) -> str:
        """The name of the cell in messages: "cell 7"."""
        return f"cell {self.number}"


def measured(raw: bytes, file: str) -> bytes:
    """Return the content of a file. Raises SubmissionError if it is too large."""
    if len(raw) > MAX_BYTES:
        message = _("{file} is larger than {size} MiB. Clear its outputs, make pasted pictures smaller, and save.")
        raise SubmissionError(message.format(file=file, size=MAX_BYTES // 2**20))
    return raw


def bounded(cells: list[Cell], file: str) -> list[Cell]:
    """Return the cells of a file. Raises SubmissionError if there are too many, or too long ones."""
    if len(cells) > MAX_CELLS:
        raise too_many(file)
    for cell in cells:
        if len(cell.source) > MAX_SOURCE:
            raise no_source(cell.number, file)
    if sum(len(cell.source) for cell in cells) > MAX_SOURCES:
        message = _("{file} has more than {count} characters in its cells.")
        raise SubmissionError(message.format(file=file, count=MAX_SOURCES))
    return cells


def too_many(file: str) -> SubmissionError:
    """Return the error for a file of more than MAX_CELLS cells."""
    return SubmissionError(_("{file} has more than {count} cells.").format(file=file, count=MAX_CELLS))


def no_source(number: int, file: str) -> SubmissionError:
    """Return the error for a cell whose source isn't text, or too long."""
    message = _("{file}: the source of cell {number} isn't text, or longer than {count} characters.")
    return SubmissionError(message.format(file=file, number=number, count=MAX_SOURCE))
