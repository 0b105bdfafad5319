"""Grade the same class in several ways; write ``grading.json`` and the tables in ``README.md``.

    stock nbgrader      one kernel for each notebook; the same properties, asked live in the test cells
    otter run           the same as otter's tests; needs otter-grader (see OTTER), left out without it
    nbgrader autograde  with the kit
    htilde grade        with one process and with two

Run it with ``make bench-grading``, on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from htilde.authoring.build import build
from htilde.authoring.master import Master, read_master, source_notebook
from htilde.authoring.papers import stored_papers
from htilde.course import Course, find_course, load_course
from htilde.diagnosis.completion import examine
from htilde.sample_class import Book, sample_class
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.steps import Ask, Run, Submission, steps
from nbgrader.api import Gradebook
from page import put

HERE = Path(__file__).resolve().parent
ASSIGNMENT = "a1_activations"
OTTER = "otter-grader==7.0.0"
BEHAVED = ("right-", "mistake-")
"""Beginnings of the members' ids: the sample class without endless loops and broken files, repeated."""
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "stock"\n'
CHECKED = "import sys; sys.path.insert(0, {here!r}); import live; live.ask({name!r}, {name})"
OTTERS = """\
import sys
from otter.test_files import test_case
OK_FORMAT = False
name = {name!r}
points = {points}
@test_case(points=None, hidden=False)
def test_it({name}):
    sys.path.insert(0, {here!r})
    import live
    live.ask({name!r}, {name})
"""


def main() -> None:
    """Grade the class in each way, print the seconds, and write the results."""
    arguments = _arguments()
    course = find_course(HERE)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        kit = _course_of_the_kit(course, here / "kit")
        books = _books(kit, arguments.students)
        ways: dict[str, float] = {}
        print(f"{len(books)} submissions of {ASSIGNMENT}; seconds for each")

        def say(way: str, seconds: float) -> None:
            ways[way] = seconds / len(books)
            print(f"{way:<40} {ways[way]:8.3f}", flush=True)

        _hand_in(kit.root, books)
        say("nbgrader autograde, with the kit", _again(kit, ["nbgrader", "autograde", ASSIGNMENT, "--force"]))
        for jobs in (1, 2):
            grade = ["htilde", "grade", ASSIGNMENT, "--again", "--jobs", str(jobs)]
            say(f"htilde grade --jobs {jobs}", _again(kit, grade))
        say("htilde grade, nothing changed", _seconds(["htilde", "grade", ASSIGNMENT], kit.root))
        if not arguments.kit_alone:
            say("stock nbgrader, a kernel a notebook", _stock(course, kit, here / "stock", books))
            if otter := arguments.otter or shutil.which("otter"):
                say("otter run", _otter(course, here / "otter", books, otter))
        floor = _floor(kit, here, books)
        scale: dict[str, dict[str, float]] = {}
        _write(ways, floor, scale, len(books))
        for count in arguments.scale:
            scale[str(count)] = _scale(course, here / f"scale-{count}", count)
            _write(ways, floor, scale, len(books))  # the next one may take long


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=100, help="how many hand in (default: 100)")
    parser.add_argument("--otter", help=f"the otter command of an environment with {OTTER}, torch and Hypothesis")
    parser.add_argument("--kit-alone", action="store_true", help="leave the others out")
    parser.add_argument("--scale", type=int, nargs="*", default=[100, 1000, 10_000], help="classes for time and memory")
    return parser.parse_args()


def _course_of_the_kit(course: Course, folder: Path) -> Course:
    """Copy the course, and build and release the assignment in the copy."""
    folder.mkdir()
    for name in ("grading.toml", "nbgrader_config.py"):
        shutil.copy(course.root / name, folder / name)
    shutil.copytree(course.root / "tests", folder / "tests", ignore=shutil.ignore_patterns("kit", "__pycache__"))
    (folder / "solutions").mkdir()
    for master in (course.root / "solutions").glob("*.py"):
        shutil.copy(master, folder / "solutions")
    shutil.copytree(course.root / "assignments", folder / "assignments")
    own = load_course(folder / "grading.toml")
    build(own, ASSIGNMENT)
    _seconds(["nbgrader", "generate_assignment", ASSIGNMENT, "--force"], folder)
    return own


