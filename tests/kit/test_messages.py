"""What a student is told: the line, the reason, the way on; of a hidden property, nothing that could be its input."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import toys
from htilde.examination.compare import Aspect, Difference
from htilde.isolation.calls import Reply, Status
from htilde.model import Parts, Places
from htilde.telling.messages import (
    Said,
    about_cell,
    along,
    beside,
    no_answer,
    not_implemented,
    part_name,
    reordered,
    wrong_answer,
)

EXERCISE = replace(toys.exercise(), name="mul", parameters=("dh", "h_tilde"))
SECRET = "1234.5"
RAISED = Reply(Status.RAISED, error="ValueError", message=SECRET, where="line 3: return dh @ h_tilde", function="mul")

TOLD = {
    "missing": (
        Reply(Status.MISSING),
        "There is no function mul. Define one with exactly this name: def mul(dh, h_tilde):",
    ),
    "not a function": (
        Reply(Status.MISSING, message="list"),
        "mul is of type list, not a function. Define it with: def mul(dh, h_tilde):",
    ),
    "renamed": (
        Reply(Status.MISSING, function="mull"),
        "There is no function mul. There is mull: was it renamed? "
        "Define one with exactly this name: def mul(dh, h_tilde):",
    ),
    "its cell failed": (
        Reply(Status.MISSING, error="NameError", message="no x", where="line 1: x"),
        "Its cell failed with NameError: no x in line 1: x. So there is no function mul.",
    ),
    "timed out": (Reply(Status.TIMED_OUT, message="5 s"), "No answer within 5 s. Is there a loop that never ends?"),
    "died": (Reply(Status.DIED, message="it ended"), "The process was lost while mul ran: it ended."),
    "raised": (RAISED, f"It raised ValueError: {SECRET}. In line 3: return dh @ h_tilde"),
    "raised without a line": (
        Reply(Status.RAISED, error="TypeError", message="too many"),
        "It raised TypeError: too many. It is called as mul(dh, h_tilde).",
    ),
    "unfinished": (replace(RAISED, error="NotImplementedError", message=""), not_implemented().message),
    "unfinished without a line": (Reply(Status.RAISED, error="NotImplementedError"), not_implemented().message),
    "another one unfinished": (
        replace(RAISED, error="NotImplementedError", function="sigmoid"),
        "It calls sigmoid, which isn't implemented yet. Finish that one first.",
    ),
    "renamed, in other letters": (
        Reply(Status.MISSING, function="m\u057dl"),
        "There is no function mul. m\u057dl has other letters, even if they look the same: "
        "type the name anew, def mul(dh, h_tilde):",
    ),
    "its cell raised without a word": (
        Reply(Status.MISSING, error="KeyboardInterrupt", where="line 1: raise KeyboardInterrupt"),
        "Its cell failed with KeyboardInterrupt in line 1: raise KeyboardInterrupt. So there is no function mul.",
    ),
    "its cell needs a package": (
        Reply(Status.MISSING, error="NotWhileGrading", message="torch isn't there while grading.", where="line 1: t.a"),
        "torch isn't there while grading. So there is no function mul.",
    ),
    "raised with a full stop": (
        replace(RAISED, message="array is too big."),
        "It raised ValueError: array is too big. In line 3: return dh @ h_tilde",
    ),
    "a package that isn't there": (
        Reply(Status.RAISED, error="NotWhileGrading", message="torch isn't there while grading."),
        "torch isn't there while grading.",
    ),
    "the keyboard": (
        replace(RAISED, error="EOFError", where="line 2: x = input('x?')"),
        "It waits for the keyboard (input). A function gets all it needs through its arguments.",
    ),
}


@pytest.mark.parametrize(("reply", "text"), TOLD.values(), ids=TOLD)
def test_why_there_is_no_answer(reply: Reply, text: str) -> None:
    """Each way of not answering has a message of its own, with what to do where that is known."""
    said = no_answer(reply, EXERCISE, shown=True)
    assert said.message == text and 0 < len(said.reason) < 40


def test_every_way_of_not_answering_is_tried_here() -> None:
    """The table above covers every status but an answer."""
    assert {reply.status for reply, _ in TOLD.values()} == set(Status) - {Status.ANSWERED}


LAYERS = Parts(("dW", "dh"), "layer", True, ("dh", "dW"))
LEAKS = {
    "an exception's text": RAISED,
    "an exception's name": replace(RAISED, error=SECRET, message=""),
    "a source line": replace(RAISED, where=f"line 3: {SECRET}"),
    "a function's name": replace(RAISED, error="NotImplementedError", function=SECRET),
    "a package's name": replace(RAISED, error="NotWhileGrading"),
    "a type's name": Reply(Status.MISSING, message=SECRET),
    "another name": Reply(Status.MISSING, function=SECRET),
    "the time": Reply(Status.TIMED_OUT, message=SECRET),
    "a signal": Reply(Status.DIED, message=SECRET),
    "a failed cell": Reply(Status.MISSING, error="ValueError", message=SECRET, where=SECRET),
}


@pytest.mark.parametrize("reply", LEAKS.values(), ids=LEAKS)
def test_no_text_of_a_students_choosing_comes_out_of_a_hidden_property(reply: Reply) -> None:
    """Code that sees hidden inputs can't put them into the message, however it names its exceptions and functions."""
    said = no_answer(reply, EXERCISE, shown=False)
    assert SECRET not in " ".join(said) and said.message and said.reason


