"""``check`` in a notebook: the live function, the paper beside it, two faces."""

from __future__ import annotations

import html
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import toys
from clone import A1, clone
from nbclient import NotebookClient

from autograder.errors import PaperError
from autograder.finding import find_paper
from autograder.model import Kind, Visibility
from autograder.notebook import check
from autograder.paper import write_paper


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a paper in it, where the student works. ``double`` has a main and an edge property."""
    edge = toys.question(toys.double, [(np.array([1e300]),)], name="when_large", kind=Kind.EDGE)
    paper = toys.paper(toys.exercise(toys.double, toys.question(toys.double, mistakes=[toys.adds_two]), edge, points=3))
    write_paper(paper, tmp_path / "toys.paper")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cell(source: str) -> Any:
    """Run a student's cell and return what its last expression is, as Jupyter would show it."""
    *before, last = source.strip().splitlines()
    namespace = {"check": check, "np": np, "__name__": "__main__"}
    exec("\n".join(before), namespace)
    return eval(last, namespace)


RIGHT = "def double(x):\n    return 2 * x\n"


@pytest.mark.parametrize("call", ["check('double')", "check(double)"])
def test_right_answer_shows_all_points(folder: Path, call: str) -> None:
    """By name or by function; the plain face is the number and nothing else."""
    shown = cell(RIGHT + call)
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown) == "3"
    assert "Hidden properties remain" in shown._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize("bound", ["double = lambda x: 2 * x", "def twice(x): return 2 * x\ndouble = twice"])
def test_function_counts_for_the_exercise_it_is_bound_to(folder: Path, bound: str) -> None:
    """A lambda, or a function that was defined under another name, is found."""
    assert cell(bound + "\ncheck(double)").points == 3


def test_partial_answer_shows_part_of_the_points(folder: Path) -> None:
    """An edge that fails costs its share only."""
    partial = "def double(x):\n    return 2 * np.minimum(x, 1e6)\n"
    assert cell(partial + "check('double')").points == 1.5


def test_mistake_is_named_in_the_notebook(folder: Path) -> None:
    """The HTML says which misconception it is."""
    shown = cell("def double(x):\n    return x + 2\ncheck('double')")
    assert shown.points == 0
    assert "adds two" in shown.html


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("check('double')", "There is no function double"),
        ("double = 3\ncheck('double')", "double is of type int, not a function"),
        ("def double(x): raise NotImplementedError\ncheck(double)", "Not implemented yet"),
        ("def double(x): raise KeyboardInterrupt\ncheck(double)", "No answer within the time you gave it"),
        ("check('dubble')", "There is no exercise 'dubble' in toys."),
    ],
)
def test_every_trouble_is_a_message_and_zero(folder: Path, source: str, says: str) -> None:
    """What isn't there, isn't a function or isn't finished is explained, never raised."""
    shown = cell(source)
    assert (shown.points, says in html.unescape(shown.html)) == (0, True), shown.text


def test_missing_or_ambiguous_or_hidden_paper_is_explained(folder: Path) -> None:
    """No paper, two papers, or the wrong kind: one message with the folder in it."""
    write_paper(toys.paper(), folder / "other.paper")
    assert "there are 2" in cell("check('double')").text
    for path in folder.glob("*.paper"):
        path.unlink()
    assert str(folder) in cell("check('double')").text
    write_paper(toys.paper(visibility=Visibility.HIDDEN), folder / "toys.paper")
    assert "hidden paper" in cell("check('double')").text


def test_a_students_folder_in_a_course_needs_no_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a handed-in notebook within the course checks it against what was released."""
    course = clone(tmp_path)
    folder = course.root / "submitted" / "ada" / A1
    folder.mkdir(parents=True)
    assert find_paper(folder).assignment == A1
    with pytest.raises(PaperError):
        find_paper(folder.parent)


@pytest.mark.parametrize("source", ["def double(x):\n    return x + 2\ncheck('double')", "check('dubble')"])
def test_validate_shows_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], source: str
) -> None:
    """nbgrader's Validate, which shows standard error only, gets the text face of whatever went wrong."""
    cell(source)
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    shown = cell(source)
    assert capsys.readouterr().err == f"{shown}\n"
    cell(RIGHT + "check('double')")
    assert capsys.readouterr().err == ""


def test_prints_are_kept_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the function prints stands in the result, not beside it."""
    shown = cell("def double(x):\n    print('seen')\n    return x\ncheck(double)")
    assert "seen" in shown.html
    assert capsys.readouterr() == ("", "")


def test_needs_neither_torch_nor_hypothesis(folder: Path) -> None:
    """A student's kernel loads NumPy and the kit."""
    code = RIGHT + (
        "from autograder import check\nimport sys\nassert check(double).points == 3\n"
        "print({'torch', 'hypothesis', 'nbgrader', 'click', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_in_a_real_kernel_the_check_cell_has_one_output_with_two_faces(folder: Path) -> None:
    """nbgrader reads the first execute_result and takes any stderr for a failure: there must be one and none."""
    cells = [
        "import numpy as np\nfrom autograder import check",
        "def double(x):\n    np.exp(1e4 * np.ones(1))\n    print('hello')\n    return 2 * x",
        "check('double')",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    (output,) = book.cells[-1].outputs
    assert output.output_type == "execute_result"
    assert output.data["text/plain"] == "3"
    assert "overflow" in output.data["text/html"]
