"""An explanation as text for an instructor's terminal, and as JSON for programs.

Both may hold hidden inputs, and say so first. What a student wrote, printed or raised is cleaned here.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from htilde.characters import WIDTH, clean, points
from htilde.codes import Code, distinct
from htilde.isolation.calls import Status
from htilde.language import choose
from htilde.model import Kind, Verdict
from htilde.reports.explanation import Explained, Explanation
from htilde.telling import network
from htilde.telling.json import cleaned, mistaken_for, noted_json
from htilde.telling.messages import message, part_name, reason
from htilde.telling.notes import note_message
from htilde.telling.outline import likely, notes_of
from htilde.telling.phrases import where
from htilde.telling.wording import apart, show
from htilde.values import Value, leaves

__all__ = ["WARNING", "as_json", "as_text"]

WARNING = "For instructors: holds hidden inputs."
MAX_LINES = 60
"""Of a source; a reference is shown where it is shorter."""
MAX_PARTS = 6
"""Of an argument, one to a line."""


def as_text(explanation: Explanation) -> str:
    """Return the explanation as text of 80 columns."""
    return "\n".join(line.rstrip() for line in _lines(explanation))


def as_json(explanation: Explanation) -> dict[str, Any]:
    """Return the explanation in the documented form (docs/json.md)."""
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
                "claim": choose(failed.verdict.claim),
                "code": failed.verdict.code.value,
                "details": cleaned(dict(failed.verdict.details)),
                "reason": clean(reason(failed.verdict)),
                "message": clean(message(failed.verdict)),
                "misconception": mistaken_for(failed.verdict),
                "hints": [choose(hint) for hint in failed.verdict.hints],
                "evidence": {label: clean(text) for label, text in _evidence(explanation, failed)},
                "raised": clean(_raised(failed)),
                "printed": clean(failed.failure.reply.printed),
                **noted_json(failed.verdict.notes),
            }
            for failed in explanation.failed
        ],
        "source": clean(explanation.source),
        "reference": explanation.reference,
        **noted_json(explanation.notes),
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
    told: list[Verdict] = []
    for number, failed in enumerate(explanation.failed, 1):
        yield ""
        yield from _property(explanation, failed, number, told)
    if not explanation.failed:
        yield "Every property passes."
    yield ""
    yield from _sources(explanation)
    notes = distinct([*notes_of(result), *explanation.notes])
    yield from ([""] if notes else [])
    yield from (line for note in notes for line in _wrapped(f"Note: {note_message(note)}", after=6))


def _property(explanation: Explanation, failed: Explained, number: int, told: list[Verdict]) -> Iterator[str]:
    """Yield one failed property; a message or hint that was ``told`` with an earlier one isn't repeated."""
    verdict, reply = failed.verdict, failed.failure.reply
    kind = "edge, " if verdict.kind is Kind.EDGE else ""
    yield from _wrapped(f"{number}. [{kind}{verdict.visibility}] {choose(verdict.claim)}", after=3)
    again = any((one.code, one.details, one.places) == (verdict.code, verdict.details, verdict.places) for one in told)
    if again and reply.status in (Status.TIMED_OUT, Status.DIED):
        yield from _wrapped(f"Not asked any more: {reason(verdict)} before.", before=3)
        return
    yield from _wrapped(f"The same: {reason(verdict)}." if again else message(verdict), before=3)
    rows = _rows(explanation, failed)
    width = min(24, max((len(label) for label, _text in rows), default=0))
    for label, text in rows:
        if len(label) > width:
            yield from _wrapped(label, before=6)
        first = "" if len(label) > width else label
        yield from _wrapped(f"{first:{width}}  {text}", before=6, after=8 + width)
    if verdict.places is not None:
        labels = network.as_rows(verdict.places)
        wide = max(len(label) for label, _ in labels)
        yield from (f"      {label:{wide}}  {marks}" for label, marks in labels)
        yield from _wrapped(network.legend(verdict.places), before=6)
    if "\n" in reply.message and not again:
        yield from _quoted("raised", _raised(failed))
    if reply.printed.strip():
        yield from _quoted("printed", reply.printed.strip("\n"))
    yield from _wrapped(likely(verdict), before=3) if verdict.mistakes else ()
    known = [hint for one in told for hint in one.hints]
    yield from (line for hint in verdict.hints if hint not in known for line in _wrapped(choose(hint), before=3))
    told.append(verdict)


def _unasked(failed: Explained) -> bool:
    """Tell whether there is nothing to see in an input: no function, or one that isn't written yet."""
    return failed.failure.reply.status is Status.MISSING or failed.verdict.code in (
        Code.NOT_IMPLEMENTED,
        Code.WAITS_FOR,
    )


def _evidence(explanation: Explanation, failed: Explained) -> list[tuple[str, str]]:
    """Return the input, what is right and what came back; less of it where there is less to see."""
    if _unasked(failed) or failed.failure.together:
        return []
    example = failed.failure.example
    asked = [(name, show(value)) for name, value in zip(explanation.parameters, example.arguments)]
    return [*asked, *(_answers(failed) or [("expected", show(example.answer))])]


def _answers(failed: Explained) -> list[tuple[str, str]]:
    """Return what is right, what came back and what known mistakes answer; nothing if no answer came back."""
    evidence = failed.verdict.evidence
    if evidence is None:
        return []
    part = part_name(failed.verdict.details)
    of = f" {part}" if part else ""
    got, right = apart(evidence.got, evidence.expected)
    mistaken = [(name, show(value)) for name, value in evidence.mistaken.items()]
    return [(f"expected{of}", right), (f"got{of}", got), *mistaken]


def _rows(explanation: Explanation, failed: Explained) -> list[tuple[str, str]]:
    """Return the same for a terminal: each part of what is made of parts has a line."""
    if _unasked(failed) or failed.failure.together:
        return []
    example = failed.failure.example
    asked = zip(explanation.parameters, example.arguments)
    rows = [row for name, value in asked for row in _by_part(name, value)]
    answers = _answers(failed)
    if not answers:
        return [*rows, *_by_part("expected", example.answer)]
    mistakes = failed.verdict.mistakes
    return [*rows, *((label.replace("_", " ") if label in mistakes else label, text) for label, text in answers)]


def _by_part(name: str, value: Value) -> Iterator[tuple[str, str]]:
    parts = [*leaves(value)]
    if len(parts) < 2:
        yield name, show(value)
        return
    yield from ((f"{name}{path}", show(part)) for path, part in parts[:MAX_PARTS])
    if len(parts) > MAX_PARTS:
        yield "", f"... and {len(parts) - MAX_PARTS} more: --save FILE.py writes them all"


def _raised(failed: Explained) -> str:
    reply = failed.failure.reply
    if reply.status is not Status.RAISED or _unasked(failed):
        return ""
    told = f"{reply.error}: {reply.message}" if reply.message else reply.error
    line = where({"line": reply.line, "source": reply.source}) if reply.line else ""
    return f"{told}\nin {line}" if line else told


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
    """Yield a student's text line by line, marked so that no line can pass for one of ours."""
    yield f"      {label}:"
    for line in clean(text).split("\n"):
        yield from (f"      | {part}" for part in textwrap.wrap(line, WIDTH - 8, drop_whitespace=False) or [""])


def _wrapped(text: str, *, before: int = 0, after: int | None = None) -> list[str]:
    hanging = " " * (before if after is None else after)
    text = " " * before + clean(text).replace("\n", " ")
    return textwrap.wrap(text, WIDTH, subsequent_indent=hanging, break_on_hyphens=False) or [""]
