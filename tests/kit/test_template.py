"""The template: forks clean workers fast, tells how each ended, and takes them with it when it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clone import SOURCES
from htilde.isolation import launch, sandbox
from htilde.isolation.calls import Status
from htilde.isolation.launch import end_template
from htilde.isolation.sandbox import Worker
from htilde.isolation.template import Forked, Template, available
from htilde.model import Limits

pytestmark = pytest.mark.skipif(not available(), reason="this system has no pidfds")

BECOMES = """
import os, socket, sys, time
sys.path.insert(0, {root!r})
from htilde.isolation.template import serve
def become(memory, seconds):
    {body}
serve(socket.socket(fileno={descriptor}), become)
"""
ECHO = "os.write(1, f'{memory} {seconds} '.encode() + os.read(0, 100))"


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Iterator[Template]:
    """A template whose workers do what the test says."""
    body = getattr(request, "param", ECHO)

    def command(descriptor: int) -> list[str]:
        return [sys.executable, "-c", BECOMES.format(root=str(SOURCES), body=body, descriptor=descriptor)]

    made = Template(command, env={"LC_ALL": "C.UTF-8"})
    yield made
    made.close()


def said(worker: Forked, request: bytes = b"") -> bytes:
    """All that a worker answers to a request, until it ends."""
    assert worker.stdin is not None and worker.stdout is not None and worker.stderr is not None
    worker.stdin.write(request)
    worker.stdin.close()
    answer = worker.stdout.read()
    for pipe in (worker.stdout, worker.stderr):
        pipe.close()
    return answer


def test_a_worker_has_its_limits_and_its_pipes(template: Template) -> None:
    """Any number of them at once, each with its own."""
    workers = [template.fork(number, 10 * number) for number in range(5)]
    for number, worker in reversed([*enumerate(workers)]):
        assert said(worker, b"hello") == f"{number} {10 * number} hello".encode()
        assert worker.wait() == 0 == worker.wait()


ENDS = {
    "os._exit(3)": 3,
    "raise SystemExit(4)": 1,
    "1 / 0": 1,
    "os.kill(os.getpid(), 11)": -11,
}


@pytest.mark.parametrize(("template", "code"), ENDS.items(), ids=list(ENDS), indirect=["template"])
def test_how_a_worker_ended_is_told(template: Template, code: int) -> None:
    """Its exit code, or the signal with a minus; what it raised stands on its standard error."""
    worker = template.fork(1, 1)
    assert worker.stderr is not None
    complaint = worker.stderr.read().decode()
    assert worker.wait(10) == code and worker.returncode == code
    assert ("Error" in complaint or "SystemExit" in complaint) == (code == 1)
    said(worker)


@pytest.mark.parametrize("template", ["time.sleep(60)"], indirect=True)
def test_a_worker_can_be_waited_for_and_killed(template: Template) -> None:
    """As a process of one's own; killing one that has ended does nothing."""
    worker = template.fork(1, 1)
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(0.05)
    worker.kill()
    assert worker.wait(10) == -signal.SIGKILL
    worker.kill()
    said(worker)


LOOKS = (
    "os.write(1, repr((sorted(os.listdir('/proc/self/fd')), dict(os.environ), os.getsid(0) == os.getpid())).encode())"
)


@pytest.mark.parametrize("template", [LOOKS], indirect=True)
def test_a_worker_has_nothing_else(template: Template) -> None:
    """No descriptor of the template, of the examiner or of another worker, and no environment; a session of its own."""
    with Path(__file__).open("rb") as file:
        os.set_inheritable(file.fileno(), True)
        workers = [template.fork(1, 1) for _ in range(3)]
        for worker in workers:
            descriptors, environment, alone = eval(said(worker))
            assert descriptors == ["0", "1", "2", "3"]  # the last is that of the listing itself
            assert environment == {"LC_ALL": "C.UTF-8"} and alone
            assert worker.wait(10) == 0


@pytest.mark.parametrize("template", ["time.sleep(60)"], indirect=True)
def test_without_its_template_a_worker_counts_as_killed(template: Template) -> None:
    """Nobody can tell how it ended; and there are no new ones."""
    worker = template.fork(1, 1)
    template._process.kill()
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(10) == -signal.SIGKILL
    with pytest.raises(OSError, match=r".*"):
        template.fork(1, 1)
    said(worker)


def test_a_template_ends_with_its_examiner() -> None:
    """Killed or not, with a worker in an endless loop or not: nothing of it is left."""
    code = "import os, sys; from htilde.isolation.sandbox import Worker; from htilde.model import Limits\n"
    code += "worker = Worker(Limits())\nprint(worker._process.pid, os.getpid(), flush=True)\n"
    code += "worker._process.stdin.write(b'x'); print(open(f'/proc/{worker._process.pid}/stat').read().split()[3])\n"
    code += "sys.stdout.flush(); os.kill(os.getpid(), 9)"
    environment = os.environ | {"PYTHONPATH": str(SOURCES)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    worker, examiner, parent = map(int, done.stdout.split())
    assert done.returncode == -9 and parent != examiner
    _gone(worker)
    _gone(parent)


def _gone(process: int, patience: float = 10) -> None:
    until = time.monotonic() + patience
    while os.path.exists(f"/proc/{process}"):
        assert time.monotonic() < until, f"process {process} is still there"
        time.sleep(0.02)


def defined(source: str) -> object:
    """What a fresh worker's f() answers."""
    with Worker(Limits()) as worker:
        worker.run("cell 1", source, seconds=10)
        (reply,) = worker.call("f", [()], seconds=10)
        assert reply.status is Status.ANSWERED
        return reply.value


def test_workers_draw_different_numbers() -> None:
    """NumPy's own generator, which nobody has seeded, isn't in the template's state."""
    source = "import numpy as np, random\ndef f(): return [float(np.random.rand()), random.random()]"
    one, other = defined(source), defined(source)
    assert isinstance(one, list) and isinstance(other, list)
    assert one[0] != other[0] and one[1] != other[1]


def test_workers_share_nothing() -> None:
    """What one changes in a module, the next doesn't see."""
    assert defined("import numpy as np\nnp.pi = 4.0\ndef f(): return np.pi") == 4.0
    assert defined("import numpy as np\ndef f(): return np.pi") == pytest.approx(3.14159265)


def _killed() -> None:
    template = launch.template()
    template._process.kill()
    template._process.wait()


@pytest.mark.parametrize("lose", [end_template, _killed], ids=["ended", "killed"])
def test_a_lost_template_is_made_anew(lose: Callable[[], None]) -> None:
    """By the next worker."""
    first = launch.template()
    lose()
    assert defined("def f(): return 7") == 7
    assert launch.template() is not first


def test_without_a_template_a_worker_starts_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same worker, locked in the same way."""
    with Worker(Limits()) as forked:
        assert isinstance(forked._process, Forked)
    monkeypatch.setattr(sandbox, "available", lambda: False)
    with Worker(Limits()) as started:
        assert isinstance(started._process, subprocess.Popen)
    assert started.protection == forked.protection


def test_a_process_that_forks_off_makes_its_own() -> None:
    """Two would read each other's answers."""
    mine = launch.template()
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.write(writing, b"x" * (launch.template() is not mine) * (defined("def f(): return 7") == 7))
            end_template()
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    assert os.read(reading, 1) == b"x"
    os.close(reading)
    assert launch.template() is mine and defined("def f(): return 8") == 8
