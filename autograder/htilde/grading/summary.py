"""Say in a few words what a student's answers lack."""

from __future__ import annotations

from collections.abc import Sequence

from htilde.grading.records import GradeStatus, Record
from htilde.model import Verdict

__all__ = ["summary"]


def summary(record: Record) -> str:
    """Return what went wrong, a reason a line with the exercises it concerns; empty if nothing did."""
    if record.status is not GradeStatus.GRADED:
        return f"{record.status}: {record.message.partition(chr(10))[0]}"
    if record.examination is None:
        return "graded by an earlier version of the kit: grade again to see why"
    exercises: dict[str, list[str]] = {}
    for result in record.examination.exercises:
        if failed := [verdict for verdict in result.verdicts if not verdict.passed]:
            exercises.setdefault(_reason(failed), []).append(result.name)
    return "\n".join(f"{_together(names)}: {reason}" for reason, names in exercises.items())


def _together(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} exercises"


def _reason(failed: Sequence[Verdict]) -> str:
    named = next((verdict.misconceptions for verdict in failed if verdict.misconceptions), ())
    return " or ".join(mistake.replace("_", " ") for mistake in named) or failed[0].reason
