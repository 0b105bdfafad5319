"""``htilde explain`` and ``htilde report``: one student's answer, and the whole class."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htilde.characters import points
from htilde.errors import UsageError
from htilde.files import write_file
from htilde.language import LANGUAGES, speaking
from htilde.terminal import FAILED, PASSED, near, print_json, print_note, print_table

if TYPE_CHECKING:
    from htilde.course import Course
    from htilde.reports.report import Report

__all__ = ["explain", "report"]

_lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=None,
    help="The language of claims, verdicts and hints, whatever was graded in; default: that of grading.toml.",
)


@click.command()
@click.argument("student")
@click.argument("exercise")
@click.option("--assignment", default="", metavar="NAME", help="Whose exercise, if several have one of that name.")
@click.option(
    "--save",
    type=click.Path(path_type=Path, readable=False),
    metavar="FILE.py",
    help="Write what failed as Python: inputs, right answers, the student's.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md) instead of text.")
@_lang
@click.pass_context
def explain(
    ctx: click.Context,
    student: str,
    exercise: str,
    assignment: str,
    save: Path | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Tell all about STUDENT's answer to EXERCISE.

    For instructors: shows what hidden properties asked. The submission is examined again in the locked worker; no
    grade changes.
    """
    from htilde.course import find_course
    from htilde.reports import explanation_faces as faces
    from htilde.reports.explanation import explain as explain_one
    from htilde.reports.reproduction import MARK, reproduction

    course = find_course(ctx.obj)
    ctx.with_resource(speaking(lang or course.language))
    if save is not None:
        _refuse_to_write(course, save, MARK)
    found = explain_one(course, student, exercise, assignment=assignment)
    if found.unprotected:
        print_note(f"this ran without protection ({found.unprotected})", err=True)
    if as_json:
        print_json(faces.as_json(found))
    else:
        heading, _, rest = faces.as_text(found).partition("\n")
        click.echo(f"{click.style(heading, bold=True)}\n{rest}")
    if save is not None:
        write_file(save, reproduction(found))
        click.echo(f"\nsaved: {near(save.resolve())}", err=as_json)
    sys.exit(PASSED if found.result.passed else FAILED)


@click.command()
@click.argument("assignment")
@click.option(
    "--output",
    type=click.Path(path_type=Path, readable=False),
    metavar="PATH",
    help="A folder, or an .html file; default: reports/ in the course.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Write tables of students, properties and mistakes beside it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md) instead of text.")
@click.option("--anonymous", is_flag=True, help="Numbers instead of students' ids, to be shown in a lecture.")
@_lang
@click.pass_context
def report(
    ctx: click.Context,
    assignment: str,
    output: Path | None,
    as_csv: bool,
    as_json: bool,
    anonymous: bool,
    lang: str | None,
) -> None:
    """Tell how the class did in ASSIGNMENT, as one page.

    Points, each exercise and property, the mistakes that were made and what to re-teach first, who needs help. From
    the records of grading and the gradebook; nothing is examined again.
    """
    from htilde.course import find_course
    from htilde.reports import report_page
    from htilde.reports.report import class_report

    course = find_course(ctx.obj)
    ctx.with_resource(speaking(lang or course.language))
    page = _page(course, course.assignment(assignment).name, output)
    _refuse_to_write(course, page, report_page.MARK)
    found = class_report(course, assignment, anonymous=anonymous)
    write_file(page, report_page.as_html(found))
    written = [page]
    for name, table in report_page.as_tables(found).items() if as_csv else ():
        written.append(path := page.with_name(f"{page.stem}-{name}.csv"))
        write_file(path, table)
    if as_json:
        print_json(report_page.as_json(found))
    else:
        _print_summary(found)
    for path in written:
        click.echo(f"report: {near(path)}", err=as_json)


def _page(course: Course, assignment: str, output: Path | None) -> Path:
    """Return the path of the page; the course's own folder for reports is created if it is missing."""
    if output is None:
        folder = course.root / "reports"
        folder.mkdir(mode=0o700, exist_ok=True)
    elif output.suffix.lower() in (".html", ".htm") and not output.is_dir():
        return output.resolve()
    else:
        folder = output
        if not folder.is_dir():
            raise UsageError(f"{folder}: there is no such folder.", next_step="Make it, or name an .html file.")
    return folder.resolve() / f"{assignment}.html"


def _print_summary(found: Report) -> None:
    """Print the page in a few lines."""
    from htilde.reports.report import summary

    count = len(found.members)
    click.echo(f"{found.assignment}: {count} student{'s' * (count != 1)}, {len(found.points)} with points")
    if (median := summary(found.points)["median"]) is not None:
        click.echo(f"points: median {points(median)} of {points(found.max_points)}")
    rows = [[points(c.lost), str(len(c.students)), c.exercise, c.words] for c in found.causes[:5]]
    if rows:
        print_table(("points lost", "students", "exercise", "re-teach first"), rows)
    for name, members in found.help.items():
        if members:
            click.echo(f"{name}: {len(members)}")
    if waiting := sum(found.waiting.values()):
        click.echo(f"written answers to read: {waiting}")
    for note in found.notes:
        print_note(note)


def _refuse_to_write(course: Course, path: Path, mark: str) -> None:
    """Raise UsageError if what only instructors may see would reach students or replace another file."""
    place = path.resolve()
    for folder in ("assignments", "solutions", "feedback", "submitted", "autograded"):
        if place.is_relative_to(course.root / folder):
            raise UsageError(
                f"{path}: what lies in {folder}/ may reach students, and this holds what they mayn't see.",
                next_step="Write it to another folder.",
            )
    if not place.parent.is_dir():
        raise UsageError(f"{path}: there is no folder {place.parent}.", next_step="Make it, or name another.")
    if os.path.lexists(path):
        kept = path.read_bytes()[: len(mark)] if path.is_file() else b""
        if kept != mark.encode():
            raise UsageError(f"{path}: this is there already, and isn't ours.", next_step="Name another file.")
