"""Building: one master and its declarations in, a notebook and a public paper out, and nothing by halves."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from htilde.authoring import build as built_by
from htilde.authoring import origin as drawn_by
from htilde.authoring.build import build
from htilde.authoring.drawing import EXAMPLES
from htilde.authoring.origin import drawing_engine
from htilde.authoring.papers import stored_papers
from htilde.cli.main import main
from htilde.course import Course, load_course
from htilde.errors import CourseError, PaperError, UsageError
from htilde.examination.paper import Origin, Paper, plain_paper, read_paper, write_paper
from htilde.isolation.wire import encode
from htilde.model import Visibility

MASTER = """\
# %% [markdown] lang="en"
# Toys.

# %% exercise="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% exercise="negate"
def negate(x):
    ### BEGIN SOLUTION
    return -x
    ### END SOLUTION
"""


@pytest.fixture(autouse=True)
def _master(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    path = course.master("toys")
    path.parent.mkdir()
    path.write_text(MASTER)
    for visibility in Visibility:
        monkeypatch.setitem(EXAMPLES, visibility, 4)


def change(course: Course, file: str, old: str, new: str) -> Course:
    path = course.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load_course(course.root / "grading.toml")


def files(course: Course) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in course.root.rglob("*") if path.is_file()}


def points(notebook: Path) -> list[float]:
    cells = json.loads(notebook.read_text())["cells"]
    return [
        cell["metadata"]["nbgrader"]["points"] for cell in cells if cell["metadata"].get("nbgrader", {}).get("grade")
    ]


def test_a_notebook_and_a_public_paper_come_out(course: Course) -> None:
    """Beside what was there: these two in nbgrader's source folder, the hidden paper and the seed in .course."""
    before = files(course)
    built = build(course, "toys")
    fresh = {str(path.relative_to(course.root)) for path in set(files(course)) - set(before)}
    assert fresh == {
        "solutions/toys/toys.ipynb",
        "solutions/toys/toys.paper",
        ".course/papers/toys.paper",
        ".course/seed",
    }
    assert (built.notebook, built.paper) == (course.source("toys") / "toys.ipynb", course.source("toys") / "toys.paper")
    assert read_paper(built.paper).id == built.public.id
    assert [paper.id for paper in stored_papers(course, "toys")] == [built.public.id, built.hidden.id]


def test_building_again_changes_no_byte(course: Course) -> None:
    """The same sources give the same files, though Hypothesis would draw otherwise by now."""
    build(course, "toys")
    before = files(course)
    EXAMPLES[Visibility.PUBLIC] += 2
    build(course, "toys")
    assert files(course) == before


def asked(paper: Paper) -> list[str]:
    return [repr(question.examples) for exercise in paper.exercises for question in exercise.questions]


def test_a_changed_property_makes_a_new_paper(course: Course) -> None:
    """Of the file that changed, and of nothing else."""
    first = build(course, "toys")
    change(course, "tests/hidden/toys.py", "-6.0, 6.0", "-7.0, 6.0")
    second = build(course, "toys")
    assert first.public.id == second.public.id and asked(first.hidden) != asked(second.hidden)


def test_a_comment_redraws_nothing(course: Course) -> None:
    """Not a byte of the papers changes, though Hypothesis would draw otherwise by now."""
    build(course, "toys")
    before = files(course)
    EXAMPLES[Visibility.PUBLIC] += 2
    change(course, "tests/public/toys.py", "    return -x", "    # the sign\n    return -x  # changes")
    build(course, "toys")
    changed = [path for path, raw in files(course).items() if before[path] != raw]
    assert changed == [course.declarations("public", "toys")]


