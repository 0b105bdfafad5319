"""A file that was handed in, a notebook or a script, is read as a submission."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from htilde.codes import Note, NoteCode
from htilde.errors import SubmissionError
from htilde.submissions import cell
from htilde.submissions.cell import Cell
from htilde.submissions.reading import read_submission, remarks
from htilde.submissions.steps import Ask
from hypothesis import given
from hypothesis import strategies as st

EXERCISES = ("f", "g")
DEFINES_F, DEFINES_G = Cell(2, "def f(): ...", id="f"), Cell(4, "def g(): ...", id="g")
CHECKS_F, CHECKS_G = Cell(3, "check(f)", id="check_f"), Cell(5, "check(g)", id="check_g")
RELEASED = [Cell(1, "import numpy", id="imports"), DEFINES_F, CHECKS_F, DEFINES_G, CHECKS_G]

cells = st.lists(
    st.tuples(
        st.sampled_from(["check(f)", "check('g')", "x = 1", "", "check(unknown)", "# a remark\ncheck(g);"]),
        st.booleans(),
        st.sampled_from(["", "f", "g", "check_f", "check_g", "check_unknown", "imports"]),
        st.sampled_from([(), ("experiment",), ("other",)]),
    ),
    max_size=8,
).map(lambda parts: [Cell(number, *part) for number, part in enumerate(parts, 1)])


def notebook(*raw_cells: Any, **fields: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": raw_cells, **fields}).encode()


def code(source: Any, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []}


CHANGED: dict[str, tuple[list[Cell], list[Note]]] = {
    "nothing": (RELEASED, []),
    "moved": ([CHECKS_G, CHECKS_F, DEFINES_G, DEFINES_F], []),
    "cells added": ([*RELEASED, Cell(6, "check(f)"), Cell(7, "x = 1", id="mine")], []),
    "another way to call": ([*RELEASED[:2], replace(CHECKS_F, source='check( "f" );'), *RELEASED[3:]], []),
    "a remark added": ([*RELEASED[:2], replace(CHECKS_F, source="# now!\ncheck(f)\n"), *RELEASED[3:]], []),
    "no marks left": ([replace(cell, id="") for cell in RELEASED], []),
    "an answer copied": (
        [*RELEASED, DEFINES_F, DEFINES_F],
        [Note(NoteCode.CELLS_REPEATED, {"exercise": "f", "count": 3})],
    ),
    "an answer deleted": (
        [CHECKS_F, *RELEASED[3:]],
        [Note(NoteCode.CELL_GONE, {"exercise": "f"})],
    ),
    "a check deleted": ([*RELEASED[:4]], [Note(NoteCode.CHECK_GONE, {"exercise": "g"})]),
    "both deleted": (
        [DEFINES_F, CHECKS_F],
        [
            Note(NoteCode.CELL_GONE, {"exercise": "g"}),
            Note(NoteCode.CHECK_GONE, {"exercise": "g"}),
        ],
    ),
    **{
        f"a check changed to {source!r}": (
            [*RELEASED[:4], replace(CHECKS_G, source=source)],
            [Note(NoteCode.CHECK_CHANGED, {"exercise": "g"})],
        )
        for source in ("", "check(f)", "3.0", "check(g)\nprint(g)", "check(g); g = f", "# check(g)")
    },
}


@pytest.mark.parametrize(("found", "told"), CHANGED.values(), ids=CHANGED)
def test_what_became_of_the_cells_is_told(tmp_path: Path, found: list[Cell], told: list[Note]) -> None:
    """Released cells that were changed, deleted or copied are noted; what is a student's to do isn't."""
    raw = notebook(*(code(cell.source, nbgrader={"grade_id": cell.id}) for cell in found))
    (tmp_path / "a.ipynb").write_bytes(raw)
    read = read_submission(tmp_path / "a.ipynb", EXERCISES)
    assert list(read.notes) == told
    assert sorted(step.exercise for step in read.steps if isinstance(step, Ask)) == list(EXERCISES)


@pytest.mark.parametrize("source", [["x = 1"], ["def f(): ...", "check(f)"]])
def test_of_a_script_no_cells_are_missed(tmp_path: Path, source: list[str]) -> None:
    """A file that never had nbgrader's marks is nobody's fault."""
    (tmp_path / "a.py").write_text("\n# %%\n".join(source))
    assert read_submission(tmp_path / "a.py", EXERCISES).notes == ()


@given(cells)
def test_remarks_are_about_exercises_and_nothing_that_a_student_wrote(found: list[Cell]) -> None:
    """However the cells look, a remark holds the name of an exercise and perhaps a count, nothing else."""
    for note in remarks(found, EXERCISES):
        assert note.details.keys() <= {"exercise", "count"} and note.details["exercise"] in EXERCISES
        assert isinstance(note.details.get("count", 0), int)


def test_a_file_is_measured_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge file is refused by its size, notebook or script."""
    monkeypatch.setattr(cell, "MAX_BYTES", 2**20)
    for name in ("a.ipynb", "a.py"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(2**20 + 1)
        with pytest.raises(SubmissionError, match="larger than 1 MiB"):
            read_submission(tmp_path / name, EXERCISES)


@pytest.mark.parametrize("name", ["absent.ipynb", "absent.py", "."])
def test_what_cant_be_opened_is_named(tmp_path: Path, name: str) -> None:
    """A missing file, or a folder, is a message and not a traceback."""
    with pytest.raises(SubmissionError, match=r"no such file|can't be read"):
        read_submission(tmp_path / name, EXERCISES)


@pytest.mark.parametrize("name", ["mine.ipynb", "mine.py"])
def test_the_cell_of_a_function_is_found(tmp_path: Path, name: str) -> None:
    """The last one that defines it counts; of a script without its mark."""
    sources = ["def f():\n    return 1\n", "def f():\n    return 2\n", "print(f)\n"]
    if name.endswith(".py"):
        (tmp_path / name).write_text("".join(f"# %% cell\n{source}" for source in sources))
    else:
        (tmp_path / name).write_bytes(notebook(*map(code, sources)))
    submission = read_submission(tmp_path / name, ["f"])
    assert (submission.source_of("f").rstrip("\n"), submission.source_of("g")) == (sources[1].rstrip("\n"), "")
