"""Name the mistake: find the known misconception that gives the answers which a student's function gives.

The function is asked on probes, inputs chosen so that mistakes differ there. Its answers are compared with those of
each misconception, part by part, so two mistakes in two parts of one answer are both named. Examples that fail are
poor evidence: they are often 0, where many wrong answers agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from htilde.examination.allowance import stated
from htilde.examination.compare import alike, compare
from htilde.examination.paper import ExercisePaper, Mistake
from htilde.isolation.calls import Reply, Status
from htilde.laws import is_random
from htilde.model import Tolerance
from htilde.values import Refused, Value, leaves

__all__ = ["CLOSE", "Diagnosis", "as_answer", "diagnose", "nearly"]

LIKENESS = 1e-6
"""How near to a misconception's answer, relative to it, an answer must be to count as the same mistake."""
CLOSE = Tolerance(rtol=1e-3, atol=1e-6)
"""Within this, and wrong: close but not exact."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The mistakes that explain an answer: with ``together`` each in a part of its own, otherwise any could be it."""

    mistakes: tuple[Mistake, ...] = ()
    together: bool = False
    close: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the mistakes, in order."""
        return tuple(mistake.name for mistake in self.mistakes)


def diagnose(exercise: ExercisePaper, replies: Sequence[Reply]) -> Diagnosis:
    """Explain the replies to the exercise's probes, one for each.

    The first probe that the student gets wrong decides; the later ones only choose among what is left.
    """
    answers = [as_answer(reply) for reply in replies]
    if len(answers) < len(exercise.probes):
        return Diagnosis()
    wrong = [at for at, probe in enumerate(exercise.probes) if not alike(answers[at], probe.answer, tolerance=LIKENESS)]
    if not wrong:
        return Diagnosis(close=_close(exercise, answers))
    found, together = _matching(exercise, wrong[0], answers[wrong[0]])
    for at in range(len(answers)):
        if not together and at != wrong[0]:
            found = [m for m in found if alike(m.answers[at], answers[at], tolerance=LIKENESS)] or found
    return Diagnosis(tuple(found), together, close=not found and _close(exercise, answers))


def _matching(exercise: ExercisePaper, at: int, answer: Value) -> tuple[list[Mistake], bool]:
    """Return the misconceptions that give this answer to a probe, and whether it takes several to explain it."""
    right = exercise.probes[at].answer
    suspects = [m for m in exercise.mistakes if not alike(m.answers[at], right, tolerance=LIKENESS)]
    whole = [m for m in suspects if alike(m.answers[at], answer, tolerance=LIKENESS)]
    if whole:
        return whole, False
    parts, right_parts = list(leaves(answer)), list(leaves(right))
    if len(parts) != len(right_parts) or len(parts) < 2:
        return [], False
    culprits: list[list[Mistake]] = []
    for (place, part), (_, right_part) in zip(parts, right_parts):
        if not alike(part, right_part, tolerance=LIKENESS):
            culprits.append([m for m in suspects if alike(_part(m.answers[at], place), part, tolerance=LIKENESS)])
    # Fewest names first: one mistake that explains several parts is likelier than several mistakes.
    explanations = (dict.fromkeys(m.name for m in choice) for choice in product(*culprits))
    names = min(explanations, key=len, default={})
    chosen = [m for m in suspects if m.name in names]
    return chosen, len(chosen) > 1


def _part(answer: Value, place: str) -> Value:
    return dict(leaves(answer)).get(place, Refused("nothing"))


def as_answer(reply: Reply) -> Value:
    """Return the outcome of a call as a value; for a call that failed, one that holds its status and exception."""
    if reply.status is Status.ANSWERED:
        return reply.value
    return Refused(f"{reply.status} {reply.error}".strip())


def nearly(got: Value, want: Value) -> bool:
    """Tell whether an answer is close to the right one, as a numerical derivative is. Nothing is close to a law."""
    return not is_random(want) and compare(got, want, stated(want, CLOSE)).ok


def _close(exercise: ExercisePaper, answers: Sequence[Value]) -> bool:
    return all(nearly(answer, probe.answer) for answer, probe in zip(answers, exercise.probes))
