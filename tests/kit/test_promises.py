"""Each promise is tried for real: it holds in a locked worker, and is seen not to hold in one that isn't."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from htilde.isolation import sandbox
from htilde.isolation.calls import Status
from htilde.isolation.promises import CLEAN_START, CLOCK, PROMISES, Promise, _tried, try_promises
from htilde.model import Limits

LIMITS = Limits(memory_mib=1024, call_seconds=5.0)
BY_THE_LOCK = [promise for promise in PROMISES if not {CLEAN_START, CLOCK} & set(promise.by)]


@pytest.fixture(scope="module")
def official() -> bool:
    return sandbox.protection().official


def _first(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let workers do this before they lock themselves."""
    begin = "from htilde.isolation.worker import main"
    assert begin in sandbox._BOOTSTRAP
    monkeypatch.setattr(sandbox, "_BOOTSTRAP", sandbox._BOOTSTRAP.replace(begin, f"{begin}, lock\n{code}"))


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers whose lock does nothing."""
    _first(monkeypatch, "lock.lock = lambda **_: lock.Protection((), ('all: switched off',))")


WITHOUT = {
    "resource limits": "lock._limit = lambda limits: None",
    "no new privileges": "",  # the filter and Landlock need it
    "capabilities dropped": "lock._drop_capabilities = lambda: None",
    "landlock": "lock.landlock.restrict = lambda paths: None",
    "seccomp": "lock.seccomp.load = lambda: None",
}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.says)
def test_holds_in_a_locked_worker(official: bool, promise: Promise) -> None:
    """What is promised of student code is refused, or ended, where every layer of the lock is there."""
    if not official:
        pytest.skip("this kernel, or the container around it, lacks a layer of the lock")
    tried = _tried(promise, LIMITS)
    assert tried.held, tried
    assert tried.promise is promise and tried.detail


@pytest.mark.usefixtures("unlocked")
@pytest.mark.parametrize("promise", BY_THE_LOCK, ids=lambda promise: promise.says)
def test_is_seen_not_to_hold_without_the_lock(promise: Promise) -> None:
    """The same attempt gets through, and is reported so."""
    tried = _tried(promise, replace(LIMITS, call_seconds=1.5))
    assert not tried.held, tried
    assert tried.by == ()
    assert tried.detail == "breached" or tried.detail.startswith("died") or promise.ends


HOLDERS = [(promise, layer) for promise in BY_THE_LOCK for layer in promise.by if layer in WITHOUT]


@pytest.mark.parametrize(("promise", "layer"), HOLDERS, ids=lambda it: it if isinstance(it, str) else it.says)
def test_each_that_is_said_to_hold_it_does(
    monkeypatch: pytest.MonkeyPatch, official: bool, promise: Promise, layer: str
) -> None:
    """With all other layers that could hold it switched off, the one that is named is enough."""
    if not official:
        pytest.skip("this kernel, or the container around it, lacks a layer of the lock")
    _first(monkeypatch, "\n".join(off for other, off in WITHOUT.items() if other != layer))
    tried = _tried(promise, LIMITS)
    assert tried.held and tried.by == (layer,), tried


@pytest.mark.parametrize("promise", [p for p in PROMISES if CLEAN_START in p.by], ids=lambda promise: promise.says)
def test_a_clean_start_is_needed(monkeypatch: pytest.MonkeyPatch, promise: Promise) -> None:
    """A worker that is handed its parent's environment and open files is seen to have them."""
    monkeypatch.setattr(sandbox, "available", lambda: False)  # one from the template closes what it finds
    real = subprocess.Popen

    def careless(*arguments: Any, **options: Any) -> Any:
        return real(*arguments, **options | {"env": {**os.environ, **options["env"]}, "close_fds": False})

    monkeypatch.setattr(sandbox.subprocess, "Popen", careless)
    with Path(__file__).open("rb") as file:
        os.set_inheritable(file.fileno(), True)
        assert _tried(promise, LIMITS).detail == "breached"


NOTHING = ("seccomp",)
UNHELD = {
    "one that gets through": Promise("can't do anything", "pass", NOTHING),
    "one that fails for another reason": Promise("can't use what isn't there", "{}['key']", NOTHING),
    "one that the system refuses for another reason": Promise("can't", "raise OSError(errno.EIO, 'x')", NOTHING),
    "one that isn't refused, but slow": Promise("can't wait", "while True: pass", NOTHING),
    "one that isn't Python": Promise("can't be compiled", "x = = 1", NOTHING),
    "one that should never end, and does": Promise("is stopped", "pass", NOTHING, ends=Status.TIMED_OUT),
    "one that should never end, and is refused": Promise(
        "is stopped", "raise PermissionError", NOTHING, ends=Status.TIMED_OUT
    ),
    "one that should be stopped, and ends itself": Promise("is stopped", "os._exit(0)", NOTHING, ends=Status.TIMED_OUT),
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
    monkeypatch.setattr("htilde.isolation.promises.PROMISES", PROMISES[:3])
    assert [tried.promise for tried in try_promises(LIMITS)] == list(PROMISES[:3])
    assert len(started) == 3


def test_each_says_something_else() -> None:
    """A list that people read, without repetitions; each is held by something."""
    assert len({promise.says for promise in PROMISES}) == len(PROMISES)
    assert len({(promise.attempt, promise.ends) for promise in PROMISES}) == len(PROMISES)
    assert all(promise.by for promise in PROMISES)


def test_the_documentation_names_each() -> None:
    """docs/security.md lists the promises, word for word, with what holds them."""
    text = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [f"| {promise.says} | {', '.join(promise.by)} |" for promise in PROMISES]
    assert [row for row in rows if row not in text] == []
