"""Which cells run, where each exercise is asked, and which cell defines a function."""

from __future__ import annotations

import pytest
from htilde.submissions.cell import EXPERIMENT, Cell
from htilde.submissions.steps import Ask, Run, Submission, checked, steps
from hypothesis import given
from hypothesis import strategies as st

EXERCISES = ("f", "g")
DEFINES_F, DEFINES_G = Cell(2, "def f(): ...", id="f"), Cell(4, "def g(): ...", id="g")
CHECKS_F, CHECKS_G = Cell(3, "check(f)", id="check_f"), Cell(5, "check(g)", id="check_g")
RELEASED = [Cell(1, "import numpy", id="imports"), DEFINES_F, CHECKS_F, DEFINES_G, CHECKS_G]


def order(*cells: Cell) -> str:
    """The steps in short: a letter asks an exercise, a number runs the cell that had it."""
    renumbered = [
        Cell(at, f"{cell.number}" if cell.id[:5] != "check" else cell.source, cell.is_code, cell.id, cell.tags)
        for at, cell in enumerate(cells, 1)
    ]
    return "".join(step.exercise if isinstance(step, Ask) else step.source for step in steps(renumbered, EXERCISES))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (RELEASED, "12f4g"),
        ([DEFINES_F, DEFINES_G, CHECKS_F, CHECKS_G], "24fg"),
        ([CHECKS_F, DEFINES_F, CHECKS_G, DEFINES_G], "2f4g"),  # moved above
        ([DEFINES_G, CHECKS_G, DEFINES_F, CHECKS_F], "4g2f"),  # swapped
        ([DEFINES_F, CHECKS_F, DEFINES_G], "2f4g"),  # a check deleted
        ([DEFINES_F, DEFINES_G], "2f4g"),  # both deleted
        ([DEFINES_F, CHECKS_F, DEFINES_F, CHECKS_F], "22fg"),  # copied: the last counts
        ([DEFINES_F, CHECKS_F, CHECKS_F, DEFINES_G], "2f4g"),  # a check copied
        ([DEFINES_F, CHECKS_F, DEFINES_F], "22fg"),  # written again below
        ([CHECKS_G], "gf"),  # a cell deleted
        ([], "fg"),
    ],
    ids=str,
)
def test_cells_may_be_moved_copied_and_deleted(cells: list[Cell], expected: str) -> None:
    """An exercise is asked behind the last of its own and its check cells, or else at the end."""
    assert order(*cells) == expected


cells = st.lists(
    st.tuples(
        st.sampled_from(["check(f)", "check('g')", "x = 1", "", "check(unknown)", "# a remark\ncheck(g);"]),
        st.booleans(),
        st.sampled_from(["", "f", "g", "check_f", "check_g", "check_unknown", "imports"]),
        st.sampled_from([(), ("experiment",), ("other",)]),
    ),
    max_size=8,
).map(lambda parts: [Cell(number, *part) for number, part in enumerate(parts, 1)])


@given(cells)
def test_every_exercise_is_asked_exactly_once(found: list[Cell]) -> None:
    """Whatever became of the cells, each exercise is asked once, and not before its own cell."""
    found_steps = steps(found, EXERCISES)
    assert sorted(step.exercise for step in found_steps if isinstance(step, Ask)) == sorted(EXERCISES)
    for name in EXERCISES:
        own = [f"cell {cell.number}" for cell in found if cell.id == name]
        later = found_steps[found_steps.index(Ask(name)) :]
        assert not any(isinstance(step, Run) and step.label in own for step in later)


@given(cells)
def test_code_runs_once_and_in_order(found: list[Cell]) -> None:
    """Every code cell that is neither a check of an exercise nor an experiment runs, as it stands."""
    kept = [
        Run(cell.label, cell.source)
        for cell in found
        if cell.is_code and EXPERIMENT not in cell.tags and checked(cell) not in EXERCISES
    ]
    assert [step for step in steps(found, EXERCISES) if isinstance(step, Run)] == kept


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("check(f)", "f"),
        ("check('f')", "f"),
        ('check( "f" ) ;', "f"),
        ("# run this\n\ncheck(f)\n", "f"),
        ("check(f, g)", ""),
        ("check(f); check(g)", ""),
        ("x = check(f)", ""),
        ("check(f)\nx = 1", ""),
        ("recheck(f)", ""),
        ("# check(f)", ""),
    ],
)
def test_a_check_is_recognised_without_metadata(source: str, name: str) -> None:
    """A notebook whose metadata was stripped still has its check cells, by what they say."""
    assert checked(Cell(1, source)) == name
    assert checked(Cell(1, source, is_code=False)) == ""


def test_the_cell_of_a_function_is_the_last_one_before_it_is_asked() -> None:
    """What is defined again below its check isn't what was examined; a function that nobody asks is found anywhere."""
    cells = [Cell(at, f"def f(): {at}\ng = h = f") for at in (1, 2, 4)]
    found = Submission(steps([*cells[:2], Cell(3, "check(f)"), cells[2]], ["f", "g"]))
    assert found.cell_of("f") == Run("cell 2", cells[1].source)
    assert found.cell_of("g") == found.cell_of("h") == Run("cell 4", cells[2].source)
    assert found.cell_of("k") is None and (found.source_of("f"), found.source_of("k")) == (cells[1].source, "")


def test_what_isnt_run_defines_nothing() -> None:
    """Prose, an experiment and a check cell."""
    cells = [Cell(1, "f = 1", is_code=False), Cell(2, "f = 1", tags=(EXPERIMENT,)), Cell(3, "f = 1", id="check_f")]
    assert Submission(steps(cells, ["f"])).cell_of("f") is None
