"""Sentences about notes."""

from __future__ import annotations

import pytest
from htilde.codes import Details, Note, NoteCode
from htilde.language import speaking
from htilde.telling.notes import note_message
from samples import NOTES


@pytest.mark.parametrize(("code", "details", "text"), NOTES)
def test_every_note_has_a_sentence(code: NoteCode, details: Details, text: str) -> None:
    """With all that its details say."""
    assert note_message(Note(code, details)) == text


LONG: Details = {"cell": "cell 3", "error": "E", "message": "x" * 5_000}


def test_what_a_cell_says_is_cut() -> None:
    """An exception of a thousand words doesn't bury the other notes."""
    assert len(note_message(Note(NoteCode.CELL_RAISED, LONG))) < 400


def test_a_package_in_a_cell_is_told_in_the_readers_language() -> None:
    """The exception that a missing package raises is the kit's own sentence, not a student's."""
    missing: Details = {**LONG, "message": "torch isn't there", "package": "torch", "used": "torch.exp"}
    assert "torch.exp can't be used" in note_message(Note(NoteCode.CELL_RAISED, missing))
    with speaking("ko"):
        assert "there while grading" not in note_message(Note(NoteCode.CELL_RAISED, missing))
