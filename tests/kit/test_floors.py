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
FLOORS: tuple[dict[str, str], ...] = (
    {
        "": "characters errors language model pictures values",
        "authoring": "scaffold_texts sources",
        "isolation": "bubblewrap libc template",
        "nbgrader": "pictures rows symbols",
        "self_study": "keys saves",
        "shipping": "bundle_texts",
    },
    {
        "": "declare laws oracle strategies terminal",
        "authoring": "grading_file",
        "examination": "curves network submission verdicts wording",
        "isolation": "calls landlock launch seccomp wire",
        "nbgrader": "console formulas keep",
        "reports": "charts",
        "shipping": "wheel",
    },
    {
        "authoring": "master",
        "examination": "compare faces stored",
        "isolation": "cells lock",
        "nbgrader": "prose rebuild",
        "self_study": "script",
    },
    {
        "examination": "paper places",
        "isolation": "sandbox worker",
        "nbgrader": "feedback",
    },
    {
        "": "course",
        "examination": "diagnose messages store",
        "isolation": "gpu_worker promises session",
        "self_study": "study",
    },
    {
        "": "sample_class",
        "authoring": "declarations papers scaffold translations",
        "examination": "finding gpu judgement",
        "isolation": "doctor",
        "nbgrader": "collect configuration records unpack",
        "reports": "causes",
        "self_study": "workspace",
    },
    {
        "authoring": "drawing",
        "cli": "new",
        "examination": "examiner",
        "nbgrader": "export grades",
        "self_study": "progress",
    },
    {
        "authoring": "build explore",
        "examination": "examining",
        "nbgrader": "careful scores sitting",
        "reports": "explanation",
        "self_study": "standing",
    },
    {
        "authoring": "verify",
        "examination": "cluster",
        "nbgrader": "converters",
        "reports": "explanation_faces report reproduction",
        "self_study": "background checking material pages",
    },
    {
        "": "notebook pytest_items",
        "nbgrader": "plugins",
        "reports": "report_page",
        "self_study": "desk",
        "shipping": "bundle",
    },
    {
        "": "pytest_plugin",
        "cli": "bundle report",
        "nbgrader": "quick",
        "self_study": "watch",
    },
    {"cli": "learn", "nbgrader": "grade_class"},
    {"nbgrader": "pages"},
    {"nbgrader": "run"},
    {"nbgrader": "classroom"},
    {"cli": "grade", "nbgrader": "demo"},
    {"cli": "demo"},
    {"cli": "main"},
    {"": "__main__"},
)
ROOMS = ("isolation", "examination", "authoring", "nbgrader self_study", "reports shipping", "cli")
"""The packages, from the ground up. What stands in none is what courses and users import, and what all rooms share."""
ROOM = {room: number for number, rooms in enumerate(ROOMS) for room in rooms.split()}
FLOOR = {
    f"{room}.{name}".lstrip("."): number
    for number, rooms in enumerate(FLOORS)
    for room, names in rooms.items()
    for name in names.split()
}
NBGRADER = {module for module in FLOOR if module.startswith("nbgrader.")} - {
    # They do without it.
    *("nbgrader.classroom", "nbgrader.demo", "nbgrader.formulas", "nbgrader.records", "nbgrader.symbols"),
}
WITHOUT_NUMPY = {
    "errors",
    "model",
    "language",
    "characters",
    "examination.curves",
    "examination.network",
    "pictures",
    "isolation.libc",
    "nbgrader.symbols",
    "nbgrader.formulas",
    "isolation.bubblewrap",
    "isolation.template",
    "isolation.launch",
    "authoring.sources",
    "examination.submission",
    "examination.verdicts",
    "examination.faces",
    "reports.causes",
    "reports.charts",
    "reports.report",
    "reports.report_page",
    "cli.report",
    "declare",
    "terminal",
    "cli.main",
    "pytest_plugin",
    "pytest_items",
    "shipping.bundle_texts",
    "shipping.wheel",
} | NBGRADER

PACKAGES = {
    "numpy": set(FLOOR) - WITHOUT_NUMPY,
    "torch": {"oracle"},
    "hypothesis": {"strategies"},
    "jupytext": {"authoring.master"},
    "nbformat": {"authoring.master", "authoring.build", "reports.explanation"} | NBGRADER,
    "nbgrader": NBGRADER,
    "nbconvert": NBGRADER,
    "traitlets": NBGRADER,
    **dict.fromkeys(("bleach", "bs4", "jupyter_core", "pygments", "sqlalchemy", "tornado"), NBGRADER),
    "jinja2": {"reports.report_page"} | NBGRADER,
    "markupsafe": {"reports.report_page"},
    "click": {
        "cli.main",
        "cli.bundle",
        "cli.demo",
        "cli.grade",
        "cli.learn",
        "cli.new",
        "cli.report",
        "terminal",
        "self_study.watch",
    },
    "distributed": {"examination.cluster"},
    "rich": {"terminal"},
    "watchfiles": {"self_study.saves"},
    "babel": {"authoring.translations"},
    "pytest": {"pytest_plugin", "pytest_items"},
    "matplotlib": {"pictures"},
    "IPython": {"pictures"},
    "cupy": {"isolation.gpu_worker"},
}
"""Who may name a package, be it inside a function."""

