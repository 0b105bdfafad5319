"""Grade a class: find, refuse, read, examine, decide, record.

What hasn't changed isn't touched; what has is examined by many processes at once, and then one writer, this process,
records it. What is wrong with one submission stays with its author.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from htilde.errors import GraderFault, UsageError
from htilde.examination.executors import Examiner, Executor, examine_all
from htilde.files import fingerprint
from htilde.grading.exam import Exam, Rebuilt, decide, prepare, read
from htilde.grading.gradebook import CellGrade, Standing
from htilde.grading.handed_in import HandedIn, contents, find, is_linked, kept_files, refusal, time_of
from htilde.grading.job import NOT_GRADED, Job, finish, journal, left_out
from htilde.grading.journal import Journal
from htilde.grading.layout import copy_files, set_permissions
from htilde.grading.notebooks import write_notebook
from htilde.grading.records import GradeStatus, Record, begin, done, read_record, unfinished, write_record
from htilde.model import CHECK_PREFIX, PAPER_SUFFIX, Examination
from htilde.submissions.steps import Submission

__all__ = ["GradeChange", "GradingResult", "grade_class"]

MAX_FAILURES = 3
"""Of the gradebook or the disk, in a row; then nobody else is tried in this run."""

MakeExecutor = Callable[[Examiner, int], Executor]
"""Makes the executor for these papers and at most so many submissions."""


@dataclass(frozen=True, slots=True)
class GradeChange:
    """A grade that stood before this run and doesn't stand after it: the exercises' points, and why."""

    student: str
    before: float
    after: float
    why: str
    exercises: Mapping[str, tuple[float, float]]
    """Before and after, of each exercise whose points change."""


@dataclass
class GradingResult:
    """What came of a run over a class."""

    unchanged: set[str] = field(default_factory=set)
    """Whose grade, submission, papers and points were what they had been."""
    examined: int = 0
    """How many submissions were examined in this run; the others' verdicts were in the store."""
    first: set[str] = field(default_factory=set)
    """Who got, or would get, a grade for the first time."""
    changes: list[GradeChange] = field(default_factory=list)
    recorded: set[str] = field(default_factory=set)
    left_out: dict[str, str] = field(default_factory=dict)
    """Who couldn't be graded, and why."""

    @property
    def fault(self) -> GraderFault | None:
        """An error that names everybody who was left out; None if nobody was."""
        return left_out(NOT_GRADED, self.left_out)


def grade_class(
    job: Job,
    make_executor: MakeExecutor,
    *,
    again: bool = False,
    dry_run: bool = False,
    on_changes: Callable[[GradingResult], None] = lambda result: None,
) -> GradingResult:
    """Grade what was handed in for an assignment.

    ``again`` examines everybody anew; ``dry_run`` records nothing. ``on_changes`` is called when all is examined, and
    nothing is recorded yet. Raises KitError if nobody could be graded.
    """
    with journal(job, settle=not dry_run) as changes:
        job.gradebook.must_be_writable()
        exam = prepare(job.course, job.assignment, job.gradebook, again=again)
        if exam.worth != {name: float(worth) for name, worth in job.course.assignment(job.assignment).points.items()}:
            job.progress.warn(
                "The gradebook's points count, and they aren't those of grading.toml. "
                f"To change them: Run 'htilde release {job.assignment}'."
            )
        found = find(job.layout, job.assignment, job.students, job.exclude)
        overdue = unfinished(job.course, job.assignment)
        if job.students == "*":
            for student in overdue - {one.student for one in found}:
                done(job.course, job.assignment, student)
        result = GradingResult(left_out=dict.fromkeys((one.student for one in found), "the run ended before."))
        run = _Run(job, exam, result)
        wanted = found if again or job.force else list(run.changed(found, overdue))
        accepted = list(run.accepted(wanted))
        if not dry_run:
            begin(job.course, job.assignment, (one.student for one in accepted))
        run.examine(accepted, make_executor)
        on_changes(result)
        if dry_run:
            run.would_be_left_out(accepted)
        else:
            run.record(accepted, changes)
    return result


