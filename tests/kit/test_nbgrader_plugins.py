"""A submission read, examined and recorded within nbgrader; a release that gives nothing away."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from clone import A1, ROOT
from graded import (
    CLASS,
    SIGMOID,
    SIGMOID_DERIVATIVE,
    SPIES,
    TANH_DERIVATIVE,
    convert,
    copied,
    feedback,
    generate,
    graded,
    nobody_graded,
    notebook,
    said,
    scores,
)
from htilde.authoring.master import BEGIN, END, STUB
from htilde.authoring.papers import stored_papers
from htilde.course import Course
from htilde.examination.paper import Paper
from htilde.grading.exam import set_result
from htilde.grading.records import GradeStatus, read_record
from htilde.telling.wording import show
from htilde.values import leaves
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import determine_grade

PAGE = {f"{A1}.html", "timestamp.txt", "submission_secret.txt"}
MEMBERS = [member.id for member in CLASS]


@pytest.fixture
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The graded class; for looking only."""
    return graded(tmp_path_factory)


@pytest.mark.parametrize("member", CLASS, ids=MEMBERS)
def test_each_student_earns_what_the_answers_are_worth(course: Course, member: Any) -> None:
    """Forging earns nothing; duplicated, deleted, moved and stripped cells cost nothing; what can't be read gets 0."""
    grades = scores(course.root)[member.id]
    assert sum(value for value in grades.values() if value is not None) == member.points, member.did
    assert grades.keys() == course.assignment(A1).points.keys() and None not in grades.values()


@pytest.mark.parametrize("name", MEMBERS)
def test_what_the_gradebook_reads_is_the_releases(course: Course, name: str) -> None:
    """In every autograded notebook nbgrader's ids, points and locked sources are those of the release."""

    def managed(path: Path) -> dict[str, Any]:
        about = [(cell["metadata"].get("nbgrader"), "".join(cell["source"])) for cell in notebook(path)["cells"]]
        return {a["grade_id"]: (a, None if a["solution"] else source) for a, source in about if a}

    file = f"{A1}.ipynb"
    assert managed(course.root / "autograded" / name / A1 / file) == managed(course.release(A1) / file)


@pytest.mark.parametrize("name", MEMBERS)
def test_each_check_has_one_finite_result(course: Course, name: str) -> None:
    """One number within the maximum, a table beside it, no other output of anything: what nbgrader reads rightly."""
    for cell in notebook(course.root / "autograded" / name / A1 / f"{A1}.ipynb")["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade"):
            (output,) = cell["outputs"]
            assert output["output_type"] == "execute_result"
            assert 0 <= float("".join(output["data"]["text/plain"])) <= about["points"]
            assert "<div" in "".join(output["data"]["text/html"])
        else:
            assert not cell.get("outputs")


@pytest.mark.parametrize(("name", "says"), [("not_json", "isn't a notebook"), ("linked", "is a link to another file")])
def test_an_unreadable_submission_gets_one_message(course: Course, name: str, says: str) -> None:
    """Zero, the reason once in feedback and in the record, and the notebook as it was released."""
    page, record = said(course.root, name), read_record(course, A1, name)
    assert page.count(says) == 1
    assert record is not None and record.status is GradeStatus.UNREADABLE and not record.examination
    assert page.count(STUB) == len(course.assignment(A1).points)


def test_a_link_shows_nothing_of_where_it_leads(course: Course) -> None:
    """A link in place of the notebook shows neither the other's answer nor a path; the others' work isn't copied."""
    assert "np.exp" in said(course.root, "right") and "np.exp" not in said(course.root, "linked")
    for step in ("autograded", "feedback"):
        files = {path.name for path in (course.root / step / "linked" / A1).iterdir()}
        assert files == {"plain.txt", *({f"{A1}.ipynb"} if step == "autograded" else PAGE)}


def questions(paper: Paper) -> Iterator[Any]:
    for exercise in paper.exercises:
        for question in exercise.questions:
            for asked in question.examples:
                yield from asked.arguments


def numbers(paper: Paper) -> set[str]:
    """The numbers asked in a paper as Python writes them, as far as nobody would write them by chance."""
    arrays = [leaf for asked in questions(paper) for _, leaf in leaves(asked) if isinstance(leaf, np.ndarray)]
    found = {repr(float(x)) for array in arrays for x in array.ravel()}
    return {text for text in found if len(text) > 12}


def test_hidden_inputs_stand_in_no_feedback(course: Course) -> None:
    """A function that prints, raises and warns of all it is asked tells its author the public questions only."""
    public, hidden = stored_papers(course, A1)
    pages = {name: feedback(course.root, name) + said(course.root, name) for name in MEMBERS}
    assert any(number in pages["spy"] for number in numbers(public)), "the spy was asked, and it shows"
    secrets = numbers(hidden) - numbers(public)
    assert len(secrets) > 100
    shown = {text for asked in questions(hidden) if len(text := show(asked)) > 12} - {
        show(q) for q in questions(public)
    }
    assert len(shown) > 10
    for name, page in pages.items():
        assert not [text for text in secrets | shown if text in page], name