def _books(course: Course, count: int) -> list[bytes]:
    """Return the notebooks of a class, no two alike."""
    released = json.loads((course.release(ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))
    members = [m for m in sample_class(course, ASSIGNMENT) if m.id.startswith(BEHAVED)]
    found = []
    for number in range(count):
        book = Book(json.loads(json.dumps(released)))
        members[number % len(members)].edit(book)
        book.on_top(f"# student {number}")
        found.append(book.saved())
    return found


def _hand_in(root: Path, books: Sequence[bytes]) -> None:
    """Write the notebooks into ``submitted/``."""
    for number, book in enumerate(books):
        folder = root / "submitted" / f"student{number:05}" / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(book)


def _seconds(command: Sequence[str], folder: Path) -> float:
    """Run a Python module with arguments in a folder; return the seconds. Exits with its errors if it fails."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # nbgrader starts alembic
    environment = os.environ | {"PYTHONPATH": str(HERE.parent / "autograder"), "PATH": path}
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return seconds


def _again(course: Course, command: Sequence[str], runs: int = 3) -> float:
    """Return the median seconds of some runs in which everybody is examined."""

    def run() -> float:
        shutil.rmtree(course.private / "verdicts", ignore_errors=True)
        return _seconds(command, course.root)

    return statistics.median([run() for _ in range(runs)])


# Without the kit: the same notebook, but each check cell asks live.


def _master(course: Course) -> tuple[Master, dict[str, float]]:
    listed = course.assignment(ASSIGNMENT)
    return read_master(course.master(ASSIGNMENT), listed.exercises, tuple(listed.written)), {
        **listed.points,
        **listed.written,
    }


def _plain(book: Any) -> Any:
    """Remove experiments and written questions from a notebook, and return it."""
    cells = [c for c in book.cells if "experiment" not in c.metadata.get("tags", [])]
    book.cells = [c for c in cells if c.cell_type == "code" or not c.metadata.get("nbgrader", {}).get("grade")]
    return book


def _answered(books: Sequence[bytes], like: Any) -> Iterator[Any]:
    """Yield a copy of the stock notebook with each student's answers."""
    for raw in books:
        theirs = {
            cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
            for cell in json.loads(raw)["cells"]
            if "nbgrader" in cell["metadata"]
        }
        book = nbformat.from_dict(json.loads(nbformat.writes(like)))
        for cell in book.cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("solution") and about["grade_id"] in theirs:
                cell.source = theirs[about["grade_id"]]
        yield book


def _stock(course: Course, kit: Course, root: Path, books: Sequence[bytes]) -> float:
    """Grade the class with stock nbgrader; return the seconds."""
    master, points = _master(course)
    source = _plain(source_notebook(master, points, "en"))
    for cell in source.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").removeprefix("check_")
        if cell.source == f'check("{name}")':
            cell.source = CHECKED.format(here=str(HERE), name=name)
    folder = root / "source" / ASSIGNMENT
    folder.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    nbformat.write(source, folder / f"{ASSIGNMENT}.ipynb")
    _seconds(["nbgrader", "generate_assignment", ASSIGNMENT], root)
    released = nbformat.read(root / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    _hand_in(root, [nbformat.writes(book).encode() for book in _answered(books, released)])
    seconds = _seconds(["nbgrader", "autograde", ASSIGNMENT], root)
    _compare(kit.root, root)
    return seconds


def _compare(kit: Path, stock: Path) -> None:
    """Print the answers that only one of the two courses found right; there should be none."""
    found = [_right(root) for root in (kit, stock)]
    if found[0] != found[1]:
        differ = sorted(found[0] ^ found[1])
        print(f"right with or without the kit only: {differ}", file=sys.stderr)


def _right(root: Path) -> set[tuple[str, str]]:
    """Return the answers that have full marks in a gradebook, as pairs of student and check."""
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {
            (submitted.student.id, grade.name)
            for submitted in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submitted.notebooks
            for grade in notebook.grades
            if grade.name.startswith("check_") and grade.auto_score == grade.max_score
        }


def _otter(course: Course, root: Path, books: Sequence[bytes], otter: str) -> float:
    """Grade the class with otter; return the seconds."""
    master, points = _master(course)
    for name in ("tests", "results"):
        (root / name).mkdir(parents=True)
    for name in course.assignment(ASSIGNMENT).exercises:
        test = OTTERS.format(name=name, points=points[name], here=str(HERE))
        (root / "tests" / f"{name}.py").write_text(test)
    environment = os.environ | {"PYTHONPATH": str(HERE.parent / "autograder")}

    def run(*arguments: str) -> None:
        done = subprocess.run([otter, *arguments], cwd=root, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"otter {' '.join(arguments)} failed:\n{done.stderr[-2000:]}")

    run("generate", "-t", "tests", "-o", "htilde.zip", "--no-environment")
    like = _plain(source_notebook(master, points, "en"))
    like.cells = [cell for cell in like.cells if not cell.source.startswith("check(")]
    for cell in like.cells:
        cell.source = cell.source.replace("from htilde import check\n", "")
    names = []
    for number, book in enumerate(_answered(books, like)):
        names.append(f"student{number:05}.ipynb")
        nbformat.write(book, root / names[-1])
    started = time.perf_counter()
    for name in names:
        run("run", name, "-a", "htilde.zip", "-o", "results", "--no-logo")
    return time.perf_counter() - started


# The least that it could take, and how it grows with the class.


def _floor(course: Course, folder: Path, books: Sequence[bytes], runs: int = 9) -> dict[str, float]:
    """Return the seconds to examine one submission, and to make the same calls in Python with NumPy alone."""
    names = course.assignment(ASSIGNMENT).exercises
    submission = Submission(steps(cells_of_notebook(books[0], "book"), names))
    papers = stored_papers(course, ASSIGNMENT)
    sources = [
        step.source.replace("from htilde import check", "") for step in submission.steps if isinstance(step, Run)
    ]
    asked = [step.exercise for step in submission.steps if isinstance(step, Ask)]
    cases = [
        (name, [example.arguments for example in question.examples])
        for paper in papers
        for name in asked
        for question in paper.exercise(name).questions  # type: ignore[union-attr]
    ]
    (folder / "cases").write_bytes(pickle.dumps((sources, cases)))
    script = folder / "floor.py"
    script.write_text(
        f"import pickle\nsources, cases = pickle.load(open({str(folder / 'cases')!r}, 'rb'))\nspace = {{}}\n"
        "for source in sources: exec(source, space)\n"
        "for name, arguments in cases:\n    for each in (*arguments, *reversed(arguments)): space[name](*each)\n"
    )

    def median(action: Callable[[], object]) -> float:
        action()
        return statistics.median([_timed(action) for _ in range(runs)])

    command = [sys.executable, "-I", str(script)]
    return {
        "examine one submission": median(lambda: examine(submission, papers, course.limits)),
        "python -I, the same calls": median(lambda: subprocess.run(command, check=True, capture_output=True)),
    }


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _scale(course: Course, folder: Path, count: int) -> dict[str, float]:
    """Grade a class; return seconds a submission, MiB of the process that records, seconds when nothing changed."""
    own = _course_of_the_kit(course, folder)
    _hand_in(own.root, _books(own, count))
    code = (
        "import re, runpy, sys\nsys.argv = ['htilde', 'grade', sys.argv[1]]\n"
        "try: runpy.run_module('htilde', run_name='__main__')\n"
        "finally: print('MiB', int(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024)"
    )
    environment = os.environ | {"PYTHONPATH": str(HERE.parent / "autograder")}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, ASSIGNMENT], cwd=own.root, env=environment, capture_output=True, text=True
    )
    seconds = (time.perf_counter() - started) / count
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    mib = float(done.stdout.rsplit("MiB ", 1)[1])
    again = _seconds(["htilde", "grade", ASSIGNMENT], own.root) / count
    shutil.rmtree(folder)
    print(f"{count} submissions: {seconds:.3f} s each, {mib:.0f} MiB; again {again:.4f} s each", flush=True)
    return {"seconds": seconds, "mib": mib, "again": again}


