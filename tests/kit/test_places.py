"""Where along a network an answer is wrong: the first place in the order of computation, and every other one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import toys
from htilde.codes import Code
from htilde.examination.allowance import stated
from htilde.examination.compare import compare
from htilde.examination.places import fits, named, part_at, places, reordered
from htilde.model import Parts, Tolerance
from htilde.values import Value
from hypothesis import given
from hypothesis import strategies as st

LAYERS = Parts(("dW", "db", "dh_tilde"), "layer", True, ("dh_tilde", "dW", "db"))
BLOCKS = Parts(("dW", "db"), "block", True, ("db", "dW"), each=True)
STEPS = Parts(("norms",), "step", False, ("norms",))
PLAIN = Parts(("dh", "dW"), order=("dh", "dW"))


def near(want: Value) -> Value:
    """What is allowed around a right answer."""
    return stated(want, toys.TOLERANCE)


LSTM = Parts(
    ("dh_tilde", "dx", "dh0", "dW"),
    "step",
    True,
    ("dh_tilde", "dx", "dh0", "dW"),
    once=("dh0", "dW"),
    gates=("i", "f", "g", "o"),
    gated=("dh_tilde", "dW"),
)
CELL = Parts(("dx", "dW", "db"), "gate", order=("dW", "db", "dx"), gates=("i", "f", "g", "o"), gated=("dW", "db"))


def layers(count: int = 3) -> tuple[list[Any], list[Any], list[Any]]:
    """An answer of LAYERS, all of whose entries differ; the last layer has no dh_tilde."""
    matrices = [np.full((2, layer), 10.0 * layer) for layer in range(1, count + 1)]
    return matrices, [matrix[0] + 1 for matrix in matrices], [matrix + 2 for matrix in matrices[:-1]]


def blocks(count: int = 3) -> list[Any]:
    """An answer of BLOCKS."""
    return [(np.full((2, 2), 10.0 * block), np.full(2, 10.0 * block + 1)) for block in range(1, count + 1)]


def pairs() -> list[Any]:
    """An answer of STEPS in which there are two arrays at each step."""
    return [(np.full(2, 10.0 * step), np.full(3, 10.0 * step + 1)) for step in range(1, 5)]


def lstm() -> tuple[Any, ...]:
    """An answer of LSTM: three steps of two examples, two units a gate."""
    dh_tilde = np.arange(48.0).reshape(3, 2, 8)
    return dh_tilde, np.arange(18.0).reshape(3, 2, 3), np.ones((2, 2)), np.arange(24.0).reshape(3, 8)


def cell() -> tuple[Any, ...]:
    """An answer of CELL."""
    return np.ones((2, 3)), np.arange(24.0).reshape(3, 8), np.arange(8.0)


def at(answer: Any, path: tuple[int, ...]) -> Any:
    """What is spoilt: the array that a path leads to."""
    for index in path:
        answer = answer[index]
    return answer


SPOILT: dict[str, tuple[Parts, Callable[[], Any], tuple[tuple[Any, ...], ...], tuple[str, str], str]] = {
    "one gradient": (LAYERS, layers, ((0, 1),), ("dW", "2"), "[0][1]"),
    "the last layer": (LAYERS, layers, ((1, 2),), ("db", "3"), "[1][2]"),
    "backward, the last place": (LAYERS, layers, ((0, 0), (0, 1)), ("dW", "2"), "[0][1]"),
    "by the order within a place": (LAYERS, layers, ((0, 1), (1, 1), (2, 1)), ("dh_tilde", "2"), "[2][1]"),
    "a place before a part": (LAYERS, layers, ((1, 2), (2, 1)), ("db", "3"), "[1][2]"),
    "a tuple for each place": (BLOCKS, blocks, ((2, 0), (2, 1), (0, 0)), ("db", "3"), "[2][1]"),
    "a pair at each place": (STEPS, pairs, ((2, 1), (3, 0)), ("norms", "3"), "[2][1]"),
    "the entries of an array": (STEPS, lambda: np.arange(1.0, 5.0), ((slice(1, 3),),), ("norms", "2"), "[1]"),  # type: ignore[dict-item]
    "an array beside a list": (
        LAYERS,
        lambda: (np.ones((2, 3)), [1.0, 2.0], np.ones(1)),
        ((0, 1),),
        ("dW", "2"),
        "[0][1]",
    ),
    "a gate of a step": (LSTM, lstm, ((0, (1, ..., 5)),), ("dh_tilde[g]", "2"), "[0][1][g]"),
    "by gate within a step": (
        LSTM,
        lstm,
        ((0, (2, ..., 7)), (0, (2, ..., 0)), (1, 2)),
        ("dh_tilde[i]", "3"),
        "[0][2][i]",
    ),
    "a step before what is there once": (LSTM, lstm, ((2,), (3,), (1, 0)), ("dx", "1"), "[1][0]"),
    "a gate": (CELL, cell, ((1, (..., 3)),), ("dW", "f"), "[1][f]"),
    "gates by part": (CELL, cell, ((2, slice(6, 7)), (1, (..., 4)), (0,)), ("dW", "g"), "[1][g]"),
}


@pytest.mark.parametrize(("parts", "make", "paths", "first", "where"), SPOILT.values(), ids=SPOILT)
def test_the_first_wrong_one_is_found(
    parts: Parts, make: Callable[[], Any], paths: Any, first: tuple[str, str], where: str
) -> None:
    """By place and then by the declared order, from the end if it is backward; the path leads to it."""
    got = make()
    for path in paths:
        at(got, path)[...] += 1
    found = places(parts, got, make(), near(make()))
    assert found is not None
    assert found[0] is not None
    assert ((found[0].part, found[0].place), found[1].where) == (first, where)
    assert found[1].code is Code.WRONG_VALUES
    assert named(parts, where) == first
    assert not np.array_equal(part_at(got, where, parts), part_at(make(), where, parts))  # type: ignore[arg-type]


def test_what_has_no_place_is_found_when_all_else_is_right() -> None:
    """There is nothing to draw then, but the first wrong one has a path, and a gate if it is gated."""
    got = lstm()
    got[3][:, 2] += 1
    got[2][0, 0] += 1
    found = places(LSTM, got, lstm(), near(lstm()))
    assert found is not None and found[0] is None and found[1].where == "[2]"
    got[2][0, 0] -= 1
    found = places(LSTM, got, lstm(), near(lstm()))
    assert found is not None and found[0] is None and found[1].where == "[3][f]"
    shown = part_at(got, "[3][f]", LSTM)
    assert isinstance(shown, np.ndarray) and np.array_equal(shown, got[3][:, 2:4])


def test_what_is_wrong_beside_the_places_is_named() -> None:
    """Once, whatever gates of it are wrong; the gates of a part along "gate" are its places."""
    got = lstm()
    for part in got:
        part[...] += 1
    found = places(LSTM, got, lstm(), near(lstm()))
    assert found is not None and found[0] is not None
    assert found[0].beside == ("dh0", "dW") and not found[0].labels
    assert found[0].parts == ("dh_tilde[i]", "dh_tilde[f]", "dh_tilde[g]", "dh_tilde[o]", "dx")
    got = cell()
    got[0][...] += 1
    got[2][5] += 1
    found = places(CELL, got, cell(), near(cell()))
    assert found is not None and found[0] is not None
    assert (found[0].beside, found[0].labels, found[0].parts) == (("dx",), ("i", "f", "g", "o"), ("dW", "db"))
    assert found[0].marks == ((True,) * 4, (True, True, False, True))


@given(st.sets(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1))
def test_every_wrong_one_is_marked_and_no_other(chosen: set[tuple[int, int]]) -> None:
    """In the order in which they are computed, with a gap where a part has no such place."""
    got, want = layers(4), layers(4)
    chosen = {(part, place) for part, place in chosen if place < len(want[part])}
    for part, place in chosen:
        got[part][place][...] *= 2
    found = places(LAYERS, got, want, near(want))
    if not chosen:
        assert found is None
        return
    assert found is not None and found[0] is not None
    assert found[0].parts == ("dh_tilde", "dW", "db")
    assert found[0].marks == tuple(
        tuple((part, place) not in chosen if place < len(want[part]) else None for place in range(4))
        for part in (2, 0, 1)
    )
    assert found[0].marks[found[0].first[0]][found[0].first[1]] is False


@given(st.floats(-1.0, 1.0), st.floats(0.0, 0.01))
def test_a_place_is_judged_as_the_whole_answer_is(error: float, atol: float) -> None:
    """With the same allowance: there are places exactly where the comparison finds something."""
    got, want = layers(), layers()
    allowed = stated(want, Tolerance(0.0, atol))
    got[0][1][0, 0] += error
    assert (places(LAYERS, got, want, allowed) is None) == compare(got, want, allowed).ok


UNFIT: dict[str, tuple[Parts, Value]] = {
    "nothing": (LAYERS, None),
    "an array": (LAYERS, np.zeros((3, 3))),
    "two parts of three": (LAYERS, layers()[:2]),
    "a place too few": (LAYERS, (layers()[0][:2], *layers()[1:])),
    "a number where places are": (LAYERS, (1.0, *layers()[1:])),
    "a 0-d array where places are": (LAYERS, (np.array(1.0), *layers()[1:])),
    "a dict": (LAYERS, {"dW": layers()[0]}),
    "blocks of three": (BLOCKS, [(*block, block[0]) for block in blocks()]),
    "an array for a block": (BLOCKS, [blocks()[0], np.zeros((2, 2)), blocks()[1]]),
    "a block too many": (BLOCKS, blocks(4)),
    "no block": (BLOCKS, []),
    "text": (STEPS, "four"),
    "a step too many": (STEPS, np.zeros(5)),
    "parts that run along nothing": (PLAIN, (np.zeros(1), np.zeros(2))),
    "columns that are no gates": (CELL, (cell()[0], np.zeros((3, 6)), cell()[2])),
    "a list where gates are": (CELL, (cell()[0], cell()[1].tolist(), cell()[2])),
    "no columns at a step": (LSTM, (np.zeros(3), *lstm()[1:])),
}
WANTED: dict[Parts, Value] = {
    LAYERS: layers(),
    BLOCKS: blocks(),
    STEPS: np.ones(4),
    PLAIN: (np.ones(1), np.ones(2)),
    LSTM: lstm(),
    CELL: cell(),
}


@pytest.mark.parametrize(("parts", "got"), UNFIT.values(), ids=UNFIT)
def test_what_has_another_form_has_no_places(parts: Parts, got: Value) -> None:
    """It is told as everywhere: what was returned, and what is expected."""
    assert places(parts, got, WANTED[parts], near(WANTED[parts])) is None


def test_a_right_answer_fits_its_parts() -> None:
    """Lists with an entry for each place, also of a network that has none; a tuple for each; entries of an array."""
    assert all(fits(parts, answer) for parts, answer in WANTED.items())
    assert fits(LAYERS, ([np.ones(1)], [np.ones(1)], []))
    assert not fits(PLAIN, np.ones(2)) and not fits(STEPS, 1.0) and not fits(BLOCKS, layers())


@given(toys.values(), st.sampled_from(list(WANTED)))
def test_whatever_was_returned_can_be_looked_at(got: Value, parts: Parts) -> None:
    """A value of any kind is compared, named and taken apart without an error."""
    places(parts, got, WANTED[parts], near(WANTED[parts]))
    places(parts, WANTED[parts], got, near(got))
    reordered(parts, got, WANTED[parts], near(WANTED[parts]))
    fits(parts, got)
    part_at(got, "[1][0]", parts)
    part_at(got, "[1][f]", parts)


NAMED = [
    (LAYERS, "[0]", ("dW", "")),
    (LAYERS, "[2][1]", ("dh_tilde", "2")),
    (LAYERS, "", None),
    (LAYERS, "[3]", None),
    (BLOCKS, "[2][1]", ("db", "3")),
    (BLOCKS, "[2]", None),
    (BLOCKS, "[2][7]", None),
    (STEPS, "[3]", ("norms", "4")),
    (PLAIN, "[1]", ("dW", "")),
    (None, "[1]", None),
    (LSTM, "[0][1]", ("dh_tilde", "2")),
    (LSTM, "[0][1][f]", ("dh_tilde[f]", "2")),
    (LSTM, "[1][1]", ("dx", "2")),
    (LSTM, "[3]", ("dW", "")),
    (LSTM, "[3][f]", ("dW", "")),
    (CELL, "[1][f]", ("dW", "f")),
    (CELL, "[0]", ("dx", "")),
]


@pytest.mark.parametrize(("parts", "where", "name"), NAMED, ids=str)
def test_a_path_has_a_name_where_the_parts_have(parts: Parts | None, where: str, name: object) -> None:
    """The part, and its place counted from 1; none for what lies above the parts, or beyond them."""
    assert named(parts, where) == name


def test_a_path_that_leads_nowhere_leads_to_the_whole() -> None:
    """Of an answer without that part everything is shown."""
    assert part_at((1.0, 2.0), "[1]") == 2.0 and part_at((1.0, 2.0), "") == (1.0, 2.0)
    assert part_at((1.0, 2.0), "[5]") == (1.0, 2.0) and part_at((1.0, 2.0), "[0][0]") == (1.0, 2.0)


THREE = Parts(("dh", "dW", "db"), order=("dh", "dW", "db"))
RIGHT = (np.ones((2, 3)), np.full((3, 2), 2.0), np.full(2, 3.0))


@pytest.mark.parametrize("order", [(1, 0, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)], ids=str)
def test_another_order_is_recognised(order: tuple[int, ...]) -> None:
    """The right values in any other order are told by their names, as they were returned."""
    got = tuple(RIGHT[index] for index in order)
    assert reordered(THREE, got, RIGHT, near(RIGHT)) == tuple(THREE.names[index] for index in order)
    wrong = (*got[:2], got[2] + 1)
    assert reordered(THREE, wrong, RIGHT, near(RIGHT)) is None


def test_many_parts_are_not_shuffled() -> None:
    """Of eight parts there would be thousands of orders; and a tuple for each place has no order of its own."""
    names = tuple("abcdefgh")
    right = tuple(map(float, range(8)))
    assert reordered(Parts(names, order=names), right[::-1], right, near(right)) is None
    assert reordered(Parts(names[:7], order=names[:7]), right[6::-1], right[:7], near(right[:7])) == names[6::-1]
    assert reordered(BLOCKS, blocks()[:2][::-1], blocks()[:2], near(blocks()[:2])) is None
