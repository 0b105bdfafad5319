"""Decide one property: compare the answers of a function with the right ones, and name what is wrong by a code.

``decide`` is given a function to ask, wherever it runs: in a notebook the student's live function, for grades one in a
locked worker (``examiner``). ``diagnosis`` then names the mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from htilde.codes import UNSEEN, Code, Details, Note, Plain, distinct
from htilde.evidence import Evidence, excerpt
from htilde.examination.compare import Difference, compare, compare_together
from htilde.examination.paper import Example, ExercisePaper, Question
from htilde.examination.places import named, part_at, places, reordered
from htilde.isolation.calls import Reply, Status
from htilde.laws import forget, is_random
from htilde.model import Parts, Verdict, Visibility
from htilde.values import Rng, Value, identical, leaves

__all__ = ["Asked", "Decision", "Failure", "Judge", "decide", "first_failure", "no_answer", "unseen"]

MAX_NOTES = 4
"""Notes on one property."""


class Asked(Protocol):
    """A function under examination: returns a reply to each case, or fewer, of which the last gives the reason."""

    def __call__(self, cases: Sequence[Sequence[Value]], /) -> list[Reply]: ...


class Judge(Protocol):
    """A way to come to a verdict on one property."""

    def __call__(
        self,
        question: Question,
        exercise: ExercisePaper,
        visibility: Visibility,
        asked: Asked,
        told: Sequence[Verdict] = (),
        /,
    ) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """The first example of a question that went wrong: what was asked, what came back, what is wrong with it.

    ``together``: it is wrong in all examples taken together, and can't be seen in one of them.
    """

    example: Example
    reply: Reply
    difference: Difference | None = None
    wavering: bool = False
    together: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict that names no mistake yet, and the failure that it rests on, None if the property holds.

    ``shown`` says whether the verdict may hold evidence, and ``where`` which part of the answer that shows.
    """

    verdict: Verdict
    failure: Failure | None = None
    shown: bool = True
    where: str = ""


def decide(
    question: Question,
    exercise: ExercisePaper,
    visibility: Visibility,
    asked: Asked,
    told: Sequence[Verdict] = (),
    *,
    explain: bool = False,
) -> Decision:
    """Decide one property. The function is asked everything twice, in two orders, and must not waver.

    ``told`` are verdicts on public properties of the same exercise. Of a hidden one no more is told than ``UNSEEN``
    allows, or how it failed if that was told there, for anything else might be its input; with ``explain``, which is
    for instructors alone, everything is.
    """
    cases = [example.arguments for example in question.examples]
    replies = asked([*cases, *reversed(cases)])
    failure, remarks = first_failure(question, replies)
    verdict = Verdict(exercise.name, question.name, question.claim, visibility, question.kind)
    shown = explain or visibility is Visibility.PUBLIC
    if shown:
        notes = distinct([*(note for reply in replies for note in reply.notes), *remarks])
        printed = next((reply.printed for reply in replies if reply.printed), "")
        verdict = replace(verdict, notes=notes[:MAX_NOTES], printed=printed)
    if failure is None:
        return Decision(verdict)
    if failure.difference is not None:
        return _wrong(verdict, failure, failure.difference, exercise, shown=shown)
    if failure.wavering:
        return Decision(
            replace(verdict, code=Code.WAVERS, details={"random": is_random(failure.example.answer)}), failure, shown
        )
    code, details = no_answer(failure.reply, exercise)
    if not shown:
        code, details = _as_in_public(code, details, told) or unseen(code, details)
    return Decision(replace(verdict, code=code, details=details), failure, shown)


def first_failure(question: Question, replies: Sequence[Reply]) -> tuple[Failure | None, tuple[Note, ...]]:
    """Return the simplest example that went wrong, if any, and what was remarked until then.

    ``replies`` are those to all examples, and then to all of them again in the opposite order.
    """
    notes: tuple[Note, ...] = ()
    for example, reply in zip(question.examples, replies):
        if reply.status is not Status.ANSWERED:
            return Failure(example, reply), notes
        outcome = compare(reply.value, example.answer, example.allowed)
        if outcome.difference is not None:
            return Failure(example, reply, outcome.difference), notes
        notes += outcome.notes
    count = len(question.examples)
    for example, first, again in zip(reversed(question.examples), reversed(replies[:count]), replies[count:]):
        if again.status is not Status.ANSWERED:
            return Failure(example, again), notes
        if not identical(first.value, again.value):
            return Failure(example, again, wavering=True), notes
    return _failure_together(question, replies), notes


def _failure_together(question: Question, replies: Sequence[Reply]) -> Failure | None:
    """Return what only shows when the answers to random questions are seen together, one for each generator."""
    independent: dict[object, tuple[Example, Reply]] = {}
    for example, reply in zip(question.examples, replies):
        if is_random(example.answer):
            generators = tuple(leaf for _, leaf in leaves(example.arguments) if isinstance(leaf, Rng))
            independent.setdefault(generators, (example, reply))
    difference = compare_together([(reply.value, example.answer) for example, reply in independent.values()])
    if difference is None:
        return None
    first, reply = next(iter(independent.values()))
    return Failure(first, reply, difference, together=True)


