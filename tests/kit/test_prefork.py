"""Workers that are forked: locked like the others, apart from each other, and ended with whoever asked for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder import sandbox
from autograder.calls import Status
from autograder.errors import GraderFault
from autograder.model import Limits
from autograder.prefork import Forked, Preforked
from autograder.promises import PROMISES, Promise, _tried
from autograder.sandbox import Session, Worker, _command, _environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only on Linux workers are forked")
LIMITS = Limits(memory_mib=1024, call_seconds=5.0)


@pytest.fixture(scope="module")
def mother() -> Iterator[Preforked]:
    started = Preforked(_command(sandbox._SERVE), _environment(), 60.0)
    yield started
    started.close()


@pytest.fixture(autouse=True)
def forks(mother: Preforked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of this process are forked within a test."""
    monkeypatch.setattr(sandbox, "_forks", True)
    monkeypatch.setattr(sandbox, "_preforked", mother)


def answers(worker: Worker, body: str) -> object:
    """What a function of this body answers."""
    worker.run("cell 1", f"import os, sys\ndef f():\n    {body}", seconds=10)
    (reply,) = worker.call("f", [()], seconds=10)
    return reply.value if reply.status is Status.ANSWERED else reply.status


def test_a_forked_worker_is_locked_like_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same layers hold, observed in it; it has the same files open, and no more."""
    descriptors = "return [number for number in range(64) if not _closed(number)]"
    closed = "def _closed(n):\n    try:\n        os.fstat(n)\n    except OSError:\n        return True\n"

    def seen() -> tuple[object, object]:
        with Worker(LIMITS) as worker:
            assert isinstance(worker._process, Forked) is sandbox._forks
            worker.run("cell 0", f"import os\n{closed}", seconds=10)
            return worker.protection, answers(worker, descriptors)

    forked = seen()
    monkeypatch.setattr(sandbox, "_forks", False)
    assert forked == seen()


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.says)
def test_what_is_promised_holds_in_a_forked_worker(promise: Promise) -> None:
    """Each promise is tried for real there, too."""
    if not sandbox.protection().official:
        pytest.skip("this kernel, or the container around it, lacks a layer of the lock")
    tried = _tried(promise, LIMITS)
    assert tried.held, tried


def test_nothing_of_one_is_in_another() -> None:
    """What a submission does to Python or NumPy stays with it."""
    with Worker(LIMITS) as one:
        spoil = "import builtins, numpy; builtins.mine, numpy.mine, numpy.exp = 1, 2, None; return 1"
        assert answers(one, spoil) == 1
        with Worker(LIMITS) as other:
            look = "import builtins as b, numpy; return [hasattr(b, 'mine'), hasattr(numpy, 'mine'), numpy.exp is None]"
            assert answers(other, look) == [False, False, False]


def test_how_it_ends_is_told() -> None:
    """Its own exit, a signal of ours, and one of somebody else's, which is a fault of the machine."""
    with Worker(LIMITS) as worker:
        assert answers(worker, "os._exit(3)") is Status.DIED and worker._process.returncode == 3
    with Worker(LIMITS) as worker:
        pass
    assert worker._process.returncode == -signal.SIGKILL
    with Session(Limits(call_seconds=0.3)) as session:
        session.run("cell 1", "def f():\n    while True: pass\ndef g(): return 2")
        assert session.call("f", [()], seconds=5)[-1].status is Status.TIMED_OUT
        assert session.call("g", [()], seconds=5)[-1].value == 2
    with Worker(LIMITS) as worker:
        if "seccomp" in worker.protection.layers:
            worker._process.kill()
            with pytest.raises(GraderFault, match="killed from outside"):
                worker.run("cell 1", "x = 1", seconds=10)


def test_waiting_has_an_end() -> None:
    """As Popen's: a process that goes on is no reason to wait for ever."""
    with Worker(LIMITS) as worker, pytest.raises(subprocess.TimeoutExpired):
        worker._process.wait(0.05)


def gone(pid: int) -> bool:
    """Whether a process has ended, be it that nobody has asked how."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def test_when_the_process_that_forks_is_gone_workers_start_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its children end with it, which is a fault of the machine and nobody's zero; the next ones do without it."""
    own = Preforked(_command(sandbox._SERVE), _environment(), 60.0)
    monkeypatch.setattr(sandbox, "_preforked", own)
    with Worker(LIMITS) as worker:
        pid = worker._process.pid
        own._process.kill()
        own._process.wait()
        assert gone(pid)
    with Worker(LIMITS) as worker:
        assert not isinstance(worker._process, Forked) and answers(worker, "return 1") == 1
    own.close()


SCRIPT = """
import sys, time
from autograder import sandbox
from autograder.model import Limits
sandbox.fork_workers()
worker = sandbox.Worker(Limits())
print(worker._process.pid, sandbox._preforked._process.pid, flush=True)
time.sleep(60)
"""


def test_all_end_with_the_examiner() -> None:
    """Killed, it can't tell anybody; neither the worker nor the process that forked it is left behind."""
    environment = os.environ | {"PYTHONPATH": str(Path(sandbox.__file__).parents[1])}
    with subprocess.Popen([sys.executable, "-c", SCRIPT], env=environment, stdout=-1, text=True) as process:
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        process.kill()
    assert len(pids) == 2 and all(map(gone, pids))
