"""The page that a student gets back: names, points, words of a person; nothing acts, and nothing is fetched."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from clone import A1
from graded import CLASS, PNG, copied, feedback, give_feedback, gradebook, graded, said
from htilde.grading.gradebook import CellGrade, SubmissionGrade
from htilde.grading.page import POLICY, page, page_rows, total
from htilde.language import speaking
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pages import Page

ACTING = {"script", "iframe", "frame", "object", "embed", "form", "input", "button", "select", "textarea"}
ACTING |= {"base", "link", "audio", "video", "template", "animate", "use", "foreignobject"}


@pytest.mark.parametrize("member", CLASS, ids=[member.id for member in CLASS])
def test_nothing_in_a_page_acts_or_is_fetched(tmp_path_factory: pytest.TempPathFactory, member: Any) -> None:
    """No element that could, no handler, no address but of another site to click or of a place in the page itself."""
    shown = Page(feedback(graded(tmp_path_factory).root, member.id))
    assert len(shown.elements) > 50 and not ACTING & {tag for tag, _ in shown.elements}
    assert not [name for _, attributes in shown.elements for name in attributes if name.startswith("on")]
    assert all(address.startswith(("#", "https://")) for address in shown.every("href"))
    assert all(address.startswith("data:image/png;base64,") for address in shown.every("src"))
    for name in ("srcset", "action", "formaction", "background", "poster", "xlink:href", "ping"):
        assert shown.every(name) == []


def test_the_policy_comes_first(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Before anything that it could be needed for; it allows styles and the pictures within the page."""
    shown = Page(feedback(graded(tmp_path_factory).root, "acting"))
    assert [tag for tag, _ in shown.elements[:3]] == ["html", "head", "meta"]
    assert shown.elements[2][1] == {"http-equiv": "Content-Security-Policy", "content": POLICY}
    allowed = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))
    assert allowed.pop("style-src") == "'unsafe-inline'" and allowed.pop("img-src") == "data:"
    assert set(allowed.values()) == {"'none'"} and "default-src" in allowed
    policies = [attributes for tag, attributes in shown.elements if tag == "meta" and "http-equiv" in attributes]
    assert len(policies) == 1


def test_a_picture_of_the_students_is_in_the_page(tmp_path_factory: pytest.TempPathFactory) -> None:
    """That which lies beside the notebook and that which was pasted into it; a drawing that could act is named."""
    shown = feedback(graded(tmp_path_factory).root, "acting")
    assert shown.count(base64.b64encode(PNG).decode()) == 2 and 'alt="my graph"' in shown and 'alt="my photo"' in shown
    assert "paste it as PNG or JPEG" in shown


def test_formulas_are_set_without_a_script(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Those of the notebook as MathML; no TeX is left over, and no MathJax."""
    shown = feedback(graded(tmp_path_factory).root, "right")
    assert shown.count("<math") > 10 and "MathJax" not in shown and "\\frac" not in shown


def test_exercises_are_called_by_their_names(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Above, with what each earned and a link to its place."""
    course = graded(tmp_path_factory)
    shown = Page(feedback(course.root, "wrong"))
    text = said(course.root, "wrong")
    assert "5 of 8 points" in text and "tanh_derivative: 0 of 3 points" in text and "Test cell" not in text
    links = [link for link in shown.every("href") if link.startswith("#check")]
    assert links == [f"#check_{name}" for name in course.assignment(A1).points] and {*links} <= {
        f"#{place}" for place in shown.every("id")
    }


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A copy of the graded course in which one student has handed in."""
    return copied(tmp_path_factory, tmp_path, "right")


def test_what_nobody_has_read_yet_waits(root: Path) -> None:
    """nbgrader would say 0. What a person wrote, and took off for lateness, is told."""
    with gradebook(root) as found:
        grade = found.find_grade("check_sigmoid", A1, A1, "right")
        grade.auto_score, grade.manual_score = None, None
        found.find_comment("tanh_derivative", A1, A1, "right").manual_comment = "Well done, see $x^2$ <script>"
        found.find_submission_notebook(A1, A1, "right").late_submission_penalty = 1.5
        found.db.commit()
    give_feedback(root)
    text = said(root, "right")
    assert "4.5 of 8 points so far; 2 points wait for a person to read what you wrote." in text
    assert "sigmoid: waits for a person to read it (2 points)" in text and "0 of 2" not in text
    assert "Handed in late: 1.5 points were taken off." in text
    assert "Well done, see" in text and "<msup>" in feedback(root, "right").partition("Well done")[2]


def about(name: str, **more: Any) -> dict[str, Any]:
    return {"nbgrader": {"grade_id": name, "grade": True, "solution": False, "points": 3.0} | more}


BOOK = new_notebook(
    metadata={"htilde": {"language": "ko"}},
    cells=[
        new_markdown_cell("$x^2$"),
        new_code_cell("check('f')", metadata=about("check_f")),
        new_markdown_cell("Because.", metadata=about("why_it_is", solution=True)),
        new_code_cell("x", outputs=[new_output("display_data", {"text/html": "<i>not mine</i>"})]),
        new_code_cell("draw", metadata=about("draw", solution=True)),
        new_code_cell("free", metadata=about("free", solution=True, grade=False)),
    ],
)
BOOK.cells[1].outputs = [new_output("execute_result", {"text/plain": "2.5", "text/html": "<i>the table</i>"})]
STANDING = SubmissionGrade(
    "ada",
    None,
    None,
    None,
    {
        "check_f": CellGrade(2.5, None, None, needs_manual=False, is_code=True, max_points=3.0),
        "why_it_is": CellGrade(None, None, None, needs_manual=True, is_code=False, max_points=3.0),
        "draw": CellGrade(None, 2.5, None, needs_manual=True, is_code=True, max_points=3.0),
    },
    {"draw": "Nice.", "free": "Hm."},
)


def rendered(language: str) -> str:
    book = BOOK.copy()
    book.metadata = {"htilde": {"language": language}}
    with speaking("ko" if language == "en" else "en"):  # what is spoken elsewhere doesn't matter
        return page(book, STANDING, title="a<b>", folder=Path())


def test_each_kind_of_cell_is_told_in_its_way() -> None:
    """Checks by their exercise, written answers by their question; of outputs only the kit's are shown."""
    assert {row.name: row.score for row in page_rows(BOOK, STANDING)} == {
        "f": "2.5 of 3 points",
        "why it is": "waits for a person to read it (3 points)",
        "draw": "2.5 of 3 points",
        "free": "",
    }
    shown = rendered("en")
    assert "<i>the table</i>" in shown and "not mine" not in shown and "<title>a&lt;b&gt;</title>" in shown
    assert shown.count("Nice.") == shown.count("Hm.") == 1
    assert total(STANDING) == "5 of 9 points so far; 3 points wait for a person to read what you wrote."
    assert total(replace(STANDING, penalty=6.0)).startswith("0 of 9")


def test_the_page_speaks_the_language_of_the_release() -> None:
    """As its check cells do; what is no language of the kit's is English."""
    assert "사람이 읽고" in rendered("ko") and '<html lang="ko">' in rendered("ko")
    for other in ("en", "", "tlh", "<script>"):
        assert '<html lang="en">' in rendered(other) and "waits for a person" in rendered(other)
