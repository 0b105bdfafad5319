"""Find the file to check, by its name or its folder, and the paper that asks about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from htilde.codes import Note, NoteCode
from htilde.course import Course, find_course
from htilde.errors import CourseError, PaperError, UsageError
from htilde.examination.paper import Paper, read_paper
from htilde.language import _, speaking
from htilde.model import PAPER_SUFFIX, Visibility
from htilde.submissions.names import SUFFIXES, is_script, is_submission, renamed

__all__ = ["Located", "enclosing_course", "find_paper", "find_submission"]

_NAME_IT = "Name a notebook, a .py file or their folder: htilde check PATH."


@dataclass(frozen=True, slots=True)
class Located:
    """The file to check and its public paper.

    ``expected`` is the name that it should have, if it was found under another one; ``beside`` are the files in its
    folder that look like copies of it.
    """

    file: Path
    paper: Paper
    expected: str = ""
    beside: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[Note, ...]:
        """Notes on how the file was found."""
        if self.expected:
            return (Note(NoteCode.FILE_RENAMED, {"file": self.file.name, "expected": self.expected}),)
        if self.beside:
            return (Note(NoteCode.COPIES_BESIDE, {"file": self.file.name, "names": list(self.beside)}),)
        return ()


def find_paper(folder: Path, course_folder: Path = Path()) -> Paper:
    """Return the public paper in a folder; in a course also that of the assignment which the folder is named after.

    An instructor looks at a student's folder, which needs no paper of its own. Raises PaperError if there is none,
    or more than one.
    """
    found = sorted(folder.glob(f"*{PAPER_SUFFIX}"))
    if not found and (course := enclosing_course(folder, course_folder)) is not None:
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


def find_submission(path: Path, course_folder: Path) -> Located:
    """Return the file to check and its public paper. ``path`` is a notebook, a ``.py`` file or a folder with one.

    In a folder a renamed file is taken if it is the only one that may be meant. Raises UsageError or PaperError.
    """
    if os.path.isdir(path):
        if is_submission(path.name):
            raise UsageError(f"{path}: this is a folder, not a file.", next_step=_NAME_IT)
        paper = find_paper(path, course_folder)
        with speaking(paper.language):
            return _in_folder(path, paper)
    if not os.path.lexists(path):
        raise UsageError(f"{path}: there is no such file.", next_step=_NAME_IT)
    if not is_submission(path.name):
        raise UsageError(f"{path}: a notebook (.ipynb) or a .py file is expected.", next_step=_NAME_IT)
    if not path.is_file():
        raise UsageError(f"{path}: this is neither a file nor a folder.", next_step=_NAME_IT)
    if list(path.parent.glob(f"*{PAPER_SUFFIX}")):
        return Located(path, find_paper(path.parent, course_folder))
    return Located(path, _paper_of_course(path, course_folder))


def _in_folder(folder: Path, paper: Paper) -> Located:
    names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    others = renamed(names, paper.assignment)
    for name in (f"{paper.assignment}{suffix}" for suffix in SUFFIXES):
        if name in names:
            return Located(folder / name, paper, beside=tuple(others))
    expected = f"{paper.assignment}{SUFFIXES[bool(others) and all(map(is_script, others))]}"
    if len(others) == 1:
        return Located(folder / others[0], paper, expected=expected)
    message = _("{path}: there is no {file} in this folder.")
    step = _("If the file is called otherwise, name it: htilde check FILE.")
    if others:
        message = _("{path}: there is no {file} in this folder, and more than one file may be meant: {names}.")
        step = _("Rename the one that counts to {file}, or name it: htilde check FILE.")
    raise UsageError(
        message.format(path=folder.resolve(), file=expected, names=", ".join(others)),
        next_step=step.format(file=expected),
    )


def _paper_of_course(path: Path, course_folder: Path) -> Paper:
    course = enclosing_course(path.parent, course_folder)
    if course is None:
        raise PaperError(
            f"{path}: there is no paper (a file ending in {PAPER_SUFFIX}) beside it, and no course around it.",
            next_step="Work in the assignment's folder as you received it, with all its files.",
        )
    names = [assignment.name for assignment in course.assignments]
    called = [name for name in names if path.stem == name] or [name for name in names if renamed([path.name], name)]
    name = max(called, key=len, default=path.resolve().parent.name)  # a1_more (1) is no a1
    if name not in names:
        raise UsageError(
            f"{path}: this notebook isn't of this course; its name should be that of an assignment.",
            next_step=f"The assignments are: {', '.join(names)}.",
        )
    return _newest(course, name)


def enclosing_course(place: Path, course_folder: Path) -> Course | None:
    """Return the course that was named, or else the one that a place lies in, if any."""
    named = course_folder != Path()
    try:
        return find_course(course_folder if named else place)
    except UsageError as error:
        if named or isinstance(error, CourseError):
            raise
        return None


def _newest(course: Course, assignment: str) -> Paper:
    """Return the public paper as last built, or in a fresh clone as last released; worth today's points."""
    released = course.public_paper(assignment)
    built = course.source(assignment) / released.name
    return read_paper(built if built.exists() else released).with_points(course.assignment(assignment).points)
