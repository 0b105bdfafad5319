"""Examining in the background: the exercise that was changed first, the newest save first, nothing told that is old."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import learner
import pytest
from htilde.codes import Code
from htilde.errors import GraderFault, SubmissionError
from htilde.isolation.session import Session
from htilde.language import speaking
from htilde.model import Limits
from htilde.self_study import background as module
from htilde.self_study.background import BackgroundExaminer, Failed, Found
from htilde.self_study.standing import State
from htilde.self_study.workspace import Workspace

Reports = SimpleQueue[Found | Failed]


@pytest.fixture
def space(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    return learner.workspace(tmp_path_factory, tmp_path / "mine")


@pytest.fixture
def reports() -> Reports:
    return SimpleQueue()


@pytest.fixture
def examining(space: Workspace, reports: Reports) -> Iterator[BackgroundExaminer]:
    found = BackgroundExaminer(space, reports.put)
    yield found
    found.close()


def found(reports: Reports) -> Found:
    report = reports.get(timeout=20)
    assert isinstance(report, Found), report
    return report


def quiet(reports: Reports) -> bool:
    with pytest.raises(Empty):
        reports.get(timeout=0.4)
    return True


def test_what_was_changed_is_told_first(space: Workspace, examining: BackgroundExaminer, reports: Reports) -> None:
    """Then the whole file; an exercise that was asked for comes first if nothing has changed."""
    examining.want("toys", "negate")
    first, whole = found(reports), found(reports)
    assert (first.changed, [*first.states], [*whole.states]) == ("", ["negate"], ["double", "negate"])
    learner.answer(space, "double", learner.RIGHT)
    examining.want("toys")
    first, whole = found(reports), found(reports)
    assert first.changed == "double" and first.states == {"double": State.PASSED} and first.results[0].passed
    assert whole.changed == "" and whole.states["negate"] is State.TODO


def test_a_save_that_changes_nothing_is_passed_over(
    space: Workspace, examining: BackgroundExaminer, reports: Reports
) -> None:
    """Only prose, or nothing at all, as a notebook saves itself."""
    examining.want("toys")
    found(reports)
    space.file("toys").write_text(space.file("toys").read_text().replace("# # Doubles", "# # Twice"))
    examining.want("toys")
    assert quiet(reports)


def test_a_change_of_what_all_use_is_told_of_all(
    space: Workspace, examining: BackgroundExaminer, reports: Reports
) -> None:
    """No exercise was changed, so none comes to the front."""
    examining.want("toys")
    found(reports)
    space.file("toys").write_text(space.file("toys").read_text().replace("import numpy", "import math, numpy"))
    examining.want("toys")
    assert found(reports).changed == "" and quiet(reports)


def test_a_change_isnt_lost_when_it_is_overtaken(
    space: Workspace, examining: BackgroundExaminer, reports: Reports
) -> None:
    """Saved once more while it hangs, without a further change: it is still the one that was changed."""
    learner.answer(space, "double", "def double(x):\n    while True: pass\n")
    examining.want("toys")
    time.sleep(0.3)
    space.file("toys").write_text(space.file("toys").read_text().replace("while True: pass", "return x + 2"))
    examining.want("toys")
    first = found(reports)
    assert first.changed == "double" and first.states == {"double": State.STARTED}


def test_what_is_interrupted_is_finished_later(
    space: Workspace, examining: BackgroundExaminer, reports: Reports
) -> None:
    """Another file's save comes first; then the one that had to wait, as it is by then."""
    learner.answer(space, "double", "def double(x):\n    while True: pass\n")
    examining.want("toys", "double")
    time.sleep(0.5)
    learner.answer(space, "double", learner.RIGHT)
    examining.want("more", "triple")
    seen = [found(reports) for _ in range(4)]
    assert [report.assignment for report in seen] == ["more", "more", "toys", "toys"]
    assert seen[2].states == {"double": State.PASSED}


def test_a_half_written_notebook_is_waited_for(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, reports: Reports
) -> None:
    """It is no error until it stays so."""
    space = learner.workspace(tmp_path_factory, tmp_path / "book", form="notebook")
    learner.answer(space, "double", learner.RIGHT)
    whole = space.file("toys").read_bytes()
    examining = BackgroundExaminer(space, reports.put)
    try:
        space.file("toys").write_bytes(whole[: len(whole) // 2])
        examining.want("toys", "double")
        time.sleep(0.3)
        space.file("toys").write_bytes(whole)
        assert found(reports).states == {"double": State.PASSED}
        found(reports)
        space.file("toys").write_bytes(whole[:-9])
        examining.want("toys")
        report = reports.get(timeout=20)
        assert isinstance(report, Failed) and isinstance(report.error, SubmissionError)
    finally:
        examining.close()


def test_a_worker_that_died_while_it_waited_is_replaced(
    space: Workspace, reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once; a machine on which they all die is told."""
    alive: list[bool] = [False, True]

    def started(limits: Limits) -> Session:
        session = Session(limits)
        if not (alive.pop(0) if alive else True):
            assert session._worker is not None
            session._worker.kill()
        return session

    monkeypatch.setattr(module, "Session", started)
    examining = BackgroundExaminer(space, reports.put)
    try:
        examining.want("toys", "double")
        assert found(reports).states == {"double": State.TODO}
        found(reports)
        alive += [False] * 20
        examining.want("more", "triple")
        report: Found | Failed = reports.get(timeout=20)
        while isinstance(report, Found):  # by those that were ready
            report = reports.get(timeout=20)
        assert isinstance(report.error, GraderFault)
    finally:
        examining.close()


def test_the_language_of_who_asks_is_spoken(space: Workspace, reports: Reports) -> None:
    """Though it is another thread that examines: an error is told in it, and a verdict is in none."""
    with speaking("ko"):
        examining = BackgroundExaminer(space, reports.put)
    try:
        examining.want("toys", "double")
        assert found(reports).results[0].verdicts[0].code is Code.NOT_IMPLEMENTED
        space.file("toys").unlink()
        examining.want("toys", "double")
        event: Found | Failed = reports.get(timeout=20)
        while isinstance(event, Found):
            event = reports.get(timeout=20)
        assert "그런 파일이 없습니다" in str(event.error)
    finally:
        examining.close()


def test_closing_ends_what_is_going_on(space: Workspace, reports: Reports) -> None:
    """Also an endless loop, at once and without a word."""
    learner.answer(space, "double", "def double(x):\n    while True: pass\n")
    examining = BackgroundExaminer(space, reports.put)
    examining.want("toys", "double")
    time.sleep(0.4)
    begun = time.monotonic()
    examining.close()
    assert time.monotonic() - begun < 3 and reports.empty()
