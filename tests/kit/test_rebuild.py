"""What a student's file says about itself never reaches the gradebook; what the student wrote always does."""

from __future__ import annotations

import copy
from typing import Any

import nbformat
import pytest
from htilde.submissions.cell import EXPERIMENT, Cell
from htilde.submissions.rebuild import check_cells, grade_id, managed, rebuild, submission_cells, unexamined
from htilde.submissions.steps import Ask, Run, steps
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook


def about(name: str, **flags: Any) -> dict[str, Any]:
    return {"nbgrader": {"grade_id": name, "schema_version": 3, "grade": False, "solution": False} | flags}


RELEASED = new_notebook(
    cells=[
        new_markdown_cell("Welcome."),
        new_code_cell("import numpy as np", metadata=about("setup", locked=True)),
        new_code_cell("def f(x): ...", metadata=about("f", solution=True)),
        new_code_cell("check('f')", metadata=about("check_f", grade=True, locked=True, points=2)),
        new_code_cell("def g(x): ...", metadata=about("g", solution=True)),
        new_code_cell("check('g')", metadata=about("check_g", grade=True, locked=True, points=3)),
        new_code_cell("plot()", metadata={"tags": [EXPERIMENT]}),
        new_markdown_cell("Why?"),
        new_markdown_cell("Your answer.", metadata=about("why", solution=True, grade=True, points=5)),
    ]
)
KNOWN = ["setup", "f", "check_f", "g", "check_g", "why"]
PASTED, PNG = "attachment:a.png", "iVBORw0KGgo="
ANSWERS = {"f": "def f(x): return 1", "g": "def g(x): return f(x)", "why": "Because."}


def handed_in(*names: str, keep_ids: bool = True) -> list[Cell]:
    """The released cells, answered and numbered; with names, only these, in this order."""
    cells = {grade_id(cell) or cell.source: cell for cell in RELEASED.cells}
    return [
        Cell(number, ANSWERS.get(name, cells[name].source), cells[name].cell_type == "code", keep_ids * name)
        for number, name in enumerate(names or cells, 1)
    ]


def sources(book: nbformat.NotebookNode) -> dict[str, str]:
    return {grade_id(cell): cell.source for cell in book.cells if grade_id(cell)}


def asked(book: nbformat.NotebookNode) -> list[str]:
    """What is run and asked, in order: sources, and exercises in brackets."""
    found = steps(submission_cells(book), ["f", "g"])
    return [step.source if isinstance(step, Run) else f"[{step.exercise}]" for step in found]


any_cells = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "def f(x): return 1",
                "g = f",
                "check(f)",
                "check('g')",
                "x",
                "",
                "Why?",
                "Because.",
                "\ud800",
                f"![]({PASTED})",
            ]
        ),
        st.booleans(),
        st.sampled_from(["", *KNOWN, "mine"]),
        st.sampled_from([(), (EXPERIMENT,), ("solution", EXPERIMENT), ("skip",)]),
        st.sampled_from([(), (("a.png", PNG), ("b.svg", "PHN2Zz4="))]),
    ),
    max_size=12,
).map(lambda parts: [Cell(number, *part) for number, part in enumerate(parts, 1)])


@given(any_cells)
def test_every_known_cell_is_there_once_with_the_metadata_of_the_release(cells: list[Cell]) -> None:
    """Whatever was duplicated, deleted, renamed or forged: ids, points, kinds and tags are the release's."""
    book = rebuild(RELEASED, cells)
    found = {grade_id(cell): cell for cell in book.cells if grade_id(cell)}
    assert sorted(grade_id(cell) for cell in book.cells if grade_id(cell)) == sorted(KNOWN)
    for cell in RELEASED.cells:
        if name := grade_id(cell):
            assert (found[name].metadata, found[name].cell_type) == (cell.metadata, cell.cell_type)
            assert cell.metadata.nbgrader.solution or found[name].source == cell.source
    others = [cell.metadata for cell in book.cells if not grade_id(cell)]
    assert all(metadata in ({}, {"tags": [EXPERIMENT]}) for metadata in others)


@given(any_cells)
def test_what_the_student_wrote_is_all_there_in_order(cells: list[Cell]) -> None:
    """No source is lost or moved, apart from those of locked cells."""
    book = rebuild(RELEASED, cells)
    kept = iter([cell.source.replace("pasted-1", "a") for cell in book.cells])
    locked = ("setup", "check_f", "check_g")
    mine = [cell for cell in cells if cell.id not in locked and not cell.source.startswith("check(")]
    assert all(cell.source.replace("\ud800", "?") in kept for cell in mine)  # "in" moves the iterator on


