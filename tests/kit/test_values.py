"""What is a value crosses unharmed; what isn't is named and refused, and none of its methods runs."""

from __future__ import annotations

import enum
from collections import OrderedDict, namedtuple
from typing import Any

import numpy as np
import pytest
import toys
from htilde import sizes
from htilde.values import DTYPES, Array, Refused, Rng, Value, canonical, identical, leaves, materialize, snapshot
from hypothesis import given
from hypothesis import strategies as st


def arrays_in(value: Value) -> list[np.ndarray[Any, Any]]:
    return [leaf for _, leaf in leaves(value) if isinstance(leaf, np.ndarray)]


@given(toys.values())
def test_a_snapshot_is_the_same_value(value: Value) -> None:
    """Taking a snapshot of a value changes nothing about it."""
    assert identical(snapshot(value), value)


@given(toys.values())
def test_a_snapshot_shares_no_memory(value: Value) -> None:
    """What a function changes after it returned doesn't reach the examiner."""
    for copy, original in zip(arrays_in(snapshot(value)), arrays_in(value)):
        assert not np.shares_memory(copy, original) and copy.flags.c_contiguous and copy.flags.writeable


@given(toys.values(toys.arrays()))
def test_material_is_fresh(value: Value) -> None:
    """A function gets writable copies, identical to what the paper holds."""
    fresh = materialize(value)
    assert identical(fresh, value)
    for copy, original in zip(arrays_in(fresh), arrays_in(value)):
        assert not np.shares_memory(copy, original) and copy.flags.writeable


def test_a_seed_becomes_a_generator() -> None:
    """Each time an ``Rng`` is handed out, it is a new generator in its first state, also inside a container."""
    (one,), two = materialize((Rng(7),)), materialize(Rng(7))
    expected = np.random.default_rng(7).normal(size=3)
    assert np.array_equal(one.normal(size=3), expected) and np.array_equal(two.normal(size=3), expected)


@given(toys.arrays(), st.sampled_from(["C", "F", "swapped", "strided", "read-only"]))
def test_memory_layout_makes_no_difference(array: Array, layout: str) -> None:
    """However an array lies in memory, its snapshot is the same."""
    odd = np.array(array, order="F" if layout == "F" else "C")
    if layout == "swapped":
        odd = odd.astype(odd.dtype.newbyteorder())
    if layout == "strided" and odd.ndim:
        odd = np.repeat(odd, 2, axis=-1)[..., ::2]
    odd.flags.writeable = layout != "read-only"
    assert identical(snapshot(odd), array)


SCALARS = list(dict.fromkeys([*(dtype.type for dtype in DTYPES), np.longlong, np.ulonglong]))


@pytest.mark.parametrize("scalar", SCALARS, ids=lambda kind: kind.__name__)
def test_numpy_scalars_become_arrays(scalar: type[np.generic]) -> None:
    """A NumPy number counts as a 0-d array of its dtype."""
    assert identical(snapshot(scalar(1)), np.array(scalar(1)))  # type: ignore[call-arg]


def test_a_complex_number_becomes_an_array() -> None:
    """Python's complex has no place of its own on the wire."""
    assert identical(snapshot(1 + 2j), np.array(1 + 2j))


class Tripwire:
    """Looks like anything and fails the test when it is touched."""

    def _touched(self, *_: object, **__: object) -> Any:
        raise AssertionError("a student's method was called")

    __eq__ = __len__ = __iter__ = __float__ = __bool__ = __getitem__ = __repr__ = __hash__ = _touched
    __array__ = __array_ufunc__ = __array_function__ = __index__ = __copy__ = __reduce_ex__ = _touched
    __getattr__ = _touched
    __class__ = property(_touched)  # type: ignore[assignment]


class SlyArray(np.ndarray[Any, Any]):
    def __array_finalize__(self, _: object) -> None: ...

    def __array_ufunc__(self, *_: object, **__: object) -> Any:
        raise AssertionError("a student's method was called")


class SlyFloat(float):
    __eq__ = Tripwire._touched  # type: ignore[assignment]
    __hash__ = Tripwire._touched


class SlyList(list):  # type: ignore[type-arg]
    __iter__ = __len__ = Tripwire._touched


class Meta(type):
    def __getattribute__(cls, name: str) -> Any:
        raise AssertionError("a student's metaclass was asked")


class Masked(metaclass=Meta):
    pass


class Colour(enum.IntEnum):
    RED = 1


Point = namedtuple("Point", "x y")

