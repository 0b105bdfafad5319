"""The view of ``htilde watch``: the current exercise, its verdict, and what a key has asked for.

It knows nothing of terminals: verdicts and keys go in, lines come out.
"""

from __future__ import annotations

import datetime as dt

from htilde.characters import WIDTH, columns, wrapped
from htilde.codes import Note
from htilde.errors import KitError
from htilde.language import _
from htilde.model import ExerciseResult
from htilde.self_study import pages
from htilde.self_study.background import Found
from htilde.self_study.progress import another_hint, read_progress
from htilde.self_study.standing import Standings, State, papers, read_own
from htilde.self_study.workspace import Workspace

__all__ = ["WatchView"]

_AROUND = 5
"""The number of lines above and below the body."""


class WatchView:
    """The state of the view. ``focus`` is the assignment and the exercise that are shown."""

    def __init__(self, workspace: Workspace, standings: Standings, focus: tuple[str, str] | None = None) -> None:
        self.workspace, self.standings = workspace, standings
        first = standings.next() or standings.all[0]
        self.focus = focus or (first.assignment, first.exercise)
        self.busy, self.unprotected = True, ""
        self._saved = ""
        self._results: dict[tuple[str, str], ExerciseResult] = {}
        self._notes: dict[str, tuple[Note, ...]] = {}
        self._shown: list[str] = []
        self._asked: list[str] = []
        """The lines that a key has asked for, which are shown in place of the verdict; empty for the verdict."""
        self._key, self._line, self._screen, self._width = "", 0, 0, WIDTH

    @property
    def known(self) -> set[str]:
        """The assignments whose state is known."""
        unknown = {one.assignment for one in self.standings.all if one.state is State.UNKNOWN}
        return {*self.workspace.assignments} - unknown

    @property
    def unexamined(self) -> bool:
        """True if there is no verdict on the current exercise yet."""
        return self.focus not in self._results and self.focus[0] not in self.standings.troubles

    def fresh(self, found: Found) -> bool:
        """Return True if this has changed what is shown of the current exercise."""
        if found.assignment != self.focus[0] or self.busy:
            return False
        seen, self._shown = self._shown, self.verdict()
        return bool(found.changed) or seen != self._shown

    def saved(self) -> None:
        """Note that a file was saved and its verdict isn't there yet."""
        self.busy, self._saved = True, dt.datetime.now().strftime("%H:%M:%S")

    def learnt(self, found: Found) -> None:
        """Take over what was found out about a file."""
        whole = len(found.results) == len(self.workspace.exercises[found.assignment])
        self._results |= {(found.assignment, result.name): result for result in found.results}
        self._notes[found.assignment] = found.notes
        self.unprotected = found.unprotected
        self.standings = self.standings.but(found.assignment, found.states)
        if found.changed:
            self.focus = found.assignment, found.changed
            self._back()
        if self.focus in self._results and (whole or found.changed):
            self.busy = False

    def failed(self, assignment: str, error: KitError) -> None:
        """Note that a file couldn't be examined."""
        self.busy = False
        self.standings = self.standings.but(assignment, {}, error)
        if self.focus[0] != assignment:
            self.focus = assignment, self.workspace.exercises[assignment][0]
        self._back()

    def pressed(self, key: str) -> None:
        """Do what a key asks for. Another key, or the same once more, goes back to the verdict."""
        assignment, exercise = self.focus
        if key in (" ", "\n"):
            self._screen += 1
        elif key == "n":
            if (upcoming := self.standings.next(self.focus)) is not None:
                self.focus = upcoming.assignment, upcoming.exercise
            self._back()
        elif key == "h" or (key in ("l", "s") and key != self._key):
            asked = {"h": self._hint, "l": self._list, "s": self._solution}[key]
            try:
                asked(assignment, exercise)
            except KitError as error:  # the file, or what belongs to it, has just become unreadable
                self._ask(key, pages.trouble(error))
        else:
            self._back()

    def _list(self, assignment: str, exercise: str) -> None:
        """Show the list, opened at the exercise."""
        lines = pages.listing(self.standings)
        begins = next(at for at, line in enumerate(lines) if line.startswith(f"{assignment}: "))
        at = next((at for at in range(begins, len(lines)) if exercise in lines[at].split()), begins)
        self._ask("l", lines, at)

    def _ask(self, key: str, lines: list[str], line: int = 0) -> None:
        self._asked, self._key, self._line, self._screen = lines, key, line, 0

    def _back(self) -> None:
        self._ask("", [])

    def _hint(self, assignment: str, exercise: str) -> None:
        lesson = papers(self.workspace, assignment)[1].lesson(exercise)
        there = sum(bool(text) for text in (lesson.idea, lesson.formula))
        self._ask("h", pages.hints(lesson, another_hint(self.workspace, f"{assignment}/{exercise}", there)))

    def _solution(self, assignment: str, exercise: str) -> None:
        result = self._results.get(self.focus)
        if result is None:
            self._ask("s", [_("Wait until it is examined.")])
        elif not result.passed and f"{assignment}/{exercise}" not in read_progress(self.workspace).given_up:
            self._ask("s", pages.locked(result))
        else:
            lesson = papers(self.workspace, assignment)[1].lesson(exercise)
            own = read_own(self.workspace, assignment).source_of(exercise)
            self._ask("s", pages.solution(lesson, own, width=self._width))

    def page(self, rows: int, width: int) -> list[str]:
        """Return the lines of the whole screen, at most ``rows`` of them."""
        self._width = width
        lines, room = self._asked or self.verdict(), max(rows - _AROUND, 4)
        body = [piece for line in lines for piece in pages.fold(line, width)]
        if len(body) > room:
            screens = -(-len(body) // (room - 1))
            at = (self._line // (room - 1) + self._screen) % screens
            shown = body[at * (room - 1) : (at + 1) * (room - 1)]
            more = _("space: more ({number} of {count})").format(number=at + 1, count=screens)
            body = [*shown, *[""] * (room - 1 - len(shown)), _apart("", more, width)]
        assignment, exercise = self.focus
        file = self.workspace.file(assignment).name
        rule = "-" * width
        when = _("examining ...") if self.busy else _("saved {time}").format(time=self._saved) if self._saved else ""
        known = _("h hint   l list   s solution   n next   q quit")
        return [
            _apart(f"{file}: {exercise}", self.progress(), width),
            rule,
            *body,
            *[""] * (room - len(body)),
            rule,
            _apart(self.upcoming(), when, width),
            pages.cut(known, width),
        ][:rows]

    def verdict(self) -> list[str]:
        """Return the lines of the verdict on the current exercise."""
        assignment, exercise = self.focus
        if (error := self.standings.troubles.get(assignment)) is not None:
            return pages.trouble(error)
        if (result := self._results.get(self.focus)) is None:
            return [f"{exercise}: {_('examining ...')}"]
        part = papers(self.workspace, assignment)[1].hidden.exercise(exercise)
        notes: list[Note | str] = list(self._notes.get(assignment, ())[:3]) if not result.passed else []
        if self.unprotected:
            notes.append(_("this ran without protection ({why})").format(why=self.unprotected))
        lines = pages.verdict(result, len(part.questions) if part else 0, notes=notes)
        if result.passed:
            lines += [
                "",
                *wrapped(_("s shows the reference and what there is to see in it, n goes on.")),
            ]
        return lines

    def upcoming(self) -> str:
        """Return what comes next, in a line."""
        found = self.standings.next(self.focus)
        if found is None:
            return _("Every exercise passes, hidden properties included. Well done.")
        if (found.assignment, found.exercise) == self.focus:
            return _("the last one that is left")
        where = "" if found.assignment == self.focus[0] else f" ({found.assignment})"
        return _("next: {exercise}").format(exercise=found.exercise) + where

    def progress(self) -> str:
        """Return a bar that shows how much of the course is done."""
        return pages.bar(self.standings.passed, len(self.standings.all))


def _apart(left: str, right: str, width: int) -> str:
    """Return a line with the two texts at its ends."""
    left = pages.clipped(left, width - columns(right) - 1)
    return f"{left}{' ' * (width - columns(left) - columns(right))}{right}"
