"""What students write is shown, and can't do anything: not by the kit's pages, nor by nbgrader's without them."""

from __future__ import annotations

import html
import re
import time

import pytest
from htilde.language import speaking
from htilde.prose import markdown as module
from htilde.prose.markdown import acts, at_rest, highlight_code, prose
from htilde.submissions.cell import MAX_SOURCE
from hypothesis import example, given
from hypothesis import strategies as st
from nbconvert.filters import markdown2html as nbconverts
from nbconvert.filters.markdown_mistune import InvalidNotebook
from vectors import TEX, VECTORS

TAG = re.compile(
    r"""</?(?P<name>[a-z][a-z0-9]*)(?P<attributes>(?:\ [a-z]+="[^"<>]*")*)(?:\ ?/)?>""",
    re.VERBOSE,
)
"""A tag that all who read HTML read alike."""
MATHML = (
    "math mfrac mi mn mo mover mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover"
)
HARMLESS = {*module._TAGS, *MATHML.split()}
SOURCES = re.compile(r"(https?://|mailto:|data:image/(png|jpeg|gif|webp);base64,|#)")
ATTRIBUTES = {"href", "src", "alt", "title", "align", "start", "rel", "colspan", "rowspan", "scope", "class"}
OF_MATHML = {"display", "stretchy", "fence", "accent", "accentunder", "mathvariant", "width", "style", "form"}
OF_MATHML |= {"displaystyle", "linethickness"}


def live(page: str, *, own: str = "") -> list[str]:
    """What of a page might act or fetch something; ``own`` is what an address may be besides those that all may."""
    found = [page[at : at + 80] for at in (m.start() for m in re.finditer("<", TAG.sub("", page)))]
    for tag in TAG.finditer(page):
        inside = dict(re.findall(r' ([a-z]+)="([^"]*)"', tag["attributes"]))
        allowed = OF_MATHML if tag["name"] in MATHML.split() else ATTRIBUTES
        found += [tag[0]] if tag["name"] not in HARMLESS or inside.keys() - allowed else []
        for name in ("href", "src"):
            address = html.unescape(inside.get(name, "#"))
            found += [] if SOURCES.match(address) or (own and re.fullmatch(own, address)) else [tag[0]]
        if inside.get("src", "data:")[:5] != "data:" and not (own and re.fullmatch(own, inside["src"])):
            found.append(tag[0])
    return found


def by_nbgrader(source: str) -> str:
    """What nbgrader makes of a submission's prose where the kit's pages aren't set up."""
    return str(nbconverts(at_rest(source)))


BESIDE = r"[\w-]+\.png|#.*"
"""At rest a picture beside the notebook is still a picture, and a heading has an address."""


@pytest.mark.parametrize("source", [*VECTORS, *TEX], ids=ascii)
def test_nothing_acts(source: str) -> None:
    """On the kit's pages no tag, attribute or address of a student's but the harmless; TeX makes no HTML."""
    for page in (prose(source), prose(source, clickable=False), prose(f"# a\n\n- b\n  {source}\n\nc")):
        assert live(page) == []
    assert "<a" not in prose(source, clickable=False)


@pytest.mark.parametrize("source", [*VECTORS, *TEX], ids=ascii)
def test_nothing_acts_at_rest(source: str) -> None:
    """What is stored of a submission is shown as typed by nbgrader's own converter, every character of it."""
    page = by_nbgrader(source)
    assert live(page, own=BESIDE) == []
    assert html.escape(source, quote=False) in page.replace("&quot;", '"').replace("&#x27;", "'").replace("&#39;", "'")
    assert re.search(r"<pre>.*</pre>|highlight", page, re.DOTALL), "MathJax passes over code"


@pytest.mark.parametrize("source", VECTORS, ids=ascii)
def test_the_vectors_are_real(source: str) -> None:
    """Without the kit each of them makes something live: these tests would see it."""
    assert live(str(nbconverts(source)), own=BESIDE)


