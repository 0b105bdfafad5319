"""The commands for self-learners."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from htilde.errors import UsageError
from htilde.language import LANGUAGES, _
from htilde.progress_bar import progress
from htilde.terminal import FAILED, PASSED, near, print_note

if TYPE_CHECKING:
    from htilde.model import ExerciseResult
    from htilde.self_study.standing import Standings
    from htilde.self_study.study import Lesson, Material
    from htilde.self_study.workspace import Workspace
    from htilde.submissions.steps import Submission

__all__ = ["hint", "listing", "reset", "solution", "start", "status", "watch"]

_exercise = click.argument("exercise")


@click.command()
@click.argument("directory", type=click.Path(path_type=Path, readable=False), required=False)
@click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="The language of notebooks and messages.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["notebook", "py"]),
    default=None,
    help="Notebooks (unless you say otherwise), or .py files for an editor.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, readable=False),
    help="The folder with the material; default: the one around here, or the course's.",
)
@click.pass_context
def start(ctx: click.Context, directory: Path | None, lang: str | None, form: str | None, source: Path | None) -> None:
    """Make a folder to work in alone, or add to one what is new.

    DIRECTORY is the workspace around here, or else self-study. Files of yours that are there stay as they are.
    """
    from htilde.language import speak
    from htilde.self_study.workspace import begin, enclosing_workspace

    around = enclosing_workspace(Path()) if directory is None else None
    root = directory or (around.root if around else Path("self-study"))
    before = enclosing_workspace(root)
    speak(lang or (before.language if before else LANGUAGES[0]))
    begun = begin(_material(source, ctx.obj), root, language=lang, form=form)
    for path in begun.added:
        click.echo(_("new:  {path}").format(path=near(path)))
    for path in begun.kept:
        click.echo(_("kept: {path}").format(path=near(path)))
        for line in _former_imports(path):
            change = _("Made for an earlier version. Change this line, or your kernel won't find the kit:")
            click.echo(f"      {change}\n      {line}")
    workspace = begun.workspace
    first = near(workspace.file(workspace.assignments[0]))
    click.echo("\n" + _("Open {path}, replace a stub with your answer, save.").format(path=first))
    command = "htilde watch" if workspace.root == Path.cwd() else f"cd {near(workspace.root)} && htilde watch"
    click.echo(_("In a terminal beside it: {command}").format(command=command))


def _former_imports(path: Path) -> list[str]:
    """Return how those lines of a learner's file have to read that import the kit by its former name."""
    from htilde.errors import SubmissionError
    from htilde.former import former_imports
    from htilde.submissions.reading import cells_of, read_bytes

    try:
        cells = cells_of(read_bytes(path), path.name)
    except SubmissionError:
        return []  # whatever examines the file says what is wrong with it
    return [line for cell in cells for _number, line in former_imports(cell.source)]


def _material(source: Path | None, course_folder: Path) -> Material:
    """Return the material that was named, or that around here, or the course's, which is made if need be."""
    from htilde.self_study.study import MATERIAL, read_material

    if source is not None:
        return read_material(source.resolve())
    if course_folder == Path():
        here = Path().resolve()
        for folder in (place / name for place in (here, *here.parents) for name in (".", "material")):
            if (folder / MATERIAL).is_file():
                return read_material(folder)
    return _of_course(course_folder)


def _of_course(course_folder: Path) -> Material:
    from htilde.course import find_course

    try:
        course = find_course(course_folder)
    except UsageError as error:
        if error.__class__ is not UsageError or course_folder != Path():
            raise
        message = _("{path}: there is nothing to work on here: no material, and no course.").format(path=Path.cwd())
        way = _("Go to the folder that you unpacked, or to a clone; or name the material: --from FOLDER")
        raise UsageError(message, next_step=way) from None
    from htilde.self_study.material import course_material, make_material, stale
    from htilde.self_study.study import read_material

    folder = course_material(course)
    if names := stale(course, folder):
        with progress() as shown:
            shown.step(_("Making what you need out of the course; this takes a minute, once"), len(names))
            make_material(course, folder, on_start=lambda _name: shown.advance())
    return read_material(folder)


