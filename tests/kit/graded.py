"""A course with a class that has handed in, graded by nbgrader's own commands: each student is a trap."""

from __future__ import annotations

import functools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from clone import A1, ROOT, clone

from autograder.build import build
from autograder.course import Course, load_course
from autograder.sample_class import Book, Student, hand_in

SIGMOID = "def sigmoid(h_tilde):\n    e = np.exp(-np.abs(h_tilde))\n    return np.where(h_tilde >= 0, 1, e) / (1 + e)"
SIGMOID_DERIVATIVE = "def sigmoid_derivative(h_tilde):\n    h = sigmoid(h_tilde)\n    return h * (1 - h)"
TANH_DERIVATIVE = "def tanh_derivative(h_tilde):\n    return 1 - np.tanh(h_tilde) ** 2"
WRONG = "def tanh_derivative(h_tilde):\n    return 1 - np.tanh(h_tilde)"
SCRIPT = "<script>alert(1)</script>"
CHECK = "check_sigmoid"


def right(book: Book) -> None:
    """All right, worth 2 + 3 + 3 points."""
    book.answer(sigmoid=SIGMOID, sigmoid_derivative=SIGMOID_DERIVATIVE, tanh_derivative=TANH_DERIVATIVE)


def _wrong(book: Book) -> None:
    right(book)
    book.answer(tanh_derivative=WRONG)
    book.cells.append({"cell_type": "markdown", "id": "mine", "metadata": {}, "source": f"Note {SCRIPT} $a < b$"})


def _duplicated(book: Book) -> None:
    right(book)
    for name in ("sigmoid", CHECK, "check_tanh_derivative"):
        book.duplicate(name)


def _no_check(book: Book) -> None:
    right(book)
    book.delete_check("sigmoid")


def _retyped(book: Book) -> None:
    """Deletes an answer's cell and writes the function anew, at the very end."""
    right(book)
    book.delete("sigmoid")
    book.cells.append(_code(SIGMOID))


def _forged(book: Book) -> None:
    """A wrong answer with metadata, outputs and a check that would earn everything."""
    _wrong(book)
    for cell in book.cells:
        if about := cell["metadata"].get("nbgrader"):
            about |= (
                {"points": 1000, "grade": False, "checksum": "0"} if about["grade"] else {"grade": True, "points": 99}
            )
            if about["grade_id"] == "check_tanh_derivative":
                cell["source"] = "3.0"
                result = {"output_type": "execute_result", "data": {"text/plain": "3.0"}, "metadata": {}}
                cell["outputs"] = [result | {"execution_count": 1}]
    book.cells.append(_code("3.0", nbgrader={"grade": True, "grade_id": "mine", "points": 50, "schema_version": 3}))


def _from_the_future(book: Book) -> None:
    right(book)
    for cell in book.cells:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"]["schema_version"] = 99


def _stripped(book: Book) -> None:
    right(book)
    for cell in book.cells:
        cell["metadata"] = {}
        del cell["id"]


def _half_a_character(book: Book) -> None:
    right(book)
    book.on_top('"""\ud800\x00"""')


def _code(source: str, **metadata: Any) -> dict[str, Any]:
    fresh = {"cell_type": "code", "id": "mine2", "metadata": metadata, "source": source, "outputs": []}
    return fresh | {"execution_count": None}


def _nothing(_: Book) -> None:
    """Hands in what was handed out."""


CLASS = [
    Student("right", "all right", 8, right),
    Student("stub", "nothing yet", 0, _nothing),
    Student("wrong", "one mistake, and a script in the prose", 5, _wrong),
    Student("not_json", "not a notebook", 0, lambda book: book.replace_file(b"\x89PNG")),
    Student("duplicated", "cells pasted twice", 8, _duplicated),
    Student("no_check", "a check cell deleted", 8, _no_check),
    Student("retyped", "an answer's cell deleted, the function at the end", 8, _retyped),
    Student("forged", "points, outputs and checks forged", 5, _forged),
    Student("future", "metadata of a later nbgrader", 8, _from_the_future),
    Student("stripped", "no metadata, no ids", 8, _stripped),
    Student("half", "half a character in a cell", 8, _half_a_character),
    Student("=right", "a name that is no id", 8, right),
]
LINKED = "linked"


def nbgrader(root: Path, *arguments: str, ok: bool = True) -> str:
    """Run nbgrader's command line in a course, as from an environment that isn't activated."""
    environment = os.environ | {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300)
    assert (done.returncode == 0) is ok, done.stderr
    return done.stderr


def scores(root: Path, column: str = "auto_score") -> dict[str, dict[str, float | None]]:
    """What the gradebook holds: by student, by exercise."""
    query = f"""
        select submitted_assignment.student_id, base_cell.name, grade.{column}
        from grade join base_cell on base_cell.id = grade.cell_id
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    """
    found: dict[str, dict[str, float | None]] = {}
    with sqlite3.connect(root / "gradebook.db") as database:
        for student, cell, value in database.execute(query):
            found.setdefault(student, {})[cell.removeprefix("check_")] = value
    database.close()
    return found


def feedback(root: Path, student: str) -> str:
    """The page that a student gets."""
    return (root / "feedback" / student / A1 / f"{A1}.html").read_text(encoding="utf-8")


@functools.cache
def _graded(factory: pytest.TempPathFactory) -> Path:
    """Build, release, hand in and grade, once for all tests and all of xdist's processes."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root, done = base / "graded", base / "graded.done"
    try:
        root.mkdir()
    except FileExistsError:
        while not done.exists():
            time.sleep(0.2)
        return root
    try:
        course = clone(root)
        shutil.rmtree(root / "assignments", ignore_errors=True)
        build(course, A1)
        nbgrader(root, "generate_assignment", A1)
        _hand_in(course)
        (root / "autograde.log").write_text(nbgrader(root, "autograde", A1, ok=False), encoding="utf-8")
        (root / "feedback.log").write_text(nbgrader(root, "generate_feedback", A1), encoding="utf-8")
    finally:
        done.touch()
    return root


def _hand_in(course: Course) -> None:
    named = {member.id: member for member in CLASS}
    hand_in(course, A1, [member for name, member in named.items() if not name.startswith("=")])
    submitted = course.root / "submitted"
    shutil.copytree(submitted / "right", submitted / "=right")
    linked = submitted / LINKED / A1
    linked.mkdir(parents=True)
    (linked / f"{A1}.ipynb").symlink_to(submitted / "right" / A1 / f"{A1}.ipynb")
    (linked / "secret.txt").symlink_to(course.hidden_paper(A1))
    (linked / "nowhere").symlink_to(course.root / "nowhere")
    (linked / "plain.txt").write_text("mine")


def graded(factory: pytest.TempPathFactory) -> Course:
    """The graded class; for looking only."""
    return load_course(_graded(factory) / "grading.toml")


def copied(factory: pytest.TempPathFactory, folder: Path, *students: str) -> Path:
    """A copy of the graded course in which only these students have handed in, free to be spoilt."""
    others = [name for name in [*(member.id for member in CLASS), LINKED] if name not in students]
    shutil.copytree(_graded(factory), folder, symlinks=True, ignore=shutil.ignore_patterns(*others))
    with sqlite3.connect(folder / "gradebook.db") as database:
        database.execute("pragma user_version")
    database.close()
    return folder


def notebook(path: Path) -> dict[str, Any]:
    """A notebook as plain JSON."""
    book: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return book
