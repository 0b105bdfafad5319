"""The commands with which an instructor looks into grades: one student's answer, and the whole class."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import UsageError
from autograder.terminal import FAILED, PASSED, near, print_json, print_note

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["explain"]


@click.command()
@click.argument("student")
@click.argument("exercise")
@click.option("--assignment", default="", metavar="NAME", help="Whose exercise, if several have one of that name.")
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="FILE.py",
    help="Write what failed as Python: inputs, right answers, the student's.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md) instead of text.")
@click.pass_context
def explain(ctx: click.Context, student: str, exercise: str, assignment: str, save: Path | None, as_json: bool) -> None:
    """Tell all about STUDENT's answer to EXERCISE.

    For instructors: shows what hidden properties asked. The submission is examined again in the locked worker; no
    grade changes.
    """
    from autograder import explanation_faces as faces
    from autograder.course import find_course
    from autograder.explanation import explain as explain_one
    from autograder.reproduction import MARK, reproduction

    course = find_course(ctx.obj)
    if save is not None:
        _refuse_to_write(course, save, MARK)
    found = explain_one(course, student, exercise, assignment=assignment)
    if found.unprotected:
        print_note(f"this ran without protection ({found.unprotected})", err=True)
    if as_json:
        print_json(faces.as_json(found))
    else:
        heading, _, rest = faces.as_text(found).partition("\n")
        click.echo(f"{click.style(heading, bold=True)}\n{rest}")
    if save is not None:
        save.write_text(reproduction(found), encoding="utf-8")
        click.echo(f"\nsaved: {near(save.resolve())}", err=as_json)
    sys.exit(PASSED if found.result.passed else FAILED)


def _refuse_to_write(course: Course, path: Path, mark: str) -> None:
    """What only instructors may see is written neither to where students receive it nor over something else."""
    place = path.resolve()
    for folder in ("assignments", "solutions", "feedback", "submitted", "autograded"):
        if place.is_relative_to(course.root / folder):
            raise UsageError(
                f"{path}: what lies in {folder}/ may reach students, and this holds what they mayn't see.",
                next_step="Write it to another folder.",
            )
    if not place.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {place.parent}.", next_step="Make it, or name another.")
    if os.path.lexists(path):
        kept = path.read_bytes()[: len(mark)] if path.is_file() else b""
        if kept != mark.encode():
            raise UsageError(f"{path}: this is there already, and isn't ours.", next_step="Name another file.")
