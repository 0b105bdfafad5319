"""Sentences about verdicts: what was seen, the reason in a few words, the way on."""

from __future__ import annotations

import pytest
from htilde.codes import Code, Details, GpuCode, Note, NoteCode
from htilde.language import LANGUAGES, speaking
from htilde.model import GpuRow, Places
from htilde.telling.gpu_messages import gpu_message
from htilde.telling.messages import message, part_name, reason
from htilde.telling.notes import note_message
from samples import HIDDEN, NOTES, ON_GPU, PUBLIC, WRONG, verdict


@pytest.mark.parametrize(("code", "details", "text"), [*PUBLIC, *HIDDEN])
def test_every_verdict_has_a_message_and_a_reason(code: Code, details: Details, text: str) -> None:
    """The message says what to do where that is known; the reason fits into a table."""
    found = verdict(code, details)
    assert message(found) == text and len(reason(found)) < 40
    assert bool(reason(found)) is (code is not Code.PASSED)


def test_every_code_is_told_here() -> None:
    """The samples leave none out."""
    assert {code for code, _, _ in PUBLIC} == set(Code)
    assert {code for code, _, _ in NOTES} == set(NoteCode)
    assert {code for code, _, _ in ON_GPU} == set(GpuCode)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stored_verdict_reads_in_every_language(language: str) -> None:
    """Each sentence is another one in Korean, with the same details in it."""
    with speaking(language):
        texts = [message(verdict(code, details)) for code, details, _ in [*PUBLIC, *HIDDEN] if code is not Code.PASSED]
        texts += [note_message(Note(code, details)) for code, details, _ in NOTES]
        texts += [gpu_message(GpuRow("mul", code, details)) for code, details, _ in ON_GPU]
    english = [text for _, _, text in [*PUBLIC, *HIDDEN, *NOTES, *ON_GPU] if text]
    assert all((one == other) is (language == "en") for one, other in zip(texts, english, strict=True))


def test_a_part_is_told_by_its_name() -> None:
    """With its place where there is one."""
    assert part_name({}) == part_name({"where": "[1]"}) == ""
    assert part_name({"where": "[1][2]", "part": "dh", "place": "3", "along": "layer"}) == "dh of layer 3"
    assert part_name({"where": "[1][2]", "part": "dh[2]"}) == "dh[2]"


T, F = True, False
WHERE: dict[str, tuple[Places, str]] = {
    "one alone": (
        Places("layer", T, ("dh", "dW"), ((T, T), (T, F)), (1, 1)),
        "Everything else is right.",
    ),
    "one part everywhere": (
        Places("layer", T, ("dh", "dW"), ((T, None), (F, F)), (1, 1)),
        "dW is wrong everywhere, all else is right.",
    ),
    "a part with fewer places": (
        Places("layer", T, ("dh", "dW"), ((F, F, None), (T, T, T)), (0, 1)),
        "dh is wrong everywhere, all else is right.",
    ),
    "one part here and there": (Places("layer", T, ("dh", "dW"), ((T, T, T), (F, T, F)), (1, 2)), "Only dW is wrong."),
    "several": (
        Places("layer", T, ("dh", "dW"), ((F, T), (F, T)), (0, 0)),
        "On the way back this is the first that is wrong; what comes after it may follow from it.",
    ),
    "several, forward": (
        Places("step", F, ("h", "c"), ((T, F), (T, F)), (0, 1)),
        "This is the first that is wrong; what comes after it may follow from it.",
    ),
    "one alone, and what has no place": (
        Places("step", T, ("dx",), ((T, F),), (0, 1), beside=("dW",)),
        "On the way back this is the first that is wrong; what comes after it may follow from it.",
    ),
    "gates": (
        Places("gate", F, ("dW", "db"), ((T, F, T), (T, F, F)), (0, 1), ("i", "f", "g")),
        "Wrong gates: f, g.",
    ),
    "the only part": (
        Places("step", F, ("h",), ((T, F, F),), (0, 1)),
        "This is the first that is wrong; what comes after it may follow from it.",
    ),
}


@pytest.mark.parametrize(("places", "told"), WHERE.values(), ids=WHERE)
def test_what_the_places_mean_is_said(places: Places, told: str) -> None:
    """After what is wrong at the first of them; the reason for tables stays."""
    found = verdict(Code.WRONG_VALUES, WRONG, places=places)
    assert message(found) == f"3 of 4 entries are wrong: 9 at [1, 0] where 0 is right. {told}"
    assert reason(found) == "wrong values"
