"""Derive how far from the right answer an honest one may be, entry by entry, from the spread of right forms.

The right forms are the reference and every variant. Each is asked an example's arguments and several neighbours of
them, a few units in the last place away, so that an entry which all forms happen to meet exactly isn't held to that.
The spread is the largest distance from the truth, which is a right form in extended precision. Where right forms
cancel (``1 - tanh(x)**2`` far from 0) it is an absolute matter; where they agree to the last digits, a relative one.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from htilde.authoring.forms import Form
from htilde.examination.allowance import Allowance, exponents
from htilde.isolation.wire import encode
from htilde.values import Array, Value, leaves, materialize, snapshot

__all__ = ["FLOOR", "MARGIN", "Case", "derived"]

MARGIN = 20
"""The spread of right forms, times this, is what an answer may be away from the right one."""
FLOOR = 4
"""Units in the last place of the right answer that are allowed in any case."""
_NEIGHBOURS = 5
"""Neighbours of an example's arguments at which the spread is measured, besides the arguments themselves."""
_AWAY = 8
"""Units in the last place by which the entries of a neighbour are away, at most."""
_PLAINLY = 2.0**20
"""Units in the last place of an answer's largest entry by which a mistake is wrong that must not pass.

What is nearer is right but for the way in which it was rounded.
"""
_FAR = 1e-3
"""A form that is farther than this from the oracle, in units of the question's largest answer, is wrong."""
_CANCELLED = 2.0**-40
"""An answer that is smaller than this, in units of its largest argument, may be what is left where right forms cancel.
"""
_EXTENDED = 2.0**-63
"""The precision of extended numbers."""
_JUMP = 1e-4
"""A truth that changes by more than this of its largest entry jumps there, and the neighbour doesn't count."""


@dataclass(frozen=True, slots=True)
class Case:
    """Arguments, the oracle's answer to them, and what each known mistake answers."""

    arguments: Sequence[Value]
    answer: Value
    mistaken: Sequence[Value] = ()


def derived(forms: Mapping[str, Form], cases: Sequence[Case]) -> list[Allowance]:
    """Return the allowance of each of a question's examples: ``MARGIN`` times the spread of right forms.

    What the oracle is away from the truth counts in any case, and the reference, the first of the ``forms``, unless it
    is plainly wrong. Another form doesn't count either if by its spread a known mistake would pass all examples that
    otherwise fails one: then the question asks more than this form can give. Nothing is allowed less than ``FLOOR``.
    """
    largest = max(map(_unit, cases), default=0.0)
    measured = [_Measured.of(forms, case, largest) for case in cases]
    counted: list[str] = []
    caught = set[int]()
    for name in forms:
        if not all(each.away[name] <= _FAR * largest for each in measured):
            continue
        if caught <= set().union(*(each.caught([*counted, name]) for each in measured)):
            counted.append(name)
        if len(counted) == 1:
            caught = set().union(*(each.caught(counted) & each.plainly_wrong for each in measured))
    return [_built(each.case.answer, each.allowed(counted)) for each in measured]


