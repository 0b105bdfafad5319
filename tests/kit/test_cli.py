"""The command line as it is typed: exit status, what is on which stream, and one clear message for each mistake."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import htilde
import pytest
import toys
from click.testing import CliRunner, Result
from clone import A1, ROOT, clone
from graded import copied
from htilde.authoring.papers import stored_papers
from htilde.cli.main import main
from htilde.course import Course
from htilde.diagnosis.executors import Examiner
from htilde.errors import GraderFault
from htilde.examination.paper import write_paper
from htilde.grading.class_run import GradeChange, GradingResult
from htilde.grading.export import GradeRow
from htilde.grading.gradebook import Person
from htilde.grading.records import GradeStatus, Record, write_record
from htilde.isolation.sandbox import piped
from htilde.nbgrader import classroom
from htilde.submissions.reading import read_submission
from test_verify import MASTER, MISTAKES
from users import ordinary

RIGHT = "def double(x):\n    return 2 * x\ndef negate(x):\n    return -x\n"
WRONG = "def double(x):\n    return x + 2\ndef negate(x):\n    return -x\n"


def run(*arguments: str | Path) -> Result:
    """Type a command, in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def refused(result: Result, *says: str, status: int = 2) -> None:
    """One message on standard error that says these things, a next step, and nothing on standard output."""
    assert result.exit_code == status, result.output
    assert result.stdout == "" and result.stderr.count("error: ") == 1, result.output
    assert "Traceback" not in result.stderr and "fault of the kit" not in result.stderr
    for what in says:
        assert what in result.stderr, result.stderr
    assert len(result.stderr.strip().splitlines()) > 1, f"no next step: {result.stderr}"


