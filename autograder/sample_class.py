"""A class to try a course on: each student is a function that edits the released notebook, as students do."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from autograder.course import Course
from autograder.errors import CourseError, Problem, UsageError
from autograder.submission import CHECK_PREFIX

__all__ = ["Book", "Student", "hand_in", "sample_class", "student"]


class Book:
    """A notebook in a student's hands. Cells are named by exercise; ``check`` names the cell below."""

    def __init__(self, released: dict[str, Any]) -> None:
        self.plain = copy.deepcopy(released)
        self.raw: bytes | None = None

    @property
    def cells(self) -> list[dict[str, Any]]:
        cells: list[dict[str, Any]] = self.plain["cells"]
        return cells

    def answer(self, **sources: str) -> None:
        """Replace the cells of these exercises."""
        for exercise, source in sources.items():
            self._cell(exercise)["source"] = source

    def delete(self, name: str) -> None:
        """Delete the cell with this id."""
        self.cells.remove(self._cell(name))

    def delete_check(self, exercise: str) -> None:
        """Delete an exercise's check cell."""
        self.delete(CHECK_PREFIX + exercise)

    def duplicate(self, name: str) -> None:
        """Copy a cell, id and all, as JupyterLab's paste does."""
        cell = self._cell(name)
        self.cells.insert(self.cells.index(cell) + 1, copy.deepcopy(cell))

    def on_top(self, source: str) -> None:
        """Put a cell of their own above everything."""
        cell = {"cell_type": "code", "id": "ontop", "metadata": {}, "source": source, "outputs": []}
        self.cells.insert(0, cell | {"execution_count": None})

    def replace_file(self, raw: bytes) -> None:
        """Hand in something else altogether."""
        self.raw = raw

    def saved(self) -> bytes:
        """The file as it is handed in."""
        return self.raw if self.raw is not None else json.dumps(self.plain, indent=1).encode()

    def _cell(self, name: str) -> dict[str, Any]:
        return next(c for c in self.cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


@dataclass(frozen=True)
class Student:
    """One of the class: an id, what they did in words, and what that must earn in points."""

    id: str
    did: str
    points: float
    edit: Callable[[Book], None]


_current: ContextVar[list[Student] | None] = ContextVar("class", default=None)


def student(id: str, did: str, *, points: float) -> Callable[[Callable[[Book], None]], Callable[[Book], None]]:
    """Declare a student of the sample class."""

    def declare(edit: Callable[[Book], None]) -> Callable[[Book], None]:
        if (members := _current.get()) is not None:
            members.append(Student(id, did, points, edit))
        return edit

    return declare


@contextmanager
def _collecting() -> Iterator[list[Student]]:
    members: list[Student] = []
    token = _current.set(members)
    try:
        yield members
    finally:
        _current.reset(token)


def sample_class(course: Course, assignment: str) -> list[Student]:
    """The sample class of an assignment, from ``tests/sample_class/``."""
    path = course.declarations("sample_class", assignment)
    if not path.is_file():
        raise UsageError(f"{path}: {assignment} has no sample class.", next_step="A demo needs one.")
    with _collecting() as members:
        try:
            exec(
                compile(path.read_text(encoding="utf-8"), str(path), "exec", dont_inherit=True), {"__name__": path.stem}
            )
        except Exception as error:
            raise CourseError(Problem(path, f"it raised {type(error).__name__}: {error}")) from error
    return members


def hand_in(course: Course, assignment: str, members: list[Student]) -> None:
    """Write each student's notebook into ``submitted/``, made from the released one."""
    name = f"{assignment}.ipynb"
    released = json.loads((course.release(assignment) / name).read_text(encoding="utf-8"))
    for member in members:
        book = Book(released)
        member.edit(book)
        path = course.root / "submitted" / course.student(member.id) / assignment / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(book.saved())
