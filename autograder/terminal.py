"""Talking to a person at a terminal: errors, tables, progress; plain text where there is no terminal."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from autograder.errors import KitError
from autograder.faces import WIDTH, clean, points

__all__ = [
    "FAILED",
    "FAULT",
    "PASSED",
    "complain",
    "near",
    "print_grades",
    "print_json",
    "print_note",
    "print_table",
    "progress",
]

PASSED, FAILED, WRONG_USAGE, FAULT = 0, 1, 2, 3
"""What a command ends with; errors carry the last two themselves."""


def complain(error: KitError) -> None:
    """What went wrong and what to do, on standard error."""
    # A line break in a file's name mustn't begin a line that looks like ours.
    message = clean(error.message).replace("\n", "\n  ")
    click.echo(click.style("error: ", fg="red", bold=True) + message, err=True)
    if error.next_step:
        click.echo(clean(error.next_step), err=True)


def print_json(plain: Any) -> None:
    """One document, in ASCII: no terminal, pipe or program reads it wrong."""
    click.echo(json.dumps(plain, indent=2))


def print_note(note: str, *, head: str = "note: ", err: bool = False) -> None:
    """A remark, within the width of a terminal."""
    text = textwrap.fill(clean(f"{head}{note}"), WIDTH, subsequent_indent=" " * len(head), break_long_words=False)
    click.echo(text, err=err)


def near(path: Path) -> str:
    """A path as short as it can be told from here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table that folds long texts; without rich, which students needn't have, one that doesn't."""
    cleaned = [[clean(cell) for cell in row] for row in rows]
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        _print_plain([columns, *cleaned])
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in cleaned:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)


def _print_plain(rows: Sequence[Sequence[str]]) -> None:
    lines = [[" · ".join(cell.splitlines()) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def print_grades(rows: Iterable[tuple[str, Any, str]]) -> None:
    """Each student's points for exercises, if there are any, and in words what went wrong."""

    def score(grade: Any) -> str:
        earned = grade and grade.code_score
        return "–" if earned is None else f"{points(earned)} / {points(grade.max_code_score)}"

    table = [
        (student.replace("\n", "␤"), score(grade), grade.written if grade else "", why) for student, grade, why in rows
    ]
    if any(written for _, _, written, _ in table):
        print_table(("student", "points", "written", "what to look at"), table)
    else:
        print_table(
            ("student", "points", "what to look at"), [(student, earned, why) for student, earned, _, why in table]
        )


@contextmanager
def progress() -> Iterator[tuple[Callable[[str, int], None], Callable[..., None]]]:
    """A step with a bar on a terminal, one plain line a step elsewhere; both on standard error."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        screen = Console(stderr=True)
        bars_work = screen.is_terminal
    except ImportError:
        bars_work = False
    if not bars_work:
        yield (lambda what, total: click.echo(f"{what} ...", err=True)), (lambda total=None: None)
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=screen) as bars:
        current = [bars.add_task("", visible=False, total=None)]

        def step(what: str, total: int) -> None:
            current[0] = bars.add_task(what, total=total or None)

        def advance(total: int | None = None) -> None:
            bars.update(current[0], advance=1, total=total)  # None leaves the total as it is

        yield step, advance
