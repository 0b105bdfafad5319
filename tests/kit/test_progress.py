"""What is remembered of a learner is a convenience: broken, it costs nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from htilde.self_study.progress import another_hint, changing, read_progress
from htilde.self_study.workspace import Workspace


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, "en", "py", {"toys": ("double", "negate")})


BROKEN = [
    "",
    "{",
    "[]",
    "null",
    '{"hints": [], "given_up": {}, "seen": 3}',
    '{"hints": {"toys/double": "many"}, "given_up": [1], "seen": {"toys": ["x"], "more": [1, {}]}}',
    '{"seen": {"toys": ["x", {"double": 3}], "more": {}}}',
    "[" * 100_000,
]


@pytest.mark.parametrize("content", BROKEN, ids=lambda text: text[:20])
def test_progress_that_is_broken_costs_nothing(space: Workspace, content: str) -> None:
    """Whatever is in the file, nothing is made of it, and it is written anew."""
    path = space.private / "progress.json"
    path.parent.mkdir()
    path.write_text(content)
    assert read_progress(space).given_up == []
    assert another_hint(space, "toys/double", 2) == 1
    assert json.loads(path.read_text())["hints"] == {"toys/double": 1}


def test_hints_are_told_one_by_one(space: Workspace) -> None:
    """As many as there are, each exercise by itself; where there is none nothing is remembered."""
    assert [another_hint(space, "toys/double", 2) for _ in range(3)] == [1, 2, 2]
    assert another_hint(space, "toys/negate", 0) == 0
    assert read_progress(space).hints == {"toys/double": 2}


def test_what_is_remembered_is_read_again(space: Workspace) -> None:
    """Hints, exercises given up, how a file stood; two who write don't undo each other's."""
    with changing(space) as one:
        one.given_up.append("toys/double")
    with changing(space) as other:
        other.seen["toys"] = "key", {"double": "passed"}
    found = read_progress(space)
    assert found.given_up == ["toys/double"] and found.seen == {"toys": ("key", {"double": "passed"})}
