"""Records: the reasons behind the points."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from htilde.course import Course
from htilde.errors import UsageError
from htilde.grading.records import GradeStatus, Record, begin, done, read_record, records, unfinished, write_record
from htilde.grading.summary import summary
from htilde.model import Examination

EXAMINATION = Examination("toys", (), papers=("p",))


def record(student: str = "ada", **fields: object) -> Record:
    given = {"assignment": "toys", "student": student, "status": GradeStatus.GRADED, "examination": EXAMINATION}
    return Record(**{**given, **fields})  # type: ignore[arg-type]


def test_reads_back_what_was_written(course: Course) -> None:
    """A record survives the disk, and the next one takes its place."""
    assert read_record(course, "toys", "ada") is None
    for message in ("one", "two"):
        written = record(message=message)
        write_record(course, written)
        assert read_record(course, "toys", "ada") == written
    assert [r.student for r in records(course, "toys")] == ["ada"]


def test_records_are_the_instructors_alone(course: Course) -> None:
    """Nobody else on the machine may list them."""
    write_record(course, record())
    assert (course.private / "records" / "toys").stat().st_mode & 0o077 == 0


def test_damaged_record_counts_as_none(course: Course) -> None:
    """A file that isn't a record is as good as no record."""
    write_record(course, record(points={"f": 1.0}))
    path = course.private / "records" / "toys" / "ada.json"
    whole = json.loads(path.read_text())
    odd: tuple[dict[str, object], ...] = (
        {"status": "odd"},
        {"examination": []},
        {"examination": {"exercises": {}}},
        {"points": {"f": "1"}},
        {"points": []},
        {"another": 1},
    )
    for damage in ("", "{", "[]", '{"status": "odd"}', *(json.dumps(whole | part) for part in odd)):
        path.write_text(damage)
        assert read_record(course, "toys", "ada") is None, damage
    path.unlink()
    path.mkdir()
    assert read_record(course, "toys", "ada") is None


ENDS = (GradeStatus.GRADED, GradeStatus.GRADER_ERROR, GradeStatus.UNREADABLE)
BEFORE = {
    "assignment": "toys",
    "student": "ada",
    "status": "graded",
    "message": "",
    "examination": {
        "points": 1.0,
        "exercises": {"f": {"points": 1.0, "max_points": 3.0, "properties": [{"passed": False, "reason": "wrong"}]}},
        "unprotected": "no lock",
    },
    "at": "2027-03-16T08:00:00+00:00",
    "submission": "ab",
    "kit": "0.1.0",
    "examined": "2027-03-16T08:00:00+00:00",
    "basis": "cd",
}
"""A record as versions before 0.2 wrote it."""


def test_a_record_of_an_earlier_version_is_read_and_kept(course: Course) -> None:
    """Its points, its status, and all else that it said; written again, it holds the same."""
    path = course.private / "records" / "toys" / "ada.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(BEFORE))
    for _ in range(2):
        found = read_record(course, "toys", "ada")
        assert found is not None and (found.points, found.worth, found.unprotected) == (
            {"f": 1.0},
            {"f": 3.0},
            "no lock",
        )
        assert (found.status, found.examination, found.earlier) == (GradeStatus.GRADED, None, BEFORE["examination"])
        assert summary(found) == "graded by an earlier version of the kit: grade again to see why"
        write_record(course, found)


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "x" * 65, "a\0b", "-rf"])
def test_no_student_leaves_the_folder(course: Course, name: str) -> None:
    """An id that could be a path, or an option, is refused."""
    with pytest.raises(UsageError, match="student id"):
        write_record(course, record(name))


def test_folder_of_records_is_made_when_needed(course: Course, tmp_path: Path) -> None:
    """The first record needs no preparation."""
    assert not (tmp_path / ".course").exists()
    write_record(course, record())
    assert (tmp_path / ".course").exists()


def test_who_was_to_be_graded_anew_is_unfinished(course: Course) -> None:
    """From the beginning of a run until it is done; an error that was told stays told, and nobody gets a record."""
    for name, status in (
        ("ada", GradeStatus.GRADED),
        ("bob", GradeStatus.GRADER_ERROR),
        ("eve", GradeStatus.UNREADABLE),
    ):
        write_record(course, record(name, status=status, message="why"))
    begin(course, "toys", ["ada", "bob", "eve", "new", "=x"])
    assert unfinished(course, "toys") == {"ada", "bob", "eve", "new"} and unfinished(course, "a9") == set()
    found = {name: read_record(course, "toys", name) for name in ("ada", "bob", "eve", "new")}
    statuses = [one and str(one.status) for one in found.values()]
    assert statuses == ["unfinished", "grader error", "unfinished", None]
    assert found["ada"] is not None and summary(found["ada"]) == "unfinished: the grade of before stands"
    assert found["ada"].examination == record().examination, "whose reasons are still there"
    for name in ("ada", "ada", "bob", "eve", "new"):
        done(course, "toys", name)
    assert read_record(course, "toys", "ada") == record(message="why", at=found["ada"].at)
    assert unfinished(course, "toys") == set()