@given(any_cells)
def test_the_result_is_a_notebook_without_outputs_and_the_release_stays(cells: list[Cell]) -> None:
    """nbformat accepts it, it can be written as UTF-8, nothing of it is shared with the release."""
    before = copy.deepcopy(RELEASED)
    book = rebuild(RELEASED, cells)
    nbformat.validate(book)
    nbformat.writes(book).encode()
    assert not any(cell.get("outputs") for cell in book.cells)
    for cell in book.cells:
        cell.source, cell.metadata["spoilt"] = "spoilt", True
    assert before == RELEASED


@given(any_cells)
def test_rebuilding_again_changes_nothing(cells: list[Cell]) -> None:
    """A rebuilt notebook is its own rebuilding."""
    once = rebuild(RELEASED, cells)
    again = rebuild(RELEASED, submission_cells(once))
    assert [(grade_id(c), c.source) for c in again.cells] == [(grade_id(c), c.source) for c in once.cells]


def test_the_release_handed_in_is_the_release() -> None:
    """Who changed nothing gets the released notebook back."""
    book = rebuild(RELEASED, submission_cells(RELEASED))
    assert [(c.source, c.metadata) for c in book.cells] == [(c.source, c.metadata) for c in RELEASED.cells]


STRAIGHT = ["import numpy as np", ANSWERS["f"], "[f]", ANSWERS["g"], "[g]"]


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("setup", "f", "g", "check_f", "check_g"),
        ("setup", "check_f", "f", "check_g", "g"),  # checks above
        ("setup", "f", "g"),  # checks deleted
        ("f", "g"),  # the locked cell deleted
        ("f", "f", "check_f", "g", "check_g", "check_g"),  # duplicated
        ("Welcome.", "setup", "check_f", "f", "check_f", "g", "plot()"),
    ],
    ids=str,
)
@pytest.mark.parametrize("keep_ids", [True, False])
def test_moved_copied_and_deleted_cells_cost_nothing(names: tuple[str, ...], keep_ids: bool) -> None:
    """Each exercise is asked once, where its answer is bound, also if all metadata was lost."""
    found = asked(rebuild(RELEASED, handed_in(*names, keep_ids=keep_ids)))
    assert [step for step in found if step[0] == "["] in (["[f]", "[g]"],)
    for name in "fg":
        assert max(at for at, step in enumerate(found) if step == ANSWERS[name]) < found.index(f"[{name}]")
    assert {*found} - {"plot()"} == {*STRAIGHT}


@pytest.mark.parametrize(
    "source",
    [
        "def f(x): return 1",
        "x = 1\ndef  f (x):\n    return 1",
        "f = lambda x: 1",
        "  def f(x): return 1",
        "f=np.exp",
        "from mine import f",
    ],
)
def test_a_retyped_function_takes_the_place_of_its_stub(source: str) -> None:
    """A function in a cell of the student's own is found by its definition; the stub doesn't come back."""
    book = rebuild(RELEASED, [*handed_in("g", "check_g"), Cell(3, source)])
    assert sources(book)["f"] == source
    assert asked(book)[-2:] == [source, "[f]"]


@pytest.mark.parametrize("name", ["f", ""])
def test_of_several_answers_the_last_counts(name: str) -> None:
    """Copied with its id or typed twice without: the exercise is asked behind the last."""
    first, last = Cell(1, "def f(x): return 0", id=name), Cell(4, ANSWERS["f"], id=name)
    book = rebuild(
        RELEASED, [first, *(Cell(n, c.source, id=c.id) for n, c in enumerate(handed_in("g", "check_g"), 2)), last]
    )
    assert sources(book)["f"] == ANSWERS["f"]
    assert asked(book)[-2:] == [ANSWERS["f"], "[f]"]


@pytest.mark.parametrize("source", ["# def f(x)", "f == 1", "deff(x)", "def ff(x): ...", "f.x = 1"])
def test_what_defines_nothing_isnt_taken_for_the_answer(source: str) -> None:
    """The stub comes back at the top, where it can't replace an answer that is spelt otherwise."""
    book = rebuild(RELEASED, [*handed_in("g", "check_g"), Cell(3, source)])
    assert sources(book)["f"] == "def f(x): ..."
    assert asked(book).index("def f(x): ...") < asked(book).index(source)


def test_a_written_answer_is_found_behind_its_question() -> None:
    """Prose has no function to know it by: without its id it is what stands below the question."""
    lost = handed_in(keep_ids=False)
    assert sources(rebuild(RELEASED, lost))["why"] == "Because."
    assert sources(rebuild(RELEASED, lost[:-2]))["why"] == "Your answer."


