"""The commands that grade a class: the one who handed in, and the sample one of the demo."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.errors import GraderFault, KitError, UsageError
from autograder.terminal import FAILED, FAULT, PASSED, near, print_grades, print_json, progress

if TYPE_CHECKING:
    from autograder.course import Course
    from autograder.records import Record

__all__ = ["demo", "grade"]


@click.command()
@click.argument("assignment")
@click.option("--student", default="*", metavar="ID", help="Only this student.")
@click.option("--json", "as_json", is_flag=True, help="Print the records as JSON.")
@click.pass_context
def grade(ctx: click.Context, assignment: str, student: str, as_json: bool) -> None:
    """Grade what was handed in for ASSIGNMENT.

    Fills nbgrader's gradebook and writes feedback for each student, and all grades as CSV.
    """
    from dataclasses import asdict

    from autograder import classroom
    from autograder.course import find_course
    from autograder.papers import stored_papers
    from autograder.records import Status

    course = find_course(ctx.obj)
    course.assignment(assignment)
    students = classroom.submitted(course, assignment, student)
    stored_papers(course, assignment)  # says at once what is missing or stale
    fault: KitError | None = None
    with progress() as (step, advance):
        step(f"Grading {len(students)} submission{'s' * (len(students) != 1)}", len(students))
        try:
            classroom.autograde(
                course, assignment, student, on_line=lambda line: advance() if "] Autograding " in line else None
            )
        except GraderFault as error:  # somebody couldn't be graded; the others were
            fault = error
        step("Writing feedback", len(students))
        try:
            pages = classroom.feedback(
                course, assignment, student, on_line=lambda line: advance() if "Converting notebook" in line else None
            )
            grades = classroom.export(course)
        except GraderFault as error:
            raise fault or error from None  # what went wrong first
    found = {name: record for name in students if (record := _record(course, assignment, name)) is not None}
    if as_json:
        print_json([asdict(record) for record in found.values()])
    else:
        rows = {row.student: row for row in classroom.grades(course, assignment)}
        print_grades((name, rows.get(name), _why(course, assignment, name, found.get(name))) for name in students)
        click.echo(f"feedback: {near(pages)}\ngrades:   {near(grades)}")
    if fault is not None:
        raise fault
    open_ones = Status.GRADER_ERROR, Status.UNFINISHED
    sys.exit(FAULT if any(record.status in open_ones for record in found.values()) else PASSED)


def _why(course: Course, assignment: str, student: str, record: Record | None) -> str:
    if record is not None:
        return record.in_words()
    file = course.root / "submitted" / student / assignment / f"{assignment}.ipynb"
    return "not graded" if file.exists() else f"not graded: there is no {file.name}"


def _record(course: Course, assignment: str, student: str) -> Record | None:
    from autograder.records import read_record

    try:
        return read_record(course, assignment, student)
    except UsageError:  # the name of a folder that can't be a student's
        return None


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(".demo"))
@click.pass_context
def demo(ctx: click.Context, folder: Path) -> None:
    """Grade a sample class through nbgrader and show what came of it.

    Releases the first assignment, hands in for a class of students, grades, writes feedback, exports. Works in
    FOLDER (default: .demo), which must be new, empty or an earlier demo's.
    """
    from autograder.classroom import GRADES
    from autograder.course import find_course
    from autograder.demo import demo as run_demo

    course = find_course(ctx.obj)
    name = course.assignments[0].name
    with progress() as (step, advance):
        graded = run_demo(course, name, folder.resolve(), step=step, advance=advance)
    print_grades([(row.student.id, row.grade, row.why) for row in graded])
    wrong = [row for row in graded if not row.expected]
    for row in wrong:
        click.echo(f"unexpected: {row.student.id} {row.student.did}, which earns {row.student.points:g}", err=True)
    folder = folder.resolve()
    click.echo(f"gradebook: {near(folder / 'gradebook.db')}\nfeedback:  {near(folder / 'feedback')}")
    click.echo(f"grades:    {near(folder / GRADES)}")
    sys.exit(FAILED if wrong else PASSED)
