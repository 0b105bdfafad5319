"""The toy exercise, and short ways to ask it: one property of a function, or a submission of a few cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import toys
from htilde.diagnosis.completion import examine, judge
from htilde.examination.paper import ExercisePaper, Paper
from htilde.model import Examination, Limits, Verdict, Visibility
from htilde.submissions.steps import Ask, Run, Step, Submission

PUBLIC, HIDDEN = Visibility
LIMITS = Limits(cell_seconds=5.0, call_seconds=0.3, exercise_seconds=20.0, submission_seconds=60.0)
DOUBLE = toys.exercise(toys.double, points=2.0)
RIGHT = "def double(x):\n    return 2 * x"


def verdict(
    function: Callable[..., object], exercise: ExercisePaper = DOUBLE, visibility: Visibility = PUBLIC
) -> Verdict:
    """Return the verdict on the first property of an exercise."""
    return judge(exercise.questions[0], exercise, visibility, toys.live(function))


def submission(*cells: str | Ask) -> Submission:
    """Cells and checks, in order; without a check ``double`` is asked at the end."""
    steps: list[Step] = [cell if isinstance(cell, Ask) else Run(f"cell {at}", cell) for at, cell in enumerate(cells, 1)]
    return Submission(tuple(steps if Ask in map(type, cells) else [*steps, Ask("double")]))


def examined(
    *cells: str | Ask, papers: Sequence[Paper] = (toys.paper(DOUBLE),), limits: Limits = LIMITS
) -> Examination:
    """Examine them and return the results."""
    return examine(submission(*cells), papers, limits)
