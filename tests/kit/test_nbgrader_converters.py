"""A class graded through nbgrader: what goes wrong with one submission, or with the grader, costs no grade."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import (
    BESIDE,
    CLASS,
    EMPTY,
    REFUSED,
    WRONG,
    convert,
    copied,
    feedback,
    generate,
    give_feedback,
    gradebook,
    graded,
    nobody_graded,
    notebook,
    scores,
)
from htilde.authoring.build import build
from htilde.course import load_course
from htilde.diagnosis import executors
from htilde.grading import exam
from htilde.grading.job import NOT_GRADED
from htilde.grading.records import GradeStatus
from htilde.isolation.lock import Protection
from htilde.nbgrader.gradebook import NbGraderGradebook
from nbgrader.converters.base import NbGraderException

FULL = {"sigmoid": 2, "sigmoid_derivative": 3, "tanh_derivative": 3}
FILE = f"{A1}.ipynb"
PAGE = {f"{A1}.html", "timestamp.txt", "submission_secret.txt"}
"""A student's page, and what ``nbgrader release_feedback`` needs beside it."""


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A copy of the graded course in which two students have handed in."""
    return copied(tmp_path_factory, tmp_path, "right", "wrong")


def files(folder: Path) -> dict[str, bytes]:
    """A folder as it is, for comparing."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def grades_and_work(root: Path) -> Any:
    """All that a fault of the grader may not touch."""
    return scores(root), scores(root, "manual_score"), files(root / "autograded"), files(root / "feedback")


def hand_in_again(root: Path, student: str = "right") -> None:
    """Hand in a worse notebook than before."""
    shutil.copy(root / "submitted" / "wrong" / A1 / FILE, root / "submitted" / student / A1 / FILE)


def status(root: Path, student: str) -> GradeStatus:
    record = (root / ".course" / "records" / A1 / f"{student}.json").read_text(encoding="utf-8")
    return GradeStatus(json.loads(record)["status"])


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change a text file, which must make a difference."""
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")


def messages(caplog: pytest.LogCaptureFixture, level: int = logging.ERROR) -> str:
    return "\n".join(record.getMessage() for record in caplog.records if record.levelno == level)


# A class


def test_what_cant_be_graded_is_told_once_and_the_class_goes_on(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each refused folder has one line that says why, and one more names all; everybody else is graded."""
    root = graded(tmp_path_factory).root
    errors = [line for line in (root / "autograde.log").read_text(encoding="utf-8").splitlines() if "ERROR" in line]
    assert len(errors) == len(REFUSED) + 1
    for student, why in REFUSED.items():
        assert [why in line for line in errors if f"ERROR] submitted/{student}/" in line] == [True]
    assert errors[-1].endswith(f"{NOT_GRADED}{', '.join(sorted(REFUSED))}.")
    assert scores(root).keys() == {member.id for member in CLASS}
    assert not any((root / step / student).exists() for step in ("autograded", "feedback") for student in REFUSED)


def test_a_folder_without_a_notebook_stops_nobody(tmp_path_factory: pytest.TempPathFactory) -> None:
    """nbgrader warns of it, and it gets neither a grade nor a zero."""
    root = graded(tmp_path_factory).root
    log = (root / "autograde.log").read_text(encoding="utf-8")
    assert re.search(rf"WARNING\] No notebooks were matched by .*{EMPTY}", log)
    assert EMPTY not in scores(root)


