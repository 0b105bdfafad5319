"""What a learner reads fits a terminal, says where things stand, and gives nothing away too early."""

from __future__ import annotations

from dataclasses import replace

import pytest
from htilde.characters import WIDTH, columns
from htilde.codes import Code
from htilde.errors import UsageError
from htilde.language import LANGUAGES, speaking
from htilde.model import ExerciseResult, Kind, Verdict, Visibility
from htilde.self_study import pages
from htilde.self_study.standing import Standing, Standings, State
from htilde.self_study.study import Lesson
from hypothesis import given
from hypothesis import strategies as st

LESSON = Lesson(
    "double", {"en": "Think.", "ko": "생각."}, {"en": "2·x"}, {"en": "It is one product."}, "2 * x", "raise"
)
BARE = Lesson("double", {}, {}, {}, "2 * x", "raise")


def verdict(name: str, passed: bool, visibility: Visibility = Visibility.PUBLIC, claim: str = "It is so.") -> Verdict:
    asked = Verdict("double", name, {"en": claim}, visibility, Kind.MAIN)
    hints = ({"en": "Multiply."},)
    return asked if passed else replace(asked, code=Code.WRONG_SHAPE, mistakes=("adds_two",), hints=hints)


def result(*passed: bool, hidden: tuple[bool, ...] = ()) -> ExerciseResult:
    asked = [verdict(f"p{at}", one) for at, one in enumerate(passed)]
    asked += [verdict(f"h{at}", one, Visibility.HIDDEN) for at, one in enumerate(hidden)]
    return ExerciseResult("double", 1.0, tuple(asked))


def some(*states: State, given_up: bool = False) -> Standings:
    return Standings(tuple(Standing("toys", f"f{at}", one, given_up) for at, one in enumerate(states)), {})


@pytest.mark.parametrize("language", LANGUAGES)
@given(st.text(max_size=200), st.booleans(), st.booleans())
def test_every_page_fits_eighty_columns(language: str, claim: str, one: bool, other: bool) -> None:
    """Whatever is claimed, in each language, and nothing in it moves a cursor."""
    found = (verdict("p", one, claim=claim), verdict("h", other, Visibility.HIDDEN, claim))
    lesson = Lesson("double", {"en": claim}, {}, {"en": claim}, "2 * x", "raise")
    with speaking(language):
        asked = ExerciseResult("double", 1.0, found)
        shown = pages.verdict(asked, 1, notes=[claim]) + pages.locked(asked) + pages.hints(LESSON, 2, result=asked)
        shown += pages.status(some(*State)) + pages.listing(some(*State)) + pages.hints(lesson, 1)
    long = max((len(word) for word in claim.split()), default=0)  # a word longer than a line stays whole
    assert long > 60 or all(columns(line) <= WIDTH for line in shown)
    assert not [line for line in shown if "\x1b" in line or "\r" in line or "\n" in line]


def test_what_holds_is_told_before_what_doesnt() -> None:
    """Hidden properties wait until the public ones pass, and are counted until then."""
    lines = pages.verdict(result(True, False), 2)
    assert lines[0] == "--  double: not yet" and lines[1] == "    ok  It is so."
    assert "pass: 2" in lines[2] and "Multiply." in "\n".join(lines)
    assert "a hidden one doesn't" in pages.verdict(result(True, hidden=(False,)), 1)[0]
    assert pages.verdict(result(True, hidden=(True,)), 1)[0] == "ok  double: every property holds, the hidden ones too"
    assert pages.verdict(result(True), 0) == ["ok  double: every property holds", "    ok  It is so."]


@pytest.mark.parametrize(
    ("count", "there", "missing"),
    [(1, ["Think.", "ask again"], ["2·x"]), (2, ["Think.", "2·x", "--give-up"], ["ask again"])],
)
def test_hints_come_one_after_the_other(count: int, there: list[str], missing: list[str]) -> None:
    """And before them that of the mistake, if it was recognised."""
    text = "\n".join(pages.hints(LESSON, count, result=result(False)))
    assert all(word in text for word in there) and not any(word in text for word in missing)
    assert text.index("Multiply.") < text.index("Think.")
    assert "Multiply." not in "\n".join(pages.hints(LESSON, count))
    assert "There are no hints" in "\n".join(pages.hints(BARE, 0))


