"""The pages that a learner reads in a terminal: verdict, list, status, hints, solution, each as lines of plain text.

Everything fits 80 columns and comes cleaned of what could move a cursor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from htilde.characters import WIDTH, clean, columns, wrapped
from htilde.codes import Note
from htilde.errors import KitError
from htilde.language import Text, _, choose
from htilde.model import ExerciseResult, Visibility
from htilde.self_study.standing import Standing, Standings, State
from htilde.self_study.study import Lesson
from htilde.telling.outline import claimed, likely, noted
from htilde.telling.text import as_text

__all__ = [
    "BESIDE",
    "bar",
    "clipped",
    "cut",
    "fold",
    "hints",
    "listing",
    "locked",
    "solution",
    "status",
    "told",
    "trouble",
    "verdict",
]

BESIDE = 100
"""Columns from which the reference is shown beside the learner's answer, if both fit."""

_MARKS = {State.PASSED: "ok", State.PUBLIC: "--", State.STARTED: "--", State.TODO: "  ", State.UNKNOWN: "??"}


def bar(done: int, total: int, *, width: int = 20) -> str:
    """Return a bar that shows how much is done, with the numbers."""
    full = max(width * done // max(total, 1), done > 0)  # the first one is to be seen
    return f"[{'#' * full}{'.' * (width - full)}] " + _("{done} of {total}").format(done=done, total=total)


def clipped(text: str, width: int) -> str:
    """Return a text that fits, cut with an ellipsis if it must be."""
    return cut(" ".join(clean(text).split()), width)


def cut(text: str, width: int) -> str:
    """Return a line cut to the width."""
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def in_words(standing: Standing) -> str:
    """Return the state of an exercise in words, for a list."""
    words = {
        State.TODO: _("to do"),
        State.STARTED: _("started"),
        State.PUBLIC: _("the public properties pass"),
        State.PASSED: _("passed"),
        State.UNKNOWN: _("not examined"),
    }
    if standing.given_up:
        return _("passed after giving up") if standing.passed else _("given up")
    return words[standing.state]


def fold(line: str, width: int) -> Iterator[str]:
    """Fold a line between words where possible. Each new line is indented as the first."""
    indent = line[: len(line) - len(line.lstrip(" "))][: max(width - 8, 0)]
    line = line.strip(" ") if columns(line) > width else line[len(indent) :]
    while columns(indent + line) > width > len(indent) + 1:
        fits = next(end for end in range(len(line), 0, -1) if columns(indent + line[:end]) <= width)
        end = line.rfind(" ", 1, fits + 1)
        end = end if end > 0 else fits
        yield f"{indent}{line[:end]}".rstrip()
        line = line[end:].lstrip(" ")
    yield indent + line


def verdict(result: ExerciseResult, hidden: int, *, notes: Sequence[Note | str] = ()) -> list[str]:
    """Return the verdict on an exercise: what holds, then what doesn't and why. ``hidden`` is its number of hidden
    properties."""
    mark = "ok" if result.passed else "--"
    asked = [one for one in result.verdicts if one.visibility is Visibility.HIDDEN]
    lines = [f"{mark}  {result.name}: {_said(result, bool(asked))}"]
    lines += [f"    ok  {clipped(claimed(one), WIDTH - 8)}" for one in result.verdicts if one.passed]
    if hidden and not asked:
        waiting = _("hidden properties, asked once the public ones pass: {count}").format(count=hidden)
        lines.append(f"    ..  {waiting}")
    lines += as_text(result, hints_first=True).splitlines()[1:]
    for note in notes:
        lines += ["", *wrapped(noted(note))]
    return lines


def _said(result: ExerciseResult, asked: bool) -> str:
    if result.passed:
        return _("every property holds, the hidden ones too") if asked else _("every property holds")
    if result.public.passed:
        return _("the public properties hold, a hidden one doesn't")
    return _("not yet")


def listing(standings: Standings) -> list[str]:
    """List all exercises with their states."""
    lines: list[str] = []
    wide = max((len(standing.exercise) for standing in standings.all), default=0)
    for assignment in dict.fromkeys(standing.assignment for standing in standings.all):
        part = standings.of(assignment)
        count = _("{done} of {total}").format(done=sum(one.passed for one in part), total=len(part))
        lines += [""] * bool(lines) + [f"{assignment}: {count}"]
        lines += [f"    {_MARKS[one.state]}  {one.exercise:{wide}}  {in_words(one)}".rstrip() for one in part]
        lines += trouble(standings.troubles.get(assignment))
    return lines


def status(standings: Standings) -> list[str]:
    """Return a line for each assignment, one for the whole course, and what comes next."""
    names = list(dict.fromkeys(standing.assignment for standing in standings.all))
    wide = max(map(len, names), default=0)
    lines: list[str] = []
    for assignment in names:
        part = standings.of(assignment)
        lines.append(f"{assignment:{wide}}  {bar(sum(one.passed for one in part), len(part))}")
        lines += trouble(standings.troubles.get(assignment))
    whole = _("all")
    lines.append(f"{whole}{' ' * (wide - columns(whole))}  {bar(standings.passed, len(standings.all))}")
    if (given_up := sum(standing.given_up for standing in standings.all)) > 0:
        lines.append(_("given up: {count}").format(count=given_up))
    upcoming = standings.next()
    if upcoming is None:
        lines += ["", _("Every exercise passes, hidden properties included. Well done.")]
    else:
        step = _("next: {exercise} in {assignment} ({standing})")
        said = step.format(exercise=upcoming.exercise, assignment=upcoming.assignment, standing=in_words(upcoming))
        lines += ["", said]
    return lines


def trouble(error: KitError | None) -> list[str]:
    """Return why a file couldn't be examined, and what to do."""
    if error is None:
        return []
    return [*wrapped(error.message), *(line for step in error.next_step.splitlines() for line in wrapped(step))]


def hints(lesson: Lesson, count: int, *, result: ExerciseResult | None = None) -> list[str]:
    """Return the first ``count`` hints, after the hint of the mistake that the answer seems to make."""
    lines = [lesson.exercise]
    for found in (one for one in (result.verdicts if result else ()) if one.mistakes):
        lines += ["", *wrapped(likely(found))]
        lines += [line for hint in found.hints for line in wrapped(choose(hint))]
        break
    there = [(head, text) for head, text in ((_("The idea"), lesson.idea), (_("The formula"), lesson.formula)) if text]
    for head, text in there[:count]:
        lines += ["", f"{head}:", *told(text)]
    command = f"htilde solution {lesson.exercise} --give-up"
    if not there:
        lines += ["", *wrapped(_("There are no hints for this exercise."), indent=0)]
    elif count < len(there):
        lines += ["", *wrapped(_("There is another hint, nearer to the answer: ask again."), indent=0)]
    else:
        lines += ["", *wrapped(_("That is all there is, but for the answer:"), indent=0), f"    {command}"]
    return lines


def told(text: Text) -> list[str]:
    """Return a text for a terminal with the lines in which it was written. Only those that are too long are folded."""
    lines = choose({"en": "", **text}).splitlines()
    shown = (wrapped(line) if columns(line) > WIDTH - 4 else [f"    {clean(line)}".rstrip()] for line in lines)
    return [line for part in shown for line in part]


def solution(lesson: Lesson, own: str, *, width: int = WIDTH) -> list[str]:
    """Return the reference beside the learner's own answer, or below it where there is no room, and the commentary."""
    mine, reference = (_code(source) for source in (own, lesson.answer))
    heads = _("yours"), _("the reference")
    left, right = (max(map(columns, (head, *code))) for head, code in zip(heads, (mine, reference)))
    if width >= BESIDE and mine and left + 3 + right <= width:
        rows = max(len(mine), len(reference))
        pairs = zip(_filled(heads[0], mine, rows), _filled(heads[1], reference, rows))
        lines = [f"{a}{' ' * (left - columns(a))} | {b}".rstrip() for a, b in pairs]
    else:
        lines = [f"{heads[0]}:", *_below(mine, width), ""] if mine else []
        lines += [f"{heads[1]}:", *_below(reference, width)]
    if lesson.commentary:
        lines += ["", *told(lesson.commentary)]
    return lines


def _filled(head: str, code: Sequence[str], rows: int) -> list[str]:
    return [head, "", *code, *[""] * (rows - len(code))]


def _below(code: Sequence[str], width: int) -> Iterator[str]:
    return (piece for line in code for piece in fold(f"    {line}".rstrip(), width))


def _code(source: str) -> list[str]:
    return [clean(line.expandtabs(4)) for line in source.strip("\n").splitlines()]


def locked(result: ExerciseResult) -> list[str]:
    """Return what to tell somebody who asks for the solution too early: what doesn't hold yet, and how to give up."""
    failing = (claimed(one) for one in result.verdicts if not one.passed)
    early = _("The solution of {exercise} unlocks once every property holds, the hidden ones too. Not yet:")
    way_out = _("To see it all the same:")
    command = f"htilde solution {result.name} --give-up"
    return [
        *wrapped(early.format(exercise=result.name), indent=0),
        *(f"    --  {clipped(claim, WIDTH - 8)}" for claim in failing),
        way_out,
        f"    {command}",
    ]
