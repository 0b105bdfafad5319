"""The commands of somebody who works alone, as they are typed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import learner
import pytest
from click.testing import CliRunner, Result
from htilde.cli.main import main
from htilde.language import speak
from htilde.self_study.progress import read_progress
from htilde.self_study.study import Material
from htilde.self_study.workspace import Workspace, find_workspace
from learner import ADDS_TWO, CANARY, RIGHT, RIGHT_BUT_FAR
from test_cli import refused


@pytest.fixture(autouse=True)
def english() -> None:
    speak("en")


def run(*arguments: str | Path, typing: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=typing)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> Material:
    return learner.material(tmp_path_factory)


@pytest.fixture
def space(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace of scripts, where the person is."""
    found = learner.workspace(tmp_path_factory, tmp_path / "mine")
    monkeypatch.chdir(found.root)
    return found


# start


@pytest.mark.parametrize("named", [True, False], ids=["--from", "lying there"])
def test_start_makes_a_workspace_and_says_what_to_do(
    material: Material, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    """From the material that is named, or that an unpacked bundle has; the last two lines can be followed."""
    shutil.copytree(material.folder, tmp_path / "material")
    monkeypatch.chdir(tmp_path)
    done = run("start", "mine", "--format", "py", *(["--from", "material"] if named else []))
    assert done.exit_code == 0 and done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[:3] == ["new:  mine/toys/toys.py", "new:  mine/more/more.py", ""]
    assert lines[3] == "Open mine/toys/toys.py, replace a stub with your answer, save."
    assert lines[4] == "In a terminal beside it: cd mine && htilde watch" and len(lines) == 5
    assert find_workspace(tmp_path / "mine").format == "py"


def test_starting_again_keeps_and_adds(material: Material, space: Workspace) -> None:
    """From inside no folder need be named; work stays."""
    learner.answer(space, "double", RIGHT)
    before = space.file("toys").read_bytes()
    space.file("more").unlink()
    done = run("start", "--from", material.folder)
    assert done.stdout.startswith("new:  more/more.py\nkept: toys/toys.py\n\n") and done.exit_code == 0
    assert done.stdout.endswith("beside it: htilde watch\n") and space.file("toys").read_bytes() == before


def test_start_in_a_clone_makes_the_material(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, saying that it takes a while; the second time nothing is made."""
    course = learner.course(tmp_path)
    monkeypatch.chdir(course.root)
    done = run("start", "--lang", "ko")
    assert done.exit_code == 0, done.stderr
    assert "1분쯤" in done.stderr and "옆에 연 터미널에서: cd self-study" in done.stdout
    assert find_workspace(course.root / "self-study").language == "ko"
    again = run("start")
    assert again.exit_code == 0 and again.stderr == "" and "유지: self-study/toys/toys.ipynb" in again.stdout
    assert not (course.private / "seed").exists()


def test_start_without_torch_is_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the package and how to get it."""
    course = learner.course(tmp_path)
    monkeypatch.chdir(course.root)
    for name in [name for name in sys.modules if name in ("htilde.oracle", "torch")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torch", None)
    path = course.declarations("public", "toys")
    path.write_text(f"import htilde.oracle\n{path.read_text()}")
    done = run("start")
    assert done.exit_code == 2 and done.stdout == "" and done.stderr.count("error: ") == 1
    assert "needs the package torch" in done.stderr and "instructor" in done.stderr


def test_where_there_is_nothing_to_start_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither material nor course; a --from that is neither."""
    monkeypatch.chdir(tmp_path)
    refused(run("start"), "nothing to work on here")
    refused(run("start", "--from", tmp_path), "material.json")
    assert not list(tmp_path.iterdir())


# reset


def test_reset_says_what_it_did(space: Workspace) -> None:
    """And where the copy is."""
    learner.answer(space, "double", RIGHT)
    done = run("reset", "double")
    (copy,) = (space.private / "kept").iterdir()
    assert done.exit_code == 0 and f".study/kept/{copy.name}" in done.stdout and RIGHT in copy.read_text()
    assert RIGHT not in space.file("toys").read_text() and "JupyterLab" not in done.stdout


# list, status


def test_list_and_status(space: Workspace) -> None:
    """All exercises, and what comes next; what was examined is told on standard error."""
    learner.answer(space, "double", RIGHT)
    learner.answer(space, "negate", "def negate(x):\n    return x\n")
    listed, status = run("list"), run("status")
    assert listed.exit_code == status.exit_code == 0
    assert listed.stdout.splitlines()[:3] == [
        "toys: 1 of 2",
        "    ok  double  passed",
        "    --  negate  started",
    ]
    assert "Examining toys" in listed.stderr and status.stderr == ""
    assert status.stdout.splitlines()[-1] == "next: negate in toys (started)"


# hint


def test_hints_are_told_one_after_the_other(space: Workspace) -> None:
    """Before them what the answer looks like."""
    learner.answer(space, "double", ADDS_TWO)
    first, second = run("hint", "double"), run("hint", "double")
    assert "adds two" in first.stdout and "canary_of_the_idea" in first.stdout and "2·x" not in first.stdout
    assert first.stdout.index("adds two") < first.stdout.index("canary_of_the_idea") and "2·x" in second.stdout
    none = run("hint", "negate")
    assert none.exit_code == 0 and "no hints" in none.stdout


# check --hidden


@pytest.mark.parametrize(
    ("source", "status", "passed"),
    [(RIGHT, 0, [True] * 3), (RIGHT_BUT_FAR, 1, [True, True, False]), (ADDS_TWO, 1, [False] * 2)],
)
def test_check_hidden_asks_the_studys_properties(
    space: Workspace, source: str, status: int, passed: list[bool]
) -> None:
    """Once the public ones pass; exit status and JSON as everywhere."""
    learner.answer(space, "double", source)
    done = run("check", "toys", "-e", "double", "--hidden", "--json")
    found = json.loads(done.stdout)
    properties = found["exercises"]["double"]["properties"]
    assert done.exit_code == status and [one["passed"] for one in properties] == passed
    assert len(found["papers"]) == 2
    hidden = [one for one in properties if one["visibility"] == "hidden"]
    assert [one["name"] for one in hidden] == ["is_twice_elsewhere"] * (len(passed) - 2)


def test_check_says_that_hidden_properties_remain(space: Workspace) -> None:
    """And here, where nobody grades, how to have them asked."""
    learner.answer(space, "double", RIGHT)
    text = run("check", "toys", "-e", "double").stdout
    assert "htilde check --hidden" in " ".join(text.split()) and "when this is graded" not in text


def test_check_at_the_top_says_where_the_papers_are(space: Workspace) -> None:
    """The workspace's own folder has none, but the ones below it have."""
    refused(run("check"), "there is none", "htilde check more")


def test_a_course_that_is_named_asks_its_own_hidden_paper(space: Workspace, tmp_path: Path) -> None:
    """--course says whose properties are meant; and one without papers says so."""
    course = learner.course(tmp_path / "other")
    done = run("--course", course.root, "check", "toys", "--hidden")
    assert done.exit_code == 2 and "htilde build" in done.stderr


# solution


def test_a_solution_unlocks_with_the_last_hidden_property(space: Workspace) -> None:
    """Not before; then it stands with the commentary below the learner's own."""
    for source in (ADDS_TWO, RIGHT_BUT_FAR):
        learner.answer(space, "double", source)
        done = run("solution", "double")
        assert done.exit_code == 1 and CANARY not in done.stdout and "--give-up" in done.stdout
    assert "[hidden] The result is twice x on inputs" in done.stdout
    learner.answer(space, "double", RIGHT)
    done = run("solution", "double")
    assert done.exit_code == 0 and "canary_of_the_commentary" in done.stdout
    assert done.stdout.index("return 2 * x\n") < done.stdout.index("the reference") < done.stdout.index(CANARY)
    assert read_progress(space).given_up == []


@pytest.mark.parametrize(("typed", "typing", "told"), [((), "y\n", True), ((), "n\n", False), (("--yes",), None, True)])
def test_giving_up_is_asked_for_and_remembered(
    space: Workspace, typed: tuple[str, ...], typing: str | None, told: bool
) -> None:
    """Whoever says no has given nothing up; afterwards nobody is asked again, and the list says it for good."""
    done = run("solution", "double", "--give-up", *typed, typing=typing)
    assert (CANARY in done.stdout) is told and done.exit_code == (0 if told else 1)
    assert read_progress(space).given_up == ["toys/double"] * told
    assert (CANARY in run("solution", "double").stdout) is told
    learner.answer(space, "double", RIGHT)
    assert ("double  passed after giving up" in run("list").stdout) is told
    assert ("given up: 1" in run("status").stdout) is told


# everywhere


@pytest.mark.parametrize(
    "command", [("list",), ("status",), ("watch",), ("hint", "x"), ("solution", "x"), ("reset", "x")]
)
def test_outside_of_a_workspace_they_say_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """One message, status 2."""
    monkeypatch.chdir(tmp_path)
    refused(run(*command), "neither this folder nor one above it is a workspace", "htilde start")


@pytest.mark.parametrize("command", ["hint", "solution", "reset"])
def test_an_unknown_exercise_is_told(space: Workspace, command: str) -> None:
    """With what is near."""
    refused(run(command, "dubble"), "dubble", "double")
