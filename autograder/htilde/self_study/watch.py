"""Watch a learner's files: examine each when it is saved and show the verdict.

On a terminal one screen is painted again and again, and keys ask for more; elsewhere each verdict is printed. The main
thread paints; saves, keys and verdicts are reported to it by other threads.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self

import click

from htilde.errors import KitError
from htilde.language import _
from htilde.self_study import pages
from htilde.self_study.background import BackgroundExaminer, Failed, Found
from htilde.self_study.keys import REPAINT, interactive, keys
from htilde.self_study.saves import saves
from htilde.self_study.standing import standings
from htilde.self_study.watch_view import WatchView
from htilde.self_study.workspace import Workspace
from htilde.terminal import near

__all__ = ["watch"]


def watch(workspace: Workspace, focus: tuple[str, str] | None = None) -> None:
    """Watch until the learner presses q or Ctrl-C. ``focus`` is the assignment and the exercise to begin with."""
    events: SimpleQueue[Found | Failed | Path | str] = SimpleQueue()
    files = {workspace.file(name): name for name in workspace.assignments}
    view = WatchView(workspace, standings(workspace), focus)
    with ExitStack() as stack:
        stack.enter_context(suppress(KeyboardInterrupt))
        examining = BackgroundExaminer(workspace, events.put)
        stack.callback(examining.close)
        for name in reversed(workspace.assignments):
            if name not in (view.focus[0], *view.known):
                examining.want(name)
        examining.want(*view.focus)
        stack.enter_context(saves(list(files), events.put))
        face: _Screen | _Printed = _Printed(view)
        if interactive():
            face = stack.enter_context(_Screen(view))
            stack.enter_context(keys(events.put))
        face.begin()
        while (event := events.get()) != "q":
            match event:
                case Path():
                    view.saved()
                    examining.want(files[event])
                case Found():
                    view.learnt(event)
                case Failed():
                    if not isinstance(event.error, KitError):
                        raise event.error
                    view.failed(event.assignment, event.error)
                case _ if event != REPAINT:
                    view.pressed(event)
                    if view.unexamined:
                        examining.want(*view.focus)
            face.show(event)


class _Printed:
    """Prints each verdict once as text, where there is no terminal."""

    def __init__(self, view: WatchView) -> None:
        self._view, self._passed = view, -1

    def begin(self) -> None:
        """Print what is watched."""
        click.echo(_("Watching {folder}; Ctrl-C ends it.").format(folder=near(self._view.workspace.root)))

    def show(self, event: object) -> None:
        """Print what is new."""
        view = self._view
        if isinstance(event, Failed) or (isinstance(event, Found) and view.fresh(event)):
            click.echo("\n" + "\n".join(view.verdict()))
        if isinstance(event, Found | Failed) and not view.busy and view.standings.passed != self._passed:
            self._passed = view.standings.passed
            click.echo(f"\n{view.progress()}   {view.upcoming()}")


class _Screen:
    """Paints a terminal from the top each time. A line is overwritten and never erased first, so nothing flickers."""

    _COLOURS: tuple[tuple[re.Pattern[str], dict[str, Any]], ...] = (
        (re.compile(r"(\s*)(ok)(  .*)"), {"fg": "green"}),
        (re.compile(r"(\s*)(--)(  .*)"), {"fg": "yellow"}),
        (re.compile(r"(\s*)(\.\.)(  .*)"), {"dim": True}),
    )

    def __init__(self, view: WatchView) -> None:
        self._view, self._painted = view, ""
        self._plain = bool(os.environ.get("NO_COLOR"))

    def __enter__(self) -> Self:
        self._write("\n" * shutil.get_terminal_size().lines)  # the learner can still scroll back
        return self

    def __exit__(self, *_: object) -> None:
        self._write("\n")

    def begin(self) -> None:
        """Paint the screen before anything was examined."""
        self.show(REPAINT)

    def show(self, event: object) -> None:
        """Paint the screen if it has changed."""
        width, rows = shutil.get_terminal_size()
        page = self._view.page(rows, width)
        painted = "\n".join(f"{self._line(pages.cut(line, width))}\x1b[K" for line in page)
        if event == REPAINT or painted != self._painted:
            self._painted = painted
            self._write(f"\x1b[H{painted}\x1b[J")

    def _line(self, line: str) -> str:
        for pattern, style in self._COLOURS:
            if not self._plain and (found := pattern.fullmatch(line)):
                return f"{found[1]}{click.style(found[2], **style)}{found[3]}"
        return line

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
