"""Whatever ends or hinders a run of the grader: no grade changes that wasn't decided, and running again finishes it.

A class that was graded has handed in anew: one is better now, one worse and late, one has begun, one is new. Each
test does something to a run over it, looks at what is there, and runs again.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from clone import A1
from deep import DEEP, tries
from graded import copied
from htilde.errors import GraderFault
from htilde.isolation.calls import Status
from htilde.isolation.session import Session
from htilde.model import Limits
from lost import FILE, State, exported, leftovers, lost, state
from mortal import GRADE_CLASS, RENEW_PAGES, Ended, Mortals
from once import once

GRADE, PLAIN = ("autograde", A1, "--force"), ("autograde", A1)
PAGES, EXPORT = ("generate_feedback", A1, "--force"), ("export",)
BETTER, WORSE, BEGUN, NEW = "wrong", "right", "stub", "zoe"
CLASS = (BETTER, WORSE, BEGUN, NEW)
POINTS = {BETTER: ("5", "8"), WORSE: ("8", "4.5"), BEGUN: ("0", "5"), NEW: ("", "8")}
"""What each has before and after."""
LATE = """
from nbgrader.plugins import BasePlugin
class HalfAPoint(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 0.5
"""


@pytest.fixture(scope="module")
def mortals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortals]:
    started = Mortals(tmp_path_factory.mktemp("mortals"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory, mortals: Mortals) -> Path:
    """The course before the run, after grading, and after feedback too, undisturbed; for looking only."""

    def make(folder: Path) -> None:
        before = copied(tmp_path_factory, folder / "before", BETTER, WORSE, BEGUN)
        _hand_in_anew(before)
        for last, name, commands in (("before", "graded", [GRADE]), ("graded", "after", [PAGES, EXPORT])):
            root = shutil.copytree(folder / last, folder / name)
            ended = mortals.run(root, *commands)
            assert ended.status == 0, ended.said
            (folder / f"{name}.steps").write_text("\n".join(ended.steps), encoding="utf-8")

    return once(tmp_path_factory, "nothing_lost", make)


def _hand_in_anew(root: Path) -> None:
    handed_in = {name: (root / "submitted" / name / A1 / FILE).read_bytes() for name in (BETTER, WORSE)}
    (root / "submitted" / NEW / A1).mkdir(parents=True)
    for name, whose in ((BETTER, WORSE), (WORSE, BETTER), (BEGUN, BETTER), (NEW, WORSE)):
        (root / "submitted" / name / A1 / FILE).write_bytes(handed_in[whose])
    (root / "submitted" / NEW / A1 / "graph.png").write_bytes(b"\x89PNG")
    (root / "submitted" / WORSE / A1 / "timestamp.txt").write_text("2027-03-16 12:00:00 UTC")
    (root / "late.py").write_text(LATE)
    with (root / "nbgrader_config.py").open("a") as config:
        config.write("\nget_config().AssignLatePenalties.plugin_class = 'late.HalfAPoint'\n")
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        database.execute("update assignment set duedate = '2027-03-16 00:00:00.000000'")
        database.commit()


def steps_to(courses: Path, name: str) -> list[str]:
    """The steps of the run that graded, or wrote feedback, undisturbed."""
    return (courses / f"{name}.steps").read_text(encoding="utf-8").splitlines()


def states(root: Path) -> dict[str, State]:
    return {student: state(root, student) for student in CLASS}


@pytest.fixture
def root(courses: Path, tmp_path: Path) -> Path:
    """The course before the run, free to be spoilt."""
    return shutil.copytree(courses / "before", tmp_path / "course")


def again(root: Path, courses: Path, name: str) -> Path:
    """The course anew, as it was before a run, or after grading."""
    shutil.rmtree(root)
    return shutil.copytree(courses / name, root)


# The invariant itself


def test_the_invariant_holds_before_and_after(courses: Path) -> None:
    """What wasn't disturbed has lost nothing, and the four differ between before and after."""
    old, new = states(courses / "before"), states(courses / "after")
    for name in ("before", "graded", "after"):
        assert lost(courses / name, old, new) == [] == leftovers(courses / name)
    assert all(old[name].saved != new[name].saved and old[name].page != new[name].page for name in CLASS)
    assert {name: exported(courses / "after")[name] for name in CLASS} == {
        name: ("graded", points) for name, (_, points) in POINTS.items()
    }


def _execute(statement: str) -> Callable[[Path, Path], None]:
    def change(root: Path, _: Path) -> None:
        with closing(sqlite3.connect(root / "gradebook.db")) as database:
            assert database.execute(statement).rowcount > 0
            database.commit()

    return change


def _take(path: str) -> Callable[[Path, Path], None]:
    """Take a folder, or a file, from after the run; without one there, remove it."""

    def change(root: Path, after: Path) -> None:
        if (root / path).is_dir():
            shutil.rmtree(root / path)
        else:
            (root / path).unlink(missing_ok=True)
        if (after / path).is_dir():
            shutil.copytree(after / path, root / path)
        elif (after / path).exists():
            shutil.copy(after / path, root / path)

    return change


def _remove(path: str) -> Callable[[Path, Path], None]:
    return lambda root, _: shutil.rmtree(root / path)


SPOILT = {
    "a score of its own": _execute("update grade set auto_score = 1 where auto_score = 3"),
    "a score taken away": _execute("update grade set auto_score = null where auto_score = 3"),
    "a penalty": _execute("update submitted_notebook set late_submission_penalty = 0.5"),
    "a time": _execute("update submitted_assignment set timestamp = '2027-03-16 12:00:00.000000'"),
    "a comment": _execute("update comment set auto_comment = null where auto_comment is not null"),
    "the new gradebook": _take("gradebook.db"),
    "the new work": _take(f"autograded/{WORSE}/{A1}"),
    "no work": _remove(f"autograded/{WORSE}/{A1}"),
    "the new record": _take(f".course/records/{A1}/{WORSE}.json"),
    "work of one who has no grade": _take(f"autograded/{NEW}"),
    "no page": _remove(f"feedback/{WORSE}"),
    "a page about a grade that isn't there": _take(f"feedback/{WORSE}/{A1}"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_the_invariant_sees_what_is_lost(root: Path, courses: Path, spoil: Callable[[Path, Path], None]) -> None:
    """A part of a grade from another time, or missing, is a complaint."""
    spoil(root, courses / "after")
    assert lost(root, states(courses / "before"), states(courses / "after"))


# Killed


def moments(steps: Sequence[str], count: int) -> list[int]:
    """Some of the steps before which a run is killed, spread over all of it; doing the same twice is one step."""
    different = [number for number, step in enumerate(steps) if step not in steps[max(0, number - 1) : number]]
    chosen = random.Random(A1)
    parts = [different[len(different) * n // count : len(different) * (n + 1) // count] for n in range(count)]
    return [chosen.choice(part) for part in parts if part]


def around(steps: Sequence[str], student: str) -> list[int]:
    """The steps from the decision on one student's grade to the last that follows from it."""
    sheet = f"/.course/decided/autograded/{student}/.{A1}.json.new"
    begin, end = steps.index(f"os.rename {sheet}"), steps.index(f"os.remove /.course/unfinished/{A1}/{student}")
    return [*range(begin, end + 2)]


def finished(root: Path, courses: Path, mortals: Mortals, name: str, *commands: tuple[str, ...]) -> None:
    """Running again completes all, and gives what it would have given undisturbed."""
    ended = mortals.run(root, *commands)
    assert ended.status == 0, ended.said
    assert states(root) == states(courses / name) and leftovers(root) == []


def export(root: Path, mortals: Mortals) -> dict[str, str]:
    """The statuses that can be exported just now; the scores are the old or the new ones, and nobody's none is a 0."""
    assert mortals.run(root, EXPORT).status == 0
    found = {name: exported(root)[name] for name in CLASS}
    for name, (status, score) in found.items():
        assert score in POINTS[name], f"{name}: {score}"
        assert (score == "") == (status == "not graded" or (name, status) == (NEW, "grader error")), f"{name}: {status}"
    return {name: status for name, (status, _) in found.items()}


def test_killed_while_grading(root: Path, courses: Path, mortals: Mortals) -> None:
    """Before any step: each student has the old grade or the new; the next run gives what was due."""
    old, new, steps = states(courses / "before"), states(courses / "graded"), steps_to(courses, "graded")
    critical = around(steps, WORSE)
    chosen = {*critical, *moments(steps, 26)} if DEEP else {*critical[1::5], *moments(steps, 1)}
    for number, moment in enumerate(sorted(chosen)):
        root = again(root, courses, "before")
        ended = mortals.run(root, GRADE, kill_before=moment)
        assert (ended.status, len(ended.steps)) == (-9, moment)
        told = f"killed before {steps[moment]} ({moment} of {len(steps)})"
        assert lost(root, old, new) == [], told
        if number % 3 == 0:
            export(root, mortals)
        if moment in critical:  # whatever is run next puts in its place what was decided
            assert mortals.run(root, (*PAGES, f"--student={BEGUN}")).status == 0
            assert lost(root, old, new) == [] and not (root / ".course" / "decided").exists(), told
        finished(root, courses, mortals, "graded", GRADE)


def test_killed_while_writing_feedback(root: Path, courses: Path, mortals: Mortals) -> None:
    """Each student has a page, the old one or the new."""
    old, new, steps = states(courses / "graded"), states(courses / "after"), steps_to(courses, "after")
    for moment in moments(steps, tries(1, 14)):
        root = again(root, courses, "graded")
        assert mortals.run(root, PAGES, EXPORT, kill_before=moment).status == -9
        assert lost(root, old, new) == [], f"killed before {steps[moment]} ({moment} of {len(steps)})"
        finished(root, courses, mortals, "after", PAGES, EXPORT)


@pytest.fixture(scope="module")
def class_steps(tmp_path_factory: pytest.TempPathFactory, courses: Path, mortals: Mortals) -> list[str]:
    """The steps of ``htilde grade``, undisturbed; it gives what nbgrader's own commands give."""
    root = shutil.copytree(courses / "before", tmp_path_factory.mktemp("class") / "course")
    ended = mortals.run(root, GRADE_CLASS)
    assert ended.status == 0 and states(root) == states(courses / "graded"), ended.said
    pages = mortals.run(root, RENEW_PAGES)
    assert pages.status == 0 and states(root) == states(courses / "after") and leftovers(root) == [], pages.said
    return [*ended.steps]


def test_killed_while_grading_a_class(root: Path, courses: Path, mortals: Mortals, class_steps: list[str]) -> None:
    """The same of ``htilde grade``: the old grade or the new, and whichever command comes next finishes."""
    old, new = states(courses / "before"), states(courses / "graded")
    critical = around(class_steps, WORSE)
    chosen = {*critical, *moments(class_steps, 26)} if DEEP else {*critical[2::9], *moments(class_steps, 2)}
    for number, moment in enumerate(sorted(chosen)):
        root = again(root, courses, "before")
        ended = mortals.run(root, GRADE_CLASS, kill_before=moment)
        assert (ended.status, len(ended.steps)) == (-9, moment)
        told = f"killed before {class_steps[moment]} ({moment} of {len(class_steps)})"
        assert lost(root, old, new) == [], told
        finished(root, courses, mortals, "graded", GRADE_CLASS if number % 2 else PLAIN)
    finished(root, courses, mortals, "after", RENEW_PAGES)


def test_a_class_on_a_full_disk(root: Path, courses: Path, mortals: Mortals, class_steps: list[str]) -> None:
    """Grades of before or after, a reason, and no traceback."""
    old, new = states(courses / "before"), states(courses / "graded")
    for moment in moments(class_steps, tries(2, 24)):
        root = again(root, courses, "before")
        ended = mortals.run(root, GRADE_CLASS, full_from=moment)
        told = f"full from {class_steps[moment]} ({moment} of {len(class_steps)})"
        assert lost(root, old, new) == [] and "Traceback" not in ended.said, told
        assert states(root) == new or "No space left on device" in ended.said or "the disk is full" in ended.said, told
        finished(root, courses, mortals, "graded", GRADE_CLASS)


def test_a_class_whose_gradebook_gets_locked(
    root: Path, courses: Path, mortals: Mortals, class_steps: list[str]
) -> None:
    """What was decided is kept and saved by the next run."""
    decided = around(class_steps, WORSE)[1]
    ended = mortals.run(root, GRADE_CLASS, locked_from=decided)
    assert ended.status == 1 and "the next run saves the new grade" in ended.said
    assert lost(root, states(courses / "before"), states(courses / "graded")) == []
    finished(root, courses, mortals, "graded", GRADE_CLASS)


def test_killed_at_any_time(root: Path, courses: Path, mortals: Mortals) -> None:
    """The same at moments that nobody chose, with workers at work."""
    old, new = states(courses / "before"), states(courses / "after")
    count, chosen = tries(1, 12), random.Random(A1)
    for number in range(count):
        root = again(root, courses, "before")
        seconds = 4.0 * (number + chosen.random()) / count
        commands = (GRADE_CLASS, RENEW_PAGES) if number % 2 else (GRADE, PAGES)
        ended = mortals.run(root, *commands, kill_after=seconds)
        assert ended.status in (-9, 0), ended.said
        assert lost(root, old, new) == [], f"killed after {seconds:.2f} s, {len(ended.steps)} steps"
        finished(root, courses, mortals, "after", GRADE, PAGES, EXPORT)


def test_a_run_that_isnt_forced_finishes_what_a_forced_one_began(root: Path, courses: Path, mortals: Mortals) -> None:
    """It grades whom that hadn't reached, though they have an old grade, and nobody else."""
    first_is_done = around(steps_to(courses, "graded"), WORSE)[-1]
    mortals.run(root, GRADE, kill_before=first_is_done)
    assert export(root, mortals) == {WORSE: "graded", BEGUN: "unfinished", BETTER: "unfinished", NEW: "not graded"}
    ended = mortals.run(root, PLAIN)
    assert ended.said.count("] Autograding ") == 3 and states(root) == states(courses / "graded")
    assert mortals.run(root, PLAIN).said.count("] Autograding ") == 0


def test_two_runs_at_once_are_one_too_many(root: Path, mortals: Mortals) -> None:
    """The second says so and touches nothing; exporting is nobody's harm."""
    old = states(root)
    with (root / ".course" / "busy").open("w") as busy:
        fcntl.flock(busy, fcntl.LOCK_EX)
        for command in (GRADE, PAGES):
            ended = mortals.run(root, command)
            assert ended.status == 1 and "somebody is grading" in errors(ended)[0]
        assert mortals.run(root, EXPORT).status == 0
    assert states(root) == old


# Hindered


def errors(ended: Ended) -> list[str]:
    """nbgrader's errors, each with the lines that belong to it."""
    assert "Traceback" not in ended.said, ended.said
    found = ended.said.split("\n[")
    return [record.partition("| ERROR] ")[2].strip() for record in found if "| ERROR] " in record]


def test_a_full_disk(root: Path, courses: Path, mortals: Mortals) -> None:
    """From any step on nothing can be written: grades of before or after, a reason, and no traceback."""
    old, new, steps = states(courses / "before"), states(courses / "graded"), steps_to(courses, "graded")
    for moment in moments(steps, tries(2, 24)):
        root = again(root, courses, "before")
        ended = mortals.run(root, GRADE, full_from=moment)
        told = f"full from {steps[moment]} ({moment} of {len(steps)})"
        assert lost(root, old, new) == [], told
        if ended.status:
            assert "No space left on device" in ended.said or "the disk is full" in ended.said, told
            assert "Traceback" not in ended.said or "Rolling back" in ended.said, told  # that one is nbgrader's own
        else:
            assert states(root) == new, told
        export(root, mortals)
        finished(root, courses, mortals, "graded", GRADE)


@pytest.mark.skipif(not DEEP or os.geteuid() != 0, reason="only root may mount a small disk; a deep run does")
def test_a_small_disk(root: Path, courses: Path, mortals: Mortals, tmp_path: Path) -> None:
    """A file system that really is full, by so many bytes more each time."""
    old, new = states(courses / "before"), states(courses / "after")
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={2 * size + 2**21}", "none", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting is forbidden here")
    try:
        for left in range(0, 500_000, 50_000):
            course, filler = disk / "course", disk / "filler"
            shutil.copytree(courses / "before", course)
            room = os.statvfs(disk)
            filler.write_bytes(bytes(room.f_bavail * room.f_frsize - left))
            mortals.run(course, GRADE, PAGES)
            assert lost(course, old, new) == [], f"{left} bytes left"
            filler.unlink()
            finished(course, courses, mortals, "after", GRADE, PAGES, EXPORT)
            shutil.rmtree(course)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    with closing(sqlite3.connect(root / "gradebook.db")) as other:
        other.execute("begin exclusive")
        yield


@contextmanager
def _busy(root: Path) -> Iterator[None]:
    with closing(sqlite3.connect(root / "gradebook.db")) as other:
        other.execute("begin immediate")
        yield


@contextmanager
def _read_only(root: Path) -> Iterator[None]:
    # Opened so by its address: the modes of files are nothing to root.
    config = root / "nbgrader_config.py"
    text = config.read_text(encoding="utf-8")
    address = "sqlite:///file:gradebook.db?mode=ro&uri=true"
    config.write_text(f"{text}\nget_config().CourseDirectory.db_url = {address!r}\n", encoding="utf-8")
    yield
    config.write_text(text, encoding="utf-8")


@contextmanager
def _spoilt(root: Path, spoil: Callable[[bytes], bytes]) -> Iterator[None]:
    path = root / "gradebook.db"
    whole = path.read_bytes()
    path.write_bytes(spoil(whole))
    yield
    path.write_bytes(whole)


LAST_GOOD = "Put the last good copy of it in its place"
TROUBLES = {
    "locked": (_locked, "another program keeps it locked.", "Close what else has it open"),
    "locked for writing": (_busy, "another program keeps it locked.", "Close what else has it open"),
    "read-only": (_read_only, "it can't be written.", "Make the file and its folder readable and writable"),
    "not a gradebook": (lambda root: _spoilt(root, lambda whole: b"?" * 99), "isn't a gradebook any more.", LAST_GOOD),
    "damaged": (lambda root: _spoilt(root, lambda whole: whole[:9000]), "this gradebook is damaged.", LAST_GOOD),
}


@pytest.mark.parametrize(("trouble", "what", "step"), TROUBLES.values(), ids=TROUBLES)
def test_a_gradebook_out_of_reach_is_told_once(
    root: Path, mortals: Mortals, trouble: Callable[[Path], AbstractContextManager[None]], what: str, step: str
) -> None:
    """Before anything is touched: where, what, what to do; and nothing is lost by trying."""
    old = states(root)
    with trouble(root):
        ended = mortals.run(root, GRADE)
    (error,) = errors(ended)
    assert ended.status == 1 and "gradebook.db" in error and what in error and step in error
    assert states(root) == old and leftovers(root) == []


@pytest.mark.parametrize("trouble", ["a closed folder", "a folder for a file"])
def test_private_files_that_cant_be_written_are_told_once(root: Path, mortals: Mortals, trouble: str) -> None:
    """The kit's own folder out of reach: the place, the reason, and nothing is touched."""
    old, private = states(root), root / ".course"
    (private / "busy").unlink()
    if trouble == "a closed folder":
        private.chmod(0o500)
    else:
        (private / "busy").mkdir()
    ended = mortals.run(root, GRADE, ordinary=True)
    private.chmod(0o700)
    (error,) = errors(ended)
    assert ended.status == 1 and f"{private}/busy: " in error and states(root) == old


@pytest.fixture
def kept(root: Path, courses: Path, mortals: Mortals) -> Ended:
    """A run in which the gradebook was locked from when the first grade was decided."""
    decided = around(steps_to(courses, "graded"), WORSE)[1]
    return mortals.run(root, GRADE, locked_from=decided)


def test_grades_that_cant_be_saved_are_kept(root: Path, courses: Path, mortals: Mortals, kept: Ended) -> None:
    """The next run saves them without examining again; whom nobody tried any more it grades."""
    assert kept.status == 1 and lost(root, states(courses / "before"), states(courses / "graded")) == []
    first, *others, last = errors(kept)
    assert first.startswith(f"{WORSE}: grader error, the next run saves the new grade.")
    assert [line.partition(". ")[0] for line in others] == [
        f"{name}: grader error, no grade was changed" for name in (BEGUN, BETTER)
    ]
    assert f"{BEGUN}, {BETTER}: grader error, " in last and f"{NEW}: not tried any more" in last
    assert export(root, mortals) == {**dict.fromkeys(CLASS, "grader error"), NEW: "not graded"}
    ended = mortals.run(root, PLAIN)
    assert ended.status == 0 and ended.said.count("] Autograding ") == 3
    assert states(root) == states(courses / "graded") and leftovers(root) == []


def test_a_kept_grade_that_fits_no_more_is_decided_anew(
    root: Path, courses: Path, mortals: Mortals, kept: Ended
) -> None:
    """If a cell isn't worth what it was, the old decision is dropped with a word, and the student graded again."""
    (sheet,) = (root / ".course" / "decided").rglob("*.json")
    decided = json.loads(sheet.read_text(encoding="utf-8"))
    decided["note"]["scores"]["check_sigmoid"] = [20.0, 20.0]
    sheet.write_text(json.dumps(decided), encoding="utf-8")
    ended = mortals.run(root, PLAIN)
    assert ended.status == 0 and ended.said.count("] Autograding ") == len(CLASS), kept.said
    assert f"autograded/{WORSE}/{A1}: what was decided can't be kept any more." in ended.said
    assert states(root) == states(courses / "graded") and leftovers(root) == []


@contextmanager
def session_of(code: str) -> Iterator[Session]:
    """A session in which f does this."""
    with Session(Limits(call_seconds=20)) as session:
        if "seccomp" not in session.protection.layers:
            pytest.skip("without seccomp a submission can kill itself as anybody else could")
        session.run("cell 1", f"import os, signal, sys, time\ndef f():\n    {code}")
        yield session


def test_a_worker_killed_from_outside_is_a_fault() -> None:
    """As by a kernel that has no memory left: never the student's failure, and it says what to do."""
    with session_of("time.sleep(20)") as session:
        assert session._worker is not None
        killer = threading.Timer(0.2, session._worker._process.kill)
        killer.start()
        with pytest.raises(GraderFault, match="killed from outside") as caught:
            session.call("f", [()], seconds=20)
        assert "memory_mib" in caught.value.next_step


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("os.kill(os.getpid(), 9)", Status.RAISED),
        ("signal.raise_signal(9)", Status.RAISED),
        ("os._exit(137)", Status.DIED),
        ("os.abort()", Status.DIED),
        ("os.closerange(0, 64); time.sleep(20)", Status.DIED),
    ],
)
def test_no_submission_can_pretend_that(code: str, status: Status) -> None:
    """Whatever it does to itself is its own doing, and costs it the exercise."""
    with session_of(code) as session:
        assert session.call("f", [()], seconds=20)[-1].status is status
