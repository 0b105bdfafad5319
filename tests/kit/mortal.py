"""nbgrader's commands in processes that end, or fail, at a chosen moment.

A process that has imported everything forks a child for each run, so a run costs no more than nbgrader's own work.
Moments are counted: whatever changes something on the disk or in the gradebook is a step. What was examined once is
remembered, for examining takes most of the time and changes nothing; where time decides, it is done in earnest.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pickle
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from clone import A1
from users import ordinary

HERE = Path(__file__).resolve()
_WANTED = (
    "nbconvert.exporters.html",
    "nbgrader.apps.autogradeapp",
    "nbgrader.apps.exportapp",
    "nbgrader.apps.generatefeedbackapp",
    "nbgrader.apps.nbgraderapp",
    "sqlalchemy.dialects.sqlite",
    "htilde.nbgrader.export",
    "htilde.nbgrader.exporters",
    "htilde.nbgrader.settings",
)
"""The modules that a run imports."""
_STEPS = ("os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "subprocess.Popen")
"""Python's audit events that change something, besides opening for writing."""


@dataclass(frozen=True)
class Ended:
    """The end of a run: its status, negative for a signal; its steps; its output."""

    status: int
    steps: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Run:
    """nbgrader's commands in a course, one after the other, and the fault that is injected."""

    root: str
    commands: tuple[tuple[str, ...], ...]
    kill_before: int = -1
    """The step before which it is killed."""
    kill_after: float = -1.0
    """The seconds after which it is killed with all that it has started; examinations are real then."""
    full_from: int = -1
    """The step from which the disk is full."""
    locked_from: int = -1
    """The step from which somebody else keeps the gradebook locked."""
    ordinary: bool = False
    """True to let the modes of files hold for it, also where root runs the tests."""


