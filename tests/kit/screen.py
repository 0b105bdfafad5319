"""A terminal of 80 columns and 24 lines with the kit in it: its screen, key presses, the state it was left in."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from clone import ROOT

ROWS, COLUMNS = 24, 80


class Screen:
    """``htilde`` with some arguments, run in a folder, on a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self._own, self._its = pty.openpty()
        self.resize(ROWS, COLUMNS)
        self.modes_before: list[Any] = termios.tcgetattr(self._its)
        self.output = b""
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "htilde", *arguments],
            stdin=self._its,
            stdout=self._its,
            stderr=self._its,
            cwd=folder,
            env=inherited | {"TERM": "xterm", "PYTHONPATH": str(ROOT / "autograder"), "NO_COLOR": "1"} | environment,
            start_new_session=True,
        )

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._its, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def page(self) -> str:
        """The last page that was painted whole, with its colours."""
        painted = [page for page in self.output.split(b"\x1b[H")[1:] if b"\x1b[J" in page]
        return painted[-1].partition(b"\x1b[J")[0].decode() if painted else ""

    @property
    def lines(self) -> list[str]:
        """What stands on the screen."""
        return [re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", line) for line in self.page.split("\r\n")]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def wait(self, *words: str, seconds: float = 20.0) -> str:
        """Return the screen as soon as all of this stands on it."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self._read(0.02)
            if all(word in self.text for word in words):
                return self.text
        raise AssertionError(f"{words} isn't on the screen:\n{self.text}\n{self.output[-500:]!r}")

    def press(self, keys: str) -> None:
        os.write(self._own, keys.encode())

    def end(self, seconds: float = 20.0) -> int:
        """Wait for the end and return the exit status."""
        ends = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < ends:
            self._read(0.02)
        self._read(0.0)
        return self.process.wait(1.0)

    @property
    def sane(self) -> bool:
        """Whether the terminal is in the modes in which it was."""
        found: list[Any] = termios.tcgetattr(self._its)
        return found == self.modes_before

    def _read(self, seconds: float) -> None:
        while select.select([self._own], [], [], seconds)[0]:
            self.output += os.read(self._own, 65536)
            seconds = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._own)
        os.close(self._its)
