"""A course's papers as they lie on disk, and whether they still fit what they were written from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from htilde.authoring.shared import shared_files
from htilde.course import GRADING, Course
from htilde.errors import CourseError, PaperError, Problem
from htilde.examination.paper import Paper, read_paper
from htilde.model import Visibility

__all__ = ["origin", "paper_path", "stored_paper", "stored_papers"]

_REBUILD = "Run 'htilde build' to write a new one; grades given so far keep the old paper's id."


def stored_papers(course: Course, assignment: str) -> tuple[Paper, Paper]:
    """The public and the hidden paper as they lie on disk, worth today's points.

    Raises PaperError if one is missing, damaged or older than the declarations it was written from.
    """
    return stored_paper(course, assignment, Visibility.PUBLIC), stored_paper(course, assignment, Visibility.HIDDEN)


def stored_paper(course: Course, assignment: str, visibility: Visibility, path: Path | None = None) -> Paper:
    """One of them, or that at ``path``. Raises PaperError as ``stored_papers`` does."""
    path = path or paper_path(course, assignment, visibility)
    paper = read_paper(path)
    listed = course.assignment(assignment)
    if paper.origin != origin(course, assignment, visibility):
        raise PaperError(
            f"{path}: the paper is stale; {_either(_sources(course, assignment, visibility))} "
            "has changed since it was written.",
            next_step=_REBUILD,
        )
    if {exercise.name for exercise in paper.exercises} != set(listed.exercises):
        raise PaperError(f"{path}: the paper is stale; {GRADING} lists other exercises.", next_step=_REBUILD)
    return paper.with_points(listed.points)


def paper_path(course: Course, assignment: str, visibility: Visibility) -> Path:
    """Where a paper lies: the public one as last built, or in a fresh clone as last released."""
    if visibility is Visibility.HIDDEN:
        return course.hidden_paper(assignment)
    built = course.source(assignment) / course.public_paper(assignment).name
    return built if built.exists() else course.public_paper(assignment)


def _sources(course: Course, assignment: str, visibility: Visibility) -> list[Path]:
    """The files that a paper is written from. The first public property answers the probes of both papers."""
    kinds = [visibility.value, "misconceptions", *(["public"] if visibility is Visibility.HIDDEN else [])]
    files = [course.declarations(kind, assignment) for kind in kinds]
    return files + shared_files(course.root / "tests", files)


def _either(paths: Sequence[Path]) -> str:
    names = [f"{path.parent.parent.name}/{path.parent.name}/{path.name}" for path in paths]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def origin(course: Course, assignment: str, visibility: Visibility) -> str:
    """The checksum of the declarations that a paper is written from, however their lines end."""
    digest = hashlib.sha256()
    for path in _sources(course, assignment, visibility):
        try:
            digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
        except OSError as error:
            raise CourseError(Problem(path, f"can't be read ({error.strerror}).")) from None
    return digest.hexdigest()[:16]
