"""Watching: a save is answered at once, on a terminal and off it, and the terminal is left as it was."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import learner
import pytest
from clone import ROOT
from htilde.characters import columns
from htilde.self_study.progress import read_progress
from htilde.self_study.workspace import Workspace
from screen import COLUMNS, ROWS, Screen

pytestmark = pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")


@pytest.fixture
def space(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    return learner.workspace(tmp_path_factory, tmp_path / "mine")


def fits(screen: Screen, rows: int = ROWS, width: int = COLUMNS) -> bool:
    return len(screen.lines) <= rows and all(columns(line) <= width for line in screen.lines)


def test_an_exercise_from_stub_to_solution(space: Workspace) -> None:
    """Mistake, diagnosis, hints, a hidden property, pass, solution, next; every screen fits, and q leaves quietly."""
    with Screen(space.root, "watch") as screen:
        first = screen.wait("double: not yet", "Not implemented yet", "0 of 3")
        assert "next: negate" in first and "hidden properties, asked once the public ones pass: 1" in first
        learner.answer(space, "double", learner.ADDS_TWO)
        screen.wait("It looks like: adds two.", "You added two; multiply by it.", "saved ")
        assert fits(screen)
        screen.press("s")
        screen.wait("unlocks once", "htilde solution double --give-up")
        screen.press("h")
        assert "2·x" not in screen.wait("canary_of_the_idea_q5v", "x + x", "ask again")
        screen.press("h")
        screen.wait("canary_of_the_idea_q5v", "2·x")
        learner.answer(space, "double", learner.RIGHT_BUT_FAR)
        shown = screen.wait("the public properties hold, a hidden one doesn't", "[hidden] The result is twice x on")
        assert "is wrong for some inputs" in shown and "0 of 3" in shown
        learner.answer(space, "double", learner.RIGHT)
        screen.wait("every property holds, the hidden ones too", "1 of 3")
        screen.press("s")
        screen.wait("the reference:", learner.CANARY, "canary_of_the_commentary_q5v")
        screen.press("l")
        screen.wait("ok  double", "passed", "to do", "more: 0 of 1")
        screen.press("n")
        screen.wait("negate: not yet")
        assert fits(screen) and read_progress(space).hints == {"toys/double": 2}
        screen.press("q")
        assert screen.end() == 0 and screen.sane


def test_the_exercise_that_is_changed_comes_to_the_front(space: Workspace) -> None:
    """Also one of another assignment, and from a list that is being read."""
    with Screen(space.root, "watch") as screen:
        screen.wait("double: not yet")
        screen.press("l")
        screen.wait("toys: 0 of 2")
        learner.answer(space, "triple", "def triple(x):\n    return 3 * x\n", assignment="more")
        screen.wait("more.py: triple", "every property holds", "1 of 3")


def test_korean_from_end_to_end(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    """Of the workspace's language is every word but the course's own; Korean letters count for the keys beside them."""
    space = learner.workspace(tmp_path_factory, tmp_path / "mine", language="ko", form="notebook")
    with Screen(space.root, "watch") as screen:
        screen.wait("아직 아님", "다음: negate")
        learner.answer(space, "double", learner.RIGHT)
        screen.wait("숨은 성질까지 모두 성립함", "1/3")
        assert fits(screen)
        screen.press("ㄴ")
        screen.wait("모범 답안", "곱셈 한 번입니다.")
        screen.press("ㅂ")
        assert screen.end() == 0 and screen.sane


def test_a_long_page_is_turned(space: Workspace) -> None:
    """A small window shows all of it, a piece at a time, and a larger one is used at once."""
    with Screen(space.root, "watch") as screen:
        screen.wait("double: not yet")
        screen.resize(12, 60)
        os.kill(screen.process.pid, signal.SIGWINCH)
        learner.answer(space, "double", learner.ADDS_TWO)
        screen.wait("(1 of ")
        assert fits(screen, 12, 60)
        count = re.search(r"\(1 of (\d+)\)", screen.text)
        assert count
        pieces = set(screen.lines)
        for number in range(2, int(count[1]) + 1):
            screen.press(" ")
            screen.wait(f"({number} of ")
            pieces |= set(screen.lines)
        assert any("It looks like: adds two." in line for line in pieces)
        screen.resize(40, 100)
        os.kill(screen.process.pid, signal.SIGWINCH)
        screen.wait("double: not yet", "It looks like: adds two.")
        assert fits(screen, 40, 100)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_however_it_ends_the_terminal_is_as_it_was(space: Workspace, number: signal.Signals) -> None:
    """Ctrl-C is as good as q; told to end by the system it does so."""
    with Screen(space.root, "watch") as screen:
        screen.wait("double: not yet")
        assert not screen.sane  # keys come one by one
        os.kill(screen.process.pid, number)
        assert screen.end() == (0 if number is signal.SIGINT else 128 + number)
        assert screen.sane and b"Traceback" not in screen.output


def test_an_endless_loop_is_overtaken_by_the_next_save(space: Workspace) -> None:
    """Nobody waits for an answer that is no longer there, and q doesn't either."""
    with Screen(space.root, "watch") as screen:
        screen.wait("double: not yet", "0 of 3")
        learner.answer(space, "double", "def double(x):\n    while True: pass\n")
        screen.wait("examining ...")
        time.sleep(0.5)
        begun = time.monotonic()
        learner.answer(space, "double", learner.RIGHT)
        screen.wait("every property holds")
        assert time.monotonic() - begun < 4  # a call may take five seconds, the exercise twenty
        learner.answer(space, "double", "def double(x):\n    while True: pass\n")
        screen.wait("examining ...")
        screen.press("q")
        assert screen.end(4.0) == 0


def test_a_broken_file_is_told_and_mended(space: Workspace) -> None:
    """What can't be read says why, and the next save is examined as ever."""
    with Screen(space.root, "watch") as screen:
        screen.wait("double: not yet")
        good = space.file("toys").read_bytes()
        space.file("toys").write_bytes(b"\xff\xfe")
        screen.wait("isn't UTF-8 text")
        space.file("toys").unlink()
        screen.wait("there is no such file", "htilde start")
        space.file("toys").write_bytes(good)
        learner.answer(space, "double", learner.RIGHT)
        screen.wait("every property holds")


def test_without_a_terminal_each_verdict_is_printed_once(space: Workspace) -> None:
    """Plain lines, no escape sequence; Ctrl-C ends it without a word."""
    command = [sys.executable, "-u", "-m", "htilde", "watch"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "autograder")}
    with subprocess.Popen(
        command,
        cwd=space.root,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)

        def printed(word: str) -> str:
            text, ends = "", time.monotonic() + 20
            while word not in text and time.monotonic() < ends:
                text += (process.stdout.read() or b"").decode()  # type: ignore[union-attr]
                time.sleep(0.02)
            assert word in text, text
            return text

        assert "Watching" in printed("0 of 3")
        learner.answer(space, "double", learner.ADDS_TWO)
        printed("multiply by it.")
        learner.answer(space, "double", learner.RIGHT)
        shown = printed("1 of 3")
        assert shown.count("double: every property holds") == 1 and "\x1b" not in shown
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0 and b"Traceback" not in (process.stdout.read() or b"")


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    """With the way to make one."""
    with Screen(tmp_path, "watch") as screen:
        assert screen.end() == 2 and b"htilde start" in screen.output
