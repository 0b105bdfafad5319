"""``check`` in a notebook: the live function, the paper beside it, two faces."""

from __future__ import annotations

import copy
import datetime as dt
import html
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import toys
from htilde.examination.paper import write_paper
from htilde.model import Kind, Visibility
from htilde.self_study.notebook import check
from nbclient import NotebookClient


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


def save(folder: Path, *sources: str) -> Path:
    """Save a notebook of these cells, as JupyterLab does."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "toys.ipynb")
    return folder / "toys.ipynb"


def released(answer: str, checks: str) -> nbformat.NotebookNode:
    """A notebook with nbgrader's marks, of which ``double`` is the only exercise."""
    book = nbformat.v4.new_notebook()
    for name, source in (("double", answer), ("check_double", checks)):
        metadata = {"nbgrader": {"grade_id": name, "schema_version": 3}}
        book.cells.append(nbformat.v4.new_code_cell(source, metadata=metadata))
    return book


def _check_changed(cells: list[Any]) -> list[Any]:
    cells[1].source = "check('triple')"
    return cells


CHANGES: dict[str, tuple[Callable[[list[Any]], list[Any]], str]] = {
    "nothing": (lambda cells: cells, ""),
    "check deleted": (lambda cells: cells[:1], "the check cell of double is gone; it is put back for grading"),
    "check changed": (_check_changed, "the check cell of double was changed; for grading it is as it was"),
    "answer duplicated": (lambda cells: [cells[0], *cells], "there are 2 cells of double; the last one counts"),
}


@pytest.mark.parametrize("call", ["check('double')", "check(double)"])
def test_right_answer_shows_all_points(folder: Path, call: str) -> None:
    """By name or by function; the plain face is the number and nothing else."""
    shown = cell(RIGHT + call)
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown) == "3"
    assert "Hidden properties remain" in shown._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize("settings", ["{}", "broken"])
def test_who_works_alone_learns_how_hidden_properties_are_asked(folder: Path, settings: str) -> None:
    """In a workspace nobody grades; one whose settings are broken is one, too."""
    assert "when this is graded" in cell(f"{RIGHT}check('double')").html
    (folder / ".study").mkdir()
    (folder / ".study" / "workspace.json").write_text(settings)
    shown = cell(f"{RIGHT}check('double')")
    assert "htilde check --hidden" in shown.html and "htilde watch" in shown.text
    assert "when this is graded" not in shown.html + shown.text


@pytest.mark.parametrize("bound", ["double = lambda x: 2 * x", "def twice(x): return 2 * x\ndouble = twice"])
def test_function_counts_for_the_exercise_it_is_bound_to(folder: Path, bound: str) -> None:
    """A lambda, or a function that was defined under another name, is found."""
    assert cell(bound + "\ncheck(double)").points == 3


def test_an_argument_that_has_to_stay_is_watched_in_the_notebook_too(folder: Path) -> None:
    """The student's own check says what the grade will."""
    guarded = replace(toys.question(toys.double), unchanged=(0,))
    write_paper(toys.paper(toys.exercise(toys.double, guarded)), folder / "toys.paper")
    told = cell("def double(x):\n    if isinstance(x, np.ndarray): x *= 2; return x\n    return 2 * x\ncheck('double')")
    assert "x was changed" in str(told)
    assert "1 of 1 points" in str(cell(RIGHT + "check('double')"))


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


