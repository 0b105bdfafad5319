"""Which paths are left readable, and what Landlock refuses by itself, before there is any filter of system calls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from htilde.isolation import landlock
from users import ordinary

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(np.__file__).resolve().parents[1]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has Landlock")

ALONE = f"""
import sys; sys.path.append({str(ROOT / "autograder")!r})
import os, socket
from htilde.isolation import landlock
from htilde.isolation.libc import call
listener = socket.create_server(("127.0.0.1", 0)); address = listener.getsockname()
parent = os.getppid()
try:
    abi = call("syscall", 444, 0, 0, 1)
except OSError as error:
    sys.exit(f"absent: {{error}}")
call("prctl", 38, 1, 0, 0, 0)
landlock.restrict([os.path.dirname(os.__file__), "/nowhere/at/all"])
def attempt(needs, what):
    if abi < needs: return "too old"
    try: what()
    except PermissionError: return "held"
    return "breached"
print(
    attempt(1, lambda: os.listdir("/")), attempt(1, lambda: open("/etc/passwd")),
    attempt(1, lambda: open("/dev/null", "w")),
    attempt(1, lambda: os.mkdir("/tmp/not-to-be-made")), attempt(1, lambda: os.execv("/bin/true", ["true"])),
    attempt(4, lambda: socket.create_connection(address)), attempt(4, lambda: socket.create_server(("127.0.0.1", 0))),
    attempt(6, lambda: os.kill(parent, 0)), open(os.__file__).readline()[:2] == 'r"',
)
"""


@on_linux
def test_landlock_alone_refuses() -> None:
    """Reading elsewhere, writing, executing, TCP and signals outwards are refused; reading beneath the path goes on."""
    done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", ALONE], capture_output=True, text=True, check=False)
    if done.stderr.startswith("absent"):
        pytest.skip(done.stderr)
    *tries, reads = done.stdout.split()
    assert reads == "True", done.stderr
    assert len(tries) == 8
    assert set(tries[:5]) == {"held"}
    assert set(tries[5:]) <= {"held", "too old"}


@pytest.mark.parametrize(
    ("abi", "rights"),
    [(1, (0x1FFF, 0, 0)), (2, (0x3FFF, 0, 0)), (3, (0x7FFF, 0, 0)), (4, (0x7FFF, 3, 0)), (5, (0xFFFF, 3, 0))]
    + [(abi, (0xFFFF, 3, 3)) for abi in (6, 7, 8)],
)
def test_every_known_right_is_handled(abi: int, rights: tuple[int, int, int]) -> None:
    """Each version of the interface is asked for all it knows and nothing newer: what isn't handled is allowed."""
    assert landlock._handled(abi) == rights


@on_linux
def test_readable_paths_are_few() -> None:
    """No home, no temporary folder, no /proc, no other package can be read through the paths that are allowed."""
    allowed = [Path(path).resolve() for path in landlock.readable_paths()]
    assert PACKAGES / "numpy" in allowed
    others = (PACKAGES, PACKAGES / "pytest", Path(sys.executable), Path("/proc/1"), Path("/tmp"), Path("/etc/passwd"))
    for secret in (ROOT, Path(__file__), Path.home(), *others):
        assert not any(secret.is_relative_to(path) for path in allowed), secret


def test_packages_inside_the_standard_library_are_left_out(tmp_path: Path) -> None:
    """A library folder is named whole, or entry by entry without the packages when they lie inside."""
    (tmp_path / "json").mkdir()
    (tmp_path / "os.py").touch()
    assert list(landlock._standard_library(str(tmp_path))) == [str(tmp_path)]
    (tmp_path / "site-packages").mkdir()
    assert list(landlock._standard_library(str(tmp_path))) == [str(tmp_path / "json"), str(tmp_path / "os.py")]


@on_linux
def test_unreachable_path_is_said(tmp_path: Path) -> None:
    """A library out of reach once privileges are gone is an error at once, not a failed import later."""
    (tmp_path / "closed").mkdir(mode=0)
    with ordinary(), pytest.raises(RuntimeError, match="cannot reach it without privileges"):
        landlock._allow(-1, str(tmp_path / "closed" / "library"))
