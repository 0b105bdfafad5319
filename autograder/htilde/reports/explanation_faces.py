"""The faces of an explanation: text for an instructor's terminal, JSON for programs.

Both may hold hidden inputs, and say so first. What a student wrote, printed or raised is cleaned here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from htilde.characters import WIDTH, clean, points
from htilde.isolation.calls import Status
from htilde.model import Kind, Row
from htilde.reports.explanation import Explained, Explanation
from htilde.telling import network
from htilde.telling.faces import why
from htilde.telling.wording import show
from htilde.values import Value, leaves

__all__ = ["WARNING", "as_json", "as_text"]

WARNING = "For instructors: holds hidden inputs."
MAX_LINES = 60
"""Of a source; a reference is shown where it is shorter."""
MAX_PARTS = 6
"""Of an argument, one to a line."""


def as_text(explanation: Explanation) -> str:
    """All of it for 80 columns."""
    return "\n".join(line.rstrip() for line in _lines(explanation))


def as_json(explanation: Explanation) -> dict[str, Any]:
    """The documented form (docs/json.md)."""
    return {
        "warning": WARNING,
        "assignment": explanation.assignment,
        "student": explanation.student,
        "exercise": explanation.result.name,
        "points": explanation.result.points,
        "max_points": explanation.result.max_points,
        "recorded_points": explanation.recorded,
        "failed": [
            {
                "name": failed.verdict.name,
                "visibility": failed.verdict.visibility.value,
                "kind": failed.verdict.kind.value,
                "claim": failed.verdict.claim,
                "reason": clean(failed.verdict.reason),
                "message": clean(failed.verdict.message),
                "misconception": failed.verdict.misconception,
                "hints": list(failed.verdict.hints),
                "evidence": {row.label: clean(row.text) for row in _evidence(explanation, failed)},
                "raised": clean(_raised(failed)),
                "printed": clean(failed.failure.reply.printed),
                "notes": [clean(note) for note in failed.verdict.notes],
            }
            for failed in explanation.failed
        ],
        "source": clean(explanation.source),
        "reference": explanation.reference,
        "notes": [clean(note) for note in explanation.notes],
        "unprotected": explanation.unprotected,
    }


def _lines(explanation: Explanation) -> Iterator[str]:
    result = explanation.result
    yield WARNING
    yield ""
    yield f"{explanation.student}, {explanation.assignment}"
    yield f"{result.name}: {points(result.points)} of {points(result.max_points)} points"
    if explanation.recorded is not None and explanation.recorded != result.points:
        recorded = points(explanation.recorded)
        yield from _wrapped(f"The grade on record is {recorded}: something has changed since. Grade again to mend it.")
    told: list[str] = []
    for number, failed in enumerate(explanation.failed, 1):
        yield ""
        yield from _property(explanation, failed, number, told)
    if not explanation.failed:
        yield "Every property passes."
    yield ""
    yield from _sources(explanation)
    notes = dict.fromkeys([*(note for v in result.verdicts for note in v.notes), *explanation.notes])
    yield from ([""] if notes else [])
    yield from (line for note in notes for line in _wrapped(f"Note: {note}", after=6))


def _property(explanation: Explanation, failed: Explained, number: int, told: list[str]) -> Iterator[str]:
    """One failed property; what has been ``told`` of an earlier one, message or hint, isn't told again."""
    verdict, reply = failed.verdict, failed.failure.reply
    kind = "edge, " if verdict.kind is Kind.EDGE else ""
    yield from _wrapped(f"{number}. [{kind}{verdict.visibility}] {verdict.claim}", after=3)
    again = verdict.message in told
    if again and reply.status in (Status.TIMED_OUT, Status.DIED):
        yield from _wrapped(f"Not asked any more: {verdict.reason} before.", before=3)
        return
    yield from _wrapped(f"The same: {verdict.reason}." if again else verdict.message, before=3)
    rows = _rows(explanation, failed)
    width = min(24, max((len(row.label) for row in rows), default=0))
    for row in rows:
        if len(row.label) > width:
            yield from _wrapped(row.label, before=6)
        label = "" if len(row.label) > width else row.label
        yield from _wrapped(f"{label:{width}}  {row.text}", before=6, after=8 + width)
    if verdict.places is not None:
        labels = network.as_rows(verdict.places)
        wide = max(len(label) for label, _ in labels)
        yield from (f"      {label:{wide}}  {marks}" for label, marks in labels)
        yield from _wrapped(network.legend(verdict.places), before=6)
    if "\n" in reply.message and not again:
        yield from _quoted("raised", _raised(failed))
    if reply.printed.strip():
        yield from _quoted("printed", reply.printed.strip("\n"))
    if verdict.misconceptions:
        yield from _wrapped(f"It looks like: {why(verdict)}.", before=3)
    yield from (line for hint in verdict.hints if hint not in told for line in _wrapped(hint, before=3))
    told += [verdict.message, *verdict.hints]