@pytest.mark.parametrize("aspect", Aspect)
def test_of_a_hidden_value_only_the_aspect_is_told(aspect: Aspect) -> None:
    """A wrong value of a hidden property is told in words that fit any input."""
    told = " ".join(wrong_answer(Difference(aspect, SECRET, "[0][1]", (3,)), shown=False, parts=LAYERS))
    assert told.strip() and SECRET not in told and not any(digit in told for digit in "0123456789")


def test_of_a_public_value_all_is_told() -> None:
    """A wrong value of a public property is told with its place in the answer."""
    assert wrong_answer(Difference(Aspect.VALUES, "3 is wrong."), shown=True).message == "3 is wrong."
    told = wrong_answer(Difference(Aspect.VALUES, "3 is wrong.", "['dW'][1]"), shown=True)
    assert told.message == "Value ['dW'][1] of the answer: 3 is wrong."


def test_a_part_is_told_by_its_name() -> None:
    """With its place where there is one; without a name, by its path."""
    told = Difference(Aspect.VALUES, "3 is wrong.", "[1][2]")
    assert wrong_answer(told, shown=True, parts=LAYERS).message == "dh of layer 3: 3 is wrong."
    assert wrong_answer(replace(told, where="[0]"), shown=True, parts=LAYERS).message == "dW: 3 is wrong."
    assert wrong_answer(replace(told, where=""), shown=True, parts=LAYERS).message == "3 is wrong."
    assert (part_name(LAYERS, "[4]"), part_name(None, "[1]")) == ("", "")
    plain = replace(LAYERS, along="")
    assert (part_name(plain, "[1]"), part_name(plain, "[1][2]")) == ("dh", "dh[2]")
    assert part_name(Parts(("dh",), order=("dh",)), "[2]") == "dh[2]"
    gated = Parts(("dh", "dW"), "step", order=("dh", "dW"), once=("dW",), gates=("i", "f"), gated=("dh", "dW"))
    assert (part_name(gated, "[0][2][f]"), part_name(gated, "[1][f]")) == ("dh[f] of step 3", "dW[f]")
    assert part_name(replace(gated, along="gate"), "[0][f]") == "dh of gate f"


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
    assert along(Said("wrong values", "It is wrong."), places) == Said("wrong values", f"It is wrong. {told}")


def test_what_has_no_place_is_told_after_what_has() -> None:
    """That all is right where there are places."""
    told = beside(Said("wrong values", "dW: It is wrong."), replace(LAYERS, along="step"))
    assert told == Said("wrong values", "dW: It is wrong. At every step all is right.")


def test_another_order_is_told_with_both() -> None:
    """The order that came, and the one that is asked."""
    said = reordered(LAYERS, ("dh", "dW"))
    assert said == ("wrong order", "These are the right values in another order: dh, dW. Asked is dW, dh.")


CELLS = {
    "well": (Reply(Status.ANSWERED, np.zeros(1), printed="x"), []),
    "with a magic": (Reply(Status.ANSWERED, notes=("skipped %time",)), ["cell 3: skipped %time"]),
    "raising": (
        Reply(Status.RAISED, error="NameError", message="no x", where="line 1: x"),
        ["cell 3 raised NameError: no x in line 1: x; the rest of the notebook went on."],
    ),
    "too long": (
        Reply(Status.TIMED_OUT, message="10 s"),
        ["cell 3 was stopped: it took longer than 10 s; the rest of the notebook went on without it."],
    ),
    "dying": (
        Reply(Status.DIED, message="the process ended itself"),
        ["cell 3 was stopped: the process ended itself; the rest of the notebook went on without it."],
    ),
}


@pytest.mark.parametrize(("reply", "notes"), CELLS.values(), ids=CELLS)
def test_how_a_cell_went(reply: Reply, notes: list[str]) -> None:
    """A cell that went well is passed over; any other is named with the reason."""
    assert about_cell("cell 3", reply) == notes


def test_what_a_cell_says_is_cut() -> None:
    """An exception of a thousand words doesn't bury the other notes."""
    (note,) = about_cell("cell 3", Reply(Status.RAISED, error="E", message="x" * 5_000))
    assert len(note) < 400
