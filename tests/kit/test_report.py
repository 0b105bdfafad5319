"""The statistics of a class: everybody is counted, everything adds up, and nobody's order matters."""

from __future__ import annotations

import json
import shutil
import statistics
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import CLASS, EMPTY, REFUSED, copied, graded
from htilde.course import Course, load_course
from htilde.errors import UsageError
from htilde.grading.gradebook import Score
from htilde.grading.records import GradeStatus, Record, begin, write_record
from htilde.model import Examination
from htilde.reports import report as module
from htilde.reports.report import HELP, Member, bins, class_report, reported, summary
from hypothesis import given
from hypothesis import strategies as st
from test_causes import answer, answers
from test_causes import one as passed_one

POINTS = {"f": 2.0, "g": 3.0}


@st.composite
def members(draw: st.DrawFn, name: str) -> Member:
    """One of a class: examined or not, with or without a grade in the gradebook."""
    exercises = [draw(answers(name, worth)) for name, worth in POINTS.items()] if draw(st.booleans()) else []
    examination = Examination("a", tuple(exercises)) if exercises else None
    score = draw(st.none() | st.builds(Score, st.none() | st.floats(0, 5), st.none() | st.floats(0, 5), st.just(60.0)))
    return Member(name, draw(st.sampled_from(["graded", *HELP])), "", score, examination)


CLASSES = st.integers(0, 6).flatmap(lambda size: st.tuples(*(members(f"s{n}") for n in range(size))))


@given(CLASSES)
def test_every_answer_is_counted_once(group: tuple[Member, ...]) -> None:
    """In each exercise by what it earned; a property by who was asked and who passed."""
    found = reported("a", POINTS, group)
    examined = [member for member in group if member.exercises]
    for exercise in found.exercises:
        counted = exercise.full + exercise.part + exercise.nothing + exercise.not_begun
        assert counted == exercise.answers == len(examined)
        assert 0 <= exercise.mean <= exercise.max_points
        for one in exercise.properties:
            assert 0 <= one.passed <= one.asked == len(examined)
        if exercise.properties:
            assert exercise.full <= min(one.passed for one in exercise.properties)
            assert [p.visibility for p in exercise.properties] == ["public", "public", "hidden"]


@given(CLASSES, st.randoms())
def test_the_order_of_students_changes_nothing(group: tuple[Member, ...], chance: Any) -> None:
    """But the order in which they are listed."""
    shuffled = [*group]
    chance.shuffle(shuffled)
    one, other = reported("a", POINTS, group), reported("a", POINTS, shuffled)
    assert one.exercises == other.exercises and one.left_out == other.left_out and one.points == other.points

    def plain(found: module.Report) -> set[tuple[Any, ...]]:
        return {(c.exercise, c.words, c.lost, frozenset(c.students)) for c in found.causes}

    assert plain(one) == plain(other)


@given(
    st.lists(st.floats(0, 40) | st.integers(0, 40).map(float)),
    st.sampled_from([0, 0.5, 1, 2, 7, 8, 26, 30, 33.3, 100, 1234.5, 1e6]),
)
def test_every_number_is_in_one_bin(numbers: list[float], most: float) -> None:
    """At most twelve, which lie side by side from 0 to the most; what is beyond is in the last."""
    found = bins(numbers, most)
    assert 1 <= len(found) <= 12 and sum(count for _, _, count in found) == len(numbers)
    assert found[0][0] == 0 and found[-1][1] == most
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(low < high for low, high, _ in found) or most == 0
    for low, high, count in found[:-1]:
        assert count == sum(low <= number < high for number in numbers)


def test_a_number_on_an_edge_is_in_the_bin_above() -> None:
    """As the table says it: from 3 to under 6; the most is in the last."""
    assert [count for _, _, count in bins([0, 2.99, 3, 5.99, 6, 24, 26], 26)] == [2, 2, 1, 0, 0, 0, 0, 0, 2]


@given(st.lists(st.floats(0, 100), min_size=1))
def test_numbers_are_summed_up(numbers: list[float]) -> None:
    """By Python's own statistics; of nothing nothing is said."""
    found = summary(sorted(numbers))
    assert found["median"] == round(statistics.median(numbers), 2)
    assert (found["lowest"], found["highest"]) == (min(numbers), max(numbers))
    assert {*summary([]).values()} == {None}


