# nbformat has types, but not everywhere.
# mypy: allow-untyped-calls
"""Read a submission, and decide what it earns."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from htilde.authoring.papers import stored_papers
from htilde.characters import clean
from htilde.codes import Note
from htilde.course import Course
from htilde.diagnosis.executors import Examiner
from htilde.errors import CourseError, Problem, SubmissionError, Unprotected, UsageError
from htilde.examination.store import Entry, Store
from htilde.files import engine, fingerprint
from htilde.grading.decision import GradeDecision
from htilde.grading.gradebook import Gradebook
from htilde.grading.records import GradeStatus, Record
from htilde.isolation.sandbox import protection
from htilde.language import _, speaking
from htilde.model import CHECK_PREFIX, Examination
from htilde.prose.markdown import at_rest
from htilde.submissions.cell import MAX_BYTES, Cell
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.rebuild import check_cells, grade_id, managed, rebuild, submission_cells, unexamined
from htilde.submissions.steps import Submission, steps
from htilde.telling.html import as_html

__all__ = ["Exam", "Rebuilt", "decide", "fill_checks", "prepare", "read", "set_result"]

_OURS = "htilde"
"""The kit's own field of a notebook's metadata; nothing of a student's file gets there."""


@dataclass(frozen=True)
class Exam:
    """The papers, notebook and points by which all submissions of an assignment are graded in one run.

    ``blank`` is the notebook as released, with what the gradebook says of its cells; ``worth`` has the gradebook's
    points of each exercise, not today's of grading.toml, so that no score is above its maximum.
    """

    examiner: Examiner
    blank: NotebookNode
    worth: Mapping[str, float]
    due: dt.datetime | None
    store: Store
    basis: str
    """A fingerprint of all that every grade of this run depends on."""

    @property
    def assignment(self) -> str:
        """The name of the assignment."""
        return self.examiner.papers[0].assignment

    @property
    def language(self) -> str:
        """The language of the release, in which its students are told."""
        return self.examiner.papers[0].language

    @property
    def papers(self) -> list[str]:
        """The ids of the papers."""
        return [paper.id for paper in self.examiner.papers]

    def key(self, submission: Submission) -> str:
        """Return the store's key of a submission's verdicts."""
        return self.store.key(submission, self.examiner.papers, self.examiner.limits)

    def earned(self, examination: Examination) -> dict[str, float]:
        """Return what each exercise earns by these verdicts."""
        points = {result.name: result.points for result in examination.worth(self.worth).exercises}
        return {name: points.get(name, 0.0) for name in self.worth}


def prepare(course: Course, assignment: str, gradebook: Gradebook, *, again: bool = False) -> Exam:
    """Gather what the whole class is graded by. Raises KitError, before anything is touched, if that isn't possible.

    With ``again`` nothing is taken from the store that another run has examined.
    """
    papers = stored_papers(course, assignment)
    path, step = course.release(assignment) / f"{assignment}.ipynb", f"Run 'htilde release {assignment}'."
    try:
        released = nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise UsageError(f"{path}: there is no released notebook.", next_step=step) from None
    except Exception as error:  # nbformat raises whatever it meets
        raise CourseError(Problem(path, f"this isn't a notebook ({error})."), next_step=step) from None
    exercises = [exercise.name for exercise in papers[0].exercises]
    if lost := unexamined(released, exercises):
        raise CourseError(Problem(path, f"no paper asks about the graded cell {lost[0]}."), next_step=step)
    found = protection()
    if not found.official and not course.allow_unprotected:
        raise Unprotected(
            f"Student code can't be locked in on this machine: {'; '.join(found.missing)}.",
            next_step="Run 'htilde doctor' for the way to mend it.",
        )
    if (known := gradebook.released(assignment)) is None:
        raise UsageError(
            f"{path.parent}: nbgrader's gradebook doesn't know this release.",
            next_step=f"{step} If there was a gradebook that did, put it back first.",
        )
    if differ := known.cells ^ managed(released):
        what = f"its cells aren't those of nbgrader's gradebook: {', '.join(sorted(differ))}."
        raise CourseError(Problem(path.parent, what), next_step=step)
    blank = gradebook.blank(assignment, released)
    examiner = Examiner(papers, course.limits, course.allow_unprotected)
    of_all = [
        nbformat.v4.writes(blank),
        gradebook.late_policy,
        [f"{paper.digest} {paper.language}" for paper in papers],
        [asdict(course.limits), course.allow_unprotected],
        engine("grading", "nbgrader", "telling", "prose", "locale"),
    ]
    return Exam(
        examiner,
        blank,
        {name: known.points.get(CHECK_PREFIX + name, 0.0) for name in exercises},
        known.due,
        Store(course.private / "verdicts" / assignment, again=again, unprotected=not found.official),
        fingerprint(of_all),
    )


