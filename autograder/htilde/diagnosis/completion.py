"""Examine with a diagnosis: ``examination`` decides, and each verdict is completed by the mistake that explains it.

This is what callers use, for one property, one exercise or a whole submission.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from htilde.codes import Code
from htilde.diagnosis.diagnose import LIKENESS, Diagnosis, diagnose, nearly
from htilde.evidence import Shown, excerpt
from htilde.examination import examiner
from htilde.examination.compare import alike
from htilde.examination.judgement import Asked, Decision, decide
from htilde.examination.paper import ExercisePaper, Paper, Question
from htilde.examination.places import part_at
from htilde.isolation.calls import Status
from htilde.isolation.session import Session
from htilde.model import Examination, ExerciseResult, Limits, Verdict, Visibility
from htilde.submissions.steps import Submission

__all__ = ["examine", "examine_exercise", "judge"]

MAX_SHOWN = 2
"""Mistakes whose answers are shown beside the student's."""


def judge(
    question: Question,
    exercise: ExercisePaper,
    visibility: Visibility,
    asked: Asked,
    told: Sequence[Verdict] = (),
    /,
    *,
    explain: bool = False,
) -> Verdict:
    """Decide one property and name the mistake; the parameters are those of ``judgement.decide``.

    Of a hidden property several mistakes made at once are named only if a public one has told them: a function that
    sees the input could tell it by which of all their combinations it makes.
    """
    decision = decide(question, exercise, visibility, asked, told, explain=explain)
    failure, verdict = decision.failure, decision.verdict
    if failure is None or failure.wavering:
        return verdict
    probes = [probe.arguments for probe in exercise.probes]
    if failure.reply.status is not Status.ANSWERED:
        # A mistake may raise on some inputs (a matrix product of shapes that don't fit) and answer others.
        answers = asked(probes) if failure.reply.status is Status.RAISED else []
        answered = any(answer.status is Status.ANSWERED for answer in answers)
        if not answered:
            return verdict
        diagnosis = diagnose(exercise, answers)
    else:
        diagnosis = diagnose(exercise, asked(probes))
    hidden = visibility is Visibility.HIDDEN and not explain
    if hidden and diagnosis.together and diagnosis.names not in [other.mistakes for other in told]:
        diagnosis = Diagnosis()
    near = diagnosis.close and nearly(failure.reply.value, failure.example.answer)
    if verdict.code is Code.WRONG_VALUES and near:
        decision = replace(decision, verdict=replace(verdict, code=Code.CLOSE))
    return _completed(decision, diagnosis, exercise)


def _completed(decision: Decision, diagnosis: Diagnosis, exercise: ExercisePaper) -> Verdict:
    """Return the verdict with the names of mistakes, their hints and, where there is evidence, their answers."""
    verdict = replace(
        decision.verdict,
        mistakes=diagnosis.names,
        together=diagnosis.together,
        hints=tuple(mistake.hint for mistake in diagnosis.mistakes),
    )
    failure, evidence = decision.failure, verdict.evidence
    if failure is None or evidence is None:
        return verdict
    right = part_at(failure.example.answer, decision.where, exercise.parts)
    given = dict(zip((mistake.name for mistake in exercise.mistakes), failure.example.mistaken))
    mistaken: dict[str, Shown] = {}
    for mistake in diagnosis.mistakes[:MAX_SHOWN]:
        if mistake.name in given:
            answer = part_at(given[mistake.name], decision.where, exercise.parts)
            if not alike(answer, right, tolerance=LIKENESS):  # else it is a mistake in another part
                mistaken[mistake.name] = excerpt(answer)
    return replace(verdict, evidence=replace(evidence, mistaken=mistaken))


def examine_exercise(exercise: ExercisePaper, papers: Sequence[Paper], asked: Asked) -> ExerciseResult:
    """Return all verdicts on one exercise, public properties first."""
    return examiner.examine_exercise(exercise, papers, asked, judge)


def examine(
    submission: Submission,
    papers: Sequence[Paper],
    limits: Limits,
    *,
    allow_unprotected: bool = False,
    in_turn: bool = False,
    session: Session | None = None,
    by: Callable[[ExercisePaper, Asked], ExerciseResult] | None = None,
) -> Examination:
    """Run a submission in a worker and ask it what the papers ask; the parameters are those of ``examiner.examine``."""
    return examiner.examine(
        submission,
        papers,
        limits,
        judge,
        allow_unprotected=allow_unprotected,
        in_turn=in_turn,
        session=session,
        by=by,
    )
