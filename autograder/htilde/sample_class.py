"""A sample class to try a course on. Each student is a function that edits the released notebook."""

from __future__ import annotations

import copy
import json
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

from htilde.course import Course
from htilde.errors import CourseError, KitError, Problem, UsageError
from htilde.former import refuse_former_imports
from htilde.model import CHECK_PREFIX

__all__ = ["Book", "Student", "hand_in", "sample_class", "student"]


class Book:
    """A notebook that a student edits. Cells are named by exercise."""

    def __init__(self, released: dict[str, Any]) -> None:
        self.plain = copy.deepcopy(released)
        self.raw: bytes | None = None

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells, in order."""
        cells: list[dict[str, Any]] = self.plain["cells"]
        return cells

    def answer(self, **sources: str) -> None:
        """Replace the cells of these exercises."""
        for exercise, source in sources.items():
            self._cell(exercise)["source"] = source

    def write(self, question: str, text: str) -> None:
        """Write an answer below a question."""
        cell = self._cell(question)
        cell["source"] = f"{''.join(cell['source'])}\n\n{text}"

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
        """Insert a code cell above all others."""
        cell = {"cell_type": "code", "id": f"ontop{len(self.cells)}", "metadata": {}, "source": source, "outputs": []}
        self.cells.insert(0, cell | {"execution_count": None})

    def replace_file(self, raw: bytes) -> None:
        """Hand in these bytes instead of the notebook."""
        self.raw = raw

    def saved(self) -> bytes:
        """Return the file as it is handed in."""
        return self.raw if self.raw is not None else json.dumps(self.plain, indent=1).encode()

    def _cell(self, name: str) -> dict[str, Any]:
        for cell in self.cells:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
                return cell
        raise LookupError(f"the notebook has no cell {name!r}")


@dataclass(frozen=True)
class Student:
    """A student of the class: an id, what they did in words, and the points that it must earn."""

    id: str
    did: str
    points: float
    edit: Callable[[Book], None]


_current: ContextVar[list[Student] | None] = ContextVar("class", default=None)


def student(id: str, did: str, *, points: float) -> Callable[[Callable[[Book], None]], Callable[[Book], None]]:
    """Declare a student of the sample class. The decorated function edits their ``Book``."""

    def declare(edit: Callable[[Book], None]) -> Callable[[Book], None]:
        if (members := _current.get()) is not None:
            members.append(Student(id, did, points, edit))
        return edit

    return declare


def sample_class(course: Course, assignment: str) -> list[Student]:
    """Read an assignment's sample class from ``tests/sample_class/``. Raises CourseError with all that is wrong."""
    path = course.declarations("sample_class", assignment)
    if not path.is_file():
        raise UsageError(
            f"{path}: {assignment} has no sample class; there is no such file.",
            next_step="A demo needs one: each student is a function that edits the released notebook.",
        )
    members: list[Student] = []
    token = _current.set(members)
    try:
        with _blamed_on(path):
            source = path.read_text(encoding="utf-8")
            refuse_former_imports(path, source)
            exec(compile(source, str(path), "exec", dont_inherit=True), {"__name__": path.stem})
    finally:
        _current.reset(token)
    if problems := list(_problems(course, assignment, path, members)):
        raise CourseError(problems)
    return members


def _problems(course: Course, assignment: str, path: Path, members: list[Student]) -> Iterator[Problem]:
    if not members:
        yield Problem(path, "nobody is in this class: decorate functions with @student(id, did, points=...).")
    most = sum(course.assignment(assignment).points.values())
    seen: set[str] = set()
    for member in members:
        line = member.edit.__code__.co_firstlineno if isinstance(member.edit, FunctionType) else None
        try:
            course.student(member.id)
        except UsageError as error:
            yield Problem(path, error.message, line=line)
        if member.id in seen:
            yield Problem(path, f"{member.id} is in this class twice.", line=line)
        if not 0 <= member.points <= most:
            yield Problem(path, f"{member.id} can't earn {member.points:g}; {assignment} is worth {most:g}.", line=line)
        seen.add(member.id)


@contextmanager
def _blamed_on(path: Path, whom: str = "it") -> Iterator[None]:
    """Turn what the instructor's file raises into a CourseError with its line."""
    try:
        yield
    except KitError:
        raise
    except Exception as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        raise CourseError(Problem(path, f"{whom} raised {type(error).__name__}: {text}", line=line)) from error


def hand_in(course: Course, assignment: str, members: list[Student]) -> None:
    """Write each student's notebook into ``submitted/``."""
    name = f"{assignment}.ipynb"
    released = json.loads((course.release(assignment) / name).read_text(encoding="utf-8"))
    for member in members:
        book = Book(released)
        file = member.edit.__code__.co_filename if isinstance(member.edit, FunctionType) else __file__
        with _blamed_on(Path(file), f"the edit of {member.id}"):
            member.edit(book)
        path = course.root / "submitted" / course.student(member.id) / assignment / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(book.saved())
