"""Grade a class: find, refuse, examine, decide, record.

What hasn't changed isn't touched; what has is examined by many processes at once, and then one writer, this process,
records it. What is wrong with one submission stays with its author.
"""

from __future__ import annotations

from collections.abc import Callable

from htilde.grading.changed import changed
from htilde.grading.class_run import ClassRun, GradingResult
from htilde.grading.exam import prepare
from htilde.grading.examining import MakeExecutor, accepted, examine_class
from htilde.grading.handed_in import find
from htilde.grading.job import Job, journal
from htilde.grading.recording import record_class
from htilde.grading.records import begin, done, unfinished

__all__ = ["grade_class"]


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
                f"To change them, run 'htilde release {job.assignment}'."
            )
        found = find(job.layout, job.assignment, job.students, job.exclude)
        overdue = unfinished(job.course, job.assignment)
        if job.students == "*":
            for student in overdue - {one.student for one in found}:
                done(job.course, job.assignment, student)
        result = GradingResult(left_out=dict.fromkeys((one.student for one in found), "the run ended before."))
        grades = {standing.student: standing for standing in job.gradebook.grades(job.assignment)}
        run = ClassRun(job, exam, result, grades)
        wanted = found if again or job.force else list(changed(run, found, overdue))
        wanted = list(accepted(run, wanted))
        if not dry_run:
            begin(job.course, job.assignment, (one.student for one in wanted))
        examine_class(run, wanted, make_executor)
        on_changes(result)
        if not dry_run:
            record_class(run, wanted, changes)
            return result
        for one in wanted:
            if (fault := run.fault(one.student)) is None:
                del result.left_out[one.student]
            else:
                run.leave_out(one.student, fault)
    return result
