"""Figures in a notebook: one picture, the same each time, told in words, and closed."""

from __future__ import annotations

from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest
from htilde.pictures import show
from matplotlib.figure import Figure


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been displayed, as HTML."""
    pages: list[str] = []
    plt.switch_backend("agg")
    monkeypatch.setattr("IPython.display.display", lambda page: pages.append(page.data))
    return pages


def figure() -> Figure:
    drawn, axes = plt.subplots()
    axes.plot([0, 1, 2], [0, 1, 4], label="a curve")
    axes.legend()
    return drawn


@pytest.mark.parametrize(
    "alt", ["A parabola.", r"\sigma(\tilde h) \1 \g<0>", 'a "quoted" <b> & more', "여러분의 그림", ""], ids=ascii
)
def test_a_figure_is_a_graphic_that_says_its_words(shown: list[str], alt: str) -> None:
    """One SVG with the role of an image, labelled with the text as it was given, whatever is in it."""
    show(figure(), alt=alt)
    (page,) = shown
    picture = ElementTree.fromstring(page)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert (picture.get("role"), picture.get("aria-label")) == ("img", alt)
    assert page.count("aria-label") == 1 and list(picture)


def test_the_same_figure_is_the_same_text(shown: list[str]) -> None:
    """A notebook that is run again doesn't change: no date, no random ids."""
    for _ in range(2):
        show(figure(), alt="A parabola.")
    assert shown[0] == shown[1]
    assert "<dc:date>" not in shown[0]


def test_two_figures_on_one_page_share_no_ids(shown: list[str]) -> None:
    """Clip paths are looked up by id in the whole page: those of another picture would cut off this one."""
    for alt in ("One.", "Another."):
        show(figure(), alt=alt)
    clips = [{part.get("id") for part in ElementTree.fromstring(page).iter() if "clip" in part.tag} for page in shown]
    assert all(clips) and clips[0].isdisjoint(clips[1])


def test_a_figure_is_shown_once_and_closed(shown: list[str]) -> None:
    """Jupyter shows what is still open at the end of a cell, which would be a second picture without words."""
    before = plt.get_fignums()
    show(figure(), alt="A parabola.")
    assert plt.get_fignums() == before


def test_a_figure_that_cant_be_drawn_is_closed_too(shown: list[str]) -> None:
    """Its error is the student's to see, once."""
    before, broken = plt.get_fignums(), figure()
    broken.axes[0].set_title("$\\nonsense$")
    with pytest.raises(ValueError, match="nonsense"):
        show(broken, alt="A parabola.")
    assert (plt.get_fignums(), shown) == (before, [])
