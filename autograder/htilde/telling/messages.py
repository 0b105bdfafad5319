"""Sentences about verdicts, in the language that is spoken. Each names what was seen and what to do next.

Details that aren't there were left out where the verdict was made, for the property is hidden: then the sentence fits
any input. What a student wrote stands in these texts as it is; the modules that show them clean it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from htilde.codes import Code, Details, Note, NoteCode
from htilde.language import _
from htilde.model import Places, Verdict
from htilde.telling.departures import departure_text
from htilde.telling.network import along_word, place_name
from htilde.telling.notes import note_message
from htilde.telling.phrases import error_text, missing_package, names, process_end, time_limit, where
from htilde.telling.wording import apart, description, numeral, shape, show

__all__ = ["code_message", "message", "part_name", "reason", "short_reason"]


def reason(verdict: Verdict) -> str:
    """Return how a property failed in a few words, for tables; empty for one that holds."""
    return short_reason(verdict.code, verdict.details)


def short_reason(code: Code, details: Details) -> str:
    """Return a code in a few words, with the one detail that tells failures of this kind apart."""
    if code is Code.RAISED:
        return _("raised {error}").format(error=details.get("error") or _("an exception"))
    return _reasons()[code].format_map(details)


def _reasons() -> Mapping[Code, str]:
    return {
        Code.PASSED: "",
        Code.NOT_IMPLEMENTED: _("not implemented yet"),
        Code.WAITS_FOR: _("waits for {function}"),
        Code.NO_FUNCTION: _("no such function"),
        Code.NOT_CALLABLE: _("not a function"),
        Code.CELL_FAILED: _("its cell raised {error}"),
        Code.CELL_TIMED_OUT: _("its cell took too long"),
        Code.CELL_DIED: _("its cell ended the process"),
        Code.NEEDS_PACKAGE: _("needs {package}"),
        Code.WAITS_FOR_INPUT: _("waits for the keyboard"),
        Code.TIMED_OUT: _("no answer in time"),
        Code.PROCESS_LOST: _("ended the process"),
        Code.RETURNED_NOTHING: _("returned nothing"),
        Code.WRONG_STRUCTURE: _("wrong kind of answer"),
        Code.WRONG_SHAPE: _("wrong shape"),
        Code.WRONG_DTYPE: _("wrong dtype"),
        Code.NOT_FINITE: _("NaN or infinite"),
        Code.WRONG_VALUES: _("wrong values"),
        Code.WRONG_LAW: _("wrong law"),
        Code.WRONG_ORDER: _("wrong order"),
        Code.CLOSE: _("close but not exact"),
        Code.WAVERS: _("answers differently when asked again"),
        Code.CHANGED_ARGUMENT: _("changes an argument"),
        Code.STRICT: _("right, but not as the course asks"),
    }


def message(verdict: Verdict) -> str:
    """Return the message about a property that failed; empty for one that holds."""
    if verdict.code is Code.PASSED:
        return ""
    details = verdict.details
    text = code_message(verdict.code, details, verdict.exercise)
    if part := part_name(details):
        text = f"{part}: {text}"
    elif path := details.get("where"):
        text = _("Value {part} of the answer: ").format(part=path) + text
    if verdict.code is Code.CLOSE:
        why = _(
            "This is close, but farther off than rounding explains. Ways to such an answer are float32 on the way, a "
            "limit such as np.clip, a constant that is rounded or added, or a numerical derivative."
        )
        text = f"{text} {why}"
    if beside := details.get("beside"):
        why = _("At every {along} all is right.").format(along=along_word(str(beside)))
        return f"{text} {why}"
    return text if verdict.places is None else f"{text} {_along(verdict.places)}"


def code_message(code: Code, details: Details, exercise: str) -> str:
    """Return the sentence for a code with its details, without the place in the answer."""
    return _MESSAGES[code](details, exercise)


def part_name(details: Details) -> str:
    """Return what the wrong part of an answer is called, with its place: "dW of layer 2"; empty if it has no name."""
    part = details.get("part")
    if not part:
        return ""
    place = details.get("place")
    return place_name(str(details["along"]), str(part), str(place)) if place else str(part)


def _along(places: Places) -> str:
    """Return what is right and wrong elsewhere along a network, after what is wrong at the first place."""
    found = places.wrong
    (positions, *more) = found.values()
    others = [*more, *places.beside]
    there = sum(mark is not None for mark in places.marks[places.first[0]])
    if not others and len(positions) == 1:
        return _("Everything else is right.")
    if not others and len(places.parts) > 1:
        everywhere = len(positions) == there
        why = _("{part} is wrong everywhere, all else is right.") if everywhere else _("Only {part} is wrong.")
        return why.format(part=places.part)
    if places.labels:
        gates = sorted({position for positions in found.values() for position in positions})
        return _("Wrong gates: {gates}.").format(gates=", ".join(map(places.label, gates)))
    if places.backward:
        return _("On the way back this is the first that is wrong; what comes after it may follow from it.")
    return _("This is the first that is wrong; what comes after it may follow from it.")


# One function for each code: of its details and the exercise's name.


def _not_implemented(_details: Details, _name: str) -> str:
    return _("Not implemented yet: replace the line that raises NotImplementedError with your answer.")


def _waits_for(details: Details, _name: str) -> str:
    text = _("It calls {function}, which isn't implemented yet. Finish that one first.")
    return text.format(function=details["function"])


def _no_function(details: Details, name: str) -> str:
    similar, call = str(details.get("similar") or ""), details["call"]
    if not similar.isascii():
        text = _(
            "There is no function {name}. {other} has other letters, even if they look the same: "
            "type the name anew, def {call}:"
        )
    elif similar:
        text = _(
            "There is no function {name}. There is {other}: was it renamed? "
            "Define one with exactly this name: def {call}:"
        )
    else:
        text = _("There is no function {name}. Define one with exactly this name: def {call}:")
    return text.format(name=name, other=similar, call=call)


def _not_callable(details: Details, name: str) -> str:
    text = _("{name} is of type {type}, not a function. Define it with: def {call}:")
    return text.format(name=name, type=details["type"], call=details["call"])


def _cell_failed(details: Details, name: str) -> str:
    if "line" in details:
        text = _("Its cell failed with {error} in {where}. So there is no function {name}.")
    else:
        text = _("Its cell failed with {error}. So there is no function {name}.")
    return text.format(error=error_text(details), where=where(details), name=name)


def _cell_timed_out(details: Details, name: str) -> str:
    text = _("Its cell was stopped: it took longer than {time}. So there is no function {name}.")
    return text.format(time=time_limit(details), name=name)


def _cell_died(details: Details, name: str) -> str:
    text = _("Its cell was stopped: {why}. So there is no function {name}.")
    return text.format(why=process_end(details), name=name)


def _raised(details: Details, _name: str) -> str:
    if "call" not in details:
        kind = details.get("error") or _("an exception")
        advice = _("Try other inputs: a single number, no rows at all, values that are very large or very small.")
        return f"{_('It raised {error} for some inputs.').format(error=kind)} {advice}"
    if "line" in details:
        place = _("In {where}").format(where=where(details))
    else:
        place = _("It is called as {call}.").format(call=details["call"])
    return _("It raised {error}. {place}").format(error=error_text(details), place=place)


def _needs_package(details: Details, name: str) -> str:
    text = missing_package(details)
    if details["by"] == "call":
        return text
    return _("{why} So there is no function {name}.").format(why=text, name=name)


def _waits_for_input(_details: Details, _name: str) -> str:
    return _("It waits for the keyboard (input). A function gets all it needs through its arguments.")


def _timed_out(details: Details, _name: str) -> str:
    if "limit" not in details:
        return _("No answer in time for some inputs. Is there a loop that never ends?")
    return _("No answer within {time}. Is there a loop that never ends?").format(time=time_limit(details))


def _process_lost(details: Details, name: str) -> str:
    if "end" not in details:
        return _("The process was lost while {name} ran.").format(name=name)
    return _("The process was lost while {name} ran: {why}.").format(name=name, why=process_end(details))


def _returned_nothing(_details: Details, _name: str) -> str:
    return _("The function returned nothing. Is a return missing?")


def _wrong_structure(details: Details, _name: str) -> str:
    if "got" not in details:
        return _("It returns something of another structure for some inputs.")
    got, expected = description(details["got"]), description(details["expected"])
    return _("It returned {got}; expected {expected}.").format(got=got, expected=expected)


def _wrong_shape(details: Details, _name: str) -> str:
    if "got" not in details:
        return _("The result has the wrong shape for some inputs.")
    got, expected = shape(details["got"]), shape(details["expected"])
    return _("Its shape is {got}; expected {expected}.").format(got=got, expected=expected)


def _wrong_dtype(details: Details, _name: str) -> str:
    if "got" not in details:
        return _("The result has the wrong dtype for some inputs.")
    if details["loses"] == "precision":
        text = _("It is {got} and has lost precision; expected {expected}.")
    else:
        text = _("Its dtype is {got}; expected {expected}.")
    text = text.format(got=details["got"], expected=details["expected"])
    if details["loses"] == "fraction":
        text += " " + _("It holds whole numbers only, and the right answer has others.")
    elif details["got"] == "bool":
        text += " " + _("Truth values aren't numbers: np.where(condition, 1.0, 0.0) makes numbers of them.")
    return text


def _not_finite(details: Details, _name: str) -> str:
    if "got" not in details:
        return _("The result is NaN or infinite for some inputs.")
    got = details["got"]
    if "expected" not in details:
        text = _("The result is {got} in {count} of {size} places.")
        return text.format(got=got, count=details["count"], size=details["size"])
    if got == "nan" or (isinstance(got, dict) and "nan" in got.values()):
        text = _("The result is NaN (not a number) where {right} is right.")
    else:
        text = _("The result is infinite where {right} is right.")
    return text.format(right=show(numeral(details["expected"])))


def _wrong_values(details: Details, _name: str) -> str:
    if "got" not in details:
        return _("The result is wrong for some inputs.")
    got, right = apart(numeral(details["got"]), numeral(details["expected"]))
    if details["size"] != 1:
        text = _("{count} of {size} entries are wrong: {got} at {place} where {right} is right.")
    else:
        text = _("The value is wrong: {got} where {right} is right.")
    index: Any = details["index"]
    return text.format(count=details["count"], size=details["size"], got=got, place=index, right=right)


def _wrong_law(details: Details, _name: str) -> str:
    if "test" not in details:
        return _("The entries don't follow the law that is asked for.")
    return departure_text(details)


def _wrong_order(details: Details, _name: str) -> str:
    if "got" not in details:
        return _("The result is wrong for some inputs.")
    got, expected = names(details["got"]), names(details["expected"])
    text = _("These are the right values in another order: {got}. Asked is {expected}.")
    return text.format(got=got, expected=expected)


def _wavers(details: Details, _name: str) -> str:
    if details.get("random"):
        return _(
            "Asked the same question twice, with generators in the same state, the function gave two different "
            "answers. Draw every number from the generator that is passed in; np.random has one of its own."
        )
    return _(
        "Asked the same question twice, the function gave two different answers. "
        "It should depend on nothing but its arguments."
    )


def _changed_argument(details: Details, _name: str) -> str:
    argument = details.get("argument")
    if not argument:
        return _(
            "What it returns is right, but for some inputs an argument that has to stay as it is was changed. "
            "Make new arrays: a = a * b, not a *= b or a[...] = b."
        )
    text = _(
        "What it returns is right, but {argument} was changed, and has to stay as it is. "
        "Make new arrays: a = a * b, not a *= b or a[...] = b."
    )
    return text.format(argument=argument)


def _strict(details: Details, _name: str) -> str:
    if "note" not in details:
        return _("The result is right, but for some inputs not in the form that this course asks for.")
    about: Any = details["about"]
    note = note_message(Note(NoteCode(str(details["note"])), about))
    return _("The result is right, but this course takes it for a mistake: {note}.").format(note=note)


_MESSAGES: Mapping[Code, Callable[[Details, str], str]] = {
    Code.NOT_IMPLEMENTED: _not_implemented,
    Code.WAITS_FOR: _waits_for,
    Code.NO_FUNCTION: _no_function,
    Code.NOT_CALLABLE: _not_callable,
    Code.CELL_FAILED: _cell_failed,
    Code.CELL_TIMED_OUT: _cell_timed_out,
    Code.CELL_DIED: _cell_died,
    Code.RAISED: _raised,
    Code.NEEDS_PACKAGE: _needs_package,
    Code.WAITS_FOR_INPUT: _waits_for_input,
    Code.TIMED_OUT: _timed_out,
    Code.PROCESS_LOST: _process_lost,
    Code.RETURNED_NOTHING: _returned_nothing,
    Code.WRONG_STRUCTURE: _wrong_structure,
    Code.WRONG_SHAPE: _wrong_shape,
    Code.WRONG_DTYPE: _wrong_dtype,
    Code.NOT_FINITE: _not_finite,
    Code.WRONG_VALUES: _wrong_values,
    Code.WRONG_LAW: _wrong_law,
    Code.WRONG_ORDER: _wrong_order,
    Code.CLOSE: _wrong_values,
    Code.WAVERS: _wavers,
    Code.CHANGED_ARGUMENT: _changed_argument,
    Code.STRICT: _strict,
}
