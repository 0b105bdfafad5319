"""Test the properties by mutants: each reference solution is changed in every small way, and a property must fail.

A mutant is the cell of an exercise with one thing changed in its syntax tree: an operator, a constant, a term, an
axis, a statement. It goes the way of a student's answer, through worker and examiner, and fails a property, or else
no input tells it from the reference; then a person has written down why, in ``tests/mutants/<assignment>.toml``.

Run as a program it writes ``docs/mutants.md``.
"""

from __future__ import annotations

import ast
import copy
import random
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from clone import REAL, ROOT, clone
from htilde.authoring.declarations import load_declarations
from htilde.authoring.drawing import draw_paper
from htilde.authoring.explore import explore_exercise
from htilde.authoring.master import read_master
from htilde.course import Course
from htilde.diagnosis.completion import judge
from htilde.examination.judgement import Asked
from htilde.examination.paper import Paper, read_paper
from htilde.isolation.calls import Reply
from htilde.isolation.session import Session
from htilde.laws import is_random
from htilde.model import Limits, Visibility
from htilde.submissions.steps import Run, steps
from htilde.values import Value, leaves
from magnitudes import family, in_place, magnitudes, widths

__all__ = ["Assay", "Fate", "Mutant", "mutants", "page"]

# What is changed.

_BECOMES: dict[type[ast.AST], tuple[Any, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
_PAIRS = (
    *("max min", "maximum minimum", "any all", "zeros ones", "zeros_like ones_like", "std var", "sum mean"),
    *("cumsum cumprod", "floor ceil", "sinh cosh"),
)
_NAMES = dict(name for pair in _PAIRS for name in (pair.split(), pair.split()[::-1])) | {"prod": "sum", "exp": "expm1"}
_DROPPED = {"exp", "expm1", "log", "log1p", "sqrt", "square", "abs", "tanh", "sign", "reversed", "transpose", "copy"}
"""Functions of which the argument may stand alone."""
_LEFT_ALONE = (ast.Import, ast.ImportFrom, ast.Raise, ast.Assert, ast.JoinedStr, ast.arguments)
"""What a function computes doesn't depend on these, or not without them."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed cell. ``change`` says what was changed, and is its name within the exercise."""

    exercise: str
    change: str
    source: str


def mutants(exercise: str, source: str) -> list[Mutant]:
    """Return every mutant of a cell once, without those that Python reads as the cell itself."""
    tree = ast.parse(source)
    seen, found, times = {ast.unparse(tree)}, list[Mutant](), Counter[str]()
    for change, text in _changed(tree, tree):
        if text not in seen:
            seen.add(text)
            times[change] += 1
            number = f" ({times[change]})" if times[change] > 1 else ""
            found.append(Mutant(exercise, change + number, text))
    return found


def _changed(parent: ast.AST, tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield each change below a node in words, with the whole source after it."""
    for field, old in ast.iter_fields(parent):
        parts = old if isinstance(old, list) else [old]
        for at, part in enumerate(parts):
            if not isinstance(part, ast.AST) or isinstance(part, _LEFT_ALONE):
                continue
            for new in _instead(part, parent, field):
                _put(parent, field, at, new)
                yield f"{_told(part)} -> {_told(new)}", ast.unparse(tree)
            _put(parent, field, at, part)
            yield from _changed(part, tree)


def _put(parent: ast.AST, field: str, at: int, part: ast.AST) -> None:
    if isinstance(now := getattr(parent, field), list):
        now[at] = part
    else:
        setattr(parent, field, part)


def _told(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 90 else f"{text[:87]}..."


def _instead(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    """Yield what may replace a node."""
    if isinstance(node, ast.stmt):
        yield from _instead_of_statement(node, parent)
    elif isinstance(node, ast.keyword):
        yield from _instead_of_keyword(node)
    elif isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
        yield from _instead_of_expression(node)
        if field == "test" and not isinstance(node, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
            yield ast.UnaryOp(ast.Not(), node)
        if field == "iter" and not (isinstance(node, ast.Call) and _name(node) in ("range", "reversed")):
            yield ast.Subscript(_call("list", node), ast.Slice(step=ast.Constant(-1)))


def _instead_of_statement(node: ast.stmt, parent: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.FunctionDef, ast.Return, ast.Pass)) or isinstance(parent, ast.Module):
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
        return
    yield ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=0)
        yield from (ast.AugAssign(node.target, other(), node.value) for other in _BECOMES.get(type(node.op), ()))


def _instead_of_keyword(node: ast.keyword) -> Iterator[ast.AST]:
    others = {0: 1, 1: 0, -1: 0, -2: -1}
    try:
        axis = ast.literal_eval(node.value)
    except ValueError:
        return
    if node.arg == "axis" and axis in others:
        yield ast.keyword("axis", ast.Constant(others[axis]))


def _instead_of_expression(node: ast.expr) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        yield from _instead_of_binary(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand  # without a minus, a not, a ~
    elif isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            for other in _BECOMES[type(operator)]:
                yield ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(_BECOMES[type(node.op)][0](), node.values)
        yield from node.values
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(other) for other in _other_numbers(node.value))
    elif isinstance(node, ast.Call):
        yield from _instead_of_call(node)
    elif isinstance(node, ast.Subscript):
        yield from _instead_of_subscript(node)
    elif isinstance(node, ast.Tuple):
        yield from (ast.Tuple(_swapped(node.elts, at)) for at in range(len(node.elts) - 1))
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value


def _instead_of_binary(node: ast.BinOp) -> Iterator[ast.AST]:
    for other in _BECOMES.get(type(node.op), ()):
        yield ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, (ast.MatMult, ast.Sub, ast.Div, ast.Pow)):
        yield ast.BinOp(node.right, node.op, node.left)
    yield node.left
    if not isinstance(node.op, ast.Pow):
        yield node.right


def _other_numbers(value: Any) -> Iterable[Any]:
    if isinstance(value, bool):
        return (not value,)
    if not isinstance(value, (int, float)):
        return ()
    return (1,) if value == 0 else (0, 2) if value == 1 else (1, 3) if value == 2 else (2 * value,)


def _instead_of_call(node: ast.Call) -> Iterator[ast.AST]:
    name = _name(node)
    for at in range(len(node.args) - 1):
        yield ast.Call(node.func, _swapped(node.args, at), node.keywords)
    for at in range(len(node.keywords)):  # axis, keepdims, dtype, ddof
        yield ast.Call(node.func, node.args, [*node.keywords[:at], *node.keywords[at + 1 :]])
    if name in _NAMES:
        other = _NAMES[name]
        function = ast.Attribute(node.func.value, other) if isinstance(node.func, ast.Attribute) else ast.Name(other)
        yield ast.Call(function, node.args, node.keywords)
    if name in _DROPPED and len(node.args) == 1:
        yield node.args[0]
    elif name in _DROPPED and not node.args and isinstance(node.func, ast.Attribute):
        yield node.func.value
    if name == "range":
        first, last = (node.args[0], node.args[1]) if len(node.args) > 1 else (ast.Constant(0), node.args[0])
        for begin, end in ((first, _plus(last, -1)), (first, _plus(last, 1)), (_plus(first, 1), last)):
            yield ast.Call(node.func, [begin, end, *node.args[2:]], [])
        yield _call("reversed", node)


def _name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _call(name: str, argument: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name), [argument], [])


def _instead_of_subscript(node: ast.Subscript) -> Iterator[ast.AST]:
    index = node.slice
    if isinstance(index, ast.Slice):
        for field in ("lower", "upper", "step"):
            if getattr(index, field) is not None:
                more = copy.copy(index)
                setattr(more, field, None)
                yield ast.Subscript(node.value, more)
    elif not isinstance(index, ast.Tuple) and not isinstance(getattr(index, "value", None), str):
        yield ast.Subscript(node.value, _plus(index, -1))


def _plus(node: ast.expr, number: int) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + number)
    return ast.BinOp(node, ast.Add() if number > 0 else ast.Sub(), ast.Constant(abs(number)))


def _swapped(nodes: Sequence[ast.expr], at: int) -> list[ast.expr]:
    return [*nodes[:at], nodes[at + 1], nodes[at], *nodes[at + 2 :]]


# What becomes of it.

LIMITS = Limits(cell_seconds=20.0, call_seconds=1.0, exercise_seconds=20.0, submission_seconds=3_600.0)
"""A mutant may loop for ever; and many share a worker, so that their time isn't a submission's."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a mutant.

    ``noticed`` is the property that it fails on every paper, ``luck`` one that it fails on some paper or for some
    live input only, and ``reason`` why none can notice it.
    """

    mutant: Mutant
    noticed: str = ""
    luck: str = ""
    reason: str = ""

    @property
    def problem(self) -> str:
        """What is wrong with the properties, or with the reason that was written down; or nothing."""
        if self.noticed:  # a reason may be for all sizes of a change, of which a property notices some
            single = self.mutant.change == family(self.mutant.change)
            return f"{self.noticed} notices it: take its reason away" if self.reason and single else ""
        if self.luck:
            return f"some inputs of {self.luck} tell it apart, and not every paper has one: add an example or an edge"
        return "" if self.reason else "nothing notices it: add a property, or write down why nothing can"

    def __str__(self) -> str:
        return f"{self.mutant.exercise}: {self.mutant.change}: {self.problem or self.reason or self.noticed}"


class Assay:
    """One assignment's mutants, and the papers that they sit.

    Hidden papers are drawn with seeds of the assay's own; what only one instructor's paper notices is luck.
    """

    def __init__(self, course: Course, assignment: str, *, seeds: Sequence[str] = ("mutants",)) -> None:
        self.declarations = load_declarations(course, assignment)
        self.exercises = self.declarations.assignment.exercises
        master = read_master(course.master(assignment), self.exercises, tuple(self.declarations.assignment.written))
        self._cells = master.submission_cells()
        self._public = read_paper(course.public_paper(assignment))
        self._seeds = seeds
        self.reasons = _reasons(course.root / "tests" / "mutants" / f"{assignment}.toml")

    @property
    def mutants(self) -> list[Mutant]:
        """Every mutant of every exercise, in order."""
        return [mutant for name in self.exercises for mutant in mutants(name, self._answers[name])]

    @property
    def far(self) -> list[Mutant]:
        """Every mutant that is right in the usual range, or that changes what it was given."""
        return [mutant for name in self.exercises for mutant in self._far(name, self._answers[name])]

    @property
    def _answers(self) -> dict[str, str]:
        return {cell.id: cell.source for cell in self._cells}

    def _far(self, exercise: str, source: str) -> list[Mutant]:
        """Return the mutants that are right in the usual range, of those that make sense for an exercise."""
        part = self._public.exercise(exercise)
        assert part is not None
        example = part.questions[0].examples[0]
        found = [*widths(source)]
        if not is_random(example.answer) and (_floats(example.answer) or isinstance(example.answer, float)):
            arguments = zip(part.parameters, example.arguments)
            found += magnitudes(source, [name for name, value in arguments if _floats(value)])
        if any(declared.unchanged for side in Visibility for declared in self.declarations.properties(exercise, side)):
            found += in_place(source)
        return [Mutant(exercise, change, text) for change, text in dict(found).items()]

    def sample(self, count: int) -> list[Mutant]:
        """Some of the mutants, always the same."""
        every = self.mutants
        return random.Random(0).sample(every, min(count, len(every)))

    @property
    def stale(self) -> list[str]:
        """Reasons for mutants that aren't there."""
        every = self.mutants + self.far
        known = {(mutant.exercise, change) for mutant in every for change in (mutant.change, family(mutant.change))}
        return [f"{exercise}: {change}: there is no such mutant" for exercise, change in self.reasons.keys() - known]

    def fates(self, chosen: Sequence[Mutant], *, tries: int = 0) -> list[Fate]:
        """Return the fate of each mutant. ``tries`` live inputs of each property are tried on those that survive."""
        noticed = self._failed(chosen, self._public)
        left = [mutant for mutant in chosen if not noticed[mutant]]
        hidden = [self._failed(left, self._hidden(seed, {m.exercise for m in left})) for seed in self._seeds]
        return [
            self._fate(mutant, noticed[mutant], [on[mutant] for on in hidden if mutant in on], tries)
            for mutant in chosen
        ]

    def _fate(self, mutant: Mutant, public: str, hidden: Sequence[str], tries: int) -> Fate:
        noticed = public or (hidden[0] if all(hidden) else "")
        luck = "" if noticed else next(filter(None, hidden), "") or (self._explored(mutant, tries) if tries else "")
        reasons = (self.reasons.get((mutant.exercise, change), "") for change in (mutant.change, family(mutant.change)))
        return Fate(mutant, noticed, luck, next(filter(None, reasons), ""))

    def _hidden(self, seed: str, exercises: Collection[str]) -> Paper:
        listed = self.declarations.assignment
        points = {name: worth for name, worth in listed.points.items() if name in exercises}
        some = replace(self.declarations, assignment=replace(listed, points=points))
        return draw_paper(some, Visibility.HIDDEN, secret=seed, besides=self._public)

    def _failed(self, chosen: Iterable[Mutant], paper: Paper) -> dict[Mutant, str]:
        """Return the first property of a paper that each mutant fails, or nothing."""
        groups: dict[str, list[Mutant]] = {}
        for mutant in chosen:
            groups.setdefault(mutant.exercise, []).append(mutant)
        with ThreadPoolExecutor(2) as pool:
            found = pool.map(lambda group: list(self._examined(group, paper)), groups.values())
            return {mutant: name for of_one_exercise in found for mutant, name in of_one_exercise}

    def asked(self, of_one_exercise: Sequence[Mutant]) -> Iterator[tuple[Mutant, Asked]]:
        """Yield each mutant with the means to ask it.

        They share a worker: what the cell of one defines, that of the next defines anew.
        """
        with self._session() as session:
            for mutant in of_one_exercise:
                session.run("mutant", mutant.source)
                yield mutant, _asking(session, mutant.exercise)

    def _examined(self, of_one_exercise: Sequence[Mutant], paper: Paper) -> Iterator[tuple[Mutant, str]]:
        for mutant, asked in self.asked(of_one_exercise):
            part = paper.exercise(mutant.exercise)
            assert part is not None
            unnamed = replace(part, probes=(), mistakes=())  # whose mistake it is doesn't matter here
            verdicts = (judge(question, unnamed, paper.visibility, asked) for question in part.questions)
            yield mutant, next((verdict.name for verdict in verdicts if not verdict.passed), "")

    def _explored(self, mutant: Mutant, tries: int) -> str:
        """Return the first property for which a live input tells the mutant from the oracle's answer."""
        part = self._public.exercise(mutant.exercise)
        assert part is not None
        with self._session() as session:
            session.run("mutant", mutant.source)
            asked = _asking(session, mutant.exercise)
            result = explore_exercise(self.declarations, part, asked, tuple(Visibility), tries=tries)
        return next((verdict.name for verdict in result.verdicts if not verdict.passed), "")

    def _session(self) -> Session:
        """Start a worker in which the reference has run."""
        session = Session(LIMITS)
        for step in steps(self._cells, self.exercises):
            if isinstance(step, Run):
                session.run(step.label, step.source)
        return session


def _asking(session: Session, function: str) -> Asked:
    def asked(cases: Sequence[Sequence[Value]], /, keep: Sequence[int] = ()) -> list[Reply]:
        return session.call(function, cases, seconds=LIMITS.exercise_seconds, keep=keep)

    return asked


def _floats(value: Value) -> list[np.ndarray]:
    found = [leaf for _, leaf in leaves(value) if isinstance(leaf, np.ndarray)]
    return [leaf for leaf in found if leaf.dtype.kind == "f"]


def _reasons(path: Path) -> dict[tuple[str, str], str]:
    """Return the explanations why a mutant can't be told from the reference, by exercise and change."""
    tables = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {(exercise, change): why for exercise, changes in tables.items() for change, why in changes.items()}


# What is told.

TRIES = 300
SEEDS = ("mutants", "of", "three papers")

_HEAD = f"""\
# Mutants

Do the properties catch every mistake? Each reference solution is changed in one small place at a time: an operator, a
constant, a term or a statement left out, two arguments swapped, an axis, a transpose, an index off by one. Each such
mutant is examined like a student's answer. A mutant that passes is asked {TRIES} live examples of each property. If
they don't tell it from the reference either, a person has written down in `tests/mutants/` why no input can;
otherwise the tests fail.

`make mutants` writes this page. `make check-deep` tries all mutants, `make test` a sample.

| assignment | exercises | mutants | caught | same function |
|---|---:|---:|---:|---:|
"""


def page(fates: Mapping[str, Sequence[Fate]]) -> str:
    """Return the page about a course: a line for each assignment, then what no property notices, and why."""
    lines = []
    for name, found in fates.items():
        noticed, exercises = sum(bool(fate.noticed) for fate in found), {fate.mutant.exercise for fate in found}
        lines.append(f"| `{name}` | {len(exercises)} | {len(found)} | {noticed} | {len(found) - noticed} |")
    for name, found in fates.items():
        lines += ["", f"## {name}", ""]
        for fate in found:
            if not fate.noticed:
                lines.append(f"- `{fate.mutant.exercise}`: `{fate.mutant.change}`: {fate.problem or fate.reason}")
    return _HEAD + "\n".join(lines) + "\n"


def main(progress: Callable[[str], object] = sys.stderr.write) -> int:
    """Write the page about the real course. Returns 1 if something is wrong with it, and says what."""
    fates: dict[str, list[Fate]] = {}
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        course = clone(Path(folder) / "course", of=REAL)
        for assignment in course.assignments:
            progress(f"{assignment.name} ...\n")
            assay = Assay(course, assignment.name, seeds=SEEDS)
            fates[assignment.name] = found = assay.fates(assay.mutants, tries=TRIES)
            problems += [str(fate) for fate in found if fate.problem] + assay.stale
    (ROOT / "docs" / "mutants.md").write_text(page(fates), encoding="utf-8")
    for problem in problems:
        progress(f"{problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
