"""``check``: the student's own test, in the student's own kernel, against the public paper.

No torch and no course; only ``check()``, which goes through the whole notebook, starts a worker. The result has
two faces: HTML for a person, and as plain text nothing but the points, which is what nbgrader reads.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from htilde.characters import points
from htilde.diagnosis.completion import examine_exercise
from htilde.errors import KitError, PaperError, UsageError
from htilde.examination.finding import find_paper, find_submission
from htilde.examination.judgement import Asked
from htilde.examination.paper import ExercisePaper, Paper
from htilde.isolation.calls import Reply, Status, ask
from htilde.language import _, speaking
from htilde.self_study.checking import check_file
from htilde.self_study.workspace import is_alone
from htilde.telling.html import as_html, trouble_html, whole_html
from htilde.telling.text import as_text, whole_text
from htilde.values import Value

__all__ = ["CheckResult", "check"]


@dataclass(frozen=True)
class CheckResult:
    """The result of ``check``: displayed by Jupyter as ``html``, read by nbgrader as ``points``."""

    points: float
    html: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": points(self.points), "text/html": self.html}

    def __repr__(self) -> str:
        return points(self.points)

    def __str__(self) -> str:
        return self.text


def check(what: str | Callable[..., Any] | None = None, /) -> CheckResult:
    """Check an exercise, named by its function or its name: ``check("sigmoid")`` or ``check(sigmoid)``.

    ``check()`` checks the whole notebook, as it was last saved, from a clean start in a process of its own.
    Looks for the paper beside the notebook. What is missing or wrong is shown, never raised.
    """
    namespace = sys._getframe(1).f_globals
    try:
        folder = Path.cwd()
        paper = find_paper(folder)
        with speaking(paper.language):
            alone = is_alone(folder)
            passed, shown = _whole(folder) if what is None else _one(what, namespace, paper, alone=alone)
    except (KitError, OSError) as error:
        known = error if isinstance(error, KitError) else _unreadable(error)
        passed, shown = False, CheckResult(0.0, trouble_html(known), str(known))
    if not passed and os.environ.get("NBGRADER_EXECUTION") == "validate":
        # nbgrader's Validate shows what a failed cell wrote to standard error, and nothing of its result.
        print(shown.text, file=sys.stderr)
    return shown


def _unreadable(error: OSError) -> KitError:
    """Return the error for a folder that is gone, or a file that may not be read."""
    where = f"{error.filename}: " if error.filename else ""
    again = "Work in the assignment's folder as you received it, with all its files; then restart the kernel."
    return UsageError(f"{where}{error.strerror or error}.", next_step=again)


def _whole(folder: Path) -> tuple[bool, CheckResult]:
    file = find_submission(folder, Path()).file
    saved = dt.datetime.fromtimestamp(file.stat().st_mtime).strftime("%H:%M:%S")
    examination = check_file(folder, Path())
    title = _("{file} as saved at {time}, run from a clean start").format(file=file.name, time=saved)
    html, text = whole_html(examination, title=title), whole_text(examination, title=title)
    return examination.passed, CheckResult(examination.points, html, text)


def _one(
    what: str | Callable[..., Any], namespace: Mapping[str, Any], paper: Paper, *, alone: bool
) -> tuple[bool, CheckResult]:
    exercise = _exercise(what, namespace, paper)
    result = examine_exercise(exercise, [paper], _live(exercise.name, namespace, what))
    html = as_html(result, hidden_remain=True, alone=alone)
    text = as_text(result, hidden_remain=True, alone=alone)
    return result.passed, CheckResult(result.points, html, text)


def _exercise(what: str | Callable[..., Any], namespace: Mapping[str, Any], paper: Paper) -> ExercisePaper:
    names = [exercise.name for exercise in paper.exercises]
    if isinstance(what, str):
        name = what
    else:  # a lambda, or a function under another name, counts for the exercise that it is bound to
        own = str(getattr(what, "__name__", type(what).__name__))
        bound = [name for name in names if namespace.get(name) is what]
        name = own if own in bound or not bound else bound[0]
    if (exercise := paper.exercise(name)) is None:
        message = _("There is no exercise {name!r} in {assignment}.").format(name=name, assignment=paper.assignment)
        raise PaperError(message, next_step=_("Its exercises are: {names}.").format(names=", ".join(names)))
    return exercise


def _live(name: str, namespace: Mapping[str, Any], what: str | Callable[..., Any]) -> Asked:
    """Ask the function in this very process; an interrupt by the student ends the exercise."""
    function = namespace.get(name) if isinstance(what, str) else what

    def asked(cases: Sequence[Sequence[Value]], /, keep: Sequence[int] = ()) -> list[Reply]:
        if not callable(function):
            return [Reply(Status.MISSING, message="" if function is None else type(function).__name__)]
        replies: list[Reply] = []
        for case in cases:
            reply = ask(function, case, namespace, keep)
            if reply.error == "KeyboardInterrupt":
                reply = replace(reply, status=Status.TIMED_OUT, end={"limit": "interrupt"})
            replies.append(reply)
            if reply.status is not Status.ANSWERED:
                break
        return replies

    return asked
