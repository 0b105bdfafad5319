"""pytest collects what sits a paper, property by property, and nothing else; a student's code stays in the worker."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import toys
import yaml
from clone import A1, ROOT, SMALL
from htilde import pytest_items
from htilde.errors import GraderFault
from htilde.examination.paper import write_paper
from htilde.model import Examination, Kind, Visibility
from htilde.self_study.checking import check_file
from htilde.self_study.study import Lesson, Study, write_study

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "htilde.pytest_plugin")
HERE = Path()

SCRIPT = """\
# %%
{first}
# %%
def double(x):
    print("heard you")
    return {double}

def squares(x):
    return {squares}
"""
"""A student's answers to the two exercises of the paper."""


def script(*, first: str = "", double: str = "2 * x", squares: str = "x**2") -> str:
    return SCRIPT.format(first=first, double=double, squares=squares)


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    """An assignment's folder, where pytest runs: a paper of two exercises, and right answers to both."""
    asked = toys.exercise(
        toys.double,
        toys.question(toys.double),
        toys.question(toys.double, name="is_right_at_the_margin", kind=Kind.EDGE),
        points=2.0,
    )
    write_paper(toys.paper(asked, toys.exercise(toys.squares, mistakes=())), pytester.path / "toys.paper")
    (pytester.path / "toys.py").write_text(script())
    return pytester.path


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """pytest in this process, with the plugin."""
    return pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", *arguments)


def collected(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if "::" in line]


ALL = [
    "::double::is_right",
    "::double::is_right_at_the_margin",
    "::squares::is_right",
]


def test_each_property_is_an_item(pytester: pytest.Pytester, folder: Path) -> None:
    """The node id is file, exercise, property; of a folder the submission is found."""
    for path in ("toys.py", "."):
        assert collected(run(pytester, path, "--collect-only", "-q")) == [f"toys.py{item}" for item in ALL]


def test_a_notebook_of_a_course_is_collected(pytester: pytest.Pytester) -> None:
    """In the order of its paper, from the folder that students receive."""
    shutil.copytree(SMALL / "assignments" / A1, pytester.path / A1)
    found = collected(run(pytester, A1, "--collect-only", "-q"))
    assert found[0] == f"{A1}/{A1}.ipynb::sigmoid::matches_torch" and len(found) == 6
    found = collected(run(pytester, f"{A1}/{A1}.ipynb::tanh_derivative", "--collect-only", "-q"))
    assert [line.split("::")[1] for line in found] == ["tanh_derivative"] * 2


def test_what_students_hand_in_is_collected_in_a_course(pytester: pytest.Pytester) -> None:
    """Without a paper beside it; and a master that is named, but not what an instructor declares of it."""
    shutil.copytree(SMALL, pytester.path / "course")
    handed_in = pytester.path / "course" / "submitted" / "ann" / A1
    handed_in.mkdir(parents=True)
    shutil.copy(SMALL / "assignments" / A1 / f"{A1}.ipynb", handed_in)
    assert len(collected(run(pytester, "course/submitted", "--collect-only", "-q"))) == 6
    assert len(collected(run(pytester, f"course/solutions/{A1}.py", "--collect-only", "-q"))) == 6
    assert not collected(run(pytester, "course/tests/public", "--collect-only", "-q"))
    (pytester.path / "course" / "grading.toml").write_text("[[")
    assert not collected(run(pytester, "course/submitted", "--collect-only", "-q"))