class Mortals:
    """Starts the process that forks, and sends it requests."""

    def __init__(self, cache: Path) -> None:
        environment = {
            "PYTHONPATH": str(HERE.parents[2] / "autograder"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, str(HERE), str(cache)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def run(self, root: Path, *commands: tuple[str, ...], **fate: Any) -> Ended:
        """Run commands in a course, in a process of their own."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps(asdict(Run(str(root), commands, **fate))), file=self._process.stdin, flush=True)
        plain = json.loads(self._process.stdout.readline())
        return Ended(plain["status"], tuple(plain["steps"]), plain["said"])

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        assert self._process.returncode == 0


# From here on: the process that forks, and its children.


def main(cache: Path) -> None:
    """Answer requests until there are no more."""
    for module in _WANTED:
        import_module(module)
    from htilde.grading import exam

    found = exam.protection()
    exam.protection = lambda: found
    is_warm = False
    for line in sys.stdin:
        plain = json.loads(line)
        run = Run(**{**plain, "commands": [*map(tuple, plain["commands"])]})
        if not is_warm:
            _warm_up(Path(run.root), cache)
            is_warm = True
        steps, said = cache / f"steps{os.getpid()}", cache / f"said{os.getpid()}"
        if not (child := os.fork()):
            with steps.open("wb", 0) as steps_file, said.open("wb", 0) as said_file:
                for descriptor in (1, 2):
                    os.dup2(said_file.fileno(), descriptor)
                _child(run, cache, steps_file.fileno())
        status = os.waitstatus_to_exitcode(_outcome(child, run.kill_after))
        ended = Ended(status, tuple(steps.read_text().splitlines()), said.read_text(errors="replace"))
        print(json.dumps(asdict(ended)), flush=True)


def _warm_up(root: Path, cache: Path) -> None:
    """Run everything once in this process, so that no child has to compile schemas, templates and statements."""
    import nbgrader.api

    create, statements = nbgrader.api.create_engine, dict[Any, Any]()
    nbgrader.api.create_engine = lambda *a, **k: create(*a, **k).execution_options(compiled_cache=statements)
    here, stdout, stderr = os.getcwd(), os.dup(1), os.dup(2)
    with open(os.devnull, "wb") as nowhere, tempfile.TemporaryDirectory(dir=cache) as folder:
        course = shutil.copytree(root, Path(folder, "course"))
        for descriptor in (1, 2):
            os.dup2(nowhere.fileno(), descriptor)
        os.chdir(course)
        sys.path.insert(0, str(course))
        for command in (("autograde", A1, "--force"), ("generate_feedback", A1, "--force"), ("export",)):
            _nbgrader(command)
        sys.path.remove(str(course))
        os.chdir(here)
    for descriptor, saved in ((1, stdout), (2, stderr)):
        os.dup2(saved, descriptor)
        os.close(saved)


def _outcome(child: int, seconds: float) -> int:
    """Wait for a process, so many seconds if that isn't less than 0; then kill it with its group."""
    ends = time.monotonic() + seconds
    while seconds >= 0 and time.monotonic() < ends:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.005)
    if seconds >= 0:
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:  # it isn't the leader of its group yet
            os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def _child(run: Run, cache: Path, steps: int) -> None:
    status = 1
    try:
        os.setsid()
        os.chdir(run.root)
        sys.path.insert(0, run.root)
        if run.kill_after < 0:
            _remember_examinations(cache)
        _watch(run, steps)
        with ordinary() if run.ordinary else nullcontext():
            status = max([_COMMANDS.get(command[0], _nbgrader)(command) for command in run.commands])
    finally:
        os._exit(status)


def _nbgrader(command: tuple[str, ...]) -> int:
    from nbgrader.apps.nbgraderapp import NbGraderApp
    from traitlets.config import Application

    try:
        NbGraderApp.launch_instance(list(command))
    except SystemExit as end:
        return int(end.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    finally:
        type(Application.instance()).clear_instance()  # a process that runs one command needn't
    return 0


class _ErrorProgress:
    """Print errors as nbgrader does."""

    def step(self, what: str, total: int) -> None: ...

    def advance(self, what: str = "") -> None: ...

    def warn(self, what: str) -> None: ...

    def trouble(self, what: str, error: Exception | None = None) -> None:
        print(f"[Kit | ERROR] {what}", file=sys.stderr, flush=True)


def _kit(command: tuple[str, ...]) -> int:
    """Do what ``htilde grade`` does, in two parts, and return its exit status."""
    from htilde.course import load_course
    from htilde.errors import KitError
    from htilde.nbgrader import classroom

    course, told = load_course(Path("grading.toml")), _ErrorProgress()
    try:
        if command == GRADE_CLASS:
            fault = classroom.grade(course, A1, jobs=2, progress=told).fault
        else:
            fault = classroom.renew_feedback(course, A1, progress=told)
            classroom.export(course)
    except KitError as error:
        fault = error  # type: ignore[assignment]
    if fault is not None:
        told.trouble(str(fault))
    return 0 if fault is None else 1


GRADE_CLASS, RENEW_PAGES = ("grade a class",), ("renew pages",)
_COMMANDS: dict[str, Any] = {"grade a class": _kit, "renew pages": _kit}


_examining: list[str] = []
"""The examinations that are run for real now."""


def _remember_examinations(cache: Path) -> None:
    from htilde.diagnosis import executors
    from htilde.nbgrader import classroom

    classroom.ProcessExecutor = lambda examiner, jobs: executors.InlineExecutor(examiner)  # type: ignore[assignment,misc]
    examine = executors.examine

    def remembering(submission: Any, papers: Any, *rest: Any, **options: Any) -> Any:
        asked = repr((submission, [(paper.id, paper.exercises[0].points) for paper in papers]))
        known = cache / hashlib.sha256(asked.encode(errors="replace")).hexdigest()
        if not known.exists():
            _examining.append(asked)  # only the first run does, so what happens meanwhile is no step
            known.write_bytes(pickle.dumps(examine(submission, papers, *rest, **options)))
            _examining.clear()
        return pickle.loads(known.read_bytes())

    executors.examine = remembering


def _watch(run: Run, log: int) -> None:
    """Count the steps, and inject the fault at its step."""
    from htilde.isolation import libc
    from sqlalchemy import Engine, event, exc

    count = 0
    others: list[sqlite3.Connection] = []

    def step(what: str, *, needs_room: bool = True) -> bool:
        """Tell whether the disk is full now."""
        nonlocal count
        if count == run.kill_before:
            os.kill(os.getpid(), signal.SIGKILL)
        if count == run.locked_from and not others:
            others.append(sqlite3.connect(Path(run.root, "gradebook.db")))
            others[0].execute("BEGIN IMMEDIATE")
        os.write(log, f"{what}\n".encode(errors="replace"))
        count += 1
        return needs_room and 0 <= run.full_from < count

    def saw(name: str, arguments: tuple[Any, ...]) -> None:
        if _examining:
            return
        if name == "open" and isinstance(arguments[0], (str, bytes)):
            path = os.path.abspath(os.fsdecode(arguments[0]))
            writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if not writes or not path.startswith(run.root):
                return
        elif name in _STEPS:
            path = os.fsdecode(arguments[0])
        else:
            return
        path = re.sub(r"\.[0-9a-f]{16}\.new$", ".new", path)  # the unique part of a temporary file's name
        if step(f"{name} {path.removeprefix(run.root)}", needs_room=name in ("open", "os.mkdir", "os.rename")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    def saved(what: str) -> None:
        if step(what):
            full = sqlite3.OperationalError("database or disk is full")
            raise exc.OperationalError(what, {}, full)

    @event.listens_for(Engine, "before_cursor_execute")
    def execute(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE", "CREATE", "PRAGMA user_version =")):
            saved(" ".join(statement.split()[:3]))

    @event.listens_for(Engine, "commit")
    def commit(connection: Any) -> None:
        saved("COMMIT")

    @event.listens_for(Engine, "do_connect")
    def connect(dialect: Any, record: Any, arguments: Any, options: dict[str, Any]) -> None:
        options["timeout"] = 0.1  # nobody lets go of a lock while a test waits

    call = libc.call

    def exchange(function: str, *arguments: Any) -> int:
        if function == "renameat2":
            step(function, needs_room=False)
        return call(function, *arguments)

    libc.call = exchange
    sys.addaudithook(saw)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
