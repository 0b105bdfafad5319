"""An examination as HTML: complete, and with no way out for what a student wrote."""

from __future__ import annotations

import html.parser
from dataclasses import replace

import numpy as np
from htilde.codes import Code, Note, NoteCode
from htilde.errors import UsageError
from htilde.evidence import Evidence
from htilde.model import Curves, Examination, ExerciseResult
from htilde.telling import network
from htilde.telling.curves import as_svg
from htilde.telling.html import as_html, trouble_html, whole_html
from samples import PLACES, verdict

EVIL = "<script>alert(1)</script>\x1b[31m\u202egnp.exe\u200b\x00&\"'"
RAISED = {"error": EVIL, "message": EVIL, "call": EVIL, "line": 1, "source": EVIL}
SHOWN = Evidence({"h_tilde": np.array([1.0])}, np.array([0.0]), np.array([0.25]), {"forgets_it": np.array([0.0])})


def result(*verdicts: object) -> ExerciseResult:
    return ExerciseResult("f", 2.0, verdicts)  # type: ignore[arg-type]


class Tags(html.parser.HTMLParser):
    """Collects what a browser would see as elements, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_nothing_of_a_students_becomes_markup() -> None:
    """Messages, evidence, hints, notes and printed text are escaped and clean."""
    bad = verdict(
        Code.RAISED,
        RAISED,
        evidence=Evidence({EVIL: EVIL}, EVIL, EVIL, {EVIL: EVIL}),
        hints=({"en": EVIL},),
        notes=(Note(NoteCode.WARNED, {"text": EVIL}),),
        printed=EVIL,
    )
    page = as_html(result(bad), notes=[EVIL, Note(NoteCode.SKIPPED, {"line": EVIL})])
    assert Tags(page).tags == {"div", "table", "tr", "th", "td", "code", "pre"}
    assert not set("\x1b\u202e\u200b\x00") & set(page)
    assert Tags(trouble_html(UsageError(EVIL, next_step=EVIL))).tags == {"div", "br"}


def test_html_parser_of_these_tests_sees_scripts() -> None:
    """The helper would notice an element that got through."""
    assert Tags("<b>x</b><script>y</script>").tags == {"b", "script"}


def test_failure_tells_claim_values_mistake_and_hint() -> None:
    """The claim, both values, the mistake's name in words and its hint."""
    page = as_html(result(verdict(mistakes=("forgets_it",), hints=({"en": "Remember it."},), evidence=SHOWN)))
    for part in ("It is so.", "9 at [1, 0]", "forgets it", "Remember it.", "h_tilde", "[0.]", "[0.25]", "0 of 2"):
        assert part in Tags(page).text


CURVES = Curves("x", (0.0, 1.0, 2.0), (0.0, 1.0, 4.0), (0.0, 1.0, 2.0))


def test_a_picture_stands_beside_values_and_only_there() -> None:
    """Where the values of a wrong answer are shown it is drawn, too; not where it only raised."""
    shown = replace(result(verdict(evidence=SHOWN)), curves=CURVES)
    assert as_html(shown).count(as_svg(CURVES)) == 1
    assert "<svg" not in as_html(replace(result(verdict(Code.RAISED, {})), curves=CURVES))
    assert "<svg" not in as_html(replace(shown, curves=None))
    assert Tags(as_html(shown)).tags >= {"svg", "title", "path"}


def test_where_it_is_wrong_is_drawn_once() -> None:
    """Below the values of the first property that can tell."""
    first = verdict(places=PLACES, evidence=SHOWN)
    second = verdict(name="q", places=replace(PLACES, first=(0, 0)), evidence=SHOWN)
    page = as_html(result(first, second))
    assert page.count("<svg") == page.count(network.as_svg(PLACES)) == 1


def test_a_whole_page_escapes_its_title_and_its_notes() -> None:
    """A file may be called as its author likes, and a note may quote a cell."""
    note = Note(NoteCode.CELL_RAISED, {"cell": "cell 3", "error": EVIL, "message": EVIL})
    whole = Examination("toys", (result(verdict(Code.RAISED, RAISED)), result(verdict(Code.PASSED, {}))), notes=(note,))
    page = whole_html(whole, title=EVIL)
    assert Tags(page).tags == {"div"}
    assert not set("\x1b\u202e\u200b\x00") & set(page)
    assert "Note: " in page and "✓ f" in page


def test_what_is_wrong_with_all_is_told_without_the_claims() -> None:
    """An exercise that isn't implemented yet says so, not what it would have to fulfil."""
    missing = [verdict(Code.NOT_IMPLEMENTED, {}, name=n, claim={"en": f"Claim {n}."}) for n in "ab"]
    assert "Not implemented" in as_html(result(*missing)) and "Claim" not in as_html(result(*missing))
    assert "Claim a." in as_html(result(*missing, verdict(Code.PASSED, {})))


def test_says_that_hidden_properties_remain_only_when_all_else_passed() -> None:
    """A student with everything right learns that the grader will ask more."""
    right, wrong = result(verdict(Code.PASSED, {})), result(verdict())
    assert "Hidden properties remain" in as_html(right, hidden_remain=True)
    assert "Hidden properties remain" not in as_html(right)
    assert "Hidden properties remain" not in as_html(wrong, hidden_remain=True)
