"""Explore: let Hypothesis draw examples and torch answer them, and shrink those that fail.

Grades come from stored papers. Exploring is for an author who wants to know whether the papers miss something, and for
a student who has the whole course. It needs torch and Hypothesis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from htilde.authoring.declarations import Declarations
from htilde.authoring.drawing import answer_of, examples_of, in_order, unchanged
from htilde.codes import Code
from htilde.declare import Property
from htilde.diagnosis.completion import judge
from htilde.examination.allowance import stated
from htilde.examination.compare import compare
from htilde.examination.judgement import Asked
from htilde.examination.paper import ExercisePaper, Question
from htilde.isolation.calls import Status
from htilde.laws import is_random
from htilde.model import ExerciseResult, Tolerance, Verdict, Visibility
from htilde.strategies import explore
from htilde.values import Value, identical

__all__ = ["TRIES", "explore_exercise"]

TRIES = 200
"""The number of examples that are drawn for each property."""

_ROUGHLY = Tolerance(rtol=1e-3, atol=1e-3)
"""The tolerance beyond which an answer is wrong, however much right forms differ."""


def explore_exercise(
    declarations: Declarations,
    exercise: ExercisePaper,
    asked: Asked,
    visibilities: Sequence[Visibility],
    *,
    tries: int = TRIES,
) -> ExerciseResult:
    """Return the verdicts on one exercise, each on the smallest failing example that was found."""
    verdicts: list[Verdict] = []
    for visibility in sorted(visibilities, key=lambda visibility: visibility is Visibility.HIDDEN):
        told = tuple(verdicts)
        for declared in declarations.properties(exercise.name, visibility):
            question, failed = _question(declarations, declared, asked, tries)
            verdict = judge(question, exercise, visibility, asked, told)
            if failed and verdict.passed:  # wrong once, right when asked again
                verdict = replace(verdict, code=Code.WAVERS, details={"random": False})
            verdicts.append(verdict)
    return ExerciseResult(exercise.name, exercise.points, tuple(verdicts))


def _question(declarations: Declarations, declared: Property, asked: Asked, tries: int) -> tuple[Question, bool]:
    """Return a question with the failing example of a property, and True; or with examples that pass, and False.

    Those that pass are the explicit examples and the last one drawn. For a random property they are all that were
    drawn, because they are judged together.
    """
    kept: list[tuple[Value, ...]] = []
    held = unchanged(declared)
    lost = random = False

    def wrong(arguments: dict[str, Value]) -> bool:
        nonlocal lost, random
        ordered = in_order(arguments, declared.parameters)
        kept[:] = [*kept, ordered] if random else [ordered]
        if lost:  # the exercise is over after a time-out: shrinking on would only wait
            return False
        (reply,) = asked([ordered], held) if held else asked([ordered])
        if reply.status is not Status.ANSWERED:
            lost = reply.status in (Status.TIMED_OUT, Status.DIED)
            return True
        answer = answer_of(declared, ordered)
        random = is_random(answer)
        if not compare(reply.value, answer, stated(answer, _ROUGHLY)).ok:  # deriving what is allowed takes longer
            return True
        (example,) = examples_of(declarations, declared, [ordered], shown=0)
        right = compare(reply.value, example.answer, example.allowed).ok
        return not right or any(not identical(now, ordered[at]) for now, at in zip(reply.after, held))

    explicit = [in_order(arguments, declared.parameters) for arguments in declared.examples]
    found = next(
        (dict(zip(declared.parameters, a)) for a in explicit if wrong(dict(zip(declared.parameters, a)))), None
    )
    kept.clear()
    if found is None:
        found = explore(declared.strategies, wrong, tries)
    chosen = [*explicit, *kept] if found is None else [in_order(found, declared.parameters)]
    examples = examples_of(declarations, declared, chosen, shown=len(chosen))
    question = Question(declared.name, {"en": declared.claim}, declared.kind, examples, held)
    return question, found is not None
