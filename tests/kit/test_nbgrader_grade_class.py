"""``htilde grade``: what nbgrader's own command leaves, faster, and only where something has changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import (
    CLASS,
    EMPTY,
    REFUSED,
    copied,
    feedback,
    generate,
    give_feedback,
    gradebook,
    graded,
    nobody_graded,
    scores,
)
from htilde.course import load_course
from htilde.diagnosis.executors import Examiner, ProcessExecutor
from htilde.errors import GraderFault, KitError
from htilde.grading.class_run import GradeChange, GradingResult
from htilde.grading.grade import grade_class
from htilde.grading.job import NOT_GRADED
from htilde.grading.records import GradeStatus, read_record
from htilde.model import Examination
from htilde.nbgrader import classroom
from htilde.submissions.steps import Submission
from lost import leftovers
from nbgrader.converters import Autograde
from once import once

FILE = f"{A1}.ipynb"
ALL = (*(member.id for member in CLASS), *REFUSED, EMPTY)


class Watch:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int]] = []
        self.troubles: list[str] = []
        self.warnings: list[str] = []
        self.advanced = 0

    def step(self, what: str, total: int) -> None:
        self.steps.append((what, total))

    def advance(self, what: str = "") -> None:
        self.advanced += 1

    def warn(self, what: str) -> None:
        self.warnings.append(what)

    def trouble(self, what: str, error: Exception | None = None) -> None:
        self.troubles.append(what)


class Here:
    """Examines in this process, or fails as it is told to; counts."""

    window = 1

    def __init__(self, examiner: Examiner, fails: Exception | None = None) -> None:
        self.examiner, self.fails, self.count = examiner, fails, 0

    def submit(self, submission: Submission) -> Future[Examination]:
        self.count += 1
        future: Future[Examination] = Future()
        if self.fails is not None:
            future.set_exception(self.fails)
        else:
            future.set_result(self.examiner.examine(submission))
        return future

    def is_broken(self, error: BaseException) -> bool:
        return False

    def restart(self) -> None:
        raise AssertionError

    def __enter__(self) -> Here:
        return self

    def __exit__(self, *_: object) -> None:
        pass


def grade(
    root: Path, student: str = "*", *, fails: Exception | None = None, watch: Watch | None = None, **options: Any
) -> tuple[GradingResult, GraderFault | None]:
    """Grade a course, examining in this process."""
    course = load_course(root / "grading.toml")
    with classroom._job(course, A1, student, Autograde, watch or Watch()) as job:
        result = grade_class(job, lambda examiner, most: Here(examiner, fails), **options)
    return result, result.fault


def renew(root: Path) -> None:
    """Write feedback and grades."""
    course = load_course(root / "grading.toml")
    assert classroom.renew_feedback(course, A1, progress=Watch()) is None
    classroom.export(course)


def rows(root: Path) -> list[list[tuple[Any, ...]]]:
    """All that the gradebook holds of submissions, without the random ids."""
    whose = """
        join submitted_notebook on submitted_notebook.id = {kind}.notebook_id
        join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
        join base_cell on base_cell.id = {kind}.cell_id
    """
    about = "student_id, timestamp, extension, late_submission_penalty, flagged, base_cell.name"
    given = "auto_score, manual_score, extra_credit, needs_manual_grade"
    queries = (
        f"select {about}, {given} from grade {whose.format(kind='grade')}",
        f"select {about}, auto_comment, manual_comment from comment {whose.format(kind='comment')}",
        "select id, first_name, last_name, email, lms_user_id from student",
        "select student_id, timestamp, extension from submitted_assignment",
        "select id from course",
    )
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        return [sorted(database.execute(query).fetchall(), key=repr) for query in queries]


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What a folder holds, and who may read it."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mode) for path in found}


def records(root: Path) -> dict[str, dict[str, Any]]:
    """The records, without the times and what is of use to the next run only."""
    found = {}
    for path in (root / ".course" / "records" / A1).glob("*.json"):
        plain = json.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = {key: value for key, value in plain.items() if key not in ("at", "examined", "basis")}
    return found


def anew(root: Path) -> None:
    """As before anybody was graded."""
    nobody_graded(root)
    for name in ("autograded", "feedback", ".course/records", ".course/verdicts", ".course/unfinished"):
        shutil.rmtree(root / name, ignore_errors=True)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole class, graded by ``htilde grade`` with two processes; for looking only."""

    def make(folder: Path) -> None:
        root = copied(tmp_path_factory, folder / "course", *ALL)
        anew(root)
        course, watch = load_course(root / "grading.toml"), Watch()
        result = classroom.grade(course, A1, jobs=2, progress=watch)
        (folder / "fault").write_text(str(result.fault))
        (folder / "troubles").write_text("\n".join(watch.troubles))
        renew(root)

    return once(tmp_path_factory, "quick", make)


