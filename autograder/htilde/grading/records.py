"""What the last examination of each submission decided, one JSON file a student.

nbgrader's gradebook holds points; this holds the reasons. A record is replaced as a whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from htilde.course import Course
from htilde.errors import UsageError
from htilde.grading.keep import write_whole

__all__ = ["Record", "Status", "begin", "done", "read_record", "records", "unfinished", "write_record"]


class Status(StrEnum):
    """How the last examination of a submission ended."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    """The file isn't a notebook: zero points, with a message."""
    GRADER_ERROR = "grader error"
    """The kit failed: the grade of before stands, and somebody has to look."""
    UNFINISHED = "unfinished"
    """It was to be examined anew, and that hasn't been done: the grade of before stands."""


@dataclass(frozen=True)
class Record:
    """One student's last examination. ``examination`` is ``faces.as_json``'s form, empty if there was none.

    Where a grade comes from: ``submission`` is the SHA-256 of the file that was handed in, ``kit`` what examined it
    (``store.kit``), ``examined`` when; the examination names the papers. ``at`` is when it was recorded, ``basis`` a
    checksum of all that it depends on, so that a run can tell whether anything has changed.
    """

    assignment: str
    student: str
    status: Status
    message: str = ""
    examination: dict[str, Any] = field(default_factory=dict)
    at: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    submission: str = ""
    kit: str = ""
    examined: str = ""
    basis: str = ""

    def as_plain(self) -> dict[str, Any]:
        """For a JSON file. Unlike dataclasses.asdict it shares the examination, which is thousands of parts."""
        return {name.name: getattr(self, name.name) for name in fields(self)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Record:
        """From what ``as_plain`` gave. Raises ValueError, TypeError, KeyError or AttributeError for all else."""
        record = cls(**{**plain, "status": Status(plain["status"])})
        record.in_words()  # goes through all that it may hold
        return record

    def in_words(self) -> str:
        """What went wrong, a reason a line with the exercises it concerns; empty if nothing did."""
        if self.status is not Status.GRADED:
            return f"{self.status}: {self.message.partition(chr(10))[0]}"
        exercises: dict[str, list[str]] = {}
        for name, exercise in self.examination.get("exercises", {}).items():
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
    write_whole(path, json.dumps(record.as_plain(), ensure_ascii=False))


def read_record(course: Course, assignment: str, student: str) -> Record | None:
    """The last record of a student; None if there is none that can be read."""
    try:
        plain = json.loads(_path(course, assignment, student).read_text(encoding="utf-8"))
        record = Record.from_plain(plain)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if record.status is not Status.GRADER_ERROR and _mark(course, assignment, student).exists():
        return replace(record, status=Status.UNFINISHED, message=_STANDS)
    return record


_STANDS = "the grade of before stands"


def records(course: Course, assignment: str) -> Iterator[Record]:
    """All records of an assignment, by student."""
    for path in sorted((course.private / "records" / assignment).glob("*.json")):
        if (record := read_record(course, assignment, path.stem)) is not None:
            yield record


def _mark(course: Course, assignment: str, student: str) -> Path:
    return course.private / "unfinished" / assignment / course.student(student)


def begin(course: Course, assignment: str, students: Iterable[str]) -> None:
    """Note that these are to be examined anew. Whoever isn't ``done`` when the process ends is ``unfinished``."""
    (course.private / "unfinished" / assignment).mkdir(mode=0o700, parents=True, exist_ok=True)
    for student in students:
        try:
            _mark(course, assignment, student).touch()
        except UsageError:  # no student, so nobody to grade
            pass


def done(course: Course, assignment: str, student: str) -> None:
    """The student has been examined, or shall not be."""
    _mark(course, assignment, student).unlink(missing_ok=True)


def unfinished(course: Course, assignment: str) -> set[str]:
    """Who was to be examined anew and hasn't been."""
    return {path.name for path in (course.private / "unfinished" / assignment).glob("*")}
