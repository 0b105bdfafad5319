"""What students write in Markdown is shown, and can't do anything."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from clone import ROOT
from graded import SCRIPT, config, feedback, graded
from hypothesis import example, given
from hypothesis import strategies as st
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook

from autograder import nbgrader_html
from autograder.nbgrader_html import markdown2html
from autograder.submission import MAX_SOURCE

HARMLESS = set(nbgrader_html._TAGS.split())


class Seen(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


PIECES = r"""
< > </ /> script <script> <img␣src=x␣ onerror= ' " ` $ $$ <a␣ href= javascript: JaVa&Tab;ScRiPt: data:text/html, [a]( )
![ ] * <svg/onload= <style> &lt; &#x6a; <!-- --> <![CDATA[ \( \href{javascript:alert(1)} \begin{align} <iframe␣ -␣ >␣
``` <math> </math> <noscript> <p␣title= x
"""
pieces = st.sampled_from(
    [*(piece.replace("␣", " ") for piece in PIECES.split()), " ", "\n", "\n\n", "    ", "\x00", "\u2028"]
)


@given(st.lists(pieces, max_size=14).map("".join))
@example(f"Note {SCRIPT}")
@example('<img src="x" onerror="alert(1)">')
@example("[a](javascript:alert(1))")
@example("<a href=' javascript:alert(1)'>a</a>")
@example('<a href="data:text/html,x">a</a>')
@example("$<img src=x onerror=alert(1)>$")
@example("`<script>`")
@example('<a href="x" onclick="alert(1)">a</a>')
@example('<div style="position:fixed">x</div>')
@example("<svg/onload=alert(1)>")
@example("<noscript><p title='</noscript><img src=x onerror=alert(1)>'>")
@example("\\href{javascript:alert(1)}{x}")
@example("$\\href{javascript:alert(1)}{x}$")
def test_nothing_that_acts_survives(source: str) -> None:
    """Whatever is typed, only harmless tags and attributes come out, no script address, no TeX that makes HTML."""
    page = markdown2html(source)
    seen = Seen(page)
    assert seen.tags <= HARMLESS
    for name, value in seen.attributes:
        assert name in {"href", "src", "class", "id", "title", "alt", "align", "start"}
        if name in ("href", "src"):
            assert not re.match(r"[^/?#]*?(script|data)[^/?#]*:", re.sub(r"\s", "", value), re.IGNORECASE)
    assert not re.search(r"\\(href|class|cssId|style|require)(?![A-Za-z])", page)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**bold** and `code`", "<strong>bold</strong>"),
        ("$a < b$", "$a &lt; b$"),
        ("$$\\frac{1}{2}$$", "\\frac{1}{2}"),
        ("\\begin{align} a &= b \\end{align}", "a &amp;= b"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "<td>1</td>"),
        ("[here](https://example.org)", 'href="https://example.org"'),
        ("![graph](mine.png)", 'src="mine.png"'),
        ("# Title", "Title"),
        ("$\\hrefs \\styles$", "\\hrefs \\styles"),
        (SCRIPT, "&lt;script&gt;"),
    ],
)
def test_what_teaches_stays(source: str, shown: str) -> None:
    """Prose, mathematics, tables, links and pictures come through; a script is shown as text."""
    assert shown in markdown2html(source)


def test_what_cant_be_converted_is_shown_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell on which the converter fails costs nobody a page."""

    def fails(_: str) -> str:
        raise RecursionError

    monkeypatch.setattr(nbgrader_html, "convert", fails)
    assert markdown2html("a\n<b> & c") == "<pre>a\n&lt;b&gt; &amp; c</pre>"


@pytest.mark.parametrize("piece", ["<div>", "[", "> ", "*a", "<!--", "$a", "```\n", "\\begin{a}"], ids=ascii)
def test_a_hostile_cell_takes_no_time(piece: str) -> None:
    """The longest cell that is converted, and the longest of a submission, take seconds, whatever is in them."""
    start = time.process_time()
    for length in (nbgrader_html._LONGEST, MAX_SOURCE):
        markdown2html(piece * (length // len(piece)))
    assert time.process_time() - start < 5


def test_too_long_a_cell_is_shown_as_typed() -> None:
    """Nothing of a long cell is left out."""
    page = markdown2html("<div>" * 10_000 + "end")
    assert page.startswith("<pre>&lt;div&gt;") and page.endswith("end</pre>")


def test_no_script_of_a_student_stands_in_feedback(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The feedback that nbgrader writes shows the student's script as text, and the prose around it."""
    page = feedback(graded(tmp_path_factory).root, "wrong")
    assert SCRIPT not in page and "&lt;script&gt;alert(1)" in page
    assert "$a &lt; b$" in page


def test_formgrader_shows_students_prose_in_the_same_way() -> None:
    """Any HTML exporter that takes the course's configuration uses the filter: formgrader's does."""
    book = new_notebook(cells=[new_markdown_cell(f"Note {SCRIPT}")])
    assert SCRIPT not in HTMLExporter(config=config(ROOT)).from_notebook_node(book)[0]
    assert SCRIPT in HTMLExporter().from_notebook_node(book)[0], "without it, it would run"
