"""Configuration alone makes nbgrader's own commands use the kit."""

from __future__ import annotations

import base64
import hashlib
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
from graded import SCRIPT, config, graded, scores
from htilde.model import PAPER_SUFFIX
from htilde.nbgrader import configuration as module
from htilde.nbgrader.configuration import configure
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader.handlers import template_path
from pages import Page
from traitlets.config import Config


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
    return [value] if isinstance(value, str) and value.startswith(("htilde.", "nbgrader.")) else []


def test_every_name_leads_to_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are given as text; each of them can be imported."""
    names = dotted_names(configured(monkeypatch, "/bin"))
    assert len([name for name in names if name.startswith("htilde.")]) >= 6
    for name in names:
        module, _, attribute = name.rpartition(".")
        assert callable(getattr(import_module(module), attribute)), name


def test_nothing_of_nbgrader_executes_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of nbgrader's preprocessors none that starts a kernel is left; each converter has an exporter of the kit."""
    found = configured(monkeypatch, "/bin")
    assert not [name for name in dotted_names(found) if name.endswith((".Execute", ".InstantiateTests"))]
    assert found.Autograde.sanitize_preprocessors == found.Autograde.autograde_preprocessors == []
    assert found.GenerateFeedback.preprocessors == []
    for converter in ("GenerateAssignment", "Autograde", "GenerateFeedback"):
        assert found[converter].exporter_class.startswith("htilde.nbgrader.exporters.")


def test_what_ships_is_never_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list holds for the exchange too: notebook and public paper pass, what tools leave behind doesn't."""
    ignored = configured(monkeypatch, "/bin").CourseDirectory.ignore
    for name in (f"{A1}.ipynb", f"{A1}{PAPER_SUFFIX}", "timestamp.txt", "data.csv"):
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
    (tmp_path / "htilde").mkdir()
    (tmp_path / "htilde" / "__init__.py").write_text("raise ImportError('no kit')")  # stands before the kit
    command = [sys.executable, "-m", "nbgrader", "autograde", A1]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0 and "pip install" in done.stderr


def test_configuration_loads_nothing_heavy() -> None:
    """Each nbgrader command reads it: neither the worker nor torch nor Hypothesis comes with it."""
    code = "import sys, htilde.nbgrader.configuration; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"torch", "hypothesis", "nbgrader", "nbconvert", "jupytext"} & {*loaded.split()}


# formgrader


SHOWN = {
    "assignment_id": A1,
    "notebook_id": A1,
    "submission_id": "0123456789abcdef",
    "index": 0,
    "total": 1,
    "base_url": "",
    "student": "acting",
    "last_name": SCRIPT,
    "first_name": SCRIPT,
    "notebook_path": f"autograded/acting/{A1}/{A1}.ipynb",
}
"""What formgrader hands its exporter, with names as nobody should have them."""


def formgraders(root: Path, student: str, *, configured: bool = True, **names: str) -> Page:
    """A submission as formgrader shows it, with the configuration of the course or nbgrader's own."""
    found = Config()
    found.HTMLExporter.template_name = "formgrade"
    found.HTMLExporter.extra_template_basedirs = [template_path]
    if configured:
        found.merge(config(root))
    path = root / "autograded" / student / A1 / f"{A1}.ipynb"
    return Page(HTMLExporter(config=found).from_filename(str(path), resources=SHOWN | names)[0])


def policy(page: Page) -> str:
    (found,) = (attributes for tag, attributes in page.elements if tag == "meta" and "content" in attributes)
    assert found["http-equiv"] == "Content-Security-Policy"
    return str(found["content"])


