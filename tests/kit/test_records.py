"""Records: the reasons behind the points."""

from __future__ import annotations

from pathlib import Path

import pytest
from htilde.codes import Code
from htilde.course import Course
from htilde.errors import UsageError
from htilde.grading.records import Record, Status, begin, done, read_record, records, unfinished, write_record
from htilde.model import Examination, ExerciseResult
from samples import verdict


def record(student: str = "ada", **fields: object) -> Record:
    given = {"assignment": "toys", "student": student, "status": Status.GRADED, "examination": Examination("toys", ())}
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
    write_record(course, record())
    path = course.private / "records" / "toys" / "ada.json"
    start = '{"assignment": "toys", "student": "ada", "status": "graded", "examination": '
    odd = ("[]}", '{"exercises": []}}', '{"exercises": {"f": {}}}}', '{"assignment": 1}, "earlier": {}}')
    for damage in ("", "{", "[]", '{"status": "odd"}', *(start + rest for rest in odd)):
        path.write_text(damage)
        assert read_record(course, "toys", "ada") is None
    path.unlink()
    path.mkdir()
    assert read_record(course, "toys", "ada") is None


@pytest.mark.parametrize("name", ["../x", "", "a/b", ".hidden", "x" * 65, "a\0b", "-rf"])
def test_no_student_leaves_the_folder(course: Course, name: str) -> None:
    """An id that could be a path, or an option, is refused."""
    with pytest.raises(UsageError, match="student id"):
        write_record(course, record(name))


def test_says_in_words_what_went_wrong() -> None:
    """The misconception if one was named, else the message; a failure of the file speaks for itself."""
    found = {
        "f": verdict(mistakes=("forgets_it",)),
        "g": verdict(mistakes=("a_b", "c")),
        "h": verdict(Code.WRONG_SHAPE, {}),
        "i": verdict(Code.PASSED, {}),
        "j": verdict(Code.WRONG_SHAPE, {}),
    }
    results = tuple(ExerciseResult(name, 1.0, (each,)) for name, each in found.items())
    words = record(examination=Examination("toys", results)).in_words()
    assert words.splitlines() == ["f: forgets it", "g: a b or c", "h, j: wrong shape"]
    assert record(status=Status.UNREADABLE, message="not JSON").in_words() == "unreadable: not JSON"


def test_folder_of_records_is_made_when_needed(course: Course, tmp_path: Path) -> None:
    """The first record needs no preparation."""
    assert not (tmp_path / ".course").exists()
    write_record(course, record())
    assert (tmp_path / ".course").exists()


def test_who_was_to_be_graded_anew_is_unfinished(course: Course) -> None:
    """From the beginning of a run until it is done; an error that was told stays told, and nobody gets a record."""
    for name, status in (("ada", Status.GRADED), ("bob", Status.GRADER_ERROR), ("eve", Status.UNREADABLE)):
        write_record(course, record(name, status=status, message="why"))
    begin(course, "toys", ["ada", "bob", "eve", "new", "=x"])
    assert unfinished(course, "toys") == {"ada", "bob", "eve", "new"} and unfinished(course, "a9") == set()
    found = {name: read_record(course, "toys", name) for name in ("ada", "bob", "eve", "new")}
    statuses = [one and str(one.status) for one in found.values()]
    assert statuses == ["unfinished", "grader error", "unfinished", None]
    assert found["ada"] is not None and found["ada"].in_words() == "unfinished: the grade of before stands"
    assert found["ada"].examination == record().examination, "whose reasons are still there"
    for name in ("ada", "ada", "bob", "eve", "new"):
        done(course, "toys", name)
    assert read_record(course, "toys", "ada") == record(message="why", at=found["ada"].at)
    assert unfinished(course, "toys") == set()
