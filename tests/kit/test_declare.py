"""Declaring: what a decorator writes down, and that none is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from htilde.declare import (
    Misconception,
    Named,
    Probes,
    Property,
    Variant,
    collecting,
    edge,
    example,
    hidden,
    misconception,
    parts,
    probes,
    public,
    tolerance,
    variant,
)
from htilde.model import Kind, Parts, Tolerance, Visibility


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
        None,
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


def test_the_parts_of_an_answer_are_noted() -> None:
    """Their names, what they run along, and the order of computation, which is that of the names if none is given."""
    with collecting() as found:
        parts("linear_backward", "dh", "dW")
        parts("mlp_backward", "dW", "dh", along="layer", backward=True, order=["dh", "dW"])
        parts("stack", "dW", "db", along="block", each=True)
        parts("lstm", "dh", "dW", along="step", once=["dW"], gates=["i", "f"], gated=["dW"])
    parts("nowhere", "dW")
    line = test_the_parts_of_an_answer_are_noted.__code__.co_firstlineno + 3
    assert found.named == [
        Named("linear_backward", Parts(("dh", "dW"), order=("dh", "dW")), line),
        Named("mlp_backward", Parts(("dW", "dh"), "layer", True, ("dh", "dW")), line + 1),
        Named("stack", Parts(("dW", "db"), "block", False, ("dW", "db"), each=True), line + 2),
        Named(
            "lstm",
            Parts(("dh", "dW"), "step", False, ("dh", "dW"), once=("dW",), gates=("i", "f"), gated=("dW",)),
            line + 3,
        ),
    ]


UNTOLD: dict[str, tuple[tuple[Any, ...], Mapping[str, Any], type[Exception], str]] = {
    "no names": (("f",), {}, TypeError, 'write parts\\("exercise", "dh", "dW"'),
    "a name that is none": (("f", "dh", "d W"), {}, TypeError, "write parts"),
    "a number": (("f", "dh", 2), {}, TypeError, "write parts"),
    "no exercise": ((twice, "dh"), {}, TypeError, "write parts"),
    "a name twice": (("f", "dh", "dW", "dh"), {}, ValueError, "two parts have the same name"),
    "along what isn't known": (("f", "dh"), {"along": "layers"}, ValueError, "one of layer, block, step"),
    "backward along nothing": (("f", "dh"), {"backward": True}, ValueError, "along is missing"),
    "each of nothing": (("f", "dh"), {"each": True}, ValueError, "along is missing"),
    "an order of nothing": (("f", "dh"), {"order": ("dh",)}, ValueError, "along is missing"),
    "an order of others": (
        ("f", "dh", "dW"),
        {"along": "layer", "order": ("dh", "db")},
        ValueError,
        "order has dh, db; the parts are dh, dW",
    ),
    "once along nothing": (("f", "dh"), {"once": ("dh",)}, ValueError, "along is missing"),
    "once what there isn't": (("f", "dh"), {"along": "step", "once": ("dW",)}, ValueError, "once and gated have dW"),
    "gates of nothing": (("f", "dh"), {"gates": ("i", "f")}, ValueError, "are told together"),
    "gated without gates": (("f", "dh"), {"gated": ("dh",)}, ValueError, "are told together"),
    "along gates that there aren't": (("f", "dh"), {"along": "gate"}, ValueError, "are told together"),
    "a gate twice": (("f", "dh"), {"gates": ("i", "i"), "gated": ("dh",)}, ValueError, "each once"),
    "a gate that is no name": (("f", "dh"), {"gates": ("1",), "gated": ("dh",)}, TypeError, "write parts"),
    "each and once": (
        ("f", "dh", "dW"),
        {"along": "block", "each": True, "once": ("dh",)},
        ValueError,
        "every part has an entry",
    ),
    "an order of some": (("f", "dh", "dW"), {"along": "layer", "order": ("dh",)}, ValueError, "the parts are dh, dW"),
}


@pytest.mark.parametrize(("arguments", "more", "error", "told"), UNTOLD.values(), ids=UNTOLD)
def test_parts_that_say_nothing_are_refused(
    arguments: tuple[Any, ...], more: Mapping[str, Any], error: type[Exception], told: str
) -> None:
    """Names that can't be told apart, or an order that is none, are told where they are written."""
    with pytest.raises(error, match=told):
        parts(*arguments, **more)