@dataclass(frozen=True)
class Rebuilt:
    """A submission that was read: the student's sources on the notebook as released, and nothing else of theirs.

    Of what couldn't be read ``submission`` is None, and ``unreadable`` says why, in the language of the release.
    """

    book: NotebookNode
    submission: Submission | None
    digest: str
    """The SHA-256 of the file that was handed in, empty if it wasn't read."""
    unreadable: str = ""


def read(exam: Exam, path: Path, *, linked: bool = False) -> Rebuilt:
    """Read what was handed in. ``linked`` says that the path leads through a link, which isn't followed."""
    prose, digest, unreadable = {cell.source for cell in exam.blank.cells}, "", ""
    with speaking(exam.language):
        try:
            raw = _content(path, linked=linked)
            digest = hashlib.sha256(raw).hexdigest()
            cells: list[Cell] = cells_of_notebook(raw, path.name)
        except SubmissionError as error:
            cells, unreadable = submission_cells(exam.blank), str(error)
        book = rebuild(exam.blank, cells)
        for cell in book.cells:
            if cell.cell_type == "markdown" and cell.source not in prose:
                cell.source = at_rest(cell.source, cell.get("attachments", ()))
    book.metadata[_OURS] = {"language": exam.language}
    if unreadable:
        return Rebuilt(book, None, "", unreadable)
    return Rebuilt(book, Submission(steps(submission_cells(book), tuple(check_cells(book)))), digest)


def _content(path: Path, *, linked: bool) -> bytes:
    if linked:
        raise SubmissionError(
            _("{file} is a link to another file.").format(file=path.name), next_step=_("Hand in the notebook itself.")
        )
    if not path.is_file():
        raise SubmissionError(
            _("{file} isn't a file.").format(file=path.name), next_step=_("Hand in your notebook under this name.")
        )
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def decide(
    exam: Exam, student: str, rebuilt: Rebuilt, entry: Entry | None, gradebook: Gradebook, at: dt.datetime | None
) -> GradeDecision:
    """Decide what a submission earns, and put into each check cell of its notebook one result: a number and a table.

    ``entry`` holds the verdicts, None of what couldn't be read; ``at`` is when it was handed in, if that is known.
    """
    checks = check_cells(rebuilt.book)
    with speaking(exam.language):
        if entry is None:
            record = Record(
                exam.assignment,
                student,
                GradeStatus.UNREADABLE,
                rebuilt.unreadable,
                points=dict.fromkeys(exam.worth, 0.0),
                worth=exam.worth,
                submission=rebuilt.digest,
            )
            for number, cell in enumerate(checks.values()):
                text = rebuilt.unreadable if number == 0 else _("See the first check of this notebook.")
                set_result(cell, 0.0, f"<div>{html.escape(clean(text))}</div>".replace("\n", "<br>"))
        else:
            examination = entry.examination.worth(exam.worth)
            record = Record(
                exam.assignment,
                student,
                GradeStatus.GRADED,
                examination=examination,
                points=exam.earned(examination),
                worth=exam.worth,
                submission=rebuilt.digest,
                kit=entry.kit,
                examined=entry.at,
            )
            fill_checks(checks, examination)
    scores: dict[str, tuple[float | None, float]] = {}
    comments: dict[str, str | None] = {}
    for cell in rebuilt.book.cells:
        about, name = cell.metadata.get("nbgrader", {}), grade_id(cell)
        untouched = bool(about.get("solution")) and gradebook.is_untouched(cell)
        if about.get("grade"):
            is_check = cell.cell_type == "code" and not about.get("solution")
            by_examiner = record.points.get(name.removeprefix(CHECK_PREFIX), 0.0) if is_check else None
            scores[name] = (0.0 if untouched else by_examiner, float(about["points"]))
        if about.get("solution") or about.get("task"):
            comments[name] = "No response." if untouched and not about.get("task") else None
    return GradeDecision(record, scores, comments, None if at is None else at.isoformat())


def fill_checks(checks: Mapping[str, NotebookNode], examination: Examination) -> None:
    """Put an exercise's result into each check cell, notes on the whole submission with the first."""
    notes: list[Note | str] = list(examination.notes)
    if examination.unprotected:
        notes.append(f"examined without protection: {examination.unprotected}")
    for name, cell in checks.items():
        result = examination[name]
        set_result(cell, result.points, as_html(result, notes=notes))
        notes = []


def set_result(cell: NotebookNode, points: float, table: str) -> None:
    """Make a number and a table the one output of a cell."""
    # Not rounded: nbgrader refuses what is above the maximum by as little as it likes.
    data: dict[str, Any] = {"text/plain": repr(float(points)), "text/html": table}
    result = {"output_type": "execute_result", "metadata": NotebookNode(), "data": NotebookNode(data)}
    cell.outputs = [NotebookNode(result, execution_count=None)]
