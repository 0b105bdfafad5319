"""Checking a file from a clean start: find its paper, run it in a worker, ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.course import Course, find_course
from autograder.errors import PaperError, UsageError
from autograder.examiner import Asked, examine
from autograder.model import Examination, ExerciseResult, Limits, Visibility
from autograder.notebook import find_paper
from autograder.paper import SUFFIX, ExercisePaper, Paper, read_paper
from autograder.submission import read_submission

__all__ = ["check_file", "find_submission"]


def check_file(
    path: Path,
    course_folder: Path,
    *,
    exercises: Sequence[str] = (),
    hidden: bool = False,
    explore: bool = False,
    device: str = "cpu",
) -> Examination:
    """Examine one file against the public paper beside it, or in a course against the course's.

    A student's own check goes on where the worker can't be locked; the examination says so.
    """
    file, paper = find_submission(path, course_folder)
    papers = [_only(paper, exercises)]
    course = find_course(course_folder) if hidden or explore else None
    if course is not None and hidden:
        papers.append(read_paper(course.hidden_paper(paper.assignment)))
    submission = read_submission(file, [exercise.name for exercise in papers[0].exercises])
    limits = course.limits if course else Limits()
    by = _exploring(course, paper.assignment, hidden) if course is not None and explore else None
    if by is None:
        return examine(submission, papers, limits, allow_unprotected=True)
    from autograder.oracle import using

    with using(device):
        return examine(submission, papers, limits, allow_unprotected=True, by=by)


def _exploring(course: Course, assignment: str, hidden: bool) -> Callable[[ExercisePaper, Asked], ExerciseResult]:
    from autograder.declarations import load_declarations
    from autograder.explore import explore_exercise

    declarations = load_declarations(course, assignment)
    visibilities = tuple(Visibility) if hidden else (Visibility.PUBLIC,)

    def by(exercise: ExercisePaper, asked: Asked) -> ExerciseResult:
        return explore_exercise(declarations, exercise, asked, visibilities)

    return by


def _only(paper: Paper, exercises: Sequence[str]) -> Paper:
    names = [exercise.name for exercise in paper.exercises]
    for name in exercises:
        if name not in names:
            raise UsageError(
                f"There is no exercise {name!r} in {paper.assignment}.",
                next_step=f"Its exercises are: {', '.join(names)}.",
            )
    return replace(paper, exercises=tuple(e for e in paper.exercises if not exercises or e.name in exercises))


def find_submission(path: Path, course_folder: Path) -> tuple[Path, Paper]:
    """The file to check and its public paper. ``path`` is a notebook, a ``.py`` file or a folder with one."""
    if path.is_dir():
        paper = find_paper(path)
        candidates = [path / f"{paper.assignment}{suffix}" for suffix in (".ipynb", ".py")]
        file = next((candidate for candidate in candidates if candidate.is_file()), None)
        if file is None:
            raise UsageError(
                f"{path}: the paper of {paper.assignment} is here, but no {candidates[0].name}.",
                next_step="Name the file: autograder check FILE.",
            )
        return file, paper
    if not path.exists():
        raise UsageError(f"{path}: there is no such file.", next_step="Name a notebook, a .py file or their folder.")
    if path.suffix not in (".ipynb", ".py"):
        raise UsageError(f"{path}: a notebook (.ipynb) or a .py file is expected.")
    if list(path.parent.glob(f"*{SUFFIX}")):
        return path, find_paper(path.parent)
    return path, _paper_of_course(path, course_folder)


def _paper_of_course(path: Path, course_folder: Path) -> Paper:
    try:
        course = find_course(course_folder if course_folder != Path() else path.parent)
    except UsageError:
        raise PaperError(
            f"{path}: there is no paper (a file ending in {SUFFIX}) beside it, and no course around it.",
            next_step="Work in the assignment's folder as you received it, with all its files.",
        ) from None
    names = [assignment.name for assignment in course.assignments]
    name = path.stem if path.stem in names else path.resolve().parent.name
    if name not in names:
        raise UsageError(
            f"{path}: this notebook isn't of this course; its name should be that of an assignment.",
            next_step=f"The assignments are: {', '.join(names)}.",
        )
    return read_paper(course.public_paper(name)).with_points(course.assignment(name).points)
