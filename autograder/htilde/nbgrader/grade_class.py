# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""Grading a class as fast as it can be examined: what hasn't changed isn't touched, what has is examined by many
processes at once, and then one writer, this process, records it.

``CarefulAutograde`` stands around all of it, so what goes wrong with one submission stays with its author.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Protocol

import nbformat
from nbgrader.api import Assignment as Kept
from sqlalchemy import select

from htilde.examination.executors import Desk, Staff, examine_all
from htilde.grading.records import Record, Status, begin, read_record
from htilde.model import CHECK_PREFIX, Examination
from htilde.nbgrader.quick import QuickAutograde
from htilde.nbgrader.rows import Held, add_submissions, held
from htilde.submissions.steps import Submission

__all__ = ["Change", "GradeClass", "Outcome", "Watch", "code"]

Hire = Callable[[Desk, int], AbstractContextManager[Staff]]
"""How those who examine are found: for this desk, and at most so many submissions."""


@dataclass(frozen=True, slots=True)
class Change:
    """A grade that stood before this run and doesn't stand after it: the exercises' points, and why."""

    student: str
    before: float
    after: float
    why: str
    exercises: dict[str, tuple[float, float]]
    """Before and after, of each exercise whose points change."""


@dataclass
class Outcome:
    """What a run came to."""

    unchanged: set[str] = field(default_factory=set)
    """Whose grade, submission, papers and points were what they had been."""
    examined: int = 0
    """How many submissions were examined in this run; the others' verdicts were in the store."""
    first: set[str] = field(default_factory=set)
    """Who got, or would get, a grade for the first time."""
    changes: list[Change] = field(default_factory=list)
    recorded: set[str] = field(default_factory=set)


class Watch(Protocol):
    """Is told how a run goes on."""

    def step(self, what: str, total: int) -> None:
        """Something begins that will advance so often."""

    def advance(self) -> None:
        """One more is done."""

    def trouble(self, what: str) -> None:
        """Something is wrong with somebody's submission, or with the grader."""

    def changes(self, outcome: Outcome) -> None:
        """All is examined, and nothing is recorded yet."""


@dataclass(frozen=True, slots=True)
class _Stands:
    """What the gradebook holds of one student: per exercise the examiner's points, and a person's; when it is due."""

    points: tuple[tuple[float | None, float | None], ...]
    due: str


