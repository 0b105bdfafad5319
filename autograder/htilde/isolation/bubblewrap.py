"""Bubblewrap stands in where Landlock is missing: a worker that starts in it finds what it may read, and no more.

It is a program of its own (Debian, Ubuntu, Fedora: package ``bubblewrap``) and needs user namespaces, or root. All
else that locks a worker in, the worker does itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

__all__ = ["around", "trouble"]

_OWN = ("--unshare-all", "--die-with-parent", "--cap-drop", "ALL")
"""Its own users, processes, network, names; it ends with the examiner."""


def around(readable: Iterable[str]) -> tuple[str, ...]:
    """What to put before a command to start it where only ``readable`` exists, unwritable; empty without Bubblewrap.

    /proc, of the new processes only, and the null device are there, too: the worker's lock looks into the one and
    its output goes to the other.
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
    """Why Bubblewrap can't be used by this user on this machine, or nothing."""
    program = shutil.which("bwrap")
    if program is None:
        return "bwrap isn't installed"
    try:
        command = [program, *_OWN, "--ro-bind", "/", "/", "true"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bwrap can't be started ({error})"
    return done.stderr.strip() or f"bwrap ended with {done.returncode}" if done.returncode else ""
