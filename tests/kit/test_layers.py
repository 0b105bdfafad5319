"""The engine's layers: pyproject.toml has the contracts; here they are checked, and what importing a module loads."""

from __future__ import annotations

import ast
import functools
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import htilde
import pytest
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

PACKAGE = Path(htilde.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
    if path.stem != "__init__"
}


@functools.cache
def imported(module: str) -> tuple[str, ...]:
    """Return every module that another one imports, at its top or inside a function, by its full name."""
    return tuple(_imported(ast.parse(MODULES[module].read_text(encoding="utf-8"))))


def _imported(parsed: ast.Module) -> Iterator[str]:
    for node in ast.walk(parsed):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (modules := names & {f"htilde.{known}" for known in MODULES})
            if not modules:
                yield str(node.module)


def closure(module: str) -> set[str]:
    """Return a module and all of the kit that it can reach."""
    reached, todo = set[str](), [module]
    while todo:
        if (here := todo.pop()) not in reached:
            reached.add(here)
            todo += [name.removeprefix("htilde.") for name in imported(here) if name.startswith("htilde.")]
    return reached


def test_the_contracts_of_the_layers_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """``lint-imports`` finds nothing; what it would print is shown when it does."""
    configure()
    config = PACKAGE.parents[1] / "pyproject.toml"
    assert lint_imports(config_filename=str(config), cache_dir=None), capsys.readouterr().out


def test_the_worker_reaches_nothing_that_knows_an_answer() -> None:
    """Not even inside a function does the worker name a paper, a verdict, a course or what compares."""
    assert closure("isolation.worker") == {
        "isolation.worker",
        *("isolation.calls", "isolation.cells", "isolation.wire", "codes", "values", "distributions", "sizes"),
        *("isolation.lock", "isolation.landlock", "isolation.seccomp", "isolation.libc"),
    }


# Cumulative: what isn't there after a module was imported wasn't imported by it, nor by any before.
LIGHT = {"torch", "hypothesis", "distributed"}
STUDENTS = {*LIGHT, "nbgrader", "nbformat", "jupytext", "rich"}
STEPS: list[tuple[str, set[str]]] = [
    ("htilde", {"numpy", "click", *STUDENTS}),
    *((f"htilde.{m}", {"numpy", "click", *STUDENTS}) for m in ("errors", "model", "isolation.libc")),
    ("htilde.isolation.worker", {"click", *STUDENTS}),
    ("htilde.self_study.notebook", {"click", *STUDENTS}),
    ("htilde.self_study.checking", LIGHT | {"nbgrader"}),
    *((f"htilde.{m}", {"nbgrader", *LIGHT}) for m in ("cli.main", "authoring.build", "course", "isolation.doctor")),
    *((f"htilde.{m}", {"nbgrader", *LIGHT}) for m in ("diagnosis.executors", "diagnosis.cluster")),
    *((f"htilde.{m}", LIGHT) for m in ("authoring.drawing", "authoring.declarations", "reports.report_page")),
    *((f"htilde.{m}", LIGHT) for m in sorted(MODULES) if m.startswith(("grading.", "nbgrader."))),
]
WORKERS = {f"htilde.{module}" for module in closure("isolation.worker")} | {
    "htilde",
    "htilde.version",
    "htilde.isolation",
    "numpy",
}

LOOK = """
import importlib, json, sys
at_first = set(sys.modules)
found = {}
for module in json.loads(sys.argv[1]):
    importlib.import_module(module)
    loaded = {name for name in set(sys.modules) - at_first}
    found[module] = sorted({n if n.startswith("htilde") else n.partition(".")[0] for n in loaded})
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
    before = {"htilde.errors", "htilde.model"}
    there = loaded["htilde.isolation.worker"] - before
    assert there - sys.stdlib_module_names - WORKERS == set()
    assert there >= WORKERS


def test_the_names_of_the_package_are_looked_up_when_used(loaded: dict[str, set[str]]) -> None:
    """``import htilde`` alone loads nothing else of the kit."""
    assert {name for name in loaded["htilde"] if name.startswith("htilde")} == {"htilde", "htilde.version"}
    assert callable(htilde.public) and callable(htilde.check)
    with pytest.raises(AttributeError, match="no attribute 'chek'"):
        _ = htilde.chek
