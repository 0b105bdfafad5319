# nbformat has types, but not everywhere.
# mypy: allow-untyped-calls
"""Examine the notebook that ``nbgrader validate`` is given, instead of running it.

nbgrader starts a kernel, and calls ``examine_instead`` before a cell has run: the cells are marked to be skipped, and
the results put where nbgrader looks for them.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from htilde.authoring.papers import stored_papers
from htilde.course import Course, find_course
from htilde.diagnosis.executors import Examiner
from htilde.errors import KitError, UsageError
from htilde.grading.exam import fill_checks
from htilde.language import speaking
from htilde.model import CHECK_PREFIX
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.steps import Submission, steps

__all__ = ["examine_instead"]

SKIPPED = "skip-execution"
"""The tag of cells that nbclient doesn't run."""


def examine_instead(*, notebook: NotebookNode, **_: object) -> None:
    """Put the examiner's results into the check cells of an assignment's notebook, and let no cell be run.

    Another notebook of the instructor's is run as ever; of a student's that isn't an assignment's none is. Raises
    KitError, before a cell has run, for a student's notebook that can't be examined.
    """
    here = Path.cwd()  # validate goes to the notebook's folder
    if not any((folder / "nbgrader_config.py").is_file() for folder in (here, *here.parents)):
        return  # a student's own, at home
    is_students = bool({"submitted", "autograded"} & {*here.parts})
    try:
        course = find_course(here)
    except KitError:
        if is_students:
            raise
        return
    name = here.name
    if name not in [assignment.name for assignment in course.assignments]:
        if not is_students:
            return
        raise UsageError(
            f"{here}: this is a student's notebook, and of no assignment; in a kernel it could do whatever you can.",
            next_step="Look at it in an editor.",
        )
    _examine(course, name, notebook)


def _examine(course: Course, assignment: str, notebook: NotebookNode) -> None:
    papers = stored_papers(course, assignment)
    examiner = Examiner(papers, course.limits, course.allow_unprotected)
    points = course.assignment(assignment).points
    cells = cells_of_notebook(nbformat.writes(notebook).encode("utf-8", "replace"), f"{assignment}.ipynb")
    examination = examiner.examine(Submission(steps(cells, tuple(points)))).worth(points)
    checks: dict[str, NotebookNode] = {}
    for cell, source in zip(notebook.cells, cells):
        cell.metadata["tags"] = [SKIPPED]
        exercise = source.id.removeprefix(CHECK_PREFIX)
        if source.is_code and source.id == CHECK_PREFIX + exercise and exercise in points:
            cell.metadata["nbgrader"]["points"] = points[exercise]  # what the file says may be anything
            checks[exercise] = cell
    with speaking(papers[0].language):
        fill_checks(checks, examination)
