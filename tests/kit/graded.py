"""A course with a class that has handed in, graded by nbgrader's own commands. Each student is one kind of mistake."""

from __future__ import annotations

import base64
import fcntl
import html
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from clone import A1, SOURCES, clone
from htilde.authoring.build import build
from htilde.course import Course, load_course
from htilde.sample_class import Book, Student, hand_in
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader
from vectors import TEX, VECTORS

SIGMOID = "def sigmoid(h_tilde):\n    e = np.exp(-np.abs(h_tilde))\n    return np.where(h_tilde >= 0, 1, e) / (1 + e)"
SIGMOID_DERIVATIVE = "def sigmoid_derivative(h_tilde):\n    h = sigmoid(h_tilde)\n    return h * (1 - h)"
TANH_DERIVATIVE = "def tanh_derivative(h_tilde):\n    return 1 - np.tanh(h_tilde) ** 2"
WRONG = "def tanh_derivative(h_tilde):\n    return 1 - np.tanh(h_tilde)"
SCRIPT = "<script>alert(1)</script>"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==")
CHECK = "check_sigmoid"
SPIES = {
    "sigmoid": """seen = []
def sigmoid(h_tilde):
    seen.append(h_tilde.tolist())
    if len(seen) > 6:
        print(seen)
    return h_tilde""",
    "sigmoid_derivative": """def sigmoid_derivative(h_tilde):
    raise ValueError(h_tilde.tolist())""",
    "tanh_derivative": """import warnings
def tanh_derivative(h_tilde):
    warnings.warn(str(h_tilde.tolist()))
    return h_tilde""",
}


def right(book: Book) -> None:
    """Answer everything right, for 2 + 3 + 3 points."""
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
    """Delete an answer's cell and write the function anew, at the very end."""
    right(book)
    book.delete("tanh_derivative")
    book.cells.append(_code(TANH_DERIVATIVE))


def _reordered(book: Book) -> None:
    """Move the last exercise above the first, and a check above its answer."""
    right(book)
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in book.cells}
    for name, place in (("tanh_derivative", 2), ("check_tanh_derivative", 3), ("check_sigmoid_derivative", 4)):
        book.cells.remove(cells[name])
        book.cells.insert(place, cells[name])


def _spying(book: Book) -> None:
    """Reveal every question by prints, exceptions and warnings."""
    book.answer(**SPIES)


def _forged(book: Book) -> None:
    """Answer wrongly, with metadata, outputs and a check that would earn everything."""
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
    book.duplicate("check_tanh_derivative")
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


def _acting(book: Book) -> None:
    """Put active content into prose, code, outputs, attachments and metadata."""
    right(book)
    acts = "\n".join(VECTORS)
    for cell in book.cells:
        cell["metadata"] |= {"tags": [SCRIPT], "name": SCRIPT, "magics_language": "html"}
        if cell["cell_type"] == "code":
            html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": SCRIPT}}
            cell["outputs"] = [html, {"output_type": "stream", "name": "stderr", "text": SCRIPT}]
    shown = ["![my graph](graph.png)", "![](attachment:a.svg)", "![my photo](attachment:a.png)"]
    for number, vector in enumerate([*VECTORS, *TEX, *shown]):
        drawing = {"a.svg": {"image/svg+xml": "PHN2ZyBvbmxvYWQ9InB3bigpIi8+"}}
        photo = {"a.png": {"image/png": base64.b64encode(PNG).decode()}}
        prose = {"cell_type": "markdown", "id": f"acts{number}", "metadata": {}, "source": vector}
        book.cells.append(prose | {"attachments": drawing | photo})
    book.cells.append(_code(f'"""{acts}"""\n%%html\n{acts}'))
    book.plain["metadata"] |= {"title": SCRIPT, "widgets": {"application/vnd.jupyter.widget-state+json": SCRIPT}}


def _code(source: str, **metadata: Any) -> dict[str, Any]:
    fresh = {"cell_type": "code", "id": "mine2", "metadata": metadata, "source": source, "outputs": []}
    return fresh | {"execution_count": None}


def _nothing(_: Book) -> None:
    """Hand in the notebook as it was released."""


CLASS = [
    Student("right", "all right", 8, right),
    Student("stub", "nothing yet", 0, _nothing),
    Student("wrong", "one mistake, and a script in the prose", 5, _wrong),
    Student("not_json", "not a notebook", 0, lambda book: book.replace_file(b"\x89PNG")),
    Student("duplicated", "cells pasted twice", 8, _duplicated),
    Student("no_check", "a check cell deleted", 8, _no_check),
    Student("retyped", "an answer's cell deleted, the function at the end", 8, _retyped),
    Student("forged", "points, outputs and checks forged", 5, _forged),
    Student("reordered", "cells moved", 8, _reordered),
    Student("spy", "prints, raises and warns of all it is asked", 0, _spying),
    Student("007", "metadata of a later nbgrader", 8, _from_the_future),
    Student("stripped", "no metadata, no ids", 8, _stripped),
    Student("half", "half a character in a cell", 8, _half_a_character),
    Student("acting", "all that might act in a page", 8, _acting),
    Student("linked", "a link to another's notebook, and one to the hidden paper", 0, right),
]
REFUSED = {
    "=right": "can't be a student id",
    "misnamed": "is called a1.ipynb",
    "mistimed": "holds no date",
    "crowded": "more than 1000 files",
}
"""Students whose folders can't be graded, and why."""
BESIDE = [
    *("numpy.py", "htilde.py", "sitecustomize.py", "usercustomize.py", "conftest.py", "nbgrader_config.py"),
    *("jupyter_config.py", "jupyter_server_config.py", "ipython_config.py", "page.html", "drawing.svg", "script.js"),
]
"""Files that would run if Python or a browser loaded them from the folder."""
EMPTY = "empty"
"""A student who handed in a folder without a notebook."""


