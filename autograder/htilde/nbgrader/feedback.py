# nbgrader and nbconvert ship no types, so their classes are Any.
# mypy: disable-error-code="import-untyped", allow-subclassing-any, allow-untyped-calls, no-warn-return-any
"""The page that a student gets back: what each exercise earned, what a person still has to read, the notebook.

Nothing in it acts and nothing is fetched, so it is the same opened from a disk, in formgrader or without a network;
its Content-Security-Policy keeps it so whatever else may fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import FileSystemLoader
from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import GetGrades
from pygments.formatters import HtmlFormatter
from traitlets import default

from htilde.characters import points
from htilde.language import LANGUAGES, _, speaking
from htilde.model import CHECK_PREFIX
from htilde.prose.markdown import prose
from htilde.submissions.rebuild import grade_id

__all__ = ["FeedbackPage", "Grades", "told"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the page may do: be styled and show the pictures that it holds."""


@dataclass(frozen=True)
class Row:
    """What is told of one graded cell: its place in the page, its name, its points in words, what a person wrote."""

    anchor: str
    name: str
    score: str
    comment: str
    waits: bool


class Grades(GetGrades):
    """Puts what the gradebook holds into words."""

    def preprocess(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any]
    ) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        nb, resources = super().preprocess(nb, resources)
        resources["htilde"] = told(nb, resources["nbgrader"])
        return nb, resources

    def _get_score(self, cell: nbformat.NotebookNode, resources: dict[str, Any]) -> None:
        super()._get_score(cell, resources)
        names = self.notebook_id, self.assignment_id, self.student_id
        grade = self.gradebook.find_grade(grade_id(cell), *names)
        # Without points of either kind nbgrader says 0.
        cell.metadata.nbgrader["waits"] = grade.auto_score is None and grade.manual_score is None


def told(nb: nbformat.NotebookNode, grades: dict[str, Any]) -> dict[str, Any]:
    """What the template is filled with, besides the cells: what ``Grades`` left in them, and sums."""
    penalty = points(grades["late_penalty"])
    return {
        "policy": POLICY,
        "colours": HtmlFormatter(style="tango").get_style_defs(".highlight"),
        "rows": {row.anchor: row for row in _rows(nb)},
        "sum": _sum(max(0.0, grades["score"]), grades["max_score"], waiting=_waiting(nb)),
        "late": _("Handed in late: {points} points were taken off.").format(points=penalty) if penalty != "0" else "",
        "top": _("to the top"),
    }


def _rows(nb: nbformat.NotebookNode) -> Iterator[Row]:
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        name, graded = grade_id(cell), about.get("grade") or about.get("task")
        comment = about.get("comment") or ""
        if not name or not (graded or comment):
            continue
        waits, score = bool(about.get("waits")), ""
        if graded and waits:
            score = _("waits for a person to read it ({most} points)").format(most=points(about["points"]))
        elif graded:
            score = _("{points} of {most} points").format(points=points(about["score"]), most=points(about["points"]))
        label = name.removeprefix(CHECK_PREFIX) if cell.cell_type == "code" else name.replace("_", " ")
        yield Row(name, label, score, prose(comment) if comment else "", waits)


def _waiting(nb: nbformat.NotebookNode) -> float:
    abouts = (cell.metadata.get("nbgrader", {}) for cell in nb.cells)
    return sum(float(about["points"]) for about in abouts if about.get("waits"))


def _sum(earned: float, most: float, *, waiting: float) -> str:
    if waiting:
        text = _("{points} of {most} points so far; {waiting} points wait for a person to read what you wrote.")
    else:
        text = _("{points} of {most} points")
    return text.format(points=points(earned), most=points(most), waiting=points(waiting))


class FeedbackPage(HTMLExporter):
    """Renders an autograded notebook by the kit's own template, in the language of its release."""

    @default("extra_loaders")
    def _extra_loaders_default(self) -> list[FileSystemLoader]:
        return [FileSystemLoader(Path(__file__).parent / "templates")]

    def _load_template(self) -> Any:
        return self.environment.get_template("feedback.html.j2")

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        self.language_code = language = _language(nb)
        with speaking(language):
            # Not what HTMLExporter does behind the template: it parses the page for what nbconvert's own pages lack.
            return super(HTMLExporter, self).from_notebook_node(nb, resources, **kwargs)

    def page(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> str:
        """The same page of a notebook to which ``Grades`` has told its grades, without nbconvert's copies."""
        language = _language(nb)
        with speaking(language):
            resources |= {"htilde": told(nb, resources["nbgrader"]), "language_code": language}
            text: str = self.template.render(nb=nb, resources=resources)
            return text.lstrip("\r\n")


def _language(nb: nbformat.NotebookNode) -> str:
    language = nb.metadata.get("htilde", {}).get("language", "")
    return language if language in LANGUAGES else "en"
