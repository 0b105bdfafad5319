"""Check a file from a clean start, in a worker."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from htilde.course import Course, find_course
from htilde.diagnosis.completion import examine
from htilde.errors import UsageError
from htilde.examination.finding import enclosing_course, find_submission
from htilde.examination.judgement import Asked
from htilde.examination.paper import Example, ExercisePaper, Paper, Question
from htilde.language import speak
from htilde.model import Examination, ExerciseResult, Limits, OnGpu, Visibility
from htilde.self_study.workspace import enclosing_workspace
from htilde.submissions.reading import read_submission
from htilde.values import Value

if TYPE_CHECKING:
    from htilde.examination.gpu import Right

__all__ = ["check_file", "check_on_gpu", "hidden_paper"]


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

    In a workspace the hidden properties are those of the study, asked once an exercise's public ones pass.
    ``device`` is where torch computes while exploring. A student's own check goes on where the worker can't be
    locked; the examination says so.
    """
    found = find_submission(path, course_folder)
    file, paper = found.file, found.paper
    speak(paper.language)
    papers = [_only(paper, exercises)]
    own = enclosing_workspace(file.parent) if hidden and not explore and course_folder == Path() else None
    # The course that the file lies in, or else the one that the person is in.
    needed = explore or (hidden and own is None)
    course = (enclosing_course(file.parent, course_folder) or find_course(course_folder)) if needed else None
    if hidden:
        papers.append(hidden_paper(file, paper.assignment, course_folder))
    submission = read_submission(file, [exercise.name for exercise in papers[0].exercises])
    submission = replace(submission, notes=(*found.notes, *submission.notes))
    limits = course.limits if course else Limits()
    by = _exploring(course, paper.assignment, hidden) if course is not None and explore else None
    if by is None:
        return examine(submission, papers, limits, allow_unprotected=True, in_turn=own is not None)
    from htilde.oracle import using

    with using(device):
        return examine(submission, papers, limits, allow_unprotected=True, by=by)


def check_on_gpu(
    path: Path, course_folder: Path, examination: Examination, *, exercises: Sequence[str] = (), device: str = "cuda"
) -> OnGpu | None:
    """Ask what passed again on the GPU, ungraded; in a course whose torch finds one, beside torch's answers there.

    None for device ``"auto"`` where there is no GPU, or no CuPy. Raises UsageError for ``"cuda"`` there.
    """
    from htilde.examination.gpu import on_gpu

    found = find_submission(path, course_folder)
    paper = _only(found.paper, exercises)
    submission = read_submission(found.file, [exercise.name for exercise in paper.exercises])
    course = enclosing_course(found.file.parent, course_folder)
    limits = course.limits if course else Limits()
    try:
        with _torch_on_gpu(course, paper.assignment) as right:
            return on_gpu(submission, paper, examination, limits, right=right)
    except UsageError:
        if device == "auto":
            return None
        raise


@contextmanager
def _torch_on_gpu(course: Course | None, assignment: str) -> Iterator[Right | None]:
    """Yield a function that computes right answers on the GPU by torch, or None without course, torch or GPU."""
    if course is None or find_spec("torch") is None:
        yield None
        return
    from htilde.authoring.declarations import load_declarations
    from htilde.authoring.drawing import answer_of
    from htilde.oracle import cuda, using

    if not cuda():
        yield None
        return
    declarations = load_declarations(course, assignment)

    def right(exercise: str, question: Question, example: Example) -> Value:
        declared = next(d for d in declarations.properties(exercise, Visibility.PUBLIC) if d.name == question.name)
        return answer_of(declared, example.arguments)

    with using("cuda"):
        yield right


def hidden_paper(file: Path, assignment: str, course_folder: Path) -> Paper:
    """Return the hidden paper of the workspace that a file lies in, or of its course, or of the course around here."""
    own = enclosing_workspace(file.parent) if course_folder == Path() else None
    if own is not None:
        return own.study(assignment).hidden
    from htilde.authoring.papers import stored_papers

    course = enclosing_course(file.parent, course_folder) or find_course(course_folder)
    return stored_papers(course, assignment)[1]


def _exploring(course: Course, assignment: str, hidden: bool) -> Callable[[ExercisePaper, Asked], ExerciseResult]:
    from htilde.authoring.declarations import load_declarations
    from htilde.authoring.explore import explore_exercise

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
    return paper.only(*(exercises or names))
