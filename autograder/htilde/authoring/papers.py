"""Read a course's papers from disk, and tell whether they still fit what they were drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from htilde.authoring.origin import declared_code, declared_functions, declared_texts
from htilde.authoring.shared import shared_files
from htilde.course import GRADING, Course
from htilde.errors import PaperError
from htilde.examination.paper import Paper, read_paper
from htilde.model import Visibility

__all__ = ["is_reworded", "misfit", "paper_path", "stored_paper", "stored_papers"]

_REBUILD = "Run 'htilde build' to write a new one; grades given so far keep the old paper's id."
_REWORD = "Run 'htilde build': it keeps the questions and writes the new texts."


def stored_papers(course: Course, assignment: str) -> tuple[Paper, Paper]:
    """Return the public and the hidden paper as they lie on disk, worth today's points; neither torch nor code is run.

    Raises PaperError if one is missing, damaged or older than the declarations it was drawn from.
    """
    return stored_paper(course, assignment, Visibility.PUBLIC), stored_paper(course, assignment, Visibility.HIDDEN)


def stored_paper(course: Course, assignment: str, visibility: Visibility, path: Path | None = None) -> Paper:
    """Return one of the papers, or that at ``path``. Raises PaperError as ``stored_papers`` does."""
    path = path or paper_path(course, assignment, visibility)
    paper = read_paper(path)
    if why := misfit(course, assignment, visibility, paper):
        raise PaperError(f"{path}: the paper is stale; {why}", next_step=_REBUILD)
    if is_reworded(course, assignment, visibility, paper):
        what = f"a claim or a hint in {_sources(course, assignment, visibility)} was reworded since."
        raise PaperError(f"{path}: the paper's texts are stale; {what}", next_step=_REWORD)
    return paper.with_points(course.assignment(assignment).points).with_strict(course.strict)


def misfit(course: Course, assignment: str, visibility: Visibility, paper: Paper) -> str:
    """Return why a paper's questions aren't those of the course's declarations; nothing if they are.

    A paper of version 0.1 fits if its questions and mistakes are still declared by name: nobody should sit another
    paper in the middle of a term because the kit was upgraded. Raises CourseError for a file that can't be parsed.
    """
    if (paper.assignment, paper.visibility) != (assignment, visibility):
        return f"it is the {paper.visibility.value} paper of {paper.assignment}."
    if paper.origin.comparable:
        fits = paper.origin.declarations == declared_code(course, assignment, visibility)
    else:
        asked = {question.name for exercise in paper.exercises for question in exercise.questions}
        mistakes = {mistake.name for exercise in paper.exercises for mistake in exercise.mistakes}
        fits = asked | mistakes <= declared_functions(course, assignment, visibility)
    if not fits:
        return f"{_sources(course, assignment, visibility)} has changed since it was written."
    if {exercise.name for exercise in paper.exercises} != set(course.assignment(assignment).exercises):
        return f"{GRADING} lists other exercises."
    return ""


def is_reworded(course: Course, assignment: str, visibility: Visibility, paper: Paper) -> bool:
    """Return whether claims or hints are declared in other words than when a paper was written. Raises CourseError."""
    return paper.origin.comparable and paper.origin.texts != declared_texts(course, assignment, visibility)


def paper_path(course: Course, assignment: str, visibility: Visibility) -> Path:
    """Return where a paper lies: the public one as last built, or in a fresh clone as last released."""
    if visibility is Visibility.HIDDEN:
        return course.hidden_paper(assignment)
    built = course.source(assignment) / course.public_paper(assignment).name
    return built if built.exists() else course.public_paper(assignment)


def _sources(course: Course, assignment: str, visibility: Visibility) -> str:
    """Return the files that a paper is drawn from, as a message names them."""
    kinds = [visibility.value, "misconceptions", *(["public"] if visibility is Visibility.HIDDEN else [])]
    files = [course.declarations(kind, assignment) for kind in kinds]
    return _either(files + shared_files(course.root / "tests", files))


def _either(paths: Sequence[Path]) -> str:
    names = [f"{path.parent.parent.name}/{path.parent.name}/{path.name}" for path in paths]
    return f"{', '.join(names[:-1])} or {names[-1]}"
