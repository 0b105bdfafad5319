"""Show the progress of a long work: a bar on a terminal, plain lines elsewhere; both on standard error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from htilde.characters import WIDTH, clean

__all__ = ["ProgressDisplay", "progress"]


class ProgressDisplay:
    """Progress in plain lines: one when a step begins, and later ones only where a step takes long."""

    SECONDS = 5.0
    """The least time between two lines about the same step. A tenth of the step lies between them, too."""

    TROUBLES = 20
    """The number of troubles that are printed. More are only counted."""

    def __init__(self) -> None:
        self.troubles = 0
        self._what, self._total, self._done = "", 0, 0
        self._began = self._told = 0.0
        self._told_at = 0

    def step(self, what: str, total: int | None = None) -> None:
        """Begin a step of ``total`` parts, or of a number that isn't known. Nothing is printed if there are none."""
        self._what, self._total, self._done, self._told_at = what, total or 0, 0, 0
        self._began = self._told = time.monotonic()
        if total != 0:
            self._begin(f"{what} ..." if total is None else f"{what} ({total}) ...")

    def advance(self, total: int | None = None) -> None:
        """Count one part as done. ``total`` tells how many there are, if that wasn't known when the step began."""
        self._done += 1
        self._total = self._total if total is None else total
        self._show(time.monotonic())

    def trouble(self, what: str) -> None:
        """Print the first line of something that went wrong and doesn't end the work."""
        self.troubles += 1
        if self.troubles <= self.TROUBLES:
            first, *_ = clean(what).splitlines() or [""]
            self._line(first if len(first) <= 2 * WIDTH else f"{first[: 2 * WIDTH - 3]}...")
        if self.troubles == self.TROUBLES:
            self._line("(more such lines are left out)")

    def _begin(self, text: str) -> None:
        self._line(text)

    def _show(self, now: float) -> None:
        far = self._done - self._told_at >= self._total / 10
        if far and now - self._told >= self.SECONDS and self._done < self._total:
            self._told, self._told_at = now, self._done
            pace = self._pace(now)
            left = duration((self._total - self._done) / pace)
            self._line(f"{self._what}: {self._done} of {self._total}, {pace:.1f} a second, {left} left")

    def _pace(self, now: float) -> float:
        return self._done / max(now - self._began, 1e-9)

    def _line(self, text: str) -> None:
        click.echo(text, err=True)


def duration(seconds: float) -> str:
    """Return a time in its two largest units: "2 h 01 min"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


@contextmanager
def progress() -> Iterator[ProgressDisplay]:
    """Show progress while the ``with`` block runs. A bar needs rich, which students needn't have."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    except ImportError:
        yield ProgressDisplay()
        return
    screen = Console(stderr=True, highlight=False)
    if not screen.is_terminal:
        yield ProgressDisplay()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[pace]}")
    with Progress(*columns, TimeRemainingColumn(), console=screen) as bars:

        class Bar(ProgressDisplay):
            _bar: Any = None

            def _begin(self, text: str) -> None:
                self._bar = bars.add_task(self._what, total=self._total or None, pace="")

            def _show(self, now: float) -> None:
                if self._bar is not None:
                    pace = f"{self._pace(now):.1f}/s"
                    bars.update(self._bar, total=self._total or None, completed=self._done, pace=pace)

            def _line(self, text: str) -> None:
                bars.console.print(text, markup=False)

        yield Bar()
