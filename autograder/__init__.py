"""An auto-graded exercise kit: functions are examined, wrong answers are explained.

Students need ``check``; instructors who write exercises need the declaration decorators. Names are looked
up when first used, so that the worker and a cold ``check`` load no more than they need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from autograder.declare import (
        curve,
        edge,
        example,
        hidden,
        misconception,
        parts,
        probes,
        public,
        tolerance,
        variant,
    )
    from autograder.notebook import check

__all__ = [
    "check",
    "curve",
    "edge",
    "example",
    "hidden",
    "misconception",
    "parts",
    "probes",
    "public",
    "tolerance",
    "variant",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "autograder.notebook" if name == "check" else "autograder.declare"
    return getattr(import_module(home), name)
