"""The untrusted process, from outside: it answers, it survives what it can, and it can't forge its way out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import toys
from htilde.isolation.calls import Status
from htilde.isolation.sandbox import Worker
from htilde.model import Limits
from htilde.values import Refused, Value, identical
from hypothesis import HealthCheck, given, settings

LIMITS = Limits(cell_seconds=0.4, call_seconds=0.4, memory_mib=512)


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One for all tests that leave it alive."""
    with Worker(LIMITS) as alive:
        yield alive


def run(worker: Worker, source: str, seconds: float = 20.0) -> None:
    reply = worker.run("cell 1", source, seconds=seconds)
    assert reply.status is Status.ANSWERED, reply


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(toys.values(toys.arrays()))
def test_values_cross_both_ways(worker: Worker, value: Value) -> None:
    """What the examiner asks arrives, and what the function answers comes back, bit by bit."""
    run(worker, "def same(x): return x")
    (reply,) = worker.call("same", [(value,)], seconds=20)
    assert reply.status is Status.ANSWERED and identical(reply.value, value)


def test_each_case_has_its_reply(worker: Worker) -> None:
    """Replies come in the order of the cases, those that raise among them."""
    run(worker, "def inverse(x): return 1 / x")
    replies = list(worker.call("inverse", [(2.0,), (0.0,), (4.0,)], seconds=20))
    assert [(r.status, r.value) for r in replies] == [
        (Status.ANSWERED, 0.5),
        (Status.RAISED, None),
        (Status.ANSWERED, 0.25),
    ]
    assert (replies[1].line, replies[1].source) == (1, "def inverse(x): return 1 / x")


def test_the_latest_definition_is_asked(worker: Worker) -> None:
    """A function that is defined again is the new one."""
    for answer in (1, 2):
        run(worker, f"def version(): return {answer}")
        assert next(worker.call("version", [()], seconds=20)).value == answer


@pytest.mark.parametrize(("source", "kind"), [("", ""), ("wanted = None", ""), ("wanted = [1]", "list")])
def test_what_cant_be_called_is_missing(worker: Worker, source: str, kind: str) -> None:
    """A name that isn't there, or isn't a function, is told apart from one that raises."""
    run(worker, source)
    (reply,) = worker.call("wanted", [()], seconds=20)
    assert (reply.status, reply.message) == (Status.MISSING, kind)


SURVIVED = {
    "sys.exit": "import sys; sys.exit(0)",
    "a keyboard interrupt": "raise KeyboardInterrupt",
    "recursion": "def g(): g()\n    g()",
    "a memory bomb": "bytearray(10**12)",
    "a growing memory bomb": "import numpy as np; x = [np.ones(10**7) for _ in range(1000)]",
    "a flood of output": "for _ in range(10**4): print('x' * 1000)",
    "a thread": "import threading; threading.Thread(target=print).start()",
    "a child": "import os; os.fork()",
    "a command": "import subprocess; subprocess.run(['true'])",
    "a file": "open('/tmp/left-behind', 'w')",
    "reading standard input": "input()",
    "closing standard output": "import os; os.close(1)",
    "junk on the standard descriptors": "import os; os.write(1, bytes(99)); os.write(2, bytes(99))",
    "an attempt to lower its own limits": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (9**9, 9**9))",
}


@pytest.mark.parametrize("attack", SURVIVED.values(), ids=SURVIVED)
def test_the_worker_goes_on_after(worker: Worker, attack: str) -> None:
    """In a cell or in a call, this costs only the cell or the call."""
    run(worker, f"def attack():\n    {attack}\ndef healthy(): return 1")
    assert worker.run("cell 2", "attack()", seconds=20).status in (Status.ANSWERED, Status.RAISED)
    assert next(worker.call("attack", [()], seconds=20)).status in (Status.ANSWERED, Status.RAISED)
    assert next(worker.call("healthy", [()], seconds=20)).value == 1


MODULES = [
    "torch",
    "hypothesis",
    "scipy.special",
    "matplotlib.pyplot",
    "htilde.authoring.papers",
    "htilde.examination.compare",
]


@pytest.mark.parametrize("module", MODULES)
def test_other_packages_are_stand_ins(worker: Worker, module: str) -> None:
    """Importing what could answer for the student, or draw, is fine; using it explains."""
    run(worker, f"import {module} as m")
    reply = worker.run("cell 2", "m.something()", seconds=20)
    assert (reply.error, reply.package) == ("NotWhileGrading", module.partition(".")[0])
    assert reply.used == f"{module}.something"


def test_checking_while_grading_does_nothing(worker: Worker) -> None:
    """The check cells' own import works in the worker, and a check there is silent."""
    run(worker, "from htilde import check\nassert check(None) is None")


