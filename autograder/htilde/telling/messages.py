"""What the examiner says. Each message names what was seen and what to do next, and blames nobody.

``shown`` is false for hidden properties: their inputs must not come out. The student's code sees them, so then
nothing is told that it could choose: no text or name of its exceptions, no source line, no other function's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from htilde.examination.compare import Aspect, Difference
from htilde.examination.paper import ExercisePaper
from htilde.examination.places import named
from htilde.isolation.calls import MAX_PRINTED, Reply, Status
from htilde.language import _
from htilde.model import Parts, Places
from htilde.telling.network import along_word, place_name

__all__ = [
    "Said",
    "about_cell",
    "along",
    "beside",
    "close",
    "mend_first",
    "no_answer",
    "not_implemented",
    "note",
    "part_name",
    "reordered",
    "wavers",
    "wrong_answer",
]


class Said(NamedTuple):
    """A reason in a few words, for tables, and the message to the student."""

    reason: str
    message: str


def not_implemented() -> Said:
    """Of a stub."""
    message = _("Not implemented yet: replace the line that raises NotImplementedError with your answer.")
    return Said(_("not implemented yet"), message)


def wavers(*, random: bool = False) -> Said:
    """Of a function with a memory or an unseeded generator; one that should be ``random`` has a generator passed in."""
    if random:
        message = _(
            "Asked the same question twice, with generators in the same state, the function gave two different "
            "answers. Draw every number from the generator that is passed in; np.random has one of its own."
        )
        return Said(_("answers differently when asked again"), message)
    return Said(
        _("answers differently when asked again"),
        _(
            "Asked the same question twice, the function gave two different answers. "
            "It should depend on nothing but its arguments."
        ),
    )


def close(wrong: Said) -> Said:
    """Of an answer that is nearly right, after what is wrong with it."""
    why = _(
        "This is close but not exact, as a numerical derivative or a rounded constant would be. "
        "Derive the formula by hand and write that."
    )
    return Said(_("close but not exact"), f"{wrong.message} {why}")


def _unseen(aspect: Aspect) -> Said:
    """What is wrong with a value, in words that fit any input."""
    return {
        Aspect.STRUCTURE: Said(
            _("wrong kind of answer"), _("It returns something of another structure for some inputs.")
        ),
        Aspect.SHAPE: Said(_("wrong shape"), _("The result has the wrong shape for some inputs.")),
        Aspect.DTYPE: Said(_("wrong dtype"), _("The result has the wrong dtype for some inputs.")),
        Aspect.FINITE: Said(_("NaN or infinite"), _("The result is NaN or infinite for some inputs.")),
        Aspect.VALUES: Said(_("wrong values"), _("The result is wrong for some inputs.")),
        Aspect.LAW: Said(_("wrong law"), _("The entries don't follow the law that is asked for.")),
    }[aspect]


def no_answer(reply: Reply, exercise: ExercisePaper, *, shown: bool, named: bool = False) -> Said:
    """Why a call gave no value. ``named`` is true if it is known already by which exception a function fails."""
    name = exercise.name
    call = f"{name}({', '.join(exercise.parameters)})"
    if reply.status is Status.MISSING:
        return _missing(reply if shown else Reply(Status.MISSING), name, call)
    if not shown:
        return _unseen_end(reply, name, named=named)
    if reply.status is Status.TIMED_OUT:
        message = _("No answer within {time}. Is there a loop that never ends?")
        return Said(_("no answer in time"), message.format(time=reply.message))
    if reply.status is Status.DIED:
        message = _("The process was lost while {name} ran: {why}.")
        return Said(_("ended the process"), message.format(name=name, why=reply.message))
    if reply.error == "NotImplementedError":
        return not_implemented() if reply.function in ("", name) else _waits(reply.function)
    if reply.error == "NotWhileGrading":
        return Said(_needs(reply), note(reply.message))
    if reply.error == "EOFError" and "input(" in reply.where:
        message = _("It waits for the keyboard (input). A function gets all it needs through its arguments.")
        return Said(_("waits for the keyboard"), message)
    place = _("In {where}").format(where=reply.where) if reply.where else _("It is called as {call}.").format(call=call)
    message = _("It raised {error}. {place}").format(error=_told(reply), place=place)
    return Said(_("raised {error}").format(error=reply.error), message)


def _told(reply: Reply, length: int = MAX_PRINTED) -> str:
    """An exception in the middle of a sentence."""
    text = reply.message[:length].strip().removesuffix(".")
    return f"{reply.error}: {text}" if text else reply.error


def _needs(reply: Reply) -> str:
    return _("needs {package}").format(package=reply.message.partition(" ")[0])


def _unseen_end(reply: Reply, name: str, *, named: bool) -> Said:
    """How a call ended, in words that fit any input: which exception or signal, and when, could be the function's."""
    if reply.status is Status.TIMED_OUT:
        return Said(_("no answer in time"), _("No answer in time for some inputs. Is there a loop that never ends?"))
    if reply.status is Status.DIED:
        return Said(_("ended the process"), _("The process was lost while {name} ran.").format(name=name))
    kind = reply.error if named else _("an exception")
    advice = _("Try other inputs: a single number, no rows at all, values that are very large or very small.")
    message = _("It raised {error} for some inputs.").format(error=kind)
    return Said(_("raised {error}").format(error=kind), f"{message} {advice}")


def _waits(other: str) -> Said:
    message = _("It calls {function}, which isn't implemented yet. Finish that one first.")
    return Said(_("waits for {function}").format(function=other), message.format(function=other))


