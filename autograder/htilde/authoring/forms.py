"""Right forms of an exercise's answer, the reference and the variants, as functions of this process.

They are the author's own, as all declarations are. Students' code is never run like this.
"""

from __future__ import annotations

import ast
import signal
import threading
from collections.abc import Callable, Sequence
from typing import Any

from htilde.authoring.master import Master
from htilde.authoring.sources import used_statements

__all__ = ["Form", "limited", "references"]

Form = Callable[..., Any]


def references(master: Master, exercises: Sequence[str]) -> dict[str, Form]:
    """Return the reference solutions as functions of this process. The master is the author's own, as are declarations.

    Of the notebook's other cells only imports, functions and constants that the solutions use are run.
    """
    body = [each for cell in master.cells if cell.is_code for each in _statements(cell.source) if _is_simple(each)]
    wanted = ast.Tuple([ast.Name(name) for name in exercises])
    namespace: dict[str, Any] = {}
    for statement in used_statements(body, wanted):
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


def limited(form: Form, seconds: float) -> Form:
    """Return a form that raises TimeoutError if it doesn't answer in time, and from then on at once.

    Where there is no main thread with signals, it has all the time that it takes.
    """
    over = False

    def within(*arguments: Any) -> Any:
        nonlocal over
        if over:
            raise TimeoutError
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            return form(*arguments)

        def stop(*_: object) -> None:
            nonlocal over
            over = True
            raise TimeoutError

        before = signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            return form(*arguments)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    return within
