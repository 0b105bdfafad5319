"""Explaining an answer: the same examination as for the grade, with all that hidden properties asked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from clone import A1
from graded import copied, graded, notebook
from htilde.authoring.papers import stored_papers
from htilde.codes import Note, NoteCode
from htilde.course import Course, load_course
from htilde.errors import SubmissionError, Unprotected, UsageError
from htilde.grading.records import read_record
from htilde.model import Visibility
from htilde.reports.explanation import explain
from htilde.values import canonical
from test_examiner import unlocked  # noqa: F401 - a fixture

PUBLIC, HIDDEN = Visibility


@pytest.fixture
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The graded class, for looking only."""
    return graded(tmp_path_factory)


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Course:
    """A copy in which two have handed in, free to be spoilt."""
    return load_course(copied(tmp_path_factory, tmp_path, "right", "wrong") / "grading.toml")


def test_every_failed_property_is_told_with_its_input(course: Course) -> None:
    """Hidden ones too: the simplest example that shows it, what is right there, what came back."""
    found = explain(course, "wrong", "tanh_derivative")
    _, hidden = stored_papers(course, A1)
    part = hidden.exercise("tanh_derivative")
    assert part is not None and {failed.verdict.visibility for failed in found.failed} == {PUBLIC, HIDDEN}
    for failed in found.failed:
        assert failed.verdict.evidence and failed.verdict.details and failed.failure.reply.value is not None
        if failed.verdict.visibility is HIDDEN:
            question = next(question for question in part.questions if question.name == failed.verdict.name)
            wrong = [e for e in question.examples if not np.allclose(1 - np.tanh(e.arguments[0]), e.answer)]
            assert canonical(failed.failure.example.arguments) == canonical(wrong[0].arguments)
    assert (found.cell, "return 1 - np.tanh(h_tilde)" in found.source) == ("cell 10", True)
    assert "1 - h" in found.reference or "np.tanh" in found.reference
    assert "BEGIN SOLUTION" not in found.reference and found.parameters == ("h_tilde",)


@pytest.mark.parametrize("student", ["right", "wrong", "stub", "forged", "retyped", "reordered", "no_check"])
def test_it_earns_what_the_grade_says(course: Course, student: str) -> None:
    """Points and verdicts are those of the record: the submission went the same way."""
    found = explain(course, student, "tanh_derivative")
    record = read_record(course, A1, student)
    assert record is not None and record.examination is not None
    graded_so = record.examination["tanh_derivative"]
    passed = {(v.name, v.visibility.value): v.passed for v in found.result.verdicts}
    assert found.result.points == graded_so.points == found.recorded
    assert passed == {(v.name, v.visibility.value): v.passed for v in graded_so.verdicts}
    assert len(found.failed) == sum(not verdict.passed for verdict in found.result.verdicts)


def test_a_mistake_in_what_it_calls_is_said(own: Course) -> None:
    """One mistake, not two."""
    path = own.root / "submitted" / "right" / A1 / f"{A1}.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("return np.where", "return 0 * np.where"))
    found = explain(own, "right", "sigmoid_derivative")
    assert found.result.notes == (Note(NoteCode.CALLS_WRONG, {"functions": ["sigmoid"]}),)
    assert found.recorded == 3 and found.result.points == 0, "what is on record is the grade of before"


def test_nothing_is_kept(own: Course) -> None:
    """No file of the course changes."""

    def everything() -> dict[Path, str]:
        files = (path for path in own.root.rglob("*") if path.is_file())
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = everything()
    explain(own, "wrong", "tanh_derivative")
    assert everything() == before


WRONG_NAMES = {
    "a misspelt exercise": (("wrong", "tanh_derivativ"), "did you mean 'tanh_derivative'?"),
    "no exercise at all": (("wrong", "zzz"), "there is no exercise 'zzz' in this course."),
    "a misspelt student": (("wrnog", "sigmoid"), "did you mean 'wrong'?"),
    "no student": (("zzz", "sigmoid"), "there is no student 'zzz'."),
    "no student's name": (("../wrong", "sigmoid"), "can't be a student id"),
    "a folder that can't be a student's": (("=right", "sigmoid"), "can't be a student id"),
    "an empty folder": (("empty", "sigmoid"), f"handed in no {A1}.ipynb"),
    "another name for the notebook": (
        ("misnamed", "sigmoid"),
        f"handed in no {A1}.ipynb",
    ),
    "what is no notebook": (("not_json", "sigmoid"), f"not_json: {A1}.ipynb isn't a notebook"),
    "a link to another's": (("linked", "sigmoid"), "is a link to another file"),
}


@pytest.mark.parametrize(("names", "says"), WRONG_NAMES.values(), ids=WRONG_NAMES)
def test_what_cannot_be_explained_is_said(course: Course, names: tuple[str, str], says: str) -> None:
    """With the nearest name that there is, and what to do."""
    with pytest.raises(UsageError) as caught:
        explain(course, *names)
    assert says in caught.value.message and caught.value.next_step