def nbgrader(root: Path, *arguments: str, ok: bool = True, shown: str = "stderr") -> str:
    """Run nbgrader's command line in a course, as from an environment that isn't activated, and return its output."""
    environment = os.environ | {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(SOURCES),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=300)
    assert (done.returncode == 0) is ok, done.stderr
    return str(getattr(done, shown))


def scores(root: Path, column: str = "auto_score") -> dict[str, dict[str, float | None]]:
    """Return the points in the gradebook, by student and exercise."""
    query = f"""
        select submitted_assignment.student_id, base_cell.name, grade.{column}
        from grade join base_cell on base_cell.id = grade.cell_id
        join submitted_notebook on submitted_notebook.id = grade.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
    """
    found: dict[str, dict[str, float | None]] = {}
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        for student, cell, value in database.execute(query):
            found.setdefault(student, {})[cell.removeprefix("check_")] = value
    return found


def feedback(root: Path, student: str) -> str:
    """Return the page that a student gets."""
    return (root / "feedback" / student / A1 / f"{A1}.html").read_text(encoding="utf-8")


def said(root: Path, student: str) -> str:
    """Return the text of a student's page, as it is read."""
    return html.unescape(re.sub(r"<[^>]*>", "", feedback(root, student)))


@contextmanager
def gradebook(root: Path) -> Iterator[Gradebook]:
    """Open the gradebook as nbgrader's commands do."""
    config(root)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as found:
        yield found


def config(root: Path) -> Config:
    """Return the settings of ``nbgrader_config.py``."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()


def convert(
    root: Path, what: type = Autograde, *, assignment: str = A1, student: str = "*", force: bool = True, **options: Any
) -> None:
    """Run one of nbgrader's converters as its commands do, in this process."""
    found = config(root)
    coursedir = CourseDirectory(config=found, root=str(root), assignment_id=assignment, student_id=student)
    what(coursedir=coursedir, config=found, force=force, **options).start()


def generate(root: Path, assignment: str = A1, *, force: bool = True) -> None:
    """Run ``nbgrader generate_assignment`` in this process."""
    convert(root, GenerateAssignment, assignment=assignment, force=force)


def give_feedback(root: Path) -> None:
    """Run ``nbgrader generate_feedback --force`` in this process."""
    convert(root, GenerateFeedback)


def _graded(factory: pytest.TempPathFactory) -> Path:
    """Build, release, hand in and grade by nbgrader's own commands, once for all tests and all of xdist's processes."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root, done = base / "graded", base / "graded.done"
    with (base / "graded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir()
            course = clone(root)
            shutil.rmtree(root / "assignments", ignore_errors=True)
            build(course, A1)
            nbgrader(root, "generate_assignment", A1)
            shutil.copy(root / "gradebook.db", root / "gradebook.new")
            _hand_in(course)
            (root / "autograde.log").write_text(nbgrader(root, "autograde", A1, ok=False), encoding="utf-8")
            nbgrader(root, "generate_feedback", A1)
            nbgrader(root, "export")
            done.touch()
    return root


def _hand_in(course: Course) -> None:
    hand_in(course, A1, CLASS)
    submitted, name = course.root / "submitted", f"{A1}.ipynb"
    for student in REFUSED:
        shutil.copytree(submitted / "right", submitted / student)
    (submitted / "misnamed" / A1 / name).rename(submitted / "misnamed" / A1 / "a1.ipynb")
    (submitted / "mistimed" / A1 / "timestamp.txt").write_text("yesterday")
    for number in range(1_000):
        (submitted / "crowded" / A1 / str(number)).touch()
    (submitted / EMPTY / A1).mkdir(parents=True)
    linked = submitted / "linked" / A1
    (linked / name).unlink()
    (linked / name).symlink_to(submitted / "right" / A1 / name)
    (linked / "secret.txt").symlink_to(course.hidden_paper(A1))
    (linked / "nowhere").symlink_to(course.root / "nowhere")
    (linked / "papers").symlink_to(course.hidden_paper(A1).parent)
    (linked / "plain.txt").write_text("mine")
    for file in BESIDE:
        path = submitted / "acting" / A1 / file
        path.write_text(f"import pathlib; pathlib.Path({str(course.root / 'ran')!r}).touch()  # {SCRIPT}")
    for file in (f"{A1.upper()}.ipynb", "another.ipynb"):
        shutil.copy(submitted / "wrong" / A1 / name, submitted / "acting" / A1 / file)
    (submitted / "acting" / A1 / "graph.png").write_bytes(PNG)


def graded(factory: pytest.TempPathFactory) -> Course:
    """Return the graded class, which tests only read."""
    return load_course(_graded(factory) / "grading.toml")


def copied(factory: pytest.TempPathFactory, folder: Path, *students: str) -> Path:
    """Copy the graded course, with these students alone, for tests that change it."""
    everybody = {*(member.id for member in CLASS), *REFUSED, EMPTY}
    # Without verdicts: whoever looks at what goes wrong in an examination wants one.
    others = shutil.ignore_patterns("verdicts", *everybody.difference(students))
    shutil.copytree(_graded(factory), folder, symlinks=True, dirs_exist_ok=True, ignore=others)
    return folder


def nobody_graded(root: Path) -> None:
    """Put the gradebook back to where the assignment was released and nobody had handed in."""
    shutil.copy(root / "gradebook.new", root / "gradebook.db")


def notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as plain JSON."""
    book: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return book
