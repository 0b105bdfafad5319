"""Print errors, notes, tables and JSON for a person at a terminal; plain text where there is none."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from htilde.characters import WIDTH, clean, points
from htilde.errors import KitError

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
]

PASSED, FAILED, WRONG_USAGE, FAULT = 0, 1, 2, 3
"""Exit statuses of a command; errors carry the last two themselves."""


def complain(error: KitError) -> None:
    """Print on standard error what went wrong and what to do next."""
    # A line break in a file's name mustn't begin a line that looks like ours.
    message = clean(error.message).replace("\n", "\n  ")
    click.echo(click.style("error: ", fg="red", bold=True) + message, err=True)
    if error.next_step:
        click.echo(clean(error.next_step), err=True)


def print_json(plain: Any) -> None:
    """Print one JSON document, in ASCII: no terminal, pipe or program reads it wrong."""
    click.echo(json.dumps(plain, indent=2))


def print_note(note: str, *, head: str = "note: ", err: bool = False) -> None:
    """Print a remark, folded to the width of a terminal."""
    text = textwrap.fill(clean(f"{head}{note}"), WIDTH, subsequent_indent=" " * len(head), break_long_words=False)
    click.echo(text, err=err)


def near(path: Path) -> str:
    """Return a path relative to the working directory, or in full if it lies elsewhere."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table. Long texts are folded with rich, which students needn't have; without it they aren't."""
    cleaned = [[clean(cell) for cell in row] for row in rows]
    try:
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text
    except ImportError:
        lines = [[" · ".join(cell.splitlines()) for cell in row] for row in (columns, *cleaned)]
        widths = [max(map(len, column)) for column in zip(*lines)]
        for line in lines:
            click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in cleaned:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)


def print_grades(rows: Iterable[tuple[str, Any, str]]) -> None:
    """Print a table of each student's points for exercises, if there are any, and what went wrong.

    ``rows`` are the student's id, the grade or None, and the reason in words.
    """

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
