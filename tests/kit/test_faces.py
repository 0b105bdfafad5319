"""The faces of an examination: complete, clean, and with no way out for what a student wrote."""

from __future__ import annotations

import html.parser
import json
from dataclasses import replace

from htilde.errors import UsageError
from htilde.language import speaking
from htilde.model import Curves, Examination, ExerciseResult, Kind, Places, Row, Verdict, Visibility
from htilde.telling import faces, network
from htilde.telling.curves import as_svg

EVIL = "<script>alert(1)</script>\x1b[31m\u202egnp.exe\u200b\x00&\"'"


def verdict(**fields: object) -> Verdict:
    given = {
        "exercise": "f",
        "name": "p",
        "claim": "It is so.",
        "visibility": Visibility.PUBLIC,
        "kind": Kind.MAIN,
        "passed": False,
    }
    return Verdict(**{**given, **fields})  # type: ignore[arg-type]


def result(*verdicts: Verdict) -> ExerciseResult:
    return ExerciseResult("f", 2.0, verdicts)


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
    """Messages, evidence, hints, notes and printed text are escaped in HTML and clean in a terminal."""
    bad = verdict(message=EVIL, evidence=(Row(EVIL, EVIL),), hints=(EVIL,), notes=(EVIL,), printed=EVIL)
    page = faces.as_html(result(bad), notes=[EVIL])
    assert Tags(page).tags == {"div", "table", "tr", "th", "td", "code", "pre"}
    for face in (page, faces.as_text(result(bad))):
        assert not set("\x1b\u202e\u200b\x00") & set(face)
    error = faces.trouble_html(UsageError(EVIL, next_step=EVIL))
    assert Tags(error).tags == {"div", "br"}


def test_no_text_of_a_students_begins_a_line() -> None:
    """In a terminal every line of the kit's begins at the margin, and no other does, wherever a line break came in."""
    said = f"{'word ' * 30}\nok  f: 2 of 2 points {'x' * 60} ok  f: 2 of 2 points\r\nok  f: 2 of 2 points"
    bad = verdict(message=said, evidence=(Row(said, said),), hints=(said,), notes=(said,), printed=said)
    text = faces.whole_text(Examination("toys", (result(bad),), notes=(said,)), title=said)
    mine = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert [line.split(" ")[0] for line in mine] == ["word", "--", "Note:", "toys:"] and "\r" not in text


def test_html_parser_of_these_tests_sees_scripts() -> None:
    """The helper would notice an element that got through."""
    assert Tags("<b>x</b><script>y</script>").tags == {"b", "script"}


def test_failure_tells_claim_values_mistake_and_hint() -> None:
    """Both faces hold the claim, both values, the misconception's name in words and its hint."""
    evidence = (Row("h_tilde", "[1.]"), Row("your answer", "[0.]"), Row("right", "[0.25]"))
    bad = verdict(message="It is wrong.", misconceptions=("forgets_it",), hints=("Remember it.",), evidence=evidence)
    for face in (Tags(faces.as_html(result(bad))).text, faces.as_text(result(bad))):
        for part in ("It is so.", "It is wrong.", "forgets it", "Remember it.", "h_tilde", "[0.]", "[0.25]", "0 of 2"):
            assert part in face


CURVES = Curves("x", (0.0, 1.0, 2.0), (0.0, 1.0, 4.0), (0.0, 1.0, 2.0))


def test_a_picture_stands_beside_values_and_only_there() -> None:
    """Where the values of a wrong answer are shown it is drawn, too; not where it only raised, nor in a terminal."""
    shown = replace(result(verdict(message="It is wrong.", evidence=(Row("x", "[2.]"),))), curves=CURVES)
    assert faces.as_html(shown).count(as_svg(CURVES)) == 1
    assert "<svg" not in faces.as_html(replace(result(verdict(message="It raised.")), curves=CURVES))
    assert "<svg" not in faces.as_html(replace(shown, curves=None)) and "<svg" not in faces.as_text(shown)
    assert Tags(faces.as_html(shown)).tags >= {"svg", "title", "path"}


PLACES = Places("layer", True, ("dh_tilde", "dW"), ((False, True, None), (False, False, True)), (1, 1))