def test_an_excluded_student_isnt_complained_of(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whom the instructor excludes can't spoil the exit status."""
    shutil.copytree(root / "submitted" / "right", root / "submitted" / "=right")
    rewrite(root / "nbgrader_config.py", lambda t: f"{t}\nget_config().CourseDirectory.student_id_exclude = '=right,x'")
    convert(root)
    assert not messages(caplog)


def test_a_timestamp_is_read_and_one_that_never_ends_isnt(root: Path) -> None:
    """The time of handing in reaches the gradebook; a pipe in its place is refused instead of waited for."""
    (root / "submitted" / "right" / A1 / "timestamp.txt").write_text("2027-03-16 12:00:00 UTC")
    os.mkfifo(root / "submitted" / "wrong" / A1 / "timestamp.txt")
    with pytest.raises(NbGraderException, match=f"{NOT_GRADED}wrong."):
        convert(root)
    with gradebook(root) as found:
        assert found.find_submission(A1, "right").timestamp == dt.datetime(2027, 3, 16, 12)


def test_nothing_is_copied_from_behind_a_link(root: Path, tmp_path: Path) -> None:
    """A student's folder, or a folder in it, that is a link: zero with a message, and none of its files move on."""
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / A1 / "d[1]").mkdir(parents=True)
    for name in ("secret", ".secret", "d[1]/secret", "d[1]/.secret"):
        (elsewhere / A1 / name).write_text("secret")
    shutil.copy(root / "submitted" / "right" / A1 / FILE, elsewhere / A1 / FILE)
    (root / "submitted" / "eve").symlink_to(elsewhere)
    (root / "submitted" / "mallory").mkdir()
    (root / "submitted" / "mallory" / A1).symlink_to(elsewhere / A1)
    convert(root)
    for student in ("eve", "mallory"):
        assert files(root / "autograded" / student / A1).keys() == {FILE}
        assert {*scores(root)[student].values()} == {0} and status(root, student) is GradeStatus.UNREADABLE


def test_plain_files_of_a_student_are_copied(root: Path) -> None:
    """A picture that the written answer shows stays beside it, in the feedback too; only links don't."""
    folder = root / "submitted" / "right" / A1
    (folder / "d[1]").mkdir()
    for name in ("graph.png", "d[1]/.data", "[x]"):
        (folder / name).write_text("mine")
    (folder / "d[1]" / "link").symlink_to(root / "grading.toml")
    convert(root)
    give_feedback(root)
    for step, own in (("autograded", {FILE}), ("feedback", PAGE)):
        assert files(root / step / "right" / A1).keys() == {*own, "graph.png", "d[1]/.data", "[x]"}


def test_files_beside_a_notebook_run_nowhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Called like modules, configurations or pages: none was run by any command, and none lies where it could be."""
    root = graded(tmp_path_factory).root
    assert files(root / "submitted" / "acting" / A1).keys() >= {*BESIDE, "another.ipynb", f"{A1.upper()}.ipynb"}
    assert not (root / "ran").exists()
    for step, own in (("autograded", {FILE}), ("feedback", PAGE)):
        assert files(root / step / "acting" / A1).keys() == {*own, "graph.png"}


ODD = [
    "-x",
    "--force",
    "a b",
    "a,b",
    "a'b",
    'a"b',
    "a\nb",
    "a\rb",
    "<b>",
    "раypal",
    "a\u202eb",
    "é",
    "x" * 65,
    "~",
    "a;b",
]
"""Folders in submitted/ whose names are no student's."""