def test_it_leaves_what_nbgraders_own_command_leaves(tmp_path_factory: pytest.TempPathFactory, quick: Path) -> None:
    """Of a class of traps: the same rows, the same notebooks, pages and grades byte by byte, the same records."""
    stock, ours = graded(tmp_path_factory).root, quick / "course"
    assert rows(ours) == rows(stock)
    for step in ("autograded", "feedback"):
        assert files(ours / step) == files(stock / step)
    assert (ours / "grades.csv").read_bytes() == (stock / "grades.csv").read_bytes()
    assert records(ours) == records(stock) and len(records(ours)) == len(CLASS)
    assert leftovers(ours) == []


def test_it_refuses_whom_nbgraders_own_command_refuses(tmp_path_factory: pytest.TempPathFactory, quick: Path) -> None:
    """With the same reasons, each of them once."""
    fault, troubles = (quick / "fault").read_text(), (quick / "troubles").read_text()
    assert fault.startswith(f"{NOT_GRADED}{', '.join(sorted(REFUSED))}.")
    for student, why in REFUSED.items():
        assert troubles.count(f"submitted/{student}/") == 1 and why in troubles and why in fault


@pytest.fixture
def root(quick: Path, tmp_path: Path) -> Path:
    """A class of three who were graded in this way, free to be spoilt."""
    names = ("right", "wrong", "not_json")
    others = shutil.ignore_patterns(*(name for name in ALL if name not in names))
    return shutil.copytree(quick / "course", tmp_path / "course", symlinks=True, ignore=others)


def standing(root: Path) -> tuple[Any, ...]:
    """All that a grade consists of."""
    return rows(root), files(root / "autograded"), files(root / "feedback"), files(root / ".course" / "records")


def hand_in_worse(root: Path) -> None:
    shutil.copy(root / "submitted" / "wrong" / A1 / FILE, root / "submitted" / "right" / A1 / FILE)


def test_a_second_run_touches_nothing(root: Path) -> None:
    """Neither the gradebook nor a file: nobody is examined, recorded or told anew."""
    before = standing(root)
    outcome, fault = grade(root, fails=RuntimeError("nobody needs to be examined"))
    renew(root)
    assert fault is None and outcome.unchanged == {"right", "wrong", "not_json"}
    assert not (outcome.examined or outcome.recorded or outcome.changes or outcome.first)
    assert standing(root) == before


def test_only_who_has_handed_in_anew_is_graded(root: Path) -> None:
    """The change is told with its reason, and the page is a new one; the others' stay."""
    pages = {name: feedback(root, name) for name in ("right", "wrong")}
    hand_in_worse(root)
    seen: list[GradingResult] = []
    outcome, fault = grade(root, on_changes=seen.append)
    renew(root)
    assert fault is None and outcome.recorded == {"right"} and outcome.examined == 0, "the same cells were examined"
    assert outcome.changes == [GradeChange("right", 8.0, 5.0, "handed in anew", {"tanh_derivative": (3.0, 0.0)})]
    assert seen == [outcome] and scores(root)["right"]["tanh_derivative"] == 0
    assert feedback(root, "wrong") == pages["wrong"] and feedback(root, "right") != pages["right"]


def test_a_dry_run_changes_nothing(root: Path) -> None:
    """It says whose grade would change, who would get one and who is refused, and keeps the verdicts."""
    hand_in_worse(root)
    shutil.copytree(root / "submitted" / "wrong", root / "submitted" / "zoe")
    shutil.copytree(root / "submitted" / "wrong", root / "submitted" / "=zoe")
    before = standing(root)
    outcome, fault = grade(root, dry_run=True)
    assert standing(root) == before and leftovers(root) == []
    assert [change.student for change in outcome.changes] == ["right"] and outcome.first == {"zoe"}
    assert fault is not None and fault.message.startswith(f"{NOT_GRADED}=zoe.")
    assert grade(root)[0].examined == 0


