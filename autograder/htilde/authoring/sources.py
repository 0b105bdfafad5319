"""Declared answers as submissions: the source of each misconception and variant, ready for a cell.

Each is wrapped with the helpers of its file in a function of its own, so that a helper which happens to be
called like an exercise doesn't get into the way.
"""

from __future__ import annotations

import ast
import copy
from pathlib import Path

__all__ = ["declared_sources"]


def declared_sources(path: Path) -> dict[tuple[str, str], str]:
    """The answers that a file declares, by exercise and name, each as the source of one cell."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    answers: list[tuple[str, ast.FunctionDef]] = []
    helpers: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and (exercise := _exercise(statement)):
            answers.append((exercise, statement))
        elif not _is_declaration(statement):
            helpers.append(statement)
    return {(exercise, answer.name): _cell(exercise, answer, helpers) for exercise, answer in answers}


def _exercise(function: ast.FunctionDef) -> str:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.args:
            first = decorator.args[0]
            if decorator.func.id in ("misconception", "variant") and isinstance(first, ast.Constant):
                return str(first.value)
    return ""


def _is_declaration(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] in ("htilde", "__future__")
    if isinstance(statement, ast.For):
        return all(map(_is_declaration, statement.body))
    return isinstance(statement, ast.Expr)  # a docstring, or a call of probes


def _cell(exercise: str, answer: ast.FunctionDef, helpers: list[ast.stmt]) -> str:
    plain = copy.copy(answer)
    plain.decorator_list = []
    inside = "\n".join(ast.unparse(ast.fix_missing_locations(part)) for part in (*helpers, plain))
    indented = "\n".join(f"    {line}" for line in inside.splitlines())
    return f"def _declared():\n{indented}\n    return {answer.name}\n\n{exercise} = _declared()\n"