def test_an_exercise_of_two_assignments_needs_its_assignment(own: Course) -> None:
    """The names to choose from are told; there must be such an assignment, and it must have the exercise."""
    grading = own.root / "grading.toml"
    grading.write_text(grading.read_text() + '\n[[assignment]]\nname = "a2"\n[assignment.points]\nsigmoid = 1\n')
    course = load_course(grading)
    with pytest.raises(UsageError, match="2 assignments have an exercise 'sigmoid'") as caught:
        explain(course, "wrong", "sigmoid")
    assert caught.value.next_step == f"Say which one: --assignment {A1} or --assignment a2"
    assert explain(course, "wrong", "sigmoid", assignment=A1).result.passed
    with pytest.raises(UsageError, match="there is no exercise 'tanh_derivative' in a2"):
        explain(course, "wrong", "tanh_derivative", assignment="a2")
    with pytest.raises(UsageError, match="there is no assignment 'a3'"):
        explain(course, "wrong", "sigmoid", assignment="a3")
    with pytest.raises(UsageError, match="wrong handed in nothing for a2"):
        explain(course, "wrong", "sigmoid", assignment="a2")


@pytest.mark.usefixtures("unlocked")
def test_without_a_lock_nothing_is_run(own: Course) -> None:
    """The rule is that of grading: only if the course says so in so many words, and then it is told."""
    with pytest.raises(Unprotected, match="landlock: not here"):
        explain(own, "wrong", "tanh_derivative")
    grading = own.root / "grading.toml"
    grading.write_text(grading.read_text().replace("allow_unprotected = false", "allow_unprotected = true"))
    assert "landlock: not here" in explain(load_course(grading), "wrong", "tanh_derivative").unprotected


def test_without_a_release_or_a_master(own: Course) -> None:
    """The answer is put on the released notebook, so that must be there; the reference may be left out."""
    own.master(A1).write_text("not a master")
    assert explain(own, "wrong", "tanh_derivative").reference == ""
    (own.release(A1) / f"{A1}.ipynb").unlink()
    with pytest.raises(UsageError, match="there is no released notebook"):
        explain(own, "wrong", "tanh_derivative")


def test_of_two_cells_the_one_that_counts_is_shown(own: Course) -> None:
    """A function that is defined again further down, before its check, is the one that is asked."""
    path = own.root / "submitted" / "wrong" / A1 / f"{A1}.ipynb"
    book = notebook(path)
    first = {"cell_type": "code", "id": "first", "metadata": {}, "outputs": [], "execution_count": None}
    book["cells"].insert(0, first | {"source": "def tanh_derivative(h_tilde):\n    return 7"})
    path.write_text(json.dumps(book))
    assert "return 7" not in explain(own, "wrong", "tanh_derivative").source


def test_a_renamed_file_is_named(own: Course) -> None:
    """Its author's work is there, under a name that isn't looked for."""
    path = own.root / "submitted" / "wrong" / A1 / f"{A1}.ipynb"
    path.rename(path.with_name(f"{A1} (1).ipynb"))
    with pytest.raises(SubmissionError, match=rf"There is {A1} \(1\)\.ipynb: rename what counts"):
        explain(own, "wrong", "tanh_derivative")


SPELT = {
    "lambda": ("sigmoid_derivative = lambda h_tilde: sigmoid(h_tilde)", True),
    "a blank": ("def sigmoid_derivative (h_tilde):\n    return sigmoid (h_tilde)", True),
    "mentioned": ("def sigmoid_derivative(h_tilde):\n    return h_tilde  # as sigmoid(h_tilde)", False),
    "broken": ("def sigmoid_derivative (h_tilde)\n    return sigmoid(h_tilde)", False),
}


@pytest.mark.parametrize(("source", "blames"), SPELT.values(), ids=SPELT)
def test_an_answer_is_shown_however_it_is_spelt(own: Course, source: str, blames: bool) -> None:
    """And it is said that what it calls is wrong, where it can be read."""
    path = own.root / "submitted" / "right" / A1 / f"{A1}.ipynb"
    book = notebook(path)
    for cell in book["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = {"sigmoid_derivative": source, "sigmoid": "sigmoid = np.tanh"}.get(name, cell["source"])
    path.write_text(json.dumps(book))
    found = explain(own, "right", "sigmoid_derivative")
    assert found.source == source and found.cell
    assert bool(found.result.notes) == blames


def test_a_function_that_nobody_wrote_has_no_source(own: Course) -> None:
    """Its cell may be empty; that is told, and no line of another cell."""
    path = own.root / "submitted" / "wrong" / A1 / f"{A1}.ipynb"
    book = notebook(path)
    for cell in book["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "tanh_derivative":
            cell["source"] = "tanh_derivativ = 1"
    path.write_text(json.dumps(book))
    found = explain(own, "wrong", "tanh_derivative")
    assert (found.cell, found.source) == ("", "") and found.failed
    book["cells"] = "none"
    path.write_text(json.dumps(book))
    with pytest.raises(SubmissionError, match=r"wrong: .*no list of cells"):
        explain(own, "wrong", "tanh_derivative")
