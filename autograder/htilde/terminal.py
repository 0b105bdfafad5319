"""Talking to a person at a terminal: errors, tables, progress; plain text where there is no terminal."""

from __future__ import annotations

import json
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from htilde.characters import WIDTH, clean, points
from htilde.errors import KitError

__all__ = [
    "FAILED",
    "FAULT",
    "PASSED",
    "Meter",
    "complain",
    "meter",
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


class Meter:
    """How far a long work is, as plain lines: one when a step begins, then not more than it takes to see it move."""

    SECONDS = 5.0
    """Between two lines about the same step, and a tenth of it."""
    TROUBLES = 20
    """Are told as they come in; more are only counted."""

    def __init__(self) -> None:
        self.troubles = 0
        self._what, self._total, self._done = "", 0, 0
        self._began = self._told = 0.0
        self._told_at = 0

    def step(self, what: str, total: int) -> None:
        """Something begins that will advance so often; nothing to do isn't told."""
        self._what, self._total, self._done, self._told_at = what, total, 0, 0
        self._began = self._told = time.monotonic()
        if total:
            self._begin(f"{what} ({total}) ...")

    def advance(self) -> None:
        """One more is done."""
        self._done += 1
        now = time.monotonic()
        far = self._done - self._told_at >= self._total / 10
        if far and now - self._told >= self.SECONDS and self._done < self._total:
            self._told, self._told_at = now, self._done
            self._show(now)

    def trouble(self, what: str) -> None:
        """Something went wrong that doesn't end the work."""
        self.troubles += 1
        if self.troubles <= self.TROUBLES:
            first, *_ = clean(what).splitlines() or [""]
            self._line(first if len(first) <= 2 * WIDTH else f"{first[: 2 * WIDTH - 3]}...")
        if self.troubles == self.TROUBLES:
            self._line("(more such lines are left out)")

    def _show(self, now: float) -> None:
        pace = self._done / max(now - self._began, 1e-9)
        left = _duration((self._total - self._done) / pace)
        self._line(f"{self._what}: {self._done} of {self._total}, {pace:.1f} a second, {left} left")

    def _begin(self, text: str) -> None:
        self._line(text)

    def _line(self, text: str) -> None:
        click.echo(text, err=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


@contextmanager
def meter() -> Iterator[Meter]:
    """A bar with pace and time left on a terminal, plain lines elsewhere; both on standard error."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        yield Meter()
        return
    screen = Console(stderr=True, highlight=False)
    if not screen.is_terminal:
        yield Meter()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}")
    with Progress(*columns, TimeRemainingColumn(), console=screen) as bars:

        class Bars(Meter):
            _bar: Any = None

            def advance(self) -> None:
                self._done += 1
                pace = self._done / max(time.monotonic() - self._began, 1e-9)
                bars.update(self._bar, completed=self._done, pace=f"{pace:.1f}/s")

            def _begin(self, text: str) -> None:
                self._bar = bars.add_task(self._what, total=self._total, pace="")

            def _line(self, text: str) -> None:
                bars.console.print(text, markup=False)

        yield Bars()
