"""A class of attackers and accidents: each file of ``hostile/`` is a submission, with what it tries and must earn.

A file is percent-format text. Its head says what it ``tries``, what a sound ``grader`` does, what it ``says`` to the
student, and, unless that is nothing, what it ``earns``. One that is ``like`` another waits for a deep run; one that
``fools`` a naive grader does (``naive``). A cell titled with an exercise takes the place of that exercise's answer in
an otherwise right submission; "on top", "at the end" and "[markdown]" are cells more.
Where it is the file itself that is broken, ``notebooks.toml`` says all this beside it.

Imports neither torch nor pytest: the user nobody runs it, too.
"""

from __future__ import annotations

import glob
import json
import os
import platform
import re
import sys
import threading
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from deep import tries
from htilde.diagnosis.completion import examine
from htilde.errors import SubmissionError
from htilde.examination.allowance import stated
from htilde.examination.paper import Example, Paper, Question, read_paper, write_paper
from htilde.isolation.libc import call
from htilde.isolation.sandbox import Worker
from htilde.isolation.template import Forked
from htilde.model import Examination, Limits, Tolerance
from htilde.sample_class import Book
from htilde.submissions.reading import read_submission
from htilde.submissions.steps import Submission
from htilde.telling import messages
from htilde.telling.html import as_html, trouble_html, whole_html
from htilde.telling.json import as_json
from htilde.telling.text import whole_text

__all__ = ["CANARY", "CORPUS", "FULL", "Hostile", "Place", "Seen", "baited", "puzzling", "right"]

FOLDER = Path(__file__).resolve().parent / "hostile"
A1 = "a1_activations"
FULL = {"sigmoid": 2.0, "sigmoid_derivative": 3.0, "tanh_derivative": 3.0}
RIGHT = {
    "sigmoid": """def sigmoid(h_tilde):
    small = np.exp(-np.abs(h_tilde))
    return np.where(np.asarray(h_tilde) >= 0, 1, small) / (1 + small)
""",
    "sigmoid_derivative": """def sigmoid_derivative(h_tilde):
    small = np.exp(-np.abs(h_tilde))
    return small / (1 + small) ** 2
""",
    "tanh_derivative": """def tanh_derivative(h_tilde):
    return 1 - np.tanh(h_tilde) ** 2
""",
}

CANARY = "canary_q7z"
"""A word in everything that nobody may see: other students' work, the course's private files, the environment."""
NUMBER = 5.0987643219
"""The first input of every hidden property; its digits stand nowhere else."""
LEFT = "left_behind"
"""In the name of every file that a hostile submission tries to write."""

LIMITS = Limits(cell_seconds=10.0, call_seconds=5.0, exercise_seconds=5.0, memory_mib=768)
SOON = 30.0
"""Seconds within which every submission is examined, even on a busy machine."""
IMPATIENT = replace(LIMITS, cell_seconds=0.6, call_seconds=0.5, exercise_seconds=2.0)
"""The limits for submissions that hang, for their tests wait so long."""


@dataclass(frozen=True)
class Hostile:
    """One submission of the corpus. ``raw`` is the whole file where that is the hostile part."""

    name: str
    about: Mapping[str, str]
    cells: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    suffix: str = ".ipynb"

    @property
    def earns(self) -> dict[str, float]:
        """Points by exercise; empty if the file is refused."""
        if self.about.get("earns") == "refused":
            return {}
        stated = dict(part.split() for part in self.about.get("earns", "").split(", ") if part)
        default = FULL if self.cells else dict.fromkeys(FULL, 0.0)
        attacked = {place: 0.0 for place, _ in self.cells if place in FULL}
        return {**default, **attacked, **{name: float(points) for name, points in stated.items()}}

    @property
    def target(self) -> str:
        """The exercise whose first failure ``says`` is about."""
        lost = [name for name, points in self.earns.items() if points < FULL[name]]
        return next((place for place, _ in self.cells if place in lost), next(iter(lost), ""))

    @property
    def limits(self) -> Limits:
        return IMPATIENT if "hangs" in self.about else LIMITS

    @property
    def works_here(self) -> bool:
        return self.about.get("needs", platform.machine()) == platform.machine()

    def edit(self, book: Book) -> None:
        """Make a released notebook into this submission."""
        right(book)
        if self.raw is not None:
            book.replace_file(self.raw)
        for place, source in self.cells:
            if place in FULL:
                book.answer(**{place: source})
            elif place == "on top":
                book.on_top(source)
            else:
                kind = "markdown" if place == "[markdown]" else "code"
                book.cells.append({"cell_type": kind, "id": f"more{len(book.cells)}", "metadata": {}, "source": source})

    def filled(self, places: Mapping[str, str]) -> Hostile:
        """Return the source with each ``@name@`` replaced by what its author has found out, or by long filling."""

        def fill(source: str) -> str:
            for name, text in {**LONG, **places}.items():
                source = source.replace(f"@{name}@", text)
            return source

        return replace(self, cells=tuple((place, fill(source)) for place, source in self.cells))

    def saved(self, released: Mapping[str, Any]) -> bytes:
        """Return the bytes of the file that is handed in."""
        book = Book(dict(released))
        self.edit(book)
        return book.saved()


