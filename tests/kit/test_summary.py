"""Say in a few words what a student's answers lack."""

from __future__ import annotations

from htilde.grading.records import GradeStatus, Record
from htilde.grading.summary import summary
from htilde.model import Examination, ExerciseResult, Kind, Verdict, Visibility


def result(name: str, *mistakes: str, passed: bool = False) -> ExerciseResult:
    reason = "" if passed else "not a number"
    verdict = Verdict(
        name, "p", "", Visibility.PUBLIC, Kind.MAIN, passed=passed, reason=reason, misconceptions=mistakes
    )
    return ExerciseResult(name, 1.0, (verdict,))


def test_it_says_in_words_what_went_wrong() -> None:
    """The mistake if one was named, else the reason; a failure of the file speaks for itself."""
    results = (result("f", "forgets_it"), result("g", "a_b", "c"), result("h"), result("i", passed=True), result("j"))
    record = Record("toys", "ada", GradeStatus.GRADED, examination=Examination("toys", results))
    assert summary(record).splitlines() == ["f: forgets it", "g: a b or c", "h, j: not a number"]
    assert summary(Record("toys", "ada", GradeStatus.UNREADABLE, "not JSON\nmore")) == "unreadable: not JSON"
