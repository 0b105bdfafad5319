"""Cells run as Jupyter would run them, as far as grading needs it."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import pytest
from htilde.isolation.calls import MAX_PRINTED, Reply, Status
from htilde.isolation.cells import new_namespace, run_cell
from hypothesis import given
from hypothesis import strategies as st


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
    assert (reply.status, reply.error) == (Status.RAISED, "ZeroDivisionError")
    assert (reply.line, reply.source) == (4, "1 / 0")
    assert namespace["f"]() == 1 and "x" not in namespace


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("raise SystemExit", "SystemExit"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f(): f()\nf()", "RecursionError"),
        ("x = = 1", "SyntaxError"),
        ("x = 1\0", "SyntaxError" if sys.version_info >= (3, 11, 4) else "ValueError"),
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
    reply = run("x = 1\ny = = 2")
    assert (reply.line, reply.source) == (2, "y = = 2")


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
