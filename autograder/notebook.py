"""``check``: the student's own test, in the student's own kernel, against the public paper.

No torch, no course, no worker. The result has two faces: HTML for a person, and as plain text nothing but
the points, which is what nbgrader reads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder import faces
from autograder.calls import Reply, Status, ask
from autograder.course import find_course
from autograder.errors import KitError, PaperError
from autograder.examiner import Asked, examine_exercise
from autograder.model import Visibility
from autograder.paper import SUFFIX, ExercisePaper, Paper, read_paper
from autograder.values import Value

__all__ = ["Shown", "check", "find_paper"]


@dataclass(frozen=True)
class Shown:
    """What ``check`` returns: displayed by Jupyter as ``html``, read by nbgrader as ``points``."""

    points: float
    html: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": faces.points(self.points), "text/html": self.html}

    def __repr__(self) -> str:
        return faces.points(self.points)

    def __str__(self) -> str:
        return self.text


def check(what: str | Callable[..., Any], /) -> Shown:
    """Check an exercise, named by its function or its name: ``check("sigmoid")`` or ``check(sigmoid)``.

    Looks for the paper beside the notebook. What is missing or wrong is shown, never raised.
    """
    passed, shown = _checked(what, sys._getframe(1).f_globals)
    if not passed and os.environ.get("NBGRADER_EXECUTION") == "validate":
        # nbgrader's Validate shows what a failed cell wrote to standard error, and nothing of its result.
        print(shown.text, file=sys.stderr)
    return shown


def _checked(what: str | Callable[..., Any], namespace: Mapping[str, Any]) -> tuple[bool, Shown]:
    try:
        exercise, paper = _exercise(what, namespace, find_paper(Path.cwd()))
    except KitError as error:
        return False, Shown(0.0, faces.trouble_html(error), str(error))
    result = examine_exercise(exercise, [paper], _live(exercise.name, namespace, what))
    html, text = faces.as_html(result, hidden_remain=True), faces.as_text(result, hidden_remain=True)
    return result.passed, Shown(result.points, html, text)


def find_paper(folder: Path) -> Paper:
    """The public paper in a folder, or of the assignment that the folder is named after, in a course.

    Raises PaperError if there is none, or more than one.
    """
    found = sorted(folder.glob(f"*{SUFFIX}")) or list(_in_course(folder.resolve()))
    if len(found) != 1:
        there = f"there are {len(found)}: {', '.join(path.name for path in found)}" if found else "there is none"
        raise PaperError(
            f"{folder.resolve()}: one paper (a file ending in {SUFFIX}) must lie beside the notebook; {there}.",
            next_step="Work in the assignment's folder as you received it, with all its files.",
        )
    paper = read_paper(found[0])
    if paper.visibility is not Visibility.PUBLIC:
        raise PaperError(f"{found[0]}: this is a hidden paper; checks need the public one.")
    return paper


def _in_course(folder: Path) -> Iterator[Path]:
    """An instructor looks at a student's folder, which needs no paper of its own."""
    try:
        course = find_course(folder)
    except KitError:
        return
    if folder.name in [assignment.name for assignment in course.assignments]:
        yield course.public_paper(folder.name)


def _exercise(
    what: str | Callable[..., Any], namespace: Mapping[str, Any], paper: Paper
) -> tuple[ExercisePaper, Paper]:
    names = [exercise.name for exercise in paper.exercises]
    if isinstance(what, str):
        name = what
    else:  # a lambda, or a function under another name, counts for the exercise that it is bound to
        own = str(getattr(what, "__name__", type(what).__name__))
        bound = [name for name in names if namespace.get(name) is what]
        name = own if own in bound or not bound else bound[0]
    if (exercise := paper.exercise(name)) is None:
        raise PaperError(
            f"There is no exercise {name!r} in {paper.assignment}.", next_step=f"Its exercises are: {', '.join(names)}."
        )
    return exercise, paper


def _live(name: str, namespace: Mapping[str, Any], what: str | Callable[..., Any]) -> Asked:
    """Ask the function in this very process; an interrupt by the student ends the exercise."""
    function = namespace.get(name) if isinstance(what, str) else what

    def asked(cases: Sequence[Sequence[Value]], /) -> list[Reply]:
        if not callable(function):
            return [Reply(Status.MISSING, message="" if function is None else type(function).__name__)]
        replies: list[Reply] = []
        for case in cases:
            reply = ask(function, case, namespace)
            if reply.error == "KeyboardInterrupt":
                reply = replace(reply, status=Status.TIMED_OUT, message="the time you gave it")
            replies.append(reply)
            if reply.status is not Status.ANSWERED:
                break
        return replies

    return asked
