"""The demo, once from end to end as it is typed, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from clone import A1, REAL, ROOT, clone
from htilde.cli.main import main
from htilde.course import Course, load_course
from htilde.errors import GraderFault, UsageError
from htilde.grading.export import GradeRow
from htilde.grading.gradebook import Person
from htilde.nbgrader import classroom
from htilde.nbgrader.configuration import DEMO_MARK as MARK
from htilde.nbgrader.demo import DemoGrade, demo, demo_folder
from htilde.sample_class import Student, sample_class
from once import once


def files(folder: Path) -> dict[Path, bytes]:
    """Everything in a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass
class Shown:
    """What came of the one demo that is run."""

    base: Path

    @property
    def course(self) -> Course:
        return load_course(self.base / "course" / "grading.toml")

    @property
    def folder(self) -> Path:
        return self.course.root / ".demo"

    @property
    def done(self) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(**json.loads((self.base / "done.json").read_text(encoding="utf-8")))

    def row(self, student: str) -> str:
        """A student's row of the table, unfolded."""
        lines = self.done.stdout.splitlines()
        at = next(n for n, line in enumerate(lines) if line.split()[:1] == [student])
        end = next(n for n in range(at + 1, len(lines)) if not lines[n].startswith("  ") or not lines[n].strip())
        return " ".join(" ".join(lines[at:end]).split())


