"""The command line. Exit status: 0 all passed, 1 something failed, 2 wrong usage or course, 3 a fault of the grader."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder import __version__
from autograder.errors import GraderFault, KitError
from autograder.terminal import complain, console, near, print_grades, print_json, progress, table

if TYPE_CHECKING:
    from autograder.course import Course

__all__ = ["main"]

PASSED, FAILED, WRONG_USAGE, FAULT = 0, 1, 2, 3


class _Group(click.Group):
    """Turns the kit's errors into one message and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KitError as error:
            complain(error)
            sys.exit(error.exit_status)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            complain(GraderFault(f"{where}{error.strerror or error}", next_step="Nothing that was there is lost."))
            sys.exit(FAULT)
        except Exception as error:
            if os.environ.get("AUTOGRADER_TRACEBACK"):
                raise
            step = (
                "This is a fault of the kit. To see where, run it again with AUTOGRADER_TRACEBACK=1 in the environment."
            )
            complain(GraderFault(f"{type(error).__name__}: {error}", next_step=step))
            sys.exit(FAULT)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="autograder")
@click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The course's folder; default: around here.",
)
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """Exercises on the vanishing gradient: check answers, build assignments, grade a class.

    \b
    Students:     autograder check a1_activations.ipynb
    Instructors:  autograder build, release, grade, verify
    Newcomers:    autograder demo

    Exit status: 0 all passed, 1 something failed, 2 wrong usage or course, 3 a fault of the grader.
    """
    ctx.obj = folder


def _course(ctx: click.Context) -> Course:
    from autograder.course import find_course

    return find_course(ctx.obj)


_device = click.option(
    "--device",
    type=click.Choice(["cpu", "cuda", "auto"]),
    default="cpu",
    show_default=True,
    help="Where torch computes.",
)


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--exercise", "-e", "chosen", multiple=True, metavar="NAME", help="Only this exercise; may be repeated.")
@click.option(
    "--explore", is_flag=True, help="Let Hypothesis and torch search live for a failing input (needs the course)."
)
@click.option("--hidden", is_flag=True, help="Ask the hidden properties too (needs the instructor's papers).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md) instead of text.")
@_device
@click.pass_context
def check(
    ctx: click.Context, path: Path, chosen: tuple[str, ...], explore: bool, hidden: bool, as_json: bool, device: str
) -> None:
    """Check a notebook or .py file from a clean start, as the grader would.

    PATH is a file or its folder; without it, the folder where you are.
    """
    from autograder import faces
    from autograder.checking import check_file

    examination = check_file(path, ctx.obj, exercises=chosen, hidden=hidden, explore=explore, device=device)
    if examination.unprotected:
        click.echo(f"note: this ran without protection ({examination.unprotected})", err=True)
    if as_json:
        print_json(faces.as_json(examination))
    else:
        for result in examination.exercises:
            click.echo(faces.as_text(result, hidden_remain=not hidden) + "\n")
        for note in examination.notes:
            click.echo(f"note: {faces.clean(note)}")
        total = f"{faces.points(examination.points)} of {faces.points(examination.max_points)} points"
        click.echo(f"{examination.assignment}: {total}{'' if hidden else ', public properties only'}")
    sys.exit(PASSED if examination.passed else FAILED)


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@_device
@click.pass_context
def build(ctx: click.Context, assignments: tuple[str, ...], device: str) -> None:
    """Turn masters into notebooks and papers, ready for nbgrader (all assignments unless some are named)."""
    from autograder.build import build as build_one

    course = _course(ctx)
    for name in _chosen(course, assignments):
        built = build_one(course, name, device=device)
        click.echo(f"{name}: {near(built.notebook)} (public paper {built.public.id}, hidden paper {built.hidden.id})")


@main.command()
@click.argument("assignment")
@click.pass_context
def release(ctx: click.Context, assignment: str) -> None:
    """Build ASSIGNMENT and let nbgrader generate what students receive."""
    from autograder import classroom

    course = _course(ctx)
    course.assignment(assignment)
    folder = classroom.release(course, assignment)
    click.echo(f"{assignment}: students receive the folder {near(folder)}")


