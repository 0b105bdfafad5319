"""Derive how far from the right answer an honest one may be, entry by entry, from the spread of right forms.

The right forms are the reference and every variant. Each is asked an example's arguments and several neighbours of
them, a few units in the last place away, so that an entry which all forms happen to meet exactly isn't held to that.
The spread is the largest distance from the truth, which is a right form in extended precision. Where right forms
cancel (``1 - tanh(x)**2`` far from 0) it is an absolute matter; where they agree to the last digits, a relative one.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from htilde.authoring.master import Master
from htilde.authoring.sources import used_statements
from htilde.examination.allowance import Allowance, exponents
from htilde.isolation.wire import encode
from htilde.values import Array, Value, leaves, materialize, snapshot

__all__ = ["FLOOR", "MARGIN", "Case", "Form", "derived", "references"]

MARGIN = 20
"""How many times the spread of right forms an answer may be away from the right one."""
FLOOR = 4
"""Units in the last place of the right answer that are allowed in any case."""
_NEIGHBOURS = 6
"""Neighbours of an example's arguments at which the spread is measured, besides the arguments themselves."""
_AWAY = 8
"""Units in the last place by which the entries of a neighbour are away, at most."""
_PLAINLY = 1000
"""How many times what is allowed by the reference a mistake must be away to be one that must not pass.

What is nearer is right here but for the way in which it was rounded.
"""
_JUMP = 1e-4
"""A truth that changes by more than this of its largest entry jumps there, and the neighbour doesn't count."""

Form = Callable[..., Any]


def references(master: Master, exercises: Sequence[str]) -> dict[str, Form]:
    """Return the reference solutions as functions of this process. The master is the author's own, as are declarations.

    Of the notebook's other cells only imports, functions and constants that the solutions use are run.
    """
    body = [statement for cell in master.cells if cell.is_code for statement in _statements(cell.source)]
    wanted = ast.Tuple([ast.Name(name) for name in exercises])
    namespace: dict[str, Any] = {}
    for statement in used_statements(body, wanted):
        if _is_simple(statement):
            code = compile(ast.fix_missing_locations(ast.Module([statement], [])), str(master.path), "exec")
            exec(code, namespace)
    return {name: namespace[name] for name in exercises if callable(namespace.get(name))}


def _statements(source: str) -> list[ast.stmt]:
    """Return the statements of a cell, none of one that isn't Python alone."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _is_simple(statement: ast.stmt) -> bool:
    """Tell whether a statement is an import, a function, or gives a name a literal."""
    if isinstance(statement, ast.Assign):
        try:
            ast.literal_eval(statement.value)
        except ValueError:
            return False
        return True
    return isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef)


@dataclass(frozen=True, slots=True)
class Case:
    """Arguments, the oracle's answer to them, and what each known mistake answers."""

    arguments: Sequence[Value]
    answer: Value
    mistaken: Sequence[Value] = ()


def derived(forms: Mapping[str, Form], cases: Sequence[Case]) -> list[Allowance]:
    """Return the allowance of each of a question's examples: ``MARGIN`` times the spread of right forms.

    The first of the ``forms`` is the reference, and what the oracle is away from the truth counts with it. Another form
    doesn't count if by its spread a known mistake would pass all examples that otherwise fails one: then the question
    asks more than this form can give. Nothing is allowed less than ``FLOOR``.
    """
    measured = [_Measured.of(forms, case) for case in cases]
    names = [*forms]
    counted = names[:1]
    caught = set().union(*(each.caught(counted, times=_PLAINLY) for each in measured))
    for name in names[1:]:
        if caught <= set().union(*(each.caught([*counted, name]) for each in measured)):
            counted.append(name)
    return [_built(each.case.answer, map(exponents, each.allowed(counted))) for each in measured]


@dataclass(frozen=True, slots=True)
class _Measured:
    """A case with its right numbers, the spread of each form, and the numbers of each mistake that has any."""

    case: Case
    right: list[Array]
    spreads: dict[str, list[Array]]
    mistaken: dict[int, list[Array] | None]

    @classmethod
    def of(cls, forms: Mapping[str, Form], case: Case) -> _Measured:
        answer = case.answer
        right = _numbers(answer, answer) or []
        spreads = _spreads(forms, case, right) if right else {name: [] for name in forms}
        mistaken = {at: _numbers(value, answer) for at, value in enumerate(case.mistaken)} if right else {}
        return cls(case, right, spreads, mistaken)

    def allowed(self, counted: Sequence[str]) -> list[Array]:
        """Return the distances that are allowed if these forms count."""
        spread = [np.zeros(part.shape) for part in self.right]
        for name in counted:
            found = self.spreads[name]
            if all(np.isfinite(part).all() for part in found):
                spread = _most(spread, found)
        with np.errstate(all="ignore"):
            ulps = [np.spacing(np.abs(part)).astype(np.float64) for part in self.right]
            return [MARGIN * part + FLOOR * ulp for part, ulp in zip(spread, ulps)]

    def caught(self, counted: Sequence[str], *, times: float = 1) -> set[int]:
        """Return the mistakes, by number, that are wrong here by so many times what is allowed if these forms count."""
        allowed = [times * part for part in self.allowed(counted)]
        return {at for at, numbers in self.mistaken.items() if numbers is None or not self._within(numbers, allowed)}

    def _within(self, numbers: Sequence[Array], allowed: Sequence[Array]) -> bool:
        return all(bool((_distance(a, b) <= near).all()) for a, b, near in zip(numbers, self.right, allowed))


