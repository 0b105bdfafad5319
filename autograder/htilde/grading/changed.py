"""Find out which grades are no longer what today's submission, papers, points and policy give, and which change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Set

from htilde.grading.class_run import ClassRun, GradeChange
from htilde.grading.handed_in import HandedIn

__all__ = ["changed", "compare"]


def changed(run: ClassRun, found: list[HandedIn], overdue: Set[str]) -> Iterator[HandedIn]:
    """Yield those whose grade would differ or is ``overdue``, as far as can be seen without an examination."""
    run.job.progress.step("Looking for what has changed", len(found))
    for one in found:
        if one.student in overdue or _has_changed(run, one):
            yield one
        else:
            run.result.unchanged.add(one.student)
            del run.result.left_out[one.student]
        run.job.progress.advance()


def _has_changed(run: ClassRun, one: HandedIn) -> bool:
    record = run.record(one.student)
    try:
        if one.student not in run.grades or record is None or record.basis != run.basis(one):
            return True
    except OSError:  # whoever reads it meets it again, and tells it
        return True
    given = {name: cell.auto for name, cell in run.checks(one.student).items()}
    folder = run.job.layout.folder("autograded", one.assignment, one.student)
    return given != dict(record.points) or not (folder / one.notebook.name).exists()


def compare(run: ClassRun, one: HandedIn, points: Mapping[str, float]) -> None:
    """Note a student's first grade, or a change of the grade that stands."""
    cells = run.checks(one.student)
    if all(cell.is_open for cell in cells.values()):
        run.result.first.add(one.student)
        return
    pairs = {}
    for name, given in points.items():
        cell = cells.get(name)
        manual = None if cell is None else cell.manual  # a person's points stay, whatever the examiner gives
        auto = 0.0 if cell is None else cell.auto or 0.0
        pairs[name] = (auto, given) if manual is None else (manual, manual)
    if moved := {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}:
        before, after = (round(sum(side), 2) for side in zip(*pairs.values()))
        run.result.changes.append(GradeChange(one.student, before, after, _why(run, one), moved))


def _why(run: ClassRun, one: HandedIn) -> str:
    """Return what differs from when the grade that stands was given."""
    record, key = run.record(one.student), run.keys[one.student]
    if record is None:
        return "the grade that stands has no record"
    with one.notebook.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if record.submission and digest != record.submission:
        return "handed in anew"
    if record.earlier:
        return "graded by an earlier version of the kit"
    if key and record.examination is not None and list(record.examination.papers) != run.exam.papers:
        return "asked by new papers"
    if key and dict(record.worth) != run.exam.worth:
        return "worth other points"
    entry = run.exam.store.find(key)
    if entry is not None and entry.kit != record.kit:
        return "examined by another version of the kit"
    return "the gradebook held other points" if entry and entry.at == record.examined else "examined again"
