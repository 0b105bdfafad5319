"""Turn declared answers into submissions: the source of each misconception and variant, ready for a cell.

Each is wrapped in a function of its own with what it uses of its file and of ``tests/shared/``, so that a helper which
happens to be called like an exercise doesn't get into the way.
"""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from htilde.authoring.shared import SHARED, imported_from_shared

__all__ = ["bound_names", "declared_sources", "mentioned_names", "used_statements"]


def declared_sources(path: Path) -> dict[tuple[str, str], str]:
    """Return the answers that a file declares, by exercise and name, each as the source of one cell."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    answers: list[tuple[str, ast.FunctionDef]] = []
    helpers: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and (exercise := _exercise(statement)):
            answers.append((exercise, statement))
        elif not _is_declaration(statement):
            helpers.append(statement)
    return {(exercise, answer.name): _cell(exercise, answer, helpers, path) for exercise, answer in answers}


def _exercise(function: ast.FunctionDef) -> str:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.args:
            first = decorator.args[0]
            if decorator.func.id in ("misconception", "variant", "derivation") and isinstance(first, ast.Constant):
                return str(first.value)
    return ""


def _is_declaration(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] in ("htilde", "__future__")
    if isinstance(statement, ast.For):
        return all(map(_is_declaration, statement.body))
    return isinstance(statement, ast.Expr)  # a docstring, or a call of probes


def _cell(exercise: str, answer: ast.FunctionDef, helpers: Sequence[ast.stmt], path: Path) -> str:
    plain = copy.copy(answer)
    plain.decorator_list = []
    inside = _block([*used_statements(helpers, plain), plain], path)
    return f"def _declared():\n{inside}\n    return {answer.name}\n\n{exercise} = _declared()\n"


def _block(statements: Iterable[ast.stmt], path: Path) -> str:
    """Return the statements as an indented block; an import from ``tests/shared/`` becomes what it brings."""
    texts = []
    for statement in statements:
        if isinstance(statement, ast.ImportFrom) and (module := imported_from_shared(statement)):
            texts.append(_inlined(statement, path.parents[1] / SHARED / f"{module}.py"))
        else:
            texts.append(ast.unparse(ast.fix_missing_locations(statement)))
    return "\n".join(f"    {line}" for text in texts for line in text.splitlines())


def _inlined(statement: ast.ImportFrom, path: Path) -> str:
    """Return source that binds the same names as the import; what else they need stays in a function of its own."""
    wanted = ast.Tuple([ast.Name(alias.name) for alias in statement.names])
    helpers = [each for each in ast.parse(path.read_text(encoding="utf-8")).body if not _is_declaration(each)]
    bound = ", ".join(alias.asname or alias.name for alias in statement.names)
    inside = _block(used_statements(helpers, wanted), path)
    return f"def _shared():\n{inside}\n    return {ast.unparse(wanted)}\n\n({bound},) = _shared()"


def used_statements(statements: Sequence[ast.stmt], user: ast.AST) -> list[ast.stmt]:
    """Return those of the statements that bind a name which the user mentions, and what these use in turn."""
    used: set[ast.stmt] = set()
    names = mentioned_names(user) | {"*"}
    while fresh := {each for each in statements if each not in used and bound_names(each) & names}:
        used |= fresh
        names = names.union(*map(mentioned_names, fresh))
    return [each for each in statements if each in used]


@functools.lru_cache(maxsize=2048)
def mentioned_names(part: ast.AST) -> frozenset[str]:
    """Return the names that stand anywhere in some syntax."""
    return frozenset(node.id for node in ast.walk(part) if isinstance(node, ast.Name))


@functools.lru_cache(maxsize=2048)
def bound_names(statement: ast.stmt) -> frozenset[str]:
    """Return the names that a statement at the top of a module gives a value, or whose value it changes."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return frozenset((statement.name,))
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            names |= mentioned_names(node)
    return frozenset(names)
