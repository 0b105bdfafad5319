"""A student's installation: the wheel, NumPy and click are all there is, and they are enough."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import distribution, distributions, requires
from pathlib import Path

import htilde
import pytest
from clone import A1, ROOT, build_wheel
from once import once
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ALONE = """
import runpy, sys
sys.path[:0] = [{package!r}, {others!r}]
"""


def _install(folder: Path) -> None:
    """Build the wheel offline, unpack it, and lay NumPy and click beside it, each alone in what it may bring along."""
    project, package, others = folder / "project", folder / "package", folder / "others"
    project.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, project)
    shutil.copytree(
        ROOT / "autograder" / "htilde", project / "autograder" / "htilde", ignore=shutil.ignore_patterns("__pycache__")
    )
    with zipfile.ZipFile(build_wheel(project, folder / "dist")) as archive:
        archive.extractall(package)
    others.mkdir()
    for name in ("numpy", "click"):
        files = distribution(name).files or []
        for top in {file.parts[0] for file in files if ".." not in file.parts} - {"__pycache__"}:
            (others / top).symlink_to(Path(str(distribution(name).locate_file(top))).resolve())
    shutil.copytree(ROOT / "assignments" / A1, folder / A1)


@pytest.fixture(scope="module")
def laptop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's computer; for looking only."""
    return once(tmp_path_factory, "laptop", _install)


