"""``htilde bundle``: make the zip file that somebody receives."""

from __future__ import annotations

from pathlib import Path

import click

from htilde.language import LANGUAGES
from htilde.progress_bar import progress
from htilde.terminal import near

__all__ = ["bundle"]


@click.group()
def bundle() -> None:
    """Put into one zip file what an audience may have.

    The kit's wheel, assignments and papers, and a page that says how to begin; no answer can be read in it.
    """


@bundle.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=None,
    help="The language that they are released in; default: that of grading.toml.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, readable=False),
    default=Path("student.zip"),
    show_default=True,
    help="The file to write.",
)
@click.pass_context
def student(ctx: click.Context, assignments: tuple[str, ...], lang: str | None, output: Path) -> None:
    """Bundle the assignments as they are released, for a class.

    All of them, unless some are named.
    """
    from htilde.course import find_course
    from htilde.shipping.bundle import student_bundle

    _tell(output, student_bundle(find_course(ctx.obj), assignments, output.absolute(), lang=lang))


@bundle.command("self-study")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, readable=False),
    default=Path("self-study.zip"),
    show_default=True,
    help="The file to write.",
)
@click.pass_context
def self_study(ctx: click.Context, output: Path) -> None:
    """Bundle every assignment in every language, for people who work alone and begin with 'htilde start'.

    Hints, hidden tests and solutions are in it, sealed against being seen by accident.
    """
    from htilde.course import find_course
    from htilde.shipping.bundle import self_study_bundle

    course = find_course(ctx.obj)
    with progress() as shown:
        names = self_study_bundle(
            course, output.absolute(), on_start=lambda assignment: shown.step(f"Making the material of {assignment}")
        )
    _tell(output, names)


def _tell(output: Path, names: list[str]) -> None:
    click.echo(f"{near(output)} ({output.stat().st_size / 2**10:.0f} KiB):")
    for name in names:
        click.echo(f"  {name}")
