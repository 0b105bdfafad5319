"""nbgrader's own commands, run for the course: release, autograde, feedback, export.

nbgrader keeps the gradebook; the kit starts it in a process of its own, shows what it does and explains when
it fails. ``release`` never leaves students with half an assignment.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from htilde.authoring.build import build
from htilde.characters import points
from htilde.course import Course
from htilde.errors import GraderFault, MissingExtra, UsageError
from htilde.examination.cluster import Cluster
from htilde.examination.executors import Desk, Processes, Staff
from htilde.former import refuse_former_imports
from htilde.nbgrader.configuration import LEFT_OUT

if TYPE_CHECKING:
    from htilde.nbgrader.grade_class import Outcome, Watch

__all__ = [
    "GRADES",
    "Grade",
    "autograde",
    "export",
    "feedback",
    "grade",
    "grades",
    "release",
    "renew_export",
    "renew_feedback",
    "submitted",
]

GRADES = "grades.csv"

OnLine = Callable[[str], None]

_ERROR = " | ERROR] "


@dataclass(frozen=True, slots=True)
class Grade:
    """A row of the exported grades.

    ``score`` is None for who hasn't been graded, or not yet by the person who reads written answers;
    ``code_score`` is what the exercises earned, which may be there before.
    """

    student: str
    status: str
    score: float | None
    max_score: float
    code_score: float | None = None
    max_code_score: float = 0.0

    @property
    def written(self) -> str:
        """How the written answers stand, in a few words; empty if none are asked for."""
        if not self.max_score > self.max_code_score > 0:
            return ""
        if self.score is None or self.code_score is None:
            return "to read"
        return f"{points(self.score - self.code_score)} / {points(self.max_score - self.max_code_score)}"


def release(course: Course, assignment: str, *, lang: str | None = None, on_line: OnLine = lambda line: None) -> Path:
    """Build an assignment and let nbgrader generate its release; the old one is replaced when all went well.

    ``lang`` is the language of the notebook and of what students are told; without it, the course's.
    """
    build(course, assignment, lang=lang)
    _nbgrader(course, "generate_assignment", assignment, "--force", on_line=on_line)
    return course.release(assignment)


def submitted(course: Course, assignment: str, student: str = "*") -> list[str]:
    """The students who handed something in. Raises UsageError if there is none."""
    pattern = "*" if student == "*" else course.student(student)
    found = sorted(path.parent.name for path in (course.root / "submitted").glob(f"{pattern}/{assignment}"))
    if not found:
        who = "no submissions" if student == "*" else f"no submission of {student}"
        raise UsageError(
            f"{course.root / 'submitted'}: there are {who} for {assignment}.",
            next_step=f"Put notebooks at submitted/STUDENT/{assignment}/{assignment}.ipynb, or run nbgrader collect.",
        )
    return found


def grade(
    course: Course,
    assignment: str,
    student: str = "*",
    *,
    jobs: int = 1,
    scheduler: str = "",
    again: bool = False,
    dry_run: bool = False,
    watch: Watch,
) -> tuple[Outcome, GraderFault | None]:
    """Grade what was handed in: examine in ``jobs`` processes, or on a scheduler's workers, then record.

    What hasn't changed since it was graded stays as it is; ``again`` examines everybody anew, ``dry_run`` changes no
    grade. Gives what came of it, and who had to be left out. Raises KitError if nobody could be graded.
    """
    _set_up(course)
    from htilde.nbgrader.run import grade_class

    def hire(desk: Desk, most: int) -> AbstractContextManager[Staff]:
        return Cluster(desk, scheduler) if scheduler and most else Processes(desk, min(jobs, most))

    return grade_class(course, assignment, student, hire=hire, watch=watch, again=again, dry_run=dry_run)


def renew_feedback(course: Course, assignment: str, student: str = "*", *, watch: Watch) -> GraderFault | None:
    """Write the pages of those about whom they say something new. Gives who had to be left out."""
    _set_up(course)
    from htilde.nbgrader.run import write_feedback

    return write_feedback(course, assignment, student, watch=watch)


def renew_export(course: Course, *, watch: Watch) -> Path:
    """Write all grades as CSV; returns the file."""
    _set_up(course)
    from htilde.nbgrader.run import export_grades

    export_grades(course, course.root / GRADES, watch=watch)
    return course.root / GRADES


def autograde(course: Course, assignment: str, student: str = "*", *, on_line: OnLine = lambda line: None) -> None:
    """Grade what was handed in, also what was graded before.

    Raises GraderFault if somebody couldn't be graded; the others have been.
    """
    _nbgrader(course, "autograde", assignment, "--force", f"--student={student}", on_line=on_line)


def feedback(course: Course, assignment: str, student: str = "*", *, on_line: OnLine = lambda line: None) -> Path:
    """Write each student's feedback as HTML; returns the folder."""
    _nbgrader(course, "generate_feedback", assignment, "--force", f"--student={student}", on_line=on_line)
    return course.root / "feedback"


