"""Parts of sentences that several messages share: an exception, a line, a time that ran out, the end of a process."""

from __future__ import annotations

import signal

from htilde.codes import Details
from htilde.language import _

__all__ = ["error_text", "missing_package", "names", "process_end", "time_limit", "where"]


def error_text(details: Details, length: int | None = None) -> str:
    """Return an exception as it stands in the middle of a sentence."""
    text = str(details["message"])[:length].strip().removesuffix(".")
    return f"{details['error']}: {text}" if text else str(details["error"])


def where(details: Details) -> str:
    """Return a student's line with its number; nothing if none is known."""
    if "line" not in details:
        return ""
    return _("line {line}: {source}").format(line=details["line"], source=details["source"])


def time_limit(details: Details) -> str:
    """Return the time that ran out."""
    if details["limit"] == "interrupt":
        return _("the time you gave it")
    seconds = f"{details['seconds']:g}"
    if details["limit"] == "exercise":
        return _("{time} s in all").format(time=seconds)
    if details["limit"] == "submission":
        return _("{time} s for the whole notebook").format(time=seconds)
    return _("{time} s").format(time=seconds)


def process_end(details: Details) -> str:
    """Return how a process ended."""
    if details["end"] == "signal":
        number = int(str(details["signal"]))
        try:
            name = signal.strsignal(number) or "?"
        except ValueError:
            name = "?"
        return _("the process was ended by signal {number}, {name}").format(number=number, name=name)
    return {
        "not_an_answer": _("it sent something that isn't an answer"),
        "closed_pipe": _("it closed the pipe of its answers"),
        "exited": _("the process ended itself"),
    }[str(details["end"])]


def missing_package(details: Details) -> str:
    """Return which package isn't there while grading, and what to do instead."""
    text = _("{package} isn't there while grading, so {used} can't be used. Write it in NumPy.")
    return text.format(package=details["package"], used=details["used"])


def names(plain: object) -> str:
    """Return a list of names as a verdict's details hold it, on one line."""
    return ", ".join(map(str, plain)) if isinstance(plain, list) else ""
