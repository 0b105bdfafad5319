"""Whatever a student hands in is read as steps, or refused with one clear message."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from htilde.errors import SubmissionError
from htilde.submissions import reader as submission
from htilde.submissions.reader import (
    Ask,
    Cell,
    Run,
    Step,
    cells_of_notebook,
    cells_of_script,
    read_submission,
    steps,
)
from hypothesis import given
from hypothesis import strategies as st

EXERCISES = ("f", "g")
DEFINES_F, DEFINES_G = Cell(2, "def f(): ...", id="f"), Cell(4, "def g(): ...", id="g")
CHECKS_F, CHECKS_G = Cell(3, "check(f)", id="check_f"), Cell(5, "check(g)", id="check_g")
RELEASED = [Cell(1, "import numpy", id="imports"), DEFINES_F, CHECKS_F, DEFINES_G, CHECKS_G]


def order(*cells: Cell) -> str:
    """The steps in short: a letter asks an exercise, a number runs the cell that had it."""
    renumbered = [
        Cell(at, f"{cell.number}" if cell.id[:5] != "check" else cell.source, cell.is_code, cell.id, cell.tags)
        for at, cell in enumerate(cells, 1)
    ]
    return "".join(step.exercise if isinstance(step, Ask) else step.source for step in steps(renumbered, EXERCISES))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (RELEASED, "12f4g"),
        ([DEFINES_F, DEFINES_G, CHECKS_F, CHECKS_G], "24fg"),
        ([CHECKS_F, DEFINES_F, CHECKS_G, DEFINES_G], "2f4g"),  # moved above
        ([DEFINES_G, CHECKS_G, DEFINES_F, CHECKS_F], "4g2f"),  # swapped
        ([DEFINES_F, CHECKS_F, DEFINES_G], "2f4g"),  # a check deleted
        ([DEFINES_F, DEFINES_G], "2f4g"),  # both deleted
        ([DEFINES_F, CHECKS_F, DEFINES_F, CHECKS_F], "22fg"),  # copied: the last counts
        ([DEFINES_F, CHECKS_F, CHECKS_F, DEFINES_G], "2f4g"),  # a check copied
        ([DEFINES_F, CHECKS_F, DEFINES_F], "22fg"),  # written again below
        ([CHECKS_G], "gf"),  # a cell deleted
        ([], "fg"),
    ],
    ids=str,
)
def test_cells_may_be_moved_copied_and_deleted(cells: list[Cell], expected: str) -> None:
    """An exercise is asked behind the last of its own and its check cells, or else at the end."""
    assert order(*cells) == expected


cells = st.lists(
    st.tuples(
        st.sampled_from(["check(f)", "check('g')", "x = 1", "", "check(unknown)", "# a remark\ncheck(g);"]),
        st.booleans(),
        st.sampled_from(["", "f", "g", "check_f", "check_g", "check_unknown", "imports"]),
        st.sampled_from([(), ("experiment",), ("other",)]),
    ),
    max_size=8,
).map(lambda parts: [Cell(number, *part) for number, part in enumerate(parts, 1)])


@given(cells)
def test_every_exercise_is_asked_exactly_once(found: list[Cell]) -> None:
    """Whatever became of the cells, each exercise is asked once, and not before its own cell."""
    found_steps = steps(found, EXERCISES)
    assert sorted(step.exercise for step in found_steps if isinstance(step, Ask)) == sorted(EXERCISES)
    for name in EXERCISES:
        own = [f"cell {cell.number}" for cell in found if cell.id == name]
        later = found_steps[found_steps.index(Ask(name)) :]
        assert not any(isinstance(step, Run) and step.label in own for step in later)


@given(cells)
def test_code_runs_once_and_in_order(found: list[Cell]) -> None:
    """Every code cell that is neither a check of an exercise nor an experiment runs, as it stands."""
    kept = [
        Run(cell.label, cell.source)
        for cell in found
        if cell.is_code and "experiment" not in cell.tags and submission.checked(cell) not in EXERCISES
    ]
    assert [step for step in steps(found, EXERCISES) if isinstance(step, Run)] == kept


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("check(f)", "f"),
        ("check('f')", "f"),
        ('check( "f" ) ;', "f"),
        ("# run this\n\ncheck(f)\n", "f"),
        ("check(f, g)", ""),
        ("check(f); check(g)", ""),
        ("x = check(f)", ""),
        ("check(f)\nx = 1", ""),
        ("recheck(f)", ""),
        ("# check(f)", ""),
    ],
)
def test_a_check_is_recognised_without_metadata(source: str, name: str) -> None:
    """A notebook whose metadata was stripped still has its check cells, by what they say."""
    assert submission.checked(Cell(1, source)) == name
    assert submission.checked(Cell(1, source, is_code=False)) == ""


def notebook(*raw_cells: Any, **fields: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": raw_cells, **fields}).encode()


def code(source: Any, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []}


def test_a_notebook_is_read_by_its_sources() -> None:
    """Sources, cell types, ids and tags are read; points, outputs and other metadata are not."""
    raw = notebook(
        {"cell_type": "markdown", "source": ["# Title\n", "text"]},
        code(["def f():\n", "    return 1"], nbgrader={"grade_id": "f", "points": 100, "grade": False}),
        code("plot()", tags=["experiment", 3], nbgrader="?"),
        code("", nbgrader={"grade_id": 7}, tags="experiment"),
    )
    assert cells_of_notebook(b"\xef\xbb\xbf" + raw, "a.ipynb") == [
        Cell(1, "# Title\ntext", is_code=False),
        Cell(2, "def f():\n    return 1", id="f"),
        Cell(3, "plot()", tags=("experiment",)),
        Cell(4, ""),
    ]


CHANGED: dict[str, tuple[list[Cell], list[str]]] = {
    "nothing": (RELEASED, []),
    "moved": ([CHECKS_G, CHECKS_F, DEFINES_G, DEFINES_F], []),
    "cells added": ([*RELEASED, Cell(6, "check(f)"), Cell(7, "x = 1", id="mine")], []),
    "another way to call": ([*RELEASED[:2], replace(CHECKS_F, source='check( "f" );'), *RELEASED[3:]], []),
    "a remark added": ([*RELEASED[:2], replace(CHECKS_F, source="# now!\ncheck(f)\n"), *RELEASED[3:]], []),
    "no marks left": ([replace(cell, id="") for cell in RELEASED], []),
    "an answer copied": ([*RELEASED, DEFINES_F, DEFINES_F], ["there are 3 cells of f; the last one counts"]),
    "an answer deleted": (
        [CHECKS_F, *RELEASED[3:]],
        ["the cell of f is gone; its function is looked for in the others"],
    ),
    "a check deleted": ([*RELEASED[:4]], ["the check cell of g is gone; it is put back for grading"]),
    "both deleted": (
        [DEFINES_F, CHECKS_F],
        [
            "the cell of g is gone; its function is looked for in the others",
            "the check cell of g is gone; it is put back for grading",
        ],
    ),
    **{
        f"a check changed to {source!r}": (
            [*RELEASED[:4], replace(CHECKS_G, source=source)],
            ["the check cell of g was changed; for grading it is as it was"],
        )
        for source in ("", "check(f)", "3.0", "check(g)\nprint(g)", "check(g); g = f", "# check(g)")
    },
}


@pytest.mark.parametrize(("found", "told"), CHANGED.values(), ids=CHANGED)
def test_what_became_of_the_cells_is_told(tmp_path: Path, found: list[Cell], told: list[str]) -> None:
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
    """However the cells look, each remark is one of a few sentences."""
    pattern = r"(the (check )?cell of|there are \d cells of) [fg][ ;].*"
    assert all(re.fullmatch(pattern, text) for text in submission._remarks(found, EXERCISES))


DEEP = b"[" * 100_000 + b"]" * 100_000
LINES = "x" * 99 + "\n"
UNREADABLE = {
    "empty": (b"", "isn't JSON"),
    "cut in half": (notebook(code("x = 1"))[:50], "isn't JSON"),
    "with conflict marks": (b"{\n<<<<<<< HEAD\n}", r"a.ipynb:2"),
    "not UTF-8": (notebook().replace(b"nbformat", b"\xff\xfe"), "isn't UTF-8"),
    "UTF-16": (notebook().decode().encode("utf-16"), "isn't UTF-8"),
    "nested too deep": (DEEP, "out of bounds"),
    "nested too deep in a corner": (notebook(metadata=json.loads(b"[" * 100 + b"]" * 100)), "out of bounds"),
    "too many values": (notebook(metadata=[0] * submission.MAX_PARTS), "more than 1000000 values"),
    "too many empty things": (notebook(metadata=[{}] * (submission.MAX_PARTS // 2)), "more than 1000000 values"),
    "a number for cells": (b'{"cells": ' + b"9" * 10_000 + b"}", "no list of cells"),
    "of before 2015": (json.dumps({"nbformat": 3, "worksheets": [{"cells": []}]}).encode(), "2015"),
    "a list": (b"[]", "no list of cells"),
    "cells that are no list": (notebook(cells={}), "no list of cells"),
    "a cell that is text": (notebook("x = 1"), "cell 1 isn't a cell"),
    "a source that is a number": (notebook(code("x = 1"), code(3)), "source of cell 2"),
    "a source of numbers": (notebook(code([1, 2])), "source of cell 1"),
    "a source that is too long": (notebook(code("x" * (submission.MAX_SOURCE + 1))), "source of cell 1"),
    "too much source": (
        notebook(*[code(LINES * 2_000)] * (submission.MAX_SOURCES // 200_000 + 1)),
        "characters in its",
    ),
    "too many cells": (notebook(*[code("")] * (submission.MAX_CELLS + 1)), "more than"),
    "not a notebook": (b"PK\x03\x04\x00", "isn't JSON"),
}


@pytest.mark.parametrize(("raw", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_notebook_costs_one_message(tmp_path: Path, raw: bytes, why: str) -> None:
    """A broken notebook is refused with its name and the reason, whatever is wrong with it."""
    path = tmp_path / "a.ipynb"
    path.write_bytes(raw)
    with pytest.raises(SubmissionError, match=why) as caught:
        read_submission(path, EXERCISES)
    assert "a.ipynb" in caught.value.message and "Traceback" not in str(caught.value)


NO_STRUCTURE = ["[" * 500, '"[" ' * 500, '\\"[' * 500, '\\\\"[{' * 500, "[[{{,,\\", "\ud800[", "{,\t\n\x00}" * 500]


@pytest.mark.parametrize("text", NO_STRUCTURE, ids=range(len(NO_STRUCTURE)))
@pytest.mark.parametrize("at", [0, 2**16 - 400, 2**16 - 399])
def test_brackets_in_text_are_text(text: str, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what structures the JSON is counted, however its texts are escaped and wherever they lie."""
    monkeypatch.setattr(submission, "MAX_PARTS", at + 60)
    raw = notebook(code("f"), metadata={"filler": [0] * at, text: [text, {"x": text}]})
    assert [cell.source for cell in cells_of_notebook(raw, "a.ipynb")] == ["f"]


