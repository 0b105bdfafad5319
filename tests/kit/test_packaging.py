"""The distribution: its one version number, and the packages that it asks for."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import htilde
from clone import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGE = ROOT / "autograder" / "htilde"
MODULES = sorted(PACKAGE.rglob("*.py"))
TOOLS = sorted({*(ROOT / "tests" / "kit").glob("*.py"), *(ROOT / "benchmarks").glob("*.py"), *ROOT.glob("docs/*/*.py")})
SIBLINGS = {path.stem for path in TOOLS}
"""What tests and tools import of each other."""
UNDECLARED = {"cupy"}
"""CuPy is a distribution of another name for each version of CUDA; docs/gpu.md says which to install."""


def required(*extras: str) -> dict[str, Requirement]:
    """Return what the distribution requires with these extras, by canonical name."""
    found: dict[str, Requirement] = {}
    listed = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    for requirement in map(Requirement, (line for lines in listed for line in lines)):
        if requirement.name == PROJECT["name"]:
            found |= required(*requirement.extras)
        else:
            found[canonicalize_name(requirement.name)] = requirement
    return found


EXTRAS = {extra: set(required(extra)) for extra in PROJECT["optional-dependencies"]}
DEVELOPERS = EXTRAS.pop("dev")
DISTRIBUTIONS = packages_distributions()


def distributions(path: Path) -> set[str]:
    """Return the distributions that a module's imports need; a package of none counts under its own name."""
    return {canonicalize_name(DISTRIBUTIONS.get(top, [top])[0]) for top in imported(path)}


def imported(path: Path) -> Iterator[str]:
    """Yield the packages of others that a module imports, at its top or inside a function, by their top-level name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [str(node.module)]
        for top in (name.partition(".")[0] for name in names):
            if top not in {"htilde", *sys.stdlib_module_names, *SIBLINGS, *UNDECLARED}:
                yield top


def undeclared(path: Path) -> set[str]:
    """Return what a module needs that isn't in the extra that has most of it."""
    return min((distributions(path) - extra for extra in EXTRAS.values()), key=len)


def test_what_a_module_imports_is_declared_in_one_extra() -> None:
    """Whoever installs that extra has all that the module needs."""
    assert {str(path): lacking for path in MODULES if (lacking := undeclared(path))} == {}


def test_what_tests_and_tools_import_is_declared_for_developers() -> None:
    """``pip install -e '.[dev]'`` brings all of it."""
    assert {str(path): lacking for path in TOOLS if (lacking := distributions(path) - DEVELOPERS)} == {}


def test_an_undeclared_import_is_found(tmp_path: Path) -> None:
    """At the top, inside a function, under another name than its distribution's, of two extras at once."""
    module = tmp_path / "module.py"
    module.write_text(
        "import numpy, os, htilde.files\ndef draw():\n    from PIL import Image\n    import nowhere.at.all\n"
    )
    assert undeclared(module) == {"pillow", "nowhere"}
    module.write_text("import bs4\nif bs4:\n    from watchfiles.main import watch\n")
    assert distributions(module) == {"beautifulsoup4", "watchfiles"} and len(undeclared(module)) == 1


def test_who_lacks_a_package_is_sent_to_the_extra_that_brings_it() -> None:
    """Each ``MissingExtra(PACKAGE, ..., EXTRA)`` that names its package."""
    calls = [
        (package.value, extra.value)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "MissingExtra"
        for package, extra in [(node.args[0], node.args[2])]
        if isinstance(package, ast.Constant) and isinstance(extra, ast.Constant)
    ]
    assert len(calls) > 5
    assert [(package, extra) for package, extra in calls if package not in EXTRAS[extra]] == []


def test_every_distribution_that_is_required_is_pinned_within_its_range() -> None:
    """constraints.txt holds what the kit was tested with."""
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE))
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    needed = required("dev", *EXTRAS)
    assert set(needed) - set(pinned) == set()
    assert [name for name, one in needed.items() if not one.specifier.contains(pinned[name])] == []


def test_there_is_one_version_number() -> None:
    """The package's; the changelog's newest release is of that number, and each release has a day, newest first."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in text
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert releases[0][0] == htilde.__version__ and "version" not in PROJECT
    assert len(releases) == text.count("\n## [") - 1
    assert releases == sorted(releases, key=lambda one: Version(one[0]), reverse=True)
    assert [day for _, day in releases] == sorted((day for _, day in releases), reverse=True)
