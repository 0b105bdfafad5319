"""Names of TeX lead to signs that exist."""

from __future__ import annotations

import unicodedata

import pytest
from htilde.prose import symbols
from htilde.prose.symbols import ALPHABETS, in_alphabet

LATIN, GREEK = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψω",
)


@pytest.mark.parametrize("table", ["LETTERS", "OPERATORS", "SUMS", "ACCENTS", "ESCAPED"])
def test_every_name_stands_for_one_sign(table: str) -> None:
    """One character each that Unicode knows, and no name in two tables."""
    signs = getattr(symbols, table)
    assert len(signs) > 5 and all(len(sign) == 1 and unicodedata.name(sign) for sign in signs.values())
    others = [getattr(symbols, name) for name in ("LETTERS", "OPERATORS", "SUMS", "ACCENTS", "NAMES") if name != table]
    assert not any(name in other for other in others for name in signs)


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_alphabets_keep_their_letters_apart(alphabet: str) -> None:
    """Each letter is another one, known to Unicode and called by the same letter; digits stay."""
    moved = {letter: in_alphabet(letter, alphabet) for letter in LATIN + GREEK}
    assert len({*moved.values()}) == len(moved)
    for letter, sign in moved.items():
        assert unicodedata.normalize("NFKC", sign) == letter
        assert sign != letter or letter not in LATIN[:26]
    assert in_alphabet("7", alphabet) == "7"
