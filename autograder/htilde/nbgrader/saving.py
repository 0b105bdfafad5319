# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls, no-warn-return-any
"""Save a student's grade in nbgrader's gradebook, all of it at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from nbgrader.api import Assignment, BaseCell, Comment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select
from traitlets.config import LoggingConfigurable

from htilde.errors import CourseError, Problem
from htilde.grading.decision import GradeDecision

__all__ = ["save"]


def save(session: Any, decision: GradeDecision, parent: LoggingConfigurable | None) -> None:
    """Save a decision in one transaction, penalty for lateness included; what a person has given stays.

    ``parent`` has the configuration of the late policy. Raises CourseError if the gradebook no longer has these cells
    with these points.
    """
    record = decision.record
    notebook = session.scalars(
        select(SubmittedNotebook)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .where(
            Assignment.name == record.assignment,
            Notebook.name == record.assignment,
            SubmittedAssignment.student_id == record.student,
        )
    ).one_or_none()
    if notebook is None:
        raise _outdated(record.student, record.assignment, "the gradebook has no such submission any more.")
    # Asked at once what nbgrader would ask cell by cell; and by cell and notebook, for which there is an index. By
    # the notebook alone the database would look through the grades of the whole class.
    cells = select(BaseCell.id, BaseCell.name).where(BaseCell.notebook_id == notebook.notebook_id)
    names = dict(session.execute(cells).all())
    of = {kind: (kind.notebook_id == notebook.id, kind.cell_id.in_(names)) for kind in (Grade, Comment)}
    found = session.execute(select(Grade, Grade.max_score).where(*of[Grade]))
    grades = {names[grade.cell_id]: (grade, most) for grade, most in found}
    comments = {names[comment.cell_id]: comment for comment in session.scalars(select(Comment).where(*of[Comment]))}
    for name, (score, worth) in decision.scores.items():
        grade, most = grades.get(name, (None, None))
        if grade is None or most != worth:
            what = f"the gradebook's cell {name} isn't any more what was graded."
            raise _outdated(record.student, record.assignment, what)
        grade.auto_score = score
        grade.needs_manual_grade = grade.manual_score is not None or score is None
    for name in decision.comments.keys() & comments.keys():
        comments[name].auto_comment = decision.comments[name]
    submission = notebook.assignment
    if decision.timestamp is not None:
        submission.timestamp = dt.datetime.fromisoformat(decision.timestamp)
    session.flush()
    if submission.timestamp is None:  # never late
        notebook.late_submission_penalty = None
    else:
        session.expire_all()  # the database computes sums
        notebook.late_submission_penalty = _penalty(notebook, parent)
    session.commit()


def _penalty(notebook: Any, parent: LoggingConfigurable | None) -> float | None:
    """Return what lateness costs, as nbgrader's preprocessor does, but within this transaction."""
    if (seconds := notebook.assignment.total_seconds_late) <= 0:
        return None
    late = AssignLatePenalties(parent=parent)
    late.init_plugin()
    try:
        penalty = late.plugin_inst.late_submission_penalty(notebook.student.id, notebook.score, seconds)
    except Exception as error:  # the instructor's own code
        what = f"what lateness costs isn't known: {type(error).__name__}: {error}"
        step = "Mend the plugin (AssignLatePenalties.plugin_class) and grade again."
        raise CourseError(Problem(type(late.plugin_inst).__name__, what), next_step=step) from error
    late.log.warning("%s is %s seconds late; penalty: %s", notebook.assignment, seconds, penalty)
    return None if penalty is None else late._check_late_penalty(notebook, penalty)


def _outdated(student: str, assignment: str, what: str) -> CourseError:
    return CourseError(Problem(f"{student}, {assignment}", what), next_step="Grade again.")
