"""Codes and notes: closed lists, plain details, and a hidden form that a student's code can't choose."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from htilde.codes import UNSEEN, Code, Details, GpuCode, Note, NoteCode, distinct, is_plain
from htilde.examination.judgement import unseen
from samples import CALL, HIDDEN, NOTES, ON_GPU, PUBLIC

MAY_BE_TOLD = {"call": CALL, "random": True}
"""Details that the paper gives; all others come from the student's function, which sees the hidden input."""


def test_every_code_has_a_hidden_form() -> None:
    """Few codes are told of a hidden property, and each is its own hidden form."""
    assert set(UNSEEN) == set(Code)
    assert all(UNSEEN[instead][0] is instead for instead, _ in UNSEEN.values())
    assert len({instead for instead, _ in UNSEEN.values()}) <= 15


@pytest.mark.parametrize("code", Code)
def test_a_hidden_form_holds_only_what_may_be_told(code: Code) -> None:
    """A hidden verdict keeps only the paper's details, whichever others it could have, the kit's or invented ones."""
    every = {key for _, details, _ in PUBLIC for key in details} | {"secret", "input"}
    crammed: Details = {**dict.fromkeys(every, "1234.5"), **MAY_BE_TOLD}
    instead, told = unseen(code, crammed)
    assert told.items() <= MAY_BE_TOLD.items() and "1234.5" not in json.dumps(dict(told))
    assert set(told) <= {key for known, details, _ in HIDDEN for key in details if known is instead}


def test_all_details_are_plain() -> None:
    """Made of what JSON holds."""
    samples = [*PUBLIC, *HIDDEN, *NOTES, *ON_GPU]
    assert all(is_plain(dict(details)) for _, details, _ in samples)
    assert not any(map(is_plain, [(1,), {1: 2}, {"a": {1}}, [object()], b"x"]))


def test_notes_are_told_once() -> None:
    """In the order in which they came, whatever their details are."""
    one, other = Note(NoteCode.CALLS_WRONG, {"functions": ["f"]}), Note(NoteCode.CALLS_WRONG, {"functions": ["g"]})
    assert distinct([one, other, Note(NoteCode.CALLS_WRONG, {"functions": ["f"]})]) == (one, other)


def test_every_code_is_documented() -> None:
    """docs/json.md has a row for each, with its details."""
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", page, re.MULTILINE))
    assert {*Code, *NoteCode, *GpuCode} <= rows.keys()
    for code, details, _ in PUBLIC:
        assert {f"`{key}`" for key in details} - set(rows[code].split(", ")) <= {"`where`", "`part`", "`place`", *_MORE}


_MORE = {"`along`", "`beside`", "`line`", "`source`", "`function`", "`cell`"}