@main.command()
@click.argument("assignment")
@click.option("--student", default="*", metavar="ID", help="Only this student.")
@click.option("--json", "as_json", is_flag=True, help="Print the records as JSON.")
@click.pass_context
def grade(ctx: click.Context, assignment: str, student: str, as_json: bool) -> None:
    """Grade what was handed in for ASSIGNMENT: nbgrader's gradebook, feedback for each, grades as CSV."""
    from dataclasses import asdict

    from autograder import classroom
    from autograder.papers import stored_papers
    from autograder.records import Status, read_record

    course = _course(ctx)
    course.assignment(assignment)
    students = classroom.submitted(course, assignment, student)
    stored_papers(course, assignment)  # says at once what is missing or stale
    with progress() as (step, advance):
        step(f"Grading {len(students)} submissions", len(students))
        classroom.autograde(
            course, assignment, student, on_line=lambda line: advance() if "] Autograding " in line else None
        )
        step("Writing feedback", len(students))
        pages = classroom.feedback(course, assignment, student)
        grades = classroom.export(course)
    found = [record for name in students if (record := read_record(course, assignment, name)) is not None]
    if as_json:
        print_json([asdict(record) for record in found])
    else:
        rows = {row.student: row for row in classroom.grades(course, assignment)}
        reasons = {record.student: record.in_words() for record in found}
        print_grades([(name, rows[name], reasons.get(name, "")) for name in students if name in rows])
        click.echo(f"feedback: {near(pages)}\ngrades:   {near(grades)}")
    if any(record.status is Status.GRADER_ERROR for record in found):
        sys.exit(FAULT)
    sys.exit(PASSED)


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--explore", is_flag=True, help="Ask live with Hypothesis and torch instead of the stored papers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@_device
@click.pass_context
def verify(ctx: click.Context, assignments: tuple[str, ...], explore: bool, as_json: bool, device: str) -> None:
    """Prove the course: references pass, stubs score zero, every misconception is caught and named."""
    from collections import Counter

    from autograder.verify import verify as verify_one

    course = _course(ctx)
    findings = {}
    with progress() as (step, advance):
        for name in _chosen(course, assignments):
            step(f"Verifying {name}", 0)
            findings[name] = verify_one(
                course, name, tries=200 if explore else 0, device=device, progress=lambda done, total: advance(total)
            )
    problems = [(name, finding) for name, found in findings.items() for finding in found if finding.problem]
    if as_json:
        rows = [
            {
                "assignment": n,
                "kind": f.case.kind,
                "exercise": f.case.exercise,
                "name": f.case.name,
                "problem": f.problem,
            }
            for n, found in findings.items()
            for f in found
        ]
        print_json(rows)
    else:
        summary = table("assignment", "exercises", "right answers", "stubs", "mistakes", "problems")
        for name, found in findings.items():
            kinds = Counter(finding.case.kind for finding in found)
            numbers = (kinds["reference"] + kinds["variant"], kinds["stub"], kinds["misconception"])
            bad = sum(bool(finding.problem) for finding in found)
            summary.add_row(name, str(len(course.assignment(name).points)), *map(str, numbers), str(bad))
        console().print(summary)
        for name, finding in problems:
            case = finding.case
            click.echo(f"{name}: {case.kind} {' '.join(filter(None, (case.exercise, case.name)))}: {finding.problem}")
    sys.exit(FAILED if problems else PASSED)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine can do: packages, and whether student code can be locked in."""
    from autograder.doctor import examine_machine

    machine = examine_machine()
    if as_json:
        print_json(machine.as_json())
    else:
        screen = console()
        packages = table("package", "version", "needed for")
        for row in machine.packages:
            packages.add_row(row.name, row.version or "not installed", row.purpose)
        screen.print(packages)
        promises = table("student code", "tried just now", "what happened")
        for tried in machine.tried:
            promises.add_row(tried.promise.says, "held" if tried.held else "NOT HELD", tried.detail)
        screen.print(promises)
        click.echo(f"locked by: {', '.join(machine.layers) or 'nothing'}")
        for missing in machine.missing:
            click.echo(f"missing:   {missing}")
        verdict = "yes" if machine.protected else "no; students can check, but grading refuses (docs/isolation.md)"
        click.echo(f"fit for grading: {verdict}")
    sys.exit(PASSED if machine.protected else FAILED)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path(".demo"))
@click.pass_context
def demo(ctx: click.Context, folder: Path) -> None:
    """Release an assignment, grade a sample class through nbgrader and show what came of it.

    Works in FOLDER (default: .demo), which must be new, empty or an earlier demo's.
    """
    from autograder.classroom import GRADES
    from autograder.demo import demo as run_demo

    course = _course(ctx)
    name = course.assignments[0].name
    with progress() as (step, advance):
        graded = run_demo(course, name, folder.resolve(), step=step, advance=advance)
    print_grades([(row.student.id, row.grade, row.why) for row in graded])
    wrong = [row for row in graded if row.grade.score != row.student.points]
    for row in wrong:
        click.echo(f"unexpected: {row.student.id} {row.student.did}, which earns {row.student.points:g}", err=True)
    folder = folder.resolve()
    click.echo(f"gradebook: {near(folder / 'gradebook.db')}\nfeedback:  {near(folder / 'feedback')}")
    click.echo(f"grades:    {near(folder / GRADES)}")
    sys.exit(FAILED if wrong else PASSED)


def _chosen(course: Course, names: Sequence[str]) -> list[str]:
    return [course.assignment(name).name for name in names] or [a.name for a in course.assignments]


if __name__ == "__main__":
    main()
