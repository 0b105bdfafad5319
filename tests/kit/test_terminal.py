"""Talking at a terminal: what reaches which stream, how wide, and what a student's text can't do there."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from htilde.errors import UsageError
from htilde.terminal import (
    Meter,
    complain,
    meter,
    near,
    print_grades,
    print_json,
    print_note,
    print_table,
    progress,
)
from hypothesis import given
from hypothesis import strategies as st

EVIL = "\x1b[2J\u202eevil"
"""Clears a screen, and turns the direction of writing."""


@dataclass
class Row:
    """A grade, as classroom has it."""

    code_score: float | None
    max_code_score: float = 8.0
    written: str = ""


def test_an_error_is_one_message_and_one_next_step(capsys: pytest.CaptureFixture[str]) -> None:
    """On standard error; what comes from a student can't move the cursor."""
    complain(UsageError(f"a.ipynb: {EVIL}.", next_step="Save it again."))
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err == "error: a.ipynb: �[2J�evil.\nSave it again.\n"


HOSTILE = st.text(
    st.sampled_from("ab \n\r\t\x00\x1b\x7f\x85\x9b\u200b\u200d\u202e\u2028\u2066\ufeff\U000e0041\ud800[]"), max_size=20
)
DECEPTIVE = set("\r\x00\x1b\x7f\x85\x9b\u200b\u200d\u202e\u2066\ufeff\U000e0041\ud800")


@given(HOSTILE, st.booleans())
def test_nothing_deceptive_reaches_a_terminal(text: str, rich: bool) -> None:
    """In an error, a note or a table, with and without rich: nothing that moves, turns or hides."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        if not rich:
            patch.setitem(sys.modules, "rich", None)
        complain(UsageError(f"a.ipynb: {text}.", next_step="Save it again."))
        print_note(text)
        print_table(("student", "why"), [(text, text)])
        print_grades([(text, None, text)])
    shown = out.getvalue() + err.getvalue()
    assert not DECEPTIVE & set(shown)
    first, *more, last = err.getvalue().split("\n")[:-1]
    assert first.startswith("error: a.ipynb: ") and last == "Save it again." and all(line[:2] == "  " for line in more)


def test_a_students_id_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder with a line break in its name is one row, and no other student's."""
    print_grades([("ada\nbob", Row(7.5), "")])
    rows = [line for line in capsys.readouterr().out.splitlines() if "ada" in line or "bob" in line]
    assert len(rows) == 1 and "ada␤bob" in rows[0]


def test_json_is_ascii(capsys: pytest.CaptureFixture[str]) -> None:
    """Half a character, or a terminal of another encoding, breaks nothing."""
    print_json({"said": "기울기 \ud800"})
    shown = capsys.readouterr().out
    assert shown.isascii() and json.loads(shown) == {"said": "기울기 \ud800"}


def test_notes_fit_the_width_of_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A long remark is folded, not cut."""
    print_note("word " * 40 + EVIL)
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80 and shown.count("word") == 40 and "\x1b" not in shown


def test_paths_are_told_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the working directory as relative paths, elsewhere in full."""
    monkeypatch.chdir(tmp_path)
    assert near(tmp_path / "a" / "b") == str(Path("a/b")) and near(tmp_path.parent) == str(tmp_path.parent)


def show(capsys: pytest.CaptureFixture[str]) -> str:
    """A class of three, printed."""
    rows = [
        ("ada", Row(7.5), ""),
        ("bob", Row(None), "not graded"),
        ("cy", None, f"one: [red]{EVIL}\ntwo: " + "z" * 90),
    ]
    print_grades(rows)
    return capsys.readouterr().out


