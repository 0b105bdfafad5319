"""Call a function with fresh copies of its arguments and return a reply, whatever it does.

Both the locked worker and the student's own notebook call functions in this way, so they agree on what an answer is.
"""

from __future__ import annotations

import io
import linecache
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import TracebackType
from typing import Any

import numpy as np

from htilde.codes import Details, Note, NoteCode
from htilde.values import Rng, Value, materialize, snapshot, type_name

__all__ = ["MAX_PRINTED", "NotWhileGrading", "Reply", "Status", "ask", "captured", "describe_error"]

MAX_PRINTED = 2_000
"""Characters kept of what a function prints."""


class Status(StrEnum):
    """The end of a call."""

    ANSWERED = "answered"
    RAISED = "raised"
    MISSING = "missing"
    """No such name, or a name that can't be called."""
    TIMED_OUT = "timed out"
    DIED = "died"
    """The process ended, or what it sent wasn't a reply."""


_TEXTS = ("error", "message", "source", "function", "cell", "package", "used", "printed")
_SAID = (*_TEXTS, "line", "notes")
"""The fields of a reply besides status and value."""
_REMARKS: Mapping[str, tuple[str, type]] = {
    NoteCode.CHANGED_IN_PLACE: ("argument", int),
    NoteCode.WARNED: ("text", str),
    NoteCode.SKIPPED: ("line", str),
}
"""The notes that a worker may send, each with the name and type of its one detail."""
MAX_REMARKS = 20
"""Notes in one reply."""
MAX_NOTED = 300
"""Characters of one note."""


class NotWhileGrading(ImportError):
    """A package was used that isn't there while grading."""

    def __init__(self, package: str, used: str) -> None:
        super().__init__(f"{package} isn't there while grading, so {used} can't be used. Write it in NumPy.")
        self.package, self.used = package, used


@dataclass(frozen=True, slots=True)
class Reply:
    """The outcome of one call, or of running one cell.

    Of an exception ``error`` is the class name and ``message`` the text; ``line`` and ``source`` are the student's
    innermost line, ``function`` and ``cell`` what holds it. ``package`` is one that isn't there, ``used`` what was
    wanted of it. Where a function is missing ``function`` is one of a similar name, and ``message`` the type of what
    has its name. ``notes`` are remarks that cost nothing.

    ``end`` (how a process ended, or which limit stopped it) and ``cause`` (how the cell that should define a missing
    function ended) are the examiner's and never come from a worker. ``after`` are those arguments that were to
    be kept, as they are after the call.
    """

    status: Status
    value: Value = None
    error: str = ""
    message: str = ""
    line: int = 0
    source: str = ""
    function: str = ""
    cell: str = ""
    package: str = ""
    used: str = ""
    notes: tuple[Note, ...] = ()
    printed: str = ""
    end: Details = field(default_factory=dict)
    cause: Reply | None = None
    after: tuple[Value, ...] = ()

    def to_message(self) -> Value:
        """Return the reply as a value for the wire, without what is empty."""
        said: dict[str, Any] = {name: given for name in _SAID if (given := getattr(self, name))}
        if self.notes:
            said["notes"] = tuple({"code": note.code.value, **note.details} for note in self.notes)
        if self.after:
            said["after"] = self.after
        return {"status": self.status.value, "value": self.value, **said}

    @classmethod
    def from_message(cls, message: Value) -> Reply:
        """Read a reply that an untrusted process sent. Raises ValueError unless every field is what it must be."""
        known = {"status", "value", "after", *_SAID}
        if not isinstance(message, dict) or not {"status", "value"} <= message.keys() <= known:
            raise ValueError("not a reply")
        if len(message) == 2 and isinstance(status := message["status"], str) and status == Status.ANSWERED:
            return cls(Status.ANSWERED, message["value"])
        texts = {name: message[name] for name in _TEXTS if name in message}
        if not all(isinstance(text, str) for text in texts.values()):
            raise ValueError("a text that isn't text")
        line = message.get("line", 0)
        if type(line) is not int or line < 0:
            raise ValueError("a line that has no number")
        if not isinstance(message["status"], str):  # the text of an array can take minutes to make
            raise ValueError("a status that isn't text")
        status = Status(message["status"])
        if status in (Status.TIMED_OUT, Status.DIED):  # only the examiner knows these, and would believe them
            raise ValueError("a reply that tells its own end")
        after = message.get("after", ())
        if not isinstance(after, tuple):
            raise ValueError("arguments that aren't a tuple")
        cut: dict[str, Any] = {name: str(text)[:MAX_PRINTED] for name, text in texts.items()}
        return cls(status, message["value"], line=line, notes=_notes(message.get("notes", ())), after=after, **cut)