def test_where_it_is_wrong_is_shown_once() -> None:
    """As a picture on a page, as a grid in a terminal, below the values of the first property that can tell."""
    rows = (Row("x", "[2.]"),)
    first = verdict(message="It is wrong.", evidence=rows, places=PLACES)
    second = verdict(name="q", message="It is still wrong.", evidence=rows, places=replace(PLACES, first=(0, 0)))
    page, text = faces.as_html(result(first, second)), faces.as_text(result(first, second))
    assert page.count("<svg") == page.count(network.as_svg(PLACES)) == 1
    lines = [line.strip() for line in text.splitlines()]
    at = lines.index("layer     1  2  3")
    assert lines[at + 1 : at + 3] == ["dh_tilde  x  .", "dW        x  X  ."] and text.count("dh_tilde") == 1
    assert lines.index("It is wrong.") < at < lines.index("It is still wrong.")
    assert "way back" in lines[at + 3] and max(map(len, lines)) <= 80
    with speaking("ko"):
        korean = faces.as_text(result(first)).splitlines()
    marks = [line for line in korean if line.strip().startswith(("층 ", "dh_tilde ", "dW "))]
    assert len(marks) == 3
    assert len({line.index(mark) + line.count("층") for line, mark in zip(marks, ("1", "x", "x"))}) == 1


def test_where_it_is_wrong_has_a_json_form() -> None:
    """Null, or the first wrong part with its place, and every wrong place of each part."""
    plain = faces.as_json(Examination("toys", (result(verdict(places=PLACES)), replace(result(verdict()), name="g"))))
    assert plain["exercises"]["g"]["places"] is None
    assert plain["exercises"]["f"]["places"] == {
        "along": "layer",
        "count": 3,
        "first": {"part": "dW", "place": 2},
        "wrong": {"dh_tilde": [1], "dW": [1, 2]},
        "beside": [],
    }
    gates = Places("gate", False, ("dW",), ((True, False),), (0, 1), ("i", "f"), ("dx",))
    plain = faces.as_json(Examination("toys", (result(verdict(places=gates)),)))
    assert plain["exercises"]["f"]["places"] == {
        "along": "gate",
        "count": 2,
        "first": {"part": "dW", "place": "f"},
        "wrong": {"dW": ["f"]},
        "beside": ["dx"],
    }
    assert json.loads(json.dumps(plain)) == plain


def test_a_whole_face_escapes_its_title_and_its_notes() -> None:
    """A file may be called as its author likes, and a note may quote a cell."""
    whole = Examination("toys", (result(verdict(message=EVIL)), result(verdict(passed=True))), notes=(EVIL,))
    page = faces.whole_html(whole, title=EVIL)
    assert Tags(page).tags == {"div"}
    assert not set("\x1b\u202e\u200b\x00") & set(page)
    assert "Note: " in page and "✓ f" in page


def test_same_mistake_is_explained_once() -> None:
    """Two properties that fail by one misconception share one explanation."""
    twice = [verdict(name=n, claim=f"Claim {n}.", misconceptions=("m",), hints=("The hint.",)) for n in "ab"]
    text = faces.as_text(result(*twice))
    assert text.count("The hint.") == 1
    assert "also: Claim b." in text


def test_what_is_wrong_with_all_is_told_without_the_claims() -> None:
    """An exercise that isn't implemented yet says so, not what it would have to fulfil."""
    missing = [verdict(name=n, claim=f"Claim {n}.", message="Not yet.") for n in "ab"]
    for face in (faces.as_html, faces.as_text):
        assert "Not yet." in face(result(*missing)) and "Claim" not in face(result(*missing))
        assert "Claim a." in face(result(*missing, verdict(passed=True)))


def test_terminal_face_fits_eighty_columns() -> None:
    """Long sentences are wrapped."""
    long = verdict(message="word " * 100, hints=("hint " * 100,), claim="claim " * 50)
    assert max(map(len, faces.as_text(result(long)).splitlines())) <= 80


def test_says_that_hidden_properties_remain_only_when_all_else_passed() -> None:
    """A student with everything right learns that the grader will ask more."""
    right, wrong = result(verdict(passed=True)), result(verdict())
    for face in (faces.as_html, faces.as_text):
        assert "Hidden properties remain" in face(right, hidden_remain=True)
        assert "Hidden properties remain" not in face(right)
        assert "Hidden properties remain" not in face(wrong, hidden_remain=True)


def test_json_has_the_documented_form() -> None:
    """misconception is null, a name or a list of names, and the whole survives JSON."""
    some = [verdict(), verdict(misconceptions=("a",)), verdict(misconceptions=("a", "b"))]
    plain = faces.as_json(Examination("toys", (result(*some),), papers=("x",)))
    assert json.loads(json.dumps(plain)) == plain
    properties = plain["exercises"]["f"]["properties"]
    assert [p["misconception"] for p in properties] == [None, "a", ["a", "b"]]
    assert set(properties[0]) >= {"name", "visibility", "passed", "message", "misconception"}
