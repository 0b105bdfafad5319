"""The demo: a sample class graded, in a folder of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from htilde.progress_bar import progress
from htilde.terminal import FAILED, PASSED, near, print_grades

__all__ = ["demo"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, readable=False), default=Path(".demo"))
@click.pass_context
def demo(ctx: click.Context, folder: Path) -> None:
    """Grade a sample class through nbgrader and show what came of it.

    Releases the first assignment, hands in for a class of students, grades, writes feedback, exports. Works in
    FOLDER (default: .demo), which must be new, empty or an earlier demo's.
    """
    from htilde.course import find_course
    from htilde.nbgrader.classroom import GRADES
    from htilde.nbgrader.demo import demo as run_demo

    course = find_course(ctx.obj)
    name = course.assignments[0].name
    with progress() as shown:
        graded = run_demo(course, name, folder.resolve(), step=shown.step, advance=shown.advance)
    print_grades([(row.student.id, row.grade, row.why) for row in graded])
    wrong = [row for row in graded if not row.expected]
    for row in wrong:
        click.echo(f"unexpected: {row.student.id} {row.student.did}, which earns {row.student.points:g}", err=True)
    folder = folder.resolve()
    click.echo(f"gradebook: {near(folder / 'gradebook.db')}\nfeedback:  {near(folder / 'feedback')}")
    click.echo(f"grades:    {near(folder / GRADES)}")
    sys.exit(FAILED if wrong else PASSED)