def no_answer(reply: Reply, exercise: ExercisePaper) -> tuple[Code, Details]:
    """Return why a call gave no value."""
    name = exercise.name
    call: Plain = f"{name}({', '.join(exercise.parameters)})"
    if reply.cause is not None:
        return _no_function(reply.cause)
    if reply.status is Status.MISSING:
        if reply.message:
            return Code.NOT_CALLABLE, {"call": call, "type": reply.message}
        return Code.NO_FUNCTION, {"call": call, "similar": reply.function}
    if reply.status is Status.TIMED_OUT:
        return Code.TIMED_OUT, reply.end
    if reply.status is Status.DIED:
        return Code.PROCESS_LOST, reply.end
    if reply.error == "NotImplementedError":
        if reply.function in ("", name):
            return Code.NOT_IMPLEMENTED, {}
        return Code.WAITS_FOR, {"function": reply.function}
    if reply.package:
        return Code.NEEDS_PACKAGE, {"package": reply.package, "used": reply.used, "by": "call"}
    if reply.error == "EOFError" and "input(" in reply.source:
        return Code.WAITS_FOR_INPUT, _where(reply)
    return Code.RAISED, {"error": reply.error, "message": reply.message, "call": call, **_where(reply)}


def _no_function(cause: Reply) -> tuple[Code, Details]:
    """Return how the cell ended that should have defined a function."""
    if cause.status is Status.TIMED_OUT:
        return Code.CELL_TIMED_OUT, cause.end
    if cause.status is Status.DIED:
        return Code.CELL_DIED, cause.end
    if cause.package:
        return Code.NEEDS_PACKAGE, {"package": cause.package, "used": cause.used, "by": "cell"}
    return Code.CELL_FAILED, {"error": cause.error, "message": cause.message, **_where(cause)}


def _where(reply: Reply) -> dict[str, Plain]:
    if not reply.line:
        return {}
    return {"line": reply.line, "source": reply.source, "function": reply.function, "cell": reply.cell}


def unseen(code: Code, details: Details) -> tuple[Code, Details]:
    """Return what is told of a hidden property in the place of a code and its details."""
    instead, told = UNSEEN[code]
    return instead, {key: detail for key, detail in details.items() if key in told}


def _as_in_public(code: Code, details: Details, told: Sequence[Verdict]) -> tuple[Code, Details] | None:
    """Return how a function ended as far as public properties have told it: in full, or by which exception."""
    same = [verdict.details for verdict in told if verdict.code is code]
    if details in same:
        return code, details
    if code is Code.RAISED and details["error"] in [other["error"] for other in same]:
        return code, {"error": details["error"]}
    return None


def _wrong(
    verdict: Verdict, failure: Failure, difference: Difference, exercise: ExercisePaper, *, shown: bool
) -> Decision:
    """Return what is wrong with an answer: of a hidden property, as little as fits any input."""
    if not shown:
        code, details = unseen(difference.code, difference.details)
        return Decision(replace(verdict, code=code, details=details), failure, shown)
    example, answer, parts = failure.example, failure.reply.value, exercise.parts
    about: dict[str, Plain] = {}
    if parts is not None:
        order = reordered(parts, answer, example.answer, example.allowed)
        if order is not None:
            names: Details = {"got": [*order], "expected": [*parts.names]}
            decided = replace(verdict, code=Code.WRONG_ORDER, details=names)
            return _shown(decided, failure, exercise, "")
        found = places(parts, answer, example.answer, example.allowed)
        if found is not None:
            verdict, difference = replace(verdict, places=found[0]), found[1]
            about = {} if found[0] is not None else {"beside": parts.along}
        about |= _part(parts, difference.where)
    elif difference.where:
        about = {"where": difference.where}
    decided = replace(verdict, code=difference.code, details={**difference.details, **about})
    return _shown(decided, failure, exercise, difference.where if parts is not None else "")


def _part(parts: Parts, where: str) -> Mapping[str, Plain]:
    """Return what a part of the answer is called, its place, and the path to it."""
    if not where:
        return {}
    found = named(parts, where)
    if found is None:
        return {"where": where}
    part, place = found
    if place:
        return {"where": where, "part": part, "place": place, "along": parts.along}
    rest = where.partition("]")[2] if len(parts.names) > 1 else where
    return {"where": where, "part": part + rest}


def _shown(verdict: Verdict, failure: Failure, exercise: ExercisePaper, where: str) -> Decision:
    """Add the evidence, unless no single example shows what is wrong."""
    if failure.together:
        return Decision(verdict, failure, shown=False)
    example, parts = failure.example, exercise.parts
    evidence = Evidence(
        dict(zip(exercise.parameters, map(excerpt, example.arguments))),
        excerpt(part_at(forget(failure.reply.value, example.answer), where, parts)),
        excerpt(part_at(example.answer, where, parts)),
    )
    return Decision(replace(verdict, evidence=evidence), failure, shown=True, where=where)
