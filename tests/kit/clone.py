"""The real course, copied to where a test may do with it what it likes."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.course import Course, load_course

ROOT = Path(__file__).resolve().parents[2]
A1 = "a1_activations"


def clone(folder: Path) -> Course:
    """Copy what git keeps of the course (not the kit's own tests) into ``folder``."""
    for name in ("grading.toml", "nbgrader_config.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=shutil.ignore_patterns("kit", "__pycache__"))
    (folder / "solutions").mkdir()
    for master in (ROOT / "solutions").glob("*.py"):
        shutil.copy(master, folder / "solutions")
    if (ROOT / "assignments").is_dir():
        shutil.copytree(ROOT / "assignments", folder / "assignments")
    return load_course(folder / "grading.toml")