def test_the_worker_knows_nothing_of_its_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment, arguments and search path tell nothing about the course or who grades."""
    monkeypatch.setenv("GRADEBOOK", "secret")
    with Worker(LIMITS) as worker:
        run(worker, "import os, sys\nassert 'GRADEBOOK' not in os.environ and 'HOME' not in os.environ")
        run(worker, "assert '' not in sys.path and '.' not in sys.path and os.getcwd() == '/'")
        run(worker, "assert sys.argv == ['-c'] and not any('htilde' in name for name in os.environ)")


ENDS = {
    "os._exit(0)": (Status.DIED, "import os; os._exit(0)"),
    "a crash in C": (Status.DIED, "import ctypes; ctypes.string_at(0)"),
    "a fatal signal": (Status.DIED, "import os; os.abort()"),
    "an endless loop": (Status.TIMED_OUT, "while True: pass"),
    "an endless loop that catches everything": (
        Status.TIMED_OUT,
        "while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    ),
    "endless output": (Status.TIMED_OUT, "while True: print('x' * 1000)"),
    "sleep": (Status.TIMED_OUT, "import time; time.sleep(1000)"),
    "ignored signals": (
        Status.TIMED_OUT,
        "import signal\n    for s in (2, 15): signal.signal(s, signal.SIG_IGN)\n    while True: pass",
    ),
    "junk to every descriptor": (
        Status.DIED,
        "import os\n    for d in range(64):\n"
        "        try: os.write(d, bytes([200]) * 999)\n        except OSError: pass",
    ),
    "a frame of 4 GB": (
        Status.DIED,
        "import os\n    for d in range(64):\n        try: os.write(d, bytes([255]) * 4)\n        except OSError: pass",
    ),
    "a frame that isn't a reply": (
        Status.DIED,
        "import os\n    for d in range(64):\n"
        "        try: os.write(d, bytes([1, 0, 0, 0]) + b'T')\n        except OSError: pass",
    ),
    "half a frame, then silence": (
        Status.TIMED_OUT,
        "import os, time\n    for d in range(64):\n        try: os.write(d, bytes([9, 0, 0, 0]))\n"
        "        except OSError: pass\n    time.sleep(1000)",
    ),
}


@pytest.mark.parametrize(("status", "attack"), ENDS.values(), ids=ENDS)
def test_the_worker_is_ended_by(status: Status, attack: str) -> None:
    """What can't be survived ends the process within its time, with a reply that says so and no value."""
    with Worker(LIMITS) as worker:
        run(worker, f"def attack():\n    {attack}\n    return 'forged'")
        seconds = LIMITS.call_seconds if status is Status.TIMED_OUT else 20.0
        replies = list(worker.call("attack", [(), (), ()], seconds=seconds))
        assert [(reply.status, reply.value) for reply in replies] == [(status, None)]
        assert replies[0].end.keys() & {"end", "limit"}
        (after,) = worker.call("attack", [()], seconds=seconds)
        assert after.status in (Status.DIED, Status.TIMED_OUT)


def test_a_forged_reply_is_only_an_answer() -> None:
    """A frame that a student writes by hand counts as what the function answered, never as a verdict."""
    forged = (
        "import os, struct\n"
        "def text(s): return b's' + struct.pack('<I', len(s)) + s\n"
        "fields = {'status': text(b'answered'), 'value': b'T', 'notes': b't' + bytes(4)}\n"
        "for name in 'error message source function printed'.split(): fields[name] = text(b'')\n"
        "body = b'd' + struct.pack('<I', 8) + b''.join(text(k.encode()) + v for k, v in fields.items())\n"
        "def attack(x):\n"
        "    for d in range(64):\n"
        "        try: os.write(d, struct.pack('<I', len(body)) + body)\n"
        "        except OSError: pass\n"
        "    return x"
    )
    with Worker(LIMITS) as worker:
        run(worker, forged)
        reply = next(worker.call("attack", [(np.zeros(2),)], seconds=20))
        assert (reply.status, reply.value) == (Status.ANSWERED, True)


def test_an_answer_that_is_too_large_is_refused() -> None:
    """An honest but enormous answer is named, like any other that isn't a value."""
    with Worker(LIMITS) as worker:
        run(worker, "import numpy as np\ndef f(): return [np.zeros(2**20) for _ in range(5)]")
        reply = next(worker.call("f", [()], seconds=20))
        assert reply.status is Status.ANSWERED and isinstance(reply.value, list)
        assert reply.value[-1] == Refused("more than 32 MiB in one answer")
