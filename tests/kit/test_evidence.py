"""Evidence: values that are small, exact as JSON, and the same when they come back."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import toys
from htilde.evidence import EDGE, MAX_ENTRIES, Cut, Evidence, Excerpt, excerpt, kind_of, number
from htilde.values import Refused, Value, identical
from hypothesis import given
from hypothesis import strategies as st


def back(value: Any) -> Any:
    """Return a value after its way through JSON."""
    return Evidence.from_plain(json.loads(json.dumps(Evidence(got=value).to_plain(), allow_nan=False))).got


@given(toys.values(st.one_of(toys.arrays(toys.DTYPES), st.builds(Refused, st.text(max_size=3)))))
def test_a_value_comes_back_bit_by_bit(value: Value) -> None:
    """Of every dtype, NaN and -0.0 among its entries; a whole number stays one, and 1.0 another."""
    assert identical(back(value), value) and type(back(value)) is type(value)


@given(toys.values(), toys.values())
def test_evidence_is_equal_when_its_values_are_identical(one: Value, other: Value) -> None:
    """Also where an array isn't equal to itself; values that differ in type or shape are never equal."""
    assert Evidence(got=one) == Evidence(got=back(one)) != one
    assert not identical(one, other) or Evidence(got=one) == Evidence(got=other)
    assert type(one) is type(other) or Evidence(got=one) != Evidence(got=other)


LARGE: dict[str, Any] = {
    "a long array": np.arange(1e6),
    "a wide matrix": np.arange(1e4).reshape(100, 100),
    "a long matrix": np.arange(3e3).reshape(1000, 3),
    "many dimensions": np.zeros((4,) * 6),
    "a long list": list(range(10_000)),
    "many arrays": [np.arange(12.0)] * 1_000,
    "many containers": [[[], ()]] * 3_000,
    "a large dict": {f"key {at}": np.ones(9) for at in range(2_000)},
    "long keys": {"x" * 9_000 + str(at): 1.0 for at in range(1_000)},
    "a long string": "x" * 10_000,
    "a forged refusal": Refused("x" * 10_000),
}


@pytest.mark.parametrize("value", LARGE.values(), ids=LARGE)
def test_what_is_kept_of_a_large_value_is_small(value: Any) -> None:
    """However much a student answers, a record holds some kilobytes of it; and what is kept stays what it was."""
    kept = excerpt(value)
    text = json.dumps(Evidence(got=kept).to_plain())
    assert len(text) < 40_000 and Evidence(got=back(kept)) == Evidence(got=kept)


def test_of_a_large_array_the_edges_are_kept() -> None:
    """With one entry between them, so that it reads as one that goes on; a small one is kept as it is."""
    matrix = np.arange(3e3).reshape(1000, 3)
    kept = excerpt(matrix)
    assert isinstance(kept, Excerpt) and kept.shape == (1000, 3)
    assert np.array_equal(kept.kept, matrix[[0, 1, 2, 3, 997, 998, 999]]) and len(kept.kept) == 2 * EDGE + 1
    small = np.arange(float(MAX_ENTRIES))
    assert excerpt(small) is small


def test_what_is_missing_of_a_container_is_counted() -> None:
    """As many parts as stand in the budget, then how many there are besides."""
    kept = excerpt(tuple(range(1_000)))
    assert isinstance(kept, tuple) and kept[-1] == Cut(1_000 - len(kept) + 1) and kept[0] == 0


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (1, 1),
        (True, True),
        (0.1, 0.1),
        (np.float32(0.1), float(np.float32(0.1))),
        (np.longdouble(2), 2.0),
        (np.array(3), 3),
        (float("nan"), "nan"),
        (-np.inf, "-inf"),
        (complex(1, float("inf")), {"real": 1.0, "imag": "inf"}),
        (np.complex64(1 - 2j), {"real": 1.0, "imag": -2.0}),
    ],
    ids=repr,
)
def test_a_number_is_told_as_json_can_hold_it(value: Any, plain: object) -> None:
    """What JSON has no number for is a text."""
    assert number(value) == plain and type(number(value)) is type(plain)
    assert json.loads(json.dumps(number(value), allow_nan=False)) == plain


@given(toys.values(st.one_of(toys.arrays(), st.builds(Refused, st.text(max_size=3)))))
def test_what_a_value_is_can_be_told_in_json(value: Value) -> None:
    """Its type, and what a sentence needs; never an entry."""
    assert json.loads(json.dumps(kind_of(value), allow_nan=False)) == kind_of(value)
    assert len(json.dumps(kind_of({"x" * 9_999: value}))) < 400
