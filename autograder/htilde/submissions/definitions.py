"""Find what a cell defines, and where, by Python's own grammar: one answer for every part of the kit.

A cell defines the names that its top level binds, also inside ``if``, ``for``, ``with`` and ``try``: by ``def``,
``class``, ``import``, an assignment or ``:=``. A cell that begins behind the margin is read as if it began there, and
one that doesn't parse once more without IPython's magics. One that doesn't parse then, is too long for the parser, or
is one of too many, defines the names of lines that begin at the margin with ``def name``, ``class name`` or ``name =``.
"""

from __future__ import annotations

import ast
import functools
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from htilde.isolation.cells import without_indent, without_magics

__all__ = [
    "MAX_PARSED",
    "Definition",
    "called",
    "defines",
    "definition_in",
    "definition_text",
    "last_defining",
    "source_lines",
]

MAX_PARSED = 20_000
"""Characters of a cell that is parsed. It takes at most some 30 ms, whatever it holds."""
MAX_PARSED_TOGETHER = 200_000
"""Characters of all cells of a submission that are parsed; no notebook of a course comes near."""

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_BLOCKS = (ast.stmt, ast.excepthandler, ast.match_case)


@dataclass(frozen=True, slots=True)
class Definition:
    """The place where a cell binds a name for the last time.

    The statement takes the lines from ``first`` to ``last``, counted from 1, decorators included, behind ``indent``.
    ``alone`` says that these lines hold and bind nothing else. ``end`` is the last line of the statement at the margin
    around it.
    """

    first: int
    last: int
    indent: str
    alone: bool
    end: int


def last_defining(sources: Sequence[str], name: str) -> int | None:
    """Return the position of the last of these cells that defines a name; None if none does."""
    parse = sum(map(len, sources)) <= MAX_PARSED_TOGETHER
    return next((at for at in reversed(range(len(sources))) if defines(sources[at], name, parse=parse)), None)


def defines(source: str, name: str, *, parse: bool = True) -> bool:
    """Return whether a cell defines a name. Without ``parse`` only what stands at the margin counts."""
    if name not in source and source.isascii():  # the parser takes ℎ for h
        return False
    names = _names(source) if parse and len(source) <= MAX_PARSED else None
    if names is not None:
        return name in names
    word = re.escape(name)
    at = len(source) - len(source.lstrip())
    margin = "[ \\t]*" if source[:at].endswith((" ", "\t")) else "\ufeff?"
    return (
        re.search(rf"^{margin}((async +)?def +{word}\b|class +{word}\b|{word} *(:[^=\n]*)?=(?!=))", source, re.M)
        is not None
    )


def definition_in(source: str, name: str) -> Definition | None:
    """Return where a cell binds a name for the last time; None if it doesn't, or can't be parsed."""
    found = _last(source, name)
    if found is None:
        return None
    statement, outer = found
    first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", ()))])
    last, end = statement.end_lineno or first, outer.end_lineno or first
    lines = source_lines(source)
    before = lines[statement.lineno - 1].encode()[: statement.col_offset].decode()
    after = lines[last - 1].encode()[statement.end_col_offset :]
    alone = not before.strip() and after.strip()[:1] in (b"", b"#") and _binds_only(statement, name)
    return Definition(first, last, before, alone, end)


def definition_text(source: str, name: str) -> str:
    """Return the lines that define a name; all of a cell that can't be parsed."""
    found = definition_in(source, name)
    return source if found is None else "".join(source_lines(source)[found.first - 1 : found.last])


def source_lines(source: str) -> list[str]:
    """Return the lines of a source as the parser counts them, with their ends."""
    return list(io.StringIO(source, newline=""))


def called(source: str, function: str) -> set[str]:
    """Return what a function calls by a global name, as far as its cell can be parsed; mentioning isn't calling."""
    found = _last(source, function)
    nodes = list(ast.walk(found[0])) if found else []
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own |= {node.name for node in nodes if isinstance(node, _SCOPES[:3])}
    return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)} - own


def _last(source: str, name: str) -> tuple[ast.stmt, ast.stmt] | None:
    """Return the last statement that binds a name, and the one at the margin that it is part of."""
    tree = _parsed(source) if len(source) <= MAX_PARSED else None
    found = None
    for outer in tree.body if tree else ():
        for statement in _statements(outer):
            if name in _bound(statement):
                found = statement, outer
    return found


@functools.lru_cache(maxsize=64)
def _names(source: str) -> frozenset[str] | None:
    """Return all names that a cell defines; None if it can't be parsed."""
    tree = _parsed(without_indent(source))
    if tree is None:
        return None
    return frozenset(name for outer in tree.body for statement in _statements(outer) for name in _bound(statement))


def _parsed(source: str) -> ast.Module | None:
    """Parse a cell, without its magics if need be; None if that can't be done."""
    if (tree := _tree(source)) is not None:
        return tree
    plain, skipped = without_magics(source)
    return _tree(plain) if skipped else None


def _tree(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a backslash in a student's string
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _statements(outer: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement and those inside it that run in the same scope, in order."""
    todo: list[ast.AST] = [outer]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, _SCOPES):
            todo += reversed([child for child in ast.iter_child_nodes(node) if isinstance(child, _BLOCKS)])


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds in its own scope, without those that statements inside it bind."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return set()
    names, todo = set(), list[ast.AST](ast.iter_child_nodes(statement))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.comprehension):  # its names are local to it
            todo += [node.iter, *node.ifs]
        elif not isinstance(node, (*_SCOPES, *_BLOCKS)):
            todo += ast.iter_child_nodes(node)
    return names


def _binds_only(statement: ast.stmt, name: str) -> bool:
    """Return whether a statement does nothing but bind this name."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return True
        case ast.Assign(targets=[ast.Name()]) | ast.AnnAssign(target=ast.Name()) | ast.Expr(value=ast.NamedExpr()):
            return _bound(statement) == {name}
        case ast.Import(names=[_]) | ast.ImportFrom(names=[_]):
            return True
    return False
