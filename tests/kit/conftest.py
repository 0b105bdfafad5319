"""Settings of Hypothesis and fixtures for all tests of the kit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import toys
from htilde import strategies  # noqa: F401 - importing it keeps Hypothesis from writing beside the course
from htilde.course import Course, load_course
from hypothesis import settings

collect_ignore = ["course", "hostile"]
"""A course's notebooks are no tests of the kit, nor is what strangers hand in."""

settings.register_profile("kit", max_examples=50, deadline=None, database=None, derandomize=True)
settings.load_profile("kit")


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Return a copy of the toy course, which the test may change."""
    return written(tmp_path, toys.COURSE)


@pytest.fixture
def random_course(tmp_path: Path) -> Course:
    """Return a copy of a course with a random exercise, which the test may change."""
    return written(tmp_path, toys.RANDOM_COURSE)


def written(folder: Path, files: Mapping[str, str]) -> Course:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_course(folder / "grading.toml")
