"""Each promise is tried for real: it holds in a locked worker, and is seen not to hold in one that isn't."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from autograder import sandbox
from autograder.model import Limits
from autograder.promises import PROMISES, Promise, _tried, try_promises

LIMITS = Limits(memory_mib=1024, call_seconds=5.0)
LEFT_BEHIND = Path("/tmp/autograder-probe")
REFUSED = [promise for promise in PROMISES if not promise.kills]


@pytest.fixture(scope="module")
def official() -> bool:
    return sandbox.protection().official


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers whose lock does nothing."""
    begin = "from autograder.worker import main"
    assert begin in sandbox._BOOTSTRAP
    without = f"{begin}, lock\nlock.lock = lambda **_: lock.Protection((), ('all: switched off',))"
    monkeypatch.setattr(sandbox, "_BOOTSTRAP", sandbox._BOOTSTRAP.replace(begin, without))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.says)
def test_holds_in_a_locked_worker(official: bool, promise: Promise) -> None:
    """What is promised of student code is refused, or ended, where every layer of the lock is there."""
    if not official:
        pytest.skip("this kernel, or the container around it, lacks a layer of the lock")
    tried = _tried(promise, LIMITS)
    assert tried.held, tried
    assert tried.promise is promise and tried.detail


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("promise", REFUSED, ids=lambda promise: promise.says)
def test_is_seen_not_to_hold_without_the_lock(promise: Promise) -> None:
    """The same attempt gets through, and is reported so; it leaves nothing behind."""
    tried = _tried(promise, LIMITS)
    assert not tried.held, tried
    assert tried.detail == "breached" or tried.detail.startswith("died")
    assert not LEFT_BEHIND.exists()


UNHELD = {
    "one that gets through": Promise("can't do anything", "pass"),
    "one that fails for another reason": Promise("can't use what isn't there", "{}['key']"),
    "one that isn't refused, but slow": Promise("can't wait", "while True: pass"),
    "one that isn't Python": Promise("can't be compiled", "x = = 1"),
    "one that should never end, and does": Promise("is stopped", "pass", kills=True),
    "one that should never end, and is refused": Promise("is stopped", "raise PermissionError", kills=True),
}


@pytest.mark.parametrize("promise", UNHELD.values(), ids=UNHELD)
def test_only_a_refusal_counts_as_held(promise: Promise) -> None:
    """Whatever else comes of an attempt, a probe that is broken among it, isn't taken for protection."""
    assert not _tried(promise, replace(LIMITS, call_seconds=0.3)).held


def test_all_are_tried_each_in_a_worker_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, so that one attempt can't spoil the next."""
    started: list[object] = []
    real = sandbox.Worker.__init__

    def start(worker: sandbox.Worker, limits: Limits) -> None:
        started.append(worker)
        real(worker, limits)

    monkeypatch.setattr(sandbox.Worker, "__init__", start)
    monkeypatch.setattr("autograder.promises.PROMISES", PROMISES[:3])
    assert [tried.promise for tried in try_promises(LIMITS)] == list(PROMISES[:3])
    assert len(started) == 3


def test_each_says_something_else() -> None:
    """A list that people read, without repetitions."""
    assert (
        len({promise.says for promise in PROMISES}) == len({promise.attempt for promise in PROMISES}) == len(PROMISES)
    )