def make(base: Path) -> None:
    """`htilde demo` in a clone of the course, into the folder of an earlier demo that was interrupted."""
    for name in ("before", "course", "home", "tmp"):
        (base / name).mkdir()
    clone(base / "before", of=REAL)
    course = clone(base / "course", of=REAL)
    folder = course.root / ".demo"
    for leftover in ("gradebook.db", "grades.csv", f"submitted/ghost/{A1}/{A1}.ipynb", f"autograded/ghost/{A1}/x.html"):
        path = folder / leftover
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("of an earlier demo")
        path.chmod(0o444)
    (folder / MARK).touch()
    environment = os.environ | {"HOME": str(base / "home"), "TMPDIR": str(base / "tmp"), "COLUMNS": "80"}
    environment |= {"PYTHONPATH": str(ROOT / "autograder"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "htilde", "demo"]
    done = subprocess.run(command, cwd=course.root, env=environment, capture_output=True, text=True, timeout=300)
    (base / "done.json").write_text(json.dumps(vars(done)), encoding="utf-8")


@pytest.fixture
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demo, run once for all tests."""
    return Shown(once(tmp_path_factory, "demo", make))


def test_everybody_gets_what_they_earn(shown: Shown) -> None:
    """Status 0, no surprise; each student's points stand in the table as the sample class says."""
    assert shown.done.returncode == 0, shown.done.stderr
    assert "unexpected" not in shown.done.stderr
    most = sum(shown.course.assignment(A1).points.values())
    for member in sample_class(shown.course, A1):
        assert f"{member.id} {member.points:g} / {most:g}" in shown.row(member.id)


@pytest.mark.parametrize(
    ("student", "why"),
    [
        ("right-vectorised", "to read"),
        ("untouched", "0 / 4 11 exercises: not implemented yet"),
        ("mistake-output-form", "to read sigmoid_derivative: differentiates the output"),
        ("mistake-numerical", "to read tanh_derivative: close but not exact"),
        ("broken-syntax", "to read tanh_derivative: its cell raised SyntaxError"),
        ("broken-endless-loop", "to read tanh_derivative: no answer in time"),
        ("broken-file", f"0 / 4 unreadable: {A1}.ipynb:1: not a notebook"),
        ("cheat-autograd", "to read tanh_derivative: needs torch"),
    ],
)
def test_what_went_wrong_is_said_in_words(shown: Shown, student: str, why: str) -> None:
    """Beside the points, and whether the written answer is still to be read; nothing more beside full marks."""
    told = shown.row(student).partition(" / 26")[2].strip()
    assert told.startswith(why) and (told == "to read") is (why == "to read")


def test_steps_are_plain_lines_in_a_pipe(shown: Shown) -> None:
    """No bars, no log lines of nbgrader, nothing wider than the terminal."""
    number = len(sample_class(shown.course, A1))
    lines = [line for line in shown.done.stderr.splitlines() if not line.endswith(" left")]  # where a step takes long
    assert lines == [
        f"Building {A1} and releasing it through nbgrader ...",
        f"Grading with nbgrader autograde ({number}) ...",
        f"Writing feedback ({number}) ...",
        "Exporting the grades ...",
    ]
    assert "\x1b" not in shown.done.stdout and max(map(len, shown.done.stdout.splitlines())) <= 80


def test_gradebook_feedback_and_csv_are_where_it_says(shown: Shown) -> None:
    """nbgrader's own files, for each student of this demo and for nobody of the one before."""
    ids = {member.id for member in sample_class(shown.course, A1)}
    places = dict(line.split(": ", 1) for line in shown.done.stdout.splitlines()[-3:])
    paths = {name: shown.course.root / place.strip() for name, place in places.items()}
    with sqlite3.connect(paths["gradebook"]) as database:
        assert {name for (name,) in database.execute("select id from student")} == ids
    database.close()
    pages = {page.parts[-3]: page for page in paths["feedback"].glob(f"*/{A1}/{A1}.html")}
    assert pages.keys() == ids
    assert "differentiates the output" in pages["mistake-output-form"].read_text(encoding="utf-8")
    with paths["grades"].open(encoding="utf-8", newline="") as file:
        rows = {row["student_id"]: float(row["code_score"]) for row in csv.DictReader(file)}
    assert rows == {member.id: member.points for member in sample_class(shown.course, A1)}


def test_nothing_is_left_outside_the_folder(shown: Shown) -> None:
    """The course, the home and the temporary directory are as they were."""
    now = {path: raw for path, raw in files(shown.course.root).items() if path.parts[0] != ".demo"}
    assert now == files(shown.base / "before")
    assert files(shown.base / "home") == files(shown.base / "tmp") == {}


def test_students_of_the_demo_can_be_graded_again(shown: Shown) -> None:
    """The folder is a course like any other: its papers fit, its submissions are found."""
    own = load_course(shown.folder / "grading.toml")
    assert len(classroom.submitted(own, A1)) == len(sample_class(own, A1))
    result = CliRunner().invoke(main, ["check", str(own.root / "submitted" / "mistake-sign" / A1), "--hidden"])
    assert result.exit_code == 1 and "a1_activations: 24 of 26 points" in result.stdout


@pytest.fixture
def small(tmp_path: Path) -> Course:
    """The real course, cloned, for demos that stop before nbgrader."""
    (tmp_path / "course").mkdir()
    return clone(tmp_path / "course")


def refused(course: Course, folder: Path) -> UsageError:
    """The error; nothing anywhere was changed."""
    before = files(course.root.parent)
    with pytest.raises(UsageError) as caught:
        demo(course, A1, folder)
    assert files(course.root.parent) == before
    return caught.value


@pytest.mark.parametrize("place", ["course", ".", "course/tests", "course/tests/new", "course/solutions/new/demo"])
def test_the_course_itself_is_no_place_for_a_demo(small: Course, place: str) -> None:
    """Neither its folder, nor one above it, nor what a demo copies: nothing is replaced or copied into itself."""
    (small.root.parent / MARK).touch()
    (small.root / MARK).touch()
    error = refused(small, (small.root.parent / place).resolve())
    assert "nothing was changed" in error.message and "htilde demo FOLDER" in error.next_step


def test_a_folder_with_somebodys_files_is_refused(small: Course) -> None:
    """Whatever is in it stays, and so does a file that stands where the folder should be."""
    folder = small.root.parent / "thesis"
    folder.mkdir()
    (folder / "chapter1.tex").write_text("years of work")
    assert "isn't from an earlier demo; nothing was changed" in refused(small, folder).message
    assert "a demo needs a folder" in refused(small, folder / "chapter1.tex").message


def test_a_class_that_cannot_be_read_costs_no_earlier_demo(small: Course) -> None:
    """The sample class is read before the folder is emptied."""
    folder = small.root.parent / "earlier"
    folder.mkdir()
    (folder / MARK).touch()
    (folder / "grades.csv").write_text("student_id")
    small.declarations("sample_class", A1).unlink()
    assert "has no sample class" in refused(small, folder).message


def test_the_folder_is_emptied_and_marked(tmp_path: Path) -> None:
    """A new one is made with its parents; an earlier demo's is emptied, links are cut and not followed."""
    folder, mine = tmp_path / "a" / "demo", tmp_path / "mine"
    mine.mkdir()
    (mine / "file").write_text("mine")
    for _ in range(2):
        demo_folder(folder)
        assert [path.name for path in folder.iterdir()] == [MARK]
        (folder / "link").symlink_to(mine)
        (folder / "autograded").mkdir()
        (folder / "autograded" / "page").touch(mode=0o444)
    assert (mine / "file").read_text() == "mine"


def test_a_demo_that_is_interrupted_can_be_run_again(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a demo is still a demo's folder."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    folder = small.root.parent / "demo"
    monkeypatch.setattr(shutil, "copytree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        demo(small, A1, folder)
    assert (folder / "grading.toml").exists()
    demo_folder(folder)


def test_a_surprise_is_status_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """Points that the sample class doesn't expect are told beside the table; a missing grade is one, rounding isn't."""
    ada, bob, cy = (Student(name, "did it", 0.3, lambda book: None) for name in ("ada", "bob", "cy"))
    graded = [
        DemoGrade(ada, GradeRow(A1, Person("ada"), "graded", 0.1 + 0.2, 8, 0.1 + 0.2, 8), ""),
        DemoGrade(bob, GradeRow(A1, Person("bob"), "graded", 8, 8, 8, 8), ""),
        DemoGrade(cy, GradeRow(A1, Person("cy"), "not graded", None, 8), ""),
    ]
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("htilde.nbgrader.demo.demo", lambda *_, **__: graded)
    result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [f"unexpected: {name} did it, which earns 0.3" for name in ("bob", "cy")]


def test_a_failure_of_nbgrader_is_status_3(small: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """One message, and no table."""

    def fails(*_: object, **__: object) -> None:
        raise GraderFault("nbgrader generate_assignment failed: no space.", next_step="Look into the log.")

    monkeypatch.setattr(classroom, "release", fails)
    monkeypatch.chdir(small.root)
    result = CliRunner().invoke(main, ["demo", "folder"])
    assert result.exit_code == 3 and result.stdout == "" and result.stderr.count("error: ") == 1