def test_a_solution_stands_beside_where_there_is_room() -> None:
    """Below otherwise: in a narrow window, or when a line is too long."""
    own = "def double(x):\n    return x + x"
    beside = pages.solution(LESSON, own, width=120)
    assert any("return x + x" in line or ("2 * x" in line and " | " in line) for line in beside)
    assert beside[0].split() == ["yours", "|", "the", "reference"] and beside[-1].strip() == "It is one product."
    for below in (pages.solution(LESSON, own, width=80), pages.solution(LESSON, f"{own}  # {'x' * 120}", width=120)):
        assert not any(" | " in line for line in below) and "the reference:" in below
    long = pages.solution(BARE, "가" * 100 + "x" * 100, width=40)
    assert "".join(line.strip() for line in long[1:]).startswith("가" * 100 + "x" * 100)
    assert max(map(columns, long)) == 40
    assert pages.solution(BARE, "", width=120) == ["the reference:", "    2 * x"]


def test_what_locks_a_solution_is_named() -> None:
    """The claims that fail, not those that hold, and no answer."""
    shown = pages.locked(result(True, False, hidden=()))
    assert [line for line in shown if line.startswith("    --")] == ["    --  It is so."] and "2 * x" not in str(shown)


def test_states_are_told_in_words() -> None:
    """Given up stays said, also of what passes later."""
    listed = pages.listing(some(*State))
    text = "\n".join(listed)
    for words in ("to do", "started", "the public properties pass", "passed", "not examined"):
        assert words in text
    given_up = "\n".join(pages.listing(some(State.PASSED, State.STARTED, given_up=True)))
    assert "passed after giving up" in given_up and given_up.count("given up") == 1
    assert "given up: 2" in pages.status(some(State.PASSED, State.TODO, given_up=True))


def test_the_end_is_told() -> None:
    """And before it what comes next."""
    assert "Well done" in pages.status(some(State.PASSED, State.PASSED))[-1]
    assert pages.status(some(State.PASSED, State.TODO))[-1] == "next: f1 in toys (to do)"


def test_what_couldnt_be_examined_says_why() -> None:
    """In list and status."""
    troubled = Standings(some(State.UNKNOWN).all, {"toys": UsageError("It is broken.", next_step="Mend it.")})
    for page in (pages.listing(troubled), pages.status(troubled)):
        assert "    It is broken." in page and "    Mend it." in page


@pytest.mark.parametrize(
    ("done", "drawn"), [(0, "[....] 0 of 8"), (1, "[#...] 1 of 8"), (7, "[###.] 7 of 8"), (8, "[####] 8 of 8")]
)
def test_a_bar_is_empty_and_full_where_it_must_be(done: int, drawn: str) -> None:
    """The first exercise shows, and only the last one fills it."""
    assert pages.bar(done, 8, width=4) == drawn


def test_texts_are_shown_as_they_were_written() -> None:
    """Formulas keep their lines and blanks; only a line that is too long is filled."""
    text = "One\ntwo.\n\n  dW = hᵀ · dh̃\n  db = Σₙ dh̃ₙ\n" + "h̃" * 76 + "\n" + "long " * 20
    told = pages.told({"en": text})
    assert told[:5] == ["    One", "    two.", "", "      dW = hᵀ · dh̃", "      db = Σₙ dh̃ₙ"]
    assert told[5] == "    " + "h̃" * 76 and len(told) == 8 and max(map(columns, told)) == WIDTH
    assert pages.told({}) == []


@given(st.text(max_size=30), st.integers(-3, 30))
def test_a_cut_line_fits(text: str, width: int) -> None:
    """Where anything fits at all; what fits stays as it is."""
    found = pages.cut(text, width)
    assert columns(found) <= max(width, 1) and (found == text or columns(text) > width)


@given(st.text("ab 가\u0303", max_size=60), st.integers(4, 30))
def test_a_folded_line_loses_nothing_but_blanks(line: str, width: int) -> None:
    """Every piece fits, and a line that fits is one piece."""
    pieces = list(pages.fold(line, width))
    assert "".join(pieces).replace(" ", "") == line.replace(" ", "")
    assert all(columns(piece) <= width for piece in pieces)
    assert columns(line) > width or pieces == [line]


def test_a_line_is_folded_between_words() -> None:
    """With its indentation."""
    assert list(pages.fold("    one two three", 12)) == ["    one two", "    three"]
