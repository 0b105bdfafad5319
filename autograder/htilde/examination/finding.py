"""Finding what is meant: a submission by its file or folder, and the paper that it sits."""

from __future__ import annotations

import os
from pathlib import Path

from htilde.course import Course, find_course
from htilde.errors import CourseError, PaperError, UsageError
from htilde.examination.paper import Paper, read_paper
from htilde.model import PAPER_SUFFIX, Visibility

__all__ = ["course_around", "find_paper", "find_submission"]

_SUFFIXES = (".ipynb", ".py")

_NAME_IT = "Name a notebook, a .py file or their folder: htilde check PATH."


def find_paper(folder: Path, course_folder: Path = Path()) -> Paper:
    """The public paper in a folder; in a course also that of the assignment which the folder is named after.

    An instructor looks at a student's folder, which needs no paper of its own. Raises PaperError if there is none,
    or more than one.
    """
    found = sorted(folder.glob(f"*{PAPER_SUFFIX}"))
    if not found and (course := course_around(folder, course_folder)) is not None:
        name = folder.resolve().name
        if name in [assignment.name for assignment in course.assignments]:
            return _newest(course, name)
    if len(found) != 1:
        there = f"there are {len(found)}: {', '.join(path.name for path in found)}" if found else "there is none"
        below = sorted(path.parent.name for path in folder.glob(f"*/*{PAPER_SUFFIX}")) if not found else []
        raise PaperError(
            f"{folder.resolve()}: one paper (a file ending in {PAPER_SUFFIX}) must lie beside the notebook; {there}.",
            next_step=f"Name the assignment's folder: htilde check {folder / below[0]}"
            if below
            else "Work in the assignment's folder as you received it, with all its files.",
        )
    paper = read_paper(found[0])
    if paper.visibility is not Visibility.PUBLIC:
        raise PaperError(f"{found[0]}: this is a hidden paper; checks need the public one.")
    return paper


def find_submission(path: Path, course_folder: Path) -> tuple[Path, Paper]:
    """The file to check and its public paper. ``path`` is a notebook, a ``.py`` file or a folder with one."""
    if os.path.isdir(path):
        if path.suffix in _SUFFIXES:
            raise UsageError(f"{path}: this is a folder, not a file.", next_step=_NAME_IT)
        paper = find_paper(path, course_folder)
        candidates = [path / f"{paper.assignment}{suffix}" for suffix in _SUFFIXES]
        file = next((candidate for candidate in candidates if candidate.is_file()), None)
        if file is None:
            raise UsageError(
                f"{path}: there is no {candidates[0].name} in this folder.",
                next_step="If the file is called otherwise, name it: htilde check FILE.",
            )
        return file, paper
    if not os.path.lexists(path):
        raise UsageError(f"{path}: there is no such file.", next_step=_NAME_IT)
    if path.suffix not in _SUFFIXES:
        raise UsageError(f"{path}: a notebook (.ipynb) or a .py file is expected.", next_step=_NAME_IT)
    if not path.is_file():
        raise UsageError(f"{path}: this is neither a file nor a folder.", next_step=_NAME_IT)
    if list(path.parent.glob(f"*{PAPER_SUFFIX}")):
        return path, find_paper(path.parent, course_folder)
    return path, _paper_of_course(path, course_folder)


def _paper_of_course(path: Path, course_folder: Path) -> Paper:
    course = course_around(path.parent, course_folder)
    if course is None:
        raise PaperError(
            f"{path}: there is no paper (a file ending in {PAPER_SUFFIX}) beside it, and no course around it.",
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


def course_around(place: Path, course_folder: Path) -> Course | None:
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
