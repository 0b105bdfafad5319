"""The course: its ``grading.toml`` and the paths of its files.

Everything wrong with ``grading.toml`` is reported at once, each problem with its line.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from htilde.codes import STRICT, NoteCode
from htilde.errors import CourseError, Problem, UsageError
from htilde.language import LANGUAGES
from htilde.model import CHECK_PREFIX, PAPER_SUFFIX, Limits
from htilde.toml_lines import Place, lines_of

__all__ = ["GRADING", "Assignment", "Course", "find_course", "load_course"]

GRADING = "grading.toml"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LARGEST = 1e9
_DESCRIBED = "docs/grading.md describes every key."
_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\Z")
_URL = re.compile(r"[a-z][a-z0-9+]*://([^/@:]*(:(?P<password>.*))?@)?[^@]*\Z")


@dataclass(frozen=True)
class Assignment:
    """One assignment: its name, what each exercise is worth in points, in order, and when it is due.

    ``written`` are the questions that a person grades, and their points.
    """

    name: str
    points: Mapping[str, float]
    due: dt.datetime | None = None
    written: Mapping[str, float] = field(default_factory=dict)

    @property
    def exercises(self) -> tuple[str, ...]:
        return tuple(self.points)


@dataclass(frozen=True)
class Course:
    """A directory with ``grading.toml``. Paths are absolute."""

    root: Path
    title: str
    language: str
    limits: Limits
    allow_unprotected: bool
    assignments: tuple[Assignment, ...]
    db_url: str = ""
    """The address of nbgrader's gradebook, if it isn't gradebook.db."""
    strict: tuple[NoteCode, ...] = ()
    """The notes that are losses in this course, in the order of ``codes.STRICT``."""

    def assignment(self, name: str) -> Assignment:
        """Return the assignment of that name. Raises UsageError, which names the nearest, if there is none."""
        found = next((a for a in self.assignments if a.name == name), None)
        if found is None:
            names = [a.name for a in self.assignments]
            raise UsageError(
                f"{self.root / GRADING}: there is no assignment {name!r}{_did_you_mean(name, names)}",
                next_step=f"Its assignments are: {', '.join(names)}.",
            )
        return found

    def master(self, assignment: str) -> Path:
        """Return the path of the text from which an assignment's notebook is built."""
        return self.root / "solutions" / f"{assignment}.py"

    def source(self, assignment: str) -> Path:
        """Return nbgrader's source folder of an assignment (generated)."""
        return self.root / "solutions" / assignment

    def release(self, assignment: str) -> Path:
        """Return the folder that students receive."""
        return self.root / "assignments" / assignment

    def public_paper(self, assignment: str) -> Path:
        """Return the path of the public paper as it ships, beside the notebook."""
        return self.release(assignment) / f"{assignment}{PAPER_SUFFIX}"

    def hidden_paper(self, assignment: str) -> Path:
        """Return the path of the hidden paper, which never leaves ``.course``."""
        return self.private / "papers" / f"{assignment}{PAPER_SUFFIX}"

    def self_study_paper(self, assignment: str) -> Path:
        """Return the path of the hidden paper for self-learners, which isn't the one that grades."""
        return self.private / "self-study" / "papers" / f"{assignment}{PAPER_SUFFIX}"

    def declarations(self, kind: str, assignment: str) -> Path:
        """Return the path of a file of ``tests/``.

        ``kind`` is public, hidden, shared, misconceptions, variants or sample_class.
        """
        return self.root / "tests" / kind / f"{assignment}.py"

    @property
    def private(self) -> Path:
        """The instructor's own folder: hidden papers, the secret seed, verdicts. It has to be backed up."""
        return self.root / ".course"

    def student(self, name: str) -> str:
        """Return ``name`` if it can be a student's id, which never leads out of a folder. Raises UsageError."""
        if not _STUDENT.match(name):
            raise UsageError(
                f"{name!r} can't be a student id: at most 64 letters, digits and . _ @ -, the first a letter or digit.",
                next_step="Name one student, as the folder in submitted/ is called.",
            )
        return name


