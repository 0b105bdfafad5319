"""Summarise in a few words what a student's answers lack."""

from __future__ import annotations

from htilde.grading.records import GradeStatus, Record
from htilde.telling.text import in_brief

__all__ = ["summary"]


def summary(record: Record) -> str:
    """Return what went wrong, a reason a line with the exercises it concerns; empty if nothing did."""
    if record.status is not GradeStatus.GRADED:
        return f"{record.status}: {record.message.partition(chr(10))[0]}"
    if record.examination is None:
        return "graded by an earlier version of the kit: grade again to see why"
    return in_brief(record.examination)
