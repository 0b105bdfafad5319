"""Decorators with which the files in a course's ``tests/`` declare properties, misconceptions, probes and variants.

    @public("sigmoid_derivative", h_tilde=pre_activations)
    def matches_autograd(h_tilde):
        '''The derivative equals torch autograd's at ordinary pre-activations.'''
        return local_gradient(torch.sigmoid, h_tilde)

A property is its own oracle: it returns the right answer. Its docstring is the claim that students read, and a
misconception's docstring is the hint. Outside of ``collecting`` a declaration has no effect.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, overload

from htilde.model import Kind, Parts, Tolerance, Visibility

__all__ = [
    "ALONG",
    "Collection",
    "Curve",
    "Derivation",
    "Misconception",
    "Named",
    "Probes",
    "Property",
    "Variant",
    "collecting",
    "curve",
    "derivation",
    "edge",
    "example",
    "hidden",
    "misconception",
    "parts",
    "probes",
    "public",
    "tolerance",
    "unchanged",
    "variant",
]

Oracle = Callable[..., Any]
F = TypeVar("F", bound=Oracle)


@dataclass(frozen=True)
class Property:
    """A claim about an exercise: strategies for its arguments and an oracle for the answer.

    Without a stated ``tolerance`` one is derived from the exercise's right forms (``authoring.allowances``).
    ``announced`` are the words with which the exercise's stub announces an edge, ``unchanged`` the arguments that must
    be after the call what they were before.
    """

    exercise: str
    name: str
    claim: str
    visibility: Visibility
    oracle: Oracle
    strategies: Mapping[str, Any]
    kind: Kind = Kind.MAIN
    tolerance: Tolerance | None = None
    examples: tuple[Mapping[str, Any], ...] = ()
    scale: Callable[..., float] | None = None
    announced: str = ""
    unchanged: tuple[str, ...] = ()
    line: int = 0

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the exercise's arguments, in order."""
        return tuple(inspect.signature(self.oracle).parameters)


@dataclass(frozen=True)
class Misconception:
    """A known wrong answer. ``hint`` says which mistake it is, not what is right."""

    exercise: str
    name: str
    hint: str
    function: Oracle
    line: int = 0


@dataclass(frozen=True)
class Derivation:
    """A way to the right answer in named steps: each assignment of the function is one."""

    exercise: str
    name: str
    function: Oracle
    line: int = 0


@dataclass(frozen=True)
class Variant:
    """An independent right answer in another honest style."""

    exercise: str
    name: str
    function: Oracle
    line: int = 0


@dataclass(frozen=True)
class Probes:
    """One set of arguments on which an exercise's misconceptions are told apart."""

    exercise: str
    arguments: Mapping[str, Any]
    line: int = 0


@dataclass(frozen=True)
class Curve(Probes):
    """The arguments over which a wrong answer is plotted beside the right one."""


@dataclass(frozen=True)
class Named:
    """The names of the parts of an exercise's answer, and what the parts run along."""

    exercise: str
    parts: Parts
    line: int = 0


@dataclass
class Collection:
    """Everything that was declared while one file ran, in order."""

    properties: list[Property] = field(default_factory=list)
    misconceptions: list[Misconception] = field(default_factory=list)
    variants: list[Variant] = field(default_factory=list)
    derivations: list[Derivation] = field(default_factory=list)
    probes: list[Probes] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)


_current: ContextVar[Collection | None] = ContextVar("collection", default=None)


@contextmanager
def collecting() -> Iterator[Collection]:
    """Collect what is declared inside the ``with`` block."""
    collection = Collection()
    token = _current.set(collection)
    try:
        yield collection
    finally:
        _current.reset(token)


def public(exercise: str, /, **strategies: Any) -> Callable[[F], F]:
    """Declare a property that students may read. ``strategies`` has a Hypothesis strategy for each argument."""
    return _property(exercise, Visibility.PUBLIC, strategies)


def hidden(exercise: str, /, **strategies: Any) -> Callable[[F], F]:
    """Declare a property that never ships: students learn its claim when it fails, never its inputs."""
    return _property(exercise, Visibility.HIDDEN, strategies)


def _property(exercise: str, visibility: Visibility, strategies: Mapping[str, Any]) -> Callable[[F], F]:
    _require_exercise(exercise, visibility.value)

    def declare(oracle: F) -> F:
        declared = Property(
            exercise,
            oracle.__name__,
            inspect.cleandoc(oracle.__doc__ or ""),
            visibility,
            oracle,
            strategies,
            line=oracle.__code__.co_firstlineno,
        )
        declared = replace(declared, **getattr(oracle, "_declared", {}))
        if (collection := _current.get()) is not None:
            collection.properties.append(declared)
        oracle._is_declared = True  # type: ignore[attr-defined]
        return oracle

    return declare


def _require_exercise(exercise: object, decorator: str) -> None:
    if not isinstance(exercise, str):  # without parentheses nothing would be declared, and nobody would know
        raise TypeError(f'write @{decorator}("exercise", ...), with the name of an exercise')


@overload
def edge(oracle: F, /) -> F: ...
@overload
def edge(*, announced: str) -> Callable[[F], F]: ...
def edge(oracle: F | None = None, /, *, announced: str = "") -> F | Callable[[F], F]:
    """Mark a property as an edge case, which counts once every main property passes. Goes below ``@public``.

    ``announced`` are the words of the exercise's stub, or of the notebook's first text, that announce the edge:
    ``verify`` finds them there, in the English notebook.
    """
    if oracle is not None:
        return _declare(oracle, kind=Kind.EDGE)
    return lambda oracle: _declare(oracle, kind=Kind.EDGE, announced=announced)


