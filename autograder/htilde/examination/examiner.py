"""The examiner: runs a submission in a locked worker, asks its functions what the papers ask, and adds up the verdicts.

A ``Judge`` decides each property; callers use ``diagnosis.completion``, whose judge names mistakes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from htilde.codes import Note, NoteCode, Plain, distinct
from htilde.errors import Unprotected
from htilde.examination.compare import as_asked
from htilde.examination.judgement import Asked, Judge
from htilde.examination.paper import ExercisePaper, Paper
from htilde.isolation.calls import Reply, Status
from htilde.isolation.session import Session
from htilde.model import (
    Curves,
    Examination,
    ExerciseResult,
    Limits,
    Verdict,
    Visibility,
)
from htilde.submissions.definitions import called, last_defining
from htilde.submissions.steps import Run, Submission
from htilde.values import Value

__all__ = ["examine", "examine_exercise", "in_worker"]

MAX_TOLD = 200
"""Characters of an exception's text in a note."""
MAX_NOTES = 20
"""Remarks on a submission as a whole."""


def examine_exercise(exercise: ExercisePaper, papers: Sequence[Paper], asked: Asked, judge: Judge) -> ExerciseResult:
    """Return all verdicts on one exercise, public properties first."""
    (result,) = _examined([exercise], papers, {exercise.name: asked}, judge)
    return result


def _examined(
    exercises: Sequence[ExercisePaper],
    papers: Sequence[Paper],
    asked: Mapping[str, Asked],
    judge: Judge,
    *,
    in_turn: bool = False,
) -> list[ExerciseResult]:
    """Ask every exercise's public properties before any hidden one.

    Functions of one submission share a process: one could reveal what another was asked in private.
    """
    verdicts: dict[str, list[Verdict]] = {exercise.name: [] for exercise in exercises}
    curves: dict[str, Curves | None] = {}
    for paper in _public_first(papers):
        for name, found in verdicts.items():
            told = [verdict for verdict in found if verdict.visibility is Visibility.PUBLIC]
            if in_turn and not all(verdict.passed for verdict in told):
                continue
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
    """Return the answer beside the right one where the paper says that it can be drawn; None if it can't."""
    if exercise.curve is None:
        return None
    right = exercise.curve.answer
    if not isinstance(right, np.ndarray) or right.ndim != 1 or not right.size:
        return None
    yours = as_asked(asked([exercise.curve.arguments])[0].value, right)
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
    judge: Judge,
    *,
    allow_unprotected: bool = False,
    in_turn: bool = False,
    session: Session | None = None,
    by: Callable[[ExercisePaper, Asked], ExerciseResult] | None = None,
) -> Examination:
    """Run a submission in a worker and ask it, as it is at each of its check cells, what the papers ask there.

    All cells run before the first question, so that none can reveal what a function was asked, and public
    properties are asked before hidden ones; ``in_turn``, hidden ones only of an exercise whose public ones pass.
    ``session`` is one that was started ahead; it is closed. ``by`` examines one exercise in another way.

    Raises Unprotected if the worker couldn't be locked and ``allow_unprotected`` is false, before the
    submission is run; GraderFault if no worker could be started at all.
    """
    papers = _public_first(papers)
    asked: dict[str, Asked] = {}
    failed: list[tuple[Run, Reply]] = []
    notes = list(submission.notes)
    with session or Session(limits) as session:
        unprotected = "" if session.protection.official else "; ".join(session.protection.missing)
        if unprotected and not allow_unprotected:
            raise Unprotected(
                f"Student code can't be locked in on this machine: {unprotected}.",
                next_step="Run 'htilde doctor' for the way to mend it.",
            )
        for step in submission.steps:
            if isinstance(step, Run):
                reply = session.run(step.label, step.source)
                notes += _about_cell(step.label, reply)
                if reply.status is not Status.ANSWERED:
                    failed.append((step, reply))
            elif (exercise := papers[0].exercise(step.exercise)) is not None:
                session.remember(exercise.name)
                at = last_defining([cell.source for cell, _reply in failed], exercise.name)
                culprit = None if at is None else failed[at][1]
                asked[exercise.name] = in_worker(session, exercise.name, limits, culprit)
        exercises = [exercise for exercise in papers[0].exercises if exercise.name in asked]
        if by is None:
            results = _examined(exercises, papers, asked, judge, in_turn=in_turn)
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


def _about_cell(label: str, reply: Reply) -> list[Note]:
    """Return notes on a cell that was run: how it ended if not well, and what was skipped in it."""
    cell: dict[str, Plain] = {"cell": label}
    notes = [replace(note, details={**cell, **note.details}) for note in reply.notes]
    if reply.status is Status.RAISED:
        raised = cell | {"error": reply.error, "message": reply.message[:MAX_TOLD]}
        raised |= {"line": reply.line, "source": reply.source} if reply.line else {}
        raised |= {"package": reply.package, "used": reply.used} if reply.package else {}
        notes.append(Note(NoteCode.CELL_RAISED, raised))
    elif reply.status is not Status.ANSWERED:
        code = NoteCode.CELL_TIMED_OUT if reply.status is Status.TIMED_OUT else NoteCode.CELL_DIED
        notes.append(Note(code, {**cell, **reply.end}))
    return notes


def _readable(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Return the first ``MAX_NOTES`` notes, each once, and a note of how many more there are."""
    told = distinct(notes)
    left_out = len(told) - MAX_NOTES
    return told if left_out <= 0 else (*told[:MAX_NOTES], Note(NoteCode.MORE, {"count": left_out}))


def _blaming(results: Sequence[ExerciseResult], submission: Submission) -> Iterator[ExerciseResult]:
    """Yield the results, with a note on each wrong exercise that calls another wrong one: there is one mistake."""
    wrong = [result.name for result in results if not result.passed]
    for result in results:
        calls = called(submission.source_of(result.name), result.name) if result.name in wrong else set()
        first: list[Plain] = [name for name in wrong if name != result.name and name in calls]
        note = Note(NoteCode.CALLS_WRONG, {"functions": first})
        yield replace(result, notes=(note, *result.notes)) if first else result


def in_worker(
    session: Session, function: str, limits: Limits, culprit: Reply | None = None, *, place: str = ""
) -> Asked:
    """Ask in the worker, within the exercise's time; after the first time-out the exercise is over.

    What is asked is the function as it was remembered at ``place``, without one under its own name. ``culprit`` is how
    the function's own cell failed, if it did: the reason why there may be no function.
    """
    spent = 0.0
    over: Reply | None = None

    def asked(cases: Sequence[Sequence[Value]], /, keep: Sequence[int] = ()) -> list[Reply]:
        nonlocal spent, over
        if over is not None:
            return [over]
        started = time.monotonic()
        left = max(0.1, limits.exercise_seconds - spent)
        replies = session.call(function, cases, seconds=left, place=place or function, keep=keep)
        spent += time.monotonic() - started
        if not replies:
            return replies
        if replies[-1].status in (Status.TIMED_OUT, Status.DIED):
            over = replies[-1]
        if culprit is not None and replies[0].status is Status.MISSING:
            return [replace(replies[0], cause=culprit)]
        return replies

    return asked
