# nbgrader and nbformat ship no types everywhere, so their classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls, no-warn-return-any
"""Make what students receive; the release of before stays until the new one is complete.

It isn't made if students would receive part of an answer, or if a graded cell checks no exercise: nobody would examine
that, and nbgrader would give it full marks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.utils import is_solution
from traitlets import import_item

from htilde.authoring.master import BEGIN, END, STUB
from htilde.errors import CourseError, GraderFault, Problem, UsageError
from htilde.grading.job import NOT_RELEASED, Job, finish, journal, left_out
from htilde.grading.journal import Journal
from htilde.grading.layout import copy_files, set_permissions
from htilde.submissions.rebuild import unexamined

__all__ = ["release"]


def release(job: Job, converter: Any) -> GraderFault | None:
    """Do what nbgrader's ``generate_assignment`` is asked to, by its own preprocessors. ``converter`` is nbgrader's.

    Without ``--force`` a release that is there stays, unless the gradebook doesn't know it: it came with a clone.
    Returns an error with the reason if there is no release now, or the one of before.
    """
    with journal(job) as changes:
        known = converter.no_database or job.gradebook.released(job.assignment) is not None
        folder = job.layout.folder("release", job.assignment)
        if folder.exists() and known and not job.force:
            job.progress.advance(f"Skipping existing assignment: {folder}")
            return None
        try:
            _release(job, converter, changes, folder)
        except Exception as error:
            what = str(job.gradebook.explain(error) or f"{type(error).__name__}: {error}")
            job.progress.trouble(f"{job.assignment}: {what}", None if job.gradebook.explain(error) else error)
            return left_out(NOT_RELEASED, {job.assignment: what})
    return None


def _release(job: Job, converter: Any, changes: Journal, folder: Path) -> None:
    source, name = job.layout.folder("source", job.assignment), f"{job.assignment}.ipynb"
    listed = job.course.assignment(job.assignment)
    if not (source / name).is_file():
        raise UsageError(f"{source / name}: there is no such notebook.", next_step=f"Run 'htilde build {listed.name}'.")
    if others := sorted(path.name for path in source.glob("*.ipynb") if path.name != name):
        what = f"beside {name} there are other notebooks ({', '.join(others)}); the kit grades one of that name."
        raise CourseError(Problem(source, what), next_step="Make an assignment of each.")
    job.before([source / name])
    if not converter.no_database:
        _enter(job, converter)
    book = nbformat.read(source / name, as_version=4)
    _refuse([*_unexamined(book, name, listed.exercises), *_half_marked(book, name)])
    about = {"student": ".", "assignment": listed.name, "notebook": listed.name, "db_url": converter.coursedir.db_url}
    resources: Any = {"nbgrader": about, "unique_key": listed.name, "metadata": {"path": str(source)}}
    for wanted in converter.preprocessors:
        preprocessor = (import_item(wanted) if isinstance(wanted, str) else wanted)(parent=converter)
        if preprocessor.enabled:
            book, resources = preprocessor.preprocess(book, resources)
    nbformat.validate(book)
    _refuse(_without_stub(book, name))
    fresh = changes.begin(folder)
    copy_files(job.layout.files(source), source, fresh)
    nbformat.write(book, fresh / name)
    set_permissions(fresh, job.permissions, group_shared=job.layout.group_shared)
    # A date that somebody set in formgrader stands unless grading.toml gives another.
    if listed.due is not None and not converter.no_database:
        with Gradebook(converter.coursedir.db_url, converter.coursedir.course_id) as gradebook:
            gradebook.update_or_create_assignment(listed.name, duedate=listed.due)
    job.progress.advance(f"Writing {folder}")
    finish(job, changes.decide(folder))
    job.after([folder / name])


def _enter(job: Job, converter: Any) -> None:
    """Make the assignment known to the gradebook, and take out notebooks that it had before."""
    with Gradebook(converter.coursedir.db_url, converter.coursedir.course_id) as gradebook:
        try:
            assignment = gradebook.find_assignment(job.assignment)
        except MissingEntry:
            if not converter.create_assignment:
                raise UsageError(
                    f"The gradebook knows no assignment {job.assignment}.",
                    next_step=f"Add it (nbgrader db assignment add {job.assignment}), or leave out the line "
                    "GenerateAssignment.create_assignment = False.",
                ) from None
            gradebook.add_assignment(job.assignment)
            return
        old = [notebook.name for notebook in assignment.notebooks if notebook.name != job.assignment]
        if old and assignment.submissions:
            what = f"the gradebook has other notebooks of it ({', '.join(old)}), and submissions of them."
            raise CourseError(Problem(job.assignment, what), next_step="Release it under another name.")
        for name in old:
            gradebook.remove_notebook(name, job.assignment)


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise CourseError(found, next_step="Mend the master and build again.")


def _unexamined(book: NotebookNode, name: str, exercises: Collection[str]) -> Iterator[Problem]:
    for cell in unexamined(book, exercises):
        what = f"the graded cell {cell} isn't the check of an exercise in grading.toml, so nobody would examine it."
        yield Problem(name, what)


def _half_marked(book: NotebookNode, name: str) -> Iterator[Problem]:
    # nbgrader takes away a lone end mark, and the answer above it stays.
    for number, cell in enumerate(book.cells, 1):
        marks = re.findall(f"{re.escape(BEGIN)}|{re.escape(END)}", cell.source)
        if marks != [BEGIN, END] * (len(marks) // 2):
            yield Problem(name, f"cell {number}: each answer must stand between {BEGIN} and {END}.")


def _without_stub(book: NotebookNode, name: str) -> Iterator[Problem]:
    for number, cell in enumerate(book.cells, 1):
        if cell.cell_type == "code" and is_solution(cell) and STUB not in cell.source:
            yield Problem(name, f"cell {number}: there is no {STUB!r} in the place of the answer.")
