"""What the examiner says. Each message names what was seen and what to do next, and blames nobody.

``shown`` is false for hidden properties: their inputs must not come out. The student's code sees them, so then
nothing is told that it could choose: no text or name of its exceptions, no source line, no other function's name.
"""

from __future__ import annotations

import builtins
from typing import NamedTuple

from autograder.calls import Reply, Status
from autograder.compare import Aspect, Difference
from autograder.paper import ExercisePaper

__all__ = ["CLOSE", "NOT_IMPLEMENTED", "WAVERS", "Said", "about_cell", "no_answer", "wrong_answer"]


class Said(NamedTuple):
    """A reason in a few words, for tables, and the message to the student."""

    reason: str
    message: str


NOT_IMPLEMENTED = Said(
    "not implemented yet", "Not implemented yet: replace the line that raises NotImplementedError with your answer."
)
WAVERS = Said(
    "answers differently when asked again",
    "Asked the same question twice, the function gave two different answers. "
    "It should depend on nothing but its arguments.",
)
CLOSE = Said(
    "close but not exact",
    "This is close but not exact, as a numerical derivative or a rounded constant would be. "
    "Derive the formula by hand and write that.",
)

_WRONG = {
    Aspect.STRUCTURE: Said("wrong kind of answer", "It returns something of another structure for some inputs."),
    Aspect.SHAPE: Said("wrong shape", "The result has the wrong shape for some inputs."),
    Aspect.DTYPE: Said("wrong dtype", "The result has the wrong dtype for some inputs."),
    Aspect.FINITE: Said("NaN or infinite", "The result is NaN or infinite for some inputs."),
    Aspect.VALUES: Said("wrong values", "The result is wrong for some inputs."),
}


def no_answer(reply: Reply, exercise: ExercisePaper, *, shown: bool) -> Said:
    """Why a call gave no value."""
    name = exercise.name
    call = f"{name}({', '.join(exercise.parameters)})"
    if reply.status is Status.MISSING:
        return _missing(reply if shown else Reply(Status.MISSING), name, call)
    if reply.status is Status.TIMED_OUT:
        return Said("no answer in time", f"No answer within {reply.message}. Is there a loop that never ends?")
    if reply.status is Status.DIED:
        return Said("ended the process", f"The process was lost while {name} ran: {reply.message}.")
    if reply.error == "NotImplementedError":
        if reply.function in ("", name):
            return NOT_IMPLEMENTED
        if not shown:
            return Said("waits for another function", "It calls a function that isn't implemented yet.")
        other = reply.function
        return Said(f"waits for {other}", f"It calls {other}, which isn't implemented yet. Finish that one first.")
    if not shown:
        kind = reply.error if hasattr(builtins, reply.error) else "an exception"
        return Said(f"raised {kind}", f"It raised {kind} for some inputs.")
    if reply.error == "NotWhileGrading":
        return Said(f"needs {reply.message.partition(' ')[0]}", reply.message)
    if reply.error == "EOFError" and "input(" in reply.where:
        message = "It waits for the keyboard (input). A function gets all it needs through its arguments."
        return Said("waits for the keyboard", message)
    text = f": {reply.message}" if reply.message else ""
    place = f" In {reply.where}" if reply.where else f" It is called as {call}."
    return Said(f"raised {reply.error}", f"It raised {reply.error}{text}.{place}")


def _missing(reply: Reply, name: str, call: str) -> Said:
    if reply.error:
        place = f" in {reply.where}" if reply.where else ""
        what = f"Its cell failed with {reply.error}: {reply.message}{place}."
        return Said(reply.error, f"{what} So there is no function {name}.")
    if reply.message:
        return Said("not a function", f"{name} is of type {reply.message}, not a function. Define it with: def {call}:")
    near = f" There is {reply.function}: was it renamed?" if reply.function else ""
    return Said(
        "no such function", f"There is no function {name}.{near} Define one with exactly this name: def {call}:"
    )


def wrong_answer(difference: Difference, *, shown: bool) -> Said:
    """What is wrong with a value. Of a hidden property no number is told."""
    reason, unseen = _WRONG[difference.aspect]
    part = f"Value {difference.where} of the answer: " if difference.where else ""
    return Said(reason, part + difference.message if shown else unseen)


def about_cell(label: str, reply: Reply) -> list[str]:
    """Notes on a cell that was run: how it ended if not well, and what was skipped in it."""
    notes = [f"{label}: {note}" for note in reply.notes]
    if reply.status is Status.RAISED:
        place = f" in {reply.where}" if reply.where else ""
        notes.append(f"{label} raised {reply.error}: {reply.message[:200]}{place}; the rest of the notebook went on.")
    elif reply.status is not Status.ANSWERED:
        why = f"took longer than {reply.message}" if reply.status is Status.TIMED_OUT else reply.message
        notes.append(f"{label} was stopped: {why}; the rest of the notebook went on without it.")
    return notes
