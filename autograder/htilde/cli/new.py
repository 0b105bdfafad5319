"""``htilde new``: begin an assignment or an exercise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htilde.errors import UsageError
from htilde.terminal import near

if TYPE_CHECKING:
    from htilde.authoring.scaffold import Placeholder
    from htilde.course import Course

__all__ = ["new"]


@click.group()
def new() -> None:
    """Begin an assignment or an exercise.

    What is written is an example that passes verify as it is; make it yours piece by piece (docs/authoring.md).
    """


@new.command()
@click.argument("name")
@click.option("--exercise", default="example", show_default=True, metavar="NAME", help="Its first exercise.")
@click.pass_context
def assignment(ctx: click.Context, name: str, exercise: str) -> None:
    """Begin the assignment NAME, with one exercise.

    Writes a master, the files below tests/ and a block at the end of grading.toml.
    """
    from htilde.authoring.scaffold import new_assignment
    from htilde.course import find_course

    course = find_course(ctx.obj)
    _tell(course, name, exercise, new_assignment(course, name, exercise))


@new.command()
@click.argument("name")
@click.option("--assignment", "of", metavar="NAME", help="Whose exercise; default: the only one, or the folder's.")
@click.pass_context
def exercise(ctx: click.Context, name: str, of: str | None) -> None:
    """Begin the exercise NAME of an assignment.

    Adds a cell to the master below the last exercise, declarations at the end of the files below tests/, and a
    line to grading.toml.
    """
    from htilde.authoring.scaffold import new_exercise
    from htilde.course import find_course

    course = find_course(ctx.obj)
    chosen = of or _of_this_folder(course, ctx.obj, name)
    _tell(course, chosen, name, new_exercise(course, chosen, name))


def _of_this_folder(course: Course, folder: Path, exercise: str) -> str:
    """Return the only assignment, or the one in whose folder we are. Raises UsageError if there is none."""
    names = [listed.name for listed in course.assignments]
    parts = folder.resolve().relative_to(course.root).parts
    found = names if len(names) == 1 else [name for name in names if name in parts]
    if len(found) != 1:
        raise UsageError(
            f"{course.root} has {len(names)} assignments; of which one is {exercise} to be an exercise?",
            next_step=f"Name it: --assignment {' or --assignment '.join(names)}",
        )
    return found[0]


def _tell(course: Course, assignment: str, exercise: str, places: Sequence[Placeholder]) -> None:
    spots = [(f"{near(place.path)}:{place.line}", place.todo) for place in places]
    width = max(len(spot) for spot, _ in spots)
    click.echo(f"{assignment}: {exercise} is begun; so far it returns what it is given. Make it yours:\n")
    for spot, todo in spots:
        click.echo(f"  {spot:{width}}  {todo}")
    for folder in sorted(course.root.glob("tests/locale/*/")):
        click.echo(f"  {near(folder / f'{assignment}.po'):{width}}  claims and hints in that language")
    click.echo(f"\nThen: htilde verify {assignment}")
