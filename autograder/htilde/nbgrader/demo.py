"""Go the whole way on a sample class, in a folder of its own: build, release, hand in, grade, feedback, export."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from htilde.course import GRADING, Course, load_course
from htilde.errors import UsageError
from htilde.former import FORMER_DEMO_MARK
from htilde.grading.export import GradeRow
from htilde.grading.records import read_record
from htilde.grading.summary import summary
from htilde.nbgrader import classroom
from htilde.nbgrader.commands import nbgrader
from htilde.nbgrader.configuration import DEMO_MARK
from htilde.sample_class import Student, hand_in, sample_class

__all__ = ["DemoGrade", "demo", "demo_folder"]

_COURSE_FILES = (GRADING, "nbgrader_config.py", "solutions", "tests", "assignments")

_ANOTHER = "Name another folder: htilde demo FOLDER."

Step = Callable[[str, int | None], None]


@dataclass(frozen=True, slots=True)
class DemoGrade:
    """A student of the demo: what they did, what nbgrader gave, and in words what each exercise lacked."""

    student: Student
    grade: GradeRow
    why: str

    @property
    def expected(self) -> bool:
        """True if the student's exercises got what they earn."""
        earned = self.grade.code_score
        return earned is not None and round(earned - self.student.points, 2) == 0


def demo_folder(folder: Path) -> None:
    """Make ``folder`` empty for a demo. Raises UsageError rather than touch anything that isn't a demo's."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise UsageError(f"{folder}: this is a file; a demo needs a folder.", next_step=_ANOTHER)
    is_demos = any((folder / mark).exists() for mark in (DEMO_MARK, FORMER_DEMO_MARK))
    if folder.exists() and any(folder.iterdir()) and not is_demos:
        raise UsageError(
            f"{folder}: this folder has files in it and isn't from an earlier demo; nothing was changed.",
            next_step=_ANOTHER,
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DEMO_MARK).touch()  # first of all, and the last to go: an interrupted demo leaves a demo's folder
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != DEMO_MARK:
            path.unlink()


def _apart(course: Course, folder: Path) -> None:
    """Make sure that neither the demo replaces the course nor the course is copied into itself."""
    copied = [course.root / name for name in _COURSE_FILES]
    if course.root.is_relative_to(folder) or any(folder.is_relative_to(path) for path in copied):
        raise UsageError(
            f"{folder}: this folder holds the course, or is a part of it; nothing was changed.", next_step=_ANOTHER
        )


def demo(
    course: Course,
    assignment: str,
    folder: Path,
    *,
    step: Step = lambda what, total: None,
    advance: Callable[[], None] = lambda: None,
) -> list[DemoGrade]:
    """Run the demo in ``folder``. ``step`` is told what begins and how many advances it will take.

    Raises UsageError, before anything is touched, if the folder can't be a demo's or the class can't be read.
    """
    _apart(course, folder)
    members = sample_class(course, assignment)
    demo_folder(folder)
    for name in _COURSE_FILES:
        _copy(course.root / name, folder / name)
    own = load_course(folder / GRADING)
    step(f"Building {assignment} and releasing it through nbgrader", None)
    classroom.release(own, assignment)
    hand_in(own, assignment, members)

    def on_line(marker: str) -> Callable[[str], None]:
        return lambda line: advance() if marker in line else None

    step("Grading with nbgrader autograde", len(members))
    nbgrader(own, "autograde", assignment, "--force", on_line=on_line("] Autograding "))
    step("Writing feedback", len(members))
    nbgrader(own, "generate_feedback", assignment, "--force", on_line=on_line("] Writing "))
    step("Exporting the grades", None)
    nbgrader(own, "export", f"--to={classroom.GRADES}")
    return list(_graded(own, assignment, members))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        generated = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "kit")
        shutil.copytree(source, target, ignore=generated)
    elif source.exists():
        shutil.copy(source, target)


def _graded(course: Course, assignment: str, members: list[Student]) -> Iterator[DemoGrade]:
    grades = {grade.student: grade for grade in classroom.grades(course, assignment)}
    for member in members:
        record = read_record(course, assignment, member.id)
        yield DemoGrade(member, grades[member.id], summary(record) if record else "")
