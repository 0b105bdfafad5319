# nbformat has types, but not everywhere.
# mypy: allow-untyped-calls
"""Write the feedback of a class: the pages that would differ, or all of them."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from pathlib import Path

import nbformat

from htilde.course import Course
from htilde.errors import GraderFault, UsageError
from htilde.files import engine, fingerprint, write_file
from htilde.grading.gradebook import SubmissionGrade
from htilde.grading.handed_in import SECRET, STAMP
from htilde.grading.job import NO_FEEDBACK, Job, finish, journal, left_out
from htilde.grading.journal import Journal
from htilde.grading.layout import copy_files, set_permissions
from htilde.grading.page import page

__all__ = ["write_pages"]


def write_pages(job: Job) -> GraderFault | None:
    """Write the pages of everybody who has been graded, or with ``force`` also those that wouldn't differ.

    Returns an error that names everybody whose page couldn't be written; theirs of before stand. Raises KitError.
    """
    with journal(job) as changes:
        folders = job.layout.students("autograded", job.assignment, job.students)
        folders = {student: folder for student, folder in folders.items() if student not in job.exclude}
        grades = {one.student: one for one in job.gradebook.grades(job.assignment) if one.student in folders}
        known = _Known(job.course.private / "pages" / f"{job.assignment}.json")
        fresh = {student: _basis(grades.get(student), folder) for student, folder in folders.items()}
        if not job.force:
            folders = {
                student: folder
                for student, folder in folders.items()
                if known.pages.get(student) != fresh[student] or not _page(job, student).exists()
            }
        job.progress.step("Writing feedback", len(folders))
        reasons = dict.fromkeys(folders, "the run ended before.")
        try:
            for student, folder in folders.items():
                job.progress.advance(f"Writing {_page(job, student)}")
                try:
                    _write(job, changes, student, folder, grades.get(student))
                    known.pages[student] = fresh[student]
                    del reasons[student]
                except Exception as error:
                    explained = job.gradebook.explain(error)
                    reasons[student] = str(explained or f"{type(error).__name__}: {error}")
                    job.progress.trouble(f"{student}: {reasons[student]}", None if explained else error)
        finally:
            known.keep()
    return left_out(NO_FEEDBACK, reasons)


class _Known:
    """The pages that were written, by student, each with a fingerprint of its inputs."""

    def __init__(self, path: Path) -> None:
        self._path, self.pages = path, dict[str, str]()
        try:
            plain = json.loads(path.read_text(encoding="utf-8"))
            self.pages = {str(student): str(basis) for student, basis in plain.items()}
        except (OSError, ValueError, AttributeError):
            pass

    def keep(self) -> None:
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        write_file(self._path, json.dumps(self.pages))


def _page(job: Job, student: str) -> Path:
    return job.layout.folder("feedback", job.assignment, student) / f"{job.assignment}.html"


def _basis(standing: SubmissionGrade | None, folder: Path) -> str:
    """Return a fingerprint of all that a page is made from."""
    held = None if standing is None else json.dumps(asdict(standing), default=str, sort_keys=True)
    files = [[str(path.relative_to(folder)), path] for path in sorted(folder.rglob("*")) if path.is_file()]
    return fingerprint(engine("grading", "telling", "prose", "locale"), held, files)


def _write(job: Job, changes: Journal, student: str, source: Path, standing: SubmissionGrade | None) -> None:
    if standing is None:
        raise UsageError("the gradebook holds no grade of this student.", next_step="Grade again.")
    folder = job.layout.folder("feedback", job.assignment, student)
    notebook = source / f"{job.assignment}.ipynb"
    job.before([notebook])
    book = nbformat.v4.reads(notebook.read_text(encoding="utf-8"))
    fresh = changes.begin(folder)
    copy_files(job.layout.files(source), source, fresh)
    _add_for_exchange(job.course, fresh, f"{job.assignment}/{student}", standing)
    (fresh / f"{job.assignment}.html").write_text(
        page(book, standing, title=job.assignment, folder=source), encoding="utf-8"
    )
    set_permissions(fresh, job.permissions, group_shared=job.layout.group_shared)
    finish(job, changes.decide(folder))
    job.after([folder / f"{job.assignment}.html"])


def _add_for_exchange(course: Course, folder: Path, whose: str, standing: SubmissionGrade) -> None:
    """Write what ``nbgrader release_feedback`` looks for, where a submission came without it.

    It ends at the first that lacks the time or the secret by which a student may fetch feedback. Who handed in without
    the exchange has no secret, so this one must only be impossible to guess, and stay the same.
    """
    if not (stamp := folder / STAMP).exists():
        stamp.write_text(f"{standing.timestamp} UTC" if standing.timestamp else "", encoding="utf-8")
    if not (secret := folder / SECRET).exists():
        seed = course.private / "seed"
        known = seed.read_text(encoding="utf-8") if seed.exists() else secrets.token_hex(32)
        secret.write_text(fingerprint("feedback", known, whose), encoding="utf-8")
