"""An exercise is given back in a notebook or a script: its own cell changes and nothing else."""

from __future__ import annotations

import json
import textwrap

import pytest
from htilde.errors import SubmissionError
from htilde.submissions.cell import EXPERIMENT
from htilde.submissions.definitions import definition_text
from htilde.submissions.percent import as_script
from htilde.submissions.reading import cells_of
from htilde.submissions.stubs import with_stub
from hypothesis import given
from hypothesis import strategies as st

STUB = 'def double(x):\n    """Twice x."""\n    raise NotImplementedError'
NAMES = ["double", "negate"]


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


SCRIPT = as_script(BOOK, "b.ipynb")


@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_script_is_kept_byte_by_byte_around_the_cell(ending: str) -> None:
    """Blank lines, ends of lines and odd characters elsewhere stay as they are."""
    odd = SCRIPT.replace("import numpy as np", "import numpy as np \t\n\n\n# ᄒ é\x0c").replace("\n", ending)
    before, after = odd.split(ending.join(["def double(x):", "    return x"]))
    changed = with_stub(odd.encode(), "b.py", "double", STUB, NAMES)
    assert changed == (before + STUB.replace("\n", ending) + after).encode()
    assert with_stub(changed, "b.py", "double", STUB, NAMES) == changed


def test_a_notebook_keeps_all_other_cells() -> None:
    """Of the exercise's own cell source and outputs are as handed out; ids and metadata stay."""
    changed = json.loads(with_stub(BOOK, "b.ipynb", "double", STUB, NAMES))
    before = json.loads(BOOK)
    cell = changed["cells"].pop(2)
    old = before["cells"].pop(2)
    assert changed == before
    assert cell == old | {"source": STUB, "outputs": [], "execution_count": None}
    listed = BOOK.replace(b'"def double(x):\\n    return x"', b'["def double(x):\\n", "    return x"]')
    assert json.loads(with_stub(listed, "b.ipynb", "double", STUB, NAMES))["cells"][2]["source"] == STUB.splitlines(
        True
    )


def test_a_cell_is_found_without_its_mark() -> None:
    """By the function, when another tool has taken ids and titles away; the last one counts, as in a submission."""
    bare = notebook(code("def double(x): 1"), code("def double(x): 2"), code("y = 3"))
    found = json.loads(with_stub(bare, "b.ipynb", "double", STUB, NAMES))["cells"]
    assert [cell["source"] for cell in found] == ["def double(x): 1", STUB, "y = 3"]
    script = b"# %%\ndef double(x): 2\n\n# %%\ny = 3\n"
    assert with_stub(script, "b.py", "double", STUB, NAMES).decode() == f"# %%\n{STUB}\n\n# %%\ny = 3\n"


def test_a_cell_with_more_in_it_loses_only_the_function() -> None:
    """Where a learner has put two exercises together, or a file has no marks at all."""
    both = "import numpy as np\n\n@np.vectorize\ndef double(x):\n    return x\n\n\ndef negate(x):\n    return -x"
    wanted = f"import numpy as np\n\n{STUB}\n\n\ndef negate(x):\n    return -x"
    assert with_stub(both.encode(), "b.py", "double", STUB, NAMES).decode() == wanted
    found = json.loads(with_stub(notebook(code(both)), "b.ipynb", "double", STUB, NAMES))
    assert found["cells"][0]["source"] == wanted


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        (notebook(code("x = 1")), "b.ipynb", "no cell defines double"),
        (b"x = 1\n", "b.py", "no cell defines double"),
        (b"def double(x)\n    return\ndef negate(x): 1\n", "b.py", "no telling where"),
        (b"{", "b.ipynb", "isn't JSON"),
        (b"\xff", "b.py", "UTF-8"),
    ],
)
def test_what_cant_be_given_back_is_told(raw: bytes, name: str, why: str) -> None:
    """No cell, a cell of several that isn't Python, a file that can't be read."""
    with pytest.raises(SubmissionError, match=why):
        with_stub(raw, name, "double", STUB, NAMES)


