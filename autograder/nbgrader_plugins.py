# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""The kit inside nbgrader: reading a submission, examining it instead of executing it, saving what it earned."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.errors import CourseError, GraderFault, Problem, SubmissionError
from autograder.examiner import examine
from autograder.faces import as_html, as_json, clean
from autograder.master import BEGIN, END, STUB
from autograder.model import Examination
from autograder.nbgrader_converters import Sitting, make_careful
from autograder.nbgrader_feedback import FeedbackPage
from autograder.nbgrader_grades import Decision
from autograder.nbgrader_html import at_rest
from autograder.nbgrader_rebuild import check_cells, rebuild, submission_cells, unexamined
from autograder.records import Record, Status
from autograder.submission import MAX_BYTES, Cell, Submission, cells_of_notebook, steps

__all__ = ["Examine", "ReadSubmission", "SaveGrades", "WriteFeedback", "WriteRelease"]

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
        prose = {cell.source for cell in released.cells}
        try:
            book = rebuild(released, _cells(Path(filename), linked=ours["linked"]))
        except SubmissionError as error:
            book = rebuild(released, submission_cells(released))
            book.metadata["autograder"] = {UNREADABLE: str(error)}
        for cell in book.cells:
            if cell.cell_type == "markdown" and cell.source not in prose:
                cell.source = at_rest(cell.source)
        return self.from_notebook_node(book, resources, **kwargs)


def _cells(path: Path, *, linked: bool) -> list[Cell]:
    if linked:
        raise SubmissionError(f"{path.name} is a link to another file.", next_step="Hand in the notebook itself.")
    if not path.is_file():
        raise SubmissionError(f"{path.name} isn't a file.", next_step="Hand in your notebook under this name.")
    with path.open("rb") as file:
        return cells_of_notebook(file.read(MAX_BYTES + 1), path.name)


class WriteRelease(NotebookExporter):
    """Writes the release. It fails, and the release of before stays, if students would receive part of an answer.

    It fails too at a graded cell that checks no exercise: nobody would examine it, and nbgrader would give it
    full marks.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        make_careful(self.parent)

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        assert resources is not None
        name = f"{resources['nbgrader']['notebook']}.ipynb"
        _refuse([*_unexamined(nb, name, resources["autograder"]["exercises"]), *_half_marked(nb, name)])
        text, resources = super().from_notebook_node(nb, resources, **kwargs)
        book = nbformat.reads(text, as_version=4)
        nbformat.validate(book)
        _refuse(_without_stub(book, name))
        return text, resources


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise CourseError(found, next_step="Mend the master and build again.")


def _unexamined(book: nbformat.NotebookNode, name: str, exercises: Collection[str]) -> Iterator[Problem]:
    for cell in unexamined(book, exercises):
        what = f"the graded cell {cell} isn't the check of an exercise in grading.toml, so nobody would examine it."
        yield Problem(name, what)


def _half_marked(book: nbformat.NotebookNode, name: str) -> Iterator[Problem]:
    # nbgrader takes away a lone end mark, and the answer above it stays.
    for number, cell in enumerate(book.cells, 1):
        marks = re.findall(f"{re.escape(BEGIN)}|{re.escape(END)}", cell.source)
        if marks != [BEGIN, END] * (len(marks) // 2):
            yield Problem(name, f"cell {number}: each answer must stand between {BEGIN} and {END}.")


def _without_stub(book: nbformat.NotebookNode, name: str) -> Iterator[Problem]:
    for number, cell in enumerate(book.cells, 1):
        is_answer = cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution")
        if is_answer and STUB not in cell.source:
            yield Problem(name, f"cell {number}: there is no {STUB!r} in the place of the answer.")


class WriteFeedback(FeedbackPage):
    """Writes a student's page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        make_careful(self.parent)


class Examine(NbGraderPreprocessor):
    """Stands where nbgrader executes the notebook: each check cell gets one result, a number and a table."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        sitting: Sitting = resources["autograder"]["sitting"]
        student = resources["nbgrader"]["student"]
        checks = check_cells(nb)
        unreadable = nb.metadata.pop("autograder", {}).get(UNREADABLE, "")
        nb.metadata["autograder"] = {"language": sitting.papers[0].language}
        if unreadable:
            for number, cell in enumerate(checks.values()):
                _give(cell, 0.0, _notice(unreadable if number == 0 else "See the first check of this notebook."))
            record = Record(sitting.assignment.name, student, Status.UNREADABLE, unreadable)
        else:
            examination = _examine(nb, checks, sitting)
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


def _examine(nb: nbformat.NotebookNode, checks: Mapping[str, nbformat.NotebookNode], sitting: Sitting) -> Examination:
    # The gradebook's points, not today's of grading.toml, so that no score is above its maximum.
    points = {name: float(cell.metadata.nbgrader["points"]) for name, cell in checks.items()}
    papers = [paper.with_points(points) for paper in sitting.papers]
    submission = Submission(steps(submission_cells(nb), tuple(checks)))
    course = sitting.course
    return examine(submission, papers, course.limits, allow_unprotected=course.allow_unprotected)


def _give(cell: nbformat.NotebookNode, points: float, table: str) -> None:
    # Not rounded: nbgrader refuses what is above the maximum by as little as it likes.
    cell.outputs = [new_output("execute_result", {"text/plain": repr(float(points)), "text/html": table})]


def _notice(text: str) -> str:
    return f"<div>{html.escape(clean(text))}</div>".replace("\n", "<br>")


class SaveGrades(NbGraderPreprocessor):
    """Reads off what was decided. It is saved when the notebook is complete, points and reasons together."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        record = resources["autograder"].get("record")
        if record is None:
            raise GraderFault("The submission wasn't examined.", next_step="Don't switch the preprocessor Examine off.")
        resources["autograder"]["decision"] = Decision.of(nb, record, resources["nbgrader"]["notebook"])
        return nb, resources