@pytest.mark.parametrize("call", ["check(double)", "check('double')", "check()"])
def test_loads_numpy_and_the_standard_library_and_no_more(folder: Path, call: str) -> None:
    """A student's kernel needs nothing else, for one exercise or the whole notebook."""
    save(folder, RIGHT)
    code = RIGHT + (
        f"import sys\nbefore = set(sys.modules)\nfrom htilde import check\nassert {call}.points == 3\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names\n"
        "print(sorted(name for name in new if name[0] != '_'))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['htilde', 'numpy']"


def test_a_whole_check_shows_what_is_wrong_in_full_and_what_is_right_in_a_line(folder: Path) -> None:
    """From the file as it was last saved; the title says when that was. The plain face is the number."""
    write_paper(toys.paper(toys.exercise(points=3), toys.exercise(toys.pair, mistakes=())), folder / "toys.paper")
    file = save(folder, RIGHT, "def pair(x):\n    return 2 * x, x")
    at = dt.datetime(2026, 3, 4, 15, 16, 17).timestamp()
    os.utime(file, (at, at))
    shown = cell("check()")
    assert shown._repr_mimebundle_()["text/plain"] == repr(shown) == "3"
    for face in (html.unescape(shown.html), str(shown)):
        assert "toys.ipynb as saved at 15:16:17, run from a clean start" in face
        assert "pair: 0 of 1 points" in face and "toys: 3 of 4 points so far; hidden properties remain." in face
        assert "Value 1 of the answer" in face or "value is wrong" in face
    assert "✓ double" in shown.html and "double: 3 of 3" not in shown.html


def test_a_whole_check_asks_the_file_and_not_the_kernel(folder: Path) -> None:
    """What was run but not saved, or saved but not run, is as it is in the file."""
    save(folder, RIGHT)
    assert cell("def double(x):\n    return 0\ncheck()").points == 3
    save(folder, "def double(x):\n    return 0")
    assert cell(RIGHT + "check()").points == 0


def test_a_notebook_may_check_itself(folder: Path) -> None:
    """A cell that calls check() is run like any other and begins nothing anew."""
    save(folder, "from htilde import check", RIGHT, "check()", "result = check()\nprint(result)")
    assert cell("check()").points == 3


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_a_whole_check_tells_what_became_of_the_cells(
    folder: Path, change: Callable[[list[Any]], list[Any]], told: str
) -> None:
    """Changed, deleted and duplicated cells are noted, and cost nothing; of others nothing is said."""
    book = released(RIGHT, "check('double')")
    book.cells = change(copy.deepcopy(book.cells))
    (folder / "toys.ipynb").write_text(json.dumps(book))
    shown = cell("check()")
    assert shown.points == 3
    for face in (html.unescape(shown.html), " ".join(str(shown).split())):
        assert (told in face) if told else ("Note:" not in face)


def test_a_whole_check_takes_a_renamed_notebook_and_says_so(folder: Path) -> None:
    """The only one that can be meant; of two it names both and takes none."""
    save(folder, RIGHT).rename(folder / "toys (1).ipynb")
    shown = cell("check()")
    assert shown.points == 3
    for face in (html.unescape(shown.html), " ".join(str(shown).split())):
        assert "toys (1).ipynb as saved at" in face
        assert "there is no toys.ipynb here, so toys (1).ipynb was checked; rename it to toys.ipynb" in face
    save(folder, RIGHT).rename(folder / "toys_kim.ipynb")
    shown = cell("check()")
    assert shown.points == 0 and "more than one file may be meant: toys (1).ipynb, toys_kim.ipynb" in str(shown)


def broken(folder: Path, how: str) -> None:
    """Something wrong with the folder in which a student works."""
    save(folder, RIGHT)
    file = folder / "toys.ipynb"
    if how == "no notebook":
        file.unlink()
    elif how == "half a notebook":
        file.write_text(file.read_text()[:99])
    elif how == "a folder in its place":
        file.unlink()
        file.mkdir()
    elif how == "no paper":
        (folder / "toys.paper").unlink()
    elif how == "a damaged paper":
        (folder / "toys.paper").write_bytes((folder / "toys.paper").read_bytes()[:-9])


TROUBLE = {
    "no notebook": "there is no toys.ipynb in this folder",
    "half a notebook": "not a notebook, for it isn't JSON",
    "a folder in its place": "there is no toys.ipynb in this folder",
    "no paper": "there is none",
    "a damaged paper": "the paper is damaged",
}


@pytest.mark.parametrize(("how", "told"), TROUBLE.items())
def test_trouble_with_the_whole_is_shown_and_never_raised(folder: Path, how: str, told: str) -> None:
    """What is missing or broken is one message and zero, with what to do next."""
    broken(folder, how)
    shown = cell("check()")
    assert (shown.points, repr(shown)) == (0, "0")
    for face in (html.unescape(shown.html), str(shown)):
        assert told in face
    assert len(str(shown).splitlines()) == 2


@pytest.mark.parametrize("call", ["check()", "check('double')"])
def test_a_folder_that_is_gone_is_shown_and_never_raised(folder: Path, call: str) -> None:
    """Moved or deleted while the notebook was open."""
    shutil.rmtree(folder)
    shown = cell(call)
    assert shown.points == 0 and "No such file or directory" in str(shown)


def test_in_a_real_kernel_the_check_cell_has_one_output_with_two_faces(folder: Path) -> None:
    """nbgrader reads the first execute_result and takes any stderr for a failure: there must be one and none."""
    cells = [
        "import numpy as np\nfrom htilde import check",
        "def double(x):\n    np.exp(1e4 * np.ones(1))\n    print('hello')\n    return 2 * x",
        "check('double')",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(folder)}}).execute()
    (output,) = book.cells[-1].outputs
    assert output.output_type == "execute_result"
    assert output.data["text/plain"] == "3"
    assert "overflow" in output.data["text/html"]
