"""An exercise is given back in a notebook or a script: its own cell changes and nothing else."""

from __future__ import annotations

import json

import pytest
from htilde.errors import SubmissionError
from htilde.submissions.cell import EXPERIMENT
from htilde.submissions.percent import as_script
from htilde.submissions.stubs import with_stub

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