BINDINGS = {
    "def {}(x):\n    return x",
    "def {} (x): return x  # mine",
    "@a\n@b(1)\ndef {}(x):\n\n    return x",
    "{} = lambda x: (\n    x\n)",
    "{}: object = abs",
    "({} := abs)",
    "class {}:\n    x = 1",
    "import {}",
    "from a import b as {}",
    "if a:\n    y = 1\n    def {}(x):\n        return x\nelse:\n    y = 2",
    "try:\n    {} = 1\nexcept E: pass",
    "y = 1; {} = 2",
    "if a: {} = 1",
    "{}, y = 1, 2",
    "{} = y = 1",
    "for {} in a:\n    pass",
    "%time 1\n{} = 1",
}
AROUND = ["", "z = 1", "# double(", "s = 'def double(x): no'", "y = 'é'"]


@given(
    st.lists(st.sampled_from(sorted(BINDINGS)), min_size=1, max_size=2),
    st.sampled_from(sorted(BINDINGS)),
    st.sampled_from(AROUND),
    st.sampled_from(AROUND),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_of_a_cell_of_two_exercises_only_one_is_given_back(
    own: list[str], other: str, above: str, below: str, ending: str, first: bool
) -> None:
    """However both are spelt: the stub is what counts then, the other one is as it was, and again nothing changes."""
    both = [*(part.format("double") for part in own), other.format("negate")]
    source = "\n".join([above, *(both if first else reversed(both)), below])
    for raw, name in ((source.replace("\n", ending).encode(), "b.py"), (notebook(code(source)), "b.ipynb")):
        changed = with_stub(raw, name, "double", STUB, NAMES)
        ((before,), (after,)) = (cells_of(content, name) for content in (raw, changed))
        assert textwrap.dedent(definition_text(after.source, "double")).strip() == STUB
        assert definition_text(after.source, "negate").split() == definition_text(before.source, "negate").split()
        assert with_stub(changed, name, "double", STUB, NAMES) == changed
        assert name == "b.ipynb" or changed.count(b"\r\n") == changed.count(b"\n") * (ending == "\r\n")


def test_what_else_a_statement_does_stays() -> None:
    """Where the function can't be taken out, the stub stands behind the statement and counts."""
    source = "if a: double = 1\nelse: double, b = 2, 3\n\nnegate = abs"
    found = with_stub(source.encode(), "b.py", "double", STUB, NAMES).decode()
    assert found == f"if a: double = 1\nelse: double, b = 2, 3\n\n\n{STUB}\n\n\nnegate = abs"


def test_a_function_in_a_block_stays_there() -> None:
    """The stub takes the statement's indentation."""
    source = "if a:\n    double = 1\n    b = 2\nnegate = abs\n"
    stub = "\n".join(f"    {line}" for line in STUB.split("\n"))
    wanted = f"if a:\n{stub}\n    b = 2\nnegate = abs\n"
    assert with_stub(source.encode(), "b.py", "double", STUB, NAMES).decode() == wanted


def test_the_cell_that_is_examined_is_given_back() -> None:
    """Of a function that is defined again below its check, the cell above it; of an emptied cell, by its mark."""
    below = notebook(code("def double(x): 1", "double"), code('check("double")', "check_double"), code("double = abs"))
    sources = [cell["source"] for cell in json.loads(with_stub(below, "b.ipynb", "double", STUB, NAMES))["cells"]]
    assert sources == [STUB, 'check("double")', "double = abs"]
    emptied = notebook(code("# nothing yet", "double"), code("x = 1"))
    sources = [cell["source"] for cell in json.loads(with_stub(emptied, "b.ipynb", "double", STUB, NAMES))["cells"]]
    assert sources == [STUB, "x = 1"]
    assert with_stub(b"# %% double", "b.py", "double", STUB, NAMES).decode() == f"# %% double\n{STUB}"
    script = b"\xef\xbb\xbf# %% double\n# nothing yet\n\n# %%\nx = 1\n"
    wanted = f"\ufeff# %% double\n{STUB}\n\n# %%\nx = 1\n"
    assert with_stub(script, "b.py", "double", STUB, NAMES).decode() == wanted
