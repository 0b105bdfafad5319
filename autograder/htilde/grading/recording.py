"""Record a class: one student after the other, each new grade as a whole."""

from __future__ import annotations

from dataclasses import replace

from htilde.errors import GraderFault
from htilde.grading.class_run import ClassRun
from htilde.grading.exam import decide
from htilde.grading.handed_in import HandedIn, kept_files, time_of
from htilde.grading.job import finish
from htilde.grading.journal import Journal
from htilde.grading.layout import copy_files, set_permissions
from htilde.grading.notebooks import write_notebook
from htilde.grading.records import GradeStatus, Record, write_record
from htilde.model import PAPER_SUFFIX

__all__ = ["record_class"]

MAX_FAILURES = 3
"""The number of failures of gradebook or disk in a row after which nobody else is tried in this run."""


class _KeptError(Exception):
    """The new grade is decided, and only saving it is left to do; ``error`` is why that failed."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


def record_class(run: ClassRun, wanted: list[HandedIn], changes: Journal) -> None:
    """Record everybody's new grade; what goes wrong with one is noted and told, and stays with that one."""
    job, failures = run.job, 0
    job.progress.step("Recording", len(wanted))
    students = [one.student for one in wanted]
    try:
        job.gradebook.add_submissions(job.assignment, students)
    except Exception as error:
        run.unfit.update({student: run.unfit.get(student, error) for student in students})
    for one in wanted:
        if failures >= MAX_FAILURES:
            why = "not tried any more: what failed for those before would have failed again."
            run.result.left_out[one.student] = why
            continue
        job.progress.advance(f"Autograding {one.notebook}")
        try:
            _record(run, one, changes)
            failures = 0
        except _KeptError as error:
            failures += job.gradebook.is_out_of_reach(error.error)
            _tell(run, one.student, error.error, "the next run saves the new grade")
        except Exception as error:
            failures += job.gradebook.is_out_of_reach(error)
            _tell(run, one.student, error, "no grade was changed")


def _record(run: ClassRun, one: HandedIn, changes: Journal) -> None:
    job, exam, student = run.job, run.exam, one.student
    if (fault := run.fault(student)) is not None:
        raise fault
    job.gradebook.must_be_writable()
    rebuilt = run.read(one)
    entry = None if rebuilt.submission is None else exam.store.find(exam.key(rebuilt.submission))
    if (entry is None) != (rebuilt.submission is None):
        raise GraderFault("The submission changed while it was graded.", next_step="Grade again.")
    at = time_of(one, job.gradebook.parse_time)
    decision = decide(exam, student, rebuilt, entry, job.gradebook, at)
    decision = replace(decision, record=replace(decision.record, basis=run.basis(one)))
    folder = job.layout.folder("autograded", job.assignment, student)
    masters = job.layout.folder("source", job.assignment)
    fresh = changes.begin(folder)
    copy_files(kept_files(job.layout, one), one.folder, fresh)
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
    del run.result.left_out[student]
    run.result.recorded.add(student)
    job.after([folder / one.notebook.name])


def _tell(run: ClassRun, student: str, error: Exception, what_stands: str) -> None:
    """Tell of a fault with one student's grade, and record it with the examination of before."""
    why = run.leave_out(student, error, f"grader error, {what_stands}. ")
    before = run.record(student) or Record(run.job.assignment, student, GradeStatus.GRADER_ERROR)
    fault = Record(run.job.assignment, student, GradeStatus.GRADER_ERROR, why)
    kept = ("examination", "points", "worth", "submission", "kit", "examined", "earlier")
    try:
        write_record(run.job.course, replace(fault, **{name: getattr(before, name) for name in kept}))
    except OSError as broken:
        run.job.progress.trouble(f"{student}: this couldn't even be recorded: {broken}")
