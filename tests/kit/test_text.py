"""An examination as text: complete, within 80 columns, and with no line that a student could have written."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
from htilde.codes import Code, Note, NoteCode
from htilde.evidence import Evidence
from htilde.language import speaking
from htilde.model import Examination, ExerciseResult, GpuRow, OnGpu
from htilde.telling.text import as_text, gpu_text, in_brief, note_text, verdict_text, whole_text
from samples import ON_GPU, PLACES, WRONG, verdict

EVIL = "<script>alert(1)</script>\x1b[31m\u202egnp.exe\u200b\x00&\"'"
SHOWN = Evidence({"h_tilde": np.array([1.0])}, np.array([0.0]), np.array([0.25]), {"forgets_it": np.array([0.0])})


def result(*verdicts: object, name: str = "f") -> ExerciseResult:
    return ExerciseResult(name, 2.0, verdicts)  # type: ignore[arg-type]


def test_nothing_of_a_students_moves_a_cursor() -> None:
    """Messages, evidence, notes and printed text are clean in a terminal."""
    raised = {"error": EVIL, "message": EVIL, "call": EVIL, "line": 1, "source": EVIL}
    bad = verdict(
        Code.RAISED,
        raised,
        evidence=Evidence({EVIL: EVIL}, EVIL, EVIL, {EVIL: EVIL}),
        hints=({"en": EVIL},),
        notes=(Note(NoteCode.WARNED, {"text": EVIL}),),
        printed=EVIL,
    )
    for text in (as_text(result(bad)), verdict_text(bad), note_text(Note(NoteCode.SKIPPED, {"line": EVIL}))):
        assert not set("\x1b\u202e\u200b\x00") & set(text)


def test_no_text_of_a_students_begins_a_line() -> None:
    """In a terminal every line of the kit's begins at the margin, and no other does, wherever a line break came in."""
    said = f"{'word ' * 30}\nok  f: 2 of 2 points {'x' * 60} ok  f: 2 of 2 points\r\nok  f: 2 of 2 points"
    bad = verdict(
        Code.RAISED,
        {"error": said, "message": said, "call": said},
        evidence=Evidence({said: said}, said, said),
        hints=({"en": said},),
        notes=(Note(NoteCode.WARNED, {"text": said}),),
        printed=said,
    )
    note = Note(NoteCode.CELL_RAISED, {"cell": "cell 3", "error": said, "message": said})
    text = whole_text(Examination("toys", (result(bad),), notes=(note,)), title=said)
    mine = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert [line.split(" ")[0] for line in mine] == ["word", "--", "Note:", "toys:"] and "\r" not in text


def test_failure_tells_claim_values_mistake_and_hint() -> None:
    """The claim, both values, the mistake's name in words with its own answer, and its hint."""
    text = as_text(result(verdict(mistakes=("forgets_it",), hints=({"en": "Remember it."},), evidence=SHOWN)))
    for part in ("It is so.", "9 at [1, 0]", "forgets it", "Remember it.", "h_tilde", "[0.]", "[0.25]", "0 of 2"):
        assert part in text
    assert text.count("forgets it") == 2 and "forgets_it" not in text


def test_where_it_is_wrong_is_shown_once() -> None:
    """As a grid, below the values of the first property that can tell."""
    first, second = verdict(places=PLACES), verdict(name="q", places=replace(PLACES, first=(0, 0)))
    lines = [line.strip() for line in as_text(result(first, second)).splitlines()]
    at = lines.index("layer     1  2  3")
    assert lines[at + 1 : at + 3] == ["dh_tilde  x  .", "dW        x  X  ."]
    assert [line for line in lines if line.startswith("dh_tilde")] == ["dh_tilde  x  ."]
    assert "way back" in lines[at + 3] and max(map(len, lines)) <= 80
    with speaking("ko"):
        korean = as_text(result(first)).splitlines()
    marks = [line for line in korean if line.strip().startswith(("층 ", "dh_tilde ", "dW "))]
    assert len(marks) == 3
    assert len({line.index(mark) + line.count("층") for line, mark in zip(marks, ("1", "x", "x"))}) == 1


