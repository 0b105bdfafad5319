"""Whatever is handed in earns what it is worth, is told so plainly, and costs nobody else anything.

The corpus is in ``hostile/``, one file for each attack or accident; ``hostile_class`` reads it and watches.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import graded
import hostile_class
import numpy as np
import pytest
from deep import DEEP
from hostile_class import A1, CANARY, CORPUS, FULL, LEFT, NUMBER, Hostile, Place, Seen, adopting, puzzling, right
from htilde import values
from htilde.course import load_course
from htilde.errors import SubmissionError
from htilde.grading.records import GradeStatus as Ended
from htilde.grading.records import Record, read_record
from htilde.isolation import sandbox
from htilde.isolation.calls import Status
from htilde.isolation.sandbox import Worker
from htilde.isolation.session import Session
from htilde.model import Limits
from htilde.nbgrader.commands import nbgrader
from htilde.sample_class import Student, hand_in
from htilde.submissions import cell
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.percent import cells_of_script
from htilde.submissions.reading import read_submission
from htilde.telling.json import as_json
from htilde.values import Refused
from once import once

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "autograder"
PACKAGES = Path(np.__file__).resolve().parents[1]
NOBODY = 65534

pytestmark = [
    pytest.mark.skipif(
        not sandbox.protection().official, reason="this kernel, or the container around it, lacks a layer of the lock"
    ),
    pytest.mark.skipif(
        not list(Path("/proc/self/task").glob("*/children")), reason="this kernel doesn't tell a process its children"
    ),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A course to steal from, a folder to hand in to, and an empty one to work in."""
    folder = tmp_path_factory.mktemp("hostile")
    course = graded.copied(tmp_path_factory, folder / "course")
    for name in ("submitted", "here"):
        (folder / name).mkdir()
    with pytest.MonkeyPatch.context() as patch, adopting():
        patch.chdir(folder / "here")
        patch.setenv("HTILDE_CANARY", CANARY)
        place = Place.at(course, folder / "submitted")
        yield place
        place.end()
    assert set(place.neighbours) <= {8.0}


# The corpus itself


def test_the_corpus_is_large_and_says_what_it_is_about() -> None:
    """Each file tells what it tries and what a sound grader does; who loses points is told why."""
    assert len(CORPUS) >= 200
    known = {"tries", "grader", "says", "earns", "fools", "hangs", "like", "needs"}
    assert {name: set(h.about) - known for name, h in CORPUS.items() if set(h.about) - known} == {}
    assert [name for name, h in CORPUS.items() if not (h.about.get("tries") and h.about.get("grader"))] == []
    assert len({h.about["tries"] for h in CORPUS.values()}) == len(CORPUS)
    listed = tomllib.loads((hostile_class.FOLDER / "notebooks.toml").read_text(encoding="utf-8"))
    assert set(listed) == {path.name for path in (hostile_class.FOLDER / "notebooks").iterdir()}
    assert {h.about["like"] for h in CORPUS.values() if "like" in h.about} <= {h.name for h in CORPUS.values()}
    assert {exercise for h in CORPUS.values() for exercise in h.earns} == set(FULL)
    assert all(path.stat().st_size < 20_000 for path in hostile_class.FOLDER.rglob("*") if path.is_file())


def test_a_naive_grader_is_fooled(place: Place) -> None:
    """What is meant to cheat gets full marks from asserts in the same process: these are real attacks."""
    known = place.found_out()
    cheats = [hostile for hostile in CORPUS.values() if "fools" in hostile.about]
    asked = []
    for hostile in cheats:
        exercise = place.papers[0].exercise(hostile.target)
        assert exercise is not None
        examples = exercise.questions[0].examples[:5]
        asked.append(
            {
                "name": hostile.name,
                "style": hostile.about["fools"],
                "exercise": exercise.name,
                "source": dict(hostile.filled(known).cells)[exercise.name],
                "examples": [(np.asarray(e.arguments[0]).tolist(), np.asarray(e.answer).tolist()) for e in examples],
            }
        )
    command = [sys.executable, str(ROOT / "tests" / "kit" / "naive.py")]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [hostile.name for hostile in cheats] and len(cheats) >= 30
    honest = [{**each, "source": hostile_class.RIGHT[each["exercise"]]} for each in asked[:1]]
    wrong = [{**each, "source": f"def {each['exercise']}(h_tilde):\n    return h_tilde"} for each in asked[:1]]
    for given, expected in ((honest, 1), (wrong, 0)):
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=60)
        assert len(json.loads(done.stdout)) == expected


