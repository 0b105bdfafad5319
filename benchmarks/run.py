"""Measure how long one submission takes; write ``results.json`` and the table in ``README.md``.

Run it with ``make bench``. All figures are from one run on one machine: only their ratios mean much elsewhere.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from htilde.course import find_course
from htilde.isolation.sandbox import Worker
from htilde.model import Limits
from htilde.sample_class import Book, sample_class
from htilde.self_study.checking import check_file
from nbclient import NotebookClient
from page import put

HERE = Path(__file__).resolve().parent
RUNS = 7
STUDENT = "right-vectorised"


def seconds(action: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of an action in seconds, after a first run that isn't counted."""
    action()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def measure(notebook: Path) -> dict[str, float]:
    """Return the seconds that each way of running one submission takes, and each of its parts."""

    def python(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    def command(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-m", "htilde", *arguments], check=True, capture_output=True)

    def worker() -> None:
        with Worker(Limits()) as started:
            if not started.protection.official:
                raise SystemExit("student code can't be locked in on this machine: 'htilde doctor' says why")

    def kernel() -> None:
        book = nbformat.read(notebook, as_version=4)
        # The examiner leaves experiments out, so the kernel does, too.
        book.cells = [cell for cell in book.cells if "experiment" not in cell.metadata.get("tags", [])]
        NotebookClient(book, resources={"metadata": {"path": str(notebook.parent)}}).execute()

    return {
        "examine one submission": seconds(lambda: check_file(notebook, notebook.parent)),
        "run it in a Jupyter kernel": seconds(kernel),
        "htilde check, from the shell": seconds(command("check", str(notebook))),
        "start a locked worker": seconds(worker),
        "python -I -c 'import numpy'": seconds(python("-I", "-c", "import numpy")),
        "python -c 'import numpy'": seconds(python("-c", "import numpy")),
        "python -c 'import torch'": seconds(python("-c", "import torch")),
    }


def table(results: dict[str, Any]) -> str:
    """Return the results as they stand in README.md."""
    assignment, cores = results["assignment"], results["machine"]["cores"]
    lines = [
        f"A right submission of `{assignment}`, {cores} cores, medians of {RUNS} runs:",
        *("", "| | seconds |", "|---|---|"),
        *(f"| {name} | {value:.3f} |" for name, value in results["median_seconds"].items()),
        *("", "| ratio | |", "|---|---|"),
        *(f"| {name} | {value:.2f} |" for name, value in results["ratios"].items()),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, write the results, and print them."""
    course = find_course(HERE)
    assignment = course.assignments[0].name
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(course.release(assignment), folder, dirs_exist_ok=True)
        notebook = Path(folder, f"{assignment}.ipynb")
        book = Book(json.loads(notebook.read_text(encoding="utf-8")))
        next(student for student in sample_class(course, assignment) if student.id == STUDENT).edit(book)
        notebook.write_bytes(book.saved())
        times = measure(notebook)
    ratios = {
        "kernel / examine": times["run it in a Jupyter kernel"] / times["examine one submission"],
        "locked worker / import numpy": times["start a locked worker"] / times["python -I -c 'import numpy'"],
        "check / import numpy": times["htilde check, from the shell"] / times["python -c 'import numpy'"],
        "import torch / check": times["python -c 'import torch'"] / times["htilde check, from the shell"],
    }
    machine = {"python": platform.python_version(), "system": platform.system(), "cores": os.cpu_count()}
    results = {"machine": machine, "assignment": assignment, "median_seconds": times, "ratios": ratios}
    (HERE / "results.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    put("run.py", table(results))
    for name, value in times.items():
        print(f"{name:<34} {value:8.3f} s")
    for name, value in ratios.items():
        print(f"{name:<34} {value:8.1f}")


if __name__ == "__main__":
    main()