@dataclass(frozen=True, slots=True)
class _Measured:
    """A case with its right numbers, all in one array, and what the forms and mistakes answer.

    ``spreads`` has for the oracle, which has no name, and for each form its largest distance from the truth, entry by
    entry, and ``away`` how far each form is from the oracle. A mistake that answers no such numbers has None.
    """

    case: Case
    right: Array
    ulps: Array
    spreads: dict[str, Array]
    away: dict[str, float]
    mistaken: dict[int, Array | None]

    @classmethod
    def of(cls, forms: Mapping[str, Form], case: Case, largest: float) -> _Measured:
        right = _numbers(case.answer, case.answer)
        if not right.size:
            return cls(case, right, right, dict.fromkeys(("", *forms), right), dict.fromkeys(forms, 0.0), {})
        found = {name: _asked(form, case.arguments, case.answer) for name, form in forms.items()}
        away = {name: np.inf if mine is None else _largest(_distance(mine, right)) for name, mine in found.items()}
        truth = _in_extended_precision(forms.values(), case, right, _FAR * largest)
        truth = truth or next((forms[name] for name in forms if away[name] <= _FAR * largest), None)
        if truth is None:
            spreads = dict.fromkeys(("", *forms), np.zeros(right.shape))
        else:
            spreads = _spreads(forms, case, right, truth)
        mistaken = {at: _numbers_if_any(value, case.answer) for at, value in enumerate(case.mistaken)}
        return cls(case, right, _ulps(case.answer), spreads, away, mistaken)

    def allowed(self, counted: Sequence[str]) -> Array:
        """Return the distances that are allowed if these forms count."""
        spread = np.zeros(self.right.shape)
        for name in ("", *counted):
            if np.isfinite(self.spreads[name]).all():
                spread = np.maximum(spread, self.spreads[name])
        # Where forms cancel to 0 in extended precision, too, a better one gives what is left.
        arguments = tuple(self.case.arguments)
        left = np.where(self.right == 0, _EXTENDED * _largest(_numbers(arguments, arguments)), 0.0)
        with np.errstate(all="ignore"):
            return np.asarray(MARGIN * np.maximum(spread, left) + FLOOR * self.ulps)

    def caught(self, counted: Sequence[str]) -> set[int]:
        """Return the mistakes, by number, that are wrong here if these forms count."""
        return self._beyond(self.allowed(counted))

    @property
    def plainly_wrong(self) -> set[int]:
        """The mistakes, by number, that are wrong here by more than rounding."""
        with np.errstate(all="ignore"):
            return self._beyond(np.full(self.right.shape, _PLAINLY * np.max(self.ulps, initial=0.0)))

    def _beyond(self, allowed: Array) -> set[int]:
        return {
            at
            for at, numbers in self.mistaken.items()
            if numbers is None or not (_distance(numbers, self.right) <= allowed).all()
        }


def _unit(case: Case) -> float:
    """Return the size of an answer; of one that cancels to next to nothing, that of what it is made from, scaled."""
    arguments = tuple(case.arguments)
    return max(_largest(_numbers(case.answer, case.answer)), _CANCELLED * _largest(_numbers(arguments, arguments)))


def _largest(numbers: Array) -> float:
    return float(np.max(np.abs(numbers), initial=0.0, where=np.isfinite(numbers)))


def _distance(one: Array, other: Array) -> Array:
    """Return the distance of each entry, float64; infinite where one isn't finite and the other isn't the same."""
    with np.errstate(all="ignore"):
        apart: Array = np.abs(one - other).astype(np.float64)
        if np.isfinite(apart).all():
            return apart
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        return np.asarray(np.where(same, 0.0, np.nan_to_num(apart, nan=np.inf)))


def _spreads(forms: Mapping[str, Form], case: Case, right: Array, truth: Form) -> dict[str, Array]:
    """Return the largest distance from the truth of the oracle, which has no name, and of each form.

    A form that fails, or has another shape, is infinitely far away.
    """
    spreads = dict.fromkeys(("", *forms), np.zeros(right.shape))
    unit = _unit(case)
    first: dict[str, Array] = {}
    for point in (tuple(case.arguments), *_neighbours(case.arguments)):
        exact = _asked(truth, point, case.answer)
        if exact is None or _jumps(first.setdefault("", exact), exact, unit):
            continue
        if not first.keys() & forms.keys():
            spreads[""] = _distance(right, exact)
        for name, form in forms.items():
            found = _asked(form, point, case.answer)
            if found is None:
                spreads[name] = np.full(right.shape, np.inf)
            elif not _jumps(first.setdefault(name, found), found, unit) or _jumps(first[""], first[name], unit):
                spreads[name] = np.maximum(spreads[name], _distance(found, exact))
    return spreads


def _jumps(here: Array, there: Array, unit: float) -> bool:
    """Tell whether an answer jumps between two neighbours: there is a kink between them, and not only rounding."""
    return float(np.max(_distance(here, there), initial=0.0)) > _JUMP * max(unit, _largest(here))


def _in_extended_precision(forms: Iterable[Form], case: Case, right: Array, near: float) -> Form | None:
    """Return the first form that is right and stays in extended precision when its arguments are."""
    for form in forms:

        def truth(*arguments: Any, form: Form = form) -> Any:
            return form(*(_in_extended(argument) for argument in arguments))

        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                value = snapshot(truth(*map(materialize, case.arguments)))
            except (Exception, SystemExit):
                continue
        found = _numbers_if_any(value, case.answer)
        if found is None or not _largest(_distance(found, right)) <= near:
            continue
        if all(part.dtype in (np.longdouble, np.clongdouble) for part in _parts(value, case.answer) or []):
            return truth
    return None


