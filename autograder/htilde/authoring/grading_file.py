"""Add to ``grading.toml`` and leave what stands in it as it is: comments, blank lines, order, spelling.

A line is put where it may belong, and the result is parsed. A text that doesn't mean what it should is never written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from htilde.errors import CourseError, Problem

__all__ = ["with_assignment", "with_exercise"]


def with_assignment(path: Path, text: str, assignment: str, exercise: str) -> tuple[str, int]:
    """Return the text with an assignment of one exercise at its end, and the line where that begins.

    Raises CourseError if the file is in a form that can't be added to.
    """
    begun = f'\n[[assignment]]\nname = "{assignment}"\n\n[assignment.points]\n{exercise} = 1\n'
    wanted = tomllib.loads(text)
    wanted["assignment"].append({"name": assignment, "points": {exercise: 1}})
    whole = text if text.endswith("\n") else text + "\n"
    if not _means(whole + begun, wanted):
        what = "another assignment can't be added to a list in this form; nothing was changed."
        step = "Begin each assignment with a line [[assignment]], and run this again."
        raise CourseError(Problem(path, what), next_step=step)
    return whole + begun, whole.count("\n") + 2


def with_exercise(path: Path, text: str, assignment: str, exercise: str) -> tuple[str, int]:
    """Return the text with one more exercise, worth one point, and its line.

    Raises CourseError if the file is in a form that can't be added to.
    """
    wanted = tomllib.loads(text)
    points = next(table["points"] for table in wanted["assignment"] if table["name"] == assignment)
    last = list(points)[-1]
    points[exercise] = 1
    for begun, line in _candidates(text, last, exercise):
        if _means(begun, wanted):
            return begun, line
    what = f"the points of {assignment} are written in a form that can't be added to; nothing was changed."
    step = "Write them below a line [assignment.points], one exercise a line, and run this again."
    raise CourseError(Problem(path, what), next_step=step)


def _candidates(text: str, last: str, exercise: str) -> Iterator[tuple[str, int]]:
    """Yield texts with the exercise after each place where the last one may have its points: a line, or in braces."""
    key = re.compile(rf"^(\s*(?:points\s*\.\s*)?)([\"']?){re.escape(last)}\2\s*=")
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if found := key.match(line):
            above = "".join(lines[:number]).rstrip("\r\n")
            yield f"{above}\n{found[1]}{exercise} = 1\n{''.join(lines[number:])}", number + 1
    for found in re.finditer(rf"\b{re.escape(last)}[\"']?\s*=\s*[^\s,}}]+", text):
        above = text[: found.end()]
        yield f"{above}, {exercise} = 1{text[found.end() :]}", above.count("\n") + 1


def _means(text: str, wanted: dict[str, Any]) -> bool:
    """Return True if the text is TOML with these values in this order."""
    try:
        return repr(tomllib.loads(text)) == repr(wanted)
    except tomllib.TOMLDecodeError:
        return False