@pytest.fixture
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The graded class, for looking only."""
    return graded(tmp_path_factory)


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Course:
    """A copy in which two have handed in, free to be spoilt; the gradebook knows them all."""
    return load_course(copied(tmp_path_factory, tmp_path, "right", "wrong") / "grading.toml")


def test_a_graded_class_is_read(course: Course) -> None:
    """Everybody who is known, with the points of the gradebook; who wasn't graded is told so."""
    found = class_report(course, A1)
    members = {member.name: member for member in found.members}
    assert [*members] == sorted({*(m.id for m in CLASS), *REFUSED, EMPTY})
    assert {name: members[name].points for name in (m.id for m in CLASS)} == {m.id: m.points for m in CLASS}
    helped = {key: [member.name for member in group] for key, group in found.help.items()}
    assert helped["unreadable"] == ["linked", "not_json"] and set(helped["not graded"]) == {*REFUSED, EMPTY}
    assert helped["no points"] == ["spy", "stub"] and helped["half not begun"] == ["stub"] and not helped["late"]
    assert found.max_points == found.max_grade == 8 and found.notes == () and found.title == "Three exercises"
    claims = [one.claim for exercise in found.exercises for one in exercise.properties]
    assert any("torch.sigmoid" in claim for claim in claims), "claims are those of the papers"
    (cause,) = [c for c in found.causes if c.exercise == "tanh_derivative" and "wrong" in c.students]
    assert cause.mistakes == ("forgets_the_square",) and cause.students == ("forged", "wrong") and cause.lost == 6


def test_each_status_has_its_students(own: Course) -> None:
    """A grader error and an unfinished one keep the grade of before; who handed in nothing is known all the same."""
    write_record(own, Record(A1, "right", GradeStatus.GRADER_ERROR, "out of memory\nmore"))
    begin(own, A1, ["wrong", "fresh"])
    (own.root / "submitted" / "new" / A1).mkdir(parents=True)
    found = class_report(own, A1)
    helped = {key: {member.name for member in group} for key, group in found.help.items()}
    assert helped["grader error"] == {"right"} and {"wrong"} <= helped["unfinished"] and helped["not graded"] == {"new"}
    assert {m.name: m.message for m in found.members}["right"] == "out of memory"
    assert {m.name: m.points for m in found.members}["right"] == 8
    records = own.private / "records" / A1
    for path in records.glob("*.json"):
        path.unlink()
    lost = {m.name: m.status for m in class_report(own, A1).members}
    assert lost["stub"] == "graded" and lost["wrong"] == "unfinished", "the gradebook still has its grade"


def test_before_anything_there_is_nobody(own: Course) -> None:
    """No gradebook, no records, no submissions: an empty class, and no gradebook is made."""
    (own.root / "gradebook.db").unlink()
    shutil.rmtree(own.private / "records")
    shutil.rmtree(own.root / "submitted")
    found = class_report(own, A1)
    assert found.members == () and found.points == [] and found.causes == () and found.max_points == 8
    assert not (own.root / "gradebook.db").exists()
    with pytest.raises(UsageError, match="there is no assignment 'a9'"):
        class_report(own, "a9")


def test_an_anonymous_class_has_numbers(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """No id, no message, and the numbers aren't those of the alphabet; the statistics are the same."""
    shuffles: list[int] = []

    def backwards(_: object, sequence: list[Any]) -> None:
        shuffles.append(len(sequence))
        sequence.reverse()

    monkeypatch.setattr(module.random.SystemRandom, "shuffle", backwards)
    found, named = class_report(course, A1, anonymous=True), class_report(course, A1)
    assert shuffles == [len(named.members)] and found.anonymous
    assert [m.name for m in found.members] == [f"student {n}" for n in range(1, len(named.members) + 1)]
    assert [m.points for m in found.members] == [m.points for m in reversed(named.members)]
    assert not any(m.message for m in found.members) and any(m.message for m in named.members)
    assert found.exercises == named.exercises and found.points == named.points
    assert all(name.startswith("student ") for cause in found.causes for name in cause.students)


def test_notes_say_what_figures_do_not(own: Course) -> None:
    """Several papers, a grade without a lock, papers that can't be read."""
    path = own.private / "records" / A1 / "wrong.json"
    record = json.loads(path.read_text())
    record["examination"] |= {"papers": ["other"], "unprotected": "no Landlock"}
    path.write_text(json.dumps(record))
    own.hidden_paper(A1).unlink()
    found = class_report(own, A1)
    assert [note.partition(" ")[0] for note in found.notes] == ["The", "Not", "Graded"]
    assert found.exercises[0].properties[0].claim.islower(), "the name in words"


def test_points_come_from_the_gradebook_first() -> None:
    """What a person gave counts; without a gradebook what the examination gave."""
    member = Member("ada", "graded", examination=Examination("a", (answer("f", passed_one()),)))
    assert member.points == 3 and replace(member, score=Score(5.0, None)).points == 5
    assert replace(member, score=Score(None, None)).points is None