def unchanged(*parameters: str) -> Callable[[F], F]:
    """Demand that these arguments are after the call what they were before. Goes below ``@public`` or ``@hidden``."""
    return lambda oracle: _declare(oracle, unchanged=parameters)


def example(**arguments: Any) -> Callable[[F], F]:
    """Ask these arguments before any that are drawn. May be repeated; goes below ``@public``."""

    def declare(oracle: F) -> F:
        return _declare(oracle, examples=(arguments, *getattr(oracle, "_declared", {}).get("examples", ())))

    return declare


def tolerance(*, rtol: float, atol: float, scale: Callable[..., float] | None = None) -> Callable[[F], F]:
    """State a property's tolerance, ``|got - want| <= rtol * |want| + atol * scale``, rather than let it be derived.

    ``scale`` takes the arguments and returns the unit of ``atol`` (say, the largest upstream gradient). Without it
    the unit is 1 or the answer's largest entry, whichever is more.
    """
    return lambda oracle: _declare(oracle, tolerance=Tolerance(rtol, atol), scale=scale)


def _declare(oracle: F, **fields: Any) -> F:
    if getattr(oracle, "_is_declared", False):  # it would be lost
        raise TypeError("@edge, @example, @tolerance and @unchanged go below @public or @hidden")
    oracle._declared = {**getattr(oracle, "_declared", {}), **fields}  # type: ignore[attr-defined]
    return oracle


def misconception(exercise: str, /) -> Callable[[F], F]:
    """Declare a wrong answer that students are known to give. The docstring is the hint."""
    _require_exercise(exercise, "misconception")

    def declare(function: F) -> F:
        if (collection := _current.get()) is not None:
            hint = " ".join(inspect.cleandoc(function.__doc__ or "").split())
            line = function.__code__.co_firstlineno
            collection.misconceptions.append(Misconception(exercise, function.__name__, hint, function, line))
        return function

    return declare


def variant(exercise: str, /) -> Callable[[F], F]:
    """Declare an independent right answer, which must get full marks."""
    _require_exercise(exercise, "variant")

    def declare(function: F) -> F:
        if (collection := _current.get()) is not None:
            line = function.__code__.co_firstlineno
            collection.variants.append(Variant(exercise, function.__name__, function, line))
        return function

    return declare


def derivation(exercise: str, /) -> Callable[[F], F]:
    """Declare a way to the right answer in named steps, each an assignment. ``verify`` holds it against the oracle."""
    _require_exercise(exercise, "derivation")

    def declare(function: F) -> F:
        if (collection := _current.get()) is not None:
            line = function.__code__.co_firstlineno
            collection.derivations.append(Derivation(exercise, function.__name__, function, line))
        return function

    return declare


def probes(exercise: str, /, **arguments: Any) -> None:
    """Declare a set of arguments on which an exercise's misconceptions are told apart.

    May be repeated: the first set on which an answer is wrong decides.
    """
    if (collection := _current.get()) is not None:
        collection.probes.append(Probes(exercise, arguments, sys._getframe(1).f_lineno))


def curve(exercise: str, /, **arguments: Any) -> None:
    """Declare the arguments over which a wrong answer is plotted beside the right one.

    One argument is the x-axis, an increasing 1-d array; the answer has its length. Belongs in the public file.
    """
    if (collection := _current.get()) is not None:
        collection.curves.append(Curve(exercise, arguments, sys._getframe(1).f_lineno))


ALONG = ("layer", "block", "step", "gate")
"""The words for what an answer may run along. They are translated (``telling``)."""


def parts(
    exercise: str,
    /,
    *names: str,
    along: str = "",
    backward: bool = False,
    order: Sequence[str] = (),
    each: bool = False,
    once: Sequence[str] = (),
    gates: Sequence[str] = (),
    gated: Sequence[str] = (),
) -> None:
    """Name the parts of an answer, so that students read "dW" and not "[1]". Belongs in the public file.

    ``along`` says that every part is a list (or an array, by axis 0) with an entry for each "layer", "block" or "step",
    but for those that are there ``once``; with ``each`` the answer is a list with a tuple of all parts for each. Then
    students are shown where the first wrong one is: from the last place to the first if ``backward``, and at each place
    in the ``order`` of computation.

    The last axis of the ``gated`` parts holds a block of columns for each of the ``gates``, side by side, which are
    told apart, too; ``along="gate"`` if the answer runs along nothing else.

    Raises TypeError or ValueError for names that can't be told apart, or names of other parts.
    """
    if not names or not all(isinstance(name, str) and name.isidentifier() for name in (exercise, *names, *gates)):
        raise TypeError('write parts("exercise", "dh", "dW", "db"): the names of the parts, in the order of the answer')
    if len(set(names)) < len(names):
        raise ValueError(f"two parts have the same name: {', '.join(names)}")
    if along and along not in ALONG:
        raise ValueError(f"along={along!r}: one of {', '.join(ALONG)} is expected")
    if (backward or order or each or once) and not along:
        raise ValueError("backward, order, each and once say how the parts run along something: along is missing")
    if order and sorted(order) != sorted(names):
        raise ValueError(f"order has {', '.join(order)}; the parts are {', '.join(names)}")
    if others := {*once, *gated}.difference(names):
        raise ValueError(f"once and gated have {', '.join(sorted(others))}; the parts are {', '.join(names)}")
    if bool(gates) != bool(gated) or (along == "gate" and not gates) or len(set(gates)) < len(gates):
        raise ValueError("gates, each once, and the gated parts, whose columns they share, are told together")
    if each and (once or gated):
        raise ValueError("with each, every part has an entry for each place: once and gated say otherwise")
    if (collection := _current.get()) is not None:
        told = Parts(names, along, backward, tuple(order) or names, each, tuple(once), tuple(gates), tuple(gated))
        collection.named.append(Named(exercise, told, sys._getframe(1).f_lineno))