def test_grades_are_a_table_of_eighty_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long reasons are folded and nothing is lost; what looks like markup is text; no grade is a dash, not a zero."""
    monkeypatch.setenv("COLUMNS", "80")
    shown = show(capsys)
    assert max(map(len, shown.splitlines())) <= 80
    assert [line.split() for line in shown.splitlines() if line.strip().startswith(("ada", "bob"))] == [
        ["ada", "7.5", "/", "8"],
        ["bob", "–", "not", "graded"],
    ]
    assert "one: [red]�[2J�evil" in shown and shown.count("z") == 90 and "\x1b" not in shown


def test_written_answers_have_a_column_if_there_are_any(capsys: pytest.CaptureFixture[str]) -> None:
    """Whether a person has read them stands beside the points."""
    print_grades([("ada", Row(7.5, written="to read"), ""), ("bob", Row(8.0), ""), ("cy", None, "not graded")])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["student", "points", "written", "what", "to", "look", "at"] in lines
    assert ["ada", "7.5", "/", "8", "to", "read"] in lines


def test_without_rich_the_same_is_plain(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """rich is no part of a student's installation: columns stay columns, one line for each row."""
    monkeypatch.setitem(sys.modules, "rich", None)
    lines = show(capsys).splitlines()
    assert len(lines) == 4 and lines[1] == "ada      7.5 / 8"
    assert {line.index(word) for line, word in zip(lines, ("points", "7.5", "–", "–"))} == {9}
    assert "\x1b" not in lines[3] and "one: [red]" in lines[3] and " · two: zz" in lines[3]


def test_a_table_without_rows_is_its_heading(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody in it is no fault, with and without rich."""
    for rich in ("there", None):
        if rich is None:
            monkeypatch.setitem(sys.modules, "rich", None)
        print_table(("student", "points"), [])
        assert "student" in capsys.readouterr().out


@pytest.mark.parametrize("rich", [True, False])
def test_steps_are_plain_lines_away_from_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rich: bool
) -> None:
    """One line a step on standard error, whatever advances; with and without rich."""
    if not rich:
        monkeypatch.setitem(sys.modules, "rich", None)
    with progress() as (step, advance):
        step("Grading", 2)
        advance()
        advance(5)
        step("Exporting", 0)
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err == "Grading ...\nExporting ...\n"


STEPS = """
from htilde.terminal import progress
with progress() as (step, advance):
    step("Grading", 3)
    for _ in range(3):
        advance()
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
    monkeypatch.setattr("htilde.terminal.time.monotonic", lambda: float(next(clock)))
    with meter() as gauge:
        gauge.step("Looking", 0)
        gauge.step("Examining", 100)
        for _ in range(100):
            gauge.advance()
    shown = capsys.readouterr()
    first, *lines = shown.err.splitlines()
    assert shown.out == "" and first == "Examining (100) ..." and len(lines) == 9
    assert lines[4] == "Examining: 50 of 100, 1.0 a second, 50 s left"


@given(st.lists(HOSTILE, max_size=30))
def test_troubles_are_told_one_line_each_and_not_without_end(troubles: list[str]) -> None:
    """Whatever a student has to do with it; all are counted."""
    shown = io.StringIO()
    with redirect_stderr(shown):
        gauge = Meter()
        for trouble in troubles:
            gauge.trouble(trouble)
    lines = shown.getvalue().split("\n")
    assert gauge.troubles == len(troubles) and len(lines) - 1 == min(len(troubles), 20) + (len(troubles) >= 20)
    assert not DECEPTIVE & {*shown.getvalue()}


@pytest.mark.parametrize(("seconds", "told"), [(0.4, "0 s"), (61, "1 min 01 s"), (7_260, "2 h 01 min")])
def test_a_time_is_told_in_two_units(seconds: float, told: str) -> None:
    """Short, and exact enough."""
    from htilde.terminal import _duration

    assert _duration(seconds) == told


GAUGE = """
from htilde.terminal import meter
with meter() as gauge:
    gauge.step("Examining", 3)
    gauge.trouble("ada: [bold]no notebook")
    for _ in range(3):
        gauge.advance()
print("done")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are Unix's")
def test_on_a_terminal_a_bar_shows_pace_and_troubles() -> None:
    """It counts to the end; a trouble is a line above it, to the letter."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    done = subprocess.run([sys.executable, "-c", GAUGE], stderr=theirs, stdout=subprocess.PIPE, env=environment)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0 and done.stdout == b"done\n"
    assert "3/3" in shown and "/s" in shown and "ada: [bold]no notebook" in shown