def _in_extended(argument: Any) -> Any:
    """Return an argument with its floating-point numbers in extended precision."""
    if isinstance(argument, (tuple, list)):
        return type(argument)(map(_in_extended, argument))
    if isinstance(argument, dict):
        return {key: _in_extended(part) for key, part in argument.items()}
    if isinstance(argument, float):
        return np.longdouble(argument)
    if isinstance(argument, np.ndarray) and argument.dtype.kind == "f":
        return argument.astype(np.longdouble)
    return argument


def _neighbours(arguments: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """Yield neighbours of arguments, always the same: each entry a few units in the last place away.

    Zeros stay, and so does all that isn't a floating-point number.
    """
    seed = int.from_bytes(hashlib.sha256(encode(tuple(arguments))).digest()[:8], "big")
    rng = np.random.default_rng(seed)

    def moved(value: Value) -> Value:
        if isinstance(value, (tuple, list)):
            return type(value)(map(moved, value))
        if isinstance(value, dict):
            return {key: moved(part) for key, part in value.items()}
        if isinstance(value, float):
            return float(value * (1 + _AWAY * np.finfo(float).eps * rng.uniform(-1, 1)))
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            by = _AWAY * np.finfo(value.dtype).eps * rng.uniform(-1, 1, value.shape)
            with np.errstate(all="ignore"):
                return np.asarray(value * (1 + by.astype(value.dtype)), value.dtype)
        return value

    for _ in range(_NEIGHBOURS):
        yield tuple(map(moved, arguments))


def _asked(form: Form, arguments: Sequence[Value], answer: Value) -> Array | None:
    """Return the numbers of a form's answer; None if it raises or answers something else."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = snapshot(form(*map(materialize, arguments)))
        except (Exception, SystemExit):  # it fails as a submission, too, and verify tells how
            return None
    return _numbers_if_any(value, answer)


def _numbers(value: Value, answer: Value) -> Array:
    """Return all floating-point numbers of an answer in one array."""
    found = _numbers_if_any(value, answer)
    assert found is not None
    return found


def _numbers_if_any(value: Value, answer: Value) -> Array | None:
    """Return what stands in the place of the right answer's floating-point numbers; None if something else does."""
    parts = _parts(value, answer)
    if parts is None:
        return None
    return np.concatenate([np.ravel(part) for part in parts]) if parts else np.zeros(0)


def _parts(value: Value, answer: Value) -> list[Array] | None:
    """Return what stands in the place of each floating-point part of the right answer; None if it doesn't fit there."""
    found: list[Array] = []
    given = dict(leaves(value))
    for where, right in leaves(answer):
        if not _is_floating(right):
            continue
        mine = given.get(where)
        if not isinstance(mine, (bool, int, float, np.ndarray)):
            return None
        part = np.asarray(mine)
        if part.dtype.kind not in "biufc" or part.size != np.size(right):  # type: ignore[arg-type]
            return None
        found.append(part)
    return found


def _is_floating(value: Value) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind in "fc")


def _ulps(answer: Value) -> Array:
    """Return the unit in the last place of each number of an answer, in one array of float64."""
    with np.errstate(all="ignore"):
        ulps = [np.ravel(np.spacing(np.abs(np.asarray(part)))) for part in _parts(answer, answer) or []]
    return np.nan_to_num(np.concatenate(ulps).astype(np.float64))


def _built(answer: Value, distance: Array) -> Allowance:
    """Return distances in the structure of the answer, None where it has no floating-point numbers."""
    rest = exponents(distance)

    def built(part: Value) -> Allowance:
        nonlocal rest
        if isinstance(part, (tuple, list)):
            return [built(each) for each in part]
        if isinstance(part, dict):
            return {key: built(each) for key, each in part.items()}
        if not _is_floating(part):
            return None
        shape = np.shape(part)  # type: ignore[arg-type]
        mine, rest = rest[: (size := int(np.prod(shape)))], rest[size:]
        return mine.reshape(shape)

    return built(answer)
