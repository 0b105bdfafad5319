"""What is remembered of a learner is a convenience: broken, it costs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
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


def hear(root: str, exercise: str) -> None:
    """Ask for 300 hints, in a process of its own."""
    space = Workspace(Path(root), "en", "py", {"toys": (exercise,)})
    for _ in range(300):
        another_hint(space, f"toys/{exercise}", 1000)


def test_two_commands_at_once_remember_both(space: Workspace) -> None:
    """Of two processes that count 300 hints each, neither fails and none is forgotten."""
    code = "import sys; from test_progress import hear; hear(*sys.argv[1:])"
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-c", code, str(space.root)]
    running = [subprocess.Popen([*command, exercise], env=here) for exercise in ("double", "negate")]
    assert [process.wait(120) for process in running] == [0, 0]
    assert read_progress(space).hints == {"toys/double": 300, "toys/negate": 300}
    assert sorted(path.name for path in space.private.iterdir()) == ["progress.json", "progress.lock"]
