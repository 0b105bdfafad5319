"""Cells run as Jupyter would run them, as far as grading needs it."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
import toys
from hypothesis import given
from hypothesis import strategies as st

from autograder.calls import MAX_PRINTED, Reply, Status
from autograder.cells import NotWhileGrading, StandIn, new_namespace, run_cell, without_magics


def run(source: str, namespace: dict[str, Any] | None = None) -> Reply:
    return run_cell(source, "cell 7", new_namespace() if namespace is None else namespace)


def test_cells_share_their_names() -> None:
    """A later cell sees what an earlier one defined, as the main module."""
    namespace = new_namespace()
    run("x = 1\nif __name__ == '__main__':\n    y = 2", namespace)
    assert run("z = x + y", namespace).status is Status.ANSWERED and namespace["z"] == 3


def test_submissions_share_nothing() -> None:
    """What one submission does to its built-ins isn't seen in another namespace, nor here."""
    run("import builtins\n__builtins__['len'] = None\nx = 1")
    assert run("assert len('ab') == 2 and 'x' not in globals()").status is Status.ANSWERED
    assert builtins.len("ab") == 2


def test_names_from_before_an_error_stay() -> None:
    """A cell that raises half-way leaves what it had defined, and its reply names the line."""
    namespace = new_namespace()
    reply = run("def f():\n    return 1\n\n1 / 0\nx = 1", namespace)
    assert (reply.status, reply.error, reply.where) == (Status.RAISED, "ZeroDivisionError", "line 4: 1 / 0")
    assert namespace["f"]() == 1 and "x" not in namespace


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("raise SystemExit", "SystemExit"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): f()\nf()", "RecursionError"),
        ("x = = 1", "SyntaxError"),
        ("x = 1\0", "SyntaxError"),
        ("x = '\ud800'", "UnicodeEncodeError"),
        ("(" * 500, "SyntaxError"),
        ("return 1", "SyntaxError"),
        ("  x = 1\n y = 2", "IndentationError"),
    ],
    ids=ascii,
)
def test_no_cell_ends_the_worker(source: str, error: str) -> None:
    """Whatever a cell raises, or fails to mean, becomes a reply."""
    reply = run(source)
    assert (reply.status, reply.error) == (Status.RAISED, error)


@given(st.text(alphabet=st.characters(codec=None), max_size=30))
def test_any_text_is_a_cell(source: str) -> None:
    """No source, however odd, makes the runner raise."""
    assert run(f"if 0:\n {source}").status in (Status.ANSWERED, Status.RAISED)


def test_a_syntax_error_names_the_line() -> None:
    """The line of a cell that doesn't parse is told."""
    assert run("x = 1\ny = = 2").where == "line 2: y = = 2"


def test_prints_of_a_cell_are_kept_apart(capsys: pytest.CaptureFixture[str]) -> None:
    """The beginning of a cell's output is in the reply, and nothing on the screen."""
    reply = run("import sys\nfor _ in range(10**4): print('x')\nprint('y', file=sys.stderr)")
    assert reply.printed == ("x\n" * MAX_PRINTED)[:MAX_PRINTED]
    assert capsys.readouterr() == ("", "")


MAGICS = [
    ("%matplotlib inline\nx = 1", ["%matplotlib inline"]),
    ("x = 1\n!pip install numpy", ["!pip install numpy"]),
    ("x = 1\nx?\nx??\n?x", ["x?", "x??", "?x"]),
    ("if True:\n    %load_ext autoreload\n    x = 1", ["%load_ext autoreload"]),
    ("def f():\n    !ls\nx = 1", ["!ls"]),
    ("\n%%time\nx = 1", ["%%time"]),
    ("%%capture out\nx = 1", ["%%capture out"]),
]
ASSIGNED = pytest.mark.xfail(
    strict=True, reason="a magic on the right of = isn't recognised, so the whole cell is dropped"
)
CONTINUED = pytest.mark.xfail(strict=True, reason="lines are matched one by one, so a continued line becomes 'pass'")


@pytest.mark.parametrize(
    ("source", "skipped"),
    [
        *MAGICS,
        pytest.param("x = 1\nfiles = !ls", ["files = !ls"], marks=ASSIGNED),
        pytest.param("x = 1\nt = %timeit -o f()", ["t = %timeit -o f()"], marks=ASSIGNED),
        pytest.param("%matplotlib inline\nx = (8\n % 7)", ["%matplotlib inline"], marks=CONTINUED),
        pytest.param(
            "%matplotlib inline\nx = 1\ns = '''\n%d\n'''\nassert 'd' in s", ["%matplotlib inline"], marks=CONTINUED
        ),
    ],
    ids=ascii,
)
def test_magics_are_skipped_with_a_note(source: str, skipped: list[str]) -> None:
    """IPython's own lines are left out, the rest of the cell runs, and what went is told."""
    namespace = new_namespace()
    reply = run(source, namespace)
    assert reply.status is Status.ANSWERED and namespace["x"] == 1
    assert reply.notes == tuple(f"skipped {line}" for line in skipped)


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile a.py", "%%javascript"])
def test_a_cell_in_another_language_is_skipped_whole(magic: str) -> None:
    """Nothing of a cell for another interpreter is run as Python."""
    assert without_magics(f"{magic}\nx = 1\n") == ("", [magic])


@pytest.mark.parametrize(
    "source",
    ["x = (7\n % 4)", "x = '''\n%d\n!\n''' % 3", "x = [\n  1,\n]  # really?", "'what?'", "def f():\n    return 7 % 4"],
    ids=ascii,
)
def test_python_is_left_alone(source: str) -> None:
    """A cell that is Python as it stands loses nothing, whatever its lines look like."""
    reply = run(source)
    assert (reply.status, reply.notes) == (Status.ANSWERED, ())


USES = {
    "import absent": "absent.thing",
    "import absent.inner as a": "a.thing()",
    "import absent.inner": "absent.inner.thing",
    "from absent import thing": "thing(1)",
    "from absent.inner import thing as t": "t(1)",
    "from absent.inner.most import a, b": "b.c",
    "from absent import *\nimport absent": "absent.thing",
}


@pytest.mark.parametrize(("statement", "use"), USES.items(), ids=USES)
def test_a_missing_package_explains_itself_when_used(statement: str, use: str) -> None:
    """Importing what isn't there while grading is fine in every form; using it says why it fails."""
    namespace = new_namespace()
    assert run(statement, namespace).status is Status.ANSWERED
    reply = run(use, namespace)
    assert (reply.status, reply.error) == (Status.RAISED, "NotWhileGrading")
    assert reply.message.startswith("absent isn't there while grading") and "NumPy" in reply.message


@pytest.mark.parametrize(
    "source", ["import numpy.absent", "from numpy import absent", "from math import absent", "import json.absent"]
)
def test_what_should_be_there_has_no_stand_in(source: str) -> None:
    """A misspelt name of NumPy or the standard library is the error that it is everywhere."""
    assert run(source).error in ("ImportError", "ModuleNotFoundError")


def test_what_is_there_is_imported() -> None:
    """NumPy and the standard library are the real ones."""
    assert not any(isinstance(thing, StandIn) for thing in toys.student("import numpy as np\nimport json").values())


def test_a_stand_in_passes_for_a_module() -> None:
    """Tools that look at modules get AttributeError for dunders, as from any module; others get the explanation."""
    assert not hasattr(StandIn("absent"), "__file__")
    with pytest.raises(NotWhileGrading, match="absent.thing"):
        StandIn("absent").thing  # noqa: B018 - looking it up is the test
