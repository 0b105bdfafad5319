"""The examiner: asks a function the questions of a paper and decides.

It doesn't know where the function lives. ``judge`` is handed something to ask; in a notebook that is the
student's live function, for grades a locked worker (``examine``).
"""

from __future__ import annotations

import ast
import re
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from autograder import messages
from autograder.calls import Reply, Status
from autograder.compare import Difference, apart, compare, compare_together, show
from autograder.diagnose import Diagnosis, diagnose, nearly
from autograder.errors import Unprotected
from autograder.language import _, choose
from autograder.laws import forget, is_random
from autograder.messages import Said
from autograder.model import Curves, Examination, ExerciseResult, Limits, Parts, Row, Tolerance, Verdict, Visibility
from autograder.paper import Example, ExercisePaper, Paper, Question
from autograder.places import part_at, places, reordered
from autograder.sandbox import Session
from autograder.submission import Run, Submission
from autograder.values import Rng, Value, identical, leaves

__all__ = ["Asked", "examine", "examine_exercise", "judge"]

MAX_PARSED = 20_000
"""Characters of a cell that the examiner reads for a hint; a longer one goes without it."""
MAX_NOTES = 20
"""Remarks on a submission as a whole."""


class Asked(Protocol):
    """A function under examination: replies to the cases in order, the last one telling why if there are fewer."""

    def __call__(self, cases: Sequence[Sequence[Value]], /) -> list[Reply]: ...


@dataclass(frozen=True, slots=True)
class _Failure:
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
    question: Question, exercise: ExercisePaper, visibility: Visibility, asked: Asked, told: Sequence[Verdict] = ()
) -> Verdict:
    """Decide one property. The function is asked everything twice, in two orders, and must not waver.

    ``told`` are verdicts on public properties of the same exercise. Of a hidden one only what was told there
    already is told in full, for anything else might be its input.
    """
    cases = [example.arguments for example in question.examples]
    replies = asked([*cases, *reversed(cases)])
    failure, more = _first_failure(question, replies)
    notes = dict.fromkeys((*(messages.note(text) for reply in replies for text in reply.notes), *more))
    printed = next((reply.printed for reply in replies if reply.printed), "")
    shown = visibility is Visibility.PUBLIC
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
    return verdict if failure is None else _explained(verdict, failure, exercise, asked, told)


