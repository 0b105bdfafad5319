"""``nbgrader validate``: the examiner's results, and no cell is run."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from clone import A1
from graded import copied, nbgrader, notebook
from htilde.errors import UsageError
from htilde.nbgrader.validation import examine_instead
from nbformat import NotebookNode

FILE = f"{A1}.ipynb"


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A copy of the graded course in which two have handed in."""
    return copied(tmp_path_factory, tmp_path / "course", "right", "wrong")


def spying(root: Path, path: Path) -> None:
    """Put a cell on top of a notebook that leaves a file where it is run."""
    book = nbformat.read(path, as_version=4)
    book.cells.insert(0, nbformat.v4.new_code_cell(f"open({str(root / 'ran')!r}, 'w')"))
    nbformat.write(book, path)


def test_students_notebooks_are_examined_and_not_run(root: Path) -> None:
    """As nbgrader's command says it: full marks pass, partial credit is named; in a kernel nothing has run."""
    for student in ("right", "wrong"):
        spying(root, root / "submitted" / student / A1 / FILE)
    said = nbgrader(root, "validate", f"submitted/right/{A1}/{FILE}", f"submitted/wrong/{A1}/{FILE}", shown="stdout")
    assert said.count("Success! Your notebook passes all the tests.") == 1
    assert "VALIDATION FAILED ON 1 CELL(S)" in said and "check(" in said and "Partial credit" in said
    assert not (root / "ran").exists()


def book_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> NotebookNode:
    """The notebook of a folder, and the folder as nbgrader's validator goes there."""
    monkeypatch.chdir(folder)
    return nbformat.from_dict(notebook(folder / FILE))


def test_every_code_cell_is_skipped_and_checks_have_results(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever tags and points the file has: a number no larger than the course's points, and a table."""
    path = root / "submitted" / "wrong" / A1 / FILE
    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        cell.metadata["tags"] = "mine"
        if "points" in cell.metadata.get("nbgrader", {}):
            cell.metadata.nbgrader["points"] = "a lot"
    nbformat.write(book, path)
    book = book_in(path.parent, monkeypatch)
    examine_instead(notebook=book)
    assert all(cell.metadata["tags"] == ["skip-execution"] for cell in book.cells)
    found = {}
    for cell in book.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.startswith("check_"):
            (output,) = cell.outputs
            found[name] = (float(output.data["text/plain"]), cell.metadata.nbgrader["points"])
            assert "<div" in output.data["text/html"]
    assert found == {"check_sigmoid": (2, 2), "check_sigmoid_derivative": (3, 3), "check_tanh_derivative": (0, 3)}


def test_an_autograded_notebook_is_examined_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a student's."""
    book = book_in(root / "autograded" / "right" / A1, monkeypatch)
    examine_instead(notebook=book)
    assert all(cell.metadata["tags"] == ["skip-execution"] for cell in book.cells)


def test_a_students_notebook_of_no_assignment_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a kernel it could do whatever the instructor can."""
    folder = (root / "submitted" / "right" / A1).rename(root / "submitted" / "right" / "mine")
    book = book_in(folder, monkeypatch)
    with pytest.raises(UsageError, match="student's notebook, and of no assignment"):
        examine_instead(notebook=book)


@pytest.mark.parametrize("place", ["notes", ".", "elsewhere/submitted/a1"])
def test_other_notebooks_are_run_as_ever(root: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """The instructor's own of no assignment, and a student's at home, where there is no course."""
    folder = (root.parent if "elsewhere" in place else root) / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_bytes((root / "assignments" / A1 / FILE).read_bytes())
    book = book_in(folder, monkeypatch)
    before = nbformat.writes(book)
    examine_instead(notebook=book)
    assert nbformat.writes(book) == before