def test_hidden_sources_answers_and_paths_stand_in_no_feedback(course: Course) -> None:
    """No line of a hidden test, of the reference or of a misconception's code, and no path of the instructor's."""
    lines = course.declarations("hidden", A1).read_text(encoding="utf-8").splitlines()
    master = course.master(A1).read_text(encoding="utf-8")
    lines += [line for part in master.split(BEGIN)[1:] for line in part.split(END)[0].splitlines()]
    secrets = {line.strip() for line in lines if len(line) > 20 and '"""' not in line}
    assert len(secrets) > 10
    typed = "".join((SIGMOID, SIGMOID_DERIVATIVE, TANH_DERIVATIVE, *SPIES.values()))
    for name in MEMBERS:
        page, html = said(course.root, name), feedback(course.root, name)
        assert "def sigmoid(h_tilde):" in page, "sources are found where there are some"
        assert not [line for line in secrets if line in page and line not in typed], name
        assert str(course.root) not in html and str(ROOT) not in html, name


@given(st.floats(0, 1000), st.floats(0, 1))
def test_the_gradebook_gets_every_point_exactly(worth: float, share: float) -> None:
    """No maximum, however odd, is exceeded by rounding: above it nbgrader would fail the submission."""
    about = {"grade": True, "solution": False, "grade_id": "check_f", "points": worth}
    for points in (worth, share * worth):
        cell = new_code_cell(metadata={"nbgrader": about})
        set_result(cell, points, "<div></div>")
        assert determine_grade(cell) == (points, worth)


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Path:
    """A copy of the course in which one student has handed in."""
    return copied(tmp_path_factory, tmp_path, "right")


def add_cell(root: Path, cell: dict[str, Any]) -> None:
    """Put a cell into the instructor's notebook by hand."""
    path = root / "solutions" / A1 / f"{A1}.ipynb"
    book = notebook(path)
    book["cells"].append({"id": "byhand", "metadata": {}, "source": ""} | cell)
    path.write_text(json.dumps(book), encoding="utf-8")


def code(source: str, **about: Any) -> dict[str, Any]:
    flags = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    metadata = {"nbgrader": flags | about} if about else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (
            code("assert sigmoid(0) == 0.5", grade_id="assert_sigmoid", grade=True, locked=True, points=4),
            "assert_sigmoid",
        ),
        (code("check('relu')", grade_id="check_relu", grade=True, locked=True, points=4), "check_relu"),
        ({"cell_type": "markdown", "source": f"secret\n{END}"}, "each answer must stand"),
        (code(f"{BEGIN}\nsecret"), "each answer must stand"),
        (code(f"{BEGIN}\n{END}\nsecret\n{END}"), "each answer must stand"),
    ],
    ids=["assert", "check", "end", "begin", "twice"],
)
def test_a_bad_master_is_refused_and_the_release_stays(
    root: Path, caplog: pytest.LogCaptureFixture, cell: dict[str, Any], says: str
) -> None:
    """A graded cell that nobody would examine, or part of an answer, ends the release with what is wrong and where."""
    before = {path.name: path.read_bytes() for path in (root / "assignments" / A1).iterdir()}
    add_cell(root, cell)
    with pytest.raises(NbGraderException):
        generate(root)
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert any(says in error for error in errors)
    assert {path.name: path.read_bytes() for path in (root / "assignments" / A1).iterdir()} == before
    convert(root)
    assert sum(map(float, scores(root)["right"].values())) == 8, "the refused cell isn't in the gradebook"


def test_no_answer_is_released_where_nbgrader_clears_none(root: Path, caplog: pytest.LogCaptureFixture) -> None:
    """However nbgrader is configured, an answer without a stub in its place isn't written out."""
    setup = root / "nbgrader_config.py"
    without = "get_config().GenerateAssignment.preprocessors = ['nbgrader.preprocessors.SaveCells']"
    setup.write_text(setup.read_text(encoding="utf-8") + without, encoding="utf-8")
    before = (root / "assignments" / A1 / f"{A1}.ipynb").read_bytes()
    with pytest.raises(NbGraderException):
        generate(root)
    assert "in the place of the answer" in caplog.text
    assert (root / "assignments" / A1 / f"{A1}.ipynb").read_bytes() == before


def test_a_plain_assert_cell_never_earns_full_marks(
    root: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if such a cell got into release and gradebook, nobody is graded, and the message names it."""
    path = root / "assignments" / A1 / f"{A1}.ipynb"
    book = notebook(path)
    book["cells"].append(code("assert 1", grade_id="mine", grade=True, locked=True, points=4) | {"id": "byhand"})
    path.write_text(json.dumps(book), encoding="utf-8")
    before = scores(root)
    with pytest.raises(NbGraderException, match="no paper asks about the graded cell mine"):
        convert(root)
    assert scores(root) == before


def test_a_picture_that_a_person_grades_may_stand_in_a_master(root: Path) -> None:
    """A code cell with an answer, graded by hand, is no check; it is released with a stub."""
    nobody_graded(root)
    answer = f"{BEGIN}\nplot(secret)\n{END}"
    add_cell(root, code(answer, grade_id="picture", grade=True, solution=True, points=4))
    generate(root)
    text = (root / "assignments" / A1 / f"{A1}.ipynb").read_text(encoding="utf-8")
    assert "secret" not in text and text.count(STUB) == 4
    convert(root)
    assert scores(root)["right"]["picture"] == 0, "it was handed in untouched"


def test_the_release_holds_no_answer(course: Course) -> None:
    """No line between the marks of an answer reaches students; a stub stands in each place."""
    master = course.master(A1).read_text(encoding="utf-8")
    answers = [line.strip() for part in master.split(BEGIN)[1:] for line in part.split(END)[0].splitlines()]
    released = (course.release(A1) / f"{A1}.ipynb").read_text(encoding="utf-8")
    assert len(answers) > 3
    assert not [line for line in answers if len(line) > 8 and json.dumps(line)[1:-1] in released]
    assert released.count(STUB) == len(course.assignment(A1).points)
