"""Say in a few words what a student's answers lack."""

from __future__ import annotations

from htilde.codes import Code
from htilde.grading.records import GradeStatus, Record
from htilde.grading.summary import summary
from htilde.model import Examination, ExerciseResult
from samples import verdict


def result(name: str, *mistakes: str, passed: bool = False) -> ExerciseResult:
    return ExerciseResult(name, 1.0, (verdict(Code.PASSED if passed else Code.WRONG_SHAPE, {}, mistakes=mistakes),))


def test_it_says_in_words_what_went_wrong() -> None:
    """The mistake if one was named, else the reason; a failure of the file speaks for itself."""
    results = (result("f", "forgets_it"), result("g", "a_b", "c"), result("h"), result("i", passed=True), result("j"))
    record = Record("toys", "ada", GradeStatus.GRADED, examination=Examination("toys", results))
    assert summary(record).splitlines() == ["f: forgets it", "g: a b or c", "h, j: wrong shape"]
    assert summary(Record("toys", "ada", GradeStatus.UNREADABLE, "not JSON\nmore")) == "unreadable: not JSON"
