"""Records of what the last examination of each submission decided, one JSON file a student.

nbgrader's gradebook holds points; this holds the reasons. A record is replaced as a whole or not at all, and knows no
language: verdicts are data.
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
from htilde.examination.verdicts import from_plain, to_plain
from htilde.files import write_file
from htilde.model import Examination

__all__ = ["GradeStatus", "Record", "begin", "done", "read_record", "records", "unfinished", "write_record"]


class GradeStatus(StrEnum):
    """The end of a submission's last examination."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    """The file isn't a notebook: zero points, with a message."""
    GRADER_ERROR = "grader error"
    """The kit failed: the grade of before stands, and somebody has to look."""
    UNFINISHED = "unfinished"
    """It was to be examined anew, and that hasn't been done: the grade of before stands."""


@dataclass(frozen=True)
class Record:
    """One student's last examination.

    ``points`` are what each exercise earned, ``worth`` what it was worth then. Where a grade comes from:
    ``submission`` is the SHA-256 of the file that was handed in, ``kit`` what examined it (``files.engine``),
    ``examined`` when; the examination names the papers. ``at`` is when it was recorded, ``basis`` a fingerprint of all
    that it depends on, so that a run can tell whether anything has changed.
    """

    assignment: str
    student: str
    status: GradeStatus
    message: str = ""
    examination: Examination | None = None
    points: Mapping[str, float] = field(default_factory=dict)
    worth: Mapping[str, float] = field(default_factory=dict)
    at: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))
    submission: str = ""
    kit: str = ""
    examined: str = ""
    basis: str = ""
    earlier: Mapping[str, Any] = field(default_factory=dict)
    """The examination as a version before 0.2 wrote it, in sentences; empty if this version examined."""

    def as_plain(self) -> dict[str, Any]:
        """Return lists, dictionaries, texts and numbers, fit for JSON."""
        plain = {name.name: getattr(self, name.name) for name in fields(self)}
        return plain | {"examination": None if self.examination is None else to_plain(self.examination)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Record:
        """Read what ``as_plain`` gave, in this version or one before.

        Raises ValueError, TypeError, KeyError or AttributeError for anything else.
        """
        given = {**plain, "status": GradeStatus(plain["status"])}
        examination = given.pop("examination")
        if "points" not in given:
            return cls(**given, **_earlier(examination))
        if not all(isinstance(n, (int, float)) for n in (*given["points"].values(), *given["worth"].values())):
            raise TypeError("points are numbers")
        return cls(**given, examination=None if examination is None else from_plain(examination))

    @property
    def unprotected(self) -> str:
        """The reason why the student's code ran without protection; empty if it was locked in."""
        examined = self.examination
        return str(self.earlier.get("unprotected", "")) if examined is None else examined.unprotected


def _earlier(examination: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that hold an examination of a version before 0.2."""
    exercises = examination.get("exercises", {})
    return {
        "points": {name: float(exercise["points"]) for name, exercise in exercises.items()},
        "worth": {name: float(exercise["max_points"]) for name, exercise in exercises.items()},
        "earlier": examination,
    }


def _path(course: Course, assignment: str, student: str) -> Path:
    return course.private / "records" / assignment / f"{course.student(student)}.json"


def write_record(course: Course, record: Record) -> None:
    """Store a record in the place of the one before."""
    path = _path(course, record.assignment, record.student)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_file(path, json.dumps(record.as_plain()), durable=True)


def read_record(course: Course, assignment: str, student: str) -> Record | None:
    """Return the last record of a student; None if there is none that can be read."""
    try:
        plain = json.loads(_path(course, assignment, student).read_text(encoding="utf-8"))
        record = Record.from_plain(plain)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    if record.status is not GradeStatus.GRADER_ERROR and _mark(course, assignment, student).exists():
        return replace(record, status=GradeStatus.UNFINISHED, message="the grade of before stands")
    return record


def records(course: Course, assignment: str) -> Iterator[Record]:
    """Yield all records of an assignment, by student."""
    for path in sorted((course.private / "records" / assignment).glob("*.json")):
        if (record := read_record(course, assignment, path.stem)) is not None:
            yield record


def _mark(course: Course, assignment: str, student: str) -> Path:
    return course.private / "unfinished" / assignment / course.student(student)


def begin(course: Course, assignment: str, students: Iterable[str]) -> None:
    """Note that these are to be graded anew. Whoever isn't ``done`` when the process ends is ``unfinished``."""
    (course.private / "unfinished" / assignment).mkdir(mode=0o700, parents=True, exist_ok=True)
    for student in students:
        try:
            _mark(course, assignment, student).touch()
        except UsageError:  # a folder's name that is no student's, so nobody to grade
            pass


def done(course: Course, assignment: str, student: str) -> None:
    """Note that the student has been graded, or shall not be."""
    _mark(course, assignment, student).unlink(missing_ok=True)


def unfinished(course: Course, assignment: str) -> set[str]:
    """Return the students who were to be graded anew and haven't been."""
    return {path.name for path in (course.private / "unfinished" / assignment).glob("*")}
