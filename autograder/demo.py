"""The whole way on a sample class, in a folder of its own: build, release, hand in, grade, feedback, export."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import classroom
from autograder.classroom import Grade
from autograder.course import GRADING, Course, load_course
from autograder.errors import UsageError
from autograder.records import read_record
from autograder.sample_class import Student, hand_in, sample_class

__all__ = ["MARK", "Graded", "demo", "demo_folder"]

MARK = ".autograder-demo"
"""A file that says that a folder is a demo's and may be replaced by the next one."""

_COURSE_FILES = (GRADING, "nbgrader_config.py", "solutions", "tests", "assignments")

Step = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Graded:
    """One student of the demo: what they did, what nbgrader gave, and in words what each exercise lacked."""

    student: Student
    grade: Grade
    why: str


def demo_folder(folder: Path) -> None:
    """Make ``folder`` empty for a demo. Raises UsageError rather than touch a folder that isn't a demo's."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise UsageError(
            f"{folder}: this folder has files in it and isn't from an earlier demo; nothing was changed.",
            next_step="Name another folder: autograder demo FOLDER.",
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def demo(
    course: Course,
    assignment: str,
    folder: Path,
    *,
    step: Step = lambda what, total: None,
    advance: Callable[[], None] = lambda: None,
) -> list[Graded]:
    """Run the demo in ``folder``. ``step`` is told what begins and how many advances it will take."""
    demo_folder(folder)
    for name in _COURSE_FILES:
        _copy(course.root / name, folder / name)
    own = load_course(folder / GRADING)
    members = sample_class(own, assignment)
    step(f"Building {assignment} and releasing it through nbgrader", 1)
    classroom.release(own, assignment)
    advance()
    hand_in(own, assignment, members)

    def on_line(marker: str) -> Callable[[str], None]:
        return lambda line: advance() if marker in line else None

    step(f"Grading {len(members)} students with nbgrader autograde", len(members))
    classroom.autograde(own, assignment, on_line=on_line("] Autograding "))
    step("Writing feedback for each", len(members))
    classroom.feedback(own, assignment, on_line=on_line("Converting notebook"))
    step("Exporting the grades", 1)
    classroom.export(own)
    advance()
    return list(_graded(own, assignment, members))


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        generated = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "kit")
        shutil.copytree(source, target, ignore=generated)
    elif source.exists():
        shutil.copy(source, target)


def _graded(course: Course, assignment: str, members: list[Student]) -> Iterator[Graded]:
    grades = {grade.student: grade for grade in classroom.grades(course, assignment)}
    for member in members:
        record = read_record(course, assignment, member.id)
        yield Graded(member, grades[member.id], record.in_words() if record else "")
