"""A session outlives its workers: one endless loop costs one exercise, and no submission outstays its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from htilde.codes import Details
from htilde.errors import GraderFault
from htilde.isolation.calls import Status
from htilde.isolation.session import Session
from htilde.model import Limits
from htilde.values import Refused

LIMITS = Limits(cell_seconds=0.4, call_seconds=0.4, exercise_seconds=5.0, submission_seconds=60.0)

LOST = {
    "a time-out": (Status.TIMED_OUT, "while True: pass"),
    "a death": (Status.DIED, "import os; os._exit(1)"),
}


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(LIMITS) as session:
        yield session


def value_of(session: Session, function: str) -> object:
    return session.call(function, [()], seconds=5.0)[-1].value


@pytest.mark.parametrize(("status", "attack"), LOST.values(), ids=LOST)
def test_a_lost_cell_is_dropped_and_the_others_stay(session: Session, status: Status, attack: str) -> None:
    """After a cell that had to be stopped, everything from before it is there, and nothing of its own."""
    session.run("cell 1", "x = 1\ndef f(): return x")
    session.run("cell 2", "y = 2\n1 / 0")
    session.run("cell 3", "x = x + y")
    assert session.run("cell 4", f"x = 100\n{attack}").status is status
    assert value_of(session, "f") == 3
    assert session.run("cell 5", "x += 1").status is Status.ANSWERED
    assert value_of(session, "f") == 4


@pytest.mark.parametrize(("status", "attack"), LOST.values(), ids=LOST)
def test_a_lost_call_costs_no_other_function(session: Session, status: Status, attack: str) -> None:
    """A function that had to be stopped is the last word on its cases; the next function is asked as ever."""
    session.run("cell 1", f"def bad():\n    {attack}\ndef good(): return 7")
    assert [reply.status for reply in session.call("bad", [(), ()], seconds=5.0)] == [status]
    assert value_of(session, "good") == 7


def test_a_cell_that_fails_only_on_replay_is_left_out(session: Session) -> None:
    """A cell that ends the process when it is run again doesn't keep the others from coming back."""
    session.run("cell 1", "import os\ndef good(): return os.getpid()\ndef ends(): os._exit(1)")
    first = value_of(session, "good")
    session.run("cell 2", f"if os.getpid() != {first}: os._exit(1)")
    session.run("cell 3", "z = 1\ndef also(): return z")
    session.call("ends", [()], seconds=5.0)
    assert value_of(session, "good") != first and value_of(session, "also") == 1


def test_an_exercise_has_a_time_of_its_own(session: Session) -> None:
    """Cases that are each quick enough end together when the exercise's time is over."""
    session.run("cell 1", "import time\ndef slow(): time.sleep(0.2); return 1")
    replies = session.call("slow", [()] * 20, seconds=0.3)
    assert len(replies) < 20 and replies[-1].status is Status.TIMED_OUT
    assert replies[-1].end == {"limit": "exercise", "seconds": LIMITS.exercise_seconds}
    assert all(reply.value == 1 for reply in replies[:-1])


def test_a_submission_has_a_time_of_its_own() -> None:
    """When the notebook's time is over nothing more of it runs, and each reply says so."""
    with Session(Limits(cell_seconds=5.0, submission_seconds=0.2)) as session:
        session.run("cell 1", "while True: pass")
        late = [session.run("cell 2", "x = 1"), *session.call("f", [(), ()], seconds=5.0)]
    told = {"limit": "submission", "seconds": 0.2}
    assert [(reply.status, reply.end) for reply in late] == [(Status.TIMED_OUT, told)] * 2


DEATHS = {
    "os._exit(1)": {"end": "exited"},
    "import numpy; numpy.errstate = None": {"end": "exited"},  # the worker's own, for want of it
    "os.abort()": {"end": "signal", "signal": 6},
    "os.kill(os.getpid(), 15)": {"end": "signal", "signal": 15},
    "os.closerange(3, 64); time.sleep(60)": {"end": "closed_pipe"},
    "os.write(4, bytes(9))": {"end": "not_an_answer"},
}