class _Run:
    """A run over a class, step by step; what can't be graded is noted in the result."""

    def __init__(self, job: Job, exam: Exam, result: GradingResult) -> None:
        self._job, self._exam, self._result = job, exam, result
        self._standings = {standing.student: standing for standing in job.gradebook.standings(job.assignment)}
        people = {} if job.enrol else {person.student for person in job.gradebook.people()}
        self._may_enrol = (lambda student: True) if job.enrol else people.__contains__
        self._keys: dict[str, str] = {}
        self._faults: dict[str, Exception] = {}
        """Why a submission couldn't be examined, by its key in the store."""
        self._unfit: dict[str, Exception] = {}
        """Why a student's folder couldn't be read."""

    # What has changed

    def changed(self, found: list[HandedIn], overdue: set[str]) -> Iterator[HandedIn]:
        """Yield those whose grade would differ or is ``overdue``, as far as can be seen without an examination."""
        self._job.progress.step("Looking for what has changed", len(found))
        for one in found:
            if one.student in overdue or self._has_changed(one):
                yield one
            else:
                self._result.unchanged.add(one.student)
                del self._result.left_out[one.student]
            self._job.progress.advance()

    def _has_changed(self, one: HandedIn) -> bool:
        standing, record = self._standings.get(one.student), self._record_of(one.student)
        try:
            if standing is None or record is None or not record.basis or record.basis != self._basis(one):
                return True
        except OSError:  # whoever reads it meets it again, and tells it
            return True
        given = {name: cell.auto for name, cell in self._checks(standing).items()}
        folder = self._job.layout.folder("autograded", one.assignment, one.student)
        return given != dict(record.points) or not (folder / one.notebook.name).exists()

    def _checks(self, standing: Standing) -> dict[str, CellGrade]:
        cells = {name: standing.cells.get(CHECK_PREFIX + name) for name in self._exam.worth}
        return {name: cell for name, cell in cells.items() if cell is not None}

    def _record_of(self, student: str) -> Record | None:
        try:
            return read_record(self._job.course, self._job.assignment, student)
        except UsageError:  # a folder's name that is no student's
            return None

    def _basis(self, one: HandedIn) -> str:
        """Return a fingerprint of all that a student's grade, notebook and record are made from."""
        standing = self._standings.get(one.student)
        due = self._exam.due if standing is None else standing.due
        return fingerprint(self._exam.basis, str(due), contents(one))

    # What can't be graded

    def accepted(self, wanted: list[HandedIn]) -> Iterator[HandedIn]:
        """Yield those whose folder can be graded; tell of the others."""
        for one in wanted:
            why = refusal(self._job.course, one, self._job.gradebook.parse_time)
            if not why and not self._may_enrol(one.student):
                why = "the gradebook doesn't know this student. Add the student to it (nbgrader db student add)."
            if not why:
                yield one
                continue
            self._result.left_out[one.student] = why
            self._job.progress.trouble(f"{one.folder} isn't graded: {why}")

    # Examining

    def examine(self, accepted: list[HandedIn], make_executor: MakeExecutor) -> None:
        """Have examined whatever isn't in the store, and find out which grades change."""
        store, earned = self._exam.store, dict[str, dict[str, float]]()
        self._job.progress.step("Examining", len(accepted))
        with make_executor(self._exam.examiner, len(accepted)) as executor:
            for key, found in examine_all(self._unexamined(accepted, earned), executor):
                if isinstance(found, Examination):
                    store.keep(key, found)
                    earned[key] = self._exam.earned(found)
                    self._result.examined += 1
                else:
                    self._faults[key] = found
                self._job.progress.advance()
        nothing = dict.fromkeys(self._exam.worth, 0.0)
        for one in accepted:
            if self._fault(one.student) is None:
                self._compare(one, earned.get(self._keys[one.student], nothing))

    def _unexamined(
        self, accepted: list[HandedIn], earned: dict[str, dict[str, float]]
    ) -> Iterator[tuple[str, Submission]]:
        """Yield what must be examined, each different submission once; note what the others ``earned``."""
        asked: set[str] = set()
        for one in accepted:
            try:
                self._job.before([one.notebook])
                submission = self._read(one).submission
            except Exception as error:  # of this folder alone
                self._unfit[one.student] = error
                self._job.progress.advance()
                continue
            self._keys[one.student] = key = "" if submission is None else self._exam.key(submission)
            if submission is not None and key not in asked:
                asked.add(key)
                if (entry := self._exam.store.find(key)) is None:
                    yield key, submission
                    continue
                earned[key] = self._exam.earned(entry.examination)
            self._job.progress.advance()

    def _read(self, one: HandedIn) -> Rebuilt:
        return read(self._exam, one.notebook, linked=is_linked(self._job.layout, one.notebook))

    def _fault(self, student: str) -> Exception | None:
        return self._unfit.get(student) or self._faults.get(self._keys.get(student, ""))

    def _compare(self, one: HandedIn, points: dict[str, float]) -> None:
        standing = self._standings.get(one.student)
        cells = {} if standing is None else self._checks(standing)
        if all(cell.is_open for cell in cells.values()):
            self._result.first.add(one.student)
            return
        pairs = {}
        for name, given in points.items():
            cell = cells.get(name)
            before = 0.0 if cell is None else cell.auto or 0.0
            manual = None if cell is None else cell.manual  # a person's points stay, whatever the examiner gives
            pairs[name] = (before, given) if manual is None else (manual, manual)
        if moved := {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}:
            before, after = (round(sum(side), 2) for side in zip(*pairs.values()))
            self._result.changes.append(GradeChange(one.student, before, after, self._why(one), moved))

    def _why(self, one: HandedIn) -> str:
        """Return what differs from when the grade that stands was given."""
        record, key = self._record_of(one.student), self._keys[one.student]
        if record is None:
            return "the grade that stands has no record"
        with one.notebook.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if record.submission and digest != record.submission:
            return "handed in anew"
        if record.earlier:
            return "graded by an earlier version of the kit"
        if key and record.examination is not None and list(record.examination.papers) != self._exam.papers:
            return "asked by new papers"
        if key and dict(record.worth) != self._exam.worth:
            return "worth other points"
        entry = self._exam.store.find(key)
        if entry is not None and entry.kit != record.kit:
            return "examined by another version of the kit"
        return "the gradebook held other points" if entry and entry.at == record.examined else "examined again"

    # Recording

    def record(self, accepted: list[HandedIn], changes: Journal) -> None:
        """Record everybody's new grade, one after the other, each as a whole."""
        job, failures = self._job, 0
        job.progress.step("Recording", len(accepted))
        students = [one.student for one in accepted]
        try:
            job.gradebook.add_submissions(job.assignment, students)
        except Exception as error:
            self._unfit = dict.fromkeys(students, error) | self._unfit
        for one in accepted:
            if failures >= MAX_FAILURES:
                self._result.left_out[one.student] = _NOT_TRIED
                continue
            job.progress.advance(f"Autograding {one.notebook}")
            try:
                self._record_one(one, changes)
                failures = 0
            except _KeptError as error:
                failures += job.gradebook.is_out_of_reach(error.error)
                self._tell(one.student, error.error, "the next run saves the new grade")
            except Exception as error:
                failures += job.gradebook.is_out_of_reach(error)
                self._tell(one.student, error, "no grade was changed")

    def _record_one(self, one: HandedIn, changes: Journal) -> None:
        job, student = self._job, one.student
        if (fault := self._fault(student)) is not None:
            raise fault
        job.gradebook.must_be_writable()
        rebuilt = self._read(one)
        entry = None if rebuilt.submission is None else self._exam.store.find(self._exam.key(rebuilt.submission))
        if (entry is None) != (rebuilt.submission is None):
            raise GraderFault("The submission changed while it was graded.", next_step="Grade again.")
        at = time_of(one, job.gradebook.parse_time)
        decision = decide(self._exam, student, rebuilt, entry, job.gradebook, at)
        decision = replace(decision, record=replace(decision.record, basis=self._basis(one)))
        folder = job.layout.folder("autograded", job.assignment, student)
        fresh = changes.begin(folder)
        copy_files(kept_files(job.layout, one), one.folder, fresh)
        masters = job.layout.folder("source", job.assignment)
        for path in job.layout.files(masters):
            if path.suffix != PAPER_SUFFIX and str(path.relative_to(masters)) not in job.own_files:
                copy_files([path], masters, fresh)
        write_notebook(rebuilt.book, fresh / one.notebook.name)
        set_permissions(fresh, job.permissions, group_shared=job.layout.group_shared)
        replacement = changes.decide(folder, decision.as_plain())
        try:
            finish(job, replacement)
        except Exception as error:
            if job.gradebook.is_out_of_reach(error) or isinstance(error, OSError):
                raise _KeptError(error) from error
            replacement.forget()
            raise
        del self._result.left_out[student]
        self._result.recorded.add(student)
        job.after([folder / one.notebook.name])

    def would_be_left_out(self, accepted: list[HandedIn]) -> None:
        """Tell, without a record, who couldn't be examined."""
        for one in accepted:
            if (fault := self._fault(one.student)) is None:
                del self._result.left_out[one.student]
            else:
                self._explain(one.student, fault, "")

    def _tell(self, student: str, error: Exception, what_stands: str) -> None:
        """Tell of a fault with one student's grade, and record it with the examination of before."""
        why = self._explain(student, error, f"grader error, {what_stands}. ")
        job, before = self._job, self._record_of(student)
        record = Record(job.assignment, student, GradeStatus.GRADER_ERROR, why)
        if before is not None:
            kept_fields = ("examination", "points", "worth", "submission", "kit", "examined", "earlier")
            record = replace(record, **{name: getattr(before, name) for name in kept_fields})
        try:
            write_record(job.course, record)
        except OSError as broken:
            job.progress.trouble(f"{student}: this couldn't even be recorded: {broken}")

    def _explain(self, student: str, error: Exception, stands: str) -> str:
        """Tell why a student couldn't be graded, and which grade ``stands``; return the reason."""
        known = self._job.gradebook.explain(error)
        why = str(known or f"{type(error).__name__}: {error}")
        self._result.left_out[student] = f"{stands}{why}"
        self._job.progress.trouble(f"{student}: {stands}{why}", None if known else error)
        return why


_NOT_TRIED = "not tried any more: what failed for those before would have failed again."


class _KeptError(Exception):
    """The new grade is decided, and only saving it is left to do; ``error`` is why that failed."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error
