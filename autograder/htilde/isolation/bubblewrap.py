"""Start a worker in Bubblewrap where Landlock is missing, so that it finds only the files that it may read.

Bubblewrap is a separate program (Debian, Ubuntu, Fedora: package ``bubblewrap``) and needs user namespaces, or root.
The other layers of its lock the worker sets up itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

__all__ = ["prefix", "trouble"]

_OWN = ("--unshare-all", "--die-with-parent", "--cap-drop", "ALL")
"""Own users, processes, network and names; the worker ends with the examiner."""


def prefix(readable: Iterable[str]) -> tuple[str, ...]:
    """Return what to put before a command so that only ``readable`` exists for it, read-only; () without Bubblewrap.

    /proc (of the new processes only) and the null device exist, too: the worker's lock reads the one, its output goes
    to the other.
    """
    program = shutil.which("bwrap")
    if program is None:
        return ()
    mounts = [part for path in readable for part in ("--ro-bind", path, path)]
    # On most systems /lib is a link, and the dynamic linker asks for libraries by that name.
    links = [part for path in Path("/").iterdir() if path.is_symlink() for part in ("--symlink", path.readlink(), path)]
    own_files = ("--proc", "/proc", "--dev-bind", os.devnull, os.devnull, "--remount-ro", "/")
    return (program, *_OWN, *mounts, *map(str, links), *own_files)


def trouble() -> str:
    """Return why this user can't use Bubblewrap on this machine, or nothing."""
    program = shutil.which("bwrap")
    if program is None:
        return "bwrap isn't installed"
    try:
        command = [program, *_OWN, "--ro-bind", "/", "/", "true"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bwrap can't be started ({error})"
    return done.stderr.strip() or f"bwrap ended with {done.returncode}" if done.returncode else ""
