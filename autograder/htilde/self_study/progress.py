"""A learner's progress: hints that were told, exercises given up, and how each file stood when it was last examined.

It is a convenience and no record: how an exercise stands is found out from the learner's file. A ``progress.json`` that
is gone, broken or changed by hand costs nothing but what it remembered.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from htilde.files import locked, write_file
from htilde.self_study.workspace import Workspace

__all__ = ["Progress", "another_hint", "changing", "read_progress"]


@dataclass
class Progress:
    """The remembered progress. Exercises are named ``assignment/exercise``.

    ``hints`` counts those that were told. ``seen`` holds, for each assignment, the checksum of what was examined and
    how each exercise stood.
    """

    hints: dict[str, int] = field(default_factory=dict)
    given_up: list[str] = field(default_factory=list)
    seen: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)


def read_progress(workspace: Workspace) -> Progress:
    """Return what is remembered, as far as the file can be understood."""
    try:
        plain = json.loads(_path(workspace).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return Progress()
    hints = {name: count for name, count in _dict(plain, "hints").items() if type(count) is int}
    given_up = plain.get("given_up") if isinstance(plain, dict) else None
    seen = {}
    for name, entry in _dict(plain, "seen").items():
        match entry:
            case [str(key), dict(states)] if all(isinstance(state, str) for state in states.values()):
                seen[name] = key, states
    names = [name for name in given_up if isinstance(name, str)] if isinstance(given_up, list) else []
    return Progress(hints, names, seen)


@contextmanager
def changing(workspace: Workspace) -> Iterator[Progress]:
    """Give what is remembered now, and write it when the block has changed it.

    A lock is held in between, so that of two commands at once neither undoes the other's. Raises OSError.
    """
    with locked(_path(workspace).with_suffix(".lock")):
        progress = read_progress(workspace)
        yield progress
        plain = {"hints": progress.hints, "given_up": progress.given_up, "seen": progress.seen}
        write_file(_path(workspace), json.dumps(plain, indent=1) + "\n")


def another_hint(workspace: Workspace, name: str, there: int) -> int:
    """Count one more hint as told, of those that are ``there``; return how many have been told now."""
    with changing(workspace) as progress:
        count = min(max(progress.hints.get(name, 0), 0) + 1, there)
        if count:
            progress.hints[name] = count
    return count


def _dict(plain: Any, key: str) -> dict[str, Any]:
    found = plain.get(key) if isinstance(plain, dict) else None
    return found if isinstance(found, dict) else {}


def _path(workspace: Workspace) -> Path:
    return workspace.private / "progress.json"
