"""The rules of comparison: what is wrong, what is merely unusual, and what is said about it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import toys
from htilde.codes import Code, is_plain
from htilde.distributions import Law
from htilde.examination import compare as comparison
from htilde.examination.allowance import distances, stated
from htilde.examination.compare import Difference, Outcome, alike, compare_together
from htilde.model import Tolerance
from htilde.values import Array, Refused, Rng, Value, snapshot
from hypothesis import assume, given
from hypothesis import strategies as st

EXACT = Tolerance(rtol=0.0, atol=0.0)
TOLERANCE = Tolerance(rtol=1e-6, atol=1e-9)

anything = st.one_of(toys.values(), toys.values(st.builds(Refused, st.text(max_size=3))))
REAL = tuple(dtype for dtype in toys.PORTABLE if dtype.kind in "biuf")
answers = toys.values(st.one_of(toys.arrays(REAL), st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=2)))
ordinary = st.floats(-1e6, 1e6)


def compare(got: Value, want: Value, tolerance: Tolerance) -> Outcome:
    """Compare by a stated tolerance."""
    return comparison.compare(got, want, stated(want, tolerance))


def code(outcome: Outcome) -> Code | None:
    return outcome.difference and outcome.difference.code


@given(answers)
def test_every_answer_equals_itself(value: Value) -> None:
    """The right answer is right, exactly, with nothing to remark."""
    assert compare(value, value, EXACT) == Outcome(None)


@given(anything, answers)
def test_comparing_never_raises(got: Value, want: Value) -> None:
    """Whatever a student returned, comparing it decides, and says why it is wrong."""
    outcome = compare(got, want, TOLERANCE)
    assert outcome.ok or (outcome.difference is not None and is_plain(dict(outcome.difference.details)))


@given(st.lists(st.tuples(ordinary, ordinary, st.integers(-30, 20)), max_size=5))
def test_an_entry_is_right_within_what_is_allowed(entries: list[tuple[float, float, int]]) -> None:
    """An answer is right exactly when no entry is farther away than the power of two that is allowed there."""
    got, want, powers = np.reshape(entries, (-1, 3)).T
    allowed = powers.astype(np.int16)
    assert comparison.compare(got, want, allowed).ok == (np.abs(got - want) <= distances(allowed)).all()


@given(toys.arrays(toys.FLOATS, numbers=(0.0, -1.0, 1.5, 250.0)), st.data())
def test_one_wrong_entry_is_found(want: Array, data: st.DataObject) -> None:
    """However many entries are right, a single wrong one fails the answer and is named."""
    assume(want.size)
    index = tuple(data.draw(st.integers(0, length - 1)) for length in want.shape)
    got = want.copy()
    got[index] = 77.0
    difference = compare(got, want, TOLERANCE).difference
    assert difference is not None and difference.details["index"] == [*index] and difference.code is Code.WRONG_VALUES


@pytest.mark.parametrize("want", [[1e6, 1.0], [2.0, np.nan]], ids=str)
def test_the_entry_that_is_named_is_wrong(want: list[float]) -> None:
    """The index leads to an entry that is itself wrong."""
    got = np.array([want[0] + (want[0] > 2), 2.0])
    difference = compare(got, np.array(want), Tolerance(rtol=1e-3, atol=0.0)).difference
    assert difference is not None and difference.details["index"] == [1]


@pytest.mark.parametrize("infinity", [np.inf, -np.inf])
def test_a_number_isnt_infinity(infinity: float) -> None:
    """Where infinity is right, a finite number is wrong."""
    assert not compare(np.array([1.0, 5.0]), np.array([1.0, infinity]), TOLERANCE).ok


SHAPES: list[tuple[tuple[int, ...], tuple[int, ...], bool]] = [
    ((1, 3), (3,), True),  # keepdims, on either side
    ((3, 1), (3,), True),
    ((1,), (), True),
    ((1, 1), (), True),
    ((1, 2, 3), (2, 3), True),
    ((2, 1, 3, 1), (2, 3), True),
    ((1, 0), (0,), True),
    ((1, 1, 1), (), False),  # three too many
    ((1,) * 60, (), False),
    ((1,) * 60 + (3,), (3,), False),
    ((3,), (1, 3), False),  # one too few
    ((), (1,), False),
    ((3, 1), (1, 3), False),  # a transpose
    ((2, 3), (3, 2), False),
    ((6,), (2, 3), False),
    ((5, 3), (3,), False),  # a leading axis that isn't 1
    ((3, 3), (3,), False),
    ((0, 3), (3,), False),
    ((0,), (), False),
    ((0,), (3,), False),  # nothing isn't right everywhere
    ((0, 3), (0,), False),
    ((0,), (0, 3), False),
    ((3, 0), (0, 3), False),
    ((), (3,), False),  # broadcastable, and wrong
    ((1,), (3,), False),
    ((1, 3), (2, 3), False),
    ((2, 1), (2, 3), False),
]


@pytest.mark.parametrize(("got", "want", "right"), SHAPES, ids=str)
def test_only_singleton_dimensions_too_many_are_forgiven(
    got: tuple[int, ...], want: tuple[int, ...], right: bool
) -> None:
    """Up to two dimensions of length 1 more than asked are a note; every other shape but the right one is wrong."""
    outcome = compare(np.ones(got), np.ones(want), TOLERANCE)
    assert code(outcome) is (None if right else Code.WRONG_SHAPE)
    assert bool(outcome.notes) == right


@given(toys.arrays([np.dtype(float)]), toys.arrays([np.dtype(float)]))
def test_shapes_are_never_broadcast(got: Array, want: Array) -> None:
    """An answer that passes has as many entries as the right one, in the same order."""
    if compare(got, want, EXACT).ok:
        assert np.array_equal(got.ravel(), want.ravel(), equal_nan=True)


def test_forgiven_dimensions_keep_their_entries_in_place() -> None:
    """With singleton dimensions taken away the entries are still compared one by one."""
    assert code(compare(np.array([[1.0, 2.0]]), np.array([2.0, 1.0]), TOLERANCE)) is Code.WRONG_VALUES


DTYPES = {
    # wanted: (fine, fine with a note); any other dtype is wrong
    "float32": ("float32", "float64 longdouble"),
    "float64": ("float64", "longdouble"),
    "int64": ("int8 int16 int32 int64 uint8 uint16 uint32 uint64", ""),
    "bool": ("bool", ""),
}


@pytest.mark.parametrize("got", [dtype.name for dtype in (*toys.PORTABLE, *sorted(toys.LONG, key=str))])
@pytest.mark.parametrize("want", DTYPES)
def test_dtypes_may_be_wider_never_narrower_nor_of_another_kind(got: str, want: str) -> None:
    """A wider float is a note, a narrower one an error; integers, booleans and floats don't stand in for each other."""
    name = {"float128": "longdouble", "float96": "longdouble"}.get(got, got)
    fine, noted = (names.split() for names in DTYPES[want])
    outcome = compare(np.ones(2, dtype=got), np.ones(2, dtype=want), TOLERANCE)
    assert code(outcome) is (None if name in (*fine, *noted) else Code.WRONG_DTYPE)
    assert bool(outcome.notes) == (name in noted)