def test_parts_are_counted_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as may be are read; one more isn't. So it is with the depth."""
    raw, deep = b'{"cells":[{},{"a":",[","b":[1]}]}', b'{"a":' + b"[" * 99 + b"]" * 99 + b',"cells":[]}'
    monkeypatch.setattr(submission, "MAX_PARTS", 7)
    assert len(cells_of_notebook(raw, "a.ipynb")) == 2
    monkeypatch.setattr(submission, "MAX_PARTS", 6)
    with pytest.raises(SubmissionError, match="more than 6 values"):
        cells_of_notebook(raw, "a.ipynb")
    monkeypatch.undo()
    assert cells_of_notebook(deep, "a.ipynb") == []
    with pytest.raises(SubmissionError, match="out of bounds"):
        cells_of_notebook(deep.replace(b"[]", b"[[]]", 1), "a.ipynb")


@pytest.mark.parametrize("number", [b"9" * 10_000, b"1e999", b"NaN", b"-Infinity", b"1." + b"3" * 10_000])
def test_no_number_is_read(number: bytes) -> None:
    """A notebook's numbers say nothing about its cells, so none is too long or too odd."""
    raw = notebook(code("f", execution_count=0)).replace(b": 0}", b": " + number + b"}")
    assert number in raw and [cell.source for cell in cells_of_notebook(raw, "a.ipynb")] == ["f"]