def test_of_a_notebook_and_a_script_the_notebook_is_meant(pytester: pytest.Pytester, folder: Path) -> None:
    """As for ``htilde check``; a file that is named is meant anyway."""
    cells = [{"cell_type": "code", "metadata": {}, "source": script()}]
    (folder / "toys.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
    shutil.copy(folder / "toys.py", folder / "answers.py")
    for arguments, file in (((".",), "toys.ipynb"), (("toys.py",), "toys.py"), (("answers.py",), "answers.py")):
        found = collected(run(pytester, *arguments, "--collect-only", "-q"))
        assert found == [f"{file}{item}" for item in ALL]


def test_the_diagnosis_is_the_failure(pytester: pytest.Pytester, folder: Path) -> None:
    """The mistake, the values and the hint; what was printed and noted in sections; no line of the kit's."""
    (folder / "toys.py").write_text(script(double="x + 2", first="import torch; torch.zeros(1)"))
    result = run(pytester, "toys.py")
    result.assert_outcomes(passed=1, failed=2)
    said = result.stdout.str()
    for expected in (
        "___ double::is_right ___",
        "It looks like: adds two.",
        "You added two; multiply by it.",
        "your answer",
        "Captured stdout call",
        "heard you",
        "[edge] double is_right_at_the_margin.",
        "FAILED toys.py::double::is_right - wrong values: adds two",
        "toys.py: 1 of 3 points so far; hidden properties remain.",
        "Note: cell 1 raised NotWhileGrading",
    ):
        assert expected in said, expected
    assert "Traceback" not in said and "pytest_items" not in said and "raise " not in said


def test_notes_are_a_section(pytester: pytest.Pytester, folder: Path) -> None:
    """Also of a property that passes, where pytest is asked for those."""
    (folder / "toys.py").write_text(script(double="np.log(0) * 0 + 2 * x", first="import numpy as np"))
    said = run(pytester, "toys.py", "-rP", "-k", "margin").stdout.str()
    assert "Captured notes call" in said and "NumPy warned: divide by zero" in said


def properties(file: Path) -> dict[str, dict[str, str]]:
    """Of each test case in a JUnit file, by exercise and name."""
    return {
        f"{case.get('classname')}::{case.get('name')}": {
            str(each.get("name")): str(each.get("value")) for each in case.iter("property")
        }
        for case in ET.parse(file).getroot().iter("testcase")
    }


@pytest.mark.parametrize("process", [(), ("-n", "1")], ids=["here", "xdist"])
def test_points_are_in_the_junit_file(pytester: pytest.Pytester, folder: Path, process: Sequence[str]) -> None:
    """Added up they are those of ``htilde check``, whichever process asked; the mistake has its name."""
    (folder / "toys.py").write_text(script(double="x + 2", first=r"raise ValueError('\x00\x1b[31m\ud800')"))
    away = pytester.runpytest_subprocess if process else pytester.runpytest_inprocess
    result = away(*PLUGIN, "-p", "no:hypothesispytest", "--junitxml=it.xml", *process, "toys.py")
    result.assert_outcomes(passed=1, failed=2)
    assert "toys.py: 1 of 3 points so far; hidden properties remain." in result.outlines
    found, checked = properties(folder / "it.xml"), check_file(folder / "toys.py", HERE)
    assert sum(float(each["points"]) for each in found.values()) == checked.points == 1
    assert sum(float(each["max_points"]) for each in found.values()) == checked.max_points == 3
    wrong = found["toys.double::is_right"]
    assert (wrong["exercise"], wrong["kind"], wrong["misconception"]) == ("double", "main", "adds_two")
    assert wrong["papers"] == checked.papers[0] and wrong["note"].startswith(
        "cell 1 raised ValueError: \ufffd\ufffd[31m"
    )
    failure = ET.parse(folder / "it.xml").getroot().find(".//failure")
    assert failure is not None and failure.get("message") == "wrong values: adds two"
    assert "multiply by it" in str(failure.text)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """Which exercises were examined, an entry an examination."""
    seen: list[Sequence[str]] = []

    def spied(path: Path, course: Path, **options: Any) -> Examination:
        seen.append(options["exercises"])
        return check_file(path, course, **options)

    monkeypatch.setattr(pytest_items, "check_file", spied)
    return seen


def test_a_file_is_examined_once_and_only_as_far_as_needed(
    pytester: pytest.Pytester, folder: Path, asked: list[Sequence[str]]
) -> None:
    """Collecting runs nothing; what is deselected isn't asked; the first item asks for all."""
    for arguments, exercises in (
        (["--collect-only"], []),
        ([], [["double", "squares"]]),
        (["-k", "squares"], [["squares"]]),
        (["-m", "edge"], [["double"]]),
        (["-k", "nothing"], []),
    ):
        asked.clear()
        run(pytester, "toys.py", "--strict-markers", *arguments)
        assert asked == exercises, arguments


def test_pytests_own_options_work(pytester: pytest.Pytester, folder: Path) -> None:
    """-x stops at the first failure, --lf runs what failed."""
    (folder / "toys.py").write_text(script(squares="x"))
    run(pytester, "toys.py", "-x", "-k", "double").assert_outcomes(passed=2, deselected=1)
    pytester.runpytest_inprocess(*PLUGIN, "toys.py").assert_outcomes(passed=2, failed=1)
    pytester.runpytest_inprocess(*PLUGIN, "toys.py", "--lf").assert_outcomes(failed=1)
    (folder / "toys.py").write_text(script(double="x"))
    run(pytester, "toys.py", "-x").assert_outcomes(failed=1)


@pytest.mark.parametrize(
    "arguments",
    [("toys.py",), (".", "-o", "python_files=*.py"), (".", "--doctest-modules"), ("toys.py", "--doctest-modules")],
    ids=" ".join,
)
def test_a_submission_is_never_imported(pytester: pytest.Pytester, folder: Path, arguments: Sequence[str]) -> None:
    """However pytest comes upon it, also where a notebook lies beside it."""
    first = f"open({str(folder / 'it_ran')!r}, 'w')"
    (folder / "toys.py").write_text(script(first=first))
    run(pytester, *arguments).assert_outcomes(passed=3)
    cells = [{"cell_type": "code", "metadata": {}, "source": script()}]
    (folder / "toys.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
    run(pytester, *arguments).assert_outcomes(passed=3)
    assert not (folder / "it_ran").exists()


def test_a_students_own_tests_stay_tests(pytester: pytest.Pytester, folder: Path) -> None:
    """Beside a paper, too: named or found, test_mine.py is pytest's own business."""
    (folder / "test_mine.py").write_text("def test_it():\n    pass\n")
    run(pytester, ".").assert_outcomes(passed=4)
    (folder / "__init__.py").write_text("import pathlib\ndef setup_module():\n    pathlib.Path('set_up').touch()\n")
    (folder / "zz_test.py").write_text("import pathlib\ndef test_it():\n    assert pathlib.Path('set_up').exists()\n")
    run(pytester, ".").assert_outcomes(passed=5)
    run(pytester, "test_mine.py").assert_outcomes(passed=1)


def test_a_broken_notebook_is_one_error(pytester: pytest.Pytester, folder: Path) -> None:
    """Told as everywhere, without a traceback; the other files are asked."""
    (folder / "broken.ipynb").write_text("{")
    result = run(pytester, "broken.ipynb", "toys.py", "--continue-on-collection-errors")
    result.assert_outcomes(errors=1, passed=3)
    said = result.stdout.str()
    assert "broken.ipynb:1: not a notebook, for it isn't JSON" in said
    assert "Open it in JupyterLab" in said and "Traceback" not in said


def test_a_notebook_that_lost_its_paper_is_told(pytester: pytest.Pytester) -> None:
    """If it is the kit's and was named; pytest alone would only say that it found nothing."""
    for name, source in (("lost", "from htilde import check"), ("other", "1 + 1")):
        cells = [{"cell_type": "code", "metadata": {}, "source": source}]
        (pytester.path / f"{name}.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
    result = run(pytester, "lost.ipynb")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*there is no paper*beside it*"])
    run(pytester).assert_outcomes()
    assert run(pytester, "other.ipynb").ret == pytest.ExitCode.USAGE_ERROR


def test_a_fault_of_the_kit_is_an_error_and_no_failure(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So it doesn't look like points lost; it is told in words, and tried once."""
    tried = []

    def faulty(*_: object, **__: object) -> None:
        tried.append(1)
        raise GraderFault("No worker could be started.", next_step="Try again.")

    monkeypatch.setattr(pytest_items, "check_file", faulty)
    result = run(pytester, "toys.py", "--junitxml=it.xml")
    result.assert_outcomes(errors=3)
    said = result.stdout.str()
    assert tried == [1] and "No worker could be started.\nTry again." in said and "Traceback" not in said
    assert not any("points" in each for each in properties(folder / "it.xml").values())


def test_an_unprotected_run_goes_on_and_says_so(
    pytester: pytest.Pytester, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ``htilde check`` does, once a file."""
    monkeypatch.setattr(
        pytest_items, "check_file", lambda *a, **k: replace(check_file(*a, **k), unprotected="no Landlock")
    )
    result = run(pytester, "toys.py")
    result.assert_outcomes(passed=3)
    assert result.outlines.count("Note: this ran without protection (no Landlock)") == 1


def test_it_speaks_the_papers_language(pytester: pytest.Pytester, folder: Path) -> None:
    """In reports and in the sum; whoever runs pytest is spoken to as before."""
    paper = toys.paper(toys.exercise(toys.double)).with_translations({}, language="ko")
    write_paper(paper, folder / "toys.paper")
    (folder / "toys.py").write_text(script(double="0 * x"))
    said = run(pytester, "toys.py").stdout.str()
    assert "값이 틀림" in said and "여러분의 답" in said and "숨은" in said


HIDDEN = toys.question(toys.double, [(np.array([17.0]),)], name="is_right_elsewhere")


@pytest.fixture
def workspace(pytester: pytest.Pytester) -> Path:
    """A folder of somebody who works alone, with a hidden property of the first exercise and none of the second."""
    asked = toys.exercise(toys.double, points=2.0), toys.exercise(toys.squares, mistakes=())
    hidden = toys.exercise(toys.double, HIDDEN, points=2.0), toys.exercise(toys.squares, HIDDEN, mistakes=())
    lessons = tuple(Lesson(exercise.name, {}, {}, {}, "", "") for exercise in asked)
    folder = pytester.path / "toys"
    write_paper(toys.paper(*asked), folder / "toys.paper")
    study = Study("toys", toys.paper(*hidden, visibility=Visibility.HIDDEN), lessons)
    write_study(study, pytester.path / ".study" / "toys.study")
    settings = {"language": "en", "format": "py", "assignments": {"toys": ["double", "squares"]}}
    (pytester.path / ".study" / "workspace.json").write_text(json.dumps(settings))
    (folder / "toys.py").write_text(script(double="2 * x if x.sum() < 10 else x + 2", squares="x"))
    return pytester.path


def test_hidden_properties_are_asked_if_wanted(pytester: pytest.Pytester, workspace: Path) -> None:
    """In a workspace once the public ones pass; until then they are skipped. Their input isn't told."""
    assert len(collected(run(pytester, ".", "--collect-only", "-q"))) == 2
    result = run(pytester, ".", "--htilde-hidden", "-rs")
    result.assert_outcomes(passed=1, failed=2, skipped=1)
    said = result.stdout.str()
    assert "[hidden] double is_right_elsewhere." in said and "[17.]" not in said
    assert "toys/toys.py: 0 of 3 points." in said and "It is asked once" in said
    chosen = run(pytester, ".", "--htilde-hidden", "-m", "hidden and main")
    chosen.assert_outcomes(failed=1, skipped=1, deselected=2)
    (workspace / ".study" / "toys.study").write_text("damaged")
    result = run(pytester, ".", "--htilde-hidden")
    result.assert_outcomes(errors=1)
    assert "this isn't a study file" in result.stdout.str()


def test_the_workflow_of_the_docs_works(pytester: pytest.Pytester, folder: Path) -> None:
    """Its pytest command, with traps of the student's beside it, and the script that adds the points up."""
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    workflow = yaml.safe_load(text.partition("```yaml")[2].partition("```")[0])
    steps = {step["name"]: step["run"] for step in workflow["jobs"]["check"]["steps"] if "name" in step}
    pytest_command, *arguments = shlex.split(steps["Check"])
    assert (pytest_command, arguments.pop()) == ("pytest", A1)
    (folder / "toys.py").write_text(script(double="x + 2"))
    for trap in ("conftest.py", "__init__.py"):
        (folder / trap).write_text("raise SystemExit('obeyed')")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only")
    run(pytester, *arguments, "toys.py").assert_outcomes(passed=1, failed=2)
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "GITHUB_STEP_SUMMARY": "summary.md"}
    done = subprocess.run(["bash", "-e", "-c", steps["Points"]], cwd=folder, env=environment, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (folder / "summary.md").read_text() == "- double: 0 of 2\n- squares: 1 of 1\n"


STRANGERS: Mapping[str, str] = {
    "thesis.py": "raise SystemExit('nobody imports this')",
    "thesis.paper": "Draft.",
    "thesis.ipynb": "{",
    "thing/grading.toml": "a course of another kind",
    "thing/thing.py": "VALUE = 1",
    "thing/thing/thing.ipynb": "{",
    "test_thing.py": """
import sys
def test_nothing_was_loaded():
    kit = {name for name in sys.modules if name.partition(".")[0] == "htilde"}
    assert kit == {"htilde", "htilde.version", "htilde.pytest_plugin"}
    assert not {"numpy", "click", "htilde.course"} & set(sys.modules)
""",
}


def test_another_repository_sees_nothing(pytester: pytest.Pytester) -> None:
    """One that happens to have files of such names: its test is found, and nothing of the kit is loaded.

    The plugin is installed there and asked for by hand as well, which registers it once.
    """
    for name, text in STRANGERS.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    installed = pytester.path / "kit-0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: kit\nVersion: 0\n")
    points = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]["pytest11"]
    (installed / "entry_points.txt").write_text(
        "[pytest11]\n" + "".join(f"{name} = {module}\n" for name, module in points.items())
    )
    pytester.syspathinsert()
    result = pytester.runpytest_subprocess("-W", "error", "-p", "no:hypothesispytest", *PLUGIN)
    result.assert_outcomes(passed=1)
    result = pytester.runpytest_subprocess("-p", "no:hypothesispytest", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.edge: *"])