REFUSED = {
    "tripwire": (Tripwire(), "a Tripwire"),
    "ndarray subclass": (np.zeros(2).view(SlyArray), "an ndarray subclass (SlyArray)"),
    "matrix": (np.ma.masked_array([1.0]), "an ndarray subclass (MaskedArray)"),
    "float subclass": (SlyFloat(1.0), "a SlyFloat"),
    "list subclass": (SlyList([1.0]), "a SlyList"),
    "enum": (Colour.RED, "a Colour"),
    "namedtuple": (Point(1, 2), "a Point"),
    "ordered dict": (OrderedDict(a=1), "an OrderedDict"),
    "generator": ((x for x in ()), "a generator"),
    "function": (lambda x: x, "a function"),
    "set": ({1}, "a set"),
    "bytes": (b"x", "a bytes"),
    "class": (int, "a type"),
    "NumPy string": (np.str_("x"), "a str_"),
    "object array": (np.array([None]), "an array of objects"),
    "structure of objects": (np.zeros(1, dtype=[("a", object)]), "an array of objects"),
    "string array": (np.array(["x"]), "an array of dtype str32"),
    "date array": (np.array(["2020-01-01"], dtype="M8[D]"), "an array of dtype datetime64[D]"),
    "structured array": (np.zeros(1, dtype=[("a", float)]), "an array of dtype void64"),
    "dict with numbers for keys": ({1: 2}, "a dict whose keys aren't strings"),
    "huge integer": (2**63, "an integer of more than 64 bits"),
    "long text": ("x" * (sizes.MAX_TEXT + 1), f"a string of more than {sizes.MAX_TEXT} characters"),
    "sixty dimensions": (np.zeros((1,) * 60), "an array of 60 dimensions"),
    "an array of ten terabytes": (np.broadcast_to(0.0, (10**12,)), f"an array of {8 * 10**12 // 2**20} MiB"),
    "a long list": ([0] * (sizes.MAX_ITEMS + 1), f"more than {sizes.MAX_ITEMS} things in one answer"),
}


@pytest.mark.parametrize(("thing", "what"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_value_is_named(thing: object, what: str) -> None:
    """Anything that isn't exactly a value is refused by its name, untouched, alone or as a part."""
    assert snapshot(thing) == Refused(what)
    assert snapshot([1.0, {"part": thing}]) == [1.0, {"part": Refused(what)}]


def test_a_metaclass_isnt_asked_for_the_name() -> None:
    """A type's name is read without running its metaclass."""
    assert snapshot(Masked()) == Refused("a Masked")


def test_things_in_many_containers_are_counted_together() -> None:
    """Splitting an answer into many containers gets no more through."""
    answer = snapshot([[0] * 1_000 for _ in range(sizes.MAX_ITEMS // 1_000)])
    assert any(isinstance(leaf, Refused) for _, leaf in leaves(answer))
    assert len(list(leaves(answer))) <= sizes.MAX_ITEMS


def test_a_list_within_itself_ends() -> None:
    """Nesting without end is cut off at the allowed depth."""
    endless: list[Any] = []
    endless.append(endless)
    ((place, leaf),) = leaves(snapshot(endless))
    assert place == "[0]" * sizes.MAX_DEPTH and leaf == Refused(f"containers nested more than {sizes.MAX_DEPTH} deep")


@given(toys.values())
def test_a_place_leads_to_its_leaf(value: Value) -> None:
    """The place of a leaf, written behind the value, is an expression for it."""
    for place, leaf in leaves(value):
        assert eval(f"value{place}", {"value": value, "nan": float("nan")}) is leaf


@given(toys.values(), toys.values())
def test_identity_is_equality_of_canonical_forms(one: Value, other: Value) -> None:
    """Identity is symmetric, every value is identical to itself, and canonical forms can be keys."""
    assert identical(one, one) and identical(one, other) == identical(other, one)
    assert (len({canonical(one), canonical(other)}) == 1) == identical(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.0, -0.0),
        (1, 1.0),
        (1, True),
        (None, "None"),
        ("a", Refused("a")),
        ((1.0,), [1.0]),
        ((), []),
        ([], {}),
        ([[1], 2], [[1, 2]]),
        ({"a": 1}, {"b": 1}),
        (1.0, np.array(1.0)),
        (np.array([0.0]), np.array([-0.0])),
        (np.zeros(2), np.zeros((2, 1))),
        (np.zeros(2), np.zeros(2, dtype=np.float32)),
        (np.zeros(0), np.zeros((0, 3))),
        (np.zeros(2, dtype=np.int64), np.zeros(2)),
        (Rng(1), Rng(2)),
    ],
    ids=repr,
)
def test_what_looks_equal_may_differ(one: Value, other: Value) -> None:
    """Identity sees the sign of zero, types, structure, shapes and dtypes."""
    assert not identical(one, other)


def test_nan_is_identical_to_nan() -> None:
    """A function that answers NaN twice doesn't waver."""
    assert identical([float("nan"), np.array([np.nan])], [float("nan"), np.array([np.nan])])


def test_padding_isnt_part_of_a_number() -> None:
    """Long doubles that are equal are identical, whatever lies between them in memory."""
    one, other = (np.frombuffer(bytes([filler]) * 64, dtype=np.longdouble).copy() for filler in (0, 255))
    for number in (one, other):
        np.multiply(np.ones_like(number), 1.5, out=number)
    assert identical(one, other)
