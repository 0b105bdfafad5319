"""A course, a workspace and a notebook of version 0.1, in the hands of this version.

``upgrade/version_0_1.tar.xz`` was made by version 0.1 itself. ``course``: the small course with a written question,
released, handed in by kim, lee and park, graded, with feedback; a person gave kim 4 and lee 2.5 points for the written
answer and lee 1 point for an exercise; then choi handed in. ``alone``: a workspace of that course in which one exercise
is solved and another one given up.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from clone import A1, ROOT, SOURCES
from graded import scores
from htilde.course import load_course
from htilde.examination.paper import read_paper
from once import once

ARCHIVE = Path(__file__).parent / "upgrade" / "version_0_1.tar.xz"
UPGRADING = (ROOT / "docs" / "upgrading.md").read_text(encoding="utf-8")
BY_HAND = {"kim": {"why": 4.0}, "lee": {"why": 2.5, "tanh_derivative": 1.0}}
EARNED = {"kim": 8.0, "lee": 6.0, "park": 2.0, "choi": 5.0}
"""What the exercises came to, points given by hand among them."""


def unpack(folder: Path) -> Path:
    """Lay down what version 0.1 left, and return the course."""
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            path, file = folder / member.name, archive.extractfile(member)
            assert file is not None, "it holds files alone"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.read())
    return folder / "course"


def htilde(where: Path, *arguments: str, status: int = 0) -> str:
    """Run the command in a folder, and return all that it said."""
    return run(where, "htilde", *arguments, status=status)


def run(where: Path, *arguments: str, status: int, path: Path | None = None) -> str:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, filter(None, [SOURCES, path])))}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def mend_configuration(course: Path) -> None:
    """Change the one line that docs/upgrading.md tells instructors to change."""
    (line,) = re.findall(r"^ +(from htilde\.nbgrader\.configuration import configure)$", UPGRADING, re.MULTILINE)
    config = course / "nbgrader_config.py"
    old = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"from autograder\.nbgrader\.configuration .*", line, old), encoding="utf-8")


def mend_course(course: Path) -> None:
    """Run the lines that docs/upgrading.md gives authors."""
    (code,) = (block for block in re.findall(r"```python\n(.*?)```", UPGRADING, re.DOTALL) if "rglob" in block)
    subprocess.run([sys.executable, "-c", code], cwd=course, check=True, stdout=subprocess.DEVNULL)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The course as version 0.1 left it, free to be spoilt."""
    return unpack(tmp_path)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course after an instructor's steps in mid-semester; for looking only."""

    def make(folder: Path) -> None:
        mend_configuration(unpack(folder))
        (folder / "said.txt").write_text(htilde(folder / "course", "grade", A1), encoding="utf-8")

    return once(tmp_path_factory, "upgraded", make) / "course"


def test_grades_stay_and_late_comers_are_graded(graded: Path, old: Path) -> None:
    """Each exercise has the points that it had; choi is graded by the hidden paper that version 0.1 drew."""
    before, after = scores(old), scores(graded)
    assert {name: after[name] for name in before} == before
    assert sum(points or 0 for points in after["choi"].values()) == EARNED["choi"]


