"""TeX becomes MathML that holds what was typed, or nothing at all; nothing of a formula becomes markup."""

from __future__ import annotations

import html
import re
import time
from xml.etree import ElementTree

import pytest
from clone import REAL
from htilde.authoring.master import read_master
from htilde.course import load_course
from htilde.prose.formulas import MAX_DEPTH, MAX_LENGTH, mathml
from hypothesis import example, given
from hypothesis import strategies as st


def tree(tex: str, *, display: bool = True) -> ElementTree.Element:
    """The formula as a tree; browsers know the names of entities that it doesn't use."""
    found = mathml(tex, display=display)
    assert found is not None, tex
    return ElementTree.fromstring(found)


def leaves(tex: str) -> str:
    return "".join(tree(tex).itertext())


TAKEN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
"""How many children an element has; with another number browsers show an error."""
NAMES = {"math", "mi", "mn", "mo", "mtext", "mrow", "mspace", "msqrt", "mtable", "mtr", "mtd", *TAKEN}
NAMES |= {"mstyle", "mphantom", "mpadded"}


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("assignment", [path.stem for path in (REAL / "solutions").glob("*.py")])
def test_every_formula_of_the_course_is_set(assignment: str, language: str) -> None:
    """In each language; who adds one that isn't known sees it here."""
    listed = (course := load_course(REAL / "grading.toml")).assignment(assignment)
    master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
    prose = "\n\n".join(cell.source for cell in master.in_language(language) if not cell.is_code)
    found = re.findall(r"\$\$(.+?)\$\$|(?<![$\\])\$([^$]+)\$", re.sub("`[^`]*`", "", prose), re.DOTALL)
    assert len(found) > 10
    assert [block or inline for block, inline in found if mathml(block or inline, display=bool(block)) is None] == []


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\sigma(\tilde h)", "<mi>σ</mi>"),
        (r"\frac{1}{1 + e^{-x}}", "<mfrac><mn>1</mn><mrow><mn>1</mn><mo>+</mo><msup><mi>e</mi>"),
        (r"\sqrt 2", "<msqrt><mn>2</mn></msqrt>"),
        (r"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>"),
        (r"x^10", "<msup><mi>x</mi><mrow><mn>1</mn></mrow></msup><mn>0</mn>"),
        (r"x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mrow><mn>2</mn></mrow></msubsup>"),
        (r"f''", "<msup><mi>f</mi><mrow><mo>′</mo><mo>′</mo></mrow></msup>"),
        (r"\sum_{i}^n", "<munderover><mo>∑</mo>"),
        (r"\max_i", "<munder><mi>max</mi><mi>i</mi></munder>"),
        (r"\mathbf{W}^\top", "<mi>𝐖</mi>"),
        (r"\mathcal L \mathbb R", "<mi>ℒ</mi><mi>ℝ</mi>"),
        (r"\boldsymbol\theta", "<mi>𝜽</mi>"),
        (r"\mathrm{ReLU}(x)", "<mi>ReLU</mi>"),
        (r"\text{if } x", "<mtext>if </mtext>"),
        (r"\text{fan\_in}", "<mtext>fan_in</mtext>"),
        (r"W^\intercal", ">⊺</mi>"),
        (r"\left( x \middle| y \right)", '<mo stretchy="true">|</mo>'),
        (r"a = -1", '<mo form="prefix">−</mo>'),
        (r"1\,000", '<mspace width="0.167em"></mspace>'),
        (
            r"\left( x \right]",
            '<mo fence="true" stretchy="true">(</mo><mi>x</mi><mo fence="true" stretchy="true">]</mo>',
        ),
        (r"\begin{cases} 1 & x \\ 0 & y \end{cases}", '<mo fence="true" stretchy="true">{</mo><mtable'),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \\ \end{pmatrix}", "</mtr></mtable><mo"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", 'text-align:right;padding-right:0"><mi>a</mi></mtd>'),
        (r"a \\ b", "<mtr>"),
        (r"\underbrace{x}_{n}", '<munder><munder accentunder="true">'),
        (r"\overset{!}{=}", "<mover><mo>=</mo><mo>!</mo></mover>"),
        (r"\boxed{x}", "border:1px solid"),
        (r"\binom n k", 'linethickness="0"'),
        (r"한글", "<mtext>한</mtext>"),
        (r"a {\color{red} b} c", '<mi>a</mi><mstyle mathcolor="red"><mi>b</mi></mstyle><mi>c</mi>'),
        (r"\color{#0a8FfF} b c", '<mstyle mathcolor="#0a8FfF"><mrow><mi>b</mi><mi>c</mi></mrow></mstyle>'),
        (r"\textcolor{blue}{b} c", '<mstyle mathcolor="blue"><mi>b</mi></mstyle><mi>c</mi>'),
        (r"{\Large x} y", '<mstyle mathsize="1.44rem"><mi>x</mi></mstyle><mi>y</mi>'),
        (r"\phantom{x} y", "<mphantom><mi>x</mi></mphantom>"),
        (r"\vphantom{x}", '<mpadded width="0"><mphantom><mi>x</mi></mphantom></mpadded>'),
        (r"\operatorname*{argmax}_x f", "<munder><mi>argmax</mi><mi>x</mi></munder>"),
        (r"\operatorname{argmax}_x f", "<msub><mi>argmax</mi><mi>x</mi></msub>"),
        (r"\int\limits_0^1", "<munderover><mo>∫</mo>"),
        (r"\sum\nolimits_i", "<msub><mo>∑</mo>"),
        (r"a \equiv b \pmod n", '(</mo><mrow><mi>mod</mi><mspace width="0.25em"></mspace><mi>n</mi></mrow><mo'),
        (r"a \bmod b", "<mo>mod</mo>"),
        (r"x = 1 \tag{2a}", '<mspace width="2em"></mspace><mtext>(2a)</mtext>'),
        (r"x = 1 \tag*{A}", "<mtext>A</mtext>"),
        (r"x \hspace{-1.5em} y", '<mspace width="-1.5em"></mspace>'),
        (r"x \hspace*{10 pt} y", '<mspace width="10pt"></mspace>'),
        (r"x \xrightarrow{f} y", '<mover><mo stretchy="true">→</mo><mi>f</mi></mover>'),
        (r"x \xleftarrow[a]{b} y", '<munderover><mo stretchy="true">←</mo><mi>a</mi><mi>b</mi></munderover>'),
        (r"\sum_{\substack{i \\ j}}", "<munder><mo>∑</mo><mtable><mtr><mtd"),
        (r"\begin{array}{c} a \\ \hline b \end{array}", 'text-align:center;border-top:1px solid"><mi>b</mi>'),
        (r"\begin{array}{c} \hline a \end{array}", 'text-align:center;border-top:1px solid"><mi>a</mi>'),
        (r"\begin{array}{c} a \\ b \\ \hline \end{array}", 'text-align:center;border-bottom:1px solid"><mi>b</mi>'),
        ("", "<mrow></mrow>"),
    ],
)
def test_what_is_known_is_set(tex: str, shown: str) -> None:
    """Each construct in its own elements."""
    assert shown in str(mathml(tex, display=True))