@given(st.binary(max_size=60))
def test_any_bytes_are_a_submission_or_refused(raw: bytes) -> None:
    """No bytes raise anything but SubmissionError, as a notebook or as a script."""
    for read in (cells_of_notebook, cells_of_script):
        try:
            read(raw, "a")
        except SubmissionError:
            pass


def test_a_file_is_measured_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge file is refused by its size, notebook or script."""
    monkeypatch.setattr(submission, "MAX_BYTES", 2**20)
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


SCRIPT = """\
# %% [markdown]
# Text.

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
def test_a_percent_script_is_read_as_cells(tmp_path: Path, ends: str) -> None:
    """A script runs like the notebook that it is the text of."""
    (tmp_path / "a.py").write_bytes(SCRIPT.replace("\n", ends).encode())
    found: list[Step] = list(read_submission(tmp_path / "a.py", EXERCISES).steps)
    assert [step if isinstance(step, Ask) else step.source.split()[2:4] for step in found] == [
        ["def", "f():"],
        Ask("f"),
        ["def", "g():"],
        Ask("g"),
    ]


def test_a_plain_script_is_one_cell() -> None:
    """A file without cell marks is run as a whole and then asked everything."""
    assert steps(cells_of_script(b"x = 1\ny = 2\n", "a.py"), EXERCISES) == (
        Run("cell 1", "x = 1\ny = 2\n"),
        Ask("f"),
        Ask("g"),
    )


