"""Read single keys from a terminal, and leave the terminal as it was however that ends."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = tty = None  # type: ignore[assignment]

__all__ = ["REPAINT", "interactive", "keys"]

REPAINT = ""
"""Reported instead of a key when the terminal was resized, or when the process goes on after a stop."""

_HANGUL = dict(zip("ㅗㅣㄴㅜㅂ", "hlsnq"))
"""Latin keys by what they type on a Korean keyboard."""


def interactive() -> bool:
    """Return True if there is a terminal to paint on and to read keys from."""
    known = os.environ.get("TERM", "") not in ("", "dumb")
    return termios is not None and known and sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def keys(report: Callable[[str], object]) -> Iterator[None]:
    """Report each key that is pressed inside the ``with`` block, and "q" at the end of the input.

    ``report`` is called from another thread and from signal handlers.
    """
    terminal, ended = sys.stdin.fileno(), threading.Event()
    before = termios.tcgetattr(terminal)

    def read() -> None:
        while not ended.is_set():
            if select.select([terminal], [], [], 0.1)[0]:
                typed = os.read(terminal, 64).decode(errors="replace")
                if not typed:
                    report("q")
                    return
                for key in typed if typed[0] != "\x1b" else ["\x1b"] * (len(typed) == 1):  # arrows and the like: no key
                    report(_HANGUL.get(key, key))

    def again(*_: object) -> None:
        tty.setcbreak(terminal)  # the shell has put its own modes back
        report(REPAINT)

    def resized(*_: object) -> None:
        report(REPAINT)

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(128 + number)

    handlers: dict[signal.Signals, Any] = {
        signal.SIGCONT: again,
        signal.SIGWINCH: resized,
        signal.SIGTERM: end,
        signal.SIGHUP: end,
    }
    others = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    thread = threading.Thread(target=read, daemon=True)
    try:
        tty.setcbreak(terminal)
        thread.start()
        yield
    finally:
        ended.set()
        for number, handler in others.items():
            signal.signal(number, handler)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
