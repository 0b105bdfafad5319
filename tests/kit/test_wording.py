"""Values in words: any of them, short, as a person would write it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import toys
from htilde.distributions import Law, Sample
from htilde.evidence import excerpt
from htilde.telling.wording import describe, show
from htilde.values import Refused, Rng, Value
from hypothesis import given
from hypothesis import strategies as st

anything = st.one_of(toys.values(), toys.values(st.builds(Refused, st.text(max_size=3))))


@given(anything)
def test_anything_can_be_described_in_a_few_words(value: Value) -> None:
    """Every value has a description fit for a sentence."""
    assert 0 < len(describe(value)) < 300


@given(st.one_of(toys.arrays(), st.lists(toys.arrays(), max_size=3), st.text()))
def test_values_are_shown_on_one_line(value: Value) -> None:
    """A value's text has no line breaks."""
    assert "\n" not in show(value)


LAWS: list[tuple[Value, str]] = [
    (Rng(7), "default_rng(7)"),
    (Law("normal", (3, 2), 0.1), "normal: mean 0, standard deviation 0.1"),
    (Law("uniform", (3, 2), 1 / math.sqrt(3)), "uniform on [-1, 1]: standard deviation 0.57735"),
    (Sample((3, 2), 3, 2, 0.01, 0.25, 3.0), "mean 0.01, standard deviation 0.25"),
    (
        Sample((3, 2), 1, 2, 0.01, 0.25, 3.0),
        "mean 0.01, standard deviation 0.25; different rows: 1, different columns: 2",
    ),
]


@pytest.mark.parametrize(("value", "text"), LAWS, ids=[text for _, text in LAWS])
def test_chance_is_shown_in_words(value: Value, text: str) -> None:
    """A generator as one makes it, a law and what is measured by their numbers."""
    assert show(value) == text


def test_a_dict_is_shown_part_by_part() -> None:
    """A dict's arrays are shown as arrays are anywhere else."""
    assert "[[1., 0.], [0., 1.]]" in show({"dW": np.eye(2)})


LARGE: dict[str, Any] = {
    "a long array": np.arange(1e6),
    "a wide matrix": np.zeros((100, 100)),
    "a long string": "x" * 10_000,
    "many dimensions": np.zeros((4,) * 6),
    "a long list": list(range(10_000)),
    "many arrays": [np.arange(12.0)] * 1_000,
    "a forged refusal": Refused("x" * 10_000),
}


@pytest.mark.parametrize("name", LARGE)
def test_what_is_shown_is_short(name: str) -> None:
    """However much a student returns, a page can hold what is shown of it."""
    assert len(show(LARGE[name])) <= 2_000


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1 / 3, "0.333333"),
        (np.float64(1 / 3), "0.333333"),
        (np.array([1.5, 2.5]), "[1.5, 2.5]"),
        (np.zeros((0, 3)), "an empty array of shape (0, 3)"),
        ((1.0, np.array([2.0])), "(1, [2.])"),
        (Refused("a generator"), "a generator"),
        (None, "None"),
        (True, "True"),
        (np.True_, "True"),
        ("a\n", "'a\\n'"),
    ],
    ids=str,
)
def test_values_are_shown_as_a_person_would_write_them(value: Any, text: str) -> None:
    """Six digits, no dtype, no line breaks."""
    assert show(value) == text


@pytest.mark.parametrize("name", LARGE)
def test_what_is_kept_of_a_large_value_reads_like_the_whole(name: str) -> None:
    """Evidence is cut where its text is: nobody sees a difference, whatever the number of digits."""
    for digits in (6, 17):
        assert show(excerpt(LARGE[name]), digits=digits) == show(LARGE[name], digits=digits)