def _unasked(failed: Explained) -> bool:
    """Whether there is nothing to see in an input: no function, or one that isn't written yet."""
    reply = failed.failure.reply
    return reply.status is Status.MISSING or reply.error == "NotImplementedError"


def _evidence(explanation: Explanation, failed: Explained) -> list[Row]:
    """The input, what is right and what came back; less of it where there is less to see."""
    if _unasked(failed) or failed.failure.together:
        return []
    count, verdict, example = len(explanation.parameters), failed.verdict, failed.failure.example
    asked = [Row(name, show(value)) for name, value in zip(explanation.parameters, example.arguments)]
    if not verdict.evidence:
        return [*asked, Row("expected", show(example.answer))]
    got, right, *mistaken = verdict.evidence[count:]
    part = got.label.removeprefix("your ")
    of = "" if part == "answer" else f" {part}"
    return [*asked, Row(f"expected{of}", right.text), Row(f"got{of}", got.text), *mistaken]


def _rows(explanation: Explanation, failed: Explained) -> list[Row]:
    """The same for a terminal: each part of what is made of parts has a line."""
    found = _evidence(explanation, failed)
    if not found:
        return []
    count, example = len(explanation.parameters), failed.failure.example
    asked = zip(explanation.parameters, example.arguments)
    rows = [row for name, value in asked for row in _by_part(name, value)]
    if len(found) == count + 1:  # what is right, and no answer
        return [*rows, *_by_part("expected", example.answer)]
    mistakes = failed.verdict.misconceptions
    return [
        *rows,
        *(replace(row, label=_words(row.label) if row.label in mistakes else row.label) for row in found[count:]),
    ]


def _by_part(name: str, value: Value) -> Iterator[Row]:
    parts = [*leaves(value)]
    if len(parts) < 2:
        yield Row(name, show(value))
        return
    yield from (Row(f"{name}{path}", show(part)) for path, part in parts[:MAX_PARTS])
    if len(parts) > MAX_PARTS:
        yield Row("", f"... and {len(parts) - MAX_PARTS} more: --save FILE.py writes them all")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _raised(failed: Explained) -> str:
    reply = failed.failure.reply
    if reply.status is not Status.RAISED or _unasked(failed):
        return ""
    told = f"{reply.error}: {reply.message}" if reply.message else reply.error
    return f"{told}\nin {reply.where}" if reply.where else told


def _sources(explanation: Explanation) -> Iterator[str]:
    if explanation.source:
        yield f"What {explanation.student} wrote ({explanation.cell}):"
        yield from _numbered(explanation.source)
    else:
        yield f"No cell defines {explanation.result.name}."
    if explanation.failed and 0 < explanation.reference.count("\n") < MAX_LINES:
        yield "\nThe reference:"
        yield from _numbered(explanation.reference)


def _numbered(source: str) -> Iterator[str]:
    lines = clean(source).expandtabs(4).strip("\n").split("\n")
    yield from (f"  {number:3}  {line}" for number, line in enumerate(lines[:MAX_LINES], 1))
    if len(lines) > MAX_LINES:
        yield f"       ... and {len(lines) - MAX_LINES} lines more"


def _quoted(label: str, text: str) -> Iterator[str]:
    """What came from a student, line by line; no line of it can pass for one of ours."""
    yield f"      {label}:"
    for line in clean(text).split("\n"):
        yield from (f"      | {part}" for part in textwrap.wrap(line, WIDTH - 8, drop_whitespace=False) or [""])


def _wrapped(text: str, *, before: int = 0, after: int | None = None) -> list[str]:
    hanging = " " * (before if after is None else after)
    text = " " * before + clean(text).replace("\n", " ")
    return textwrap.wrap(text, WIDTH, subsequent_indent=hanging, break_on_hyphens=False) or [""]