def find_course(start: Path) -> Course:
    """Load the course that ``start`` lies in, as git finds a repository. Raises UsageError if there is none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / GRADING).is_file():
            return load_course(folder / GRADING)
    raise UsageError(
        f"{start.resolve()}: neither this folder nor one above it has a {GRADING}.",
        next_step="Go to the folder of your course, or name it with --course.",
    )


def load_course(path: Path) -> Course:
    """Read ``grading.toml``. Raises CourseError with all that is wrong in it."""
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except FileNotFoundError:
        raise CourseError(Problem(path, "there is no such file."), next_step="Name the folder of a course.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(Problem(path, f"can't be read ({error})."), next_step=_DESCRIBED) from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        what = f"this isn't TOML: {re.sub(r' [(]at line.*', '', str(error))}."
        raise CourseError(Problem(path, what, line=int(line[1]) if line else None), next_step=_DESCRIBED) from None
    reader = _Reader(path, text)
    course = reader.course(table)
    if reader.problems:
        raise CourseError(reader.problems, next_step=_DESCRIBED)
    return course


class _Reader:
    """Makes a course out of the parsed table and collects what is wrong with it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.lines, self.problems = path, lines_of(text), list[Problem]()

    def course(self, table: Mapping[str, Any]) -> Course:
        self._known(table, ("course", "limits", "isolation", "gradebook", "strict", "assignment"), "the file")
        about = self._table(table, "course", ("title", "language"))
        isolation = self._table(table, "isolation", ("allow_unprotected",))
        strict = self._table(table, "strict", tuple(STRICT))
        language = self._typed(about, "language", str, "en", "course")
        if language not in LANGUAGES:
            self._wrong(
                "language", f"{language!r} isn't a language of the kit; choose from {', '.join(LANGUAGES)}.", "course"
            )
        return Course(
            root=self.path.resolve().parent,
            title=self._typed(about, "title", str, self.path.resolve().parent.name, "course"),
            language=language,
            limits=self._limits(self._table(table, "limits", tuple(f.name for f in fields(Limits)))),
            allow_unprotected=self._typed(isolation, "allow_unprotected", bool, False, "isolation"),
            assignments=tuple(self._assignments(table.get("assignment", []))),
            db_url=self._db_url(self._table(table, "gradebook", ("db_url",))),
            strict=tuple(note for key, note in STRICT.items() if self._typed(strict, key, bool, False, "strict")),
        )

    def _db_url(self, table: Mapping[str, Any]) -> str:
        url: str = self._typed(table, "db_url", str, "", "gradebook")
        found = _URL.match(url)
        if url and not found:
            what = f"db_url = {_brief(url)}; an address like postgresql://USER@HOST/DATABASE is expected."
            self._wrong("db_url", what, "gradebook")
        if found and found["password"]:
            what = "db_url holds a password, and this file isn't secret: leave it out and put it into ~/.pgpass."
            self._wrong("db_url", what, "gradebook")
        return url

    def _limits(self, table: Mapping[str, Any]) -> Limits:
        given: dict[str, Any] = {}
        for key, value in table.items():
            whole = key == "memory_mib"
            if type(value) not in ((int,) if whole else (int, float)) or not 0 < value <= _LARGEST:
                kind = "whole number" if whole else "number"
                self._wrong(key, f"{key} = {_brief(value)}; a {kind} above 0 is expected.", "limits")
            else:
                given[key] = value if whole else float(value)
        return Limits(**given)

    def _assignments(self, tables: Any) -> Iterator[Assignment]:
        if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
            self._wrong("assignment", "no assignment is listed; begin each with [[assignment]].")
            return
        seen: set[str] = set()
        for number, table in enumerate(tables):
            self._known(table, ("name", "due", "points", "written"), "assignment", nth=number)
            name = table.get("name")
            if not isinstance(name, str) or not _NAME.match(name):
                self._wrong("name", f"name = {_brief(name)}; letters, digits and _ are expected.", "assignment", number)
                continue
            if name in seen:
                self._wrong("name", f"assignment {name} is listed twice.", "assignment", number)
            seen.add(name)
            points = dict(self._points(table, "points", number))
            if not points and not table.get("points"):
                self._wrong("name", f"{name} lists no exercises under [assignment.points].", "assignment", number)
            written = dict(self._points(table, "written", number))
            for question in points.keys() & written.keys():
                what = f"{question} is an exercise and a written question: give one of them another name."
                self._wrong(question, what, "assignment.written", number)
            for exercise in points:
                if CHECK_PREFIX + exercise in {*points, *written}:  # the check cell of the one has the other's id
                    what = (
                        f"{CHECK_PREFIX}{exercise} is what the check cell of {exercise} is called: take another name."
                    )
                    place = "assignment.points" if CHECK_PREFIX + exercise in points else "assignment.written"
                    self._wrong(CHECK_PREFIX + exercise, what, place, number)
            yield Assignment(name, points, self._due(table, number), written)

    def _points(self, table: Mapping[str, Any], key: str, number: int) -> Iterator[tuple[str, float]]:
        inner = table.get(key, {})
        if not isinstance(inner, dict):
            what = f"{key} = {_brief(inner)}; names and points are expected, below [assignment.{key}]."
            self._wrong(key, what, "assignment", number)
            return
        for exercise, points in inner.items():
            if not _NAME.match(exercise):
                self._wrong(exercise, f"{exercise!r} can't be a function's name.", f"assignment.{key}", number)
            elif type(points) not in (int, float) or not 0 <= points <= _LARGEST:
                what = f"{exercise} = {_brief(points)}; points are a number, 0 or more."
                self._wrong(exercise, what, f"assignment.{key}", number)
            else:
                yield exercise, float(points)

    def _due(self, table: Mapping[str, Any], number: int) -> dt.datetime | None:
        due = table.get("due")
        if due is None or (isinstance(due, dt.datetime) and due.tzinfo is not None):
            return due
        what = f"due = {_brief(due)}; a date and time with its offset is expected, like 2027-03-15T23:59:00+01:00."
        self._wrong("due", what, "assignment", number)
        return None

    def _table(self, table: Mapping[str, Any], name: str, known: tuple[str, ...]) -> Mapping[str, Any]:
        inner = table.get(name, {})
        if not isinstance(inner, dict):
            self._wrong(name, f"{name} is a section: write [{name}] and its keys below.")
            return {}
        self._known(inner, known, name)
        return {key: value for key, value in inner.items() if key in known}

    def _known(self, table: Mapping[str, Any], known: tuple[str, ...], section: str, *, nth: int = 0) -> None:
        for key in table:
            if key not in known:
                what = f"{key!r} isn't a key of {section}{_did_you_mean(key, known)} Known: {', '.join(known)}."
                self._wrong(key, what, "" if section == "the file" else section, nth)

    def _typed(self, table: Mapping[str, Any], key: str, kind: type, default: Any, section: str) -> Any:
        value = table.get(key, default)
        if type(value) is kind:
            return value
        expected = {str: "text in quotes", bool: "true or false"}[kind]
        self._wrong(key, f"{key} = {_brief(value)}; {expected} is expected.", section)
        return default

    def _wrong(self, key: str, what: str, section: str = "", nth: int = 0) -> None:
        self.problems.append(Problem(self.path, what, line=self._line(key, section, nth)))

    def _line(self, key: str, section: str, nth: int) -> int | None:
        """Return the line of a key, or else that of the table it belongs to."""
        place: Place = (*section.split("."), key) if section else (key,)
        if place[0] == "assignment" and section:
            place = ("assignment", nth, *place[1:])
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)


def _brief(value: object) -> str:
    """Return a value of the file as text that is short enough to be shown."""
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except ValueError:  # Python refuses to print an integer of thousands of digits
        text = "a very long number"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _did_you_mean(word: str, known: tuple[str, ...] | list[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {near[0]!r}?" if near else "."