# One by one, each beside a right one


@pytest.mark.parametrize("name", [name for name, hostile in CORPUS.items() if DEEP or "like" not in hostile.about])
def test_it_costs_nobody_but_its_author(place: Place, name: str) -> None:
    """It earns what it is worth; its message is plain; no secret, no process, no file comes of it; its neighbour
    gets full marks."""
    hostile = CORPUS[name]
    if not hostile.works_here:
        pytest.skip(f"it is written for {hostile.about['needs']}")
    assert place.observe(hostile).amiss(hostile) == []


def test_what_is_left_behind_is_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A descriptor, a process, a daemon, a file and a changed course: the tests above would notice each."""
    quiet = Hostile("innocent", {"earns": "sigmoid 2"}, cells=(("sigmoid", hostile_class.RIGHT["sigmoid"]),))
    assert place.observe(quiet).amiss(quiet) == []
    started: list[subprocess.Popen[bytes]] = []
    opened: list[int] = []
    files = [Path(f"{LEFT}_here"), place.course / "new"]
    daemon = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(30)"

    def examined(*_: Any) -> Any:
        started.append(subprocess.Popen(["sleep", "30"]))
        subprocess.run([sys.executable, "-S", "-c", daemon], check=True)
        opened.append(os.dup(0))
        for file in files:
            file.touch()
        raise RuntimeError("over")

    monkeypatch.setattr(Place, "examined", examined)
    place.end()
    monkeypatch.setattr(Place, "_keep_company", lambda _: None)
    before = place._surroundings()
    with pytest.raises(RuntimeError, match="over"):
        place.observe(quiet)
    left = place._left(before)
    daemons = hostile_class._children() - before[1] - {process.pid for process in started}
    for process in started:
        process.kill()
        process.wait()
    for pid in daemons:
        os.kill(pid, 9)
        os.waitpid(pid, 0)
    for descriptor in opened:
        os.close(descriptor)
    for file in files:
        file.unlink()
    assert left == (
        "a descriptor",
        "a process",
        "the course changed",
        "a file here",
        f"./{LEFT}_here",
    )
    assert len(daemons) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"so {CANARY}", "a secret word"),
        (f"[{NUMBER:.6f}]", "a hidden input"),
        (f"{NUMBER * 10:.6f}", "a hidden input"),
        (np.float64(NUMBER).tobytes().hex(), "a hidden input"),
        ("\x1b[31m", "a character that moves, turns or hides"),
        ("a\u202eb", "a character that moves, turns or hides"),
        ("Traceback (most recent call last):", "the machine's own words"),
        ("5.1 of 8 points\n\tfine", None),
    ],
)
def test_what_puzzles_is_seen(text: str, why: str | None) -> None:
    """The tests above would notice a secret or an unfit character in what is told."""
    assert puzzling(text) == ([] if why is None else [why])


# As an ordinary user

AS_NOBODY = """
    aliased at_exit daemon debugs_the_examiner disk endless_loop forged_time_out fork junk_on_every_descriptor
    kills_the_examiner limits_of_the_examiner machine_code memory network new_kernel_interfaces opens_the_grade
    other_ways_to_leave_files proc_of_the_parent programs reads_private_files reads_the_hidden_paper relative_paths
    segfault shared_memory signals_by_other_ways tabulated threads_from_c through_proc_self torch_by_path
    undoes_the_lock walks_the_disk writes_everywhere
