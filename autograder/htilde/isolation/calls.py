"""Asking a function one question: fresh arguments in, a reply out, nothing escapes.

Both the locked worker and the student's own notebook ask in this way, so they agree on what an answer is.
"""

from __future__ import annotations

import io
import linecache
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import TracebackType
from typing import Any

import numpy as np

from htilde.values import Rng, Value, materialize, snapshot, type_name

__all__ = ["MAX_PRINTED", "Reply", "Status", "ask", "captured", "describe_error"]

MAX_PRINTED = 2_000
"""Characters kept of what a function prints."""


class Status(StrEnum):
    """How a call ended."""

    ANSWERED = "answered"
    RAISED = "raised"
    MISSING = "missing"
    """No such name, or a name that can't be called."""
    TIMED_OUT = "timed out"
    DIED = "died"
    """The process ended, or what it sent wasn't a reply."""


_SAID = ("error", "message", "where", "function", "notes", "printed")
"""What a reply says besides the value."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from one call.

    ``error`` is an exception's class name and ``message`` its text; ``where`` is the student's own line
    ("line 3: return 1 / 0") and ``function`` the name of the function that holds it. ``notes`` are remarks
    that cost nothing.
    """

    status: Status
    value: Value = None
    error: str = ""
    message: str = ""
    where: str = ""
    function: str = ""
    notes: tuple[str, ...] = ()
    printed: str = ""

    def to_message(self) -> Value:
        """The reply as a value for the wire: what is empty stays at home."""
        said = {name: text for name in _SAID if (text := getattr(self, name))}
        return {"status": self.status.value, "value": self.value, **said}

    @classmethod
    def from_message(cls, message: Value) -> Reply:
        """Read a reply that an untrusted process sent. Raises ValueError unless every field is what it must be."""
        if not isinstance(message, dict) or not {"status", "value"} <= message.keys() <= {"status", "value", *_SAID}:
            raise ValueError("not a reply")
        if len(message) == 2 and isinstance(status := message["status"], str) and status == Status.ANSWERED:
            return cls(Status.ANSWERED, message["value"])
        texts = {name: message[name] for name in _SAID if name in message and name != "notes"}
        notes = message.get("notes", ())
        if not isinstance(notes, tuple) or len(notes) > 20 or not all(isinstance(n, str) for n in notes):
            raise ValueError("notes that aren't text")
        if not all(isinstance(text, str) for text in texts.values()):
            raise ValueError("a text that isn't text")
        if not isinstance(message["status"], str):  # the text of an array can take minutes to make
            raise ValueError("a status that isn't text")
        status = Status(message["status"])
        if status in (Status.TIMED_OUT, Status.DIED):  # what only the examiner can know; its words would be believed
            raise ValueError("a reply that tells its own end")
        cut = {name: str(text)[:MAX_PRINTED] for name, text in texts.items()}
        return cls(status, message["value"], notes=tuple(str(n)[:300] for n in notes), **cut)


def ask(function: Callable[..., object], arguments: Sequence[Value], namespace: Mapping[str, object]) -> Reply:
    """Call ``function`` with fresh copies of ``arguments``, by position.

    ``namespace`` is the student's: it tells the student's lines from everybody else's. Whatever the
    function raises, SystemExit and KeyboardInterrupt included, becomes a reply.
    """
    fresh = [materialize(argument) for argument in arguments]
    with captured() as output, warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            value = snapshot(function(*fresh))
        except BaseException as error:
            return replace(describe_error(error, namespace), printed=output.text)
    notes = list(dict.fromkeys(f"NumPy warned: {_text(w.message)}"[:200] for w in caught))[:3] if caught else []
    changed = [at for at, (now, was) in enumerate(zip(fresh, arguments)) if not _is_still(now, was)]
    notes += [f"argument {at + 1} was changed in place" for at in changed]
    return Reply(Status.ANSWERED, value, notes=tuple(notes), printed=output.text)


def _is_still(now: Any, was: Value) -> bool:
    """Whether an argument, after the call, is what was handed over. Generators are there to be used."""
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
    """A reply that tells an exception: its class, its text and the student's innermost line."""
    name = type_name(type(error))[:60]
    try:
        where, function = _students_line(error.__traceback__, namespace)
        message: object = error
        if type(error) in (SyntaxError, IndentationError, TabError):  # none of a student's making
            assert isinstance(error, SyntaxError)
            message = error.msg
            if error.filename and not where:
                where = f"line {error.lineno}: {(error.text or '').strip()[:120]}"
    except BaseException:
        return Reply(Status.RAISED, error=name)
    return Reply(Status.RAISED, error=name, message=_text(message)[:MAX_PRINTED], where=where, function=function)


def _text(thing: object) -> str:
    """The text of something that a student may have made: str() can raise, and return a str with methods of its own."""
    try:
        return str.__str__(str(thing))
    except BaseException:
        return ""


def _students_line(trace: TracebackType | None, namespace: Mapping[str, object]) -> tuple[str, str]:
    where = function = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if trace.tb_frame.f_globals is namespace:
            line = linecache.getline(code.co_filename, trace.tb_lineno).strip()[:120]
            where, function = f"line {trace.tb_lineno}: {line}", code.co_name
        trace = trace.tb_next
    return where, function


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
