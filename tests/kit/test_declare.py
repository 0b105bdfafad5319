"""Declaring: what a decorator writes down, and that none is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograder.declare import (
    DEFAULT_TOLERANCE,
    Misconception,
    Probes,
    Property,
    Variant,
    collecting,
    edge,
    example,
    hidden,
    misconception,
    probes,
    public,
    tolerance,
    variant,
)
from autograder.model import Kind, Tolerance, Visibility


def twice(x: float, by: float) -> float:
    """It is twice x.

    Whatever x is.
    """
    return 2 * x


LINE = twice.__code__.co_firstlineno


@pytest.mark.parametrize(("decorator", "visibility"), [(public, Visibility.PUBLIC), (hidden, Visibility.HIDDEN)])
def test_a_property_is_what_its_function_says(
    decorator: Callable[..., Callable[[Any], Any]], visibility: Visibility
) -> None:
    """Name, claim, parameters and line come from the function; what isn't said has its default."""
    with collecting() as found:
        assert decorator("double", x="floats", by="ints")(twice) is twice
    claim = "It is twice x.\n\nWhatever x is."
    assert found.properties == [
        Property("double", "twice", claim, visibility, twice, {"x": "floats", "by": "ints"}, line=LINE)
    ]
    (declared,) = found.properties
    assert declared.parameters == ("x", "by")
    assert (declared.kind, declared.tolerance, declared.examples, declared.scale) == (
        Kind.MAIN,
        DEFAULT_TOLERANCE,
        (),
        None,
    )


def test_decorators_below_say_more() -> None:
    """Kind, tolerance, scale and examples are noted, the examples in the order in which one reads them."""

    def largest(x: float) -> float:
        return abs(x)

    with collecting() as found:

        @public("double")
        @example(x=1)
        @edge
        @example(x=2)
        @tolerance(rtol=1e-3, atol=1e-6, scale=largest)
        @example(x=3)
        def oracle(x: float) -> float:
            return 2 * x

    (declared,) = found.properties
    assert declared.kind is Kind.EDGE
    assert [dict(given) for given in declared.examples] == [{"x": 1}, {"x": 2}, {"x": 3}]
    assert (declared.tolerance, declared.scale) == (Tolerance(1e-3, 1e-6), largest)


@pytest.mark.parametrize("decorator", [edge, example(x=1), tolerance(rtol=0, atol=0)])
def test_a_decorator_that_would_be_lost_is_refused(decorator: Callable[[Any], Any]) -> None:
    """Above @public nothing would come of it, and nobody would know: an edge would count as a main property."""

    def oracle(x: float) -> float:
        return x

    with pytest.raises(TypeError, match="go below @public"):
        decorator(public("double")(oracle))


@pytest.mark.parametrize("decorator", [public, hidden, misconception, variant])
def test_parentheses_cant_be_forgotten(decorator: Callable[[Any], Any]) -> None:
    """``@public`` without an exercise would declare nothing; it says how to write it."""
    with pytest.raises(TypeError, match=rf'write @{decorator.__name__}\("exercise"'):
        decorator(twice)


def test_one_oracle_can_serve_two_exercises() -> None:
    """Decorated twice, a function is a property of both, with what stands below."""

    def oracle(x: float) -> float:
        return x

    with collecting() as found:
        public("one")(public("two")(edge(oracle)))
    assert [(p.exercise, p.kind) for p in found.properties] == [("two", Kind.EDGE), ("one", Kind.EDGE)]


def test_answers_and_probes_are_noted_in_order() -> None:
    """A misconception's docstring becomes its hint, on one line; each declaration knows its own line."""
    with collecting() as found:

        @misconception("double")
        def adds(x: float) -> float:
            """You added;
            multiply."""
            return x + 2

        @variant("double")
        def sums(x: float) -> float:
            return x + x

        probes("double", x=1.0)
        probes("double", x=2.0)

    line = adds.__code__.co_firstlineno
    assert found.misconceptions == [Misconception("double", "adds", "You added; multiply.", adds, line)]
    assert found.variants == [Variant("double", "sums", sums, line + 6)]
    assert found.probes == [Probes("double", {"x": x}, line + at) for x, at in ((1.0, 10), (2.0, 11))]


def test_outside_of_collecting_nothing_is_noted() -> None:
    """Importing a file of declarations has no effect; neither does one collection on another, whatever happens."""

    def fail() -> None:
        with collecting():
            public("inner")(twice)
            _ = 1 / 0

    with collecting() as outer:
        public("outer")(twice)
        with pytest.raises(ZeroDivisionError):
            fail()
        hidden("outer")(twice)
    assert public("nowhere")(twice)(3.0, 0.0) == 6.0
    assert variant("nowhere")(twice) is misconception("nowhere")(twice) is twice
    probes("nowhere")
    assert [p.exercise for p in outer.properties] == ["outer", "outer"]
