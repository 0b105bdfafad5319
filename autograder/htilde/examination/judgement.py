"""Judging one property: comparing what a function answered with what is right, and saying what is wrong.

It doesn't know where the function lives: ``judge`` is handed something to ask. In a notebook that is the student's live
function, for grades a locked worker (``examiner``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from htilde.diagnosis.diagnose import Diagnosis, diagnose, nearly
from htilde.examination.compare import Difference, compare, compare_together
from htilde.examination.paper import Example, ExercisePaper, Question
from htilde.examination.places import part_at, places, reordered
from htilde.isolation.calls import Reply, Status
from htilde.language import _, choose
from htilde.laws import forget, is_random
from htilde.model import (
    Parts,
    Places,
    Row,
    Tolerance,
    Verdict,
    Visibility,
)
from htilde.telling import messages
from htilde.telling.messages import Said
from htilde.telling.wording import apart, show
from htilde.values import Rng, Value, identical, leaves

__all__ = ["Asked", "Failure", "first_failure", "judge"]


class Asked(Protocol):
    """A function under examination: replies to the cases in order, the last one telling why if there are fewer."""

    def __call__(self, cases: Sequence[Sequence[Value]], /) -> list[Reply]: ...


@dataclass(frozen=True, slots=True)
class Failure:
    """The first example of a question that went wrong: what was asked, what came back, what is wrong with it.

    What is wrong with all examples ``together`` isn't seen in one of them.
    """

    example: Example
    reply: Reply
    tolerance: Tolerance
    difference: Difference | None = None
    wavering: bool = False
    together: bool = False


def judge(
    question: Question,
    exercise: ExercisePaper,
    visibility: Visibility,
    asked: Asked,
    told: Sequence[Verdict] = (),
    *,
    explain: bool = False,
) -> Verdict:
    """Decide one property. The function is asked everything twice, in two orders, and must not waver.

    ``told`` are verdicts on public properties of the same exercise. Of a hidden one only what was told there
    already is told in full, for anything else might be its input; with ``explain``, which is for instructors alone,
    everything is.
    """
    cases = [example.arguments for example in question.examples]
    replies = asked([*cases, *reversed(cases)])
    failure, more = first_failure(question, replies)
    notes = dict.fromkeys((*(messages.note(text) for reply in replies for text in reply.notes), *more))
    printed = next((reply.printed for reply in replies if reply.printed), "")
    shown = explain or visibility is Visibility.PUBLIC
    verdict = Verdict(
        exercise=exercise.name,
        name=question.name,
        claim=choose(question.claim),
        visibility=visibility,
        kind=question.kind,
        passed=failure is None,
        notes=tuple(note for note in notes if shown or any(note in verdict.notes for verdict in told))[:4],
        printed=printed if shown else "",
    )
    return verdict if failure is None else _explained(verdict, failure, exercise, asked, told, shown=shown)


def first_failure(question: Question, replies: Sequence[Reply]) -> tuple[Failure | None, tuple[str, ...]]:
    """The simplest example that went wrong, if any, and what was remarked until then.

    ``replies`` are those to all examples, and then to all of them again in the opposite order.
    """
    notes: tuple[str, ...] = ()
    for example, reply in zip(question.examples, replies):
        if reply.status is not Status.ANSWERED:
            return Failure(example, reply, question.tolerance), notes
        outcome = compare(reply.value, example.answer, question.tolerance, scale=example.scale)
        if outcome.difference is not None:
            return Failure(example, reply, question.tolerance, outcome.difference), notes
        notes += outcome.notes
    count = len(question.examples)
    for example, first, again in zip(reversed(question.examples), reversed(replies[:count]), replies[count:]):
        if again.status is not Status.ANSWERED:
            return Failure(example, again, question.tolerance), notes
        if not identical(first.value, again.value):
            return Failure(example, again, question.tolerance, wavering=True), notes
    return _failure_together(question, replies), notes


def _failure_together(question: Question, replies: Sequence[Reply]) -> Failure | None:
    """What only shows when the answers to random questions are seen together, one for each generator."""
    independent: dict[object, tuple[Example, Reply]] = {}
    for example, reply in zip(question.examples, replies):
        if is_random(example.answer):
            generators = tuple(leaf for _, leaf in leaves(example.arguments) if isinstance(leaf, Rng))
            independent.setdefault(generators, (example, reply))
    difference = compare_together([(reply.value, example.answer) for example, reply in independent.values()])
    if difference is None:
        return None
    first, reply = next(iter(independent.values()))
    return Failure(first, reply, question.tolerance, difference, together=True)


def _explained(
    verdict: Verdict,
    failure: Failure,
    exercise: ExercisePaper,
    asked: Asked,
    told: Sequence[Verdict],
    *,
    shown: bool,
) -> Verdict:
    reply = failure.reply
    if reply.status is not Status.ANSWERED:
        said = messages.no_answer(reply, exercise, shown=True)
        if not shown and said not in [(other.reason, other.message) for other in told]:
            named = said.reason in [other.reason for other in told]
            said = messages.no_answer(reply, exercise, shown=False, named=named)
        verdict = _with(verdict, said)
        # A mistake may raise on some inputs (a matrix product of shapes that don't fit) and answer others.
        answers = asked(_probes(exercise)) if reply.status is Status.RAISED else []
        answered = any(answer.status is Status.ANSWERED for answer in answers)
        return _diagnosed(verdict, diagnose(exercise, answers)) if answered else verdict
    if failure.wavering:
        return _with(verdict, messages.wavers(random=is_random(failure.example.answer)))
    assert failure.difference is not None
    diagnosis = diagnose(exercise, asked(_probes(exercise)))
    parts = exercise.parts if shown else None
    found = _places(failure, parts) if parts is not None else None
    if found is not None:
        verdict, failure = replace(verdict, places=found[0]), replace(failure, difference=found[1])
    assert failure.difference is not None
    said = messages.wrong_answer(failure.difference, shown=shown, parts=parts)
    if diagnosis.close and nearly(reply.value, failure.example.answer, failure.example.scale):
        said = messages.close(said)
    if parts is not None and found is not None:
        said = messages.beside(said, parts) if found[0] is None else messages.along(said, found[0])
    if parts is not None and (order := _order(failure, parts)):
        said, verdict = messages.reordered(parts, order), replace(verdict, places=None)
        failure = replace(failure, difference=replace(failure.difference, where=""))
    evidence = _evidence(failure, exercise, diagnosis) if shown and not failure.together else ()
    return _diagnosed(replace(_with(verdict, said), evidence=evidence), diagnosis)


def _places(failure: Failure, parts: Parts) -> tuple[Places | None, Difference] | None:
    """Where along a network the answer is wrong, and what is wrong there first, if that can be told."""
    example = failure.example
    return places(parts, failure.reply.value, example.answer, failure.tolerance, scale=example.scale)


def _order(failure: Failure, parts: Parts) -> tuple[str, ...] | None:
    example = failure.example
    return reordered(parts, failure.reply.value, example.answer, failure.tolerance, scale=example.scale)


def _probes(exercise: ExercisePaper) -> list[tuple[Value, ...]]:
    return [probe.arguments for probe in exercise.probes]


def _diagnosed(verdict: Verdict, diagnosis: Diagnosis) -> Verdict:
    return replace(
        verdict,
        misconceptions=tuple(mistake.name for mistake in diagnosis.mistakes),
        together=diagnosis.together,
        hints=tuple(choose(mistake.hint) for mistake in diagnosis.mistakes),
    )


def _with(verdict: Verdict, said: Said) -> Verdict:
    return replace(verdict, reason=said.reason, message=said.message)


def _evidence(failure: Failure, exercise: ExercisePaper, diagnosis: Diagnosis) -> tuple[Row, ...]:
    example = failure.example
    asked = [Row(name, show(value)) for name, value in zip(exercise.parameters, example.arguments)]
    where = failure.difference.where if failure.difference and exercise.parts else ""
    parts = exercise.parts
    forgot = forget(failure.reply.value, example.answer)
    mine, right = apart(part_at(forgot, where, parts), part_at(example.answer, where, parts))
    if part := messages.part_name(exercise.parts, where):
        answers = [Row(_("your {part}").format(part=part), mine), Row(_("right {part}").format(part=part), right)]
    else:
        answers = [Row(_("your answer"), mine), Row(_("right"), right)]
    given = dict(zip((mistake.name for mistake in exercise.mistakes), example.mistaken))
    named = [Row(m.name, show(part_at(given[m.name], where, parts))) for m in diagnosis.mistakes[:2] if m.name in given]
    named = [
        row for row in named if row.text != show(part_at(example.answer, where, parts))
    ]  # a mistake in another part
    return (*asked, *answers, *named)
