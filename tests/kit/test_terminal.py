"""Talking at a terminal: what reaches which stream, how wide, and what a student's text can't do there."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from htilde.errors import UsageError
from htilde.terminal import (
    complain,
    near,
    print_grades,
    print_json,
    print_note,
    print_table,
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
