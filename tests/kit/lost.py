"""Find out whether anything of a class was lost: read each place that keeps something of a student, and compare.

Plain files and SQL only, without the kit.
"""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clone import A1

CHECK = "check_"
FILE = f"{A1}.ipynb"


@dataclass(frozen=True)
class State:
    """All that is kept of one student; each part is empty for a student who was never graded."""

    saved: Mapping[str, Any]
    """The gradebook: scores and comments by cell, the time of handing in, what lateness costs."""
    work: Mapping[str, bytes]
    """The files of the autograded folder."""
    record: Mapping[str, float]
    """Points by exercise, as the record has them."""
    page: Mapping[str, bytes]
    """The files of the feedback folder."""

    def grade(self) -> tuple[Any, ...]:
        """Return the parts that must be all old or all new."""
        return self.saved, self.work, self.record


def state(root: Path, student: str) -> State:
    """Return all that a course keeps of a student."""
    return State(
        _saved(root, student),
        _files(root / "autograded" / student / A1),
        _record(root, student),
        _files(root / "feedback" / student / A1),
    )


def lost(root: Path, old: Mapping[str, State], new: Mapping[str, State]) -> list[str]:
    """Return what a fault cost: nothing, if each student has all of the old or the new grade, and a page of either.

    While a decided change is pending, so that the next run puts it in its place, one place may be ahead of another.
    """
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        found = [f"gradebook: {line}" for (line,) in database.execute("pragma integrity_check") if line != "ok"]
    for student in new:
        was, shall, now = old[student], new[student], state(root, student)
        pending = (root / ".course" / "decided" / "autograded" / student / f"{A1}.json").exists()
        found += [f"{student}: {what}" for what in _wrong(now, was, shall, pending)]
    return found


def _wrong(now: State, old: State, new: State, pending: bool) -> Iterator[str]:
    for place in ("saved", "work", "record", "page"):
        if getattr(now, place) not in (getattr(old, place), getattr(new, place)):
            yield f"{place} is neither of before nor of after"
    if not pending:
        if now.grade() not in (old.grade(), new.grade()):
            yield "a mixture of before and after"
        elif not now.saved == {} == now.record:
            scores = {name: score for name, (score, *_) in now.saved["grades"].items()}
            if not scores == now.record == _outputs(now.work):
                yield f"the gradebook has {scores}, the record {now.record}, the notebook {_outputs(now.work)}"
    if now.page == new.page != old.page and now.saved != new.saved:
        yield "a page about a grade that isn't there"


def leftovers(root: Path) -> list[str]:
    """Return files that no run may leave behind that went well."""
    private = root / ".course"
    stray = [path for name in ("making", "made", "decided") for path in private.glob(name)]
    stray += [*private.glob("unfinished/*/*"), *root.rglob(".*.new"), *root.rglob("*-journal")]
    return [str(path.relative_to(root)) for path in stray]


def exported(root: Path) -> dict[str, tuple[str, str]]:
    """Return status and score in the exported grades, by student."""
    with (root / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["student_id"]: (row["status"], row["score"]) for row in csv.DictReader(file)}


def _saved(root: Path, student: str) -> dict[str, Any]:
    whose = f"""
        from submitted_assignment
        join submitted_notebook on submitted_notebook.assignment_id = submitted_assignment.id
        join {{kind}} on {{kind}}.notebook_id = submitted_notebook.id
        join base_cell on base_cell.id = {{kind}}.cell_id
        where submitted_assignment.student_id = '{student}'
    """
    grades = f"select base_cell.name, auto_score, manual_score, needs_manual_grade {whose.format(kind='grade')}"
    comments = f"select base_cell.name, auto_comment {whose.format(kind='comment')}"
    times = f"select distinct timestamp, late_submission_penalty {whose.format(kind='grade')}"
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        found = {name.removeprefix(CHECK): rest for name, *rest in database.execute(grades)}
        if all(score is None for score, *_ in found.values()):
            return {}
        return {
            "grades": found,
            "comments": dict(database.execute(comments).fetchall()),
            "times": database.execute(times).fetchall(),
        }


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _record(root: Path, student: str) -> dict[str, float]:
    path = root / ".course" / "records" / A1 / f"{student}.json"
    plain = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    points: dict[str, float] = plain.get("points", {})
    return points


def _outputs(work: Mapping[str, bytes]) -> dict[str, float]:
    cells = json.loads(work[FILE])["cells"] if FILE in work else []
    checks = {cell["metadata"].get("nbgrader", {}).get("grade_id", ""): cell for cell in cells}
    return {
        name.removeprefix(CHECK): float("".join(cell["outputs"][0]["data"]["text/plain"]))
        for name, cell in checks.items()
        if name.startswith(CHECK)
    }
