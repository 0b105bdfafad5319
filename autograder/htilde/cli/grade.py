"""The command that grades a class."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from htilde.characters import points
from htilde.errors import GraderFault, KitError, UsageError
from htilde.progress_bar import ProgressDisplay, progress
from htilde.terminal import (
    FAILED,
    FAULT,
    PASSED,
    near,
    print_grades,
    print_json,
    print_note,
    print_table,
)

if TYPE_CHECKING:
    from htilde.course import Course
    from htilde.grading.class_run import GradeChange, GradingResult
    from htilde.grading.records import Record

__all__ = ["grade"]

SHOWN = 30
"""Changed grades that a table shows; a dry run shows all."""
LARGE = 200
"""A class of more is shown by those at whom somebody has to look."""


@click.command()
@click.argument("assignment")
@click.option("--student", default="*", metavar="ID", help="Only this student.")
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Processes that examine; default: one a core.")
@click.option("--again", is_flag=True, help="Examine everybody anew, also what hasn't changed.")
@click.option("--dry-run", is_flag=True, help="Only show whose grade would change, and how.")
@click.option("--scheduler", metavar="ADDRESS", help="Examine on the workers of a Dask scheduler: tcp://HOST:8786.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md) instead of tables.")
@click.pass_context
def grade(
    ctx: click.Context,
    assignment: str,
    student: str,
    jobs: int | None,
    again: bool,
    dry_run: bool,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Grade what was handed in for ASSIGNMENT.

    Fills nbgrader's gradebook and writes feedback for each student, and all grades as CSV. Only what has changed is
    examined: submissions, papers, the kit. Ctrl-C is safe: run it again to go on.
    """
    from htilde.authoring.papers import stored_papers
    from htilde.course import find_course
    from htilde.diagnosis.executors import cores
    from htilde.nbgrader import classroom

    course = find_course(ctx.obj)
    course.assignment(assignment)
    students = classroom.submitted(course, assignment, student)
    stored_papers(course, assignment)  # says at once what is missing or stale
    fault: KitError | None = None
    try:
        with progress() as display:
            told = _Progress(display)
            result = classroom.grade(
                course,
                assignment,
                student,
                jobs=jobs or cores(),
                scheduler=scheduler or "",
                again=again,
                dry_run=dry_run,
                progress=told,
                on_changes=lambda result: None if as_json or dry_run else _announce(result),
            )
            fault = result.fault
            if not dry_run:
                try:
                    no_page = classroom.renew_feedback(course, assignment, student, progress=told)
                    fault = fault or no_page
                    classroom.export(course)
                except GraderFault as error:
                    raise fault or error from None  # what went wrong first
    except KeyboardInterrupt:
        _say_how_to_go_on(dry_run=dry_run)
        sys.exit(FAILED)
    if dry_run:
        _print_dry_run(result, as_json=as_json)
    else:
        _print_all(course, assignment, students, result, as_json=as_json)
    if fault is not None:
        raise fault
    anew = (_record(course, assignment, name) for name in students if name not in result.unchanged)
    sys.exit(FAULT if not dry_run and any(map(_is_open, anew)) else PASSED)


class _Progress:
    """Shows how a run goes on."""

    def __init__(self, display: ProgressDisplay) -> None:
        self._display, self.step = display, display.step

    def advance(self, what: str = "") -> None:
        self._display.advance()

    def warn(self, what: str) -> None:
        self._display.trouble(what)

    def trouble(self, what: str, error: Exception | None = None) -> None:
        self._display.trouble(what)


def _announce(result: GradingResult) -> None:
    """Show whose grades are about to change."""
    if result.changes:
        _print_changes(result.changes, "changes", "change", most=SHOWN)


def _print_changes(changes: Sequence[GradeChange], one: str, many: str, *, most: int) -> None:
    count = len(changes)
    click.echo(f"1 grade that stands {one}:" if count == 1 else f"{count} grades that stand {many}:")
    rows = [(c.student, points(c.before), points(c.after), "\n".join(_effects(c))) for c in changes[:most]]
    print_table(("student", "before", "after", "why"), rows)
    if count > most:
        click.echo(f"... and {count - most} more; --dry-run names all.")


def _effects(change: GradeChange) -> Iterator[str]:
    yield change.why
    for name, (before, after) in list(change.exercises.items())[:3]:
        yield f"{name}: {points(before)} → {points(after)}"
    if (more := len(change.exercises) - 3) > 0:
        yield f"and {more} more"


def _print_dry_run(result: GradingResult, *, as_json: bool) -> None:
    if as_json:
        changes = [asdict(change) for change in result.changes]
        for change in changes:
            exercises = change["exercises"].items()
            change["exercises"] = {name: {"before": before, "after": after} for name, (before, after) in exercises}
        print_json({"changes": changes, "first": sorted(result.first), "unchanged": sorted(result.unchanged)})
        return
    if result.changes:
        _print_changes(result.changes, "would change", "would change", most=len(result.changes))
    else:
        click.echo("No grade that stands would change.")
    if result.first:
        click.echo(f"Graded for the first time: {len(result.first)}.")
    print_note("this was a dry run, and no grade was changed. What was examined is kept for the next run.")


def _print_all(course: Course, assignment: str, students: list[str], result: GradingResult, *, as_json: bool) -> None:
    from htilde.nbgrader import classroom

    if as_json:
        print_json([_plain(record) for name in students if (record := _record(course, assignment, name)) is not None])
        return
    shown = students
    if len(students) > LARGE:
        print_note(f"of {len(students)} those are shown at which somebody has to look; {classroom.GRADES} has all.")
        shown = [name for name in students if name not in result.unchanged and name not in result.recorded]
    if shown:
        rows = {row.student: row for row in classroom.grades(course, assignment)}
        print_grades((name, rows.get(name), _why(course, assignment, name)) for name in shown)
    done = (result.examined, "examined"), (len(result.recorded), "recorded"), (len(result.unchanged), "unchanged")
    click.echo(f"done:     {', '.join(f'{count} {what}' for count, what in done)}")
    click.echo(f"feedback: {near(course.root / 'feedback')}\ngrades:   {near(course.root / classroom.GRADES)}")


def _say_how_to_go_on(*, dry_run: bool) -> None:
    done = "" if dry_run else "What was recorded is complete; for all others the grade of before stands."
    click.echo("\nStopped. What was examined is kept. To go on, run the same command again.", err=True)
    click.echo(done, err=True, nl=bool(done))


def _is_open(record: Record | None) -> bool:
    from htilde.grading.records import GradeStatus

    return record is not None and record.status in (GradeStatus.GRADER_ERROR, GradeStatus.UNFINISHED)


def _plain(record: Record) -> dict[str, Any]:
    """Return the documented form (docs/json.md) of a record."""
    from htilde.telling.json import as_json

    plain = {name: getattr(record, name) for name in ("assignment", "student", "message", "at", "submission", "kit")}
    examination = dict(record.earlier) if record.examination is None else as_json(record.examination)
    return plain | {"status": record.status.value, "examined": record.examined, "examination": examination}


def _why(course: Course, assignment: str, student: str) -> str:
    from htilde.grading.summary import summary

    if (record := _record(course, assignment, student)) is not None:
        return summary(record)
    file = course.root / "submitted" / student / assignment / f"{assignment}.ipynb"
    return "not graded" if file.exists() else f"not graded: there is no {file.name}"


def _record(course: Course, assignment: str, student: str) -> Record | None:
    from htilde.grading.records import read_record

    try:
        return read_record(course, assignment, student)
    except UsageError:  # the name of a folder that can't be a student's
        return None
