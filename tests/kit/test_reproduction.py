"""A reproduction: every value comes back from its Python, and the file runs without the student's code."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import numpy as np
import pytest
import toys
from htilde.distributions import Law, Sample
from htilde.reports.reproduction import MARK, MAX_ENTRIES, literal, reproduction
from htilde.values import Refused, Rng, Value, canonical, leaves, snapshot
from hypothesis import given
from hypothesis import strategies as st
from test_explanation_faces import NASTY, explained, raises


def evaluated(value: Value) -> Value:
    """What comes back; a generator, which has lost its seed, by what it draws."""
    back = eval(literal(value), {"np": np, "inf": np.inf, "nan": np.nan})
    return snapshot(back)


def without_texts(value: Value) -> bool:
    return not any(isinstance(leaf, (Law, Sample, Refused, Rng)) for _, leaf in leaves(value))


def same(one: Value, other: Value) -> bool:
    """Identical, but for which of the many NaN it is."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        nan = one.dtype.kind in "fc" and bool(np.isnan(one).any())
        signs = nan or np.array_equal(np.signbit(one.real), np.signbit(other.real))
        alike = np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
        return one.dtype == other.dtype and one.shape == other.shape and alike and signs
    if isinstance(one, (tuple, list)) and isinstance(other, type(one)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return canonical(one) == canonical(other) or (one != one and other != other)


@given(toys.values().filter(without_texts))
def test_a_value_comes_back_from_its_python(value: Value) -> None:
    """Type, dtype, shape and every digit; ASCII only."""
    assert literal(value).isascii() and same(evaluated(value), value)


@given(st.sampled_from([np.longdouble, np.clongdouble]))
def test_long_doubles_come_back_on_every_machine(kind: type) -> None:
    """By NumPy's own names, which are the same everywhere."""
    value = np.array([1.5, -2.0], kind)
    assert "128" not in literal(value).replace("complex128", "") and same(evaluated(value), value)


def test_what_has_no_python_is_told_in_words() -> None:
    """A law, what was refused; and a generator makes the same draws."""
    assert evaluated(Law("normal", (2,), 0.5)) == "normal: mean 0, standard deviation 0.5"
    assert evaluated(Refused(f"a {NASTY}")) == "a \ufffd[2J\ufffdgood\ufffdline"
    drawn = eval(literal(Rng(7)), {"np": np})
    assert drawn.random() == np.random.default_rng(7).random()


def run(text: str, first: str = "") -> str:
    """What the file prints, after some code of one's own."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(first + text, "file.py", "exec"), {})
    return printed.getvalue()


def test_the_file_runs_and_asks_ones_own_function() -> None:
    """Alone it defines; with a function of the name it asks it, once for each property that failed."""
    text = reproduction(explained(toys.adds_two))
    assert text.startswith(MARK) and run(text) == "" and "def double" not in text
    assert run(text, "def double(x): return 7 * x\n") == "[7.]\n[7.]\n"
    assert run(text + "print(x, expected, got)") == "[1.] [2.] [3.]\n"
    assert "# %% is_right (public, main)" in text and "# %% is_right (hidden, main)" in text


@pytest.mark.parametrize("function", [raises, lambda x: iter(()), lambda x: f"'''\n{NASTY}\n\"\"\""])
def test_nothing_of_a_students_is_run(function: Callable[..., object]) -> None:
    """What was raised, printed or returned is a comment or a literal, whatever it says."""
    text = reproduction(explained(function))
    assert text.isascii() or "\ufffd" in text
    assert run(text) == "" and all(c == "\n" or c.isprintable() for c in text)


def test_a_long_answer_is_told_in_short() -> None:
    """The question is always whole."""
    text = reproduction(explained(lambda x: np.zeros(MAX_ENTRIES + 1)))
    assert len(text) < 5_000 and "got = '[0., 0., 0., ..., 0., 0., 0.]'" in text