ORACLES = {"authoring.drawing", "authoring.explore", "self_study.checking", "authoring.verify", "cli.main"}
"""Who may ask for torch or Hypothesis by way of the kit."""


def tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))


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
            module = str(node.module)
            names = {f"{module}.{alias.name}" for alias in node.names}
            yield from (modules := names & {f"autograder.{known}" for known in FLOOR})
            if not modules:
                yield module


def of_the_kit(module: str) -> set[str]:
    return {name.removeprefix("autograder.") for name in imported(module) if name.startswith("autograder.")}


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
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py") if path.stem != "__init__")
    listed = [
        f"{room}.{name}".lstrip(".") for rooms in FLOORS for room, names in rooms.items() for name in names.split()
    ]
    assert sorted(listed) == sorted(".".join(path.parts) for path in paths)


@pytest.mark.parametrize("module", FLOOR)
def test_imports_come_from_below(module: str) -> None:
    """Whatever a module imports of the kit stands on a lower floor."""
    assert [other for other in of_the_kit(module) if FLOOR[other] >= FLOOR[module]] == []


@pytest.mark.parametrize("module", [module for module in FLOOR if "." in module])
def test_rooms_lead_to_rooms_below(module: str) -> None:
    """A room's modules use each other and those of rooms before it: no two rooms need one another."""
    room = module.partition(".")[0]
    others = {other.partition(".")[0] for other in of_the_kit(module) if "." in other} - {room}
    assert [other for other in others if ROOM[other] >= ROOM[room]] == []


@pytest.mark.parametrize("module", FLOOR)
def test_packages_stay_where_they_belong(module: str) -> None:
    """Of what isn't in the standard library a module names only what the table allows."""
    top = {name.partition(".")[0] for name in imported(module)} - sys.stdlib_module_names - {"autograder"}
    assert [package for package in top if module not in PACKAGES.get(package, set())] == []


def test_only_those_who_write_papers_or_explore_reach_an_oracle() -> None:
    """torch and Hypothesis have one door each, and few go through."""
    knocking = {module for module in FLOOR if of_the_kit(module) & {"oracle", "strategies", "authoring.explore"}}
    assert knocking <= ORACLES


def test_the_worker_reaches_nothing_that_knows_an_answer() -> None:
    """Not even inside a function does the worker name a paper, a verdict, a course or what compares."""
    assert closure("isolation.worker") == {
        "isolation.worker",
        *("isolation.calls", "isolation.cells", "values", "isolation.wire"),
        *("isolation.lock", "isolation.landlock", "isolation.seccomp", "isolation.libc"),
    }


# Cumulative: what isn't there after a module was imported wasn't imported by it, nor by any before.
LIGHT = {"torch", "hypothesis", "distributed"}
STUDENTS = {*LIGHT, "nbgrader", "nbformat", "jupytext", "rich"}
STEPS: list[tuple[str, set[str]]] = [
    ("autograder", {"numpy", "click", *STUDENTS}),
    *(
        (f"autograder.{module}", {"numpy", "click", *STUDENTS})
        for module in ("errors", "model", "isolation.libc", "examination.submission")
    ),
    ("autograder.isolation.worker", {"click", *STUDENTS}),
    ("autograder.notebook", {"click", *STUDENTS}),
    ("autograder.self_study.checking", LIGHT | {"nbgrader"}),
    *(
        (f"autograder.{m}", {"nbgrader", *LIGHT})
        for m in ("cli.main", "authoring.build", "authoring.master", "course", "nbgrader.records", "isolation.doctor")
    ),
    *((f"autograder.{m}", {"nbgrader", *LIGHT}) for m in ("examination.examining", "examination.cluster")),
    *(
        (f"autograder.{m}", LIGHT)
        for m in (
            "authoring.drawing",
            "authoring.papers",
            "authoring.declarations",
            *sorted(NBGRADER),
            "nbgrader.classroom",
            "nbgrader.demo",
            "reports.explanation",
            "reports.report_page",
        )
    ),
]
WORKERS = {f"autograder.{module}" for module in closure("isolation.worker")} | {
    "autograder",
    "autograder.isolation",
    "numpy",
}

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
    steps_before = ("errors", "language", "model", "examination", "examination.submission")
    before = {f"autograder.{name}" for name in steps_before}
    there = loaded["autograder.isolation.worker"] - before
    assert there - sys.stdlib_module_names - WORKERS == set()
    assert there >= WORKERS


def test_the_names_of_the_package_are_looked_up_when_used(loaded: dict[str, set[str]]) -> None:
    """``import autograder`` alone loads nothing else of the kit."""
    assert {name for name in loaded["autograder"] if name.startswith("autograder")} == {"autograder"}
    assert callable(autograder.public) and callable(autograder.check)
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        _ = autograder.chek