LONG = {"newlines": "\n" * 150_000, "spaces": " " * 150_000, "dots": "." * 150_000}


def right(book: Book) -> None:
    """Answer everything right, for 2 + 3 + 3 points."""
    book.answer(**RIGHT)


_MARK = re.compile(r"^# %% (.*)$", re.MULTILINE)


def _read(path: Path) -> Hostile:
    head, *parts = _MARK.split(path.read_text(encoding="utf-8"))
    about = dict(line.removeprefix("# ").split(": ", 1) for line in head.strip().splitlines())
    places, sources = parts[::2], parts[1::2]
    return Hostile(path.stem, about, tuple(zip(places, (source.strip("\n") for source in sources))))


def _corpus() -> dict[str, Hostile]:
    found = [_read(path) for path in sorted(FOLDER.glob("*.py"))]
    broken = tomllib.loads((FOLDER / "notebooks.toml").read_text(encoding="utf-8"))
    for name, about in broken.items():
        path = FOLDER / "notebooks" / name
        found.append(Hostile(path.stem, about, raw=path.read_bytes(), suffix=path.suffix))
    return {hostile.name: hostile for hostile in found}


CORPUS = _corpus()


def baited(hidden: Paper) -> Paper:
    """Return the hidden paper with the secret number as the first question of every property."""
    s = 1 / (1 + np.exp(-NUMBER))
    answers = {"sigmoid": s, "sigmoid_derivative": s * (1 - s), "tanh_derivative": 1 - np.tanh(NUMBER) ** 2}

    def first(name: str) -> Example:
        answer = np.array([answers[name]])
        return Example((np.array([NUMBER]),), answer, stated(answer, Tolerance(1e-9, 1e-12)))

    return replace(
        hidden,
        exercises=tuple(
            replace(e, questions=tuple(replace(q, examples=(first(e.name), *q.examples)) for q in e.questions))
            for e in hidden.exercises
        ),
    )


@dataclass(frozen=True)
class Seen:
    """The outcome of a submission: points, first message, everything that is shown, and what it left behind."""

    points: dict[str, float]
    message: str
    told: tuple[str, ...]
    left: tuple[str, ...] = ()
    neighbour: tuple[float, ...] = ()
    seconds: float = 0.0

    def amiss(self, hostile: Hostile) -> list[str]:
        """Return everything that isn't as it must be."""
        wrong = [f"earns {self.points} instead of {hostile.earns}"] * (self.points != hostile.earns)
        says = hostile.about.get("says", "")
        wrong += [f"says {self.message!r} instead of {says!r}"] * (says not in self.message)
        wrong += [f"takes {self.seconds:.0f} s"] * (self.seconds > SOON)
        wrong += [f"leaves {left}" for left in self.left]
        wrong += [f"its neighbour gets {points}" for points in self.neighbour if points != sum(FULL.values())]
        return wrong + [f"{why}: {text[:2000]}" for text in self.told for why in puzzling(text)]


_DIGITS = "[.,_ ]?".join(f"{NUMBER:.10f}".replace(".", "")[:6])
_UNFIT = {
    "a character that moves, turns or hides": re.compile(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
    ),
    "a secret word": re.compile(CANARY),
    "a hidden input": re.compile(rf"{_DIGITS}|{np.float64(NUMBER).tobytes().hex()}"),
    "the machine's own words": re.compile(r"Traceback \(most|htilde/\w+\.py|site-packages/htilde"),
}