def _first_failure(question: Question, replies: Sequence[Reply]) -> tuple[_Failure | None, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    for example, reply in zip(question.examples, replies):
        if reply.status is not Status.ANSWERED:
            return _Failure(example, reply, question.tolerance), notes
        outcome = compare(reply.value, example.answer, question.tolerance, scale=example.scale)
        if outcome.difference is not None:
            return _Failure(example, reply, question.tolerance, outcome.difference), notes
        notes += outcome.notes
    count = len(question.examples)
    for example, first, again in zip(reversed(question.examples), reversed(replies[:count]), replies[count:]):
        if again.status is not Status.ANSWERED:
            return _Failure(example, again, question.tolerance), notes
        if not identical(first.value, again.value):
            return _Failure(example, again, question.tolerance, wavering=True), notes
    return _failure_together(question, replies), notes


def _failure_together(question: Question, replies: Sequence[Reply]) -> _Failure | None:
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
    return _Failure(first, reply, question.tolerance, difference, together=True)


def _explained(
    verdict: Verdict, failure: _Failure, exercise: ExercisePaper, asked: Asked, told: Sequence[Verdict]
) -> Verdict:
    reply, shown = failure.reply, verdict.visibility is Visibility.PUBLIC
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
    if shown:
        verdict, failure = _placed(verdict, failure, exercise)
    assert failure.difference is not None
    said = messages.wrong_answer(failure.difference, shown=shown, parts=exercise.parts)
    if diagnosis.close and nearly(reply.value, failure.example.answer, failure.example.scale):
        said = messages.close(said)
    if verdict.places is not None:
        said = messages.along(said, verdict.places)
    if shown and exercise.parts is not None and (order := _order(failure, exercise.parts)):
        said, verdict = messages.reordered(exercise.parts, order), replace(verdict, places=None)
        failure = replace(failure, difference=replace(failure.difference, where=""))
    evidence = _evidence(failure, exercise, diagnosis) if shown and not failure.together else ()
    return _diagnosed(replace(_with(verdict, said), evidence=evidence), diagnosis)


def _placed(verdict: Verdict, failure: _Failure, exercise: ExercisePaper) -> tuple[Verdict, _Failure]:
    """With the places where the answer is wrong, and the difference at the first of them, if they can be told."""
    example, parts = failure.example, exercise.parts
    if parts is None:
        return verdict, failure
    found = places(parts, failure.reply.value, example.answer, failure.tolerance, scale=example.scale)
    if found is None:
        return verdict, failure
    return replace(verdict, places=found[0]), replace(failure, difference=found[1])


def _order(failure: _Failure, parts: Parts) -> tuple[str, ...] | None:
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


def _evidence(failure: _Failure, exercise: ExercisePaper, diagnosis: Diagnosis) -> tuple[Row, ...]:
    example = failure.example
    asked = [Row(name, show(value)) for name, value in zip(exercise.parameters, example.arguments)]
    where = failure.difference.where if failure.difference and exercise.parts else ""
    mine, right = apart(part_at(forget(failure.reply.value, example.answer), where), part_at(example.answer, where))
    if part := messages.part_name(exercise.parts, where):
        answers = [Row(_("your {part}").format(part=part), mine), Row(_("right {part}").format(part=part), right)]
    else:
        answers = [Row(_("your answer"), mine), Row(_("right"), right)]
    given = dict(zip((mistake.name for mistake in exercise.mistakes), example.mistaken))
    named = [Row(m.name, show(part_at(given[m.name], where))) for m in diagnosis.mistakes[:2] if m.name in given]
    named = [row for row in named if row.text != show(part_at(example.answer, where))]  # a mistake in another part
    return (*asked, *answers, *named)


def examine_exercise(exercise: ExercisePaper, papers: Sequence[Paper], asked: Asked) -> ExerciseResult:
    """All verdicts on one exercise, public properties first."""
    (result,) = _examined([exercise], papers, {exercise.name: asked})
    return result


def _examined(
    exercises: Sequence[ExercisePaper], papers: Sequence[Paper], asked: Mapping[str, Asked]
) -> list[ExerciseResult]:
    """Ask every exercise's public properties before any hidden one.

    Functions of one submission share a process: what one was asked in private, another could tell.
    """
    verdicts: dict[str, list[Verdict]] = {exercise.name: [] for exercise in exercises}
    curves: dict[str, Curves | None] = {}
    for paper in _public_first(papers):
        for name, found in verdicts.items():
            told = [verdict for verdict in found if verdict.visibility is Visibility.PUBLIC]
            if (part := paper.exercise(name)) is not None:
                found += [judge(question, part, paper.visibility, asked[name], told) for question in part.questions]
                if paper.visibility is Visibility.PUBLIC and not all(verdict.passed for verdict in found):
                    curves[name] = _curves(part, asked[name])
    return [
        ExerciseResult(exercise.name, exercise.points, tuple(verdicts[exercise.name]), curves.get(exercise.name))
        for exercise in exercises
    ]


def _public_first(papers: Sequence[Paper]) -> list[Paper]:
    return sorted(papers, key=lambda paper: paper.visibility is Visibility.HIDDEN)


def _curves(exercise: ExercisePaper, asked: Asked) -> Curves | None:
    """The answer beside the right one where the paper says that it can be drawn; None if it can't."""
    if exercise.curve is None:
        return None
    right = exercise.curve.answer
    if not isinstance(right, np.ndarray) or right.ndim != 1 or not right.size:
        return None
    yours = asked([exercise.curve.arguments])[0].value
    if not isinstance(yours, np.ndarray) or yours.shape != right.shape or yours.dtype.kind not in "fiub":
        return None
    for name, axis in zip(exercise.parameters, exercise.curve.arguments):
        if isinstance(axis, np.ndarray) and axis.shape == right.shape and np.all(np.diff(axis) > 0):
            curves = Curves(name, *(tuple(map(float, values)) for values in (axis, yours, right)))
            return curves if curves.part is not None else None
    return None


def examine(
    submission: Submission,
    papers: Sequence[Paper],
    limits: Limits,
    *,
    allow_unprotected: bool = False,
    by: Callable[[ExercisePaper, Asked], ExerciseResult] | None = None,
) -> Examination:
    """Run a submission in a worker and ask it, as it is at each of its check cells, what the papers ask there.

    All cells run before the first question, so that none can tell what a function has been asked, and public
    properties are asked before hidden ones. ``by`` examines one exercise in another way.

    Raises Unprotected if the worker couldn't be locked and ``allow_unprotected`` is false, before the
    submission is run; GraderFault if no worker could be started at all.
    """
    papers = _public_first(papers)
    asked: dict[str, Asked] = {}
    failed: list[tuple[Run, Reply]] = []
    notes = list(submission.notes)
    with Session(limits) as session:
        unprotected = "" if session.protection.official else "; ".join(session.protection.missing)
        if unprotected and not allow_unprotected:
            raise Unprotected(
                f"Student code can't be locked in on this machine: {unprotected}.",
                next_step="Run 'autograder doctor' for the way to mend it.",
            )
        for step in submission.steps:
            if isinstance(step, Run):
                reply = session.run(step.label, step.source)
                notes += messages.about_cell(step.label, reply)
                if reply.status is not Status.ANSWERED:
                    failed.append((step, reply))
            elif (exercise := papers[0].exercise(step.exercise)) is not None:
                session.remember(exercise.name)
                asked[exercise.name] = _in_worker(session, exercise.name, limits, _culprit(exercise.name, failed))
        exercises = [exercise for exercise in papers[0].exercises if exercise.name in asked]
        if by is None:
            results = _examined(exercises, papers, asked)
        else:
            results = [by(exercise, asked[exercise.name]) for exercise in exercises]
    return Examination(
        assignment=papers[0].assignment,
        exercises=tuple(_blaming(results, submission)),
        papers=tuple(paper.id for paper in papers),
        notes=_readable(notes),
        unprotected=unprotected,
        cut_short=session.cut_short,
    )


def _readable(notes: Sequence[str]) -> tuple[str, ...]:
    """As many of the remarks as a person may read, each once, and how many there are besides."""
    told = tuple(dict.fromkeys(notes))
    left_out = len(told) - MAX_NOTES
    return told if left_out <= 0 else (*told[:MAX_NOTES], _("there are {count} more such notes").format(count=left_out))


def _blaming(results: Sequence[ExerciseResult], submission: Submission) -> Iterator[ExerciseResult]:
    """The results, with a note on each wrong exercise that calls another wrong one: there is one mistake, not two."""
    wrong = [result.name for result in results if not result.passed]
    for result in results:
        defined = re.compile(rf"^[ \t]*def {result.name}\(", re.MULTILINE)
        sources = [step.source for step in submission.steps if isinstance(step, Run) and defined.search(step.source)]
        calls = _called(sources[-1], result.name) if sources and result.name in wrong else set()
        if called := [name for name in wrong if name != result.name and name in calls]:
            note = _("it calls {functions}, which isn't right yet: mend that first").format(functions=", ".join(called))
            at = next(at for at, verdict in enumerate(result.verdicts) if not verdict.passed)
            verdict = replace(result.verdicts[at], notes=(note, *result.verdicts[at].notes))
            result = replace(result, verdicts=(*result.verdicts[:at], verdict, *result.verdicts[at + 1 :]))
        yield result


def _called(source: str, function: str) -> set[str]:
    """What a function calls by a global name, as far as its source can be read; mentioning isn't calling."""
    if len(source) > MAX_PARSED:  # no parser of Python's is made for what a stranger may write
        return set()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a backslash in a student's string
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    definitions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == function]
    nodes = list(ast.walk(definitions[-1])) if definitions else []
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)} - own


def _culprit(function: str, failed: Sequence[tuple[Run, Reply]]) -> Reply | None:
    """The failure of the cell that should have defined a function, or None."""
    return next((reply for cell, reply in reversed(failed) if f"def {function}(" in cell.source), None)


def _in_worker(session: Session, function: str, limits: Limits, culprit: Reply | None) -> Asked:
    """Ask in the worker, within the exercise's time; after the first time-out the exercise is over.

    ``culprit`` is how the function's own cell failed, if it did: the reason why there may be no function.
    """
    spent = 0.0
    over: Reply | None = None

    def asked(cases: Sequence[Sequence[Value]], /) -> list[Reply]:
        nonlocal spent, over
        if over is not None:
            return [over]
        started = time.monotonic()
        left = max(0.1, limits.exercise_seconds - spent)
        replies = session.call(function, cases, seconds=left, place=function)
        spent += time.monotonic() - started
        if not replies:
            return replies
        if replies[-1].status in (Status.TIMED_OUT, Status.DIED):
            over = replies[-1]
        if culprit is not None and replies[0].status is Status.MISSING:
            error = culprit.error or str(culprit.status)
            return [replace(replies[0], error=error, message=culprit.message, where=culprit.where)]
        return replies

    return asked