def _write(ways: dict[str, float], floor: dict[str, float], scale: dict[str, dict[str, float]], students: int) -> None:
    """Write ``grading.json`` and the tables of the page."""
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    results = {
        "machine": machine,
        "assignment": ASSIGNMENT,
        "students": students,
        "seconds_per_submission": ways,
        "floor_seconds": floor,
        "classes": scale,
    }
    (HERE / "grading.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    put("grading.py", tables(results))


def tables(results: dict[str, Any]) -> str:
    """Return the results as they stand in README.md."""
    ways = results["seconds_per_submission"]
    stock = ways.get("stock nbgrader, a kernel a notebook")
    lines = [
        f"{results['students']} submissions of `{results['assignment']}`, {results['machine']['cores']} cores:",
        "",
    ]
    lines += ["| | seconds a submission | stock nbgrader takes |", "|---|---|---|"]
    for way, seconds in sorted(ways.items(), key=lambda item: -item[1]):
        times = f"{stock / seconds:.1f} times as long" if stock else ""
        lines.append(f"| {way} | {seconds:.3f} | {times} |")
    one, floor = results["floor_seconds"].values()
    lines += [
        "",
        f"Examining one submission takes {one:.3f} s; Python with NumPy that makes the same calls, {floor:.3f} s:",
    ]
    lines += [f"{one / floor:.2f} times the floor.", ""]
    lines += ["`htilde grade` on all cores; memory is that of the process that records, the largest:", ""]
    lines += [
        "| class | seconds a submission | stock nbgrader takes | memory, MiB | nothing changed: seconds a submission |"
    ]
    lines += ["|---|---|---|---|---|"]
    for count, found in results["classes"].items():
        times = f"{stock / found['seconds']:.0f} times as long" if stock else ""
        row = (f"{found['seconds']:.3f}", times, f"{found['mib']:.0f}", f"{found['again']:.4f}")
        lines.append(f"| {count} | {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
