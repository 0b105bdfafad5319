"""A script is read as cells, and a notebook written as one."""

from __future__ import annotations

import json

import pytest
from htilde.errors import SubmissionError
from htilde.submissions.cell import EXPERIMENT, MAX_BYTES, MAX_CELLS, MAX_SOURCE, MAX_SOURCES, Cell
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.percent import as_script, cells_of_script
from htilde.submissions.steps import Ask, Run, steps
from hypothesis import given
from hypothesis import strategies as st

NAMES = ["double", "negate"]
EXERCISES = ("f", "g")


def code(source: str, grade_id: str = "", tags: tuple[str, ...] = ()) -> dict[str, object]:
    metadata = {**({"nbgrader": {"grade_id": grade_id}} if grade_id else {}), **({"tags": list(tags)} if tags else {})}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [1.5], "execution_count": 3}


def prose(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def notebook(*cells: dict[str, object]) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


BOOK = notebook(
    prose("# Title\n\n%% no cell\n$x$"),
    code("import numpy as np"),
    code("def double(x):\n    return x", "double"),
    code('check("double")', "check_double"),
    code("plot()", tags=(EXPERIMENT, "raises-exception")),
    code("def negate(x):\n    return -x", "negate"),
    code('check("negate")', "check_negate"),
)


def test_a_script_is_run_and_asked_as_its_notebook_is() -> None:
    """Cell by cell: the same is run, each exercise is asked at the same place, and no experiment runs."""
    script = cells_of_script(as_script(BOOK, "b.ipynb").encode(), "b.py")
    cells = cells_of_notebook(BOOK, "b.ipynb")
    assert steps(script, NAMES) == steps(cells, NAMES)
    assert [(cell.number, cell.source, cell.is_code) for cell in script] == [
        (cell.number, cell.source, cell.is_code) for cell in cells
    ]
    assert "# %% double\ndef double(x):" in as_script(BOOK, "b.ipynb")


@given(
    st.lists(st.tuples(st.booleans(), st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=30)))
)
def test_every_cell_of_a_notebook_becomes_one_of_the_script(found: list[tuple[bool, str]]) -> None:
    """Whatever prose says, and code that doesn't itself look like the mark of a cell; blank lines at its end go."""
    found = [(is_code, text) for is_code, text in found if not (is_code and "%%" in text)]
    book = notebook(*(code(text) if is_code else prose(text) for is_code, text in found))
    cells = cells_of_script(as_script(book, "b.ipynb").encode(), "b.py")
    assert [(cell.is_code, cell.source.rstrip("\n")) for cell in cells] == [
        (is_code, text.rstrip("\n")) for is_code, text in found
    ]


SCRIPT = """\
# %% [markdown]
# Text.
#
# More.

# %%
def f():
    return 1

# %% tags=["experiment"]
plot()

# %%
check(f)

# %%
def g():
    return 2
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=ascii)
@pytest.mark.parametrize("mark", ["# %%", "#%%", "# %%%"])
@pytest.mark.parametrize("begin", [b"", b"\xef\xbb\xbf"], ids=["", "bom"])
def test_a_script_is_read_as_cells(ends: str, mark: str, begin: bytes) -> None:
    """Numbered from 1 at the top, without their marks; prose without the comment signs."""
    found = cells_of_script(begin + SCRIPT.replace("# %%", mark).replace("\n", ends).encode(), "a.py")
    assert found == [
        Cell(1, "Text.\n\nMore.", is_code=False),
        Cell(2, "def f():\n    return 1"),
        Cell(3, "plot()", tags=(EXPERIMENT,)),
        Cell(4, "check(f)"),
        Cell(5, "def g():\n    return 2"),
    ]
    assert steps(found, EXERCISES) == (
        Run("cell 2", found[1].source),
        Ask("f"),
        Run("cell 5", found[4].source),
        Ask("g"),
    )


@pytest.mark.parametrize("title", ["[markdown]", " [md]", "My title [raw] x=1"])
def test_prose_is_known_by_its_kind(title: str) -> None:
    """Jupytext has three ways to say that a cell isn't code."""
    assert cells_of_script(f"# %% {title}\n# a\n#b\n".encode(), "a.py") == [Cell(1, "a\nb", is_code=False)]


@pytest.mark.parametrize("line", ["# %%time", "x = 1  # %% no mark", " # %%", "##%%", "#  %%"])
def test_what_only_looks_like_a_mark_begins_no_cell(line: str) -> None:
    """A commented magic, or a mark that isn't a line of its own."""
    assert cells_of_script(f"x = 0\n{line}\n".encode(), "a.py") == [Cell(1, f"x = 0\n{line}")]


def test_a_script_without_marks_is_one_cell() -> None:
    """It is run as a whole and then asked everything; what stands above the first mark is a cell, too."""
    assert steps(cells_of_script(b"x = 1\ny = 2\n", "a.py"), EXERCISES) == (
        Run("cell 1", "x = 1\ny = 2"),
        Ask("f"),
        Ask("g"),
    )
    assert cells_of_script(b"\n\n", "a.py") == []
    assert cells_of_script(b"x = 1\n# %%\n", "a.py") == [Cell(1, "x = 1"), Cell(2, "")]
    assert cells_of_script(b"\n# %%\nx = 1", "a.py") == [Cell(1, "x = 1")]


@pytest.mark.parametrize(
    "raw",
    [
        b"# %%\n" * (MAX_CELLS + 1),
        b"x" * (MAX_SOURCE + 1),
        (b"# %%\n" + b"x" * 100_000) * (MAX_SOURCES // 100_000 + 1),
    ],
    ids=["cells", "source", "sources"],
)
def test_a_script_has_the_same_bounds(raw: bytes) -> None:
    """A script may have as many cells, and as long ones, as a notebook."""
    with pytest.raises(SubmissionError):
        cells_of_script(raw, "a.py")


@given(st.binary(max_size=60))
def test_any_bytes_are_a_script_or_refused(raw: bytes) -> None:
    """No bytes raise anything but SubmissionError."""
    try:
        cells_of_script(raw, "a")
    except SubmissionError:
        pass


def test_a_script_that_is_too_large_is_refused() -> None:
    """By the same measure as a notebook."""
    with pytest.raises(SubmissionError, match=r"a\.py is larger than 20 MiB"):
        cells_of_script(b" " * (MAX_BYTES + 1), "a.py")
