# nbgrader ships no types, so its classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""nbgrader's autograde for a class of thousands: one gradebook stays open, and no notebook goes through nbconvert.

It leaves what nbgrader's own leaves; a test compares the two. Where a course has put something of its own in the way
(preprocessors, several notebooks, no new students), nbgrader's own is used.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat.v4.rwbase import split_lines, strip_transient
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.utils import find_all_files

from htilde.grading.grades import Decision, explained
from htilde.grading.records import Record
from htilde.nbgrader.careful import Careful
from htilde.nbgrader.configuration import EXAMINE, SANITIZE
from htilde.nbgrader.converters import CarefulAutograde
from htilde.nbgrader.plugins import ReadSubmission
from htilde.nbgrader.rows import add_submissions

__all__ = ["OneGradebook", "QuickAutograde"]


class _Quick(Autograde):
    """What nbgrader does for each student, done once or in another way; ``CarefulAutograde`` stands around it."""

    is_quick = False
    notebooks: list[str]
    blank: nbformat.NotebookNode
    """The notebook as released, with what the gradebook says of its cells."""
    _enrolled: Container[str] = ()
    """Who is known to have a submission in the gradebook."""

    def _based(self, record: Record) -> Record:
        """The record, with what it is based on."""
        return record

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        if not self.is_quick:
            super().init_assignment(assignment_id, student_id)
            return
        super(Autograde, self).init_assignment(assignment_id, student_id)  # copies what lies beside the notebook
        if student_id not in self._enrolled:
            with self._gradebook() as gradebook:
                add_submissions(gradebook, assignment_id, [student_id])
        self._copy_masters(assignment_id, student_id)
        self.notebooks = [path for path in self.notebooks if os.path.basename(path) == f"{assignment_id}.ipynb"]

    def _copy_masters(self, assignment_id: str, student_id: str) -> None:
        source = self.coursedir.format_path(self.coursedir.source_directory, ".", assignment_id)
        kept = {os.path.join(source, name) for name in self.exclude_overwriting.get(assignment_id, ())}
        for path in find_all_files(source, [*self.coursedir.ignore, "*.ipynb"]):
            if path not in kept:
                target = Path(self._format_dest(assignment_id, student_id), os.path.relpath(path, source))
                target.parent.mkdir(parents=True, exist_ok=True)
                target.unlink(missing_ok=True)
                shutil.copy(path, target)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        if not self.is_quick:
            super().convert_single_notebook(notebook_filename)
            return
        resources = self.init_single_notebook_resources(notebook_filename)
        ours, about = resources["htilde"], resources["nbgrader"]
        book = ours["sitting"].read(Path(notebook_filename), linked=ours["linked"], blank=self.blank)
        record = self._based(ours["sitting"].grade(book, about["student"]))
        self._decisions.append(Decision.of(book, record, about["notebook"]))
        path = Path(self._format_dest(about["assignment"], about["student"]), f"{about['notebook']}.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        # What nbformat.v4.writes does, without a copy: nobody needs the notebook any more.
        plain = strip_transient(split_lines(book))
        text = json.dumps(plain, indent=1, sort_keys=True, separators=(",", ": "), ensure_ascii=False)
        path.write_text(f"{text}\n", encoding="utf-8")


class OneGradebook(Careful):
    """Keeps the gradebook open for the whole run; what ends that is raised as an error of the kit, and not logged."""

    _open: Gradebook | None = None

    def convert_notebooks(self) -> None:
        try:
            super().convert_notebooks()
        finally:
            if self._open is not None:
                self._open.close()
                self._open = None

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # whoever started this tells it
            raise explained(error, self.coursedir.db_url) or error from None

    @contextmanager
    def _gradebook(self) -> Iterator[Gradebook]:
        if self._open is None:
            self._open = super()._gradebook()
        try:
            yield self._open
        finally:
            self._open.db.remove()  # the session ends, and what wasn't committed with it; the connection stays


class QuickAutograde(OneGradebook, CarefulAutograde, _Quick):
    """Grades a class carefully and quickly."""

    def _prepare_quickly(self) -> None:
        """Find out whether the quick way leads where nbgrader's own does, and do once what that does for everybody."""
        name = self._sitting.assignment.name
        with self._gradebook() as gradebook:
            books = len(gradebook.find_assignment(name).notebooks)
        ours = [*self.sanitize_preprocessors] == SANITIZE and [*self.autograde_preprocessors] == EXAMINE
        self.is_quick = ours and books == 1 and self.create_student and isinstance(self.exporter, ReadSubmission)
        if self.is_quick:
            self._init_preprocessors()
            about = {"student": "", "assignment": name, "notebook": name, "db_url": self.coursedir.db_url}
            text, _ = self.exporter.from_notebook_node(self._sitting.released, {"nbgrader": about})
            self.blank = nbformat.reads(text, as_version=4)
