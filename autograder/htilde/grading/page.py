# nbformat and pygments ship no types everywhere.
# mypy: disable-error-code="import-untyped", allow-untyped-calls
"""Render the page that a student gets back: what each exercise earned, what a person still has to read, the notebook.

Nothing in it acts and nothing is fetched, so it is the same opened from a disk, in formgrader or without a network;
its Content-Security-Policy keeps it so whatever else may fail.
"""

from __future__ import annotations

import functools
import html
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, Template
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from htilde.characters import points
from htilde.grading.gradebook import CellGrade, SubmissionGrade
from htilde.language import LANGUAGES, _, speaking
from htilde.model import CHECK_PREFIX
from htilde.prose.markdown import highlight_code, markdown2html, prose
from htilde.submissions.rebuild import grade_id

__all__ = ["POLICY", "PageRow", "page", "page_rows", "total"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""The Content-Security-Policy: the page may be styled and show the pictures that it holds."""


@dataclass(frozen=True, slots=True)
class PageRow:
    """One cell as the page tells it: its place in the page, its name, its points in words, what a person wrote."""

    anchor: str
    name: str
    score: str
    comment: str
    waits: bool


def page(book: NotebookNode, standing: SubmissionGrade, *, title: str, folder: Path) -> str:
    """Return a student's page as HTML, in the language of the release.

    ``book`` is the autograded notebook, ``folder`` where the pictures lie that it shows.
    """
    language = book.metadata.get("htilde", {}).get("language", "")
    language = language if language in LANGUAGES else "en"
    with speaking(language):
        penalty = points(standing.penalty or 0.0)
        told = {
            "policy": POLICY,
            "colours": HtmlFormatter(style="tango").get_style_defs(".highlight"),
            "rows": {row.anchor: row for row in page_rows(book, standing)},
            "sum": total(standing),
            "late": _("Handed in late: {points} points were taken off.").format(points=penalty)
            if penalty != "0"
            else "",
            "top": _("to the top"),
        }
        # The filters ask for a context as nbconvert gives it.
        resources = {"nbgrader": {"notebook": title}, "metadata": {"path": str(folder)}, "language_code": language}
        return _template().render(nb=book, resources=resources, page=told).lstrip("\r\n")


@functools.cache
def _template() -> Template:
    environment = Environment(loader=PackageLoader("htilde.grading"), trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "escape_html": lambda text: html.escape(str(text)),
        "highlight_code": highlight_code,
        "markdown2html": markdown2html,
    }
    return environment.get_template("feedback.html.j2")


def page_rows(book: NotebookNode, standing: SubmissionGrade) -> Iterator[PageRow]:
    """Yield what is told of each cell that is graded or commented on, in the language spoken."""
    for cell in book.cells:
        name = grade_id(cell)
        grade, comment = standing.cells.get(name), standing.comments.get(name, "")
        if name and (grade is not None or comment):
            label = name.removeprefix(CHECK_PREFIX) if cell.cell_type == "code" else name.replace("_", " ")
            waits = grade is not None and grade.is_open
            score = "" if grade is None else _score(grade)
            yield PageRow(name, label, score, prose(comment) if comment else "", waits)


def _score(grade: CellGrade) -> str:
    most = points(grade.max_points)
    if grade.is_open:
        return _("waits for a person to read it ({most} points)").format(most=most)
    return _("{points} of {most} points").format(points=points(grade.score), most=most)


def total(standing: SubmissionGrade) -> str:
    """Return the sum of points in a sentence, in the language spoken."""
    most = sum(cell.max_points for cell in standing.cells.values())
    waiting = sum(cell.max_points for cell in standing.cells.values() if cell.is_open)
    earned = max(0.0, standing.score - (standing.penalty or 0.0))
    if waiting:
        text = _("{points} of {most} points so far; {waiting} points wait for a person to read what you wrote.")
    else:
        text = _("{points} of {most} points")
    return text.format(points=points(earned), most=points(most), waiting=points(waiting))
