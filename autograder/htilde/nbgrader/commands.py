"""Run nbgrader's own commands for a course, each in a process of its own, and explain when one fails."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import takewhile

from htilde.course import Course
from htilde.errors import GraderFault
from htilde.files import write_file
from htilde.grading.job import LEFT_OUT

__all__ = ["OnLine", "nbgrader"]

OnLine = Callable[[str], None]
"""Is given each line that nbgrader says, as it comes."""

_ERROR = " | ERROR] "


def nbgrader(course: Course, *arguments: str, on_line: OnLine = lambda line: None) -> None:
    """Run a command of nbgrader's in a course. Raises GraderFault, with nbgrader's reason, if it fails."""
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=course.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            on_line(said[-1])
    if process.returncode:
        raise GraderFault(_complaint(arguments[0], said), next_step=_keep(course, said))


def _keep(course: Course, said: Sequence[str]) -> str:
    """Keep all that nbgrader said, and return where it is."""
    log = course.private / "nbgrader.log"
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(log, "\n".join(said) + "\n")
    except OSError as error:  # the reason, perhaps, why it failed
        return f"All that nbgrader said can't be kept: {log}: {error.strerror}."
    return f"All that nbgrader said is in {log}."


def _complaint(command: str, said: Sequence[str]) -> str:
    """Return who was left out and why; or else nbgrader's first error with all its lines, or a crash's last line."""
    errors = [number for number, line in enumerate(said) if line.startswith("[") and _ERROR in line]
    if not errors:
        return f"nbgrader {command} failed: {next(filter(None, reversed(said)), 'it said nothing')}"
    left_out = [number for number in errors if said[number].partition(_ERROR)[2].startswith(LEFT_OUT)]
    number = [*errors[:1], *left_out][-1]
    more = takewhile(lambda line: not line.startswith("["), said[number + 1 :])
    lines = [said[number].partition(_ERROR)[2], *(line.strip() for line in more)]
    return "\n".join(lines if left_out else [f"nbgrader {command} failed: {lines[0]}", *lines[1:]])