@click.command()
@_exercise
def reset(exercise: str) -> None:
    """Give one exercise back as it was handed out.

    Your file is copied before; nothing in it changes but that cell.
    """
    from htilde.self_study.standing import exercise_named
    from htilde.self_study.workspace import find_workspace, give_back

    workspace = find_workspace(Path())
    assignment, name = exercise_named(workspace, exercise)
    copy = give_back(workspace, assignment, name)
    file = workspace.file(assignment)
    click.echo(_("{exercise} in {path} is a stub again.").format(exercise=name, path=near(file)))
    click.echo(_("As it was before, the file is kept: {path}").format(path=near(copy)))
    if file.suffix == ".ipynb":
        click.echo(_("If it is open in JupyterLab: File, Reload Notebook from Disk; don't save before."))


@click.command()
@click.argument("path", type=click.Path(path_type=Path, readable=False), default=Path())
def watch(path: Path) -> None:
    """Examine each exercise as soon as you save it.

    Keys show a hint, the list of all exercises, the solution of one that passes. PATH is a workspace or an
    assignment in it; without it, the folder where you are.
    """
    from htilde.self_study.standing import standings
    from htilde.self_study.watch import watch as watch_files
    from htilde.self_study.workspace import find_workspace

    workspace = find_workspace(path if path.is_dir() else path.parent)
    inner = path.resolve().relative_to(workspace.root).parts
    focus = None
    if inner and inner[0] in workspace.exercises:
        part = standings(workspace).of(inner[0])
        focus = inner[0], next((one.exercise for one in part if not one.passed), part[0].exercise)
    watch_files(workspace, focus)


@click.command("list")
def listing() -> None:
    """Show all exercises and how they stand."""
    from htilde.self_study import pages

    click.echo("\n".join(pages.listing(_standings())))


@click.command()
def status() -> None:
    """Show how far you are, and what comes next."""
    from htilde.self_study import pages

    click.echo("\n".join(pages.status(_standings())))


def _standings() -> Standings:
    from htilde.self_study.standing import standings
    from htilde.self_study.workspace import find_workspace

    workspace = find_workspace(Path())
    with progress() as shown:
        return standings(workspace, lambda name: shown.step(_("Examining {assignment}").format(assignment=name)))


@click.command()
@_exercise
def hint(exercise: str) -> None:
    """Tell a hint: first the idea, then, asked again, the formula.

    What your answer looks like comes before both.
    """
    from htilde.self_study import pages
    from htilde.self_study.progress import another_hint

    workspace, assignment, lesson, _submission, result = _examined(exercise)
    there = sum(bool(text) for text in (lesson.idea, lesson.formula))
    count = another_hint(workspace, f"{assignment}/{lesson.exercise}", there)
    click.echo("\n".join(pages.hints(lesson, count, result=result)))


@click.command()
@_exercise
@click.option("--give-up", is_flag=True, help="Show it though your answer doesn't pass yet; this is remembered.")
@click.option("--yes", is_flag=True, help="Don't ask whether you are sure.")
def solution(exercise: str, give_up: bool, yes: bool) -> None:
    """Show the reference beside your answer once that passes.

    Hidden properties have to pass, too. A commentary says what there is to see.
    """
    from htilde.self_study import pages
    from htilde.self_study.progress import changing, read_progress

    workspace, assignment, lesson, submission, result = _examined(exercise)
    name = f"{assignment}/{lesson.exercise}"
    if not result.passed and name not in read_progress(workspace).given_up:
        if not give_up:
            click.echo("\n".join(pages.locked(result)))
            sys.exit(FAILED)
        if not yes:
            question = _("Give {exercise} up and see its solution? It will say so in the list.")
            click.confirm(question.format(exercise=lesson.exercise), abort=True)
        with changing(workspace) as remembered:
            remembered.given_up.append(name)
    own = submission.source_of(lesson.exercise)
    click.echo("\n".join(pages.solution(lesson, own, width=shutil.get_terminal_size().columns)))
    sys.exit(PASSED)


def _examined(exercise: str) -> tuple[Workspace, str, Lesson, Submission, ExerciseResult]:
    """Examine an exercise of the workspace around here."""
    from htilde.self_study.standing import examine_own, exercise_named, papers, read_own
    from htilde.self_study.workspace import find_workspace

    workspace = find_workspace(Path())
    assignment, name = exercise_named(workspace, exercise)
    submission = read_own(workspace, assignment)
    examination = examine_own(workspace, assignment, submission, [name])
    if examination.unprotected:
        print_note(_("this ran without protection ({why})").format(why=examination.unprotected), err=True)
    _public, study = papers(workspace, assignment)
    return workspace, assignment, study.lesson(name), submission, examination[name]
