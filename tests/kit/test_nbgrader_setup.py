"""Configuration alone makes nbgrader's own commands use the kit."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from clone import A1, ROOT
from graded import config, graded, scores
from traitlets.config import Config

from autograder import nbgrader_setup
from autograder.nbgrader_setup import configure
from autograder.paper import SUFFIX


def configured(monkeypatch: pytest.MonkeyPatch, path: str) -> Config:
    monkeypatch.setenv("PATH", path)
    found = Config()
    configure(found)
    return found


def dotted_names(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [name for inner in value.values() for name in dotted_names(inner)]
    if isinstance(value, list):
        return [name for inner in value for name in dotted_names(inner)]
    return [value] if isinstance(value, str) and value.startswith(("autograder.", "nbgrader.")) else []


def test_every_name_leads_to_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are given as text; each of them can be imported."""
    names = dotted_names(configured(monkeypatch, "/bin"))
    assert len([name for name in names if name.startswith("autograder.")]) >= 6
    for name in names:
        module, _, attribute = name.rpartition(".")
        assert callable(getattr(import_module(module), attribute)), name


def test_nothing_of_nbgrader_executes_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of nbgrader's preprocessors that start a kernel none is left, neither at release nor at grading."""
    names = dotted_names(configured(monkeypatch, "/bin"))
    assert not [name for name in names if name.endswith((".Execute", ".InstantiateTests"))]
    assert names.index("autograder.nbgrader_plugins.Examine") < names.index("autograder.nbgrader_plugins.SaveGrades")


def test_what_ships_is_never_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list holds for the exchange too: notebook and public paper pass, what tools leave behind doesn't."""
    ignored = configured(monkeypatch, "/bin").CourseDirectory.ignore
    for name in (f"{A1}.ipynb", f"{A1}{SUFFIX}", "timestamp.txt", "data.csv"):
        assert not any(fnmatch(name, pattern) for pattern in ignored)
    for name in ("__pycache__", ".ipynb_checkpoints", ".git", "a.pyc"):
        assert any(fnmatch(name, pattern) for pattern in ignored)


@pytest.mark.parametrize("path", ["", "/usr/bin:/bin", os.environ["PATH"]])
def test_nbgrader_finds_alembic(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Also where the environment isn't activated; configuring twice adds nothing."""
    configured(monkeypatch, path)
    assert shutil.which("alembic") is not None
    once = os.environ["PATH"]
    configured(monkeypatch, once)
    assert os.environ["PATH"] == once and once.endswith(path)


def test_what_an_instructor_sets_afterwards_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is fixed: a line below configure() has the last word."""
    found = configured(monkeypatch, "/bin")
    found.CourseDirectory.source_directory = "elsewhere"
    assert found.CourseDirectory.source_directory == "elsewhere"


def test_stock_commands_do_it_all_from_an_environment_that_isnt_activated(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """generate_assignment, autograde, generate_feedback and export, with nothing of the environment in PATH."""
    root = graded(tmp_path_factory).root
    assert scores(root)["right"] == {"sigmoid": 2, "sigmoid_derivative": 3, "tanh_derivative": 3}
    assert (root / "feedback" / "right" / A1 / f"{A1}.html").is_file()
    assert "a1_activations,right,,,,graded,8,8," in (root / "grades.csv").read_text(encoding="utf-8")


def test_a_new_gradebook_is_stamped(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The gradebook made from there is whole: where nbgrader didn't find alembic it would lack its version."""
    with closing(sqlite3.connect(graded(tmp_path_factory).root / "gradebook.db")) as database:
        assert len(database.execute("select version_num from alembic_version").fetchall()) == 1


def test_without_the_kit_nbgrader_stops(tmp_path: Path) -> None:
    """nbgrader would go on with its own defaults and run student code unprotected; the message says what to do."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "autograder").mkdir()
    (tmp_path / "autograder" / "__init__.py").write_text("raise ImportError('no kit')")  # stands before the kit
    command = [sys.executable, "-m", "nbgrader", "autograde", A1]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "pip install" in done.stderr


def test_configuration_loads_nothing_heavy() -> None:
    """Each nbgrader command reads it: neither the worker nor torch nor Hypothesis comes with it."""
    code = "import sys, autograder.nbgrader_setup; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"torch", "hypothesis", "nbgrader", "nbconvert", "jupytext"} & {*loaded.split()}


def test_the_courses_own_file_configures() -> None:
    """nbgrader_config.py of the course does what this module says, and no more."""
    expected = Config()
    configure(expected)
    assert config(ROOT) == expected
    assert nbgrader_setup.__all__ == ["NOT_GRADED", "configure"]