def test_points_need_no_examination(root: Path) -> None:
    """Released with other points, everybody has them; verdicts, papers and times of examining are the old ones."""
    old = read_record(load_course(root / "grading.toml"), A1, "wrong")
    path = root / "grading.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("sigmoid = 2", "sigmoid = 7"), encoding="utf-8")
    from htilde.authoring.build import build

    build(load_course(path), A1)
    generate(root)
    outcome, fault = grade(root, fails=RuntimeError("nobody needs to be examined"))
    assert fault is None and outcome.examined == 0 and scores(root)["right"]["sigmoid"] == 7
    assert {(change.student, change.before, change.after, change.why) for change in outcome.changes} == {
        ("right", 8.0, 13.0, "worth other points"),
        ("wrong", 5.0, 10.0, "worth other points"),
    }
    new = read_record(load_course(path), A1, "wrong")
    assert old is not None and new is not None
    assert (new.examined, new.kit, new.submission) == (old.examined, old.kit, old.submission)


def test_again_examines_everybody_and_changes_what_was_wrong(root: Path) -> None:
    """Whatever the store says; a grade that somebody has spoilt is put right, and that is told."""
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        database.execute("update grade set auto_score = 1 where auto_score = 3")
        database.commit()
    outcome, fault = grade(root, again=True)
    assert fault is None and outcome.examined == 2 and outcome.recorded == {"right", "wrong", "not_json"}
    assert {change.student for change in outcome.changes} == {"right", "wrong"}
    assert scores(root)["right"] == {"sigmoid": 2, "sigmoid_derivative": 3, "tanh_derivative": 3}


def test_points_that_a_person_gave_are_no_change(root: Path) -> None:
    """They stay, so whatever the examiner says there, the grade doesn't change."""
    with gradebook(root) as found:
        found.find_grade("check_tanh_derivative", A1, A1, "right").manual_score = 2.5
        found.db.commit()
    hand_in_worse(root)
    outcome, _ = grade(root)
    assert outcome.recorded == {"right"} and outcome.changes == []
    assert scores(root, "manual_score")["right"]["tanh_derivative"] == 2.5


@pytest.mark.parametrize("lost", ["work", "page"])
def test_what_is_missing_is_made_again(root: Path, lost: str) -> None:
    """An autograded folder or a page that somebody removed is no reason to examine, but it comes back."""
    before = standing(root)
    shutil.rmtree(root / ("autograded" if lost == "work" else "feedback") / "right")
    outcome, _ = grade(root, fails=RuntimeError("nobody needs to be examined"))
    renew(root)
    assert outcome.recorded == ({"right"} if lost == "work" else set())
    assert standing(root)[:3] == before[:3]


def test_a_comment_of_a_person_makes_a_new_page(root: Path) -> None:
    """Feedback follows the gradebook, too."""
    with gradebook(root) as found:
        found.find_comment("sigmoid", A1, A1, "right").manual_comment = "Well done!"
        found.db.commit()
    renew(root)
    assert "Well done!" in feedback(root, "right")
    page = feedback(root, "right")
    give_feedback(root)
    assert feedback(root, "right") == page, "nbgrader's own command writes the same"


def test_a_fault_of_the_grader_costs_no_grade(root: Path) -> None:
    """What couldn't be examined keeps grade and work; the record and the exit say so; the next run mends it."""
    path = root / "submitted" / "right" / A1 / FILE
    path.write_text(path.read_text(encoding="utf-8").replace("np.where", "np.choose"), encoding="utf-8")
    old = rows(root), files(root / "autograded")
    outcome, fault = grade(root, fails=GraderFault("no memory", next_step="Buy some."))
    assert (rows(root), files(root / "autograded")) == old and outcome.recorded == set()
    assert fault is not None and fault.message.startswith(f"{NOT_GRADED}right.\ngrader error, no grade was changed.")
    assert "no memory" in fault.message
    record = read_record(load_course(root / "grading.toml"), A1, "right")
    assert record is not None and record.status is GradeStatus.GRADER_ERROR
    assert grade(root)[0].recorded == {"right"} and scores(root)["right"]["sigmoid"] == 0


def test_nobody_is_graded_where_the_gradebook_doesnt_know_the_release(root: Path) -> None:
    """One error of the kit, before anything is examined."""
    (root / "gradebook.db").unlink()
    with pytest.raises(KitError, match="doesn't know this release"):
        grade(root, fails=RuntimeError("nobody is examined"))


def test_processes_are_asked_for_only_if_somebody_must_be_examined(root: Path) -> None:
    """A run in which nothing has changed starts none."""
    course, watch = load_course(root / "grading.toml"), Watch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ProcessExecutor, "submit", None)
        classroom.grade(course, A1, jobs=2, progress=watch)
    assert ("Examining", 0) in watch.steps
