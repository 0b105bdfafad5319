"""The steps of an examination: which cells run, where each exercise is asked, and which cell defines a function."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from htilde.codes import Note
from htilde.model import CHECK_PREFIX
from htilde.submissions.cell import EXPERIMENT, Cell
from htilde.submissions.definitions import last_defining

__all__ = ["Ask", "Run", "Step", "Submission", "checked", "steps"]


@dataclass(frozen=True, slots=True)
class Run:
    """Run this source."""

    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Examine this exercise now, with the function that has its name at this point."""

    exercise: str


Step = Run | Ask


@dataclass(frozen=True, slots=True)
class Submission:
    """The steps to take with a submission, in order, and the notes from reading it."""

    steps: tuple[Step, ...]
    notes: tuple[Note, ...] = ()

    def cell_of(self, function: str) -> Run | None:
        """Return the cell that defines a function: the last one that runs before it is asked, or None."""
        asked = Ask(function)
        before = self.steps[: self.steps.index(asked)] if asked in self.steps else self.steps
        cells = [step for step in before if isinstance(step, Run)]
        at = last_defining([cell.source for cell in cells], function)
        return None if at is None else cells[at]

    def source_of(self, function: str) -> str:
        """Return the source of the cell that defines a function; empty if none does."""
        cell = self.cell_of(function)
        return "" if cell is None else cell.source


def steps(cells: Sequence[Cell], exercises: Sequence[str]) -> tuple[Step, ...]:
    """Return the code cells to run, with each exercise asked where its check cell stands.

    An exercise is never asked before its own cell, and one whose check cell is gone is asked behind its own
    cell, or at the end: deleting, moving or duplicating cells costs nobody points.
    """
    checks = {cell.number: name for cell in cells if (name := checked(cell)) in exercises}
    place = {name: max((c.number for c in cells if c.id == name), default=0) for name in exercises}
    for number, name in checks.items():
        place[name] = max(place[name], number)
    last = len(cells) and max(cell.number for cell in cells)
    result: list[Step] = []
    for cell in cells:
        if cell.is_code and cell.number not in checks and EXPERIMENT not in cell.tags:
            result.append(Run(cell.label, cell.source))
        result += [Ask(name) for name in exercises if place[name] == cell.number]
    return (*result, *(Ask(name) for name in exercises if place[name] == 0 or place[name] > last))


_CHECK_CALL = re.compile(r"""^check\(\s*["']?(\w+)["']?\s*\)\s*(;\s*)?$""")


def checked(cell: Cell) -> str:
    """Return the exercise that a check cell checks; empty for any other cell."""
    if not cell.is_code:
        return ""
    if cell.id.startswith(CHECK_PREFIX):
        return cell.id.removeprefix(CHECK_PREFIX)
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    match = _CHECK_CALL.match(lines[0].strip()) if len(lines) == 1 else None
    return match[1] if match else ""
