"""The engine's floors: a module imports only from floors below its own, and no more packages than it is for."""

from __future__ import annotations

import ast
import functools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import autograder

PACKAGE = Path(autograder.__file__).parent

# From the ground up. A new module stands as low as its imports let it; two that import each other stand nowhere.
FLOORS = (
    "errors model keys saves libc bubblewrap sources pictures language symbols scaffold_texts bundle_texts template "
    "nbgrader_pictures",
    "values launch curves network grading_file formulas wheel nbgrader_keep verdicts",
    "wire calls laws landlock seccomp declare submission faces nbgrader_html",
    "charts cells lock compare stored script nbgrader_log nbgrader_rows",
    "paper places master terminal nbgrader_rebuild",
    "worker diagnose messages course study sandbox oracle strategies store nbgrader_feedback",
    "judgement nbgrader_setup session",
    "nbgrader_collect nbgrader_unpack declarations examiner causes promises records sample_class finding translations",
    "scaffold workspace gpu_worker examining",
    "papers progress doctor nbgrader_export nbgrader_grades gpu cluster",
    "explore build standing nbgrader_careful nbgrader_scores explanation nbgrader_sitting",
    "checking verify material pages background nbgrader_converters report explanation_faces reproduction",
    "notebook cli_new desk nbgrader_plugins pytest_items report_page",
    "nbgrader_quick",
    "nbgrader_class",
    "nbgrader_pages",
    "nbgrader_run",
    "classroom",
    "demo bundle cli_grade",
    "cli_demo cli_bundle cli_report watch pytest_plugin",
    "cli_learn",
    "cli",
    "__main__",
)
FLOOR = {module: number for number, modules in enumerate(FLOORS) for module in modules.split()}
NBGRADER = {module for module in FLOOR if module.startswith("nbgrader_")}
WITHOUT_NUMPY = {
    "errors",
    "model",
    "language",
    "curves",
    "network",
    "pictures",
    "libc",
    "symbols",
    "formulas",
    "bubblewrap",
    "template",
    "launch",
    "sources",
    "submission",
    "verdicts",
    "faces",
    "causes",
    "charts",
    "report",
    "report_page",
    "cli_report",
    "declare",
    "terminal",
    "cli",
    "pytest_plugin",
    "pytest_items",
    "bundle_texts",
    "wheel",
} | NBGRADER

PACKAGES = {
    "numpy": set(FLOOR) - WITHOUT_NUMPY,
    "torch": {"oracle"},
    "hypothesis": {"strategies"},
    "jupytext": {"master"},
    "nbformat": {"master", "build", "explanation"} | NBGRADER,
    "nbgrader": NBGRADER,
    "nbconvert": NBGRADER,
    "traitlets": NBGRADER,
    **dict.fromkeys(("bleach", "bs4", "jupyter_core", "pygments", "sqlalchemy", "tornado"), NBGRADER),
    "jinja2": {"report_page"} | NBGRADER,
    "markupsafe": {"report_page"},
    "click": {"cli", "cli_bundle", "cli_demo", "cli_grade", "cli_learn", "cli_new", "cli_report", "terminal", "watch"},
    "distributed": {"cluster"},
    "rich": {"terminal"},
    "watchfiles": {"saves"},
    "babel": {"translations"},
    "pytest": {"pytest_plugin", "pytest_items"},
    "matplotlib": {"pictures"},
    "IPython": {"pictures"},
    "cupy": {"gpu_worker"},
}
"""Who may name a package, be it inside a function."""

ORACLES = {"papers", "explore", "checking", "verify", "cli"}
"""Who may ask for torch or Hypothesis by way of the kit."""


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))


@functools.cache
def imported(module: str) -> tuple[str, ...]:
    """Every module that another one imports, at its top or inside a function, by its full name."""
    return tuple(_imported(tree(module)))


def _imported(parsed: ast.Module) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            if node.module == "autograder":
                yield from (f"autograder.{alias.name}" for alias in node.names if alias.name in FLOOR)
            else:
                yield str(node.module)


def of_the_kit(module: str) -> set[str]:
    return {name.split(".")[1] for name in imported(module) if name.startswith("autograder.")}


def closure(module: str) -> set[str]:
    """A module and all that it can reach."""
    reached, todo = set[str](), [module]
    while todo:
        if (here := todo.pop()) not in reached:
            reached.add(here)
            todo += of_the_kit(here)
    return reached


