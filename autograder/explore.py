"""Exploring: Hypothesis draws live, torch answers live, and what fails is shrunk before it is judged.

Stored papers grade; exploring is for an author who wants to know whether the papers miss something, and for a
student with the whole course at hand. Needs torch and Hypothesis.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.calls import Status
from autograder.compare import compare
from autograder.declarations import Declarations
from autograder.declare import Property
from autograder.examiner import Asked, judge
from autograder.model import ExerciseResult, Visibility
from autograder.paper import ExercisePaper, Question
from autograder.papers import example_of, in_order
from autograder.strategies import explore
from autograder.values import Value

__all__ = ["TRIES", "explore_exercise"]

TRIES = 200
"""Live examples of each property."""


def explore_exercise(
    declarations: Declarations,
    exercise: ExercisePaper,
    asked: Asked,
    visibilities: Sequence[Visibility],
    *,
    tries: int = TRIES,
) -> ExerciseResult:
    """The verdicts on one exercise, each on the smallest failing example that could be found."""
    verdicts = [
        judge(_question(declarations, declared, asked, tries), exercise, visibility, asked)
        for visibility in visibilities
        for declared in declarations.properties(exercise.name, visibility)
    ]
    return ExerciseResult(exercise.name, exercise.points, tuple(verdicts))


def _question(declarations: Declarations, declared: Property, asked: Asked, tries: int) -> Question:
    """The property reduced to what is worth asking: what failed, or its explicit examples and the last one drawn."""
    mistakes = declarations.mistakes(declared.exercise)
    last: list[tuple[Value, ...]] = []
    lost = False

    def wrong(arguments: dict[str, Value]) -> bool:
        nonlocal lost
        ordered = in_order(arguments, declared.parameters)
        last[:] = [ordered]
        if lost:  # the exercise is over after a time-out: shrinking on would only wait
            return False
        (reply,) = asked([ordered])
        if reply.status is not Status.ANSWERED:
            lost = reply.status in (Status.TIMED_OUT, Status.DIED)
            return True
        example = example_of(declared, ordered, ())
        return not compare(reply.value, example.answer, declared.tolerance, scale=example.scale).ok

    explicit = [in_order(arguments, declared.parameters) for arguments in declared.examples]
    found = next(
        (dict(zip(declared.parameters, a)) for a in explicit if wrong(dict(zip(declared.parameters, a)))), None
    )
    found = found or explore(declared.strategies, wrong, tries)
    chosen = [in_order(found, declared.parameters)] if found else [*explicit, *last]
    examples = tuple(example_of(declared, arguments, mistakes) for arguments in chosen)
    return Question(declared.name, declared.claim, declared.kind, declared.tolerance, examples)
