"""The release that the kit makes is the one that nbgrader's own converter makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from clone import A1, clone
from graded import config, gradebook
from htilde.authoring.build import build
from htilde.course import Course
from htilde.nbgrader import classroom
from nbconvert.exporters import NotebookExporter
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory


def released_by_nbgrader(course: Course) -> None:
    """Let nbgrader convert what the kit has built, with the course's configuration but without the kit's door."""
    build(course, A1)
    own = config(course.root)
    own.GenerateAssignment.exporter_class = NotebookExporter
    coursedir = CourseDirectory(config=own, root=str(course.root), assignment_id=A1)
    GenerateAssignment(coursedir=coursedir, config=own, force=True).start()


def cells(course: Course) -> dict[str, dict[str, object]]:
    """Return what the gradebook knows of the released notebook: each cell with all that isn't an id or a relation."""
    with gradebook(course.root) as found:
        notebook = found.find_notebook(A1, A1)
        kinds = (notebook.grade_cells, notebook.solution_cells, notebook.source_cells, notebook.task_cells)
        return {
            f"{type(cell).__name__} {cell.name}": {
                column.name: getattr(cell, column.name)
                for column in type(cell).__table__.columns
                if "id" not in column.name and hasattr(cell, column.name)
            }
            for kind in kinds
            for cell in kind
        }


def files(course: Course) -> dict[str, bytes]:
    """Return the files of the release, by name."""
    return {path.name: path.read_bytes() for path in course.release(A1).iterdir()}


def test_it_is_nbgraders_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To the byte, and in the gradebook: cells, points, sources, checksums."""
    ours, theirs = clone(tmp_path / "ours"), clone(tmp_path / "theirs")
    classroom.release(ours, A1)
    monkeypatch.chdir(theirs.root)
    released_by_nbgrader(theirs)
    assert files(ours) == files(theirs) and len(files(ours)) == 2
    assert cells(ours) == cells(theirs) and len(cells(ours)) > 5