def test_points_given_by_hand_stay(graded: Path) -> None:
    """In the gradebook and in what is exported."""
    by_hand = scores(graded, "manual_score")
    given = {name: {cell: points for cell, points in cells.items() if points} for name, cells in by_hand.items()}
    assert {name: cells for name, cells in given.items() if cells} == BY_HAND
    with (graded / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert {name: float(row["code_score"]) for name, row in rows.items()} == EARNED
    assert {name: row["score"] for name, row in rows.items()} == {"kim": "12", "lee": "8.5", "park": "2", "choi": ""}


def test_nothing_of_before_is_lost(graded: Path, old: Path) -> None:
    """What was handed in, the papers, the release and the secret seed are as they were, byte by byte."""
    for part in ("submitted", "assignments", "solutions", "tests", ".course/papers"):
        assert contents(graded / part) == contents(old / part), part
    assert (graded / ".course/seed").read_bytes() == (old / ".course/seed").read_bytes()
    pages = sorted(path.parts[-3] for path in graded.glob("feedback/*/*/*.html"))
    assert pages == sorted(EARNED) == sorted(path.stem for path in (graded / ".course/records" / A1).glob("*.json"))


def test_the_next_run_has_nothing_to_do(graded: Path, tmp_path: Path) -> None:
    """All was taken over by the first one."""
    course = shutil.copytree(graded, tmp_path / "copy")
    assert "0 examined, 0 recorded, 4 unchanged" in htilde(course, "grade", A1)


def test_what_would_change_is_told_before(old: Path) -> None:
    """``--dry-run`` changes nothing, and nobody's points would."""
    mend_configuration(old)
    before = contents(old / ".course/records"), scores(old), scores(old, "manual_score")
    told = htilde(old, "grade", A1, "--dry-run")
    assert (contents(old / ".course/records"), scores(old), scores(old, "manual_score")) == before
    assert not re.search(r"\d -> \d", told), told


@pytest.mark.parametrize("neighbour", [False, True], ids=["nothing by that name", "somebody else's package"])
def test_with_the_old_configuration_nobody_is_graded(old: Path, neighbour: bool) -> None:
    """Neither by the kit, which names the line, nor by nbgrader, which would run without protection."""
    place = old.parent / "packages"
    if neighbour:
        (place / "autograder").mkdir(parents=True)
        (place / "autograder" / "__init__.py").touch()
    before = contents(old)
    told = run(old, "htilde", "grade", A1, status=2, path=place)
    assert "nbgrader_config.py:4: " in told and "write: from htilde.nbgrader.configuration import configure" in told
    told = run(old, "nbgrader", "autograde", A1, status=1, path=place)
    assert "nbgrader_config.py: No module named 'autograder" in told
    assert {name: raw for name, raw in contents(old).items() if name in before} == before


def test_an_author_changes_the_imports_and_nothing_else(old: Path) -> None:
    """Each file is named before; after the lines of docs/upgrading.md it builds and asks what it asked."""
    course = load_course(old / "grading.toml")
    papers = [course.hidden_paper(A1), course.release(A1) / f"{A1}.paper"]
    before = [read_paper(path).id for path in papers]
    told = htilde(old, "build", status=2)
    for kind in ("public", "hidden", "misconceptions", "variants"):
        assert re.search(rf"tests/{kind}/{A1}\.py:\d+: .*write: from htilde import", told), kind
    mend_course(old)
    htilde(old, "release", A1)
    assert [read_paper(path).id for path in papers] == before
    released = (course.release(A1) / f"{A1}.ipynb").read_text(encoding="utf-8")
    assert "from htilde import check" in released and "autograder" not in released
    htilde(old, "grade", A1)
    assert {name: sum(points or 0 for points in cells.values()) for name, cells in scores(old).items()} == {
        "kim": 8.0,
        "lee": 5.0,
        "park": 2.0,
        "choi": 5.0,
    }


def test_a_workspace_goes_on(old: Path) -> None:
    """What was solved and what was given up is known; the file isn't touched, and its line is told."""
    alone = old.parent / "alone"
    file = alone / A1 / f"{A1}.ipynb"
    before = file.read_bytes()
    listed = htilde(alone, "list")
    assert re.search(r"ok +sigmoid +passed", listed) and re.search(r"tanh_derivative +given up", listed)
    told = htilde(alone, "start", "--from", str(old / ".course/self-study/material"))
    assert f"kept: {A1}/{A1}.ipynb" in told and "from htilde import check" in told
    assert file.read_bytes() == before
    assert json.loads((alone / ".study/progress.json").read_text())["given_up"] == [f"{A1}/tanh_derivative"]
    assert htilde(alone, "list") == listed


def test_a_notebook_that_was_handed_out_is_checked(old: Path) -> None:
    """By the command, by pytest and in a kernel, beside the paper of that time."""
    folder = old / "submitted" / "kim" / A1
    shutil.copy(old / "assignments" / A1 / f"{A1}.paper", folder)
    assert "from autograder import check" in (folder / f"{A1}.ipynb").read_text(encoding="utf-8")
    assert "ok  sigmoid" in htilde(folder, "check", f"{A1}.ipynb")
    told = run(folder, "pytest", "-p", "htilde.pytest_plugin", "-p", "no:cacheprovider", f"{A1}.ipynb", status=0)
    assert re.search(r"\d+ passed", told)
    code = "import numpy as np\nfrom htilde import check\nsigmoid = lambda h: 1 / (1 + np.exp(-h))\n"
    checked = subprocess.run(
        [sys.executable, "-c", f"{code}print(check('sigmoid').points, check())"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert checked.stdout.startswith("2.0 ") and checked.returncode == 0, checked.stderr