def alone(laptop: Path, code: str, *, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run code where nothing but the standard library and what was installed can be imported."""
    start = ALONE.format(package=str(laptop / "package"), others=str(laptop / "others"))
    line = [sys.executable, "-I", "-S", "-B", "-X", "utf8", "-c", start + code]
    where = folder or laptop / A1
    return subprocess.run(line, cwd=where, capture_output=True, encoding="utf-8", timeout=120)


def command(laptop: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m htilde`` there."""
    run = "runpy.run_module('htilde', run_name='__main__', alter_sys=True)"
    return alone(laptop, f"sys.argv = {['htilde', *arguments]!r}\n{run}")


def test_nothing_else_can_be_imported_there(laptop: Path) -> None:
    """Of what this test itself runs in: or else these tests would show nothing."""
    names = ["torch", "hypothesis", "nbgrader", "nbformat", "jupytext", "rich", "babel", "pytest", "IPython"]
    code = f"import importlib.util\nprint([name for name in {names} if importlib.util.find_spec(name)])"
    assert alone(laptop, code).stdout.strip() == "[]"
    where = alone(laptop, "import htilde, numpy, click\nprint(htilde.__file__)").stdout.strip()
    assert Path(where).is_relative_to(laptop / "package")


def test_what_is_laid_beside_it_is_what_it_asks_for(laptop: Path) -> None:
    """The wheel names NumPy and click, and nothing else without an extra."""
    (metadata,) = (laptop / "package").glob("*.dist-info/METADATA")
    lines = [line for line in metadata.read_text(encoding="utf-8").splitlines() if line.startswith("Requires-Dist:")]
    needed = [Requirement(line.partition(":")[2].strip()) for line in lines]
    plain = {requirement.name for requirement in needed if "extra" not in str(requirement.marker)}
    assert plain == {"numpy", "click"} and not [one for one in requires("click") or [] if "platform" not in one]


def test_catalogs_are_in_the_wheel(laptop: Path) -> None:
    """Every language that was compiled speaks, byte by byte."""
    here, there = ROOT / "autograder" / "htilde" / "locale", laptop / "package" / "htilde" / "locale"
    compiled = {path.relative_to(here): path.read_bytes() for path in here.rglob("*.mo")}
    assert compiled and {path.relative_to(there): path.read_bytes() for path in there.rglob("*.mo")} == compiled
    code = "from htilde.language import _, speaking\nwith speaking('ko'): print(_('your answer'))"
    assert alone(laptop, code).stdout.strip() == "여러분의 답"


SIGMOID = "import numpy as np\ndef sigmoid(h):\n    e = np.exp(-abs(h))\n    return np.where(h >= 0, 1, e) / (1 + e)\n"


def test_check_answers(laptop: Path) -> None:
    """In the assignment's folder, for what is right, wrong and not there yet."""
    for source, points in ((SIGMOID, 2), ("def sigmoid(h):\n    return h\n", 0), ("", 0)):
        done = alone(laptop, f"{source}from htilde import check\nshown = check('sigmoid')\nprint(shown.points)")
        assert (done.stdout.strip(), done.stderr) == (f"{points:.1f}", "")


def test_check_of_the_whole_answers(laptop: Path, tmp_path: Path) -> None:
    """From the saved notebook, through a worker that finds NumPy where it is."""
    folder = tmp_path / A1
    shutil.copytree(laptop / A1, folder)
    file = folder / f"{A1}.ipynb"
    book = json.loads(file.read_text(encoding="utf-8"))
    (cell,) = [c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "sigmoid"]
    cell["source"] = SIGMOID
    file.write_text(json.dumps(book), encoding="utf-8")
    done = alone(laptop, "from htilde import check\nprint(repr(check()))", folder=folder)
    assert (done.stdout.strip(), done.stderr) == ("2", "")


def test_the_command_checks(laptop: Path) -> None:
    """Nothing is implemented yet: exit status 1, and for each exercise a line that says so."""
    done = command(laptop, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "--  sigmoid: 0 of 2 points" in done.stdout and "Not implemented yet" in done.stdout


def test_commands_that_need_nothing_else_work(laptop: Path) -> None:
    """Help, version, JSON, and what this machine can do."""
    assert command(laptop, "--help").returncode == command(laptop, "--version").returncode == 0
    done = command(laptop, "check", "--json")
    assert (done.returncode, json.loads(done.stdout)["points"]) == (1, 0)
    done = command(laptop, "doctor")
    assert done.returncode in (0, 1) and "not installed" in done.stdout


INSTRUCTORS = [
    ("build",),
    ("build", "--device", "cuda"),
    ("release", A1),
    ("verify",),
    ("verify", "--explore"),
    ("demo", "folder"),
    ("check", "--explore"),
    ("bundle", "student"),
    ("bundle", "self-study"),
]


@pytest.mark.parametrize("arguments", INSTRUCTORS, ids=" ".join)
def test_commands_for_instructors_say_what_they_lack(laptop: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """In a course, with a student's installation: one message, the package, how to get it, exit status 2."""
    for name in ("grading.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("tests", "solutions", "assignments"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("kit", "__pycache__"))
    if arguments[0] == "demo":
        arguments = ("demo", str(tmp_path / "folder"))
    done = command(laptop, "--course", str(tmp_path), *arguments)
    *progress, message, step = done.stderr.strip().splitlines()
    assert (done.returncode, done.stdout, len(progress) <= 1) == (2, "", True), done.stderr
    assert any(name in message for name in ("torch", "hypothesis", "jupytext", "nbgrader", "babel", "nbformat"))
    assert "pip install -c constraints.txt -e '.[instructor]'" in step


def test_whatever_is_pinned_runs_on_every_python_that_the_kit_runs_on() -> None:
    """On the first 3.11, too: the makers of a distribution may have stopped at an early one."""
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE))
    needed = {found.name: dict(found.metadata.items()).get("Requires-Python") for found in distributions()}
    needed = {name: python for name, python in needed.items() if name in pinned}
    assert len(needed) > 50
    assert [name for name, python in needed.items() if python and "3.11.0" not in SpecifierSet(python)] == []


_NEIGHBOUR = {
    "autograder/__init__.py": "def main():\n    print('the other one')\n",
    "autograder-3.7.7.dist-info/METADATA": "Metadata-Version: 2.1\nName: autograder\nVersion: 3.7.7\n",
    "autograder-3.7.7.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "autograder-3.7.7.dist-info/entry_points.txt": "[console_scripts]\nautograder = autograder:main\n",
    "autograder-3.7.7.dist-info/RECORD": "",
}
"""The package index's ``autograder``, as far as it could be in the way: what it imports as, and its command."""


class Environment:
    """A virtual environment, into which pip installs wheels without an index."""

    def __init__(self, folder: Path, laptop: Path) -> None:
        venv.create(folder, with_pip=False)
        self.folder, self.bin = folder, folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / "python"
        self.inherited = os.environ | {"PYTHONPATH": str(laptop / "others"), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        neighbour = folder / "autograder-3.7.7-py3-none-any.whl"
        with zipfile.ZipFile(neighbour, "w") as archive:
            for name, text in _NEIGHBOUR.items():
                archive.writestr(name, text)
        (kit,) = (laptop / "dist").glob("htilde-*.whl")
        self.wheels = {"htilde": kit, "autograder": neighbour}

    def pip(self, command: str, *arguments: str) -> None:
        done = self._run(sys.executable, "-m", "pip", "--quiet", "--python", str(self.python), command, *arguments)
        assert done.returncode == 0, done.stderr

    def install(self, name: str) -> None:
        self.pip("install", "--no-deps", "--no-index", str(self.wheels[name]))

    def works(self, name: str) -> bool:
        """Return whether both the package and the command of a distribution are there, and are its own."""
        imports = {"htilde": "from htilde import check", "autograder": "from autograder import main; main()"}
        said = {"htilde": f"htilde, version {htilde.__version__}", "autograder": "the other one"}
        package = self._run(str(self.python), "-c", imports[name])
        if not (command := self.bin / name).exists():
            assert package.returncode != 0
            return False
        assert package.returncode == 0, package.stderr
        return self._run(str(command), "--version").stdout.strip() == said[name]

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.inherited, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("order", [("htilde", "autograder"), ("autograder", "htilde")], ids="-".join)
def test_the_kit_and_the_autograder_of_the_index_live_side_by_side(
    laptop: Path, tmp_path: Path, order: tuple[str, str]
) -> None:
    """Whichever comes first, and whichever goes: the other one's package and command stay."""
    environment = Environment(tmp_path, laptop)
    for name in order:
        environment.install(name)
    assert environment.works("htilde") and environment.works("autograder")
    for goes, stays in (order, order[::-1]):
        environment.pip("uninstall", "--yes", goes)
        assert environment.works(stays) and not environment.works(goes)
        environment.install(goes)
        assert environment.works("htilde") and environment.works("autograder")