def test_same_mistake_is_explained_once() -> None:
    """Two properties that fail by one misconception share one explanation, however they fail."""
    twice = [verdict(name=n, claim={"en": f"Claim {n}."}, mistakes=("m",), hints=({"en": "The hint."},)) for n in "ab"]
    twice[1] = replace(twice[1], code=Code.WRONG_SHAPE, details={})
    text = as_text(result(*twice))
    assert text.count("The hint.") == 1
    assert "also: Claim b." in text


def test_different_failures_are_explained_each() -> None:
    """The same code with other details, or at other places, is another explanation."""
    verdicts = [verdict(), verdict(details={**WRONG, "got": 8.0}), verdict(places=PLACES), verdict(Code.RAISED, {})]
    assert as_text(result(*verdicts)).count("It is so.") == 4 and "also:" not in as_text(result(*verdicts))


def test_what_is_wrong_with_all_is_told_without_the_claims() -> None:
    """An exercise that isn't implemented yet says so, not what it would have to fulfil."""
    missing = [verdict(Code.NOT_IMPLEMENTED, {}, name=n, claim={"en": f"Claim {n}."}) for n in "ab"]
    assert "Not implemented" in as_text(result(*missing)) and "Claim" not in as_text(result(*missing))
    assert "Claim a." in as_text(result(*missing, verdict(Code.PASSED, {})))


def test_terminal_face_fits_eighty_columns() -> None:
    """Long sentences are wrapped."""
    long = verdict(
        Code.RAISED,
        {"error": "word " * 100, "message": "", "call": "f(x)"},
        hints=({"en": "hint " * 100},),
        claim={"en": "claim " * 50},
    )
    assert max(map(len, as_text(result(long)).splitlines())) <= 80


def test_says_that_hidden_properties_remain_only_when_all_else_passed() -> None:
    """A student with everything right learns that the grader will ask more."""
    right, wrong = result(verdict(Code.PASSED, {})), result(verdict())
    assert "Hidden properties remain" in as_text(right, hidden_remain=True)
    assert "Hidden properties remain" not in as_text(right)
    assert "Hidden properties remain" not in as_text(wrong, hidden_remain=True)


def test_notes_on_an_exercise_stand_beside_those_on_its_properties() -> None:
    """Each once."""
    note = Note(NoteCode.CHANGED_IN_PLACE, {"argument": 1})
    blamed = replace(
        result(verdict(notes=(note,)), verdict(notes=(note,))),
        notes=(Note(NoteCode.CALLS_WRONG, {"functions": ["g"]}),),
    )
    lines = [line.strip() for line in as_text(blamed).splitlines() if "Note:" in line]
    assert lines == [
        "Note: it calls g, which isn't right yet: mend that first",
        "Note: argument 1 was changed in place",
    ]


def test_what_went_wrong_is_told_in_brief() -> None:
    """A reason a line, the mistake before the way of failing; of many exercises the number."""
    wrong = [verdict(Code.WRONG_SHAPE, {}), verdict(mistakes=("adds_two",))]
    stubs = [result(verdict(Code.NOT_IMPLEMENTED, {}), name=name) for name in "abcd"]
    found = Examination("toys", (result(*wrong), result(verdict(Code.PASSED, {}), name="g"), *stubs))
    assert in_brief(found) == "f: adds two\n4 exercises: not implemented yet"


def test_rows_about_a_gpu_are_marked() -> None:
    """Right, wrong and not asked look different; an endless sentence is wrapped."""
    found = OnGpu("A GPU", tuple(GpuRow(f"f{at}", code, details) for at, (code, details, _) in enumerate(ON_GPU)))
    lines = gpu_text(found).splitlines()
    assert lines[0] == "On the GPU, ungraded: A GPU" and max(map(len, lines)) <= 80
    marks = {line.split(":")[0].split()[-1]: line[:2] for line in lines[1:] if line[4:6].strip().startswith("f")}
    assert (marks["f0"], marks["f1"], marks["f3"]) == ("ok", "  ", "--")
    assert json.dumps(lines)
