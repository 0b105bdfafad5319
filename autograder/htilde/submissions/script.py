"""A notebook as a percent-format ``.py``, and one exercise of either file given back as its stub.

Without Jupytext, which a student needn't have. Giving back touches the exercise's own cell and nothing else.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from htilde.errors import SubmissionError
from htilde.language import _
from htilde.submissions.reader import EXPERIMENT, cells_of_notebook, cells_of_script

__all__ = ["as_script", "with_stub"]


def as_script(notebook: bytes, name: str) -> str:
    """The cells of a notebook as a ``.py`` that editors show as cells. That of an exercise has its name as title."""
    cells = []
    for cell in cells_of_notebook(notebook, name):
        if not cell.is_code:
            # A line of prose mustn't look like the mark of a cell.
            lines = ["#" + " " * bool(line) + " " * line.startswith("%%") + line for line in cell.source.split("\n")]
            cells.append("\n".join(["# %% [markdown]", *lines]))
            continue
        title = f' tags=["{EXPERIMENT}"]' if EXPERIMENT in cell.tags else ""
        if re.search(rf"^def {re.escape(cell.id)}\(", cell.source, re.MULTILINE) and cell.id:
            title = f" {cell.id}"
        cells.append(f"# %%{title}\n{cell.source}")
    return "\n\n".join(cells) + "\n"


def with_stub(raw: bytes, name: str, exercise: str, stub: str, others: Sequence[str]) -> bytes:
    """The file ``name`` with one exercise's cell as it was handed out.

    Of a cell that defines ``others``, too, only the function is replaced. Raises SubmissionError if there is no telling
    what to replace.
    """
    change = _in_script if name.endswith(".py") else _in_notebook
    return change(raw, name, exercise, stub, [other for other in others if other != exercise])


def _in_notebook(raw: bytes, name: str, exercise: str, stub: str, others: Sequence[str]) -> bytes:
    cells = cells_of_notebook(raw, name)  # it is a notebook, then
    book: dict[str, Any] = json.loads(raw.decode("utf-8-sig"))
    own = [cell for cell in cells if cell.is_code and cell.id == exercise]
    own = own or [cell for cell in cells if cell.is_code and _defines(cell.source, exercise)]
    if not own:
        raise _gone(name, exercise)
    source = _replaced(own[-1].source, name, exercise, stub, others)
    cell = book["cells"][own[-1].number - 1]
    cell["source"] = source.splitlines(keepends=True) if isinstance(cell.get("source"), list) else source
    cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode()


def _in_script(raw: bytes, name: str, exercise: str, stub: str, others: Sequence[str]) -> bytes:
    cells_of_script(raw, name)
    text = raw.decode("utf-8")
    ending = "\r\n" if "\r\n" in text else "\n"
    starts = [0, *(mark.start() for mark in re.finditer(r"^# %%", text, re.MULTILINE)), len(text)]
    cells = list(pairwise(starts))
    titled = re.compile(rf"# %% {re.escape(exercise)}[ \t\r]*\n")
    spans = [span for span in cells if titled.match(text, span[0])]
    spans = spans or [(start, end) for start, end in cells if _defines(text[start:end], exercise)]
    if not spans:
        raise _gone(name, exercise)
    start, end = spans[-1]
    mark = re.match(r"# %%[^\n]*\n", text[start:end])
    start += mark.end() if mark else 0
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    # In a file without marks everything is one cell: there, too, only the function is ours.
    source = _replaced(text[start:end].replace("\r\n", "\n"), name, exercise, stub, others, whole=mark is not None)
    return (text[:start] + source.replace("\n", ending) + text[end:]).encode()


def _replaced(source: str, name: str, exercise: str, stub: str, others: Sequence[str], *, whole: bool = True) -> str:
    """The cell's source with the exercise given back: all of it, or where more stands in it the function."""
    if whole and not any(_defines(source, other) for other in others):
        return stub
    try:
        functions = [
            node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == exercise
        ]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        functions = []
    if not functions:
        message = _("{file}: there is no telling where {exercise} ends, for its cell holds more and isn't Python.")
        step = _("Mend the cell, or replace the function by hand with: {stub}")
        raise SubmissionError(message.format(file=name, exercise=exercise), next_step=step.format(stub=f"\n\n{stub}"))
    first, last = functions[-1], functions[-1].end_lineno
    begin = min([first.lineno, *(decorator.lineno for decorator in first.decorator_list)])
    lines = source.split("\n")
    return "\n".join([*lines[: begin - 1], *stub.split("\n"), *lines[last:]])


def _defines(source: str, function: str) -> bool:
    return re.search(rf"^def {re.escape(function)}\(", source, re.MULTILINE) is not None


def _gone(name: str, exercise: str) -> SubmissionError:
    message = _("{file}: no cell defines {exercise}, so there is none to give back.")
    step = _("Rename the file and run 'htilde start': you get a fresh one, and copy your answers over.")
    return SubmissionError(message.format(file=name, exercise=exercise), next_step=step)
