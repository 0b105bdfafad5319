"""Examine a class, each different submission once and many at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from htilde.diagnosis.executors import Examiner, Executor, examine_all
from htilde.grading.changed import compare
from htilde.grading.class_run import ClassRun
from htilde.grading.handed_in import HandedIn, refusal
from htilde.model import Examination
from htilde.submissions.steps import Submission

__all__ = ["MakeExecutor", "accepted", "examine_class"]

MakeExecutor = Callable[[Examiner, int], Executor]
"""Makes the executor for these papers and at most so many submissions."""


def accepted(run: ClassRun, wanted: list[HandedIn]) -> Iterator[HandedIn]:
    """Yield those whose folder can be graded; note and tell of the others."""
    job = run.job
    known = None if job.enrol else {person.student for person in job.gradebook.people()}
    for one in wanted:
        why = refusal(job.course, one, job.gradebook.parse_time)
        if not why and known is not None and one.student not in known:
            why = "the gradebook doesn't know this student. Add the student to it (nbgrader db student add)."
        if not why:
            yield one
            continue
        run.result.left_out[one.student] = why
        job.progress.trouble(f"{os.path.relpath(one.folder, job.layout.root)} isn't graded: {why}")


def examine_class(run: ClassRun, wanted: list[HandedIn], make_executor: MakeExecutor) -> None:
    """Examine every submission whose result isn't in the store, and note which grades change."""
    earned: dict[str, dict[str, float]] = {}
    run.job.progress.step("Examining", len(wanted))
    with make_executor(run.exam.examiner, len(wanted)) as executor:
        for key, found in examine_all(_unexamined(run, wanted, earned), executor):
            if isinstance(found, Examination):
                run.exam.store.keep(key, found)
                earned[key] = run.exam.earned(found)
                run.result.examined += 1
            else:
                run.faults[key] = found
            run.job.progress.advance()
    nothing = dict.fromkeys(run.exam.worth, 0.0)
    for one in wanted:
        if run.fault(one.student) is None:
            compare(run, one, earned.get(run.keys[one.student], nothing))


def _unexamined(
    run: ClassRun, wanted: list[HandedIn], earned: dict[str, dict[str, float]]
) -> Iterator[tuple[str, Submission]]:
    """Yield what must be examined, each different submission once; note what the others ``earned``."""
    asked: set[str] = set()
    for one in wanted:
        try:
            run.job.before([one.notebook])
            submission = run.read(one).submission
        except Exception as error:  # of this folder alone
            run.unfit[one.student] = error
            run.job.progress.advance()
            continue
        run.keys[one.student] = key = "" if submission is None else run.exam.key(submission)
        if submission is not None and key not in asked:
            asked.add(key)
            if (entry := run.exam.store.find(key)) is None:
                yield key, submission
                continue
            earned[key] = run.exam.earned(entry.examination)
        run.job.progress.advance()
