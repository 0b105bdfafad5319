"""The tree of errors. Each says what was wrong, where, and what to do next.

KitError
├── UsageError            exit status 2: the command, the course or a file needs mending
│   ├── CourseError           grading.toml, masters, properties: everything wrong at once
│   ├── PaperError            a paper is missing, stale, damaged or of another version
│   ├── SubmissionError       a notebook or .py file that can't be read as a submission
│   └── MissingExtra          a package that this command needs isn't installed
└── GraderFault           exit status 3: the kit itself failed; never a zero for a student
    └── Unprotected           the worker can't be locked down here, and the course asks for it
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

__all__ = [
    "CourseError",
    "GraderFault",
    "KitError",
    "MissingExtra",
    "PaperError",
    "Problem",
    "SubmissionError",
    "Unprotected",
    "UsageError",
]


class Problem:
    """One thing that is wrong, with its place. ``str`` gives ``path: what`` or ``path:line: what``."""

    __slots__ = ("line", "path", "what")

    def __init__(self, path: Path | str, what: str, *, line: int | None = None) -> None:
        self.path, self.what, self.line = path, what, line

    def __str__(self) -> str:
        place = f"{self.path}" if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.what}"


class KitError(Exception):
    """An error that the kit can explain.

    ``next_step`` is an instruction in the imperative; the command line prints it on a line of its own.
    """

    exit_status = 3

    def __init__(self, message: str, *, next_step: str = "") -> None:
        super().__init__(message)
        self.message, self.next_step = message, next_step

    def __str__(self) -> str:
        return f"{self.message}\n{self.next_step}" if self.next_step else self.message


class UsageError(KitError):
    """An error that the person who typed the command or wrote the course can mend."""

    exit_status = 2


class CourseError(UsageError):
    """Problems of a course, all of them at once."""

    def __init__(self, problems: Iterable[Problem] | Problem, *, next_step: str = "") -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(map(str, self.problems)), next_step=next_step)


class PaperError(UsageError):
    """A paper that can't be used: missing, stale, damaged, or written by another version of the kit."""


class SubmissionError(UsageError):
    """A file that can't be read as a submission. ``message`` may be shown to the student."""


class MissingExtra(UsageError):
    """An optional package that is needed and isn't installed."""

    def __init__(self, package: str, purpose: str, extra: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package}, which isn't installed in this environment.",
            next_step=f"In the kit's folder run: pip install -c constraints.txt -e '.[{extra}]'",
        )
        self.args = (package, purpose, extra)  # what pickle makes it from again


class GraderFault(KitError):
    """A failure of the kit itself. Grades that exist stay as they are; the exit status tells of it."""


class Unprotected(GraderFault):
    """The worker can't be locked on this machine, and grades mayn't be given without that."""
