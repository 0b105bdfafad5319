"""What a student wrote is shown, and moves, hides and calculates nothing."""

from __future__ import annotations

import unicodedata

from htilde.characters import WIDTH, cell, clean, columns, on_one_line, points, wrapped
from hypothesis import example, given
from hypothesis import strategies as st


@given(st.text())
@example("a\u2028b\u2029c\x85d\x0be\rf")
def test_clean_leaves_nothing_that_moves_or_hides(text: str) -> None:
    """No control, format, surrogate or private character survives, and the length stays."""
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert all(c in "\n\t\N{REPLACEMENT CHARACTER}" or unicodedata.category(c)[0] != "C" for c in cleaned)
    assert cleaned.splitlines() == cleaned.split("\n")[: len(cleaned.splitlines())]


@given(st.floats(0, 1000))
def test_points_read_back_as_they_were(number: float) -> None:
    """Points are printed to a hundredth, without trailing zeros."""
    text = points(number)
    assert float(text) == round(number, 2)
    assert "." not in text or text[-1] != "0"


BREAKS = ["", "\n", "\r", "\t", ";", ",", "|", "\r\n", "a;", "a\t"]


@given(st.sampled_from(BREAKS), st.sampled_from(["", " ", "\xa0 "]), st.sampled_from("=+-@＝＠"), st.text(max_size=5))
def test_no_cell_of_a_table_is_a_formula(start: str, blanks: str, sign: str, rest: str) -> None:
    """Wherever a spreadsheet might see the start of a cell there is a quote before; other text stays as it is."""
    made = cell(f"{start}{blanks}{sign}{rest}")
    assert f"'{blanks}{sign}" in made and made.replace("'", "") == f"{start}{blanks}{sign}{rest}".replace("'", "")
    assert cell(f"a{sign}b") == f"a{sign}b" and cell("ada, eve") == "ada, eve"


words = st.text("ab가나h̃ \n\t\x1b\u202e\u200b", max_size=200)


@given(words, st.integers(0, 12))
def test_lines_fit_a_terminal(text: str, indent: int) -> None:
    """However wide their characters are; no word is lost, and only one that is too long by itself goes beyond."""
    lines = wrapped(text, indent=indent)
    assert " ".join(lines).split() == clean(text).split()
    assert all(columns(line) <= WIDTH or len(line.split()) == 1 for line in lines)


@given(words)
def test_a_line_stays_a_line(text: str) -> None:
    """Clean, and without a break."""
    assert "\n" not in on_one_line(text) and on_one_line(text) == clean(on_one_line(text))


def test_width_is_what_a_terminal_takes() -> None:
    """A Korean syllable takes two columns, and the tilde over an h none."""
    assert [columns(text) for text in ("ab", "가나", "h̃", "")] == [2, 4, 1, 0]
