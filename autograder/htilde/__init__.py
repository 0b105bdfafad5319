"""An auto-graded exercise kit: it examines functions and explains wrong answers.

Students need ``check``; authors of exercises need the declaration decorators. A name is looked up when it is first
used, so that the worker and a first ``check`` load no more than they need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from htilde.version import __version__

if TYPE_CHECKING:
    from htilde.declare import (
        curve,
        derivation,
        edge,
        example,
        hidden,
        misconception,
        parts,
        probes,
        public,
        tolerance,
        unchanged,
        variant,
    )
    from htilde.self_study.notebook import check

__all__ = [
    "__version__",
    "check",
    "curve",
    "derivation",
    "edge",
    "example",
    "hidden",
    "misconception",
    "parts",
    "probes",
    "public",
    "tolerance",
    "unchanged",
    "variant",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "htilde.self_study.notebook" if name == "check" else "htilde.declare"
    return getattr(import_module(home), name)
