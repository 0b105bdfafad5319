# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls
"""Release, grade, write feedback, export: what the commands of the kit do for a course, in this process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htilde.authoring.build import build
from htilde.course import Course
from htilde.diagnosis.cluster import ClusterExecutor
from htilde.diagnosis.executors import Examiner, Executor, ProcessExecutor
from htilde.errors import GraderFault, MissingExtra, UsageError
from htilde.former import refuse_former_imports
from htilde.nbgrader.commands import OnLine, nbgrader

if TYPE_CHECKING:
    from htilde.grading.class_run import GradingResult
    from htilde.grading.export import GradeRow
    from htilde.grading.gradebook import Scores
    from htilde.grading.job import Job, RunProgress
    from htilde.nbgrader.gradebook import NbGraderGradebook

__all__ = ["GRADES", "export", "grade", "grades", "read_scores", "release", "renew_feedback", "submitted"]

GRADES = "grades.csv"


def release(course: Course, assignment: str, *, lang: str | None = None, on_line: OnLine = lambda line: None) -> Path:
    """Build an assignment and let nbgrader make its release, which is returned; if that fails, the old one stays.

    ``lang`` is the language of the notebook and of what students are told; without it, the course's.
    """
    must_be_set_up(course)
    build(course, assignment, lang=lang)
    nbgrader(course, "generate_assignment", assignment, "--force", on_line=on_line)
    return course.release(assignment)


def submitted(course: Course, assignment: str, student: str = "*") -> list[str]:
    """Return the students who handed something in. Raises UsageError if there is none."""
    pattern = "*" if student == "*" else course.student(student)
    found = sorted(path.parent.name for path in (course.root / "submitted").glob(f"{pattern}/{assignment}"))
    if not found:
        who = "no submissions" if student == "*" else f"no submission of {student}"
        raise UsageError(
            f"{course.root / 'submitted'}: there are {who} for {assignment}.",
            next_step=f"Put notebooks at submitted/STUDENT/{assignment}/{assignment}.ipynb, or run nbgrader collect.",
        )
    return found


def grade(
    course: Course,
    assignment: str,
    student: str = "*",
    *,
    jobs: int = 1,
    scheduler: str = "",
    again: bool = False,
    dry_run: bool = False,
    progress: RunProgress,
    on_changes: Callable[[GradingResult], None] = lambda result: None,
) -> GradingResult:
    """Grade what was handed in: examine in ``jobs`` processes, or on a scheduler's workers, then record.

    What hasn't changed since it was graded stays as it is; ``again`` examines everybody anew, ``dry_run`` changes no
    grade. Raises KitError if nobody could be graded.
    """
    from nbgrader.converters import Autograde

    from htilde.grading.grade import grade_class

    def make_executor(examiner: Examiner, most: int) -> Executor:
        if scheduler and most:
            return ClusterExecutor(examiner, scheduler)
        return ProcessExecutor(examiner, min(jobs, most))

    with _job(course, assignment, student, Autograde, progress) as job:
        return grade_class(job, make_executor, again=again, dry_run=dry_run, on_changes=on_changes)


def renew_feedback(course: Course, assignment: str, student: str = "*", *, progress: RunProgress) -> GraderFault | None:
    """Write the pages that would differ. Returns an error that names whose page couldn't be written, if any."""
    from nbgrader.converters import GenerateFeedback

    from htilde.grading.pages import write_pages

    with _job(course, assignment, student, GenerateFeedback, progress) as job:
        return write_pages(job)


def grades(course: Course, assignment: str = "") -> list[GradeRow]:
    """Return the grades of an assignment, or of all, as they are exported. Raises KitError."""
    from htilde.grading.export import grade_rows
    from htilde.nbgrader.settings import layout_of

    with _opened(course) as (coursedir, gradebook):
        try:
            return list(grade_rows(course, layout_of(coursedir), gradebook, [assignment] if assignment else []))
        except Exception as error:
            raise gradebook.explain(error) or error from None


def export(course: Course) -> Path:
    """Write all grades as CSV; returns the file."""
    from htilde.grading.export import write_grades

    write_grades(course.root / GRADES, grades(course), course.private / "exporting")
    return course.root / GRADES


def read_scores(course: Course, assignment: str) -> Scores:
    """Return the scores of a class; none are known if there is no gradebook, or if it doesn't know the assignment.

    Raises GraderFault with the reason if it can't be read.
    """
    from sqlalchemy.engine import make_url

    from htilde.grading.gradebook import Scores

    with _opened(course) as (coursedir, gradebook):
        url = make_url(coursedir.db_url)
        if url.drivername.startswith("sqlite") and not Path(url.database or "").is_file():
            return Scores()  # nbgrader would make one
        try:
            students = frozenset(person.student for person in gradebook.people())
            if (worth := gradebook.assignments().get(assignment)) is None:
                return Scores(students)
            scores = {standing.student: standing.summary() for standing in gradebook.grades(assignment)}
        except Exception as error:
            raise gradebook.explain(error) or error from None
        return Scores(students, worth[1], worth[0], scores)


def must_be_set_up(course: Course) -> None:
    """Raise UsageError where nbgrader isn't there, or wouldn't be the kit's."""
    if find_spec("nbgrader") is None:
        raise MissingExtra("nbgrader", "Releasing and grading", "instructor")
    if not (config := course.root / "nbgrader_config.py").is_file():
        raise UsageError(
            f"{config}: there is no such file, so nbgrader would run student code unprotected.",
            next_step="Copy it from the kit, unchanged, to beside grading.toml.",
        )
    refuse_former_imports(config, config.read_text(encoding="utf-8", errors="replace"))


_LOG = logging.Logger("htilde", logging.ERROR)
"""nbgrader's, of whose words none are shown: what counts is told by the kit."""
_LOG.addHandler(logging.NullHandler())


@contextmanager
def _opened(course: Course, **about: str) -> Iterator[tuple[Any, NbGraderGradebook]]:
    """Give nbgrader's description of a course's folders and its gradebook, within the course's folder."""
    from htilde.nbgrader.gradebook import NbGraderGradebook
    from htilde.nbgrader.settings import configured, course_directory, here

    with here(course.root):
        coursedir = course_directory(course, configured(course.root, _LOG), _LOG, **about)
        with NbGraderGradebook(coursedir.db_url, coursedir.course_id, coursedir) as gradebook:
            yield coursedir, gradebook


@contextmanager
def _job(course: Course, assignment: str, student: str, kind: type, progress: RunProgress) -> Iterator[Job]:
    """Give a job as one of nbgrader's converters, which isn't started, would be asked to do it."""
    must_be_set_up(course)
    from htilde.nbgrader.settings import job_of

    with _opened(course, assignment_id=assignment, student_id=student) as (coursedir, gradebook):
        converter = kind(coursedir=coursedir, config=coursedir.config, log=_LOG)
        yield job_of(converter, course, gradebook, progress)
