"""Find out what this machine can do, by trying it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from htilde.errors import GraderFault
from htilde.isolation import bubblewrap, sandbox
from htilde.isolation.promises import PromiseResult, try_promises
from htilde.model import Limits

__all__ = ["MachineReport", "Package", "examine_machine"]

_WAYS = {
    "landlock": "Landlock is part of Linux since 5.13: name it among the kernel's security modules (lsm=landlock,... "
    "at boot), and run no container whose filter forbids it. Or install Bubblewrap (apt install bubblewrap).",
    "seccomp": "Run the container with a profile that lets a process filter itself, as Docker's own does; the kernel "
    "needs CONFIG_SECCOMP_FILTER, the machine x86-64 or 64-bit ARM.",
    "no new privileges": "It is part of every Linux since 3.5: look at what is around this process (gVisor, an old "
    "container runtime).",
    "capabilities dropped": "Don't run this as root in a container that forbids to drop capabilities; any other user "
    "has none.",
    "resource limits": "Something around this process forbids it to lower its own limits (setrlimit): run it outside.",
}
_OTHER_SYSTEMS = {
    "darwin": "macOS has nothing that an ordinary program could lock itself with. Students can check their work here; "
    "grade on Linux, also in a virtual machine or a container.",
    "win32": "Windows has nothing that an ordinary program could lock itself with. Students can check their work here; "
    "grade in WSL2 (wsl --install), where everything is as on Linux.",
}
_APPARMOR = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"

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
class MachineReport:
    """The packages and the protection of a machine.

    ``protected`` is true if grades may be given here; ``ways`` say how to get there.
    """

    packages: tuple[Package, ...]
    layers: tuple[str, ...]
    missing: tuple[str, ...]
    tried: tuple[PromiseResult, ...]
    protected: bool
    ways: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values, as docs/json.md describes them."""
        return {
            "packages": {package.name: package.version or None for package in self.packages},
            "layers": list(self.layers),
            "missing": list(self.missing),
            "promises": [
                {"says": t.promise.says, "held": t.held, "by": list(t.by), "detail": t.detail} for t in self.tried
            ],
            "protected": self.protected,
            "ways": list(self.ways),
        }


def examine_machine() -> MachineReport:
    """Look for the packages and try every promise in a worker. A worker that doesn't start is reported, not raised."""
    packages = [Package("python", sys.version.split()[0], "everything")]
    packages += [Package(name, _version(name), purpose) for name, purpose in _PURPOSES.items()]
    try:
        protection, tried = sandbox.protection(), tuple(try_promises(Limits()))
    except GraderFault as fault:
        return MachineReport(tuple(packages), (), (fault.message,), (), False)
    protected = protection.official and all(t.held for t in tried)
    missing = protection.missing
    return MachineReport(tuple(packages), protection.layers, missing, tried, protected, tuple(_ways(missing)))


def _ways(missing: Sequence[str]) -> Iterator[str]:
    """Yield what to do about the layers that are missing."""
    if missing and sys.platform in _OTHER_SYSTEMS:
        yield _OTHER_SYSTEMS[sys.platform]
        return
    for layer in (what.partition(":")[0] for what in missing):
        yield _WAYS[layer]
        if layer == "landlock" and (trouble := bubblewrap.trouble()):
            yield f"Bubblewrap can't stand in for it yet: {trouble}."
            if _read(_APPARMOR) == "1" and "isn't installed" not in trouble:
                yield (
                    "This Ubuntu lets only programs with an AppArmor profile make namespaces: give bwrap one "
                    "(docs/security.md shows it)."
                )


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
