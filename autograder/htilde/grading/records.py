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
from htilde.examination.verdicts import from_plain, to_plain
from htilde.grading.keep import write_whole
from htilde.model import Examination
from htilde.telling.text import in_brief

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
    """One student's last examination, in nobody's language.

    Where a grade comes from: ``submission`` is the SHA-256 of the file that was handed in, ``kit`` what examined it
    (``store.kit``), ``examined`` when; the examination names the papers. ``at`` is when it was recorded, ``basis`` a
    checksum of all that it depends on, so that a run can tell whether anything has changed.
    """

    assignment: str
    student: str
    status: Status
    message: str = ""
    examination: Examination | None = None
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
        given = {**plain, "status": Status(plain["status"])}
        examination = given.pop("examination")
        if "earlier" not in given:
            return cls(**given, earlier=_earlier(examination))
        return cls(**given, examination=None if examination is None else from_plain(examination))

    def in_words(self) -> str:
        """Return what went wrong, a reason a line with the exercises it concerns; nothing if nothing did."""
        if self.status is not Status.GRADED:
            return f"{self.status}: {self.message.partition(chr(10))[0]}"
        if self.examination is None:
            return "graded by an earlier version of the kit"
        return in_brief(self.examination)

    @property
    def points(self) -> dict[str, float]:
        """What each exercise earned."""
        if self.examination is None:
            return {name: about["points"] for name, about in self.earlier.get("exercises", {}).items()}
        return {result.name: result.points for result in self.examination.exercises}

    @property
    def worth(self) -> dict[str, float]:
        """What each exercise was worth."""
        if self.examination is None:
            return {name: about["max_points"] for name, about in self.earlier.get("exercises", {}).items()}
        return {result.name: result.max_points for result in self.examination.exercises}

    @property
    def unprotected(self) -> str:
        """The reason why the student's code ran without protection; empty if it was locked in."""
        examined = self.examination
        return str(self.earlier.get("unprotected", "")) if examined is None else examined.unprotected


def _earlier(examination: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an examination of a version before 0.2, after a look at all that it must hold."""
    for exercise in examination.get("exercises", {}).values():
        float(exercise["points"]), float(exercise["max_points"])
    return examination


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
