"""The name that the kit had before version 0.2, in files that were written for it.

Papers, bundles, records and notebooks of that time are read as they are. A course's own Python files have to change;
docs/upgrading.md tells how.
"""

from __future__ import annotations

import re
from pathlib import Path

from htilde.errors import CourseError, Problem

__all__ = ["FORMER_DEMO_MARK", "FORMER_NAME", "former_imports", "refuse_former_imports"]

FORMER_NAME = "autograder"
"""The import package's name, the command's, and the first word of the kit's own files."""
FORMER_DEMO_MARK = ".autograder-demo"
"""The file that said that a folder is a demo's."""

_IMPORT = re.compile(rf"\s*(?:from|import)\s+{FORMER_NAME}\b.*")


def former_imports(source: str) -> list[tuple[int, str]]:
    """Return the lines that import the kit by its former name: each one's number, and how it has to read now."""
    return [
        (number, line.strip().replace(FORMER_NAME, "htilde", 1))
        for number, line in enumerate(source.splitlines(), 1)
        if _IMPORT.fullmatch(line)
    ]


def refuse_former_imports(path: Path, source: str) -> None:
    """Raise CourseError with all lines of a file that import the kit by its former name, if there are any."""
    problems = [
        Problem(path, f"since version 0.2 the kit is called htilde; write: {line}", line=number)
        for number, line in former_imports(source)
    ]
    if problems:
        raise CourseError(problems, next_step="docs/upgrading.md tells how to change all files of a course at once.")
