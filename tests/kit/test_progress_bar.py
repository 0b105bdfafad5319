"""Progress: what is printed, when, and that a student's text can't do anything there."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from contextlib import redirect_stderr

import pytest
from htilde.progress_bar import ProgressDisplay, duration, progress
from hypothesis import given
from hypothesis import strategies as st
from test_terminal import DECEPTIVE, HOSTILE


@pytest.mark.parametrize("rich", [True, False])
def test_steps_are_plain_lines_away_from_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rich: bool
) -> None:
    """One line a step on standard error, whatever advances; with and without rich."""
    if not rich:
        monkeypatch.setitem(sys.modules, "rich", None)
    with progress() as told:
        told.step("Verifying")
        told.advance(5)
        told.step("Grading", 2)
        told.advance()
        told.step("Exporting", 0)
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err == "Verifying ...\nGrading (2) ...\n"


STEPS = """
from htilde.progress_bar import progress
with progress() as shown:
    shown.step("Grading")
    for _ in range(3):
        shown.advance(3)
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_on_a_terminal_there_is_a_bar() -> None:
    """It counts to the end and stays within the width; what is printed on standard output is apart."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run([sys.executable, "-c", STEPS], stderr=theirs, stdout=subprocess.PIPE, env=environment)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0 and done.stdout == b"done\n"
    assert "Grading" in shown and "3/3" in shown


def test_a_long_work_says_how_far_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a terminal: when it begins, then at most each tenth and each few seconds, with pace and time left."""
    clock = iter(range(10_000))
    monkeypatch.setattr("htilde.progress_bar.time.monotonic", lambda: float(next(clock)))
    with progress() as bar:
        bar.step("Looking", 0)
        bar.step("Examining", 100)
        for _ in range(100):
            bar.advance()
    shown = capsys.readouterr()
    first, *lines = shown.err.splitlines()
    assert shown.out == "" and first == "Examining (100) ..." and len(lines) == 9
    assert lines[4] == "Examining: 50 of 100, 1.0 a second, 50 s left"


@given(st.lists(HOSTILE, max_size=30))
def test_troubles_are_told_one_line_each_and_not_without_end(troubles: list[str]) -> None:
    """Whatever a student has to do with it; all are counted."""
    shown = io.StringIO()
    with redirect_stderr(shown):
        bar = ProgressDisplay()
        for trouble in troubles:
            bar.trouble(trouble)
    lines = shown.getvalue().split("\n")
    assert bar.troubles == len(troubles) and len(lines) - 1 == min(len(troubles), 20) + (len(troubles) >= 20)
    assert not DECEPTIVE & {*shown.getvalue()}


@pytest.mark.parametrize(("seconds", "told"), [(0.4, "0 s"), (61, "1 min 01 s"), (7_260, "2 h 01 min")])
def test_a_time_is_told_in_two_units(seconds: float, told: str) -> None:
    """Short, and exact enough."""
    assert duration(seconds) == told


TROUBLE = """
from htilde.progress_bar import progress
with progress() as bar:
    bar.step("Examining", 3)
    bar.trouble("ada: [bold]no notebook")
    for _ in range(3):
        bar.advance()
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_on_a_terminal_a_bar_shows_pace_and_troubles() -> None:
    """It counts to the end; a trouble is a line above it, to the letter."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run([sys.executable, "-c", TROUBLE], stderr=theirs, stdout=subprocess.PIPE, env=environment)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0 and done.stdout == b"done\n"
    assert "3/3" in shown and "/s" in shown and "ada: [bold]no notebook" in shown
