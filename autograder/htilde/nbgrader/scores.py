# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls, no-warn-return-any
"""What nbgrader's gradebook holds of an assignment, read in a few queries however large the class is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.engine import URL, make_url
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from htilde.course import Course
from htilde.grading.grades import explained

__all__ = ["Score", "Scores", "read_scores"]


@dataclass(frozen=True, slots=True)
class Score:
    """One student's grade as it stands, points given by hand included.

    ``points`` are those of the exercises, None until each has some; ``grade`` is all of it less the ``penalty`` for
    lateness, None while a cell waits. ``waiting`` are the written answers that nobody has read yet.
    """

    points: float | None
    grade: float | None
    late_seconds: float = 0.0
    penalty: float = 0.0
    waiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """The class as the gradebook knows it: everybody who is enrolled, and the scores of who has been graded."""

    students: frozenset[str] = frozenset()
    max_points: float = 0.0
    max_grade: float = 0.0
    scores: Mapping[str, Score] = field(default_factory=dict)


def read_scores(course: Course, assignment: str) -> Scores:
    """Read the gradebook; nothing is known if there is none yet, or if it doesn't know the assignment.

    Raises GraderFault with the reason if it can't be read.
    """
    url = _url(course)
    if url.drivername.startswith("sqlite"):
        url = url.set(database=str(course.root / (url.database or "")))  # nbgrader is run in the course's folder
        if not Path(str(url.database)).is_file():
            return Scores()  # nbgrader would make one
    address = url.render_as_string(hide_password=False)
    try:
        with Gradebook(address) as gradebook:
            return _read(gradebook, assignment)
    except Exception as error:
        if (known := explained(error, address)) is None:
            raise
        raise known from None


def _url(course: Course) -> URL:
    """Where the course's configuration, if it has one, says that the gradebook is."""
    name = "nbgrader_config.py"
    there = (course.root / name).is_file()
    config = PyFileConfigLoader(name, path=str(course.root)).load_config() if there else Config()
    return make_url(CourseDirectory(config=config, root=str(course.root)).db_url)


def _read(gradebook: Gradebook, assignment: str) -> Scores:
    students = frozenset(str(name) for (name,) in gradebook.db.query(Student.id))
    try:
        found = gradebook.find_assignment(assignment)
    except MissingEntry:
        return Scores(students)
    cells = {cell.id: cell for notebook in found.notebooks for cell in (*notebook.grade_cells, *notebook.task_cells)}
    grades: dict[str, list[Any]] = {}
    columns = (Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit)
    of_this = SubmittedAssignment.assignment_id == found.id
    joined = gradebook.db.query(SubmittedNotebook.assignment_id, *columns).join(
        Grade, Grade.notebook_id == SubmittedNotebook.id
    )
    for submission, *row in joined.join(
        SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id
    ).filter(of_this):
        grades.setdefault(submission, []).append(row)
    penalties: dict[str, float] = {}
    for submission, penalty in gradebook.db.query(
        SubmittedNotebook.assignment_id, SubmittedNotebook.late_submission_penalty
    ):
        penalties[submission] = penalties.get(submission, 0.0) + (penalty or 0.0)
    scores = {
        str(submission.student_id): _score(
            cells, grades.get(submission.id, []), submission.total_seconds_late, penalties.get(submission.id, 0.0)
        )
        for submission in gradebook.db.query(SubmittedAssignment).filter(of_this)
    }
    return Scores(students, float(found.max_code_score), float(found.max_score), scores)


def _score(cells: Mapping[str, Any], rows: list[Any], late: float, penalty: float) -> Score:
    code, whole, waiting = 0.0, 0.0, []
    open_code = not rows
    for cell_id, auto, manual, extra in rows:
        cell = cells[cell_id]
        is_code = cell.cell_type == "code"
        given = auto if manual is None else manual
        if given is None:
            open_code |= is_code
            waiting += [] if is_code else [str(cell.name)]
            continue
        whole += given + (extra or 0.0)
        code += (given + (extra or 0.0)) if is_code else 0.0
    complete = not open_code and not waiting
    return Score(
        None if open_code else round(code, 2),
        max(0.0, round(whole - penalty, 2)) if complete else None,
        float(late),
        float(penalty),
        tuple(waiting),
    )