def test_a_scripts_cells_are_numbered_from_one() -> None:
    """Cells count from 1 at the top, so messages name the cell that the student sees."""
    assert [cell.number for cell in cells_of_script(SCRIPT.encode(), "a.py")] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "raw",
    [
        b"# %%\n" * (submission.MAX_CELLS + 1),
        b"x" * (submission.MAX_SOURCE + 1),
        (b"# %%\n" + LINES.encode() * 1_000) * (submission.MAX_SOURCES // 100_000 + 1),
    ],
    ids=["cells", "source", "sources"],
)
def test_a_script_has_the_same_bounds(raw: bytes) -> None:
    """A script may have as many cells, and as long ones, as a notebook."""
    with pytest.raises(SubmissionError):
        cells_of_script(raw, "a.py")


@pytest.mark.parametrize("name", ["mine.ipynb", "mine.py"])
def test_the_cell_of_a_function_is_found(tmp_path: Path, name: str) -> None:
    """The last one that defines it counts; of a script without its mark."""
    sources = ["def f():\n    return 1\n", "def f():\n    return 2\n", "g = f\n"]
    if name.endswith(".py"):
        (tmp_path / name).write_text("".join(f"# %% cell\n{source}" for source in sources))
    else:
        (tmp_path / name).write_bytes(notebook(*map(code, sources)))
    submission = read_submission(tmp_path / name, ["f"])
    assert (submission.source_of("f"), submission.source_of("g")) == (sources[1], "")