def test_odd_names_are_refused_each_by_its_name(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever a folder is called, it gets neither a grade nor a row; everybody else does."""
    nobody_graded(root)
    for name in ODD:
        shutil.copytree(root / "submitted" / "wrong", root / "submitted" / name)
    with pytest.raises(NbGraderException, match=NOT_GRADED):
        convert(root)
    said = [record.getMessage() for record in caplog.records]
    errors = [text for text in said if "can't be a student id" in text and not text.startswith(NOT_GRADED)]
    assert len(errors) == len(ODD)
    assert all(any(f"/{name}/" in error for error in errors) for name in ODD)
    assert scores(root).keys() == {"right", "wrong"}
    assert {path.name for path in (root / "autograded").iterdir() if (path / A1).exists()} == {"right", "wrong"}


TIMES = {
    "long ago": "0001-01-01 00:00:00 UTC",
    "in ages": "9999-12-31 23:59:59 UTC",
    "no such year": "99999-01-01",
    "many digits": "9" * 5_000,
    "an endless zone": "2027-01-01 00:00:00 " + "1" * 400,
    "a file's zone": "2027-01-01 00:00:00 /etc/passwd",
    "long": "2027-01-01 00:00:00 UTC" + " " * 3_000_000,
    "bytes": "\ud800",
    "empty": "",
}


def test_no_time_stops_the_class(root: Path) -> None:
    """Whatever a timestamp.txt says, its author is graded or named; the others are graded."""
    nobody_graded(root)
    authors = {f"author{number}": stamp for number, stamp in enumerate(TIMES.values())}
    for author, stamp in authors.items():
        shutil.copytree(root / "submitted" / "wrong", root / "submitted" / author)
        (root / "submitted" / author / A1 / "timestamp.txt").write_bytes(stamp.encode("utf-8", "surrogatepass"))
    with pytest.raises(NbGraderException, match=NOT_GRADED) as caught:
        convert(root)
    named = str(caught.value).splitlines()[0].removeprefix(NOT_GRADED).rstrip(".").split(", ")
    found = {student: sum(map(float, each.values())) for student, each in scores(root).items()}
    assert found == {"right": 8} | dict.fromkeys({"wrong", *authors} - {*named}, 5)
    assert {*named} <= {*authors} and "author6" in named, "so long a file isn't even read"


@pytest.mark.parametrize("size", [19, 21])
def test_nineteen_mebibytes_cost_nobody_much(root: Path, size: int) -> None:
    """Of outputs, attachments and metadata: graded, and not kept; more than twenty aren't read. Neither takes long."""
    path = root / "submitted" / "right" / A1 / FILE
    book = notebook(path)
    heavy = {"image/png": "A" * (size * 2**20 // 3)}
    cell = next(cell for cell in book["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": heavy}]
    cell["attachments"] = {"a.png": heavy}
    cell["metadata"] |= heavy
    path.write_text(json.dumps(book), encoding="utf-8")
    started = time.process_time()
    convert(root, student="right")
    assert time.process_time() - started < 10
    assert scores(root)["right"] == (FULL if size < 20 else dict.fromkeys(FULL, 0))
    assert (root / "autograded" / "right" / A1 / FILE).stat().st_size < 200_000


def test_submitted_itself_may_be_a_link(root: Path, tmp_path: Path) -> None:
    """A course may keep its submissions on another disk."""
    (root / "submitted").rename(tmp_path / "disk")
    (root / "submitted").symlink_to(tmp_path / "disk")
    convert(root)
    assert scores(root)["right"] == FULL and status(root, "right") is GradeStatus.GRADED


# Faults of the grader


def breaks(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(executors, "examine", broken)


@pytest.mark.parametrize(
    "error", [RuntimeError("simulated"), sqlite3.OperationalError("locked")], ids=["any", "database"]
)
def test_a_fault_keeps_grade_and_work_and_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """The old grades, notebooks and feedback stand, each student is named, and the command fails."""
    hand_in_again(root)
    before = grades_and_work(root)
    breaks(monkeypatch, error)
    with pytest.raises(NbGraderException, match=f"{NOT_GRADED}right, wrong."):
        convert(root)
    assert grades_and_work(root) == before
    assert status(root, "right") is status(root, "wrong") is GradeStatus.GRADER_ERROR
    assert "right: grader error, no grade was changed." in messages(caplog)
    assert not (root / ".course" / "making").exists() and not (root / ".course" / "decided").exists()


def test_a_fault_with_one_student_leaves_the_others_graded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The class goes on behind a fault; once that is mended, the next run grades whom it hit."""
    first, examine = iter([True]), executors.examine
    released = (root / "assignments" / A1 / FILE).read_text(encoding="utf-8")
    for student in ("right", "wrong"):  # what is alike is examined once
        text = released.replace("import numpy as np", f"import numpy as np  # {student}", 1)
        (root / "submitted" / student / A1 / FILE).write_text(text, encoding="utf-8")

    def broken_once(*arguments: Any, **options: Any) -> Any:
        if next(first, False):
            raise RuntimeError("simulated")
        return examine(*arguments, **options)

    monkeypatch.setattr(executors, "examine", broken_once)
    with pytest.raises(NbGraderException, match=f"{NOT_GRADED}right."):
        convert(root)
    assert scores(root)["right"] == FULL and not any(scores(root)["wrong"].values())
    convert(root)
    assert not any(scores(root)["right"].values()) and status(root, "right") is GradeStatus.GRADED


def test_who_was_never_graded_gets_no_zero_from_a_fault(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no score, and there is no folder that looks graded."""
    nobody_graded(root)
    shutil.rmtree(root / "autograded")
    breaks(monkeypatch, RuntimeError("simulated"))
    with pytest.raises(NbGraderException):
        convert(root, student="right")
    assert {*scores(root)["right"].values()} == {None}
    assert not (root / "autograded" / "right" / A1).exists()


def test_a_fault_before_the_examination_is_told_alike(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nbgrader would end the run for all: a database that is locked while a student is looked up."""
    from sqlalchemy.exc import OperationalError

    def locked(*_: Any, **__: Any) -> Any:
        raise OperationalError("select", {}, Exception("database is locked"))

    before = grades_and_work(root)
    monkeypatch.setattr(NbGraderGradebook, "add_submissions", locked)
    with pytest.raises(NbGraderException, match=f"{NOT_GRADED}right, wrong."):
        convert(root)
    assert grades_and_work(root) == before and status(root, "wrong") is GradeStatus.GRADER_ERROR


def test_interrupted_by_hand_all_is_as_before(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of a student leaves the work of before."""
    before = grades_and_work(root)
    breaks(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        convert(root)
    assert grades_and_work(root) == before


def spoil_paper(root: Path) -> None:
    path = root / ".course" / "papers" / f"{A1}.paper"
    path.write_bytes(path.read_bytes()[:-10])


def spoil_release(root: Path) -> None:
    (root / "assignments" / A1 / FILE).write_text("[]")


def remove_release(root: Path) -> None:
    (root / "assignments" / A1 / FILE).unlink()


def rename_cell(root: Path) -> None:
    rewrite(root / "assignments" / A1 / FILE, lambda text: text.replace('"grade_id": "sigmoid"', '"grade_id": "sgm"'))


def forget_assignment(root: Path) -> None:
    with gradebook(root) as found:
        found.remove_assignment(A1)


def spoil_grading(root: Path) -> None:
    rewrite(root / "grading.toml", lambda text: text.replace("[course]", "[curse]"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (spoil_paper, "the paper is damaged"),
        (spoil_release, "this isn't a notebook"),
        (remove_release, "there is no released notebook"),
        (rename_cell, "its cells aren't those of nbgrader's gradebook: sgm, sigmoid"),
        (forget_assignment, "gradebook doesn't know this release"),
        (spoil_grading, "'curse' isn't a key"),
    ],
)
def test_what_is_wrong_for_all_is_told_once_before_anything_is_touched(
    root: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], None], says: str
) -> None:
    """A class that can't be graded: one error with the place and the next step, no student's record touched."""
    spoil(root)
    before = grades_and_work(root)
    with pytest.raises(NbGraderException, match=re.escape(says)):
        convert(root)
    assert grades_and_work(root) == before and status(root, "right") is GradeStatus.GRADED
    assert messages(caplog).count(str(root)) == 1
    if spoil is not spoil_paper and spoil is not spoil_grading:
        assert f"Run 'htilde release {A1}'." in messages(caplog)


@pytest.mark.parametrize("allowed", [False, True])
def test_nobody_is_graded_unprotected_unless_the_course_says_so(
    root: Path, monkeypatch: pytest.MonkeyPatch, allowed: bool
) -> None:
    """Where student code can't be locked in, grading is refused before anything is touched."""
    monkeypatch.setattr(exam, "protection", lambda: Protection((), ("no seccomp",)))
    if allowed:
        rewrite(root / "grading.toml", lambda t: t.replace("allow_unprotected = false", "allow_unprotected = true"))
        convert(root)
    else:
        with pytest.raises(NbGraderException, match="no seccomp"):
            convert(root)


# Points, dates, releases


def test_points_given_by_hand_survive_a_regrade(root: Path) -> None:
    """What a person gave in formgrader stands beside what the kit finds."""
    with gradebook(root) as found:
        found.find_grade("check_tanh_derivative", A1, A1, "wrong").manual_score = 1.5
        found.find_grade("check_sigmoid", A1, A1, "wrong").extra_credit = 0.5
        found.db.commit()
    convert(root)
    assert scores(root)["wrong"]["tanh_derivative"] == 0
    assert scores(root, "manual_score")["wrong"]["tanh_derivative"] == 1.5
    with gradebook(root) as found:
        assert found.find_submission(A1, "wrong").score == 2 + 3 + 1.5 + 0.5


def test_new_points_count_once_they_are_released(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Points changed in grading.toml: until the release the gradebook's count, with a warning; then the new ones do."""
    rewrite(root / "grading.toml", lambda text: text.replace("sigmoid = 2", "sigmoid = 20"))
    convert(root)
    assert scores(root)["right"] == FULL
    assert messages(caplog, logging.WARNING).count("The gradebook's points count") == 1
    build(load_course(root / "grading.toml"), A1)
    generate(root)
    caplog.clear()
    convert(root)
    assert scores(root)["right"] == FULL | {"sigmoid": 20} and "gradebook's points" not in caplog.text


def with_due(root: Path, due: str) -> None:
    path = root / "grading.toml"
    text = re.sub(r"^#? *due = .*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text.replace(f'name = "{A1}"\n', f'name = "{A1}"\n{due}\n'), encoding="utf-8")


def test_the_due_date_reaches_the_gradebook(root: Path) -> None:
    """In UTC, as nbgrader keeps it; lateness is counted from it. A date set by hand stays where there is none."""

    def kept() -> dt.datetime | None:
        with gradebook(root) as found:
            due: dt.datetime | None = found.find_assignment(A1).duedate
            return due

    assert kept() is None
    with_due(root, "due = 2027-03-15T23:59:00+09:00")
    generate(root)
    assert kept() == dt.datetime(2027, 3, 15, 14, 59)
    with_due(root, "")
    generate(root)
    assert kept() == dt.datetime(2027, 3, 15, 14, 59)
    (root / "submitted" / "right" / A1 / "timestamp.txt").write_text("2027-03-15 15:00:00 UTC")
    convert(root, student="right")
    with gradebook(root) as found:
        assert found.find_submission(A1, "right").total_seconds_late == 60


def test_a_release_that_came_with_a_clone_is_generated(root: Path) -> None:
    """Where the gradebook doesn't know it, a release on disk is written anew; where it does, it stays."""
    release = root / "assignments" / A1 / FILE
    release.write_text(release.read_text(encoding="utf-8") + " ", encoding="utf-8")
    mine = release.read_bytes()
    generate(root, force=False)
    assert release.read_bytes() == mine
    forget_assignment(root)
    generate(root, force=False)
    assert release.read_bytes() != mine
    convert(root)
    assert scores(root)["right"] == FULL


def test_an_assignment_that_isnt_listed_isnt_released(root: Path) -> None:
    """What grading.toml doesn't list could never be graded."""
    rewrite(root / "grading.toml", lambda text: text.replace(f'name = "{A1}"', 'name = "a9"'))
    before = files(root / "assignments")
    with pytest.raises(NbGraderException, match="there is no assignment 'a1_activations'"):
        generate(root)
    assert files(root / "assignments") == before


def test_regrading_gives_the_same(root: Path) -> None:
    """The same submissions, graded again without --force or with it, earn the same, with the same pages."""
    before = grades_and_work(root)
    convert(root, force=False)
    assert grades_and_work(root) == before
    convert(root)
    give_feedback(root)
    assert grades_and_work(root)[0] == before[0] and WRONG.splitlines()[1].strip()[7:10] in feedback(root, "wrong")


def test_the_gradebook_is_left_whole(tmp_path_factory: pytest.TempPathFactory) -> None:
    """After a class of traps the database holds one row a student and exercise, and is sound."""
    course = graded(tmp_path_factory)
    with closing(sqlite3.connect(course.root / "gradebook.db")) as database:
        assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
        count = database.execute("select count(*) from grade").fetchone()[0]
    assert count == len(CLASS) * len(course.assignment(A1).points)
    assert notebook(course.release(A1) / FILE)["cells"]
