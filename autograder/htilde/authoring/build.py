"""Build what nbgrader starts from: ``solutions/<assignment>/`` with the notebook and the public paper."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from htilde.authoring.declarations import Declarations, load_declarations
from htilde.authoring.drawing import current_papers
from htilde.authoring.master import Master, read_master, source_notebook
from htilde.authoring.origin import drawing_engine
from htilde.course import Course
from htilde.errors import CourseError, Problem
from htilde.examination.paper import Paper, write_paper
from htilde.files import write_file
from htilde.model import PAPER_SUFFIX

__all__ = ["Built", "build", "write_notebook"]


@dataclass(frozen=True)
class Built:
    """The files and papers that ``build`` wrote."""

    notebook: Path
    paper: Path
    public: Paper
    hidden: Paper

    @property
    def of_another_engine(self) -> tuple[Paper, ...]:
        """The papers that another engine than today's drew, and that ``redraw`` would draw anew."""
        return tuple(paper for paper in (self.public, self.hidden) if paper.origin.engine != drawing_engine())


def build(
    course: Course, assignment: str, *, device: str = "cpu", lang: str | None = None, redraw: bool = False
) -> Built:
    """Write an assignment's source notebook and papers. Nothing is written if anything is wrong.

    Papers that still fit their declarations keep their questions; with ``redraw`` all are drawn anew, that of those who
    work alone when it is needed next. Raises CourseError with all disagreements.
    """
    listed = course.assignment(assignment)
    folder = course.source(assignment)
    notebook, paper = folder / f"{assignment}.ipynb", folder / f"{assignment}{PAPER_SUFFIX}"
    declarations, master = _read(course, assignment, {notebook.name, paper.name})
    language = lang or course.language
    book = source_notebook(master, {**listed.points, **listed.written}, language)
    public, hidden = current_papers(course, declarations, device=device, language=language, redraw=redraw)
    if redraw:
        course.self_study_paper(assignment).unlink(missing_ok=True)
    write_paper(public.with_points(listed.points), paper)
    write_notebook(book, notebook)
    return Built(notebook, paper, public, hidden)


def _read(course: Course, assignment: str, generated: set[str]) -> tuple[Declarations, Master]:
    """Read what an assignment is built from. Raises CourseError with all that is wrong in any of it."""
    listed = course.assignment(assignment)
    wrong: list[CourseError] = []
    read: list[Any] = []
    for step in (
        lambda: load_declarations(course, assignment),
        lambda: read_master(course.master(assignment), listed.exercises, tuple(listed.written)),
        lambda: _nothing_else_in(course.source(assignment), generated),
    ):
        try:
            read.append(step())
        except CourseError as error:
            wrong.append(error)
    if wrong:
        steps = dict.fromkeys(error.next_step for error in wrong if error.next_step)
        raise CourseError([problem for error in wrong for problem in error.problems], next_step="\n".join(steps))
    declarations, master, _ = read
    return declarations, master


def _nothing_else_in(folder: Path, expected: set[str]) -> None:
    # nbgrader copies every file of this folder to every student.
    others = [path for path in folder.glob("*") if path.name not in expected and path.name != ".ipynb_checkpoints"]
    if others:
        problems = [Problem(path, "nbgrader would hand this file to every student.") for path in sorted(others)]
        raise CourseError(problems, next_step="This folder is generated: move what you want to keep, and build again.")


def write_notebook(book: object, path: Path) -> None:
    """Write a notebook; the file is replaced as a whole or not at all."""
    import nbformat

    write_file(path, nbformat.writes(book) + "\n")