@pytest.mark.parametrize("one", [1.5, np.float64(1.5), np.array(1.5)], ids=repr)
@pytest.mark.parametrize("other", [1.5, np.array(1.5)], ids=repr)
def test_scalars_count_alike(one: object, other: Value) -> None:
    """Python, NumPy and 0-d numbers are the same answer."""
    assert compare(snapshot(one), other, EXACT) == Outcome(None)


@pytest.mark.parametrize("got", [1, True, np.array(1)], ids=repr)
def test_a_whole_number_isnt_a_float(got: Value) -> None:
    """Where a gradient belongs, an integer or a boolean is the wrong dtype, as a scalar as in an array."""
    assert code(compare(got, 1.0, TOLERANCE)) is Code.WRONG_DTYPE


@given(toys.arrays(toys.FLOATS))
def test_the_sign_of_zero_is_no_difference(want: Array) -> None:
    """-0.0 is right where 0.0 is, without a remark."""
    assert compare(np.where(want == 0, -want, want).astype(want.dtype), want, EXACT) == Outcome(None)


@pytest.mark.parametrize("got", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("want", [0.0, 1e300, np.inf, -np.inf, np.nan])
def test_nan_and_infinity_are_right_only_where_they_belong(got: float, want: float) -> None:
    """An entry that isn't finite is right when the right answer has the very same there."""
    same = got == want or (np.isnan(got) and np.isnan(want))
    outcome = compare(np.array([1.0, got]), np.array([1.0, want]), Tolerance(1e-3, 1e9))
    assert code(outcome) is (None if same else Code.NOT_FINITE)


@pytest.mark.parametrize("dtype", ["int64", "uint64", "bool"])
def test_whole_numbers_have_no_tolerance(dtype: str) -> None:
    """Integers and booleans are right or wrong, also where float64 couldn't tell them apart."""
    want = np.array([0, 2**62]).astype(dtype)
    assert compare(want.copy(), want, Tolerance(1.0, 1.0)).ok
    assert code(compare(want ^ want.dtype.type(1), want, Tolerance(1.0, 1.0))) is Code.WRONG_VALUES


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
def test_complex_numbers_have_two_parts(dtype: str) -> None:
    """A complex answer is wrong if only its real part is right."""
    want = np.array([1 + 2j], dtype=dtype)
    assert compare(want, want, TOLERANCE).ok and not compare(want.conj(), want, TOLERANCE).ok


ONE, TWO = np.array([1.0]), np.array([2.0])
STRUCTURES: dict[str, tuple[Value, Value, str | None]] = {
    "a list for a tuple": ([ONE, TWO], (ONE, TWO), None),
    "a tuple for a list": ((ONE, TWO), [ONE, TWO], None),
    "keys in another order": ({"b": TWO, "a": ONE}, {"a": ONE, "b": TWO}, None),
    "nothing": (None, ONE, ""),
    "nothing for two": (None, (ONE, TWO), ""),
    "one for two": (ONE, (ONE, TWO), ""),
    "an array of two for two": (np.array([1.0, 2.0]), (1.0, 2.0), ""),
    "two for one": ((ONE, TWO), ONE, ""),
    "a tuple of one for one": ((ONE,), ONE, ""),
    "three for two": ((ONE, TWO, ONE), (ONE, TWO), ""),
    "a missing key": ({"a": ONE}, {"a": ONE, "b": TWO}, ""),
    "another key": ({"a": ONE, "c": TWO}, {"a": ONE, "b": TWO}, ""),
    "a tuple for a dict": ((ONE, TWO), {"a": ONE, "b": TWO}, ""),
    "something refused": (Refused("a generator"), ONE, ""),
    "a seed": (Rng(1), ONE, ""),
    "a string": ("1.0", ONE, ""),
    "another string": ("a", "b", ""),
    "a number for a string": (1, "1", ""),
    "something for nothing": (0, None, ""),
    "nothing inside": ((ONE, [TWO, None]), (ONE, [TWO, ONE]), "[1][1]"),
    "one for two inside": ({"a": (ONE, ONE)}, {"a": (ONE, (ONE, TWO))}, "['a'][1]"),
}


@pytest.mark.parametrize(("got", "want", "where"), STRUCTURES.values(), ids=STRUCTURES)
def test_structure_is_compared_first(got: Value, want: Value, where: str | None) -> None:
    """Lists and tuples count alike; anything else missing, too much or of another kind is named with its place."""
    difference = compare(got, want, TOLERANCE).difference
    assert (difference and difference.where) == where
    assert difference is None or difference.code in (Code.WRONG_STRUCTURE, Code.RETURNED_NOTHING)


def test_a_forgotten_return_is_recognised() -> None:
    """A function that returns nothing is told so, and not of the types that were expected."""
    for wanted in (ONE, (ONE, TWO), {"a": ONE}, 1.0):
        assert compare(None, wanted, TOLERANCE).difference == Difference(Code.RETURNED_NOTHING, {})


@pytest.mark.parametrize(
    ("got", "first"),
    [
        (Refused("a generator"), Code.WRONG_STRUCTURE),
        (np.full((3, 1, 1, 1), 7), Code.WRONG_SHAPE),
        (np.full(2, 7), Code.WRONG_DTYPE),
        (np.array([7.0, np.nan]), Code.NOT_FINITE),
        (np.array([7.0, 7.0]), Code.WRONG_VALUES),
    ],
    ids=str,
)
def test_the_coarsest_difference_is_told(got: Value, first: Code) -> None:
    """Of several things wrong the first in the order structure, shape, dtype, finiteness, values is told."""
    assert code(compare(got, np.array([1.0, 2.0]), TOLERANCE)) is first


def test_the_first_part_that_is_wrong_is_told() -> None:
    """A wrong part among right ones is named by its place, and its own worst entry."""
    want = {"dh": np.zeros(2), "dW": [np.zeros(2), np.zeros((2, 2))]}
    got = {"dh": np.zeros(2), "dW": [np.zeros(2), np.array([[0.0, 1.0], [9.0, 2.0]])]}
    difference = compare(got, want, TOLERANCE).difference
    told = {"got": 9.0, "expected": 0.0, "index": [1, 0], "count": 3, "size": 4}
    assert difference == Difference(Code.WRONG_VALUES, told, "['dW'][1]")


# Symmetry: which of two values is the student's makes no difference to whether they agree.


@given(toys.arrays([np.dtype(float)]), toys.arrays([np.dtype(float)]))
def test_agreement_is_symmetric(one: Array, other: Array) -> None:
    """Without a relative part of the tolerance, right is right both ways for arrays of one shape."""
    assume(one.shape == other.shape)
    assert compare(one, other, Tolerance(0.0, 1.0)).ok == compare(other, one, Tolerance(0.0, 1.0)).ok


@given(answers, answers)
def test_likeness_is_symmetric(one: Value, other: Value) -> None:
    """Likeness has no right side; everything is like itself."""
    assert alike(one, one, tolerance=1e-6) and alike(one, other, tolerance=1e-6) == alike(other, one, tolerance=1e-6)


@given(st.lists(ordinary, min_size=1, max_size=5), st.floats(1e-9, 1e9))
def test_likeness_has_no_unit(entries: list[float], unit: float) -> None:
    """Whether answers are alike is judged relative to their size."""
    array = np.array(entries) * unit
    assume(np.abs(array).max() > 1e-200)
    worst = np.abs(array) == np.abs(array).max()
    assert alike(array * (1 + 0.5e-6), array, tolerance=1e-6)
    assert not alike(np.where(worst, array * (1 + 2e-6), array), array, tolerance=1e-6)


UNLIKE: list[tuple[Value, Value]] = [
    (np.zeros(2), np.zeros(3)),
    (np.zeros((2, 3)), np.zeros((3, 2))),
    (np.ones(2), np.ones(2, dtype=bool)),
    (np.array([np.nan]), np.array([1.0])),
    (np.array([np.inf]), np.array([-np.inf])),
    (np.array([np.inf]), np.array([1e300])),
    ((1.0, 2.0), (1.0,)),
    ((1.0,), 1.0),
    ({"a": 1.0}, {"b": 1.0}),
    ({"a": 1.0}, (1.0,)),
    (None, 0.0),
    ("a", "b"),
    (Refused("raised ValueError"), Refused("raised TypeError")),
    (Refused("None"), None),
]


@pytest.mark.parametrize(("one", "other"), UNLIKE, ids=repr)
def test_what_differs_in_kind_isnt_alike(one: Value, other: Value) -> None:
    """Shape, structure, booleans and what isn't a number tell mistakes apart."""
    assert not alike(one, other, tolerance=1e-6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([np.nan, np.inf]), np.array([np.nan, np.inf])),
        (np.zeros((1, 3)), np.zeros(3)),
        ([1.0, 2.0], (1.0, 2.0)),
        (np.float32([0.1]), np.array([np.float64(np.float32(0.1))])),
        (Refused("raised ValueError"), Refused("raised ValueError")),
        (np.array([1.0, 1e-12]), np.array([1.0, 0.0])),
        (np.zeros(0), np.zeros(0)),
    ],
    ids=repr,
)
def test_the_same_mistake_is_recognised(one: Value, other: Value) -> None:
    """NaN is like NaN; singleton dimensions, the kind of sequence, the width of floats and dust make no difference."""
    assert alike(one, other, tolerance=1e-6)