def export(course: Course, *, on_line: OnLine = lambda line: None) -> Path:
    """Write all grades as CSV; returns the file."""
    _nbgrader(course, "export", f"--to={GRADES}", on_line=on_line)
    return course.root / GRADES


def grades(course: Course, assignment: str) -> list[Grade]:
    """The exported grades of one assignment, by student."""
    with (course.root / GRADES).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == assignment]
    return sorted(
        (
            Grade(
                row["student_id"],
                row["status"],
                float(row["score"]) if row["score"] else None,
                float(row["max_score"] or 0),
                float(row["code_score"]) if row["code_score"] else None,
                float(row["max_code_score"] or 0),
            )
            for row in rows
        ),
        key=lambda grade: grade.student,
    )


def _set_up(course: Course) -> None:
    """Raises UsageError where nbgrader isn't there, or wouldn't be the kit's."""
    if find_spec("nbgrader") is None:
        raise MissingExtra("nbgrader", "Releasing and grading", "instructor")
    if not (config := course.root / "nbgrader_config.py").is_file():
        raise UsageError(
            f"{config}: there is no such file, so nbgrader would run student code unprotected.",
            next_step="Copy it from the kit, unchanged, to beside grading.toml.",
        )
    refuse_former_imports(config, config.read_text(encoding="utf-8", errors="replace"))


def _nbgrader(course: Course, *arguments: str, on_line: OnLine) -> None:
    _set_up(course)
    command = [sys.executable, "-m", "nbgrader", *arguments]
    said: list[str] = []
    with subprocess.Popen(
        command,
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
        raise GraderFault(_complaint(arguments[0], said), next_step=_where_all_is(course, said))


def _where_all_is(course: Course, said: Sequence[str]) -> str:
    log = course.private / "nbgrader.log"
    try:
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        log.write_text("\n".join(said) + "\n", encoding="utf-8")
    except OSError as error:  # the reason, perhaps, why it failed
        return f"All that nbgrader said can't be kept: {log}: {error.strerror}."
    return f"All that nbgrader said is in {log}."


def _complaint(command: str, said: Sequence[str]) -> str:
    """Who was left out and why; or else nbgrader's first error with the lines that belong to it, or a crash's last."""
    errors = [number for number, line in enumerate(said) if line.startswith("[") and _ERROR in line]
    if not errors:
        return f"nbgrader {command} failed: {next(filter(None, reversed(said)), 'it said nothing')}"
    left_out = [number for number in errors if said[number].partition(_ERROR)[2].startswith(LEFT_OUT)]
    number = [*errors[:1], *left_out][-1]
    more = takewhile(lambda line: not line.startswith("["), said[number + 1 :])
    lines = [said[number].partition(_ERROR)[2], *(line.strip() for line in more)]
    return "\n".join(lines if left_out else [f"nbgrader {command} failed: {lines[0]}", *lines[1:]])
