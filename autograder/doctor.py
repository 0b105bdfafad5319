"""What this machine can do, found out by trying."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from autograder import sandbox
from autograder.errors import GraderFault
from autograder.model import Limits
from autograder.promises import Tried, try_promises

__all__ = ["Machine", "Package", "examine_machine"]

_PURPOSES = {
    "numpy": "everything",
    "torch": "writing papers, exploring (the oracle)",
    "hypothesis": "writing papers, exploring",
    "nbgrader": "releasing and grading",
    "jupytext": "building notebooks from masters",
    "jupyterlab": "working in notebooks, formgrader",
}


@dataclass(frozen=True, slots=True)
class Package:
    """A package, its version or an empty string, and what it is needed for."""

    name: str
    version: str
    purpose: str


@dataclass(frozen=True)
class Machine:
    """What was found. ``protected`` says whether grades may be given here."""

    packages: tuple[Package, ...]
    layers: tuple[str, ...]
    missing: tuple[str, ...]
    tried: tuple[Tried, ...]
    protected: bool

    def as_json(self) -> dict[str, Any]:
        """The documented form (docs/json.md)."""
        return {
            "packages": {package.name: package.version or None for package in self.packages},
            "layers": list(self.layers),
            "missing": list(self.missing),
            "promises": [{"says": t.promise.says, "held": t.held, "detail": t.detail} for t in self.tried],
            "protected": self.protected,
        }


def examine_machine() -> Machine:
    """Look at the packages and try every promise in a worker. A worker that doesn't start is a finding, too."""
    packages = [Package("python", sys.version.split()[0], "everything")]
    packages += [Package(name, _version(name), purpose) for name, purpose in _PURPOSES.items()]
    try:
        protection, tried = sandbox.protection(), tuple(try_promises(Limits()))
    except GraderFault as fault:
        return Machine(tuple(packages), (), (fault.message,), (), False)
    protected = protection.official and all(t.held for t in tried)
    return Machine(tuple(packages), protection.layers, protection.missing, tried, protected)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