def _missing(reply: Reply, name: str, call: str) -> Said:
    if reply.error == Status.TIMED_OUT:
        message = _("Its cell was stopped: it took longer than {time}. So there is no function {name}.")
        return Said(_("no answer in time"), message.format(time=reply.message, name=name))
    if reply.error == Status.DIED:
        message = _("Its cell was stopped: {why}. So there is no function {name}.")
        return Said(_("ended the process"), message.format(why=reply.message, name=name))
    if reply.error == "NotWhileGrading":
        message = _("{why} So there is no function {name}.")
        return Said(_needs(reply), message.format(why=note(reply.message), name=name))
    if reply.error:
        if reply.where:
            message = _("Its cell failed with {error} in {where}. So there is no function {name}.")
        else:
            message = _("Its cell failed with {error}. So there is no function {name}.")
        return Said(reply.error, message.format(error=_told(reply), where=reply.where, name=name))
    if reply.message:
        message = _("{name} is of type {type}, not a function. Define it with: def {call}:")
        return Said(_("not a function"), message.format(name=name, type=reply.message, call=call))
    if not reply.function.isascii():
        message = _(
            "There is no function {name}. {other} has other letters, even if they look the same: "
            "type the name anew, def {call}:"
        )
    elif reply.function:
        message = _(
            "There is no function {name}. There is {other}: was it renamed? "
            "Define one with exactly this name: def {call}:"
        )
    else:
        message = _("There is no function {name}. Define one with exactly this name: def {call}:")
    return Said(_("no such function"), message.format(name=name, other=reply.function, call=call))


def wrong_answer(difference: Difference, *, shown: bool, parts: Parts | None = None) -> Said:
    """What is wrong with a value. Of a hidden property no number is told, and no part."""
    said = _unseen(difference.aspect)
    if not shown:
        return said
    if name := part_name(parts, difference.where):
        return Said(said.reason, f"{name}: {difference.message}")
    part = _("Value {part} of the answer: ").format(part=difference.where) if difference.where else ""
    return Said(said.reason, part + difference.message)


def part_name(parts: Parts | None, where: str) -> str:
    """What a part of the answer is called, with its place: "dW of layer 2"; empty if it has no name."""
    found = named(parts, where)
    if parts is None or found is None:
        return ""
    part, place = found
    if place:
        return place_name(parts.along, part, place)
    return part + (where.partition("]")[2] if len(parts.names) > 1 else where)


def along(wrong: Said, places: Places) -> Said:
    """Of an answer that is wrong somewhere along a network, after what is wrong with it there."""
    found = places.wrong
    (positions, *more) = found.values()
    others = [*more, *places.beside]
    there = sum(mark is not None for mark in places.marks[places.first[0]])
    if not others and len(positions) == 1:
        why = _("Everything else is right.")
    elif not others and len(places.parts) > 1:
        everywhere = len(positions) == there
        why = _("{part} is wrong everywhere, all else is right.") if everywhere else _("Only {part} is wrong.")
    elif places.labels:
        gates = sorted({position for positions in found.values() for position in positions})
        why = _("Wrong gates: {gates}.").format(gates=", ".join(map(places.label, gates)))
    elif places.backward:
        why = _("On the way back this is the first that is wrong; what comes after it may follow from it.")
    else:
        why = _("This is the first that is wrong; what comes after it may follow from it.")
    return Said(wrong.reason, f"{wrong.message} {why.format(part=places.part)}")


def beside(wrong: Said, parts: Parts) -> Said:
    """Of an answer in which all that runs along the network is right, after what is wrong with the rest."""
    why = _("At every {along} all is right.").format(along=along_word(parts.along))
    return Said(wrong.reason, f"{wrong.message} {why}")


def reordered(parts: Parts, order: Sequence[str]) -> Said:
    """Of the right values in another order."""
    message = _("These are the right values in another order: {got}. Asked is {expected}.")
    message = message.format(got=", ".join(order), expected=", ".join(parts.names))
    return Said(_("wrong order"), message)


def mend_first(functions: str) -> str:
    """Of a wrong exercise that calls others which are wrong: there is one mistake, not two."""
    return _("it calls {functions}, which isn't right yet: mend that first").format(functions=functions)


def about_cell(label: str, reply: Reply) -> list[str]:
    """Notes on a cell that was run: how it ended if not well, and what was skipped in it."""
    notes = [f"{label}: {note(text)}" for text in reply.notes]
    if reply.status is Status.RAISED:
        if reply.where:
            message = _("{cell} raised {error} in {where}; the rest of the notebook went on.")
        else:
            message = _("{cell} raised {error}; the rest of the notebook went on.")
        notes.append(message.format(cell=label, error=_told(reply, 200), where=reply.where))
    elif reply.status is Status.TIMED_OUT:
        message = _("{cell} was stopped: it took longer than {time}; the rest of the notebook went on without it.")
        notes.append(message.format(cell=label, time=reply.message))
    elif reply.status is not Status.ANSWERED:
        message = _("{cell} was stopped: {why}; the rest of the notebook went on without it.")
        notes.append(message.format(cell=label, why=reply.message))
    return notes


def note(text: str) -> str:
    """A remark from the worker, which speaks English only, in the language that is spoken."""
    for pattern, translated in (
        (r"argument (?P<number>\d+) was changed in place", _("argument {number} was changed in place")),
        (r"NumPy warned: (?P<warning>.*)", _("NumPy warned: {warning}")),
        (r"skipped (?P<line>.*)", _("skipped {line}")),
        (
            r"(?P<package>\S+) isn't there while grading, so (?P<used>\S+) can't be used\. Write it in NumPy\.",
            _("{package} isn't there while grading, so {used} can't be used. Write it in NumPy."),
        ),
    ):
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return translated.format(**found.groupdict())
    return text
