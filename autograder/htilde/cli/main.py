"""The command line.

Exit status: 0 all passed, 1 something failed, 2 wrong usage or course, 3 a fault of the grader.
"""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from htilde.characters import clean
from htilde.cli.bundle import bundle
from htilde.cli.demo import demo
from htilde.cli.grade import grade
from htilde.cli.learn import hint, listing, reset, solution, start, status, watch
from htilde.cli.new import new
from htilde.cli.report import explain, report
from htilde.errors import GraderFault, KitError, MissingExtra
from htilde.language import LANGUAGES
from htilde.progress_bar import progress
from htilde.terminal import FAILED, PASSED, complain, near, print_json, print_note, print_table
from htilde.version import __version__

if TYPE_CHECKING:
    from htilde.authoring.verify import Finding
    from htilde.course import Course

__all__ = ["main"]

_EXTRAS = ("hypothesis", "jinja2", "jupytext", "nbconvert", "nbformat", "nbgrader", "torch")
"""Packages that commands for instructors import and a student's installation lacks."""


class _Group(click.Group):
    """A group of commands that ends with one message and an exit status if a command raises an error."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt, BrokenPipeError):
            raise
        except Exception as error:
            known = _explained(error)
            if not isinstance(error, KitError) and os.environ.get("HTILDE_TRACEBACK"):
                raise
            complain(known)
            sys.exit(known.exit_status)


def _explained(error: Exception) -> KitError:
    """Return an exception as an error of the kit."""
    if isinstance(error, KitError):
        return error
    if isinstance(error, ModuleNotFoundError) and (package := (error.name or "").partition(".")[0]) in _EXTRAS:
        return MissingExtra(package, "This command", "instructor")
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        step = "Nothing that was there is lost. Mend this and run the command again."
        return GraderFault(f"{where}{error.strerror or error}.", next_step=step)
    step = "This is a fault of the kit. To see where, run it again with HTILDE_TRACEBACK=1 in the environment."
    return GraderFault(f"{type(error).__name__}: {error}", next_step=step)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="htilde")
@click.option(
    "--course",
    "folder",
    type=click.Path(path_type=Path, readable=False),
    default=Path(),
    help="The course's folder; default: around here.",
)
@click.pass_context
def main(ctx: click.Context, folder: Path) -> None:
    """Exercises on the vanishing gradient: check answers, build assignments, grade a class.

    \b
    Students:     htilde check a1_activations.ipynb
    Alone:        htilde start, watch, list, status, hint, solution, reset
    Instructors:  htilde build, release, grade, report, explain, bundle, verify, new
    Newcomers:    htilde demo

    Exit status: 0 all passed, 1 something failed, 2 wrong usage or course, 3 a fault of the grader.
    """
    ctx.obj = folder
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of few characters is no reason to stop


def _course(ctx: click.Context) -> Course:
    from htilde.course import find_course

    return find_course(ctx.obj)


def _require_device(device: str) -> None:
    """Raise UsageError if there is no such device, also where torch has nothing to do."""
    if device != "cpu":
        from htilde.oracle import using

        with using(device):
            pass


_device = click.option(
    "--device",
    type=click.Choice(["cpu", "cuda", "auto"]),
    default="cpu",
    show_default=True,
    help="Where torch computes.",
)


@main.command()
@click.argument("path", type=click.Path(path_type=Path, readable=False), default=Path())
@click.option("--exercise", "-e", "chosen", multiple=True, metavar="NAME", help="Only this exercise; may be repeated.")
@click.option(
    "--explore", is_flag=True, help="Let Hypothesis and torch search live for a failing input (needs the course)."
)
@click.option(
    "--hidden", is_flag=True, help="Ask the hidden properties too (needs the instructor's papers, or a workspace)."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (docs/json.md) instead of text.")
@_device
@click.pass_context
def check(
    ctx: click.Context, path: Path, chosen: tuple[str, ...], explore: bool, hidden: bool, as_json: bool, device: str
) -> None:
    """Check a notebook or .py file from a clean start.

    Each exercise is examined as for grades, in a locked process. PATH is a file or its folder; without it, the
    folder where you are. With --device cuda what passes runs on the GPU, too, through CuPy; no points depend on that.
    """
    from htilde.isolation import launch

    launch.start_template()  # NumPy starts there while it starts here
    from htilde.self_study.checking import check_file, check_on_gpu
    from htilde.self_study.workspace import is_alone
    from htilde.telling.json import as_json as plain
    from htilde.telling.json import gpu_json
    from htilde.telling.text import gpu_text, whole_text

    examination = check_file(path, ctx.obj, exercises=chosen, hidden=hidden, explore=explore, device=device)
    gpu = None
    if device != "cpu":  # while exploring, torch has the GPU already, and CuPy may be missing
        gpu = check_on_gpu(path, ctx.obj, examination, exercises=chosen, device="auto" if explore else device)
    if examination.unprotected:
        print_note(f"this ran without protection ({examination.unprotected})", err=True)
    if as_json:
        print_json(plain(examination) | ({"gpu": gpu_json(gpu)} if gpu is not None else {}))
    else:
        alone = is_alone(path if path.is_dir() else path.parent)
        click.echo(whole_text(examination, hidden_remain=not hidden, alone=alone))
        if gpu is not None:
            click.echo("\n" + gpu_text(gpu))
    sys.exit(PASSED if examination.passed else FAILED)


_lang = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default=None,
    help="The language of the notebook and its messages; default: that of grading.toml.",
)


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--redraw", is_flag=True, help="Draw the papers anew, also where the declarations haven't changed.")
@_device
@_lang
@click.pass_context
def build(ctx: click.Context, assignments: tuple[str, ...], redraw: bool, device: str, lang: str | None) -> None:
    """Turn masters into notebooks and papers, ready for nbgrader.

    All assignments, unless some are named. Papers are drawn once and kept as long as their declarations stay the same.
    """
    from htilde.authoring.build import build as build_one

    course = _course(ctx)
    _require_device(device)
    for name in _chosen(course, assignments):
        built = build_one(course, name, device=device, lang=lang, redraw=redraw)
        click.echo(f"{name}: {near(built.notebook)} (public paper {built.public.id}, hidden paper {built.hidden.id})")
        if kept := built.of_another_engine:
            which = " and ".join(paper.visibility.value for paper in kept)
            print_note(f"{name} ({which} paper): drawn by another engine; --redraw draws anew", err=True)


@main.command()
@click.argument("assignment")
@_lang
@click.pass_context
def release(ctx: click.Context, assignment: str, lang: str | None) -> None:
    """Build ASSIGNMENT and let nbgrader make what students receive."""
    from htilde.nbgrader import classroom

    course = _course(ctx)
    course.assignment(assignment)
    with progress() as shown:
        shown.step(f"Building {assignment} and releasing it through nbgrader")
        folder = classroom.release(course, assignment, lang=lang)
    click.echo(f"{assignment}: students receive the folder {near(folder)}")


@main.command()
@click.argument("assignments", nargs=-1, metavar="[ASSIGNMENT]...")
@click.option("--explore", is_flag=True, help="Ask live with Hypothesis and torch instead of the stored papers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@_device
@click.pass_context
def verify(ctx: click.Context, assignments: tuple[str, ...], explore: bool, as_json: bool, device: str) -> None:
    """Prove that the course is right.

    References and variants pass everything, stubs score zero, every misconception is caught and named.
    """
    from htilde.authoring.verify import verify as verify_one

    course = _course(ctx)
    _require_device(device)
    findings: dict[str, list[Finding]] = {}
    with progress() as shown:
        for name in _chosen(course, assignments):
            shown.step(f"Verifying {name}")
            findings[name] = verify_one(
                course,
                name,
                tries=200 if explore else 0,
                device=device,
                progress=lambda done, total: shown.advance(total),
            )
    if as_json:
        print_json([_plain(name, finding) for name, found in findings.items() for finding in found])
    else:
        _print_findings(course, findings)
    sys.exit(FAILED if any(finding.problem for found in findings.values() for finding in found) else PASSED)


def _plain(assignment: str, finding: Finding) -> dict[str, str]:
    case = finding.case
    about = {"assignment": assignment, "kind": case.kind, "exercise": case.exercise, "name": case.name}
    return {**about, "problem": finding.problem}


def _print_findings(course: Course, findings: Mapping[str, Sequence[Finding]]) -> None:
    from htilde.authoring.verify import extent

    extents = {name: extent(course, name) for name in findings}
    rows = []
    for name, found in findings.items():
        kinds, of = Counter(finding.case.kind for finding in found), extents[name]
        right, bad = (
            kinds["reference"] * of.exercises + kinds["variant"] + kinds["derivation"],
            sum(bool(each.problem) for each in found),
        )
        rows.append((of.exercises, of.properties, right, kinds["misconception"], bad))
    named = [(name, *map(str, row)) for name, row in zip(findings, rows)]
    if len(rows) > 1:
        named.append((f"{len(rows)} assignments", *map(str, map(sum, zip(*rows)))))
    print_table(("assignment", "exercises", "properties", "right", "mistakes", "problems"), named)
    texts = sum(of.texts for of in extents.values())
    for language in sorted({language for of in extents.values() for language in of.translated}):
        translated = sum(of.translated.get(language, 0) for of in extents.values())
        click.echo(f"claims and hints: {texts}, of which {translated} also in {language}")
    if explained := sum(of.explained for of in extents.values()):
        click.echo(f"mutants that no input tells from the reference, each explained: {explained}")
    for name, found in findings.items():
        for case, problem in ((finding.case, finding.problem) for finding in found if finding.problem):
            what = " ".join(filter(None, (case.kind, case.exercise, case.name)))
            click.echo(f"{name}: {what}: {clean(problem)}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Say what this machine can do.

    Which packages are here, and whether student code can be locked in, found out by trying.
    """
    from htilde.isolation.doctor import examine_machine

    machine = examine_machine()
    if as_json:
        print_json(machine.as_json())
    else:
        packages = [(row.name, row.version or "not installed", row.purpose) for row in machine.packages]
        print_table(("package", "version", "needed for"), packages)
        promises = [
            (
                t.promise.says,
                (", ".join(t.by) or "something around this process") if t.held else "NOT HELD",
                t.detail.removeprefix("held: "),
            )
            for t in machine.tried
        ]
        print_table(("student code", "held by", "tried just now"), promises)
        click.echo(f"locked by: {', '.join(machine.layers) or 'nothing'}")
        for missing in machine.missing:
            click.echo(f"missing:   {clean(missing)}")
        for way in machine.ways:
            print_note(way, head="to do:     ")
        verdict = "yes" if machine.protected else "no; students can check, but grading refuses (docs/security.md)"
        click.echo(f"fit for grading: {verdict}")
    sys.exit(PASSED if machine.protected else FAILED)


for command in (grade, demo, new, explain, report, bundle, start, watch, listing, status, hint, solution, reset):
    main.add_command(command)


def _chosen(course: Course, names: Sequence[str]) -> list[str]:
    return [course.assignment(name).name for name in names] or [a.name for a in course.assignments]


if __name__ == "__main__":
    main()
