"""Papers on disk: kept as long as they fit, refused with the way out when they don't."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable

import pytest
from htilde.authoring.declarations import load_declarations
from htilde.authoring.drawing import current_papers
from htilde.authoring.papers import stored_papers
from htilde.codes import NoteCode
from htilde.course import Course, load_course
from htilde.errors import PaperError
from htilde.examination.paper import read_paper, write_paper
from htilde.model import Visibility
from test_drawing import _short_papers, change, drawn, store  # noqa: F401 - the first is a fixture

PUBLIC, HIDDEN = Visibility


def test_reading_stored_papers_writes_nothing(course: Course) -> None:
    """Grading looks at papers and never draws any, also where they are missing."""
    for _ in range(2):
        files = sorted(course.root.rglob("*"))
        with pytest.raises(PaperError):
            stored_papers(course, "toys")
        assert sorted(course.root.rglob("*")) == files
        store(course)
        course.hidden_paper("toys").unlink()


def touch(file: str) -> Callable[[Course], object]:
    def touching(course: Course) -> None:
        path = course.root / file
        path.write_bytes(path.read_bytes() + b"\nADDED = 1\n")

    return touching


def spoil(*, at: int, by: bytes) -> Callable[[Course], object]:
    def spoiling(course: Course) -> None:
        path = course.hidden_paper("toys")
        whole = bytearray(path.read_bytes())
        whole[at : at + len(by)] = by
        path.write_bytes(whole)

    return spoiling


UNFIT: dict[str, tuple[Callable[[Course], object], str]] = {
    "no public paper": (lambda course: course.public_paper("toys").unlink(), "there is no such paper"),
    "no hidden paper": (lambda course: course.hidden_paper("toys").unlink(), "there is no such paper"),
    "public properties changed": (touch("tests/public/toys.py"), "stale; tests/public/toys.py"),
    "hidden properties changed": (touch("tests/hidden/toys.py"), "stale; tests/hidden/toys.py"),
    "misconceptions changed": (touch("tests/misconceptions/toys.py"), "or tests/misconceptions/toys.py has changed"),
    "an exercise more": (
        lambda course: change(course, "grading.toml", "negate = 1", "negate = 1\nhalve = 1"),
        "stale; grading.toml lists other exercises",
    ),
    "an exercise less": (lambda course: change(course, "grading.toml", "negate = 1", ""), "lists other exercises"),
    "damaged": (spoil(at=200, by=b"spoilt"), "damaged"),
    "of another version": (spoil(at=0, by=b"htilde paper, format 7\n"), "another version of the kit"),
    "the other paper": (
        lambda course: shutil.copy(course.public_paper("toys"), course.hidden_paper("toys")),
        "stale",
    ),
}


@pytest.mark.parametrize(("damage", "told"), UNFIT.values(), ids=UNFIT)
def test_papers_that_dont_fit_are_refused(course: Course, damage: Callable[[Course], object], told: str) -> None:
    """One error that names the paper and the reason, and the command that mends it; and that command does."""
    store(course)
    damage(course)
    course = load_course(course.root / "grading.toml")
    with pytest.raises(PaperError, match=re.escape(told)) as caught:
        stored_papers(course, "toys")
    assert ".paper: " in caught.value.message and "htilde build" in caught.value.next_step
    if "exercise" not in told:  # for these more than a new paper is needed
        store(course)
        assert [paper.visibility for paper in stored_papers(course, "toys")] == [PUBLIC, HIDDEN]


def test_the_hidden_paper_depends_on_the_public_oracle(course: Course) -> None:
    """The first public property answers its probes, so a change there makes it stale."""
    store(course)
    touch("tests/public/toys.py")(course)
    write_paper(drawn(course), course.public_paper("toys"))
    with pytest.raises(PaperError, match=r"stale; tests/hidden/toys.py, .* or tests/public/toys.py"):
        stored_papers(course, "toys")


def test_line_endings_and_variants_change_nothing(course: Course) -> None:
    """A checkout with other line ends, or another right answer to verify, needs no new papers."""
    store(course)
    for kind in Visibility:
        path = course.declarations(kind, "toys")
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    touch("tests/variants/toys.py")(course)
    assert [paper.visibility for paper in stored_papers(course, "toys")] == [PUBLIC, HIDDEN]


def test_other_points_need_no_new_papers(course: Course) -> None:
    """After a change in grading.toml the same papers are worth today's points."""
    before = store(course)
    course = change(course, "grading.toml", "double = 2", "double = 10")
    now = stored_papers(course, "toys")
    assert [paper.id for paper in now] == [paper.id for paper in before]
    assert [[exercise.points for exercise in paper.exercises] for paper in now] == [[10, 1], [10, 1]]


def test_a_strict_course_needs_no_new_questions(course: Course) -> None:
    """Its papers ask the same and have other ids, as they lie there and when they are built again."""
    before = store(course)
    course = change(course, "grading.toml", "[[assignment]]", "[strict]\nlists = true\n\n[[assignment]]")
    now = stored_papers(course, "toys")
    again = store(course)
    assert [paper.id for paper in now] == [paper.id for paper in again] != [paper.id for paper in before]
    for paper, old in zip(again, before):
        assert all(part.strict == (NoteCode.LIST,) for part in paper.exercises)
        assert paper.with_strict(()).id == old.id and paper.origin == old.origin
    for path, paper in zip((course.public_paper("toys"), course.hidden_paper("toys")), again):
        assert read_paper(path).id == paper.id


def test_the_built_paper_counts_before_the_released_one(course: Course) -> None:
    """In a fresh clone only the released public paper is there, later the one that was built last."""
    store(course)
    built = course.source("toys") / course.public_paper("toys").name
    touch("tests/public/toys.py")(course)
    store_hidden = current_papers(course, load_declarations(course, "toys"))
    write_paper(store_hidden[0], built)
    assert stored_papers(course, "toys")[0].id == store_hidden[0].id
    built.unlink()
    with pytest.raises(PaperError, match="stale"):
        stored_papers(course, "toys")
