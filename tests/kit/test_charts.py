"""Bars: valid, within their frame whatever the numbers are, told in words, and told apart without colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from htilde.reports.charts import FILLS, PATTERNS, bar, histogram
from htilde.reports.report import bins
from hypothesis import given
from hypothesis import strategies as st

COUNTS = st.lists(st.integers(0, 5000), min_size=1, max_size=12)
SHARES = st.lists(st.integers(0, 100), min_size=1, max_size=4).filter(any)


def percent(element: ElementTree.Element, name: str) -> float:
    """A length across, in percent of the picture's width."""
    found = str(element.get(name))
    return float(found.removesuffix("%"))


@given(SHARES)
def test_the_parts_of_a_bar_fill_it(numbers: list[int]) -> None:
    """One behind the other, none beyond the end; a part of nothing isn't drawn."""
    picture = ElementTree.fromstring(bar([(f, n / sum(numbers)) for f, n in zip(FILLS, numbers)], label="a & b"))
    *parts, frame = picture.iter("rect")
    assert (frame.get("width"), frame.get("fill")) == ("100%", "none") and len(parts) == sum(n > 0 for n in numbers)
    ends = [0.0]
    for part in parts:
        assert abs(percent(part, "x") - ends[-1]) < 0.02
        ends.append(percent(part, "x") + percent(part, "width"))
    assert abs(ends[-1] - 100) < 0.05


def test_parts_differ_in_form() -> None:
    """In grey, too: solid, hatched, empty, dotted; what a fill refers to is drawn in the page."""
    assert len(set(FILLS.values())) == len(FILLS)
    referred = re.findall(r"url\(#(\w+)\)", "".join(FILLS.values()))
    assert referred == [p.get("id") for p in ElementTree.fromstring(PATTERNS).iter("pattern")] == ["hatched", "dotted"]


def test_a_picture_is_told_or_passed_over() -> None:
    """With a label it is a picture with a title; without one it stands beside its numbers."""
    told = ElementTree.fromstring(bar([("full", 0.5)], label='half & "half"'))
    assert (told.get("role"), told.get("aria-label"), told.findtext("title")) == ("img", *2 * ['half & "half"'])
    silent = ElementTree.fromstring(bar([("full", 0.5)]))
    assert silent.get("aria-hidden") == "true" and silent.get("role") is None


@given(COUNTS, st.none() | st.floats(0, 12))
def test_a_histogram_stays_within_its_frame(counts: list[int], median: float | None) -> None:
    """A bar for each bin that isn't empty, as high as its share of the highest, with its number above."""
    edges = [(float(low), float(low + 1), count) for low, count in enumerate(counts)]
    picture = ElementTree.fromstring(histogram(edges, label="counts", median=median))
    drawn, most = [*picture.iter("rect")], float(str(picture.get("height")))
    tallest = max((float(str(each.get("height"))) for each in drawn), default=0.0)
    full = [count for count in counts if count]
    assert len(drawn) == len(full)
    for each, count in zip(drawn, full):
        assert percent(each, "x") >= 0 and percent(each, "x") + percent(each, "width") <= 100
        assert float(str(each.get("y"))) > 0 and float(str(each.get("y"))) + float(str(each.get("height"))) < most
        assert abs(float(str(each.get("height"))) - tallest * count / max(full)) < 0.2
    texts = [text.text for text in picture.iter("text")]
    assert len(texts) == len(full) + len(counts) + 1 and {*map(str, full)} <= {*texts}
    for line in picture.iter("line"):
        assert 0 <= float(str(line.get("x1")).removesuffix("%")) <= float(str(line.get("x2")).removesuffix("%")) <= 100


def test_the_median_stands_where_it_is() -> None:
    """Bins are equally wide in the picture, also where the last one holds fewer points."""
    found = bins([0.0], 26)
    assert [low for low, _, _ in found] == [0, 3, 6, 9, 12, 15, 18, 21, 24] and found[-1][1] == 26

    def place(median: float) -> float:
        lines = [*ElementTree.fromstring(histogram(found, label="x", median=median)).iter("line")]
        return float(str(lines[-1].get("x1")).removesuffix("%"))

    assert [round(place(at) * 9 / 100, 1) for at in (0, 3, 4.5, 24, 25, 26, 30)] == [0, 1, 1.5, 8, 8.5, 9, 9]
