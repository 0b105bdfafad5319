"""Wrong answers of the kinds that students give: ``real_mistakes/`` and ``rewritten/`` hold them, this reads them.

A file holds the answers to one exercise. A cell is one whole answer: its id, the mark of those that are held out, the
teacher's name for the mistake in words, and the source.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["REAL_MISTAKES", "REWRITTEN", "WrongAnswer", "read_answers", "right_names", "wrong_answers"]

REAL_MISTAKES = Path(__file__).resolve().parent / "real_mistakes"
REWRITTEN = Path(__file__).resolve().parent / "rewritten"
"""Declared mistakes as somebody else would write them: the kind of an answer is the name of the mistake."""

_CELL = re.compile(
    r"# %% (?P<id>(?P<kind>\w+)_\d+)(?P<held_out> \(held out\))?\n(# Teacher: (?P<teacher>.+)\.\n)?(?P<source>.*)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """One answer. ``held_out`` ones are measured, and nothing is adjusted to them."""

    exercise: str
    id: str
    kind: str
    teacher: str
    held_out: bool
    source: str

    def __str__(self) -> str:
        return f"{self.exercise}/{self.id}"


def read_answers(exercise: str, text: str) -> Iterator[WrongAnswer]:
    """Yield the answers of one file; a cell that isn't as it should be is a ValueError."""
    for cell in re.split(r"(?m)^(?=# %%)", text):
        if not cell.strip():
            continue
        if not (found := _CELL.fullmatch(cell)):
            raise ValueError(f"{exercise}: {cell.splitlines()[0]!r} isn't the beginning of an answer")
        parts = found.groupdict()
        source = f"{parts['source'].rstrip()}\n"
        yield WrongAnswer(exercise, parts["id"], parts["kind"], parts["teacher"] or "", bool(parts["held_out"]), source)


def wrong_answers(folder: Path = REAL_MISTAKES) -> list[WrongAnswer]:
    """Return all answers of a folder, exercise by exercise."""
    return [
        answer for path in sorted(folder.glob("*.py")) for answer in read_answers(path.stem, path.read_text("utf-8"))
    ]


def right_names() -> dict[str, tuple[str, ...]]:
    """Return for each answer in ``real_mistakes/`` the names that would be right, as patterns."""
    tables = tomllib.loads((REAL_MISTAKES / "names.toml").read_text("utf-8"))
    return {f"{exercise}/{id}": tuple(names) for exercise, table in tables.items() for id, names in table.items()}