def test_limits_stand_below_on_a_line_of_their_own_only() -> None:
    """Within a line they stand beside, as in TeX."""
    assert "munder" in str(mathml(r"\sum_i", display=True)) and "munder" not in str(mathml(r"\sum_i", display=False))
    assert 'display="block"' in str(mathml("x", display=True)) and "display" not in str(mathml("x", display=False))


UNKNOWN = [
    r"\href{javascript:x}{y}",
    r"\unheardof",
    r"\def\x{y}",
    r"\frac{1}",
    "{",
    "}",
    "x^",
    "a_1_2",
    r"\left( x",
    "\\",
]
UNKNOWN += [
    r"\begin{a}x\end{a}",
    r"\begin{cases}x\end{array}",
    r"\sqrt[3",
    r"\text{\href{x}{y}}",
    "x$y",
    r"\mathbf{\frac}",
    r"\color{red;position:fixed}x",
    r"\textcolor{url(x)}{y}",
    r"\color{#12}x",
    r"\hspace{1000em}",
    r"\hspace{1em;x}",
    r"\hspace{em}",
    r"\hline x",
    r"\begin{array}{c} a \hline b \end{array}",
    r"\tag{\href{x}{y}}",
    r"\xrightarrow[a",
]


@pytest.mark.parametrize(
    "tex", [*UNKNOWN, "{" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1), "x" * (MAX_LENGTH + 1)], ids=ascii
)
def test_what_isnt_known_isnt_guessed(tex: str) -> None:
    """The caller shows it as it was typed."""
    assert mathml(tex, display=True) is None


PIECES = r"""
x 1 23 + - = < > & ' " ^ _ { } ( ) [ ] | . \\ \, \{ \} \| \frac \sqrt \tilde \underbrace \left \right \left( \right)
\text \mathbf \sum \alpha \begin{cases} \end{cases} \begin{aligned} \end{aligned} \begin \end {array} \boxed
\binom \overset \mathrm <script> </math> --> &lt; 한 \ $ %
\color \color{red} \textcolor \Large \phantom \operatorname* \pmod \tag \hspace{1em} \hspace
\xrightarrow \substack \hline \\
"""


@given(st.lists(st.sampled_from([*PIECES.split(), " ", "\n"]), max_size=12).map("".join))
@example("</math><script>")
@example('\\text{" onload="x}')
def test_whatever_is_typed_is_escaped_and_well_formed(tex: str) -> None:
    """Elements and attributes are this module's, each with the children that it needs; text is text."""
    for display in (False, True):
        if (found := mathml(tex, display=display)) is None:
            continue
        root = ElementTree.fromstring(found)
        for element in root.iter():
            assert element.tag in NAMES and len(element) == TAKEN.get(element.tag, len(element)), tex
            assert all(re.fullmatch(r"[\w.:;\- ]*|#\w+", value) for value in element.attrib.values())
        assert html.unescape(re.sub("<[^>]*>", "", found)) == "".join(root.itertext())


PLAIN = st.text(st.sampled_from("abcxyz0123456789+=<>!,;:/"), max_size=20)


@given(PLAIN)
def test_nothing_of_a_plain_formula_is_lost(tex: str) -> None:
    """Letters, digits and signs come out as they went in."""
    assert leaves(tex) == tex


@pytest.mark.parametrize(
    "piece",
    ["{", "^", r"\frac", "x_", r"\left(", r"\begin{cases}", r"\sqrt", "&", "a", r"\\", "x^{", r"\Large", r"\sqrt["],
)
def test_a_hostile_formula_takes_no_time(piece: str) -> None:
    """Read once, from left to right, to the depth that a person would write."""
    start = time.process_time()
    mathml(piece * (MAX_LENGTH // len(piece)), display=True)
    assert time.process_time() - start < 1
