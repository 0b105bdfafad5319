"""The real course's assignments, each released once for all tests, which may not change them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from clone import REAL, clone
from graded import generate
from htilde.authoring.build import build
from htilde.course import Course, load_course
from once import once


def released(factory: pytest.TempPathFactory, assignment: str, *, of: Path = REAL) -> Course:
    """Return a clone of a course in which this assignment was built and released anew, with its hidden paper."""

    def make(folder: Path) -> None:
        course = clone(folder, of=of)
        build(course, assignment)
        shutil.rmtree(course.release(assignment))
        generate(folder, assignment)

    return load_course(once(factory, f"released-{of.name}-{assignment}", make) / "grading.toml")
