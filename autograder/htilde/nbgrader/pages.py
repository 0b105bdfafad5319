# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""Feedback for those about whom it says something new; the pages of the others stay as they are."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict
from pathlib import Path

import nbformat
from nbgrader.utils import is_grade, is_solution, is_task

from htilde.grading.keep import write_whole
from htilde.nbgrader.careful import CarefulGenerateFeedback
from htilde.nbgrader.configuration import PAGES
from htilde.nbgrader.grade_class import Watch, code
from htilde.nbgrader.plugins import WriteFeedback
from htilde.nbgrader.quick import OneGradebook
from htilde.nbgrader.rows import Held, held
from htilde.submissions.rebuild import grade_id

__all__ = ["NewFeedback"]


class NewFeedback(OneGradebook, CarefulGenerateFeedback):
    """Writes the pages that would be other than they are."""

    assignments: dict[str, list[str]]
    watch: Watch

    def _prepare(self) -> None:
        name = self.coursedir.assignment_id
        source = re.compile(self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True), re.DOTALL)
        whose = {folder: found["student"] for folder in self.assignments if (found := source.match(folder))}
        self._written = self.course.private / "pages" / f"{name}.json"
        self._pages = _read(self._written)
        with self._gradebook() as gradebook:
            wanted = {*whose.values()}
            self._held = {row.student: row for row in held(gradebook, name) if row.student in wanted}
        folders = {student: folder for folder, student in whose.items()}
        self._fresh = {student: self._basis(student, folder) for student, folder in folders.items()}
        for student, folder in folders.items():
            if self._fresh[student] == self._pages.get(student) and self._page(student).exists():
                del self.assignments[folder]
        self.is_quick = [*self.preprocessors] == PAGES and isinstance(self.exporter, WriteFeedback)
        self.watch.step("Writing feedback", len(self.assignments))

    def _page(self, student: str) -> Path:
        name = self.coursedir.assignment_id
        return self._folder(name, student) / f"{name}.html"

    def _basis(self, student: str, folder: str) -> str:
        """All that a page comes from, in a few characters."""
        digest = hashlib.sha256(code().encode())
        row = self._held.get(student)
        digest.update(json.dumps(asdict(row) if row else None, default=str, sort_keys=True).encode())
        for where, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                path = Path(where, name)
                digest.update(os.fsencode(f"{path.relative_to(folder)}\0"))
                with path.open("rb") as file:
                    digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        self.watch.advance()
        return super().init_destination(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        resources = self.init_single_notebook_resources(notebook_filename)
        about, source = resources["nbgrader"], Path(notebook_filename)
        if not self.is_quick or about["student"] not in self._held or self._failed:
            super().convert_single_notebook(notebook_filename)
            return
        with self._telling_of_faults():
            book = nbformat.v4.reads(source.read_text(encoding="utf-8"))
            about |= _tell(book, self._held[about["student"]])
            page = self.exporter.page(book, {"nbgrader": about, "metadata": {"path": str(source.parent)}})
            path = Path(self._format_dest(about["assignment"], about["student"]), f"{source.stem}.html")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(page, encoding="utf-8")

    def _complete(self, assignment_id: str, student_id: str) -> None:
        super()._complete(assignment_id, student_id)
        self._pages[student_id] = self._fresh.get(student_id, "")

    def convert_notebooks(self) -> None:
        try:
            super().convert_notebooks()
        finally:
            if hasattr(self, "_pages"):
                self._written.parent.mkdir(mode=0o700, exist_ok=True)
                write_whole(self._written, json.dumps(self._pages))


def _read(path: Path) -> dict[str, str]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return {str(student): str(basis) for student, basis in plain.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _tell(book: nbformat.NotebookNode, row: Held) -> dict[str, float]:
    """Tell a notebook its grades and comments, as nbgrader's GetGrades does; gives their sums."""
    for cell in book.cells:
        name = grade_id(cell)
        if is_solution(cell) or is_task(cell):
            cell.metadata.nbgrader["comment"] = row.comments.get(name)
        if is_grade(cell) or is_task(cell):
            graded = row.cells[name]
            cell.metadata.nbgrader |= {"score": graded.score, "points": graded.most, "waits": graded.is_open}
    penalty = row.penalty or 0.0
    most = sum(graded.most for graded in row.cells.values())
    return {"score": row.score - penalty, "max_score": most, "late_penalty": penalty}