PIECES = r"""
< > </ /> script <script> <img␣src=x␣ onerror= ' " ` $ $$ <a␣ href= javascript: JaVa&Tab;ScRiPt: data:text/html, [a]( )
![ ] * <svg/onload= <style> &lt; &#x6a; <!-- --> <![CDATA[ \( \href{javascript:alert(1)} \begin{align} <iframe␣ -␣ >␣
``` <math> </math> <noscript> <p␣title= x &#xe000; &#xe001; &#x202e; \frac12 <code␣class="tex-inline"> ~~~js https://a.b/
"""
pieces = st.sampled_from(
    [*(piece.replace("␣", " ") for piece in PIECES.split()), " ", "\n", "\n\n", "    ", "\x00", "\u2028"]
)


@given(st.lists(pieces, max_size=14).map("".join))
@example('$x$ <p title="&#xe000;0&#xe001;">')
@example("`$` $x^2$ `</code>$`")
def test_nothing_that_is_pieced_together_acts(source: str) -> None:
    """Whatever is typed: on the kit's pages, and by nbgrader's own converter."""
    assert live(prose(source)) == [] and live(by_nbgrader(source), own=BESIDE) == []
    assert "\u202e" not in prose(source) and "\x00" not in prose(source)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**bold** and `code`", "<strong>bold</strong>"),
        ("$a < b$", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        ("$$\\frac{1}{2}$$", '<math display="block"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>'),
        ("\\begin{align} a &= b \\end{align}", "<mtable"),
        ("$\\unheardof{x}$ is kept", "<code>$\\unheardof{x}$</code> is kept"),
        ("$$\\unheardof{x}$$", "<code>$$\\unheardof{x}$$</code>"),
        ("it costs \\$5 and \\$6", "$5 and $6"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", '<td align="right">2</td>'),
        ("- [ ] a\n- [x] b", "☑ b"),
        ("[here](https://example.org/a?b=1)", 'href="https://example.org/a?b=1"'),
        ("![graph](mine.png)", "[picture: graph mine.png]"),
        ("# Title", "<h1>Title</h1>"),
        ("```python\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("<b>bold</b><br>", "<b>bold</b>"),
        ("왜냐하면 👩‍💻", "왜냐하면 👩‍💻"),
        ("a\u202eb", "a\N{REPLACEMENT CHARACTER}b"),
        ("a&#x202e;b&#8203;", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"),
        ("<script>x</script>", "&lt;script&gt;"),
    ],
)
def test_what_teaches_stays(source: str, shown: str) -> None:
    """Prose, mathematics, tables and links come through; a script, and what would hide, is shown."""
    assert shown in prose(source)


def test_where_an_instructor_sits_nothing_can_be_clicked() -> None:
    """formgrader shows an address to be read: it might be one of the very server that shows it."""
    source = "[the solution](https://hub.example.org/formgrader?path=/tmp), https://example.org and [up](#top)"
    assert prose(source).count("<a ") == 2 and 'rel="noopener noreferrer"' in prose(source)
    shown = prose(source, clickable=False)
    assert "<a" not in shown and "the solution (https://hub.example.org/formgrader?path=/tmp)" in shown
    assert shown.count("https://example.org") == 1


@pytest.mark.parametrize(
    "source",
    [
        "**bold**, `code` and $a < b$ in [a link](https://example.org)",
        "# Title\n\n1. one\n2. two\n\n> quoted\n\n| a | b |\n|---|--:|\n| 1 | 2 |",
        "```python\nif a < b: pass\n```\n\n![graph](mine.png)",
        "\\begin{align} a &= b \\end{align} and <b>so</b> on",
        "5 < 6 & 7 > 3, 왜냐하면",
        "",
    ],
)
def test_plain_prose_is_stored_to_the_letter(source: str) -> None:
    """Only what isn't plain is put between marks."""
    assert at_rest(source) == source


def test_a_pasted_picture_costs_its_words_nothing() -> None:
    """One that its cell doesn't hold, at which nbgrader would fail, becomes a remark; what stands around it stays."""
    stored = at_rest("See ![my [x] y](attachment:a.png) and ![it](attachment:image%20(1).png), **so**.")
    assert stored.count("(a picture was pasted here") == 2 and stored.startswith("See (") and "**so**" in stored
    assert "<strong>so</strong>" in by_nbgrader(stored)


@pytest.mark.parametrize("source", ["![it](attachment:pasted-1.png)", "![it][1]\n\n[1]: attachment:pasted-1.png"])
def test_a_pasted_picture_that_its_cell_holds_stays(source: str) -> None:
    """Of all that isn't there nbgrader's own converter says so by failing."""
    assert at_rest(source, ["pasted-1.png"]) == source
    with pytest.raises(InvalidNotebook):
        nbconverts(source)
    assert "<img" not in by_nbgrader(source)


def test_a_remark_takes_the_place_of_one_picture_alone() -> None:
    """A picture beside the notebook, and words, that stand before a pasted one on its line stay."""
    source = "![mine](graph.png), so **f** [1] falls: ![it](attachment:a.png) and ![that](attachment:b.png)."
    kept, _, rest = at_rest(source, ["b.png"]).partition("(a picture was pasted here")
    assert kept == "![mine](graph.png), so **f** [1] falls: " and rest.endswith(" and ![that](attachment:b.png).")


def test_what_isnt_plain_is_stored_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between marks that nothing in it can close, below a word that says so in the language of the release."""
    typed = "<script>\n`````\n"
    stored = at_rest(typed)
    assert stored.startswith("(Shown as it was typed:)\n\n``````text\n") and typed in stored
    with speaking("ko"):
        assert at_rest(typed).startswith("(입력한 그대로")
    assert at_rest("x" * (module._LONGEST + 1)).startswith("(Shown")
    monkeypatch.setattr(module, "_converted", None)
    assert at_rest("plain").startswith("(Shown"), "whoever shows it may fail as well"


def test_what_cant_be_converted_is_shown_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cell on which the converter fails costs nobody a page."""

    def fails(_: str) -> str:
        raise RecursionError

    monkeypatch.setattr(module, "_converted", fails)
    assert prose("a\n<b> & c") == "<pre>a\n&lt;b&gt; &amp; c</pre>"


HEAVY = ["<div>", "[", "\\begin{a}", "$x$ ", "![[a]", "![" + "[" + "a" * 99, "![](attachment:(a)("]


@pytest.mark.parametrize("piece", HEAVY, ids=ascii)
def test_a_hostile_cell_takes_no_time(piece: str) -> None:
    """The longest cell that is converted, and the longest of a submission, take seconds, whatever is in them."""
    start = time.process_time()
    for length in (module._LONGEST, MAX_SOURCE):
        prose(piece * (length // len(piece)))
        at_rest(piece * (length // len(piece)))
    assert time.process_time() - start < 8


def test_too_long_a_cell_is_shown_as_typed() -> None:
    """Nothing of a long cell is left out."""
    page = prose("<div>" * 10_000 + "end")
    assert page.startswith("<pre>&lt;div&gt;") and page.endswith("end</pre>")


@pytest.mark.parametrize(
    "source", ["x = '<script>' # \u202e\u2066", "%%html\n<script>", "x" * 30_000 + "<script>\u202e"]
)
def test_code_is_shown_as_it_is_read(source: str) -> None:
    """Escaped, without characters that turn the writing, and as Python whatever its metadata says."""
    page = highlight_code(source, metadata={"magics_language": "html"})
    assert "<script" not in page and not set("\u202e\u2066") & set(page)
    assert html.unescape(re.sub("<[^>]*>", "", page)).rstrip("\n").startswith(source[:4])


@pytest.mark.parametrize(
    ("name", "dangerous"),
    [
        *(
            (name, False)
            for name in ("a.png", "b.JPG", "data.csv", "data.npy", "notes.txt", "README", "a.pdf", "a.json")
        ),
        *(
            (name, True)
            for name in ("a.html", "a.HTM", "a.xhtml", "a.svg", "a.xml", "a.js", "a.css", "numpy.py", "x.mht")
        ),
        *((name, True) for name in ("nbgrader_config.py", "a.b.html", "a.svgz.xml", "sitecustomize.py")),
    ],
)
def test_files_that_act_are_told_from_those_that_dont(name: str, dangerous: bool) -> None:
    """formgrader serves what lies beside an autograded notebook with the type that its name says."""
    assert acts(f"/course/autograded/eve/a1/{name}") is dangerous