def test_parts_of_a_random_answer_are_judged_apart() -> None:
    """Each part of many answers by its own law; the one that is wrong is named by its place."""
    laws = (Law("normal", (40, 50), 0.1), Law("normal", (30, 50), 0.2), Law("uniform", (50,), 1.0))

    def drawn(seed: int, factor: float) -> Value:
        rng = np.random.default_rng(seed)
        bound = math.sqrt(3)
        return rng.normal(0, 0.1, (40, 50)), factor * rng.normal(0, 0.2, (1, 30, 50)), rng.uniform(-bound, bound, 50)

    assert compare_together([(drawn(seed, 1.0), laws) for seed in range(20)]) is None
    assert all(compare(drawn(seed, 0.95), laws, TOLERANCE).ok for seed in range(20))
    difference = compare_together([(drawn(seed, 0.95), laws) for seed in range(20)])
    assert difference is not None and (difference.code, difference.where) == (Code.WRONG_LAW, "[1]")


@given(anything)
def test_nothing_but_draws_follows_a_law(value: Value) -> None:
    """A law isn't an answer to itself, and what is measured isn't either."""
    law = Law("normal", (3, 2), 1e-5)
    assert not compare(value, law, TOLERANCE).ok and not compare(law, law, TOLERANCE).ok
    assert not alike(value, law, tolerance=1e-6) and alike(law, law, tolerance=1e-6)