def puzzling(text: str) -> list[str]:
    """Return what a text holds that nobody may see, or should have to read."""
    return [why for why, pattern in _UNFIT.items() if pattern.search(text)]


def _told(examination: Examination) -> tuple[str, ...]:
    """Return an examination in every form, without its author's own source."""
    pages = [as_html(result, notes=examination.notes) for result in examination.exercises]
    whole = (whole_text(examination, hidden_remain=False), whole_html(examination, title=f"{A1}.ipynb"))
    return (*pages, *whole, json.dumps(as_json(examination), ensure_ascii=False))


@dataclass
class Place:
    """A course with secrets, and a folder to hand in to.

    While a submission is examined, a right one is, too, by the same process: slowly, so that it is always there.
    """

    course: Path
    folder: Path
    papers: tuple[Paper, Paper]
    table: dict[str, float]
    released: dict[str, Any]
    neighbours: list[float] = field(default_factory=list)
    _thread: threading.Thread | None = None
    _quiet: tuple[int, set[int]] = (0, set())
    _ends: int = 2

    @classmethod
    def at(cls, course: Path, folder: Path) -> Place:
        """Prepare a built course, whose hidden paper and private folder get secrets; ``folder`` is for submissions."""
        hidden = course / ".course" / "papers" / f"{A1}.paper"
        public = read_paper(course / "assignments" / A1 / f"{A1}.paper").with_points(FULL)
        stored = read_paper(hidden)
        if not _is_baited(stored):
            stored = baited(stored)
            write_paper(stored, hidden)
            (course / ".course" / "notes.txt").write_text(CANARY, encoding="utf-8")
            neighbour = course / "submitted" / "neighbour" / A1
            neighbour.mkdir(parents=True)
            (neighbour / f"{A1}.py").write_text(f"# {CANARY}\n", encoding="utf-8")
        released = json.loads((course / "assignments" / A1 / f"{A1}.ipynb").read_text(encoding="utf-8"))
        papers = _short(public), _short(stored.with_points(FULL))
        return cls(course, folder, papers, _table(public, "tanh_derivative"), released)

    def hand_in(self, hostile: Hostile, folder: Path) -> Path:
        """Write the file, beside modules that must never be imported."""
        folder.mkdir(parents=True, exist_ok=True)
        for module in ("numpy", "sitecustomize", "htilde"):
            (folder / f"{module}.py").write_text("raise SystemExit('imported what a student wrote')\n")
        path = folder / f"{A1}{hostile.suffix}"
        path.write_bytes(hostile.filled(self.found_out()).saved(self.released))
        return path

    def found_out(self) -> dict[str, str]:
        """Return what an attacker may know: where things lie, and all that is public."""
        packages = Path(np.__file__).resolve().parents[1]
        return {"course": str(self.course), "packages": str(packages), "table": repr(self.table)}

    def observe(self, hostile: Hostile) -> Seen:
        """Hand in, examine beside another submission, and return what is shown and what is left behind."""
        path = self.hand_in(hostile, self.folder / hostile.name)
        self._keep_company()
        before, started = self._surroundings(), time.monotonic()
        try:
            submission = read_submission(path, tuple(FULL))
        except SubmissionError as error:
            return Seen({}, str(error), (trouble_html(error), str(error)), self._left(before))
        examination = self.examined(submission, hostile.limits)
        seconds = time.monotonic() - started
        left = self._left(before)
        points = {result.name: result.points for result in examination.exercises}
        failed = [v for r in examination.exercises if r.name == hostile.target for v in r.verdicts if not v.passed]
        message = messages.message(failed[0]) if failed else ""
        done, self.neighbours = tuple(self.neighbours), []
        return Seen(points, message, _told(examination), left, done, seconds)

    def examined(self, submission: Submission, limits: Limits) -> Examination:
        return examine(submission, self.papers, limits)

    def _keep_company(self) -> None:
        """Have a neighbour under examination, starting one if need be; record the results of earlier ones."""
        if self._thread is not None and self._thread.is_alive():
            return
        self.end()
        with Worker(Limits()) as first:  # from here on there is a template, if there can be one
            self._ends = 3 if isinstance(first._process, Forked) else 2
        self._quiet = (_descriptors(), _children())
        self._thread = threading.Thread(target=self._be_examined)
        self._thread.start()
        while self._thread.is_alive() and not self._settled():
            time.sleep(0.01)

    def _settled(self) -> bool:
        """Tell whether the neighbour's worker has started: a process more, and its two pipes, and maybe its handle."""
        descriptors, children = self._quiet
        return len(_children() - children) == 1 and _descriptors() == descriptors + self._ends

    def _be_examined(self) -> None:
        slow = {name: source.replace(":\n", ":\n    time.sleep(0.02)\n", 1) for name, source in RIGHT.items()}
        book = Book(self.released)
        book.answer(**slow)
        book.on_top(f"import time  # {CANARY}")
        path = self.folder / f"neighbour{threading.get_ident()}.ipynb"
        path.write_bytes(book.saved())
        limits = Limits(call_seconds=60.0, exercise_seconds=300.0, submission_seconds=900.0)
        found = self.examined(read_submission(path, tuple(FULL)), limits)
        self.neighbours.append(found.points)

    def end(self) -> None:
        """Wait until the neighbour's examination is over."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _surroundings(self) -> Any:
        files = {path: path.read_bytes() for path in self.course.rglob("*") if path.is_file()}
        return _descriptors(), _children(), files, sorted(os.listdir()), sorted(os.listdir(self.folder))

    def _left(self, before: Any) -> tuple[str, ...]:
        """Return what is there now and wasn't before; a neighbour that has ended doesn't count."""
        now = self._surroundings()
        names = ("a descriptor", "a process", "the course changed", "a file here", "a file among the submissions")
        fewer = (now[0] <= before[0], now[1] <= before[1], *(new == old for new, old in zip(now[2:], before[2:])))
        return (*(name for name, is_so in zip(names, fewer) if not is_so), *_left_behind())


def _table(public: Paper, name: str) -> dict[str, float]:
    """Return all entries that an exercise is publicly asked about, with their answers."""
    exercise = public.exercise(name)
    assert exercise is not None
    examples = [example for question in exercise.questions for example in question.examples]
    pairs = (zip(np.asarray(example.arguments[0]).flat, np.asarray(example.answer).flat) for example in examples)
    return {str(entry): float(answer) for pair in pairs for entry, answer in pair}


def _short(paper: Paper) -> Paper:
    """Return a paper with the first questions of each property alone, unless in a deep run; they are enough here."""
    most = tries(12, 1_000)

    def short(question: Question) -> Question:
        return replace(question, examples=question.examples[:most])

    return replace(
        paper, exercises=tuple(replace(e, questions=tuple(map(short, e.questions))) for e in paper.exercises)
    )


def _is_baited(paper: Paper) -> bool:
    return float(np.asarray(paper.exercises[0].questions[0].examples[0].arguments[0]).flat[0]) == NUMBER


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def _children(of: str = "self") -> set[int]:
    """Return the processes that this one has started, theirs, and orphans that it adopted (``adopting``)."""
    found: set[int] = set()
    for path in Path(f"/proc/{of}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread that has just ended
            found.update(map(int, path.read_text().split()))
    return found.union(*(_children(str(child)) for child in found))


@contextmanager
def adopting() -> Iterator[None]:
    """Become the parent of the daemons that descendants leave behind."""
    set_child_subreaper = 36  # linux/prctl.h
    call("prctl", set_child_subreaper, 1, 0, 0, 0)
    yield
    call("prctl", set_child_subreaper, 0, 0, 0, 0)


def _left_behind() -> list[str]:
    places = ("/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", os.path.expanduser("~"), ".")
    return [path for place in places for path in glob.glob(f"{place}/*{LEFT}*")]


def main(folder: str, names: Iterable[str]) -> None:
    """Examine a part of the corpus and print what was seen, as JSON: for a process of another user."""
    place = Place.at(Path(folder, "course"), Path(folder, "submitted"))
    with adopting():
        seen = {name: asdict(place.observe(CORPUS[name])) for name in names}
        place.end()
    json.dump({"user": os.geteuid(), "seen": seen, "neighbours": place.neighbours}, sys.stdout)
