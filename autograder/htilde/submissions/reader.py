"""Reading what a student handed in, a notebook or a percent-format ``.py``, as steps to run and to ask.

Only sources, order and the places of check cells are read. Sizes are capped before anything is parsed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from htilde.codes import Note, NoteCode
from htilde.errors import SubmissionError
from htilde.language import _
from htilde.model import CHECK_PREFIX

__all__ = [
    "EXPERIMENT",
    "MAX_BYTES",
    "Ask",
    "Cell",
    "Run",
    "Step",
    "Submission",
    "cells_of_notebook",
    "cells_of_script",
    "checked",
    "read_submission",
    "steps",
]

MAX_BYTES = 20 * 2**20
"""Of a submitted file. Pictures in outputs count; no notebook of a course comes near."""
MAX_PARTS = 1_000_000
"""Lists, objects and commas of its JSON. One of three bytes can take two hundred once it is read."""
MAX_NESTING = 100
"""Lists and objects within one another."""
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
        return f"cell {self.number}"


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
    """What to do with a submission, in order, and what was noticed while reading it."""

    steps: tuple[Step, ...]
    notes: tuple[Note, ...] = ()

    def source_of(self, function: str) -> str:
        """The cell that defines a function, without its mark, the last one if there are several; empty if none does."""
        defined = re.compile(rf"^[ \t]*def {function}\(", re.MULTILINE)
        sources = [step.source for step in self.steps if isinstance(step, Run) and defined.search(step.source)]
        return re.sub(r"\A# %%.*\n", "", sources[-1]) if sources else ""


def read_submission(path: Path, exercises: Sequence[str]) -> Submission:
    """Read a ``.ipynb`` or ``.py`` file. Raises SubmissionError with a message fit for its author."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path.name)
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SubmissionError(_("{path}: there is no such file.").format(path=path)) from None
    except OSError as error:
        message = _("{path}: can't be read ({why}).").format(path=path, why=error.strerror)
        raise SubmissionError(message) from None
    if path.suffix == ".py":
        return Submission(steps(cells_of_script(raw, path.name), exercises))
    cells = cells_of_notebook(raw, path.name)
    return Submission(steps(cells, exercises), tuple(_remarks(cells, exercises)))


def _remarks(cells: Sequence[Cell], exercises: Sequence[str]) -> Iterator[Note]:
    """What a student has done to the cells that nbgrader knows, and that it costs nothing."""
    ids = Counter(cell.id for cell in cells)
    if not any(ids[name] for name in exercises):  # another tool has taken all the marks away
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


def cells_of_notebook(raw: bytes, name: str) -> list[Cell]:
    """The cells of a notebook of format 4, from its bytes."""
    if len(raw) > MAX_BYTES:
        raise _too_large(name)
    try:
        text = raw.decode("utf-8-sig")
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
        raise _too_many(name)
    return _bounded([_cell(number, raw_cell, name) for number, raw_cell in enumerate(book["cells"], 1)], name)


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


def _bounded(cells: list[Cell], name: str) -> list[Cell]:
    if sum(len(cell.source) for cell in cells) > MAX_SOURCES:
        message = _("{file} has more than {count} characters in its cells.")
        raise SubmissionError(message.format(file=name, count=MAX_SOURCES))
    return cells


def _too_large(name: str) -> SubmissionError:
    message = _("{file} is larger than {size} MiB. Clear its outputs, make pasted pictures smaller, and save.")
    return SubmissionError(message.format(file=name, size=MAX_BYTES // 2**20))


def _too_many(name: str) -> SubmissionError:
    return SubmissionError(_("{file} has more than {count} cells.").format(file=name, count=MAX_CELLS))


def _cell(number: int, raw: Any, name: str) -> Cell:
    if not isinstance(raw, dict):
        raise SubmissionError(_("{file}: cell {number} isn't a cell.").format(file=name, number=number))
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > MAX_SOURCE:
        message = _("{file}: the source of cell {number} isn't text, or longer than {count} characters.")
        raise SubmissionError(message.format(file=name, number=number, count=MAX_SOURCE))
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


_CELL_MARK = re.compile(r"^# %%(?P<title>.*)$", re.MULTILINE)


def cells_of_script(raw: bytes, name: str) -> list[Cell]:
    """The cells of a ``.py`` file in percent format; a file without ``# %%`` is one cell."""
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise SubmissionError(_("{file} isn't UTF-8 text.").format(file=name)) from None
    marks = list(_CELL_MARK.finditer(text))
    starts = [0, *(mark.start() for mark in marks)]
    titles = ["", *(mark["title"] for mark in marks)]
    sources = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)])]
    found = [(source, title) for source, title in zip(sources, titles) if source.strip()]
    if len(found) > MAX_CELLS:
        raise _too_many(name)
    return _bounded([_cell_of_script(number, *cell, name) for number, cell in enumerate(found, 1)], name)


def _cell_of_script(number: int, source: str, title: str, name: str) -> Cell:
    if len(source) > MAX_SOURCE:
        message = _("{file}: the source of cell {number} isn't text, or longer than {count} characters.")
        raise SubmissionError(message.format(file=name, number=number, count=MAX_SOURCE))
    tags = (EXPERIMENT,) if f'"{EXPERIMENT}"' in title else ()
    return Cell(number, source, is_code="[markdown]" not in title, tags=tags)


_CHECK_CALL = re.compile(r"""^check\(\s*["']?(\w+)["']?\s*\)\s*(;\s*)?$""")


def steps(cells: Sequence[Cell], exercises: Sequence[str]) -> tuple[Step, ...]:
    """The code cells to run, with each exercise asked where its check cell stands.

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


def checked(cell: Cell) -> str:
    """The exercise that a check cell checks, or nothing."""
    if not cell.is_code:
        return ""
    if cell.id.startswith(CHECK_PREFIX):
        return cell.id.removeprefix(CHECK_PREFIX)
    lines = [line for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    match = _CHECK_CALL.match(lines[0].strip()) if len(lines) == 1 else None
    return match[1] if match else ""
