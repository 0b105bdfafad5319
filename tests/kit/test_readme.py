"""The README keeps its word: real output, commands that run, links that lead somewhere, measured figures."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from clone import A1, REAL, ROOT, clone
from htilde.authoring.declarations import load_declarations
from htilde.authoring.master import read_master
from htilde.authoring.verify import Finding, cases
from htilde.cli.main import main
from htilde.course import Course, load_course
from htilde.sample_class import Student, hand_in

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line[2:].partition("  #")[0].strip() for line in README.splitlines() if line.startswith("$ htilde ")]
ENDS = {"check": 1, "explain": 1}  # what is checked is the stub; everything else ends well


def block(language: str) -> str:
    """The first fenced block in that language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def htilde(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Type a command in a folder."""
    command = [sys.executable, "-m", "htilde", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "autograder")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course in a fresh clone, with one student who has handed in what was handed out."""
    course = clone(tmp_path_factory.mktemp("readme"), of=REAL)
    hand_in(course, A1, [Student("ada", "nothing yet", 0, lambda book: None)])
    return course.root


def test_the_diagnosis_is_the_one_that_a_student_gets(tmp_path: Path) -> None:
    """The output shown for the answer shown is what the kit prints, to the letter."""
    (tmp_path / f"{A1}.py").write_text(block("python"), encoding="utf-8")
    shutil.copy(ROOT / "assignments" / A1 / f"{A1}.paper", tmp_path)
    done = htilde(tmp_path, "check", f"{A1}.py", "--exercise", "sigmoid_derivative")
    assert done.stdout.startswith(block("text") + "\n") and done.returncode == 1


# verify has a test of its own, and takes its time; new is tried with its guide, start and watch on a smaller course.
ELSEWHERE = ("verify", "new", "start", "watch")


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.split()[1] not in ELSEWHERE])
def test_the_commands_run(course: Path, command: str) -> None:
    """Each command of the README does what it says in a fresh clone; nbgrader's noise stays out of sight."""
    _, *arguments = shlex.split(command)
    if arguments[0] in ("grade", "explain") and not (course / "gradebook.db").exists():
        assert htilde(course, "release", A1).returncode == 0
    done = htilde(course, *arguments)
    assert done.returncode == ENDS.get(arguments[0], 0), done.stderr
    assert done.stdout and "Traceback" not in done.stderr


def test_all_commands_are_found() -> None:
    """The reader of these tests sees every command of the command line, but those that others stand for."""
    students, instructors = {"check", "start", "watch"}, {"verify", "release", "bundle", "grade", "doctor", "new"}
    assert {command.split()[1] for command in COMMANDS} == students | instructors | {"report", "explain"}


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(page: str) -> None:
    """Every link between the pages leads to a file."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_the_numbers_are_counted() -> None:
    """As many exercises and misconceptions are declared as the README says; each assignment is in its table."""
    course = load_course(ROOT / "grading.toml")
    declared = [load_declarations(course, a.name).misconceptions.misconceptions for a in course.assignments]
    assert f"{sum(len(a.exercises) for a in course.assignments)} exercises, with" in README
    assert f"with {sum(map(len, declared))} known mistakes" in README
    assert re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)[: len(course.assignments)] == [
        a.name for a in course.assignments
    ]


def test_what_verify_says_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table is what verify prints of this course where nothing is wrong; that nothing is, other tests find out."""

    def nothing_wrong(course: Course, assignment: str, **_options: object) -> list[Finding]:
        listed = course.assignment(assignment)
        master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
        return [Finding(case, "") for case in cases(load_declarations(course, assignment), master)]

    monkeypatch.setattr("htilde.authoring.verify.verify", nothing_wrong)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(ROOT)
    said = CliRunner().invoke(main, ["verify"])
    assert said.exit_code == 0, said.output
    table = "\n".join(line.rstrip() for line in said.stdout.strip("\n").splitlines() if line.strip())
    (quoted,) = [text for text in re.findall(r"```text\n(.*?)```", README, re.DOTALL) if " properties " in text]
    assert "\n".join(line for line in quoted.splitlines() if line) == table
    assert max(map(len, quoted.splitlines())) <= 80


def test_figures_come_from_the_benchmark() -> None:
    """The README's figures are those of benchmarks/results.json."""
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    assert f"{results['ratios']['kernel / examine']:.1f} times" in README
    assert f"{results['median_seconds']['htilde check, from the shell']:.2f} s" in README


def test_figures_of_a_class_come_from_its_benchmark() -> None:
    """The tables of benchmarks/README.md are those of grading.json, and so are the README's figures."""
    folder = ROOT / "benchmarks"
    results = json.loads((folder / "grading.json").read_text(encoding="utf-8"))
    spec = importlib.util.spec_from_file_location("grading", folder / "grading.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.tables(results) in (folder / "README.md").read_text(encoding="utf-8")
    ways = results["seconds_per_submission"]
    stock = ways["stock nbgrader, a kernel a notebook"]
    for way in ("nbgrader autograde, with the kit", "htilde grade --jobs 2"):
        assert f"{stock / ways[way]:.0f} times" in README
    assert f"a class of 10 000, a submission takes {results['classes']['10000']['seconds']:.3f} s" in " ".join(
        README.split()
    )
