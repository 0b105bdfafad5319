"""Shared by the kit's own tests: Hypothesis' settings, and a course small enough to see through."""

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
    """The toy course in a folder of its own, free to be spoilt."""
    return written(tmp_path, toys.COURSE)


@pytest.fixture
def random_course(tmp_path: Path) -> Course:
    """A course with a random exercise, in a folder of its own."""
    return written(tmp_path, toys.RANDOM_COURSE)


def written(folder: Path, files: Mapping[str, str]) -> Course:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_course(folder / "grading.toml")