def _most(one: Sequence[Array], other: Sequence[Array]) -> list[Array]:
    return [np.maximum(a, b) for a, b in zip(one, other)]


def _distance(one: Array, other: Array) -> Array:
    """Return the distance of each entry, float64; infinite where one isn't finite and the other isn't the same."""
    with np.errstate(all="ignore"):
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        apart = np.abs(one.astype(np.clongdouble if one.dtype.kind == "c" else np.longdouble) - other)
        return np.where(same, 0.0, np.nan_to_num(apart.astype(np.float64), nan=np.inf))


def _spreads(forms: Mapping[str, Form], case: Case, right: Sequence[Array]) -> dict[str, list[Array]]:
    """Return the largest distance of each form from the truth, entry by entry; the reference's takes in the oracle's.

    A form that fails, or has another shape, is infinitely far away.
    """
    answer = case.answer
    truth = _in_extended_precision(forms.values(), case)
    reference = next(iter(forms))
    spreads = {name: [np.zeros(part.shape) for part in right] for name in forms}
    here: list[Array] = []
    at_first: dict[str, list[Array]] = {}
    for point in (tuple(case.arguments), *_neighbours(case.arguments)):
        exact = truth(point) if truth else _asked(forms[reference], point, answer)
        if exact is None or (here and _jumps(here, exact)):
            continue
        if not here:
            here = exact
            spreads[reference] = [_distance(a, b) for a, b in zip(right, exact)]
        for name, form in forms.items():
            found = _asked(form, point, answer)
            if found is None:
                spreads[name] = [np.full(part.shape, np.inf) for part in right]
                continue
            first = at_first.setdefault(name, found)
            if _jumps(first, found) and not _jumps(here, first):  # over a kink that the truth is still on
                continue
            spreads[name] = _most(spreads[name], [_distance(a, b) for a, b in zip(found, exact)])
    return spreads


def _jumps(here: Sequence[Array], there: Sequence[Array]) -> bool:
    largest = max((float(np.max(np.abs(part[np.isfinite(part)]), initial=0.0)) for part in here), default=0.0)
    apart = max((float(np.max(_distance(a, b), initial=0.0)) for a, b in zip(here, there)), default=0.0)
    return apart > _JUMP * largest


_Truth = Callable[[Sequence[Value]], "list[Array] | None"]


def _in_extended_precision(forms: Iterable[Form], case: Case) -> _Truth | None:
    """Return the first form that stays in extended precision when its arguments are, as a function of arguments."""
    for form in forms:

        def truth(point: Sequence[Value], form: Form = form) -> list[Array] | None:
            return _asked(form, [_extended(value) for value in point], case.answer)

        found = truth(case.arguments)
        if found is not None and all(part.dtype in (np.longdouble, np.clongdouble) for part in found):
            return truth
    return None


def _extended(value: Value) -> Value:
    """Return a value with its floating-point numbers in extended precision."""
    if isinstance(value, (tuple, list)):
        return type(value)(map(_extended, value))
    if isinstance(value, dict):
        return {key: _extended(part) for key, part in value.items()}
    if isinstance(value, float):
        return np.asarray(value, np.longdouble)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value.astype(np.longdouble)
    return value


def _neighbours(arguments: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """Yield neighbours of arguments, always the same: each entry a few units in the last place away, zeros and all
    that isn't a floating-point number as they are."""
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


def _asked(form: Form, arguments: Sequence[Value], answer: Value) -> list[Array] | None:
    """Return the numbers of a form's answer; None if it raises or answers something else."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = snapshot(form(*map(_argument, arguments)))
        except Exception:
            return None
    return _numbers(value, answer)


def _argument(value: Value) -> Any:
    """Return a copy to pass to a form; a number in extended precision is passed as a scalar."""
    fresh = materialize(value)
    return fresh[()] if isinstance(fresh, np.ndarray) and fresh.dtype == np.longdouble and not fresh.ndim else fresh


def _numbers(value: Value, answer: Value) -> list[Array] | None:
    """Return, in the shapes of the right answer, what stands in the place of its floating-point parts.

    None if something else stands there.
    """
    found: list[Array] = []
    given = dict(leaves(value))
    for where, right in leaves(answer):
        if not (isinstance(right, float) or (isinstance(right, np.ndarray) and right.dtype.kind in "fc")):
            continue
        mine = given.get(where)
        if not isinstance(mine, (bool, int, float, np.ndarray)):
            return None
        part, shape = np.asarray(mine), np.shape(right)
        if part.dtype.kind not in "biufc" or part.size != np.size(right):
            return None
        found.append(part.reshape(shape))
    return found


def _built(answer: Value, parts: Iterator[Array]) -> Allowance:
    """Return the parts in the structure of the answer, None where it has no floating-point numbers."""
    if isinstance(answer, (tuple, list)):
        return [_built(part, parts) for part in answer]
    if isinstance(answer, dict):
        return {key: _built(part, parts) for key, part in answer.items()}
    if isinstance(answer, float) or (isinstance(answer, np.ndarray) and answer.dtype.kind in "fc"):
        return next(parts)
    return None
