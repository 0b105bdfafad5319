# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""The kit inside nbgrader: reading a submission, examining it instead of executing it, saving what it earned."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.errors import CourseError, GraderFault, Problem, SubmissionError
from autograder.examiner import examine
from autograder.faces import as_html, as_json, clean
from autograder.master import BEGIN, END, STUB
from autograder.model import Examination
from autograder.nbgrader_converters import Sitting, make_careful
from autograder.nbgrader_rebuild import grade_id, rebuild, submission_cells
from autograder.records import Record, Status, write_record
from autograder.submission import CHECK_PREFIX, MAX_BYTES, Cell, Submission, cells_of_notebook, steps

__all__ = ["Examine", "ReadSubmission", "SaveGrades", "WriteRelease"]

UNREADABLE = "unreadable"


class ReadSubmission(NotebookExporter):
    """Reads what a student handed in; what can't be read becomes the released notebook with a message."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        make_careful(self.parent)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        ours = (resources or {}).get("autograder")
        if not ours or not ours["reads_submission"]:
            return super().from_filename(filename, resources, **kwargs)
        released = ours["sitting"].released
        try:
            book = rebuild(released, _cells(Path(filename), linked=ours["linked"]))
        except SubmissionError as error:
            book = rebuild(released, submission_cells(released))
            book.metadata["autograder"] = {UNREADABLE: str(error)}
        return self.from_notebook_node(book, resources, **kwargs)


def _cells(path: Path, *, linked: bool) -> list[Cell]:
    if linked:
        raise SubmissionError(f"{path.name} is a link to another file.", next_step="Hand in the notebook itself.")
    if not path.is_file():
        raise SubmissionError(f"{path.name} isn't a file.", next_step="Hand in your notebook under this name.")
    with path.open("rb") as file:
        return cells_of_notebook(file.read(MAX_BYTES + 1), path.name)


class WriteRelease(NotebookExporter):
    """Writes the release; it fails, and the release of before stays, if part of an answer would be left in it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        make_careful(self.parent)

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        text, resources = super().from_notebook_node(nb, resources, **kwargs)
        book = nbformat.reads(text, as_version=4)
        nbformat.validate(book)
        if problems := list(_left_of_answers(book, f"{resources['metadata']['name']}.ipynb")):
            raise CourseError(problems, next_step="Mend the master and build again.")
        return text, resources


def _left_of_answers(book: nbformat.NotebookNode, name: str) -> Iterator[Problem]:
    for number, cell in enumerate(book.cells, 1):
        if BEGIN in cell.source or END in cell.source:
            yield Problem(name, f"cell {number}: the mark of an answer is left, so part of the answer may be.")
        is_answer = cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
        if is_answer and STUB not in cell.source:
            yield Problem(name, f"cell {number}: there is no {STUB!r} in the place of the answer.")


class Examine(NbGraderPreprocessor):
    """Stands where nbgrader executes the notebook: each check cell gets one result, a number and a table."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        sitting: Sitting = resources["autograder"]["sitting"]
        student = resources["nbgrader"]["student"]
        checks = _checks(nb, sitting)
        unreadable = nb.metadata.pop("autograder", {}).get(UNREADABLE, "")
        if unreadable:
            for number, cell in enumerate(checks.values()):
                _give(cell, 0.0, _notice(unreadable if number == 0 else "See the first check of this notebook."))
            record = Record(sitting.assignment.name, student, Status.UNREADABLE, unreadable)
        else:
            examination = self._examine(nb, checks, sitting)
            notes = list(examination.notes)
            if examination.unprotected:
                notes.append(f"examined without protection: {examination.unprotected}")
            for name, cell in checks.items():
                result = examination[name]
                _give(cell, result.points, as_html(result, notes=notes))
                notes = []
            record = Record(sitting.assignment.name, student, Status.GRADED, examination=as_json(examination))
        resources["autograder"]["record"] = record
        return nb, resources

    def _examine(
        self, nb: nbformat.NotebookNode, checks: dict[str, nbformat.NotebookNode], sitting: Sitting
    ) -> Examination:
        # The gradebook's points, not today's of grading.toml, so that no score is above its maximum.
        points = {name: float(cell.metadata.nbgrader["points"]) for name, cell in checks.items()}
        if points != dict(sitting.assignment.points):
            self.log.warning("grading.toml gives other points: run 'nbgrader generate_assignment --force' to use them.")
        papers = [paper.with_points(points) for paper in sitting.papers]
        submission = Submission(steps(submission_cells(nb), tuple(checks)))
        course = sitting.course
        return examine(submission, papers, course.limits, allow_unprotected=course.allow_unprotected)


def _checks(nb: nbformat.NotebookNode, sitting: Sitting) -> dict[str, nbformat.NotebookNode]:
    """The check cells by exercise. A graded code cell that nobody would examine must not get nbgrader's full marks."""
    graded = [cell for cell in nb.cells if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")]
    checks = {
        grade_id(cell).removeprefix(CHECK_PREFIX): cell for cell in graded if not cell.metadata.nbgrader.get("solution")
    }
    if unknown := [name for name in checks if sitting.papers[0].exercise(name) is None]:
        name = sitting.assignment.name
        raise CourseError(
            Problem(sitting.course.release(name), f"no paper asks what the check of {unknown[0]} should."),
            next_step=f"Run 'autograder build' and 'nbgrader generate_assignment {name} --force'.",
        )
    return checks


def _give(cell: nbformat.NotebookNode, points: float, table: str) -> None:
    cell.outputs = [new_output("execute_result", {"text/plain": f"{points:.12g}", "text/html": table})]


def _notice(text: str) -> str:
    return f"<div>{html.escape(clean(text))}</div>".replace("\n", "<br>")


class SaveGrades(SaveAutoGrades):
    """Saves points in nbgrader's gradebook, then the reasons in the kit's records."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        record = resources["autograder"].get("record")
        if record is None:
            raise GraderFault("The submission wasn't examined.", next_step="Don't switch the preprocessor Examine off.")
        nb, resources = super().preprocess(nb, resources)
        write_record(resources["autograder"]["sitting"].course, record)
        return nb, resources
