"""A notebook is read as cells, or refused with one clear message, whatever is wrong with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from htilde.errors import SubmissionError
from htilde.submissions import notebook as reader
from htilde.submissions.cell import MAX_CELLS, MAX_SOURCE, MAX_SOURCES, Cell
from htilde.submissions.notebook import cells_of_notebook
from hypothesis import given
from hypothesis import strategies as st


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
    "too many values": (notebook(metadata=[0] * reader.MAX_PARTS), "more than 1000000 values"),
    "too many empty things": (notebook(metadata=[{}] * (reader.MAX_PARTS // 2)), "more than 1000000 values"),
    "a number for cells": (b'{"cells": ' + b"9" * 10_000 + b"}", "no list of cells"),
    "of before 2015": (json.dumps({"nbformat": 3, "worksheets": [{"cells": []}]}).encode(), "2015"),
    "a list": (b"[]", "no list of cells"),
    "cells that are no list": (notebook(cells={}), "no list of cells"),
    "a cell that is text": (notebook("x = 1"), "cell 1 isn't a cell"),
    "a source that is a number": (notebook(code("x = 1"), code(3)), "source of cell 2"),
    "a source of numbers": (notebook(code([1, 2])), "source of cell 1"),
    "a source that is too long": (notebook(code("x" * (MAX_SOURCE + 1))), "source of cell 1"),
    "too much source": (
        notebook(*[code(LINES * 2_000)] * (MAX_SOURCES // 200_000 + 1)),
        "characters in its",
    ),
    "too many cells": (notebook(*[code("")] * (MAX_CELLS + 1)), "more than"),
    "not a notebook": (b"PK\x03\x04\x00", "isn't JSON"),
}


@pytest.mark.parametrize(("raw", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_notebook_costs_one_message(raw: bytes, why: str) -> None:
    """A broken notebook is refused with its name and the reason, whatever is wrong with it."""
    with pytest.raises(SubmissionError, match=why) as caught:
        cells_of_notebook(raw, "a.ipynb")
    assert "a.ipynb" in caught.value.message and "Traceback" not in str(caught.value)


NO_STRUCTURE = ["[" * 500, '"[" ' * 500, '\\"[' * 500, '\\\\"[{' * 500, "[[{{,,\\", "\ud800[", "{,\t\n\x00}" * 500]


@pytest.mark.parametrize("text", NO_STRUCTURE, ids=range(len(NO_STRUCTURE)))
@pytest.mark.parametrize("at", [0, 2**16 - 400, 2**16 - 399])
def test_brackets_in_text_are_text(text: str, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what structures the JSON is counted, however its texts are escaped and wherever they lie."""
    monkeypatch.setattr(reader, "MAX_PARTS", at + 60)
    raw = notebook(code("f"), metadata={"filler": [0] * at, text: [text, {"x": text}]})
    assert [cell.source for cell in cells_of_notebook(raw, "a.ipynb")] == ["f"]


def test_parts_are_counted_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as may be are read; one more isn't. So it is with the depth."""
    raw, deep = b'{"cells":[{},{"a":",[","b":[1]}]}', b'{"a":' + b"[" * 99 + b"]" * 99 + b',"cells":[]}'
    monkeypatch.setattr(reader, "MAX_PARTS", 7)
    assert len(cells_of_notebook(raw, "a.ipynb")) == 2
    monkeypatch.setattr(reader, "MAX_PARTS", 6)
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
def test_any_bytes_are_a_notebook_or_refused(raw: bytes) -> None:
    """No bytes raise anything but SubmissionError."""
    try:
        cells_of_notebook(raw, "a")
    except SubmissionError:
        pass
