"""Change what a function does with large and small numbers: mutants that are right in the usual range.

An argument, a step or a part of the result is clipped, or set to 0 where it is small; a part of the result is rounded
or has a small number added. Where a width is counted, it is off by 1 or 2. Where arguments must stay as they are, an
operation writes into one of them.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Collection, Iterator

__all__ = ["CAPS", "FLOORS", "family", "in_place", "magnitudes", "widths"]

CAPS = ("1", "2", "5", "6", "10")
FLOORS = ("1e-06", "1e-09", "1e-12", "1e-15")
STEP_CAP, STEP_FLOOR = "10", "1e-15"
"""Between steps one of each is enough: inputs that tell those tell the others."""
SMALL = "1e-09"
"""Offsets that are added to a result; results are rounded to as many digits."""

_EVERY = """\
def _every(change, value):
    if isinstance(value, (list, tuple)):
        return type(value)(_every(change, part) for part in value)
    return change(value) if getattr(value, 'dtype', None) in (np.float64, np.float32) else value
"""
_CHANGES = {
    "clipped at": "lambda a: np.clip(a, -{0}, {0}).astype(a.dtype)",
    "set to 0 below": "lambda a: np.where(np.abs(a) < {0}, 0, a).astype(a.dtype)",
    "rounded to": "lambda a: np.round(a / {0}) * {0}",
    "plus": "lambda a: a + {0}",
}


def family(change: str) -> str:
    """Return what a change is called whatever its size, so that one reason may do for all sizes."""
    kinds = "|".join(_CHANGES)
    return re.sub(rf"({kinds}) \S+$", r"\1 any", change)


def magnitudes(source: str, arguments: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield changes in words, each with the changed cell; of its arguments these are clipped.

    A cell's last function is the answer.
    """
    tree = ast.parse(source)
    function = _function(tree)
    for argument in arguments:
        for cap in CAPS:
            statement = ast.parse(f"{argument} = {_wrapped('clipped at', cap, argument)}").body
            yield f"{argument} clipped at {cap}", _with(tree, 0, statement)
    for index, node in enumerate(ast.walk(function)):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and not isinstance(node.value, ast.Dict)
        ):
            for how, size in (("clipped at", STEP_CAP), ("set to 0 below", STEP_FLOOR)):
                text = _replaced(tree, index, how, size, None)
                yield f"{node.targets[0].id} = {_short(node.value)} {how} {size}", text
        elif isinstance(node, ast.Return) and node.value is not None:
            parts = range(len(node.value.elts)) if isinstance(node.value, ast.Tuple) else [None]
            for part in parts:
                where = "result" if part is None else f"result[{part}]"
                for how, sizes in _sizes():
                    for size in sizes:
                        yield f"{where} {how} {size}", _replaced(tree, index, how, size, part)


def _sizes() -> Iterator[tuple[str, tuple[str, ...]]]:
    yield from (("clipped at", CAPS), ("set to 0 below", FLOORS), ("rounded to", (SMALL,)), ("plus", (SMALL,)))


def _function(tree: ast.Module) -> ast.FunctionDef:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)][-1]


def _short(node: ast.expr) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def _wrapped(how: str, size: str, expression: str) -> str:
    return f"_every({_CHANGES[how].format(size)}, {expression})"


def _with(tree: ast.Module, at: int, statements: list[ast.stmt]) -> str:
    changed = copy.deepcopy(tree)
    _function(changed).body[at:at] = statements
    return _EVERY + ast.unparse(ast.fix_missing_locations(changed))


def _replaced(tree: ast.Module, index: int, how: str, size: str, part: int | None) -> str:
    """Return the cell with the value of its assignment or return, or one part of it, changed."""
    changed = copy.deepcopy(tree)
    node = list(ast.walk(_function(changed)))[index]
    assert isinstance(node, (ast.Assign, ast.Return)) and node.value is not None
    if part is None:
        node.value = _expression(_wrapped(how, size, f"({ast.unparse(node.value)})"))
    else:
        assert isinstance(node.value, ast.Tuple)
        node.value.elts[part] = _expression(_wrapped(how, size, f"({ast.unparse(node.value.elts[part])})"))
    return _EVERY + ast.unparse(ast.fix_missing_locations(changed))


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def widths(source: str, names: tuple[str, ...] = ("fan_in", "fan_out")) -> Iterator[tuple[str, str]]:
    """Yield changes by 1 and 2 of each width that is counted with; the shape of what is returned stays."""
    tree = ast.parse(source)
    nodes = list(ast.walk(_function(tree)))
    parents = {child: node for node in nodes for child in ast.iter_child_nodes(node)}
    for index, node in enumerate(nodes):
        counted = isinstance(parents.get(node), ast.BinOp)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names and counted:
            for more in ("- 1", "+ 1", "+ 2"):
                changed = copy.deepcopy(tree)
                name = list(ast.walk(_function(changed)))[index]
                assert isinstance(name, ast.Name)
                name.id = f"({node.id} {more})"
                yield f"{node.id} -> {node.id} {more}", ast.unparse(changed)


_INTO = {ast.Add: "add", ast.Sub: "subtract", ast.Mult: "multiply", ast.Div: "divide"}


def in_place(source: str) -> Iterator[tuple[str, str]]:
    """Yield changes by which an operation, or ``np.clip``, writes its result into one of its operands."""
    tree = ast.parse(source)
    for index, node in enumerate(ast.walk(_function(tree))):
        for operand in _operands(node):
            changed = copy.deepcopy(tree)
            call = list(ast.walk(_function(changed)))[index]
            if isinstance(call, ast.Call):
                call.keywords.append(ast.keyword("out", ast.Name(operand)))
                yield f"{_short(node)} written into {operand}", ast.unparse(changed)
            elif isinstance(call, ast.BinOp) and isinstance(node, ast.BinOp):
                into = f"np.{_INTO[type(node.op)]}({ast.unparse(node.left)}, {ast.unparse(node.right)}, out={operand})"
                call.left, call.op, call.right = _expression(into), ast.Add(), ast.Constant(0)
                yield f"{_short(node)} written into {operand}", ast.unparse(changed)


def _operands(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.BinOp) and type(node.op) in _INTO:
        yield from (side.id for side in (node.left, node.right) if isinstance(side, ast.Name))
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "np.clip" and isinstance(node.args[0], ast.Name):
        yield node.args[0].id
