# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""The kit inside nbgrader: reading a submission, examining it instead of executing it, saving what it earned."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.preprocessors import NbGraderPreprocessor

from htilde.authoring.master import BEGIN, END, STUB
from htilde.errors import CourseError, GraderFault, Problem
from htilde.grading.grades import Decision
from htilde.grading.sitting import Sitting
from htilde.nbgrader.converters import make_careful
from htilde.nbgrader.feedback import FeedbackPage
from htilde.submissions.rebuild import unexamined

__all__ = ["Examine", "ReadSubmission", "SaveGrades", "WriteFeedback", "WriteRelease"]


class ReadSubmission(NotebookExporter):
    """Reads what a student handed in; what can't be read becomes the released notebook with a message."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        make_careful(self.parent)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        ours = (resources or {}).get("htilde")
        if not ours or not ours["reads_submission"]:
            return super().from_filename(filename, resources, **kwargs)
        book = ours["sitting"].read(Path(filename), linked=ours["linked"])
        return self.from_notebook_node(book, resources, **kwargs)


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
        _refuse([*_unexamined(nb, name, resources["htilde"]["exercises"]), *_half_marked(nb, name)])
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
        sitting: Sitting = resources["htilde"]["sitting"]
        resources["htilde"]["record"] = sitting.grade(nb, resources["nbgrader"]["student"])
        return nb, resources


class SaveGrades(NbGraderPreprocessor):
    """Reads off what was decided. It is saved when the notebook is complete, points and reasons together."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        record = resources["htilde"].get("record")
        if record is None:
            raise GraderFault("The submission wasn't examined.", next_step="Don't switch the preprocessor Examine off.")
        resources["htilde"]["decision"] = Decision.of(nb, record, resources["nbgrader"]["notebook"])
        return nb, resources
