"""A student's new grade, in a form that outlives the process that decided on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from htilde.grading.records import Record

__all__ = ["GradeDecision"]


@dataclass(frozen=True)
class GradeDecision:
    """One student's new grade: the record, and what the gradebook shall hold."""

    record: Record
    scores: Mapping[str, tuple[float | None, float]]
    """For each cell the examiner's points, None if a person decides, and the points that it was worth then."""
    comments: Mapping[str, str | None]
    timestamp: str | None = None
    """When the submission was handed in, in ISO 8601 and UTC, if that is known."""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> GradeDecision:
        """Read what ``as_plain`` gave."""
        return cls(**{**plain, "record": Record.from_plain(plain["record"])})

    def as_plain(self) -> dict[str, Any]:
        """Return lists, dictionaries, texts and numbers, fit for JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {"record": self.record.as_plain()}
