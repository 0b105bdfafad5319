"""Where Landlock is missing Bubblewrap stands in, if it can; tried with Landlock switched off in earnest."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from htilde.isolation import bubblewrap, landlock, sandbox
from htilde.isolation.calls import Status
from htilde.isolation.promises import PROMISES, WALLS, Promise, _tried
from htilde.model import Limits

LIMITS = Limits(memory_mib=1024, call_seconds=5.0)
LAYERS = {"resource limits", "no new privileges", "capabilities dropped", "seccomp", "bubblewrap"}
works = pytest.mark.skipif(bool(bubblewrap.trouble()), reason=f"no Bubblewrap here: {bubblewrap.trouble()}")


@pytest.fixture(autouse=True)
def no_landlock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A kernel without Landlock, for the examiner and for its workers."""

    def absent(*_: object) -> int:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(landlock, "version", absent)
    begin = "from htilde.isolation.worker import main"
    off = "\nfrom htilde.isolation import landlock\n"
    off += "def absent(paths): raise OSError(38, 'x')\nlandlock.restrict = absent"
    monkeypatch.setattr(sandbox, "_BOOTSTRAP", sandbox._BOOTSTRAP.replace(begin, begin + off))
    sandbox._default_wrapper.cache_clear()
    yield
    sandbox._default_wrapper.cache_clear()


@works
def test_it_stands_in() -> None:
    """A worker is fit for grading, and says by what; it is started so from then on."""
    protection = sandbox.protection()
    assert (protection.official, set(protection.layers), protection.missing) == (True, LAYERS, ())
    assert sandbox._default_wrapper()[0] == shutil.which("bwrap")


@works
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.says)
def test_every_promise_holds(promise: Promise) -> None:
    """All that is promised with Landlock is kept without it."""
    tried = _tried(promise, LIMITS)
    assert tried.held, tried
    assert ("bubblewrap" in tried.by) == (set(WALLS) <= set(promise.by))


@works
def test_work_goes_on() -> None:
    """What NumPy and the standard library load later is there; a death is told by its signal."""
    with sandbox.Worker(LIMITS) as worker:
        source = "import os, numpy.fft, zoneinfo, sqlite3\ndef f(): return zoneinfo.ZoneInfo('Asia/Seoul').key\n"
        assert worker.run("cell 1", source + "def g(): os.abort()", seconds=10).status is Status.ANSWERED
        assert [reply.value for reply in worker.call("f", [()], seconds=5)] == ["Asia/Seoul"]
        (reply,) = worker.call("g", [()], seconds=5)
    assert (reply.status, reply.end) == (Status.DIED, {"end": "signal", "signal": 6})


@works
def test_nothing_is_left_running() -> None:
    """Closing a worker ends what is inside, too."""
    with sandbox.Worker(LIMITS) as worker:
        children = Path(f"/proc/{worker._process.pid}/task/{worker._process.pid}/children").read_text().split()
        assert children
    for _ in range(100):
        if not any(Path("/proc", child).exists() for child in children):
            return
        subprocess.run(["sleep", "0.02"], check=True)
    raise AssertionError(children)


@pytest.mark.parametrize("script", [None, "echo no namespaces for you >&2; exit 1", "exec true"])
def test_without_it_nothing_is_pretended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str | None) -> None:
    """Not installed, not allowed or not what it claims to be: a plain worker starts and says what is missing."""
    if script is not None:
        program = tmp_path / "bwrap"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    protection = sandbox.protection()
    assert not protection.official and [what.partition(":")[0] for what in protection.missing] == ["landlock"]


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (None, "bwrap isn't installed"),
        ("echo no namespaces for you >&2; exit 1", "no namespaces for you"),
        ("exit 3", "bwrap ended with 3"),
        ("exit 0", ""),
    ],
)
def test_its_trouble_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str | None, says: str) -> None:
    """In its own words where it has any."""
    if script is not None:
        program = tmp_path / "bwrap"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bubblewrap.trouble() == says


@works
def test_walls_that_dont_stand_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Bubblewrap that shows the whole system, or a root that can be written to, isn't protection."""
    program = str(shutil.which("bwrap"))
    for around, says in (
        ((program, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev"), "the system's files are there"),
        (tuple(part for part in sandbox._default_wrapper() if part != "--remount-ro")[:-1], "can be written to"),
    ):
        with sandbox.Worker(LIMITS, wrapper=around) as worker:
            assert not worker.protection.official
            assert any(says in what for what in worker.protection.missing), worker.protection