@pytest.mark.parametrize(("end", "told"), DEATHS.items(), ids=DEATHS)
def test_a_death_is_told_as_it_was(session: Session, monkeypatch: pytest.MonkeyPatch, end: str, told: Details) -> None:
    """By its own signal, not by the one that makes sure of it; a process that only falls silent isn't waited for."""
    monkeypatch.setattr("htilde.isolation.sandbox.END_SECONDS", 0.3)
    session.run("cell 1", f"import os, time\ndef f():\n    try: {end}\n    except OSError: pass")
    replies = [*session.call("f", [(), ()], seconds=5.0)]
    assert (replies[-1].status, replies[-1].end) == (Status.DIED, told)


@pytest.mark.parametrize("limit", ["call", "exercise", "submission"])
def test_a_time_out_is_told_by_the_limit_that_was_meant(limit: str) -> None:
    """A call that is stopped because a longer time is used up says which, not how little was left of it."""
    limits = replace(Limits(), **{f"{limit}_seconds": 0.3})
    with Session(limits) as session:
        session.run("cell 1", "def f():\n    while True: pass")
        (reply,) = session.call("f", [(), ()], seconds=limits.exercise_seconds)
    assert (reply.status, reply.end) == (Status.TIMED_OUT, {"limit": limit, "seconds": 0.3})


def test_a_submission_cant_borrow_time_from_its_exercises() -> None:
    """Calls that are each quick enough end with the submission's time, however much the exercise has left."""
    with Session(Limits(submission_seconds=0.5)) as session:
        session.run("cell 1", "import time\ndef slow(): time.sleep(0.1); return 1")
        replies = session.call("slow", [()] * 50, seconds=20.0)
    assert len(replies) < 10 and replies[-1].end == {"limit": "submission", "seconds": 0.5}


def test_the_examiner_holds_few_large_answers(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much a function answers, no more than this is kept in memory; the rest is refused by its name."""
    monkeypatch.setattr("htilde.isolation.session.MAX_HELD", 2**20)
    session.run("cell 1", "import numpy as np\ndef f(): return np.ones(2**15)")
    replies = session.call("f", [()] * 8, seconds=5.0)
    assert [isinstance(reply.value, Refused) for reply in replies] == 3 * [False] + 5 * [True]
    assert not isinstance(value_of(session, "f"), Refused)  # the next request has as much again


def test_no_cases_need_no_replies(session: Session) -> None:
    """A function that is asked nothing says nothing."""
    assert session.call("f", [], seconds=5.0) == []


def test_sessions_share_nothing(session: Session) -> None:
    """What one submission defines isn't there in another."""
    session.run("cell 1", "import numpy as np\nnp.pi = 3\ndef f(): return 1")
    with Session(LIMITS) as other:
        assert other.call("f", [()], seconds=5.0)[0].status is Status.MISSING
        assert other.run("cell 1", "import numpy as np\nassert np.pi > 3.1").status is Status.ANSWERED


def test_closing_twice_does_no_harm(session: Session) -> None:
    """A session that was closed may be closed again."""
    session.close()
    session.close()


def test_the_time_of_a_session_runs_from_its_use() -> None:
    """One that was started ahead has waited for nothing."""
    waiting = Session(replace(LIMITS, submission_seconds=0.5))
    time.sleep(0.6)
    with waiting as session:
        assert session.run("cell 1", "def f(): return 1").status is Status.ANSWERED
        assert value_of(session, "f") == 1


@pytest.mark.parametrize("entered", [True, False], ids=["in use", "not yet"])
def test_a_session_is_stopped_from_another_thread(entered: bool) -> None:
    """Whoever waits for it is told soon, in one way or another, and no new worker starts."""
    session = Session(Limits())
    if not entered:
        session.stop()
    else:
        threading.Timer(0.3, session.stop).start()
    begun = time.monotonic()
    try:
        with session:
            reply = session.run("cell 1", "while True: pass")
            assert reply.status is not Status.ANSWERED and value_of(session, "f") is None
    except GraderFault:
        pass
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    ("source", "cut_short"),
    [
        ("def f(): return 1", False),
        ("def f(): return 1 / 0", False),
        ("def f():\n    while True: pass", True),
        ("import os\ndef f(): os._exit(3)", True),
    ],
)
def test_a_session_says_whether_it_was_cut_short(source: str, cut_short: bool) -> None:
    """A time that ran out, or a worker that ended, may be a busy machine's doing; nothing else may."""
    with Session(Limits(call_seconds=0.5)) as session:
        session.run("cell 1", source)
        session.call("f", [()], seconds=5)
        assert session.cut_short is cut_short
