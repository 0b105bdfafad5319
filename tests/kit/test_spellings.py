"""However a learner spells a function, every part of the kit finds it in the same cell."""

from __future__ import annotations

import json
from pathlib import Path

import learner
import pytest
from asking import examined
from click.testing import CliRunner
from htilde.cli.main import main
from htilde.language import speak
from htilde.self_study.workspace import Workspace
from htilde.submissions.percent import as_script
from htilde.submissions.reading import cells_of

ADDS_TWO = {
    "def": "def double(x):\n    return x + 2",
    "a blank before the parenthesis": "def double (x):\n    return x + 2",
    "lambda": "double = lambda x: x + 2",
    "annotated": "double: object = lambda x: x + 2",
    "decorated": "@(lambda f: f)\ndef double(x):\n    return x + 2",
    "partial": "import functools\ndouble = functools.partial(np.add, 2)",
    "another name": "def plus(x):\n    return x + 2\n\ndouble = plus",
    "in a tuple": "double, other = (lambda x: x + 2), None",
    "walrus": "(double := lambda x: x + 2)",
    "class": "class double:\n    def __new__(cls, x):\n        return x + 2",
    "in if": "if True:\n    def double(x):\n        return x + 2",
    "in try": "try:\n    double = np.no_such_function\nexcept AttributeError:\n    double = lambda x: x + 2",
    "imported": "from operator import add as plus, neg as double\ndouble = lambda x: plus(x, 2)",
    "with a magic": "%matplotlib inline\ndouble = lambda x: x + 2",
    "twice": "def double(x):\n    return x\n\ndouble = (lambda old: lambda x: old(x) + 2)(double)",
}
"""Answers that add two where they should double, with NumPy as np."""
OTHERWISE = {
    "async def": "async def double(x):\n    return x + 2",
    "imported": "from operator import neg as double",
    "not a function": "double = 3",
    "broken": "def double (x)\n    return x + 2",
    "a broken lambda": "double = lambda x 2",
}
"""Answers that are wrong in other ways."""


FORMS = ("py", "notebook")
SPELT = [(source, FORMS[at % 2]) for at, source in enumerate([*ADDS_TWO.values(), *OTHERWISE.values()])]
"""Each in a script or in a notebook; test_stubs has them in both."""


@pytest.fixture
def space(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> Workspace:
    """A workspace of scripts or of notebooks, where the person is."""
    speak("en")
    found = learner.workspace(tmp_path_factory, tmp_path / "mine", form=form)
    monkeypatch.chdir(found.root)
    return found


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code in (0, 1), done.output
    return done.stdout


def state(exercise: str) -> str:
    """Return how ``htilde list`` says that an exercise stands."""
    (line,) = [line for line in run("list").splitlines() if exercise in line.split()]
    return line.rpartition("  ")[2]


@pytest.mark.parametrize(("source", "form"), SPELT, ids=[*ADDS_TWO, *OTHERWISE])
def test_check_list_solution_and_reset_agree(space: Workspace, source: str) -> None:
    """It is diagnosed, it is begun, the learner's own answer is shown, and it is given back as a stub."""
    file = space.file("toys")
    before = file.read_bytes()
    assert state("double") == "to do"
    learner.answer(space, "double", source)
    told = run("check", str(file), "-e", "double")
    assert ("added two" in told) == (source in ADDS_TWO.values())
    assert state("double") == "started"
    shown = run("solution", "double", "--give-up", "--yes")
    own = shown.partition("the reference:")[0].removeprefix("yours:")
    assert own.split() == source.split()
    assert "is a stub again" in run("reset", "double")
    assert cells_of(file.read_bytes(), file.name) == cells_of(before, file.name)
    (space.private / "progress.json").unlink()  # that it was given up
    assert state("double") == "to do"


@pytest.mark.parametrize(("source", "form"), SPELT[: len(ADDS_TWO)], ids=ADDS_TWO)
def test_in_a_cell_of_two_exercises_only_the_function_is_given_back(space: Workspace, source: str) -> None:
    """A learner has put both into one cell: the other one passes before and after."""
    learner.answer(space, "negate", f"{source}\n\nnegate = lambda x: -x")
    without(space.file("toys"), "double")
    assert (state("double"), state("negate")) == ("started", "passed")
    run("reset", "double")
    assert (state("double"), state("negate")) == ("to do", "passed")


def without(file: Path, exercise: str) -> None:
    """Delete an exercise's own cell and the check below it."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        begins = text.index(f"# %% {exercise}\n")
        check = text.index(f'check("{exercise}")')
        file.write_text(text[:begins] + text[text.index("# %%", check) :], encoding="utf-8")
        return
    book = json.loads(text)
    ids = (exercise, f"check_{exercise}")
    book["cells"] = [cell for cell in book["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") not in ids]
    file.write_text(json.dumps(book), encoding="utf-8")


@pytest.mark.parametrize("source", [ADDS_TWO["def"], ADDS_TWO["lambda"], OTHERWISE["broken"]])
def test_a_notebook_as_a_script_has_the_exercise_for_a_title(source: str) -> None:
    """Where its own cell defines it."""
    cell = {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "double"}}, "source": source}
    assert as_script(json.dumps({"cells": [cell]}).encode(), "a.ipynb") == f"# %% double\n{source}\n"


@pytest.mark.parametrize(
    "cell",
    [
        "1 / 0\ndouble = lambda x: 2 * x",
        "double = 1 / 0",
        "class double:\n    1 / 0",
        "if True:\n    1 / 0\n    double = abs",
    ],
)
def test_the_cell_that_should_have_defined_it_is_blamed(cell: str) -> None:
    """What it raised is told, instead of that there is no function."""
    assert "ZeroDivisionError" in repr(examined(cell)["double"].verdicts[0])