def test_every_module_has_a_floor() -> None:
    """The table above names the modules that there are, each once."""
    assert sorted(" ".join(FLOORS).split()) == sorted({path.stem for path in PACKAGE.glob("*.py")} - {"__init__"})


@pytest.mark.parametrize("module", FLOOR)
def test_imports_come_from_below(module: str) -> None:
    """Whatever a module imports of the kit stands on a lower floor."""
    assert [other for other in of_the_kit(module) if FLOOR[other] >= FLOOR[module]] == []


@pytest.mark.parametrize("module", FLOOR)
def test_packages_stay_where_they_belong(module: str) -> None:
    """Of what isn't in the standard library a module names only what the table allows."""
    top = {name.partition(".")[0] for name in imported(module)} - sys.stdlib_module_names - {"autograder"}
    assert [package for package in top if module not in PACKAGES.get(package, set())] == []


def test_only_those_who_write_papers_or_explore_reach_an_oracle() -> None:
    """torch and Hypothesis have one door each, and few go through."""
    knocking = {module for module in FLOOR if of_the_kit(module) & {"oracle", "strategies", "explore"}}
    assert knocking <= ORACLES


def test_the_worker_reaches_nothing_that_knows_an_answer() -> None:
    """Not even inside a function does the worker name a paper, a verdict, a course or what compares."""
    assert closure("worker") == {
        "worker",
        *("calls", "cells", "values", "wire"),
        *("lock", "landlock", "seccomp", "libc"),
    }


# Cumulative: what isn't there after a module was imported wasn't imported by it, nor by any before.
LIGHT = {"torch", "hypothesis", "distributed"}
STUDENTS = {*LIGHT, "nbgrader", "nbformat", "jupytext", "rich"}
STEPS: list[tuple[str, set[str]]] = [
    ("autograder", {"numpy", "click", *STUDENTS}),
    *((f"autograder.{module}", {"numpy", "click", *STUDENTS}) for module in ("errors", "model", "libc", "submission")),
    ("autograder.worker", {"click", *STUDENTS}),
    ("autograder.notebook", {"click", *STUDENTS}),
    ("autograder.checking", LIGHT | {"nbgrader"}),
    *((f"autograder.{m}", {"nbgrader", *LIGHT}) for m in ("cli", "build", "master", "course", "records", "doctor")),
    *((f"autograder.{m}", {"nbgrader", *LIGHT}) for m in ("examining", "cluster")),
    *(
        (f"autograder.{m}", LIGHT)
        for m in ("papers", "declarations", *sorted(NBGRADER), "classroom", "demo", "explanation", "report_page")
    ),
]
WORKERS = {f"autograder.{module}" for module in closure("worker")} | {"autograder", "numpy"}

LOOK = """
import importlib, json, sys
at_first = set(sys.modules)
found = {}
for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
    loaded = {name for name in set(sys.modules) - at_first}
    found[module] = sorted({n if n.startswith("autograder") else n.partition(".")[0] for n in loaded})
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """What a fresh process has loaded after each step: modules of the kit, packages of others."""
    steps = json.dumps([module for module, _ in STEPS])
    command = [sys.executable, "-W", "ignore", "-c", LOOK, steps]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {module: set(names) for module, names in json.loads(done.stdout).items()}


@pytest.mark.parametrize(("module", "absent"), STEPS, ids=[module for module, _ in STEPS])
def test_importing_loads_no_more_than_needed(loaded: dict[str, set[str]], module: str, absent: set[str]) -> None:
    """In a fresh process importing the module brings none of the packages that it is better without."""
    assert module in loaded[module] and loaded[module] & absent == set()


def test_the_worker_loads_numpy_and_the_standard_library(loaded: dict[str, set[str]]) -> None:
    """All that is in the worker's process when a submission arrives was written here, by NumPy or by Python."""
    before = {f"autograder.{name}" for name in ("errors", "language", "model", "submission")}  # of the steps before
    there = loaded["autograder.worker"] - before
    assert there - sys.stdlib_module_names - WORKERS == set()
    assert there >= WORKERS


def test_the_names_of_the_package_are_looked_up_when_used(loaded: dict[str, set[str]]) -> None:
    """``import autograder`` alone loads nothing else of the kit."""
    assert {name for name in loaded["autograder"] if name.startswith("autograder")} == {"autograder"}
    assert callable(autograder.public) and callable(autograder.check)
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        _ = autograder.chek
