"""The picture of an answer: valid, within its frame, told in words, and drawn whatever the numbers are."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest
from htilde.language import speaking
from htilde.model import Curves
from htilde.telling.curves import HEIGHT, WIDTH, as_svg
from hypothesis import given
from hypothesis import strategies as st

SVG_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
NUMBERS = st.floats(-1e300, 1e300) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e17, 5e-324])


@st.composite
def any_curves(draw: st.DrawFn) -> Curves:
    """Any numbers over any axis that rises."""
    axis = sorted(draw(st.sets(st.floats(-1e6, 1e6), min_size=1, max_size=8)))
    ys = st.lists(NUMBERS, min_size=len(axis), max_size=len(axis)).map(tuple)
    return Curves(draw(st.sampled_from(["x", "h_tilde"])), tuple(axis), draw(ys), draw(ys))


def drawn(yours: list[float], right: list[float], label: str = "x", start: float = 0.0) -> ElementTree.Element:
    """The picture of two curves over 0, 1, 2, ..., as XML."""
    axis = tuple(start + at for at in range(len(right)))
    return ElementTree.fromstring(as_svg(Curves(label, axis, tuple(yours), tuple(right))))


def ways(picture: ElementTree.Element) -> list[list[tuple[float, float]]]:
    """The points of each curve or piece of one, the legend's samples left out."""
    found = [str(path.get("d")) for path in picture.iter("path")]
    points = [re.findall(r"[ML](\S+) ([^\sL]+)", way) for way in found if "h18" not in way]
    return [[(float(x), float(y)) for x, y in way] for way in points]


def colours(picture: ElementTree.Element) -> list[str | None]:
    """Whose curve each piece is."""
    return [path.get("stroke") for path in picture.iter("path") if "h18" not in str(path.get("d"))]


@given(any_curves())
def test_any_numbers_make_a_picture_within_its_frame(curves: Curves) -> None:
    """Valid XML in which each coordinate is a number, be an answer NaN, endless or constant; the frame cuts it off."""
    picture = ElementTree.fromstring(as_svg(curves))
    assert all(0 <= x <= WIDTH and abs(y) <= 3 * HEIGHT for way in ways(picture) for x, y in way)
    (frame,) = picture.findall("svg")
    assert frame.get("overflow") == "hidden" and len(list(frame)) == len(ways(picture))
    assert int(str(frame.get("width"))) <= WIDTH and int(str(frame.get("height"))) <= HEIGHT
    for line in picture.iter("line"):
        assert all(SVG_NUMBER.match(str(line.get(end))) for end in ("x1", "y1", "x2", "y2"))


def test_what_is_drawn_says_what_it_is() -> None:
    """A screen reader is told the axis, its ends and where the curves part; so is who rests the mouse on it."""
    picture = drawn([0, 1, 5, 6], [0, 1, 2, 3], "h_tilde", start=-2)
    words = "Your answer and the right one over h_tilde from -2 to 1. They part at 0."
    assert (picture.get("role"), picture.get("aria-label")) == ("img", words)
    assert [title.text for title in picture.iter("title")] == [words]
    with speaking("ko"):
        assert "여러분" in str(drawn([0, 1, 5, 6], [0, 1, 2, 3]).get("aria-label"))


def test_the_place_where_they_part_is_marked() -> None:
    """By a line from top to bottom; not if they part at once, or nowhere."""

    def marks(yours: list[float]) -> list[float]:
        lines = drawn(yours, [0, 1, 2, 3]).iter("line")
        return [float(str(line.get("x1"))) for line in lines if (line.get("y1"), line.get("y2")) == ("0", str(HEIGHT))]

    (mark,) = marks([0, 1, 9, 9])
    assert mark == ways(drawn([0, 1, 9, 9], [0, 1, 2, 3]))[0][2][0]
    assert marks([9, 9, 9, 9]) == marks([0, 1, 2, 3]) == []


@pytest.mark.parametrize("label", ["a<b", 'x" onload="alert(1)', "</text><script>", "a&b", "&lt;", "'", "ĥ"])
def test_a_label_is_text_and_nothing_else(label: str) -> None:
    """Whatever an argument is called, it adds no element and no attribute, and is read as it is."""
    picture, plain = drawn([1, 2], [1, 3], label), drawn([1, 2], [1, 3])
    assert [(part.tag, part.keys()) for part in picture.iter()] == [(part.tag, part.keys()) for part in plain.iter()]
    assert label in str(picture.get("aria-label"))
    assert any(text.text == label for text in picture.iter("text"))


def test_a_gap_stands_where_an_answer_is_nan() -> None:
    """The pieces on either side are drawn; an answer that is NaN everywhere leaves the right one alone."""
    right, *pieces = ways(drawn([0, 1, math.nan, 3, 4], [0, 1, 2, 3, 4]))
    assert [len(right), *map(len, pieces)] == [5, 2, 2]
    assert len(ways(drawn([math.nan] * 3, [0, 1, 2]))) == 1


def test_the_right_curve_may_have_gaps_and_poles_too() -> None:
    """Where an oracle says NaN or infinity the rest of its curve is still there, at its own height."""
    picture = drawn([0, 1, 2, 3, 4], [0, 1, math.nan, 3, math.inf])
    one, other = (way for way, colour in zip(ways(picture), colours(picture)) if colour == colours(picture)[0])
    yours = ways(picture)[-1]
    assert (one, other[0]) == (yours[:2], yours[3])


@pytest.mark.parametrize("far", [1e9, -1e9, math.inf, -math.inf])
def test_an_answer_far_off_is_cut_off(far: float) -> None:
    """The right curve keeps at least a third of the height: one wild value doesn't flatten it."""
    right, yours = ways(drawn([0, 1, far, 3], [0, 1, 2, 3]))
    heights = [y for _x, y in right]
    assert max(heights) - min(heights) > HEIGHT / 3 - 10
    assert (yours[2][1] < min(heights)) if far > 0 else (yours[2][1] > max(heights))
    assert yours[0] == right[0] and yours[3] == right[3]


@pytest.mark.parametrize("level", [0.0, 1.0, -3.0, 1e17, 1e-9])
def test_a_constant_answer_can_be_seen(level: float) -> None:
    """Where nothing changes, the curves lie apart as far as they differ, at any size."""
    right, yours = ways(drawn([1.5 * level + 0.5 * (level == 0)] * 3, [level] * 3))
    assert len({y for _x, y in right}) == len({y for _x, y in yours}) == 1
    assert abs(right[0][1] - yours[0][1]) > 20
    assert (yours[0][1] < right[0][1]) is (level >= 0)


def test_both_curves_are_named_and_look_different() -> None:
    """By colour, and by a dashed line for who sees no colours."""
    picture = drawn([1, 2], [1, 3])
    assert [text.text for text in picture.iter("text")][3:] == ["yours", "right"]
    right, yours = [path for path in picture.iter("path") if "h18" not in str(path.get("d"))]
    assert right.get("stroke") != yours.get("stroke")
    assert right.get("stroke-dasharray") and not yours.get("stroke-dasharray")
