"""Examining many at once: as it would be one by one, and a process that ends costs nobody anything."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
import toys
from clone import ROOT
from htilde.diagnosis.completion import examine
from htilde.diagnosis.executors import Examiner, ProcessExecutor, cores, examine_all
from htilde.errors import GraderFault
from htilde.model import Examination, Limits
from htilde.submissions.steps import Ask, Run, Submission

EXAMINER = Examiner((toys.paper(),), Limits(call_seconds=20))
RIGHT, WRONG, SLOW = "return 2 * x", "return x + 2", "import time; time.sleep(0.1); return 2 * x"


def handed_in(body: str) -> Submission:
    return Submission((Run("cell 1", f"def double(x):\n    {body}"), Ask("double")))


class Died(Exception):
    """The end of a worker process, as it looks here."""


class Fakes:
    """Examines at once, but breaks at some submissions, and the first time never ends with others."""

    def __init__(self, *deadly: str, slow: Sequence[str] = (), window: int = 3) -> None:
        self.window, self._deadly, self._slow, self.restarted = window, [*deadly], [*slow], 0

    def submit(self, submission: Submission) -> Future[Examination]:
        future: Future[Examination] = Future()
        assert isinstance(submission.steps[0], Run)
        name = submission.steps[0].source
        if name in self._slow:
            self._slow.remove(name)
        elif name in self._deadly:
            self._deadly.remove(name)
            future.set_exception(Died())
        elif name == "fails":
            future.set_exception(GraderFault("no worker"))
        else:
            future.set_result(Examination(name, ()))
        return future

    def is_broken(self, error: BaseException) -> bool:
        return isinstance(error, Died)

    def restart(self) -> None:
        self.restarted += 1


def named(*names: str) -> Iterator[tuple[str, Submission]]:
    return ((name, Submission((Run("cell 1", name),))) for name in names)


def test_everybody_is_examined_once() -> None:
    """However many there are, and no more than the executor takes are handed out."""
    executor, names = Fakes(), [f"s{number}" for number in range(20)]
    found = list(examine_all(named(*names), executor))
    assert sorted(name for name, _ in found) == sorted(names)
    assert all(isinstance(outcome, Examination) and outcome.assignment == name for name, outcome in found)


def test_submissions_are_taken_as_they_are_needed() -> None:
    """Ten thousand of them aren't held at once."""
    taken = []

    def endless() -> Iterator[tuple[str, Submission]]:
        for number in range(10_000):
            taken.append(number)
            yield from named(f"s{number}")

    outcomes = examine_all(endless(), Fakes(window=3))
    next(outcomes)
    assert len(taken) <= 6


def test_a_death_costs_nobody_anything() -> None:
    """All that were under way are tried again; who dies once more is a fault of the grader, and only that one."""
    executor = Fakes("b", "c", "c")
    found = dict(examine_all(named("a", "b", "c", "d", "e"), executor))
    assert found.keys() == {*"abcde"} and executor.restarted >= 2
    assert {name for name, outcome in found.items() if isinstance(outcome, Examination)} == {*"abde"}
    assert isinstance(found["c"], GraderFault) and "--jobs" in found["c"].next_step


def test_what_was_under_way_when_somebody_died_is_tried_again() -> None:
    """It may never come back from those who are gone."""
    found = dict(examine_all(named("slow", "b", "c"), Fakes("b", slow=["slow"])))
    assert found.keys() == {"slow", "b", "c"} and all(isinstance(done, Examination) for done in found.values())


def test_a_fault_is_handed_on() -> None:
    """With its own words, and the others are examined."""
    found = dict(examine_all(named("a", "fails", "b"), Fakes()))
    assert str(found.pop("fails")) == "no worker" and all(isinstance(done, Examination) for done in found.values())


def test_processes_give_what_this_one_gives() -> None:
    """The same verdicts, in any number of processes; none is left."""
    before = {*multiprocessing.active_children()}
    with ProcessExecutor(EXAMINER, 2) as executor:
        found = dict(examine_all([("r", handed_in(RIGHT)), ("w", handed_in(WRONG)), ("x", handed_in("1 +"))], executor))
    assert found == {
        name: examine(handed_in(body), EXAMINER.papers, EXAMINER.limits)
        for name, body in zip("rwx", (RIGHT, WRONG, "1 +"))
    }
    assert {*multiprocessing.active_children()} == before


def test_a_process_that_is_killed_costs_nothing() -> None:
    """As by a kernel without memory: what it was at is examined all the same."""

    def kill() -> None:
        while not (children := {*multiprocessing.active_children()} - others):
            time.sleep(0.05)
        time.sleep(0.8)
        children.pop().kill()

    others = {*multiprocessing.active_children()}
    killer = threading.Thread(target=kill)
    killer.start()
    with ProcessExecutor(EXAMINER, 2) as executor:
        found = dict(examine_all([(str(n), handed_in(SLOW)) for n in range(4)], executor))
    killer.join()
    assert [isinstance(outcome, Examination) and outcome.passed for outcome in found.values()] == [True] * 4


SCRIPT = """
import multiprocessing, sys
from test_executors import EXAMINER, SLOW, handed_in
from htilde.diagnosis.executors import ProcessExecutor, examine_all
if __name__ == "__main__":
    print("ready", flush=True)
    try:
        with ProcessExecutor(EXAMINER, 2) as executor:
            for name, _ in examine_all([(n, handed_in(SLOW)) for n in range(50)], executor):
                print("one", *(child.pid for child in multiprocessing.active_children()), flush=True)
    except KeyboardInterrupt:
        print("stopped", len(multiprocessing.active_children()))
"""


@pytest.mark.parametrize(("how", "last"), [(signal.SIGINT, "stopped 0"), (signal.SIGKILL, "")])
def test_nobody_is_left_behind(tmp_path: Path, how: int, last: str) -> None:
    """Ctrl-C, which a whole terminal hears, ends them without a word; so does the end of the one that asked."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "autograder"), str(Path(__file__).parent)])}
    with subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdout=-1, stderr=-1, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline() == "ready\n"
        pids = [int(pid) for pid in process.stdout.readline().split()[1:]]
        if how == signal.SIGINT:
            os.killpg(process.pid, how)
        else:
            process.kill()
        rest, errors = process.stdout.read(), process.stderr.read()
    assert rest.strip().rpartition("\n")[2].startswith(last) and "Traceback" not in errors and pids
    ends = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_cores_are_those_that_may_be_used() -> None:
    """Not all that the machine has."""
    assert 1 <= cores() <= (os.cpu_count() or 1)


def test_neither_torch_nor_hypothesis_is_loaded_to_examine() -> None:
    """Not here, and not in the processes: they import this module, and no more."""
    look = "import sys, htilde.diagnosis.executors\n"
    look += "print({'torch', 'hypothesis', 'nbgrader', 'nbformat'} & {*sys.modules})"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "autograder")}
    done = subprocess.run([sys.executable, "-c", look], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
