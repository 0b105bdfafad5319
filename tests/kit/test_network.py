"""The picture of a network: each mark in its place, told in words, legible without colours, whatever its length."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from htilde.language import speaking
from htilde.model import Places
from htilde.telling.network import SHOWN, as_rows, as_svg, in_words, legend, place_name
from hypothesis import given
from hypothesis import strategies as st

THREE = Places(
    "layer",
    True,
    ("dh_tilde", "dW"),
    ((False, True, None), (False, False, True)),
    (1, 1),
)


@st.composite
def any_places(draw: st.DrawFn) -> Places:
    """Any network, with at least one wrong mark."""
    count, rows = draw(st.integers(1, 45)), draw(st.integers(1, 5))
    marks = [draw(st.lists(st.sampled_from([True, False, None]), min_size=count, max_size=count)) for _ in range(rows)]
    first = draw(st.integers(0, rows - 1)), draw(st.integers(0, count - 1))
    marks[first[0]][first[1]] = False
    names = tuple(f"part_{row}" for row in range(rows))
    along = draw(st.sampled_from(["layer", "block", "step"]))
    return Places(along, draw(st.booleans()), names, tuple(map(tuple, marks)), first)


def test_the_grid_has_a_mark_at_each_place() -> None:
    """Below the numbers of the places: right, wrong, the first wrong one, and nothing where there is nothing."""
    assert as_rows(THREE) == [("layer", "1  2  3"), ("dh_tilde", "x  ."), ("dW", "x  X  .")]
    assert "way back" in legend(THREE)
    forward = Places("step", False, ("h",), ((True, False),), (0, 1))
    assert as_rows(forward) == [("step", "1  2"), ("h", ".  X")] and "way back" not in legend(forward)


@given(any_places())
def test_any_network_fits_and_shows_its_first_wrong_place(places: Places) -> None:
    """In a terminal and in a frame: at most so many places, the first wrong one among them, one mark below another."""
    (label, numbers), *rows = as_rows(places)
    shown = [int(number) for number in numbers.split()]
    assert label and len(shown) == min(places.count, SHOWN) and places.first[1] + 1 in shown
    assert max(len(marks) for _, marks in (("", numbers), *rows)) <= 4 * SHOWN
    at = len(str(shown[-1])) - 1 + (shown.index(places.first[1] + 1)) * (len(str(shown[-1])) + 2)
    assert [marks[at] for part, marks in rows if part == places.part] == ["X"]
    assert sum(marks.count("X") for _, marks in rows) == 1

    picture = ElementTree.fromstring(as_svg(places))
    width, height = int(str(picture.get("width"))), int(str(picture.get("height")))
    for part in picture.iter():
        for key, most in (("x", width), ("cx", width), ("y", height), ("cy", height)):
            assert 0 <= float(part.get(key, 0)) <= most
    visible = [mark for marks in places.marks for number, mark in enumerate(marks, 1) if number in shown]
    crosses = [path for path in picture.iter("path") if "m0 -10" in str(path.get("d"))]
    assert (len(list(picture.iter("circle"))), len(crosses)) == (visible.count(True), visible.count(False))
    assert len(list(picture.iter("rect"))) == len(shown) + 1  # a box for each place, a frame around the first wrong one


def test_what_is_drawn_says_what_it_is() -> None:
    """A screen reader is told which parts are wrong where, and which is the first."""
    picture = ElementTree.fromstring(as_svg(THREE))
    words = "Where it is wrong, by layer (1 to 3). dh_tilde: 1; dW: 1–2. "
    words += "The first in the order of computation: dW of layer 2."
    assert (picture.get("role"), picture.get("aria-label"), in_words(THREE)) == ("img", words, words)
    assert [title.text for title in picture.iter("title")] == [words]
    long = Places("step", False, ("h",), ((False, False, False, True, False),), (0, 0))
    assert "h: 1–3, 5." in in_words(long)


def test_gates_are_called_by_their_names() -> None:
    """In the grid, in words and in the picture, which has no arrow: gates have no order."""
    gates = Places("gate", False, ("dW",), ((True, False, True, False),), (0, 1), ("i", "f", "g", "o"))
    assert as_rows(gates) == [("gate", "i  f  g  o"), ("dW", ".  X  .  x")]
    assert "by gate (i to o). dW: f, o. The first in the order of computation: dW of gate f." in in_words(gates)
    texts = [text.text for text in ElementTree.fromstring(as_svg(gates)).iter("text")]
    assert texts == ["gate", "i", "f", "g", "o", "dW"] and "way forward" in as_svg(replace(gates, labels=()))


def test_what_is_wrong_beside_is_told() -> None:
    """Below the grid, below the picture and in its words."""
    places = replace(THREE, beside=("dh0", "dW_x"))
    for told in (legend(places), in_words(places), as_svg(places)):
        assert "also wrong: dh0, dW_x" in told
    assert "also wrong" not in legend(THREE) + in_words(THREE) + as_svg(THREE)


@pytest.mark.parametrize(("along", "word"), [("gate", "게이트"), ("layer", "층"), ("block", "블록"), ("step", "시점")])
def test_places_have_words_in_each_language(along: str, word: str) -> None:
    """Of what it runs along, and of a part at a place."""
    assert place_name(along, "dW", "2") == f"dW of {along} 2"
    with speaking("ko"):
        assert place_name(along, "dW", "2") == f"{2}번 {word}의 dW"
        assert as_rows(Places(along, True, ("dW",), ((False,),), (0, 0)))[0][0] == word


@pytest.mark.parametrize("backward", [True, False])
def test_an_arrow_points_in_the_order_of_computation(backward: bool) -> None:
    """To the first layer on the way back, to the last one otherwise; the picture says which way it is."""
    picture = ElementTree.fromstring(as_svg(Places("layer", backward, ("dW",), ((False, True),), (0, 0))))
    (arrow,) = [str(path.get("d")) for path in picture.iter("path") if "L" in str(path.get("d"))]
    start, tip = float(arrow[1:].split()[0]), float(arrow.split("L")[1].split()[0])
    assert (start == tip) is backward
    assert ("way back" in [text.text for text in picture.iter("text")]) is backward


@pytest.mark.parametrize("name", ["a<b", 'x" onload="alert(1)', "</text><script>", "a&b"])
def test_a_name_is_text_and_nothing_else(name: str) -> None:
    """Whatever a part is called, it adds no element and no attribute."""

    def elements(part: str) -> list[object]:
        picture = ElementTree.fromstring(as_svg(Places("layer", True, (part,), ((False,),), (0, 0))))
        return [(element.tag, element.keys()) for element in picture.iter()]

    assert elements(name) == elements("dW")