@pytest.mark.parametrize("configured", [True, False], ids=["configured", "at rest"])
def test_formgrader_shows_nothing_of_a_students_that_acts(
    tmp_path_factory: pytest.TempPathFactory, configured: bool
) -> None:
    """Where its server was started elsewhere it shows the same, for what is stored does no harm by itself."""
    root = graded(tmp_path_factory).root
    doe = {"last_name": "Doe", "first_name": "Jo"}
    plain = formgraders(root, "right", configured=configured, **doe)
    acting = formgraders(root, "acting", configured=configured, **({} if configured else doe))
    for tag in ("script", "link", "iframe", "form", "object", "embed", "svg", "input", "button", "textarea", "base"):
        assert len([0 for name, _ in acting.elements if name == tag]) == len(
            [0 for name, _ in plain.elements if name == tag]
        ), tag
    handlers = [
        (name, value) for _, attributes in acting.elements for name, value in attributes.items() if name[:2] == "on"
    ]
    assert sorted(handlers) == [("onclick", "toggle_name(false);"), ("onclick", "toggle_name(true);")]
    addresses = [*acting.every("href"), *acting.every("src")]
    assert not [address for address in addresses if "path=" in address or "script:" in address or "text/" in address]
    pictures = [str(attributes["src"])[:22] for tag, attributes in acting.elements if tag == "img"]
    assert pictures == ["data:image/png;base64," if configured else "graph.png", "data:image/png;base64,"]


def test_formgrader_runs_no_script_but_nbgraders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each has a nonce that is another one each time; of handlers there are two, by their hashes. Nothing is fetched
    from another site, MathJax neither, and no picture by its address."""
    root = graded(tmp_path_factory).root
    nonces = set()
    for _ in range(2):
        page = formgraders(root, "acting")
        rules = dict(rule.strip().split(" ", 1) for rule in policy(page).split(";"))
        nonce, unsafe, *hashes = rules["script-src"].split()
        nonces.add(nonce)
        scripts = [attributes for tag, attributes in page.elements if tag == "script"]
        assert len(scripts) > 10 and {f"'nonce-{attributes['nonce']}'" for attributes in scripts} == {nonce}
        assert all(str(attributes.get("src", "/")).startswith("/") for attributes in scripts)
        handlers = page.every("onclick")
        digests = {base64.b64encode(hashlib.sha256(handler.encode()).digest()).decode() for handler in handlers}
        assert unsafe == "'unsafe-hashes'" and {*hashes} == {f"'sha256-{digest}'" for digest in digests}
        assert (rules["default-src"], rules["img-src"], rules["base-uri"]) == ("'none'", "data:", "'none'")
        first = [tag for tag, _ in page.elements].index("script")
        assert "Content-Security-Policy" in str(page.elements[first - 1])
    assert len(nonces) == 2 and all(len(nonce) > 36 for nonce in nonces)


def test_the_courses_own_file_configures() -> None:
    """nbgrader_config.py of the course does what this module says, and no more."""
    expected = Config()
    configure(expected)
    assert config(ROOT) == expected and module.__all__ == ["DEMO_MARK", "configure"]


def with_address(folder: Path, rest: str = "") -> str:
    """Write a course whose gradebook is elsewhere; gives the path of its configuration."""
    text = '[[assignment]]\nname = "a1"\n[assignment.points]\nf = 1\n'
    (folder / "grading.toml").write_text(f'{text}[gradebook]\ndb_url = "postgresql://kit@db.example/grades"\n{rest}')
    return str(folder / "nbgrader_config.py")


def test_a_gradebook_elsewhere_is_nbgraders(tmp_path: Path) -> None:
    """Its address, and a name for the course: of nbgrader's own, which is empty, no row would be made."""
    found = Config()
    configure(found, with_address(tmp_path))
    assert found.CourseDirectory.db_url == "postgresql://kit@db.example/grades" and found.CourseDirectory.course_id


def test_a_demo_never_uses_the_courses_gradebook(tmp_path: Path) -> None:
    """It is a copy of the course, its address included."""
    path, found = with_address(tmp_path), Config()
    (tmp_path / module.DEMO_MARK).touch()
    configure(found, path)
    assert "db_url" not in found.CourseDirectory


def test_with_an_address_that_cant_be_read_nbgrader_doesnt_start(tmp_path: Path) -> None:
    """It would go on with another gradebook."""
    with pytest.raises(SystemExit, match="this isn't TOML"):
        configure(Config(), with_address(tmp_path, "["))
