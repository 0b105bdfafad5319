"""Checking a file from a clean start: find its paper, run it in a worker, ask."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.course import Course, find_course
from autograder.errors import CourseError, PaperError, UsageError
from autograder.examiner import Asked, examine
from autograder.model import Examination, ExerciseResult, Limits, Visibility
from autograder.notebook import find_paper
from autograder.paper import SUFFIX, ExercisePaper, Paper, read_paper
from autograder.submission import read_submission

__all__ = ["check_file", "find_submission"]

_SUFFIXES = (".ipynb", ".py")

_NAME_IT = "Name a notebook, a .py file or their folder: autograder check PATH."


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

    ``device`` is where torch computes while exploring. A student's own check goes on where the worker can't be
    locked; the examination says so.
    """
    if device == "cuda" and not explore:
        raise UsageError(
            "--device cuda: stored papers are asked without torch, so there is nothing to compute on a GPU.",
            next_step="Add --explore to let torch answer live, or leave --device out.",
        )
    file, paper = find_submission(path, course_folder)
    papers = [_only(paper, exercises)]
    # The course that the file lies in, or else the one that the person is in.
    course = (_course_around(file.parent, course_folder) or find_course(course_folder)) if hidden or explore else None
    if course is not None and hidden:
        from autograder.papers import stored_papers

        papers.append(stored_papers(course, paper.assignment)[1])
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
            near = difflib.get_close_matches(name, names, 1)
            raise UsageError(
                f"There is no exercise {name!r} in {paper.assignment}{f'; did you mean {near[0]!r}?' if near else '.'}",
                next_step=f"Its exercises are: {', '.join(names)}.",
            )
    return replace(paper, exercises=tuple(e for e in paper.exercises if not exercises or e.name in exercises))


def find_submission(path: Path, course_folder: Path) -> tuple[Path, Paper]:
    """The file to check and its public paper. ``path`` is a notebook, a ``.py`` file or a folder with one."""
    if os.path.isdir(path):
        if path.suffix in _SUFFIXES:
            raise UsageError(f"{path}: this is a folder, not a file.", next_step=_NAME_IT)
        paper = _paper_of_folder(path, course_folder)
        candidates = [path / f"{paper.assignment}{suffix}" for suffix in _SUFFIXES]
        file = next((candidate for candidate in candidates if candidate.is_file()), None)
        if file is None:
            raise UsageError(
                f"{path}: there is no {candidates[0].name} in this folder.",
                next_step="If the file is called otherwise, name it: autograder check FILE.",
            )
        return file, paper
    if not os.path.lexists(path):
        raise UsageError(f"{path}: there is no such file.", next_step=_NAME_IT)
    if path.suffix not in _SUFFIXES:
        raise UsageError(f"{path}: a notebook (.ipynb) or a .py file is expected.", next_step=_NAME_IT)
    if not path.is_file():
        raise UsageError(f"{path}: this is neither a file nor a folder.", next_step=_NAME_IT)
    if list(path.parent.glob(f"*{SUFFIX}")):
        return path, find_paper(path.parent)
    return path, _paper_of_course(path, course_folder)


def _paper_of_folder(folder: Path, course_folder: Path) -> Paper:
    """The paper in a folder; a student's folder in a course needs none of its own."""
    if not list(folder.glob(f"*{SUFFIX}")) and (course := _course_around(folder, course_folder)) is not None:
        name = folder.resolve().name
        if name in [assignment.name for assignment in course.assignments]:
            return _newest(course, name)
    return find_paper(folder)


def _paper_of_course(path: Path, course_folder: Path) -> Paper:
    course = _course_around(path.parent, course_folder)
    if course is None:
        raise PaperError(
            f"{path}: there is no paper (a file ending in {SUFFIX}) beside it, and no course around it.",
            next_step="Work in the assignment's folder as you received it, with all its files.",
        )
    names = [assignment.name for assignment in course.assignments]
    name = path.stem if path.stem in names else path.resolve().parent.name
    if name not in names:
        raise UsageError(
            f"{path}: this notebook isn't of this course; its name should be that of an assignment.",
            next_step=f"The assignments are: {', '.join(names)}.",
        )
    return _newest(course, name)


def _course_around(place: Path, course_folder: Path) -> Course | None:
    """The course that was named, or else the one that a place lies in, if any."""
    named = course_folder != Path()
    try:
        return find_course(course_folder if named else place)
    except UsageError as error:
        if named or isinstance(error, CourseError):
            raise
        return None


def _newest(course: Course, assignment: str) -> Paper:
    """The public paper as last built, or in a fresh clone as last released; worth today's points."""
    released = course.public_paper(assignment)
    built = course.source(assignment) / released.name
    return read_paper(built if built.exists() else released).with_points(course.assignment(assignment).points)