PROSE = [
    "Because.",
    "",
    "<script>alert(1)</script> $a < b$",
    "왜냐하면",
    "check('f')",
    "def f(x): return 0",
    "Your answer.",
]


@pytest.mark.parametrize("text", PROSE)
@pytest.mark.parametrize("is_code", [False, True])
def test_a_written_answer_is_kept_as_it_was_written(text: str, is_code: bool) -> None:
    """Word by word, as prose with the release's points, whatever the student made of the cell."""
    cells = [*handed_in()[:-1], Cell(9, text, is_code, "why")]
    book = rebuild(RELEASED, cells)
    (cell,) = [cell for cell in book.cells if grade_id(cell) == "why"]
    assert (cell.source, cell.cell_type, cell.metadata) == (text, "markdown", RELEASED.cells[-1].metadata)
    assert asked(book) == asked(rebuild(RELEASED, handed_in()))


@pytest.mark.parametrize("is_code", [False, True])
def test_a_written_answer_keeps_its_pictures(is_code: bool) -> None:
    """Under names of ours; a cell of code has none, and what isn't shown isn't kept."""
    pasted = (("a.png", PNG), ("unseen.png", PNG))
    book = rebuild(RELEASED, [*handed_in()[:-1], Cell(9, f"![]({PASTED})", is_code, "why", (), pasted)])
    (why,) = [cell for cell in book.cells if grade_id(cell) == "why"]
    assert why.source == "![](attachment:pasted-1.png)"
    assert why.attachments == {"pasted-1.png": {"image/png": PNG}}
    nbformat.validate(book)
    answer = rebuild(RELEASED, [Cell(1, f"f = 1  # {PASTED}", is_code, "f", (), pasted)])
    assert not any("attachments" in cell for cell in answer.cells if cell.cell_type == "code")


def test_a_written_answer_that_was_moved_or_copied_is_kept() -> None:
    """It stands where the student put it; of two the last is the answer and the other stays beside it."""
    book = rebuild(RELEASED, [Cell(99, "Because.", False, "why"), *handed_in("f", "check_f", "g", "check_g")])
    assert sources(book)["why"] == "Because."
    book = rebuild(RELEASED, [*handed_in(), Cell(10, "Rather because.", False, "why")])
    assert sources(book)["why"] == "Rather because."
    assert "Because." in [cell.source for cell in book.cells if not grade_id(cell)]


def test_a_deleted_written_answer_comes_back_as_it_was_asked() -> None:
    """The person who grades finds the cell, empty of an answer."""
    assert sources(rebuild(RELEASED, handed_in("f", "check_f", "g", "check_g")))["why"] == "Your answer."


def test_half_a_character_is_written_as_a_question_mark() -> None:
    """JSON can say what UTF-8 can't."""
    book = rebuild(RELEASED, [Cell(1, "x = '\ud800'", id="f"), Cell(2, "\udfff")])
    assert [cell.source for cell in book.cells if "?" in cell.source and grade_id(cell) != ""] == ["x = '?'"]
    assert "?" in [cell.source for cell in book.cells]


def test_asks_each_exercise_where_its_check_stands() -> None:
    """The cells of a rebuilt notebook are read as the kit reads any submission."""
    found = steps(submission_cells(RELEASED), ["f", "g"])
    assert [step.exercise for step in found if isinstance(step, Ask)] == ["f", "g"]
    assert "plot()" not in asked(RELEASED)


def test_a_graded_cell_that_checks_no_exercise_is_named() -> None:
    """Code that nbgrader would score by its output must be a check; what a person grades needn't."""
    assert check_cells(RELEASED).keys() == {"f", "g"}
    assert unexamined(RELEASED, ["f", "g"]) == []
    assert unexamined(RELEASED, ["f"]) == ["check_g"]
    for name in ("assert_f", "f", "check_"):
        cell = new_code_cell("assert f(1)", metadata=about(name, grade=True, points=1))
        assert unexamined(new_notebook(cells=[cell]), ["f", "g"]) == [name]
    by_hand = new_code_cell("plot(f)", metadata=about("picture", grade=True, solution=True, points=1))
    assert unexamined(new_notebook(cells=[by_hand]), ["f"]) == []


def test_the_gradebook_keeps_what_nbgrader_manages() -> None:
    """Graded, locked, answer and task cells are kept by nbgrader; a bare id means nothing to it."""
    assert managed(RELEASED) == {*KNOWN}
    cells = [new_code_cell(metadata=about("bare")), new_markdown_cell(metadata=about("essay", task=True))]
    assert managed(new_notebook(cells=cells)) == {"essay"}