"""


def _interpreter_for_nobody(path: Sequence[str]) -> str | None:
    """One that the user nobody may run, with the corpus and NumPy."""
    for candidate in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin")):
        code = f"import sys; sys.path[:0] = {list(path)}; import hostile_class"
        try:
            command = [candidate or "", "-I", "-S", "-B", "-c", code]
            if subprocess.run(command, user=NOBODY, capture_output=True, cwd="/", check=False).returncode == 0:
                return candidate
        except OSError:
            continue
    return None


def test_an_ordinary_user_is_as_safe(place: Place) -> None:
    """The same holds where the grader isn't root: a sample, or in a deep run all, by a process of the user nobody."""
    if os.geteuid() != 0:
        pytest.skip("not root: every other test here ran as an ordinary user")
    path = [str(Path(__file__).parent), str(SOURCES), str(PACKAGES)]
    if (interpreter := _interpreter_for_nobody(path)) is None:
        pytest.skip("no interpreter and NumPy here that the user nobody may read")
    names = [name for name in (CORPUS if DEEP else AS_NOBODY.split()) if CORPUS[name].works_here]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(place.course, f"{folder}/course")
        Path(folder, "submitted").mkdir()
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", folder], check=True)
        code = f"import sys; sys.path[:0] = {path}; import hostile_class as h; h.main({folder!r}, {names!r})"
        command = [interpreter, "-I", "-S", "-B", "-c", code]
        done = subprocess.run(
            command,
            user=NOBODY,
            group=NOBODY,
            extra_groups=(),
            env={"HTILDE_CANARY": CANARY},
            capture_output=True,
            text=True,
            cwd=folder,
            check=False,
            timeout=900,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["user"] == NOBODY and found["neighbours"] and set(found["neighbours"]) == {8.0}
    seen = {name: Seen(**each) for name, each in found["seen"].items()}
    assert {name: amiss for name in names if (amiss := seen[name].amiss(CORPUS[name]))} == {}


# A class of them, graded by nbgrader

IN_CLASS = """
    closed_descriptors deep dots duplicated_cell endless_cell exception_name_is_markup
    exception_text_is_a_formula exception_text_turns forged_points forged_time_out format3 half_a_character
    hidden_input_as_the_answer hidden_input_in_an_exception latin1 list magics many_cells missing_cells names_that_fight
    nul_in_source number odd_ids odd_types on_top os_exit outputs_and_attachments picture prints reads_private_files
    replaced_check script_in_prose script_in_source source_mixed swapped_cells text_answer
"""
HONEST = ("a_neighbour", "m_neighbour", "z_neighbour")


def _class() -> list[Hostile]:
    """Who hands in: a sample, or in a deep run all whose files nbgrader sees."""
    names = CORPUS if DEEP else IN_CLASS.split()
    return [CORPUS[name] for name in names if CORPUS[name].suffix == ".ipynb" and CORPUS[name].works_here]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class between honest neighbours, graded by nbgrader's own autograde, which must end well."""

    def make(folder: Path) -> None:
        root = graded.copied(tmp_path_factory, folder)
        graded.nobody_graded(root)
        settings = root / "grading.toml"
        text = settings.read_text(encoding="utf-8")
        for limit, value in (("cell_seconds", 1), ("call_seconds", 1), ("exercise_seconds", 4), ("memory_mib", 768)):
            text = re.sub(rf"^{limit} = \d+", f"{limit} = {value}", text, flags=re.MULTILINE)
        settings.write_text(text, encoding="utf-8")
        place = Place.at(root, root / "elsewhere")
        course = load_course(settings)
        hand_in(course, A1, [Student(name, "all right", 8, right) for name in HONEST])
        for hostile in _class():
            place.hand_in(hostile, root / "submitted" / hostile.name / A1)
        shutil.rmtree(root / "submitted" / "neighbour")  # has served as bait
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HTILDE_CANARY", CANARY)
            said: list[str] = []
            nbgrader(course, "autograde", A1, "--force", on_line=said.append)
            (root / "autograde.log").write_text("\n".join(said), encoding="utf-8")
            graded.give_feedback(root)

    return once(tmp_path_factory, "school", make)


def test_everybody_in_class_gets_what_it_is_worth(school: Path) -> None:
    """nbgrader's command ends well, and the gradebook holds for each exercise what the corpus says; neighbours all."""
    expected = dict.fromkeys(HONEST, FULL)
    expected |= {h.name: h.earns or dict.fromkeys(FULL, 0.0) for h in _class()}
    found = graded.scores(school)
    assert {name: points for name, points in found.items() if points != expected[name]} == {}
    assert found.keys() == expected.keys()


def test_every_record_says_how_it_ended(school: Path) -> None:
    """Graded or unreadable, never a fault of the grader, with the message that the corpus asks for."""
    course = load_course(school / "grading.toml")
    for hostile in _class():
        record = read_record(course, A1, hostile.name)
        assert isinstance(record, Record)
        assert record.status is (Ended.GRADED if hostile.earns else Ended.UNREADABLE), record
        told = json.dumps(as_json(record.examination), ensure_ascii=False) if record.examination else record.message
        assert puzzling(told) == [], hostile.name


class _Acting(HTMLParser):
    """Collects whatever in a page could act or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "iframe", "object", "embed", "form", "input", "base", "link", "svg:script"):
            self.found.add(tag)
        if tag == "meta" and any(name == "http-equiv" and value == "refresh" for name, value in attrs):
            self.found.add("refresh")
        for name, value in attrs:
            plain = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or plain.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.add(f"{tag} {name}={value}")


def acting(page: str) -> set[str]:
    """What in a page could act."""
    parser = _Acting()
    parser.feed(page)
    return parser.found


def test_no_page_of_feedback_acts_or_tells(school: Path) -> None:
    """Every page holds the message, nothing that an honest neighbour's lacks could act, and no secret is on any."""
    usual = acting(graded.feedback(school, HONEST[0]))
    for hostile in _class():
        page = graded.feedback(school, hostile.name)
        assert acting(page) <= usual, hostile.name
        assert not {"a secret word", "a hidden input"} & set(puzzling(page)), hostile.name
        if not hostile.cells and hostile.earns:  # what is missing there has come back as it was released
            continue
        text = " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())
        says = re.sub(r"(longer than|within) .*", r"\1", hostile.about.get("says", ""))  # the limits are others
        assert " ".join(says.split()) in text, (hostile.name, says)


def test_a_page_that_acts_is_seen() -> None:
    """The test above would notice a script, a handler, a frame and an address that is one."""
    page = "<p onclick='x'><script></script><a href=' java\nscript:x'>x</a><iframe></iframe></p>"
    assert acting(page) == {"p onclick=x", "script", "a href= java\nscript:x", "iframe"}
    assert acting("<p>&lt;script&gt; onload=</p><a href='https://x'>x</a>") == set()


def test_nothing_of_a_class_is_left(school: Path) -> None:
    """No file but what nbgrader writes, none that was planted is copied over another, and the course is as it was."""
    assert not [path for path in school.rglob("*") if LEFT in path.name and "submitted" not in path.parts]
    top = {"assignments", "autograded", "feedback", "submitted", "solutions", "tests", "grading.toml", "grades.csv"}
    top |= {"nbgrader_config.py", "gradebook.db", "gradebook.new", "autograde.log", ".course", "elsewhere"}
    assert {path.name for path in school.iterdir()} - {".nbgrader.log"} <= top
    assert (school / ".course" / "notes.txt").read_text(encoding="utf-8") == CANARY
    log = (school / "autograde.log").read_text(encoding="utf-8")
    assert "ERROR" not in log and "Traceback" not in log and CANARY not in log


# Limits, at their edges

SLEEPS = "import time\ndef f(seconds=0.0):\n    time.sleep(seconds)\n    return 1.0"
TIMES = {
    "cell_seconds": lambda session, seconds: session.run("cell 1", f"import time; time.sleep({seconds})"),
    "call_seconds": lambda session, seconds: session.call("f", [(seconds,)], seconds=9)[-1],
    "exercise_seconds": lambda session, seconds: session.call("f", [(seconds / 4,)] * 4, seconds=0.6)[-1],
    "submission_seconds": lambda session, seconds: session.call("f", [(seconds / 4,)] * 4, seconds=9)[-1],
}


@pytest.mark.parametrize("limit", TIMES)
def test_who_is_within_the_time_is_answered(limit: str) -> None:
    """Well within it all is asked; beyond it, it is over, soon."""
    for seconds, expected in ((0.2, Status.ANSWERED), (2.0, Status.TIMED_OUT)):
        with Session(Limits()) as session:
            assert session.run("cell 0", SLEEPS).status is Status.ANSWERED
            session.limits = replace(Limits(), **{limit: 0.6})
            if limit == "submission_seconds":
                session._ends = time.monotonic() + 0.6
            started = time.monotonic()
            assert TIMES[limit](session, seconds).status is expected
            assert time.monotonic() - started < 2.0


LARGEST = """
import numpy as np
def f():
    least, most = 0, 2**34
    while most - least > 2**20:
        size = (least + most) // 2
        try:
            np.empty(size, np.uint8)
            least = size
        except MemoryError:
            most = size
    return least
"""


def test_memory_is_what_is_allowed() -> None:
    """The largest array that a function can have is less than its limit, and grows with it."""
    largest = {}
    for mib in (512, 1024):
        with Worker(Limits(memory_mib=mib)) as worker:
            worker.run("cell 1", LARGEST, seconds=20)
            largest[mib] = next(worker.call("f", [()], seconds=20)).value
    assert 0 < largest[512] < 512 * 2**20 and 0 < largest[1024] < 1024 * 2**20
    assert abs(largest[1024] - largest[512] - 512 * 2**20) < 64 * 2**20


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


ANSWERS = {
    "parts": (f"[0.0] * {values.MAX_ITEMS}", f"[0.0] * {values.MAX_ITEMS + 1}"),
    "depth": (nested(values.MAX_DEPTH), nested(values.MAX_DEPTH + 1)),
    "dimensions": (f"np.ones((1,) * {values.MAX_DIMENSIONS})", f"np.ones((1,) * {values.MAX_DIMENSIONS + 1})"),
    "bytes": (f"np.zeros({values.MAX_BYTES}, np.uint8)", f"np.zeros({values.MAX_BYTES + 1}, np.uint8)"),
    "bytes in all": (
        f"[np.zeros({values.MAX_BYTES // 2}, np.uint8)] * 2",
        f"[np.zeros({values.MAX_BYTES // 2}, np.uint8), np.zeros({values.MAX_BYTES // 2 + 1}, np.uint8)]",
    ),
    "text": (f"'x' * {values.MAX_TEXT}", f"'x' * {values.MAX_TEXT + 1}"),
    "integers": ("2**63 - 1", "2**63"),
    "length": ("np.zeros((0, 2**25))", "np.zeros((0, 2**25 + 1))"),
}


def test_answers_are_taken_up_to_their_limits() -> None:
    """What is just small enough comes back whole; what is larger by one is refused by its name, or in that part."""
    with Worker(Limits()) as worker:
        worker.run("cell 1", "import numpy as np\ndef f(source): return eval(source)", seconds=20)
        for name, pair in ANSWERS.items():
            fits, too_much = worker.call("f", [(source,) for source in pair], seconds=20)
            parts = [[part for _, part in values.leaves(reply.value)] for reply in (fits, too_much)]
            refused = [any(isinstance(part, Refused) for part in each) for each in parts]
            assert refused == [False, True], name
            assert fits.status is too_much.status is Status.ANSWERED


def book(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


FILES = {
    "cells": ([""] * cell.MAX_CELLS, [""] * (cell.MAX_CELLS + 1)),
    "source": (["x" * cell.MAX_SOURCE], ["x" * (cell.MAX_SOURCE + 1)]),
}


@pytest.mark.parametrize(("fits", "too_much"), FILES.values(), ids=FILES)
def test_files_are_read_up_to_their_limits(fits: list[str], too_much: list[str]) -> None:
    """A notebook that is just small enough is read whole, and one that is larger by one is refused."""
    assert [cell.source for cell in cells_of_notebook(book(*fits), "a.ipynb")] == fits
    with pytest.raises(SubmissionError):
        cells_of_notebook(book(*too_much), "a.ipynb")


def test_a_script_is_read_up_to_its_limits() -> None:
    """As many cells as a notebook, and as long ones."""
    assert len(cells_of_script(b"# %%\n" * cell.MAX_CELLS, "a.py")) == cell.MAX_CELLS
    assert len(cells_of_script(b"x" * cell.MAX_SOURCE, "a.py")[0].source) == cell.MAX_SOURCE


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    """Blanks behind a notebook are no reason to refuse it, up to the limit and not a byte more."""
    raw, path = book("x = 1"), tmp_path / "a.ipynb"
    path.write_bytes(raw + b" " * (cell.MAX_BYTES - len(raw)))
    assert len(read_submission(path, ()).steps) == 1
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(SubmissionError, match="larger than"):
        read_submission(path, ())
