"""Talking to a person at a terminal: errors, tables, progress; plain text where there is no terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.errors import KitError, MissingExtra
from autograder.faces import clean, points

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["complain", "console", "near", "print_grades", "print_json", "progress", "table"]


def complain(error: KitError) -> None:
    click.echo(click.style("error: ", fg="red", bold=True) + clean(error.message), err=True)
    if error.next_step:
        click.echo(clean(error.next_step), err=True)


def print_json(plain: Any) -> None:
    click.echo(json.dumps(plain, indent=2, ensure_ascii=False))


def near(path: Path) -> str:
    """A path as short as it can be told from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def console(*, stderr: bool = False) -> Console:
    try:
        from rich.console import Console
    except ImportError:
        raise MissingExtra("rich", "This table", "instructor") from None
    return Console(stderr=stderr, highlight=False)


def table(*columns: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def print_grades(rows: Sequence[tuple[str, Any, str]]) -> None:
    from rich.text import Text

    grades = table("student", "points", "what to look at")
    for student, row, why in rows:
        score = "–" if row.score is None else f"{points(row.score)} / {points(row.max_score)}"
        grades.add_row(student, score, Text(clean(why)))
    console().print(grades)


@contextmanager
def progress() -> Iterator[tuple[Callable[[str, int], None], Callable[..., None]]]:
    """A step with a bar on a terminal, one plain line a step elsewhere; both on standard error."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield (lambda what, total: click.echo(f"{what} ...", err=True)), (lambda total=None: None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=screen) as bars:
        current = [bars.add_task("", visible=False, total=None)]

        def step(what: str, total: int) -> None:
            current[0] = bars.add_task(what, total=total or None)

        def advance(total: int | None = None) -> None:
            bars.update(current[0], advance=1, total=total)  # None leaves the total as it is

        yield step, advance