def _notes(message: Value) -> tuple[Note, ...]:
    """Read the notes of an untrusted process. Raises ValueError for what isn't one of ``_REMARKS``."""
    if not isinstance(message, tuple) or len(message) > MAX_REMARKS:
        raise ValueError("notes that aren't a tuple of a few")
    notes = []
    for plain in message:
        code = plain.get("code") if isinstance(plain, dict) else None
        if not isinstance(plain, dict) or not isinstance(code, str) or code not in _REMARKS:
            raise ValueError("a note that a worker doesn't send")
        name, kind = _REMARKS[code]
        detail: Any = plain.get(name)
        given: Any = type(detail)
        if plain.keys() != {"code", name} or given is not kind:
            raise ValueError("a note with other details")
        notes.append(Note(NoteCode(code), {name: detail[:MAX_NOTED] if kind is str else detail}))
    return tuple(notes)


def ask(
    function: Callable[..., object],
    arguments: Sequence[Value],
    namespace: Mapping[str, object],
    keep: Sequence[int] = (),
) -> Reply:
    """Call ``function`` with fresh copies of ``arguments``, by position, and return a reply.

    ``namespace`` is the student's, by which their lines are recognised in a traceback. Whatever the
    function raises, SystemExit and KeyboardInterrupt included, becomes a reply. The arguments at the places ``keep``
    come back as they are after the call.
    """
    fresh = [materialize(argument) for argument in arguments]
    with captured() as output, warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            value = snapshot(function(*fresh))
        except BaseException as error:
            return replace(describe_error(error, namespace), printed=output.text)
    warned = list(dict.fromkeys(_text(w.message)[:200] for w in caught))[:3] if caught else []
    notes = [Note(NoteCode.WARNED, {"text": text}) for text in warned]
    changed = [at for at, (now, was) in enumerate(zip(fresh, arguments), 1) if not _is_still(now, was)]
    notes += [Note(NoteCode.CHANGED_IN_PLACE, {"argument": at}) for at in changed[: MAX_REMARKS - len(notes)]]
    after = tuple(snapshot(fresh[at]) for at in keep)
    return Reply(Status.ANSWERED, value, notes=tuple(notes), printed=output.text, after=after)


def _is_still(now: Any, was: Value) -> bool:
    """Tell whether an argument is unchanged after the call. Generators may change."""
    kind = type(now)
    if isinstance(was, np.ndarray):
        same = kind is np.ndarray and now.dtype == was.dtype and now.shape == was.shape
        return same and now.tobytes() == was.tobytes()
    if isinstance(was, (tuple, list)):
        return kind is type(was) and len(now) == len(was) and all(map(_is_still, now, was))
    if isinstance(was, dict):
        return kind is dict and [*now] == [*was] and all(_is_still(now[key], part) for key, part in was.items())
    return now is was or isinstance(was, Rng)


def describe_error(error: BaseException, namespace: Mapping[str, object]) -> Reply:
    """Return a reply that describes an exception: its class, its text and the student's innermost line."""
    name = type_name(type(error))[:60]
    try:
        place = _students_line(error.__traceback__, namespace)
        message: object = error
        if type(error) in (SyntaxError, IndentationError, TabError):  # none of a student's making
            assert isinstance(error, SyntaxError)
            message = error.msg
            if error.filename and not place:
                source = (error.text or "").strip()[:120]
                place = {"line": max(error.lineno or 0, 0), "source": source, "cell": _cell(error.filename)}
        if type(error) is NotWhileGrading:
            place |= {"package": _text(error.package)[:80], "used": _text(error.used)[:80]}
    except BaseException:
        return Reply(Status.RAISED, error=name)
    return Reply(Status.RAISED, error=name, message=_text(message)[:MAX_PRINTED], **place)


def _text(thing: object) -> str:
    """Return the text of an untrusted object: its str() can raise, or return a str with methods of its own."""
    try:
        return str.__str__(str(thing))
    except BaseException:
        return ""


def _students_line(trace: TracebackType | None, namespace: Mapping[str, object]) -> dict[str, Any]:
    """Return the student's innermost line, its number, function and cell; nothing where there is none."""
    place: dict[str, Any] = {}
    while trace is not None:
        code = trace.tb_frame.f_code
        if trace.tb_frame.f_globals is namespace:
            source = linecache.getline(code.co_filename, trace.tb_lineno).strip()[:120]
            place = {"line": trace.tb_lineno, "source": source, "function": code.co_name}
            place["cell"] = _cell(code.co_filename)
        trace = trace.tb_next
    return place


def _cell(filename: str) -> str:
    """Return the label of the cell that ``run_cell`` has compiled under this name; empty for any other name."""
    label = filename.removeprefix("<").removesuffix(">")
    return label[:40] if label.startswith("cell ") else ""


class _Output(io.TextIOBase):
    """Keeps the first characters that are written and forgets the rest."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: Any, /) -> int:
        self.text += str(text)[: max(0, MAX_PRINTED - len(self.text))]
        return len(text)

    def writable(self) -> bool:
        return True


class captured:  # noqa: N801 - it is used as the function that contextlib would make of it, at a tenth of the time
    """Keep what is printed apart, standard error included: ``with captured() as output``."""

    def __enter__(self) -> _Output:
        self._before = sys.stdout, sys.stderr
        output = _Output()
        sys.stdout = sys.stderr = output
        return output

    def __exit__(self, *_: object) -> None:
        sys.stdout, sys.stderr = self._before
