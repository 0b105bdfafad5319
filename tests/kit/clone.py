"""Copies of courses that a test may change: the real one, and a small one to try the kit on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from htilde.course import Course, load_course

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "autograder"
"""The folder that holds the package."""
REAL, SMALL = ROOT, Path(__file__).resolve().parent / "course"
A1 = "a1_activations"


def clone(folder: Path, *, of: Path = SMALL) -> Course:
    """Copy what git keeps of a course (not the kit's own tests) into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("grading.toml", "nbgrader_config.py"):
        shutil.copy(of / name, folder / name)
    shutil.copytree(of / "tests", folder / "tests", ignore=shutil.ignore_patterns("kit", "__pycache__"))
    (folder / "solutions").mkdir()
    for master in (of / "solutions").glob("*.py"):
        shutil.copy(master, folder / "solutions")
    if (of / "assignments").is_dir():
        shutil.copytree(of / "assignments", folder / "assignments")
    return load_course(folder / "grading.toml")


def build_wheel(project: Path, folder: Path) -> Path:
    """Build a project's wheel into ``folder``, without a network."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(project)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel
