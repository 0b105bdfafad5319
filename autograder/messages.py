"""What the examiner says. Each message names what was seen and what to do next, and blames nobody.

``shown`` is false for hidden properties: their inputs must not come out, also not through the text of an
exception that the student's code raises.
"""

from __future__ import annotations

from autograder.calls import Reply, Status
from autograder.compare import Aspect, Difference
from autograder.paper import Example, ExercisePaper

__all__ = ["CLOSE", "NOT_IMPLEMENTED", "WAVERS", "about_cell", "no_answer", "wrong_answer"]

NOT_IMPLEMENTED = "Not implemented yet: replace the line that raises NotImplementedError with your answer."
WAVERS = (
    "Asked the same question twice, the function gave two different answers. "
    "It should depend on nothing but its arguments."
)
CLOSE = (
    "This is close but not exact, as a numerical derivative or a rounded constant would be. "
    "Derive the formula by hand and write that."
)

_HIDDEN = {
    Aspect.STRUCTURE: "It returns something of another structure than expected for some inputs.",
    Aspect.SHAPE: "The result has the wrong shape for some inputs.",
    Aspect.DTYPE: "The result has the wrong dtype for some inputs.",
    Aspect.FINITE: "The result is NaN or infinite for some inputs.",
    Aspect.VALUES: "The result is wrong for some inputs.",
}


def no_answer(reply: Reply, exercise: ExercisePaper, *, shown: bool) -> str:
    """Why a call gave no value."""
    name = exercise.name
    call = f"{name}({', '.join(exercise.parameters)})"
    if reply.status is Status.MISSING:
        if reply.message:
            return f"{name} is a {reply.message}, not a function. Define it with: def {call}:"
        return f"There is no function {name}. Define one with exactly this name: def {call}:"
    if reply.status is Status.TIMED_OUT:
        return f"No answer within {reply.message}. Is there a loop that never ends?"
    if reply.status is Status.DIED:
        return f"The process was lost while {name} ran: {reply.message}."
    if reply.error == "NotImplementedError":
        if reply.function in ("", name):
            return NOT_IMPLEMENTED
        return f"It calls {reply.function}, which isn't implemented yet. Finish that one first."
    if reply.error == "NotWhileGrading":
        return reply.message
    if reply.error == "EOFError" and "input(" in reply.where:
        return "It waits for the keyboard (input). A function gets all it needs through its arguments."
    text = f": {reply.message}" if reply.message and shown else ""
    place = f" In {reply.where}" if reply.where else f" It is called as {call}."
    return f"It raised {reply.error}{text}.{place}"


def wrong_answer(difference: Difference, example: Example, *, shown: bool) -> str:
    """What is wrong with a value. Of a hidden property no number is told."""
    if not shown:
        return _HIDDEN[difference.aspect]
    part = f"Value {difference.where} of the answer: " if difference.where else ""
    return part + difference.message


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