@pytest.fixture
def here(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The toy course with a master, where the person is."""
    (course.root / "solutions").mkdir()
    (course.root / "solutions/toys.py").write_text(MASTER)
    (course.root / "tests/misconceptions/toys.py").write_text(MISTAKES)
    monkeypatch.chdir(course.root)
    return course


@pytest.fixture
def built(here: Course) -> Course:
    """The toy course with both papers, and an answer that is right and one that is wrong."""
    assert run("build").exit_code == 0
    for name, source in (("right", RIGHT), ("wrong", WRONG)):
        path = here.root / "submitted" / name / "toys" / "toys.py"
        path.parent.mkdir(parents=True)
        path.write_text(source)
    return here


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's folder, far from any course: a notebook, a script and a paper."""
    write_paper(toys.paper(), tmp_path / "toys.paper")
    cell = {"cell_type": "code", "metadata": {}, "source": "def double(x): return 2 * x", "outputs": []}
    (tmp_path / "toys.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4, "metadata": {}}))
    (tmp_path / "mine.py").write_text("def double(x):\n    return x + 2\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_everything_explains_itself() -> None:
    """--help of each command is there, in full sentences that no list cuts off; --version says which kit this is."""
    shown = run("--help")
    assert shown.exit_code == 0 and "..." not in shown.stdout.partition("Commands:")[2]
    for name in main.commands:
        shown = run(name, "--help")
        assert shown.exit_code == 0 and "Usage:" in shown.stdout and max(map(len, shown.stdout.splitlines())) <= 100
    assert htilde.__version__ in run("--version").stdout


@pytest.mark.parametrize(
    "typed",
    [(), ("chek",), ("--nope",), ("check", "--exercse", "x"), ("check", "--device", "tpu"), ("release",)],
    ids=str,
)
def test_wrong_usage_is_status_2(typed: tuple[str, ...]) -> None:
    """Nothing on standard output, the usage on standard error."""
    result = run(*typed)
    assert result.exit_code == 2 and result.stdout == "" and "Usage: " in result.stderr


@pytest.mark.parametrize(("typed", "status"), [((), 0), (("toys.ipynb",), 0), (("mine.py",), 1), ((".",), 0)], ids=str)
def test_check_says_whether_all_passed(folder: Path, typed: tuple[str, ...], status: int) -> None:
    """A notebook, a script, a folder or the folder where you are."""
    result = run("check", *typed)
    assert result.exit_code == status and result.stderr == ""
    assert result.stdout.endswith(f"toys: {1 - status} of 1 points so far; hidden properties remain.\n")
    assert ("It looks like: adds two." in result.stdout) is bool(status)


@pytest.mark.parametrize(("typed", "status"), [("toys.ipynb", 0), ("mine.py", 1)])
def test_check_as_json_is_the_documented_form(folder: Path, typed: str, status: int) -> None:
    """One document and nothing else, with the keys of docs/json.md, also when something fails."""
    result = run("check", typed, "--json")
    shown = json.loads(result.stdout)
    documented = json.loads((ROOT / "docs/json.md").read_text(encoding="utf-8").split("```json\n")[1].split("```")[0])
    assert result.exit_code == status and result.stderr == ""
    (exercise,), (described, *_) = shown["exercises"].values(), documented["exercises"].values()
    assert shown.keys() == documented.keys() and exercise.keys() == described.keys()
    assert exercise["properties"][0].keys() == described["properties"][0].keys()
    assert exercise["properties"][0]["misconception"] == (None, "adds_two")[status]


def test_remarks_about_cells_are_folded(folder: Path) -> None:
    """What a cell raised is a note of at most eighty columns, and no control character gets through."""
    (folder / "mine.py").write_text(f"{'x' * 30} = '{'long ' * 30}'\nraise ValueError('{'long ' * 30}\\x1b[2J')\n")
    result = run("check", "mine.py")
    assert "Note: cell 1 raised ValueError: long" in result.stdout and "\x1b" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_unprotected_runs_say_so_beside_the_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note goes to standard error, so that JSON stays JSON."""
    from dataclasses import replace

    from htilde.self_study import checking

    examine = checking.examine
    monkeypatch.setattr(checking, "examine", lambda *a, **k: replace(examine(*a, **k), unprotected="no Landlock"))
    result = run("check", "toys.ipynb", "--json")
    assert json.loads(result.stdout)["unprotected"] == "no Landlock" and "without protection (no Land" in result.stderr


def spoil(name: str, change: Callable[[Path], object]) -> Callable[[Path], None]:
    """A way to spoil a file of a folder."""
    return lambda folder: (change(folder / name), None)[1]


PAPERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (spoil("toys.paper", Path.unlink), "no paper"),
    "damaged": (spoil("toys.paper", lambda path: path.write_bytes(path.read_bytes()[:-1] + b"?")), "damaged"),
    "of another version": (
        spoil("toys.paper", lambda path: path.write_bytes(path.read_bytes().replace(b"format 2", b"format 9"))),
        "another version of the kit",
    ),
    "no paper at all": (spoil("toys.paper", lambda path: path.write_text("PK")), "isn't a paper"),
    "two": (spoil("other.paper", lambda path: path.write_bytes((path.parent / "toys.paper").read_bytes())), "are 2"),
    "a folder": (spoil("toys.paper", lambda path: (path.unlink(), path.mkdir())), "can't be read"),
    "not a notebook": (spoil("toys.ipynb", lambda path: path.write_text("<html>")), "toys.ipynb:1: not a notebook"),
}


@pytest.mark.parametrize("case", PAPERS)
def test_a_bad_paper_or_file_is_one_message(folder: Path, case: str) -> None:
    """What is wrong with it, its name, and what to do; the same with --json."""
    change, says = PAPERS[case]
    change(folder)
    for options in ([], ["--json"]):
        refused(run("check", "toys.ipynb", *options), says, "toys")


PATHS = {
    "none.ipynb": "there is no such file",
    "notes.txt": "a notebook (.ipynb) or a .py file is expected",
    "folder.ipynb": "this is a folder, not a file",
    "broken.py": "neither a file nor a folder",
    "empty": "there is none",
    "x" * 300 + ".py": "there is no such file",
}


@pytest.mark.parametrize("name", PATHS, ids=lambda name: name[:20])
def test_a_wrong_path_is_one_message(folder: Path, name: str) -> None:
    """A path to nothing, to another kind of file, to a folder that is called like a file, or without a notebook."""
    (folder / "notes.txt").touch()
    (folder / "folder.ipynb").mkdir()
    (folder / "broken.py").symlink_to("nowhere")
    (folder / "empty").mkdir()
    refused(run("check", name), PATHS[name], name)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a file has no mode")
def test_an_unreadable_file_is_one_message(folder: Path) -> None:
    """Whoever may not read it learns that."""
    (folder / "mine.py").chmod(0)
    with ordinary():
        refused(run("check", "mine.py"), "mine.py", "Permission denied")


def test_the_nearest_exercise_is_named(folder: Path) -> None:
    """A typo in --exercise."""
    refused(run("check", "-e", "duble"), "'duble' in toys; did you mean 'double'?", "exercises are: double")


def test_hidden_and_live_properties_need_the_course(folder: Path) -> None:
    """A student who asks for them learns that a course is needed."""
    for option in ("--hidden", "--explore"):
        refused(run("check", option), "grading.toml", "--course")


def test_a_gpu_is_for_who_has_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CuPy it is one message; with it, what passes is told to stay there or not, as text and as JSON."""
    monkeypatch.setattr("htilde.examination.gpu.GpuWorker._start", lambda *_: piped([sys.executable, "-c", _NO_CUPY]))
    refused(run("check", "--device", "cuda"), "CuPy finds no GPU here", "--device")
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    before = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "tests" / "kit" / "imitation"), before]))
    told = run("check", "--device", "cuda")
    assert (
        told.exit_code == 0 and "On the GPU, ungraded: Imitation 3000\nok  double: Right, and it stays" in told.stdout
    )
    plain = json.loads(run("check", "--device", "cuda", "--json").stdout)
    assert plain["gpu"]["exercises"] == {
        "double": {"right": True, "code": "right", "details": {}, "message": "Right, and it stays on the GPU."}
    }
    assert "gpu" not in json.loads(run("check", "--json").stdout)