class GradeClass(QuickAutograde):
    """One run over a class. ``hire`` says who examines; with ``dry_run`` nothing is recorded."""

    assignments: dict[str, list[str]]
    hire: Hire
    dry_run = False
    watch: Watch
    outcome: Outcome
    _basis_of_all = ""
    _stands: dict[str, _Stands]
    _unfit: dict[str, str]
    """Who couldn't be examined, and why."""

    def _settle(self) -> None:
        if not self.dry_run:
            super()._settle()

    def _announce(self) -> None:
        name = self._sitting.assignment.name
        self._prepare_quickly()
        self._look_up()
        folders = {self._student(folder): folder for folder in sorted(self.assignments)}
        waiting = {student: folder for student, folder in folders.items() if student in self._waiting}
        self.watch.step("Looking for what has changed", len(waiting))
        todo = {student: folder for student, folder in waiting.items() if self._has_changed(student, folder)}
        self.outcome.unchanged = waiting.keys() - todo.keys()
        for student in self.outcome.unchanged:
            del self._waiting[student], self.assignments[folders[student]]
        refused = {student: why for student, folder in todo.items() if (why := self._refused(name, student, folder))}
        fit = {student: folder for student, folder in todo.items() if student not in refused}
        if not self.dry_run:
            begin(self.course, name, fit)
        self._examine(fit)
        self.watch.changes(self.outcome)
        if self.dry_run:
            self._waiting = refused | self._unfit
            self.assignments = {}
            return
        if self.is_quick:
            with self._gradebook() as gradebook:
                add_submissions(gradebook, name, [*fit])
            self._enrolled = {*fit}
        self.watch.step("Recording", len(self.assignments))

    def _student(self, folder: str) -> str:
        return Path(folder).parent.name if (found := self._source.match(folder)) is None else found["student"]

    def _refused(self, assignment: str, student: str, folder: str) -> str:
        self.notebooks = sorted(self.assignments[folder])
        return self._refusal(assignment, student)

    # What has changed

    def _look_up(self) -> None:
        """What the gradebook says now, and what every grade of this run is based on."""
        sitting, name = self._sitting, self._sitting.assignment.name
        with self._gradebook() as gradebook:
            self._due = str(gradebook.db.scalars(select(Kept.duedate).where(Kept.name == name)).one())
            self._stands = {row.student: self._standing(row) for row in held(gradebook, name)}
        blank = nbformat.v4.writes(self.blank) if self.is_quick else ""
        late = {key: repr(value) for key, value in self.config.get("AssignLatePenalties", {}).items()}
        papers = [f"{paper.digest} {paper.language}" for paper in sitting.papers]
        course = [asdict(self.course.limits), self.course.allow_unprotected]
        self._basis_of_all = json.dumps([blank, late, papers, course, code()], default=repr)

    @property
    def _exercises(self) -> tuple[str, ...]:
        return tuple(exercise.name for exercise in self._sitting.papers[0].exercises)

    def _standing(self, row: Held) -> _Stands:
        cells = [row.cells.get(CHECK_PREFIX + exercise) for exercise in self._exercises]
        return _Stands(tuple((c.auto, c.manual) if c else (None, None) for c in cells), str(row.due))

    def _has_changed(self, student: str, folder: str) -> bool:
        self.watch.advance()
        stands = self._stands.get(student)
        if self.again or stands is None or student in self._left_over:
            return True
        record = self._record(student)
        try:
            if record is None or not record.basis or record.basis != self._basis(student, folder):
                return True
        except OSError:  # whoever records it meets it again, and tells it
            return True
        return self._given(record) != tuple(auto for auto, _ in stands.points) or not self._work(student).exists()

    def _given(self, record: Record) -> tuple[float | None, ...]:
        """What a record says that the gradebook holds."""
        if record.status is Status.UNREADABLE:
            return tuple(0.0 for _ in self._exercises)
        exercises = record.examination.get("exercises", {})
        return tuple(exercises[name]["points"] if name in exercises else None for name in self._exercises)

    def _record(self, student: str) -> Record | None:
        return read_record(self.course, self._sitting.assignment.name, student)

    def _work(self, student: str) -> Path:
        name = self._sitting.assignment.name
        return self._folder(name, student) / f"{name}.ipynb"

    def _basis(self, student: str, folder: str) -> str:
        """All that a student's grade, notebook and record come from, in a few characters."""
        due = self._stands[student].due if student in self._stands else self._due
        digest = hashlib.sha256(f"{self._basis_of_all}\0{due}\0".encode())
        for path in sorted(_files(Path(folder))):
            about = path.lstat()
            told = f"{path.relative_to(folder)}\0{about.st_mode}\0{about.st_size}\0"
            digest.update(os.fsencode(told))
            small = path.name == "timestamp.txt" and about.st_size < 10_000
            if path.is_file() and not path.is_symlink() and (path.suffix == ".ipynb" or small):
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
            else:
                digest.update(f"{about.st_mtime_ns}".encode())
        return digest.hexdigest()

    def _based(self, record: Record) -> Record:
        folder = self._format_source(record.assignment, record.student)
        return replace(record, basis=self._basis(record.student, folder))

    # Examining

    def _examine(self, todo: Mapping[str, str]) -> None:
        """Have examined whatever isn't in the store, and find out which grades change."""
        self._unfit = {}
        sitting = self._sitting
        desk = Desk(sitting.papers, self.course.limits, self.course.allow_unprotected)
        keys: dict[str, str] = {}
        earned: dict[str, tuple[float, ...]] = {}
        asked: set[str] = set()

        def lacking() -> Iterator[tuple[str, Submission]]:
            for student, folder in todo.items():
                try:
                    submission = self._submission(folder)
                except Exception as error:  # whoever records it meets it again, and tells it
                    self._unfit[student] = str(error)
                    self.watch.advance()
                    continue
                keys[student] = key = "" if submission is None else sitting.key(submission)
                if submission is None or key in asked:
                    self.watch.advance()
                    continue
                asked.add(key)
                if (entry := sitting.store.find(key)) is not None:
                    earned[key] = self._earned(entry.examination)
                    self.watch.advance()
                else:
                    yield key, submission

        self.watch.step("Examining", len(todo))
        with self.hire(desk, len(todo)) as staff:
            for key, found in examine_all(lacking(), staff):
                if isinstance(found, Examination):
                    sitting.store.keep(key, found)
                    earned[key] = self._earned(found)
                    self.outcome.examined += 1
                else:
                    sitting.faults[key] = found
                    self.watch.trouble(str(found))
                self.watch.advance()
        for student, folder in todo.items():
            if student in self._unfit:
                continue
            if (fault := sitting.faults.get(keys[student])) is not None:
                self._unfit[student] = str(fault)
                continue
            points = earned.get(keys[student]) or tuple(0.0 for _ in self._exercises)
            self._compare(student, folder, points, keys[student])

    def _submission(self, folder: str) -> Submission | None:
        path = os.path.join(folder, f"{self._sitting.assignment.name}.ipynb")
        blank = self.blank if self.is_quick else None
        return self._sitting.submission(self._sitting.read(Path(path), linked=self._through_link(path), blank=blank))

    @functools.cached_property
    def _worth(self) -> dict[str, float]:
        blank = self.blank if self.is_quick else self._sitting.released
        abouts = [cell.metadata.get("nbgrader", {}) for cell in blank.cells]
        worth = {about["grade_id"]: float(about["points"]) for about in abouts if about.get("grade")}
        return {name: worth.get(CHECK_PREFIX + name, 0.0) for name in self._exercises}

    def _earned(self, examination: Examination) -> tuple[float, ...]:
        points = {result.name: result.points for result in examination.worth(self._worth).exercises}
        return tuple(points.get(name, 0.0) for name in self._exercises)

    def _compare(self, student: str, folder: str, points: tuple[float, ...], key: str) -> None:
        stands = self._stands.get(student)
        if stands is None or all(auto is None and manual is None for auto, manual in stands.points):
            self.outcome.first.add(student)
            return
        # What a person gave stays, whatever the examiner gives.
        before = [manual if manual is not None else auto or 0.0 for auto, manual in stands.points]
        after = [m if m is not None else given for given, (_, m) in zip(points, stands.points)]
        if before != after:
            pairs = dict(zip(self._exercises, zip(before, after)))
            moved = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
            why = self._why(student, folder, key)
            self.outcome.changes.append(Change(student, round(sum(before), 2), round(sum(after), 2), why, moved))

    def _why(self, student: str, folder: str, key: str) -> str:
        """What is another than when the grade that stands was given."""
        record = self._record(student)
        if record is None:
            return "the grade that stands has no record"
        with open(os.path.join(folder, f"{self._sitting.assignment.name}.ipynb"), "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if record.submission and digest != record.submission:
            return "handed in anew"
        if record.examination.get("papers", []) != [paper.id for paper in self._sitting.papers] and key:
            return "asked by new papers"
        exercises = record.examination.get("exercises", {})
        if {name: about["max_points"] for name, about in exercises.items()} != self._worth and key:
            return "worth other points"
        entry = self._sitting.store.find(key)
        if entry is not None and entry.kit != record.kit:
            return "examined by another version of the kit"
        return "the gradebook held other points" if entry and entry.at == record.examined else "examined again"

    # Recording

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        self.watch.advance()
        return super().init_destination(assignment_id, student_id)

    def _complete(self, assignment_id: str, student_id: str) -> None:
        super()._complete(assignment_id, student_id)
        self.outcome.recorded.add(student_id)

    def _tell(self, error: Exception) -> str:
        why = super()._tell(error)
        self.watch.trouble(f"{self._whose}: {why}")
        return why


def _files(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        for name in names:
            yield Path(where, name)


@functools.cache
def code() -> str:
    """The kit's code, and all its texts: what writes the notebook and the record."""
    package, digest = Path(__file__).parents[1], hashlib.sha256()
    for path in sorted([*package.rglob("*.py"), *package.glob("locale/*/LC_MESSAGES/*.mo")]):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
