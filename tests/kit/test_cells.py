"""Cells run as Jupyter would run them, as far as grading needs it."""

from __future__ import annotations

import builtins
import sys
import time
from typing import Any

import pytest
from htilde.isolation.calls import MAX_PRINTED, Reply, Status
from htilde.isolation.cells import new_namespace, run_cell, without_magics
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


NO_STATEMENTS = {
    "in brackets": "x = (7\n%pip\n)\n",
    "in nested brackets": "x = [{1: (\n2)},\n%pip\n]\n",
    "in a text": "x = '''\n!ls\n%pip\n'''\n",
    "in a text of the other quotes": 'x = """\n\'\'\'\n!ls"""\n',
    "in a text with escapes": "x = '''\\'''\n!ls\n'''\n",
    "in a continued line": "x = 7 \\\n%pip\n",
    "in a continued text": "x = 'a\\\n%pip'\n",
}


@pytest.mark.parametrize("source", NO_STATEMENTS.values(), ids=NO_STATEMENTS)
def test_what_is_no_statement_is_no_magic(source: str) -> None:
    """A line inside a text, a bracket or a continued statement stays, and a magic behind it goes."""
    assert without_magics(source) == (source, [])
    assert without_magics(f"{source}%time\n") == (f"{source}pass\n", ["%time"])


@pytest.mark.parametrize(
    "line", ["# don't (", "x = '#'", "x = '('", 'x = "\\""', "x = r'\\\\'", "x = ''", "!echo it's (", "x = ]"]
)
def test_what_only_looks_open_hides_no_magic(line: str) -> None:
    """Quotes and brackets in comments, texts and shell commands, and a bracket too many, open nothing."""
    plain, skipped = without_magics(f"{line}\n%time")
    assert plain.endswith("\npass") and skipped[-1] == "%time"


@pytest.mark.parametrize("source", ["%a\n" * 60_000, "(\n" + "%a\n" * 60_000, "'''" + "\\a" * 90_000, "(\n" * 90_000])
def test_magics_are_found_in_one_pass(source: str) -> None:
    """The examiner reads cells, too, and not in a time that grows as the square of their length."""
    before = time.process_time()
    without_magics(source)
    assert time.process_time() - before < 1.0


MAGICS = [
    ("%matplotlib inline\nx = 1", ["%matplotlib inline"]),
    ("x = 1\n!pip install numpy", ["!pip install numpy"]),
    ("x = 1\nx?\nx??\n?x", ["x?", "x??", "?x"]),
    ("if True:\n    %load_ext autoreload\n    x = 1", ["%load_ext autoreload"]),
    ("def f():\n    !ls\nx = 1", ["!ls"]),
    ("\n%%time\nx = 1", ["%%time"]),
    ("%%capture out\nx = 1", ["%%capture out"]),
]


@pytest.mark.parametrize(
    "source", ["    x = 1\n    if x:\n        y = 2", "\n\t%time\n\tx, y = 1, 2", "  x = 1\ny = 2"]
)
def test_an_indented_cell_runs(source: str) -> None:
    """It runs in a notebook, so it counts for a grade; and its lines keep their numbers."""
    namespace = new_namespace()
    reply = run(source, namespace)
    assert (reply.status, namespace["x"], namespace["y"]) == (Status.ANSWERED, 1, 2)
    failed = run("\n    a = 1\n    1 / 0")
    assert (failed.error, failed.line, failed.source) == ("ZeroDivisionError", 3, "1 / 0")


@pytest.mark.parametrize(("source", "skipped"), MAGICS)
def test_magics_are_left_out_and_the_rest_runs(source: str, skipped: list[str]) -> None:
    """Each line of IPython's own is skipped, at the margin or in a block."""
    namespace = new_namespace()
    assert without_magics(source)[1] == skipped
    assert run(source, namespace).status is Status.ANSWERED and namespace.get("x") == 1