_NO_CUPY = "import sys; sys.modules['cupy'] = None; from htilde.isolation.gpu_worker import main; main()"


@pytest.mark.parametrize("typed", [("check", "submitted/right/toys", "--explore"), ("build",), ("verify",)], ids=str)
def test_cuda_without_a_gpu_is_one_message(
    built: Course, typed: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where stored papers would leave torch nothing to do: nobody believes it ran on a GPU."""
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    refused(run(*typed, "--device", "cuda"), "no CUDA device", "--device cpu")
    assert run(*typed[:2], "--device", "auto").exit_code == 0


@pytest.mark.parametrize(("options", "asked"), [(["--hidden"], 4), (["--explore"], 3), (["--explore", "--hidden"], 4)])
def test_hidden_and_live_properties_are_asked(built: Course, options: list[str], asked: int) -> None:
    """In a course all of them can be asked, and the same answers pass and fail."""
    for student, status in (("right", 0), ("wrong", 1)):
        result = run("check", f"submitted/{student}/toys", "--json", *options)
        assert result.exit_code == status, result.stderr
        shown = json.loads(result.stdout)
        verdicts = [v for exercise in shown["exercises"].values() for v in exercise["properties"]]
        assert len(verdicts) == asked and len(shown["papers"]) == 1 + ("--hidden" in options)
        assert {v["misconception"] for v in verdicts if not v["passed"]} == ({"adds_two"} if status else set())


def test_the_course_is_the_one_around_the_file(built: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hidden properties are those of the course that the file lies in, wherever the person is."""
    os.chdir(ROOT)
    assert run("check", built.root / "submitted/right/toys", "--hidden").exit_code == 0
    copy = tmp_path_factory.mktemp("copy") / "toys.py"
    copy.write_text(RIGHT)
    (copy.parent / "toys.paper").write_bytes((built.source("toys") / "toys.paper").read_bytes())
    os.chdir(built.root)
    assert run("check", copy, "--explore").exit_code == 0


def test_hidden_papers_must_be_there_and_fit(built: Course) -> None:
    """An old paper isn't sat in silence, and a missing one says which command writes it."""
    declared = built.declarations("hidden", "toys")
    text = declared.read_text()
    declared.write_text(text + "\n# a comment changes nothing\n")
    assert run("check", "submitted/right/toys", "--hidden").exit_code == 0
    declared.write_text(text.replace("return ", "return 1 * ", 1))
    typed = ("check", "submitted/right/toys", "--hidden")
    refused(run(*typed), "stale", "htilde build")
    built.hidden_paper("toys").unlink()
    refused(run(*typed), str(built.hidden_paper("toys")), "htilde build")


COURSES = {
    "[course]": ("[coarse]", "grading.toml:1: ", "did you mean 'course'"),
    "double = 2": ("double = -2", "grading.toml:8: ", "0 or more"),
    "negate = 1": ("negate = 1\ntriple = 1", "public/toys.py: ", "triple"),
    'name = "toys"': ('name = "games"', "public/games.py", "there is no such file"),
}


@pytest.mark.parametrize("old", COURSES)
def test_a_typo_in_the_course_is_told_with_its_place(here: Course, old: str) -> None:
    """Unknown keys, negative points, an exercise that nobody declares: one message with file and line; status 2."""
    new, *says = COURSES[old]
    path = here.root / "grading.toml"
    path.write_text(path.read_text().replace(old, new))
    refused(run("build"), *says)
    assert not here.source("toys").exists() and not here.private.exists()


def test_a_broken_course_is_not_no_course(built: Course) -> None:
    """Checking a file in a course whose grading.toml has a typo names the typo."""
    (built.root / "grading.toml").write_text("[coarse]\n")
    refused(run("check", "submitted/right/toys/toys.py"), "grading.toml:1: ", "'coarse'")


@pytest.mark.parametrize("command", ["build", "release toys", "grade toys", "verify", "demo"])
def test_commands_for_a_course_say_where_they_looked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Without a grading.toml around, and with --course."""
    monkeypatch.chdir(tmp_path)
    for options in ([], ["--course", str(tmp_path)]):
        refused(run(*options, *command.split()), str(tmp_path), "grading.toml", "--course")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["build", "release", "grade", "verify"])
def test_the_nearest_assignment_is_named(here: Course, command: str) -> None:
    """A typo in the name of an assignment."""
    refused(run(command, "toy"), "no assignment 'toy'", "did you mean 'toys'", "assignments are: toys")


def test_the_course_can_be_named_from_anywhere(built: Course, tmp_path_factory: pytest.TempPathFactory) -> None:
    """--course instead of going there."""
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    result = run("--course", built.root, "build", "toys")
    assert result.exit_code == 0 and str(built.source("toys")) in result.stdout


def test_students_who_cannot_be_are_told(here: Course) -> None:
    """An id that leads out of its folder, and one who handed nothing in; nobody at all."""
    refused(run("grade", "toys", "--student", "../x"), "'../x' can't be a student id")
    refused(run("grade", "toys", "--student", "zoe"), "zoe", "submitted/STUDENT/toys")
    refused(run("grade", "toys"), "no submissions", "submitted/STUDENT/toys")


def test_grading_needs_papers_first(here: Course) -> None:
    """Before anything is graded."""
    (here.root / "submitted/ada/toys").mkdir(parents=True)
    refused(run("grade", "toys"), "there is no such paper", "htilde build")


@pytest.fixture
def class_of_two(built: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The toy course, graded by a stand-in for nbgrader: one has a grade, another has handed in nothing readable."""
    examiner = Examiner(stored_papers(built, "toys"), built.limits)
    examination = examiner.examine(read_submission(built.root / "submitted/wrong/toys/toys.py", ("double", "negate")))
    points = {result.name: result.points for result in examination.exercises}
    write_record(built, Record("toys", "wrong", GradeStatus.GRADED, "", examination, points))
    rows = [
        GradeRow("toys", Person("wrong"), "graded", 1.0, 3.0, 1.0, 3.0),
        GradeRow("toys", Person("right"), "not graded", None, 3.0, None, 3.0),
    ]
    monkeypatch.setattr(classroom, "grades", lambda *_: rows)
    outcome = GradingResult(examined=1, recorded={"wrong"})
    monkeypatch.setattr(classroom, "grade", lambda *_, **__: outcome)
    monkeypatch.setattr(classroom, "renew_feedback", lambda *_, **__: None)
    monkeypatch.setattr(classroom, "export", lambda *_, **__: built.root / "grades.csv")
    return built


def test_grades_are_shown_with_reasons(class_of_two: Course) -> None:
    """Each student who handed in has a row; who has no grade has no number; where the files are."""
    result = run("grade", "toys")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert "wrong 1 / 3 double: adds two" in lines
    assert "right – not graded: there is no toys.ipynb" in lines
    assert lines[-3:] == ["done: 1 examined, 1 recorded, 0 unchanged", "feedback: feedback", "grades: grades.csv"]
    assert result.stderr == ""


def test_records_are_printed_as_json(class_of_two: Course) -> None:
    """A list of what docs/json.md names, one a student."""
    result = run("grade", "toys", "--json")
    (record,) = json.loads(result.stdout)
    assert record.keys() == {
        *("assignment", "student", "status", "message", "at", "submission", "kit", "examined", "examination")
    }
    assert (record["student"], record["status"], record["examination"]["points"]) == ("wrong", "graded", 1.0)


def test_one_who_cannot_be_graded_does_not_cost_the_class_its_grades(
    class_of_two: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table and the files are there, what went wrong comes last, and the status says so."""

    done = GradingResult(recorded={"wrong"}, left_out={"right": "its notebook is called mine.ipynb."})
    monkeypatch.setattr(classroom, "grade", lambda *_, **__: done)
    result = run("grade", "toys")
    assert result.exit_code == 3 and "1 / 3" in result.stdout and "grades.csv" in result.stdout
    assert result.stderr.endswith("error: Not graded: right.\n  its notebook is called mine.ipynb.\n")
    assert json.loads(run("grade", "toys", "--json").stdout)


def test_what_failed_first_is_what_is_told(class_of_two: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """If nbgrader can't do anything, its first failure is shown and no second one."""

    def fails(*_: object, **__: object) -> None:
        raise GraderFault("second", next_step="Look.")

    monkeypatch.setattr(classroom, "grade", lambda *_, **__: GradingResult(left_out={"right": "first"}))
    monkeypatch.setattr(classroom, "renew_feedback", lambda *_, **__: None)
    monkeypatch.setattr(classroom, "export", fails)
    refused(run("grade", "toys"), "first", status=3)


def test_an_error_of_the_grader_is_status_3(class_of_two: Course) -> None:
    """One record says so: the others are shown, and somebody has to look."""
    write_record(class_of_two, Record("toys", "right", GradeStatus.GRADER_ERROR, message="no worker"))
    result = run("grade", "toys")
    assert result.exit_code == 3 and "right – grader error: no worker" in " ".join(result.stdout.split())


def test_a_folder_that_is_no_students_is_a_row_without_points(class_of_two: Course) -> None:
    """A name that can't be an id doesn't end the table."""
    (class_of_two.root / "submitted/=right/toys").mkdir(parents=True)
    result = run("grade", "toys")
    assert "=right – not graded" in " ".join(result.stdout.split()) and "1 / 3" in result.stdout


CHANGES = [
    GradeChange("ada", 8.0, 5.0, "handed in anew", {"double": (3.0, 0.0)}),
    GradeChange("bob", 0.0, 1.5, "asked by new papers", dict.fromkeys("abcdef", (0.0, 0.25))),
]


def test_whose_grade_would_change_is_shown_and_nothing_else_happens(
    class_of_two: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dry run: a row for each with before, after and why; neither feedback nor grades; the same as JSON."""
    outcome = GradingResult(unchanged={"eve"}, first={"zoe"}, changes=CHANGES)
    monkeypatch.setattr(classroom, "grade", lambda *_, **__: outcome)
    monkeypatch.setattr(classroom, "renew_feedback", None)
    monkeypatch.setattr(classroom, "export", None)
    result = run("grade", "toys", "--dry-run")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 0 and "2 grades that stand would change:" in lines
    assert lines[lines.index("ada 8 5 handed in anew") + 1] == "double: 3 → 0" and "and 3 more" in lines
    assert "Graded for the first time: 1." in lines and "no grade was changed" in result.stdout
    plain = json.loads(run("grade", "toys", "--dry-run", "--json").stdout)
    assert plain["changes"][0] == {
        "student": "ada",
        "before": 8.0,
        "after": 5.0,
        "why": "handed in anew",
        "exercises": {"double": {"before": 3.0, "after": 0.0}},
    }
    assert (plain["first"], plain["unchanged"]) == (["zoe"], ["eve"])


def test_what_is_about_to_change_is_shown_before_it_does(class_of_two: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a short table on standard output; not where JSON is expected."""

    def grades(*_: object, on_changes: Callable[[GradingResult], None], **__: object) -> GradingResult:
        on_changes(GradingResult(changes=CHANGES * 20))
        return GradingResult(recorded={"wrong"})

    monkeypatch.setattr(classroom, "grade", grades)
    shown = run("grade", "toys").stdout
    assert "40 grades that stand change:" in shown and "... and 10 more; --dry-run names all." in shown
    assert json.loads(run("grade", "toys", "--json").stdout)


def test_ctrl_c_says_how_to_go_on(class_of_two: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 1, what is kept, what to type; no traceback."""

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(classroom, "grade", stopped)
    result = run("grade", "toys")
    assert result.exit_code == 1 and result.stdout == ""
    assert "What was examined is kept." in result.stderr and "run the same command again" in result.stderr


def test_a_large_class_is_shown_by_those_who_need_a_person(
    class_of_two: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are in the file; who couldn't be graded has a row."""
    monkeypatch.setattr("htilde.cli.grade.LARGE", 1)
    shown = run("grade", "toys").stdout
    assert "of 2 those are shown" in shown and "right" in shown and "wrong" not in shown


def test_a_class_is_graded_in_earnest(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through nbgrader: right, unreadable and misnamed; none of nbgrader's log lines, and everybody's row."""
    root = copied(tmp_path_factory, tmp_path_factory.mktemp("graded") / "course", "right", "not_json", "=right")
    monkeypatch.chdir(root)
    result = run("grade", A1)
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "right 8 / 8" in lines and any(line.startswith("not_json 0 / 8 unreadable:") for line in lines)
    assert any(line.startswith("=right – ") for line in lines)
    assert result.exit_code == 3 and result.stderr.count("error: ") == 1 and "=right" in result.stderr
    assert "INFO" not in result.output and "Traceback" not in result.output


def test_verify_says_what_is_wrong(built: Course) -> None:
    """A table and status 0; with a problem a line that names the case, and status 1; the same as JSON."""
    result = run("verify")
    assert result.exit_code == 0 and result.stdout.split()[-6:] == ["toys", "2", "4", "3", "1", "0"]
    path = built.root / "tests/variants/toys.py"
    path.write_text(path.read_text() + '\n@variant("negate")\ndef forgets(x):\n    return x\n')
    result = run("verify", "toys")
    assert result.exit_code == 1 and "toys: variant negate forgets: negate: is_the_negative fails" in result.stdout
    rows = json.loads((result := run("verify", "--json")).stdout)
    assert result.exit_code == 1 and [row["name"] for row in rows if row["problem"]] == ["forgets"]
    assert all(row.keys() == {"assignment", "kind", "exercise", "name", "problem"} for row in rows)


@pytest.mark.parametrize("protected", [True, False])
def test_doctor_says_whether_grades_may_be_given(monkeypatch: pytest.MonkeyPatch, protected: bool) -> None:
    """GradeStatus 0 or 1; as JSON the keys of docs/json.md; no table needs a package that students lack."""
    from htilde.isolation import doctor
    from htilde.isolation.promises import PROMISES, PromiseResult

    tried = (PromiseResult(PROMISES[0], protected, "held: PermissionError" if protected else "breached"),)
    packages = (doctor.Package("numpy", "2.0", "everything"), doctor.Package("torch", "", "the oracle"))
    machine = doctor.MachineReport(packages, ("seccomp",), () if protected else ("Landlock",), tried, protected)
    monkeypatch.setattr(doctor, "examine_machine", lambda: machine)
    monkeypatch.setitem(sys.modules, "rich", None)
    result = run("doctor")
    assert result.exit_code == (0 if protected else 1) and "not installed" in result.stdout
    assert f"fit for grading: {'yes' if protected else 'no'}" in result.stdout
    shown = json.loads(run("doctor", "--json").stdout)
    assert shown.keys() == {"packages", "layers", "missing", "promises", "protected", "ways"}


def test_a_full_disk_is_status_3_and_leaves_what_was_there(built: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space while papers are written: the old ones stay, byte by byte."""
    before = {path: path.read_bytes() for path in built.root.rglob("*") if path.is_file()}

    opened = os.open

    def full(path: str | Path, flags: int, *rest: int, **options: int) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return opened(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", full)
    refused(run("build"), "No space left on device", "toys.paper", "Nothing that was there is lost", status=3)
    assert {path: path.read_bytes() for path in built.root.rglob("*") if path.is_file()} == before


def test_a_fault_of_the_kit_is_status_3(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line without a traceback, and the way to see it; with the variable set, the traceback itself."""

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("of the kit")

    monkeypatch.setattr("htilde.self_study.checking.check_file", fails)
    result = run("check")
    assert result.exit_code == 3 and result.stdout == "" and "error: RuntimeError: of the kit\n" in result.stderr
    assert "HTILDE_TRACEBACK=1" in result.stderr
    monkeypatch.setenv("HTILDE_TRACEBACK", "1")
    assert isinstance(run("check").exception, RuntimeError)


WITHOUT = """
import sys
for name in sys.argv.pop(1).split(","):
    sys.modules[name] = None
from htilde.cli.main import main
main(prog_name="htilde")
"""
ALL = "torch,hypothesis,jupytext,nbformat,nbconvert,nbgrader,rich"


def without(packages: str, folder: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Type a command where these packages aren't installed."""
    command = [sys.executable, "-c", WITHOUT, packages, *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "autograder"), "PYTHONDONTWRITEBYTECODE": "1"} | more
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real course, for looking only."""
    return clone(tmp_path_factory.mktemp("without")).root


@pytest.mark.parametrize(
    ("packages", "typed", "names"),
    [
        ("torch", "build", "torch"),
        ("torch", "verify", "torch"),
        ("torch", f"check assignments/{A1} --explore", "torch"),
        ("torch", "verify --device auto", "torch"),
        ("hypothesis", "build", "hypothesis"),
        (ALL, f"release {A1}", ""),
    ],
)
def test_a_missing_package_is_named(real: Path, packages: str, typed: str, names: str) -> None:
    """What needs it says which package, and how to install it; status 2, one message."""
    done = without(packages, real, *typed.split())
    assert done.returncode == 2 and done.stdout == "" and "Traceback" not in done.stderr
    assert done.stderr.count("error: ") == 1
    assert f"needs the package {names}" in done.stderr and "pip install" in done.stderr


def test_a_package_that_a_command_imports_late_is_named(here: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where no module of the kit has thought of it."""
    monkeypatch.setitem(sys.modules, "nbformat", None)
    monkeypatch.setitem(sys.modules, "jupytext", None)
    refused(run("build"), "needs the package", "pip install")
    assert not here.source("toys").exists()


def test_students_need_none_of_them(real: Path) -> None:
    """A check and the doctor work with NumPy and click alone, on a terminal of few characters, too."""
    done = without(ALL, real, "check", f"assignments/{A1}", "--exercise", "sigmoid", PYTHONIOENCODING="ascii")
    assert done.returncode == 1 and "Not implemented yet" in done.stdout and done.stderr == ""
    assert without(ALL, real, "--help").returncode == 0


def test_a_reader_who_leaves_is_no_fault(folder: Path) -> None:
    """`htilde check | head -0`: no message about a broken pipe."""
    command = [sys.executable, "-u", "-m", "htilde", "check", "--json"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert b"error" not in process.stderr.read()
