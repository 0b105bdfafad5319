# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-untyped-calls, no-warn-return-any
"""What happens to one submission between nbgrader's folders: it is read, examined, and told what it earned."""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from htilde.authoring.papers import stored_papers
from htilde.characters import clean
from htilde.course import Assignment, Course
from htilde.errors import CourseError, Problem, SubmissionError, Unprotected, UsageError
from htilde.examination.examiner import examine
from htilde.examination.paper import Paper
from htilde.examination.store import Entry, Store
from htilde.grading.records import Record, Status
from htilde.isolation.sandbox import protection
from htilde.language import speak
from htilde.prose.markdown import at_rest
from htilde.submissions.cell import MAX_BYTES, Cell
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.rebuild import check_cells, rebuild, submission_cells, unexamined
from htilde.submissions.steps import Submission, steps
from htilde.telling.faces import as_html, as_json

__all__ = ["Sitting"]

_OURS = "htilde"
"""The kit's own field of a notebook's metadata; nothing of a student's file gets there."""


@dataclass(frozen=True)
class Sitting:
    """What all submissions of one run share: the papers that are sat, the notebook as released, the verdict store."""

    course: Course
    assignment: Assignment
    papers: tuple[Paper, ...]
    released: nbformat.NotebookNode
    store: Store
    faults: dict[str, Exception] = field(default_factory=dict)
    """Why a submission couldn't be examined in this run, by its key in the store."""

    def __deepcopy__(self, _: object) -> Sitting:
        return self  # nbconvert copies its resources for every notebook, twice

    @classmethod
    def prepare(cls, course: Course, assignment: str, *, again: bool = False) -> Sitting:
        """Raises KitError if the class can't be graded, before anything is touched.

        With ``again`` nothing is taken from the store that another run has examined.
        """
        path = course.release(assignment) / f"{assignment}.ipynb"
        step = f"Run 'htilde release {assignment}'."
        listed, papers = course.assignment(assignment), stored_papers(course, assignment)
        try:
            released = nbformat.read(path, as_version=4)
        except FileNotFoundError:
            raise UsageError(f"{path}: there is no released notebook.", next_step=step) from None
        except Exception as error:  # nbformat raises whatever it meets
            raise CourseError(Problem(path, f"this isn't a notebook ({error})."), next_step=step) from None
        if lost := unexamined(released, [exercise.name for exercise in papers[0].exercises]):
            raise CourseError(Problem(path, f"no paper asks about the graded cell {lost[0]}."), next_step=step)
        found = protection()
        if not found.official and not course.allow_unprotected:
            raise Unprotected(
                f"Student code can't be locked in on this machine: {'; '.join(found.missing)}.",
                next_step="Run 'htilde doctor' for the way to mend it.",
            )
        speak(papers[0].language)  # feedback is in the language of the notebook
        store = Store(course.private / "verdicts" / assignment, again=again, unprotected=not found.official)
        return cls(course, listed, papers, released, store)

    def read(self, path: Path, *, linked: bool, blank: nbformat.NotebookNode | None = None) -> nbformat.NotebookNode:
        """What was handed in, put on ``blank`` (or else the notebook as released).

        What can't be read becomes that notebook with a message.
        """
        blank = self.released if blank is None else blank
        prose, digest = {cell.source for cell in blank.cells}, ""
        try:
            cells, digest = _cells(path, linked=linked)
            book, unreadable = rebuild(blank, cells), ""
        except SubmissionError as error:
            book, unreadable = rebuild(blank, submission_cells(blank)), str(error)
        for cell in book.cells:
            if cell.cell_type == "markdown" and cell.source not in prose:
                cell.source = at_rest(cell.source, cell.get("attachments", ()))
        book.metadata[_OURS] = {"unreadable": unreadable, "submission": digest}
        return book

    def submission(self, book: nbformat.NotebookNode) -> Submission | None:
        """What of a notebook that was ``read`` is examined; None if it couldn't be read."""
        if book.metadata[_OURS]["unreadable"]:
            return None
        return Submission(steps(submission_cells(book), tuple(check_cells(book))))

    def key(self, submission: Submission) -> str:
        """By what its verdicts are found in the store."""
        return self.store.key(submission, self.papers, self.course.limits)

    def grade(self, book: nbformat.NotebookNode, student: str) -> Record:
        """Put into each check cell of a notebook that was ``read`` one result, a number and a table.

        It is examined unless that has been done.
        """
        checks, submission = check_cells(book), self.submission(book)
        about = book.metadata.pop(_OURS)
        book.metadata[_OURS] = {"language": self.papers[0].language}
        if submission is None:
            why = about["unreadable"]
            for number, cell in enumerate(checks.values()):
                _give(cell, 0.0, _notice(why if number == 0 else "See the first check of this notebook."))
            return Record(self.assignment.name, student, Status.UNREADABLE, why, submission=about["submission"])
        entry = self._entry(submission)
        # The gradebook's points, not today's of grading.toml, so that no score is above its maximum.
        worth = {name: float(cell.metadata.nbgrader["points"]) for name, cell in checks.items()}
        examination = entry.examination.worth(worth)
        notes = list(examination.notes)
        if examination.unprotected:
            notes.append(f"examined without protection: {examination.unprotected}")
        for name, cell in checks.items():
            result = examination[name]
            _give(cell, result.points, as_html(result, notes=notes))
            notes = []
        return Record(
            self.assignment.name,
            student,
            Status.GRADED,
            examination=as_json(examination),
            submission=about["submission"],
            kit=entry.kit,
            examined=entry.at,
        )

    def _entry(self, submission: Submission) -> Entry:
        if (entry := self.store.find(key := self.key(submission))) is not None:
            return entry
        if key in self.faults:
            raise self.faults[key]
        course = self.course
        found = examine(submission, self.papers, course.limits, allow_unprotected=course.allow_unprotected)
        return self.store.keep(key, found)


def _cells(path: Path, *, linked: bool) -> tuple[list[Cell], str]:
    """The cells of a file, and its checksum."""
    if linked:
        raise SubmissionError(f"{path.name} is a link to another file.", next_step="Hand in the notebook itself.")
    if not path.is_file():
        raise SubmissionError(f"{path.name} isn't a file.", next_step="Hand in your notebook under this name.")
    with path.open("rb") as file:
        raw = file.read(MAX_BYTES + 1)
    return cells_of_notebook(raw, path.name), hashlib.sha256(raw).hexdigest()


def _give(cell: nbformat.NotebookNode, points: float, table: str) -> None:
    # Not rounded: nbgrader refuses what is above the maximum by as little as it likes.
    data = NotebookNode({"text/plain": repr(float(points)), "text/html": table})
    result = {"output_type": "execute_result", "metadata": NotebookNode(), "data": data, "execution_count": None}
    cell.outputs = [NotebookNode(result)]


def _notice(text: str) -> str:
    return f"<div>{html.escape(clean(text))}</div>".replace("\n", "<br>")
