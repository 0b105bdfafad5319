"""Building: one master and its declarations in, a notebook and a public paper out, and nothing by halves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from htilde.authoring.build import build
from htilde.authoring.drawing import EXAMPLES
from htilde.authoring.papers import stored_papers
from htilde.course import Course, load_course
from htilde.errors import CourseError, UsageError
from htilde.examination.paper import read_paper
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


def test_a_changed_property_makes_a_new_paper(course: Course) -> None:
    """Of the file that changed, and of nothing else."""
    first = build(course, "toys")
    change(course, "tests/hidden/toys.py", "that you haven't seen", "that you have not seen")
    second = build(course, "toys")
    assert first.public.id == second.public.id and first.hidden.id != second.hidden.id


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
