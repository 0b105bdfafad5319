"""Examining on the workers of a real scheduler, on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clone import ROOT
from htilde.diagnosis import cluster as module
from htilde.diagnosis.cluster import ClusterExecutor
from htilde.diagnosis.completion import examine
from htilde.diagnosis.executors import examine_all
from htilde.errors import GraderFault, MissingExtra, Unprotected, UsageError
from htilde.examination.store import examiner
from htilde.model import Examination
from test_executors import EXAMINER, RIGHT, SLOW, WRONG, handed_in

ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT / "autograder"), "PYTHONDONTWRITEBYTECODE": "1"}


class Site:
    """A scheduler with workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.workers = folder, list[subprocess.Popen[bytes]]()
        file = folder / "scheduler.json"
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        self._scheduler = self._start("distributed.cli.dask_scheduler", *options)
        ends = time.monotonic() + 60
        while not file.exists() or not file.read_text():
            assert time.monotonic() < ends and self._scheduler.poll() is None, "the scheduler didn't start"
            time.sleep(0.05)
        self.address: str = json.loads(file.read_text())["address"]

    def start(self, count: int) -> None:
        """Have so many workers at work."""
        from distributed import Client

        while len(self.workers) < count:
            options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self._folder))
            self.workers.append(self._start("distributed.cli.dask_worker", self.address, *options))
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=60)

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        nowhere = subprocess.DEVNULL
        return subprocess.Popen([sys.executable, "-m", what, *options], env=ENVIRONMENT, stdout=nowhere, stderr=nowhere)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    pytest.importorskip("distributed", reason="distributed isn't installed (the extra cluster)")
    started = Site(tmp_path_factory.mktemp("site"))
    try:
        yield started
    finally:
        started.close()


def test_without_workers_nobody_waits(site: Site) -> None:
    """It is said at once, with how to start one."""
    with pytest.raises(UsageError, match="has no workers") as caught:
        ClusterExecutor(EXAMINER, site.address)
    assert "dask worker" in caught.value.next_step


BODIES = {"right": RIGHT, "wrong": WRONG, "broken": "1 +"}


def test_verdicts_are_those_of_this_machine_though_a_worker_is_killed(site: Site) -> None:
    """Two workers, one of which is killed while it examines: everybody's verdicts, and the same."""
    site.start(2)
    submissions = [(name, handed_in(body)) for name, body in BODIES.items()]
    killer = threading.Timer(0.8, site.workers[0].kill)
    with ClusterExecutor(EXAMINER, site.address) as executor:
        killer.start()
        slow = [(f"slow{number}", handed_in(SLOW)) for number in range(5)]
        found = dict(examine_all([*slow, *submissions], executor))
    site.workers.pop(0).wait()
    assert all(isinstance(outcome, Examination) and outcome.passed for name, outcome in found.items() if "slow" in name)
    assert {name: found[name] for name, _ in submissions} == {
        name: examine(submission, EXAMINER.papers, EXAMINER.limits) for name, submission in submissions
    }


def test_another_kit_there_is_told_before_anything_is_examined(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One message with both versions and what to install."""
    site.start(2)
    monkeypatch.setattr(module, "examiner", lambda: "another kit")
    with pytest.raises(GraderFault, match="Not all machines have the same kit") as caught:
        ClusterExecutor(EXAMINER, site.address)
    assert "here: another kit" in caught.value.message and "pip install" in caught.value.next_step


def _real_kit() -> str:
    return examiner()


def test_nobody_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address where nothing answers, or that is none."""
    pytest.importorskip("distributed", reason="distributed isn't installed (the extra cluster)")
    monkeypatch.setattr(module, "_SECONDS", 1)
    for address in ("tcp://127.0.0.1:9", "nowhere"):
        with pytest.raises(UsageError, match="No scheduler answers at"):
            ClusterExecutor(EXAMINER, address)


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has no cluster needn't install it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match="distributed") as caught:
        ClusterExecutor(EXAMINER, "tcp://127.0.0.1:8786")
    assert "[cluster]" in caught.value.next_step


def test_a_worker_that_came_later_is_asked_for_its_kit() -> None:
    """On the worker itself: another kit is a fault, and nothing is examined."""
    with pytest.raises(GraderFault, match="a worker: "):
        module._examine("another kit", b"", handed_in(RIGHT))


def test_a_machine_that_cant_lock_student_code_in_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As this one would; its reason is what comes back."""
    from htilde.isolation.lock import Protection
    from htilde.isolation.sandbox import Worker

    greeting, without = Worker._greeting, Protection((), ("no seccomp",))
    monkeypatch.setattr(Worker, "_greeting", lambda worker: greeting(worker) and without)
    with pytest.raises(Unprotected, match="no seccomp"):
        module._examine(_real_kit(), EXAMINER.packed(), handed_in(RIGHT))
