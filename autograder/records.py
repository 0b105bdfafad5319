"""What the last examination of each submission decided, one JSON file a student.

nbgrader's gradebook holds points; this holds the reasons. A record is replaced as a whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from autograder.course import Course

__all__ = ["Record", "Status", "read_record", "records", "write_record"]


class Status(StrEnum):
    """How the last examination of a submission ended."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    """The file isn't a notebook: zero points, with a message."""
    GRADER_ERROR = "grader error"
    """The kit failed: the grade of before stands, and somebody has to look."""


@dataclass(frozen=True)
class Record:
    """One student's last examination. ``examination`` is ``faces.as_json``'s form, empty if there was none."""

    assignment: str
    student: str
    status: Status
    message: str = ""
    examination: dict[str, Any] = field(default_factory=dict)
    at: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))

    def in_words(self) -> str:
        """What went wrong, a reason a line with the exercises it concerns; empty if nothing did."""
        if self.status is not Status.GRADED:
            return f"{self.status}: {self.message.partition(chr(10))[0]}"
        exercises: dict[str, list[str]] = {}
        for name, exercise in self.examination["exercises"].items():
            failed = [p for p in exercise["properties"] if not p["passed"]]
            if failed:
                exercises.setdefault(_reason(failed), []).append(name)
        return "\n".join(f"{_together(names)}: {reason}" for reason, names in exercises.items())


def _together(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} exercises"


def _reason(failed: list[dict[str, Any]]) -> str:
    named: str | list[str] = next((p["misconception"] for p in failed if p["misconception"]), [])
    mistakes = [named] if isinstance(named, str) else named
    return " or ".join(mistake.replace("_", " ") for mistake in mistakes) or str(failed[0]["reason"])


def _path(course: Course, assignment: str, student: str) -> Path:
    return course.private / "records" / assignment / f"{course.student(student)}.json"


def write_record(course: Course, record: Record) -> None:
    """Store a record in the place of the one before."""
    path = _path(course, record.assignment, record.student)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.new")
    fresh.write_text(json.dumps(asdict(record), indent=1, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def read_record(course: Course, assignment: str, student: str) -> Record | None:
    """The last record of a student, or None."""
    try:
        plain = json.loads(_path(course, assignment, student).read_text(encoding="utf-8"))
        return Record(**{**plain, "status": Status(plain["status"])})
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def records(course: Course, assignment: str) -> Iterator[Record]:
    """All records of an assignment, by student."""
    for path in sorted((course.private / "records" / assignment).glob("*.json")):
        if (record := read_record(course, assignment, path.stem)) is not None:
            yield record