def test_another_wording_keeps_the_questions(course: Course) -> None:
    """New claims and hints reach both papers; what is asked stays, and so does who drew it."""
    first = build(course, "toys")
    EXAMPLES[Visibility.PUBLIC] += 2
    change(course, "tests/public/toys.py", "The result is twice x.", "It is x, twice.")
    change(course, "tests/misconceptions/toys.py", "multiply by it.", "do multiply.")
    with pytest.raises(PaperError, match="reworded since") as caught:
        stored_papers(course, "toys")
    assert "keeps the questions" in caught.value.next_step
    second = build(course, "toys")
    papers = zip((first.public, first.hidden), (second.public, second.hidden), stored_papers(course, "toys"))
    for before, after, stored in papers:
        assert asked(before) == asked(after) == asked(stored) and stored.id == after.id != before.id
        assert after.exercises[0].mistakes[0].hint["en"] == "You added two; do multiply."
    assert second.public.exercises[0].questions[0].claim == {"en": "It is x, twice."}
    assert second.public.origin.engine == drawing_engine()


def test_another_engine_redraws_nothing_by_itself(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """The papers are kept and told; ``redraw`` draws them anew, and the self-study paper with the next material."""
    first = build(course, "toys")
    assert first.of_another_engine == ()
    EXAMPLES[Visibility.PUBLIC] += 2
    another_engine(monkeypatch)
    kept = build(course, "toys")
    assert kept.of_another_engine == (kept.public, kept.hidden)
    assert (kept.public.id, kept.hidden.id) == (first.public.id, first.hidden.id)
    assert [paper.id for paper in stored_papers(course, "toys")] == [first.public.id, first.hidden.id]
    alone = course.self_study_paper("toys")
    write_paper(first.hidden, alone)
    drawn = build(course, "toys", redraw=True)
    assert drawn.of_another_engine == () and drawn.public.id != first.public.id and not alone.exists()
    assert {paper.origin.engine for paper in stored_papers(course, "toys")} == {"another engine"}


def another_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    for where in (built_by, drawn_by):
        monkeypatch.setattr(where, "drawing_engine", lambda: "another engine")


def test_the_command_says_so(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line on each assignment, beside the result; none after ``--redraw``."""
    build(course, "toys")
    another_engine(monkeypatch)
    for options, told in (([], True), (["--redraw"], False), ([], False)):
        done = CliRunner().invoke(main, ["--course", str(course.root), "build", "toys", *options])
        assert done.exit_code == 0, done.output
        assert ("drawn by another engine; --redraw draws anew" in " ".join(done.output.split())) is told


def of_version_0_1(path: Path) -> Paper:
    """Write a paper over as version 0.1 did: without texts and engine, with a checksum of bytes for its origin."""
    paper = read_paper(path)
    plain: Any = plain_paper(replace(paper, origin=Origin("0.1.0", "0123456789abcdef")))
    del plain["texts"], plain["engine"]
    body = zlib.compress(encode(plain), 9)
    path.write_bytes(b"autograder paper, format 1\n" + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    return paper


@pytest.mark.parametrize("edited", [False, True])
def test_papers_of_version_0_1_are_kept(course: Course, edited: bool) -> None:
    """In the middle of a term they are graded with and built upon; what they ask stays until ``--redraw``."""
    built = build(course, "toys")
    before = [of_version_0_1(path) for path in (built.paper, course.hidden_paper("toys"))]
    if edited:  # as who upgrades edits the files' imports
        change(course, "tests/hidden/toys.py", "return 2 * x", "return x * 2")
    EXAMPLES[Visibility.PUBLIC] += 2
    assert [paper.id for paper in stored_papers(course, "toys")] == [paper.id for paper in before]
    again = build(course, "toys")
    assert [again.public.id, again.hidden.id] == [paper.id for paper in before]
    assert again.of_another_engine == (again.public, again.hidden) and again.public.origin.kit == "0.1.0"
    assert all(paper.origin.comparable for paper in stored_papers(course, "toys"))
    change(course, "tests/public/toys.py", "-1e9", "-2e9")
    with pytest.raises(PaperError, match="stale"):
        stored_papers(course, "toys")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("public", "is_twice_when_large", "is_twice_when_huge"), ("misconceptions", "adds_two", "adds_three")],
)
def test_a_paper_of_version_0_1_about_other_properties_is_stale(course: Course, file: str, old: str, new: str) -> None:
    """A paper is stale once something that it asks, or knows as a mistake, is declared no longer."""
    of_version_0_1(build(course, "toys").paper)
    change(course, f"tests/{file}/toys.py", old, new)
    with pytest.raises(PaperError, match="stale"):
        stored_papers(course, "toys")
    assert build(course, "toys").public.origin.engine == drawing_engine()


def test_a_paper_of_version_0_1_without_a_new_property_is_drawn_anew(course: Course) -> None:
    """Building sees what grading can't without running the declarations."""
    of_version_0_1(build(course, "toys").paper)
    more = "\n\n@public('negate', x=arrays(5.0, 6.0))\ndef is_negative(x):\n    'It is negative.'\n    return -x\n"
    change(course, "tests/public/toys.py", "    return -x\n", f"    return -x\n{more}")
    assert len(build(course, "toys").public.exercises[1].questions) == 2


def test_other_points_reach_notebook_and_paper(course: Course) -> None:
    """A change in grading.toml needs no new papers."""
    first = build(course, "toys")
    assert points(first.notebook) == [2, 1]
    second = build(change(course, "grading.toml", "double = 2", "double = 7"), "toys")
    assert points(second.notebook) == [e.points for e in read_paper(second.paper).exercises] == [7, 1]
    assert (first.public.id, first.hidden.id) == (second.public.id, second.hidden.id)


def test_nothing_hidden_is_in_what_ships(course: Course) -> None:
    """The folder that nbgrader copies to students holds no hidden claim, name or seed, and no answer in the paper."""
    build(course, "toys")
    paper = read_paper(course.source("toys") / "toys.paper")
    assert paper.visibility is Visibility.PUBLIC
    assert "elsewhere" not in repr(paper) and "haven't seen" not in repr(paper)
    seed = (course.private / "seed").read_bytes().strip()
    assert not any(seed in path.read_bytes() for path in course.source("toys").iterdir())


def test_everything_wrong_is_told_at_once(course: Course) -> None:
    """In the declarations, in the master and in the folder; and then nothing is written at all."""
    change(course, "tests/public/toys.py", '@public("negate"', '@public("negat"')
    change(course, "tests/variants/toys.py", '@variant("double")', '@variant("dubble")')
    change(course, "solutions/toys.py", 'exercise="negate"', 'exercise="negat"')
    course.source("toys").mkdir()
    (course.source("toys") / "answers.txt").write_text("secret")
    before = files(course)
    with pytest.raises(CourseError) as caught:
        build(course, "toys")
    told = "\n".join(str(problem).removeprefix(f"{course.root}/") for problem in caught.value.problems)
    for place in (
        "tests/public/toys.py:19: ",
        "tests/variants/toys.py:3: ",
        "solutions/toys.py:10: ",
        "solutions/toys/answers.txt: ",
    ):
        assert place in told
    assert caught.value.next_step and files(course) == before


@pytest.mark.parametrize("name", ["answers.txt", ".hidden", "toys.py", "folder"])
def test_nothing_else_may_stand_in_the_folder(course: Course, name: str) -> None:
    """nbgrader would hand it to every student."""
    stray = course.source("toys") / name
    build(course, "toys")
    if name == "folder":
        stray.mkdir()
    else:
        stray.write_text("x")
    with pytest.raises(CourseError, match="nbgrader would hand this file to every student") as caught:
        build(course, "toys")
    assert [problem.path for problem in caught.value.problems] == [stray]


def test_jupyters_own_folder_is_left_alone(course: Course) -> None:
    """Opening the notebook leaves checkpoints behind, which nbgrader doesn't copy."""
    (course.source("toys") / ".ipynb_checkpoints").mkdir(parents=True)
    build(course, "toys")


def test_an_unknown_assignment_is_a_usage_error(course: Course) -> None:
    """And nothing is written."""
    before = files(course)
    with pytest.raises(UsageError, match="no assignment 'toy'"):
        build(course, "toy")
    assert files(course) == before
