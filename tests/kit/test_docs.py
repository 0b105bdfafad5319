"""The docs keep their word: links lead somewhere, commands run, figures are the measured ones."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from clone import A1, REAL, ROOT, SOURCES, clone
from htilde.authoring.declarations import load_declarations
from htilde.authoring.master import read_master
from htilde.authoring.verify import Finding, cases
from htilde.cli.main import main
from htilde.course import Course, load_course
from htilde.sample_class import Student, hand_in, sample_class

DOCS, BENCHMARKS = ROOT / "docs", ROOT / "benchmarks"
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *DOCS.glob("*.md"), *BENCHMARKS.glob("*.md"))
}
"""Every page, by its path."""
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def anchors(page: str) -> set[str]:
    """Return the anchors of a page's headings, made as GitHub makes them."""
    found, times = set(), Counter[str]()
    for heading in re.findall(r"^#+ (.*)$", FENCED.sub("", PAGES[page]), re.MULTILINE):
        anchor = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        found.add(f"{anchor}-{times[anchor]}" if times[anchor] else anchor)
        times[anchor] += 1
    return found


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Each link between the pages leads to a file, and to a heading in it."""
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", FENCED.sub("", PAGES[page])):
        file, _, anchor = target.partition("#")
        path = ((ROOT / page).parent / file).resolve() if file else ROOT / page
        assert path.exists(), target
        assert not anchor or anchor in anchors(str(path.relative_to(ROOT))), target


def test_every_picture_is_shown() -> None:
    """No picture is left over: each is on a page."""
    linked = {name for text in PAGES.values() for name in re.findall(r"\]\(pictures/([\w-]+\.png)\)", text)}
    assert linked == {path.name for path in (DOCS / "pictures").glob("*.png")}


def console(text: str) -> list[str]:
    """Return the commands of a page's console blocks, in order and without their comments."""
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [re.split(r"\s+#", line[2:])[0] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def shown(text: str) -> list[str]:
    """Return every 'htilde' command that a page shows, in a block or in a sentence."""
    inline = re.findall(r"`htilde ([^`]+)`", FENCED.sub("", text))
    return [*(command[7:] for command in console(text) if command.startswith("htilde ")), *inline]


def unknown(words: list[str]) -> str:
    """Return the first word of a command that the command line doesn't know, or nothing."""
    command: click.Command = main
    while isinstance(command, click.Group):
        if not words or words[0].startswith("-"):
            break
        if words[0] not in command.commands:
            return words[0]
        command, words = command.commands[words[0]], words[1:]
    options = {name for option in command.params for name in option.opts} | {"--help", "-h", "--version", "--course"}
    return next((word for word in words if word.startswith("-") and word.partition("=")[0] not in options), "")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists(page: str) -> None:
    """Each 'htilde' command on a page has a name and options that the command line knows."""
    commands = [command for command in shown(PAGES[page]) if not command.startswith("[")]
    assert [command for command in commands if unknown(shlex.split(command))] == []


def test_an_unknown_command_is_found() -> None:
    """The test above sees a wrong name, a wrong option and a wrong name within a group."""
    assert unknown(["grade", "a1", "--dry-run"]) == unknown(["new", "exercise", "f"]) == ""
    assert unknown(["gade"]) == "gade" and unknown(["grade", "--dry"]) == "--dry" and unknown(["new", "f"]) == "f"


@pytest.mark.parametrize("page", PAGES)
def test_every_extra_and_target_exists(page: str) -> None:
    """Each extra that a page installs is declared, and each target of 'make' is in the Makefile."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"(?:CLONE|whl|['\"]\.|htilde)\[([\w,-]+)\]", PAGES[page])
    assert {extra for some in named for extra in some.split(",")} <= set(extras)
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"(?:^\$ |`)make ([\w-]+)", PAGES[page], re.MULTILINE)) <= set(targets)


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the docs in a folder; 'htilde' and 'nbgrader' are those of this Python."""
    environment = os.environ | {
        "PYTHONPATH": str(SOURCES),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    arguments = [sys.executable, "-m", *shlex.split(command)]
    return subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """The course in a fresh clone, in which ada has handed in a mistake and kim what was handed out."""
    course = clone(tmp_path, of=REAL)
    (mistaken,) = [member for member in sample_class(course, A1) if member.id == "mistake-output-form"]
    hand_in(course, A1, [replace(mistaken, id="ada"), Student("kim", "nothing yet", 0, lambda book: None)])
    return course


def test_the_commands_for_students_run(course: Course) -> None:
    """Each command of the students' page does what it says; what is checked is the stubs."""
    for command in [each for each in console(PAGES["docs/students.md"]) if each.startswith("htilde ")]:
        done = run(course.root, command)
        assert done.returncode == 1 and "Traceback" not in done.stderr, (command, done.stderr)


def test_the_commands_for_instructors_run(course: Course) -> None:
    """Each command of the pages on a class and on reports does what it says, in their order, with the output shown."""
    for page in ("instructors", "report"):
        text = PAGES[f"docs/{page}.md"]
        (shown,) = re.findall(r"^```text\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        said = []
        for command in [each for each in console(text) if each.startswith(("htilde ", "nbgrader "))]:
            if not command.startswith("htilde verify"):  # it takes its time, and has tests of its own
                done = run(course.root, command)
                assert done.returncode == command.startswith("htilde explain"), (command, done.stderr)
                assert "Traceback" not in done.stderr
                said += [line.rstrip() for line in done.stdout.splitlines()]
        assert "\n".join(line.rstrip() for line in shown.splitlines()) in "\n".join(said)


def test_the_commands_for_working_alone_run(tmp_path: Path) -> None:
    """The commands of the page on self-study, in a workspace made from a small course; those of its table, too."""
    course = clone(tmp_path)
    text = PAGES["docs/self-study.md"]
    start, *commands = [command for command in console(text) if command.startswith("htilde ")]
    table = [f"htilde {found}" for found in re.findall(r"^\| `htilde ([^`]+)` \|", text, re.MULTILINE)]
    assert start == "htilde start" and len(table) > 6
    assert run(course.root, start).returncode == 0
    ends = {"htilde check": 1, "htilde solution": 1}  # nothing passes yet
    for command in [command.replace("EXERCISE", "sigmoid") for command in (*commands, *table)]:
        if not command.startswith(("htilde start", "htilde watch")):  # watch needs a terminal, and has tests of its own
            done = run(tmp_path / "self-study", command)
            assert done.returncode == ends.get(" ".join(command.split()[:2]), 0), (command, done.stderr)


def test_the_course_s_numbers_are_counted() -> None:
    """As many exercises and mistakes are declared as the page on the course says; its table has each assignment."""
    course, text = load_course(ROOT / "grading.toml"), PAGES["docs/course.md"]
    declared = [load_declarations(course, a.name).misconceptions.misconceptions for a in course.assignments]
    assert f"{sum(len(a.exercises) for a in course.assignments)} exercises, with" in text
    assert f"with {sum(map(len, declared))} known mistakes" in text
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == [a.name for a in course.assignments]


def test_what_verify_prints_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is what verify prints of this course if nothing is wrong; that nothing is, other tests find out."""

    def nothing_wrong(course: Course, assignment: str, **_options: object) -> list[Finding]:
        listed = course.assignment(assignment)
        master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
        return [Finding(case, "") for case in cases(load_declarations(course, assignment), master)]

    monkeypatch.setattr("htilde.authoring.verify.verify", nothing_wrong)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(ROOT)
    done = CliRunner().invoke(main, ["verify"])
    assert done.exit_code == 0, done.output
    table = "\n".join(line.rstrip() for line in done.stdout.strip("\n").splitlines() if line.strip())
    (quoted,) = re.findall(r"```text\n(.*?)```", PAGES["docs/course.md"], re.DOTALL)
    assert "\n".join(line for line in quoted.splitlines() if line) == table


def benchmark(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a script of the benchmarks; that runs nothing."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", BENCHMARKS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_figures_are_those_of_the_benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables of benchmarks/README.md are made from the results that lie beside it."""
    results, grading = (json.loads((BENCHMARKS / f"{name}.json").read_text()) for name in ("results", "grading"))
    assert benchmark("run", monkeypatch).table(results) in PAGES["benchmarks/README.md"]
    assert benchmark("grading", monkeypatch).tables(grading) in PAGES["benchmarks/README.md"]


def test_a_benchmark_writes_its_part_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its own marks and nowhere else; a page without them is an error and stays as it is."""
    page = benchmark("page", monkeypatch)
    monkeypatch.setattr(page, "PAGE", tmp_path / "README.md")
    text = "a\n<!-- begin: run.py -->\nold\n<!-- end -->\nb\n<!-- begin: grading.py -->\nkept\n<!-- end -->\nc\n"
    page.PAGE.write_text(text)
    page.put("run.py", "new\n")
    assert page.PAGE.read_text() == text.replace("old", "new")
    with pytest.raises(SystemExit, match="live"):
        page.put("live.py", "new\n")
    assert page.PAGE.read_text() == text.replace("old", "new")


def test_the_rooms_are_those_of_the_contract() -> None:
    """The table of the page on architecture lists the rooms in the order of the import contract."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [layer.replace("htilde.", "").split(" | ") for layer in contract[0]["layers"]]
    package = SOURCES / "htilde"
    rooms = [layer for layer in layers if any((package / name).is_dir() for name in layer)]
    rows = re.findall(
        r"^\| (`[a-z_`, ]+`) \|", PAGES["docs/architecture.md"].partition("## A notebook")[0], re.MULTILINE
    )
    assert [re.findall(r"\w+", row) for row in rows] == rooms


def test_the_modules_of_the_architecture_exist() -> None:
    """Each file, module and function that the page names is there."""
    text = FENCED.sub("", PAGES["docs/architecture.md"])
    files = re.findall(r"`([a-z_]+/[\w/.]*|[a-z_]+\.py)`", text)
    assert len(files) > 60
    assert [name for name in files if not (ROOT / name).exists() and not (SOURCES / "htilde" / name).exists()] == []
    for module, function in re.findall(r"`([a-z_]+(?:\.[a-z_]+)?)\.([a-zA-Z_]+)\(\)`", text):
        assert hasattr(importlib.import_module(f"htilde.{module}"), function), f"{module}.{function}"
