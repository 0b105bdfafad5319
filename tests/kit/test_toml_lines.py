"""Where a TOML document says what: every place that ``tomllib`` finds has its line, whatever stands around it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from htilde.toml_lines import Place, lines_of
from hypothesis import given
from hypothesis import strategies as st

DOCUMENT = '''\
# title = "in a comment"
title = """
title = "in a text"
[[assignment]]
""" # = """
"a.b" . 'c d' = 1   # dotted, quoted
due = 1979-05-27 07:32:00

[[assignment]] # one
name = 'a"#'
points.f = 1

[[ assignment ]]
name = "\\"]"
  [assignment.points]
  f = [ # none
    1, {x = "}", y.z = [[], [2]]},
    \'\'\'
f = 3\'\'\'\', # its last quote is its own
  ]
[[assignment.part]]
[[assignment.part]]
n = """"""
[deep.down]
[deep]
k = -0
'''

EXPECTED: dict[Place, int] = {
    ("title",): 2,
    ("a.b",): 6,
    ("a.b", "c d"): 6,
    ("due",): 7,
    ("assignment",): 9,
    ("assignment", 0): 9,
    ("assignment", 0, "name"): 10,
    ("assignment", 0, "points"): 11,
    ("assignment", 0, "points", "f"): 11,
    ("assignment", 1): 13,
    ("assignment", 1, "name"): 14,
    ("assignment", 1, "points"): 15,
    ("assignment", 1, "points", "f"): 16,
    ("assignment", 1, "points", "f", 0): 17,
    ("assignment", 1, "points", "f", 1): 17,
    ("assignment", 1, "points", "f", 1, "x"): 17,
    ("assignment", 1, "points", "f", 1, "y"): 17,
    ("assignment", 1, "points", "f", 1, "y", "z"): 17,
    ("assignment", 1, "points", "f", 1, "y", "z", 0): 17,
    ("assignment", 1, "points", "f", 1, "y", "z", 1): 17,
    ("assignment", 1, "points", "f", 1, "y", "z", 1, 0): 17,
    ("assignment", 1, "points", "f", 2): 18,
    ("assignment", 1, "part"): 21,
    ("assignment", 1, "part", 0): 21,
    ("assignment", 1, "part", 1): 22,
    ("assignment", 1, "part", 1, "n"): 23,
    ("deep",): 24,
    ("deep", "down"): 24,
    ("deep", "k"): 26,
}


def places(value: Any, place: Place = ()) -> Iterator[Place]:
    """Give every place of a document that was read."""
    if place:
        yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*place, key))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_place_has_its_line(end: str) -> None:
    """In texts, comments, inline tables, arrays over several lines, quoted and dotted keys, tables of tables."""
    text = DOCUMENT.replace("\n", end)
    assert set(EXPECTED) == set(places(tomllib.loads(text)))
    assert lines_of(text) == EXPECTED


@pytest.mark.parametrize("text", ["", "\n\n", "# only this", "a = 1", "a = 1 # b", "[a]", "a = []", "a = {}"])
def test_little_documents(text: str) -> None:
    """With and without a line's end."""
    assert set(lines_of(text)) == set(places(tomllib.loads(text)))


def test_what_is_no_toml_doesnt_hang() -> None:
    """It is never asked for, for ``tomllib`` says first what is wrong."""
    with pytest.raises(ValueError, match="line 2: a key is expected"):
        lines_of("a = 1\n= 2\n")


NAMES = ["f", "name", "points", "a b", "x.y", "#", "=", '"']
WORDS = st.sampled_from(["", "f = 1", "[f]", "[[f]]", "# f", "a\nf = 2\n", '"', "'", "]", "}", "\\", "''", '""', "é"])
SCALARS = st.one_of(
    st.sampled_from(["1", "-0.5", "true", "inf", "1979-05-27", "1979-05-27 07:32:00Z", "07:32:00", "0x1F"]),
    WORDS.map(lambda word: '"' + escaped(word).replace("\n", "\\n") + '"'),
    WORDS.map(lambda word: '"""' + escaped(word) + '"""'),
    WORDS.filter(lambda word: "'" not in word and "\n" not in word).map(lambda word: f"'{word}'"),
    WORDS.filter(lambda word: "''" not in word).map(lambda word: f"'''{word}'''"),
)
GAPS = st.sampled_from(["", " ", "\n", " # f = 3\n", "\n# ]\n\t"])
KEYS = st.sampled_from(NAMES).flatmap(
    lambda name: st.sampled_from(
        [f'"{escaped(name)}"', f"'{name}'", *([name] if name.isidentifier() else [])],
    )
)


def escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')


@st.composite
def arrays(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    parts = draw(st.lists(inner, max_size=3))
    return "[" + "".join(f"{draw(GAPS)}{part}{draw(GAPS)}," for part in parts) + draw(GAPS) + "]"


@st.composite
def inline_tables(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    keys = draw(st.lists(KEYS, max_size=3, unique_by=lambda key: key.strip("\"'").replace("\\", "")))
    return "{" + ", ".join(f"{key} = {draw(inner)}" for key in keys) + "}"


VALUES = st.recursive(SCALARS, lambda inner: arrays(inner) | inline_tables(inner), max_leaves=5)
"""Inline tables stand on one line but for the values in them."""


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = []
    for number in range(draw(st.integers(0, 6))):
        key = ".".join(draw(st.lists(KEYS, min_size=1, max_size=2)))
        match draw(st.integers(0, 3)):
            case 0:
                lines.append(f"[[tables]]{draw(GAPS)}")
            case 1:
                lines.append(f"[tables{number}.{key}]")
            case _:
                lines.append(f"k{number}.{key} = {draw(VALUES)}")
        lines.append(draw(GAPS))
    return "\n".join(lines)


@given(documents())
def test_any_documents_places_are_found_where_their_keys_stand(text: str) -> None:
    """No place is missed, none is made up, and on each line that is named its key can be read."""
    lines = lines_of(text)
    assert set(lines) == set(places(tomllib.loads(text)))
    for place, line in lines.items():
        keys = [part for part in place if isinstance(part, str)]
        if isinstance(place[-1], str):
            assert escaped(keys[-1]) in text.split("\n")[line - 1] or keys[-1] in text.split("\n")[line - 1]
