"""Fingerprints of what a paper is drawn from: the declarations, their texts, and the engine that draws.

A declaration counts by the syntax of its code and of all that this code reaches in the same file and in
``tests/shared/``. Comments, layout, docstrings of helpers, the order of imports and helpers that nothing uses don't
count, and nothing is run. Claims and hints are told apart from the rest: a new wording needs no new questions.
"""

from __future__ import annotations

import ast
import functools
import importlib.metadata
import inspect
from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path

from htilde.authoring.shared import SHARED, imported_from_shared
from htilde.authoring.sources import bound_names, mentioned_names, used_statements
from htilde.course import Course
from htilde.errors import CourseError, Problem
from htilde.examination.paper import Origin
from htilde.files import PACKAGE, fingerprint
from htilde.model import Visibility
from htilde.version import __version__

__all__ = ["declared_code", "declared_functions", "declared_texts", "drawing_engine", "origin_today"]

_DRAWING = (
    *("declare.py", "distributions.py", "laws.py", "oracle.py", "sizes.py", "strategies.py", "values.py"),
    *("authoring/allowances.py", "authoring/drawing.py", "authoring/forms.py"),
)
"""The modules on which it depends what is drawn, and what the oracle answers."""

_UNSAID = ("ctx", "kind", "type_comment", "type_ignores")
"""Fields of syntax that say nothing about what it does."""

_Functions = ast.FunctionDef | ast.AsyncFunctionDef


def origin_today(course: Course, assignment: str, visibility: Visibility) -> Origin:
    """Return the origin that a paper drawn now would have. Raises CourseError for a file that can't be parsed."""
    code, texts = (declared(course, assignment, visibility) for declared in (declared_code, declared_texts))
    return Origin(__version__, code, texts, drawing_engine())


def declared_code(course: Course, assignment: str, visibility: Visibility) -> str:
    """Return the fingerprint of the declarations that a paper is drawn from. Raises CourseError."""
    files = _files(course, assignment, visibility)
    if visibility is Visibility.HIDDEN:  # the first public property answers the probes of both papers
        files.append(course.declarations("public", assignment))
    return fingerprint(_code(files, course.root / "tests" / SHARED))


def declared_texts(course: Course, assignment: str, visibility: Visibility) -> str:
    """Return the fingerprint of a paper's claims and hints, as they are declared. Raises CourseError."""
    return fingerprint([_texts(path) for path in _files(course, assignment, visibility)])


def declared_functions(course: Course, assignment: str, visibility: Visibility) -> set[str]:
    """Return the names of all functions in the files that declare a paper's properties and mistakes."""
    trees = map(_tree, _files(course, assignment, visibility))
    return {node.name for tree in trees for node in ast.walk(tree) if isinstance(node, _Functions)}


def _files(course: Course, assignment: str, visibility: Visibility) -> list[Path]:
    return [course.declarations(kind, assignment) for kind in (visibility.value, "misconceptions")]


@functools.cache
def drawing_engine() -> str:
    """Return what draws: a fingerprint of the kit's drawing code without comments, Hypothesis and torch.

    ``none`` stands for a library that isn't installed.
    """
    code = [[name, _normal_form(_parsed((PACKAGE / name).read_bytes()))] for name in _DRAWING]
    versions = (f"{name} {_version(name.lower())}" for name in ("Hypothesis", "torch"))
    return ", ".join((fingerprint(code)[:12], *versions))


def _version(package: str) -> str:
    """Return a package's version, without the local part that names the device torch was built for."""
    try:
        return importlib.metadata.version(package).partition("+")[0]
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _code(paths: Sequence[Path], shared: Path) -> list[object]:
    """Return the normal form of what the files declare and of what that reaches in the folder of shared modules."""
    found: list[object] = []
    wanted: dict[str, set[str]] = {}
    for path in paths:
        body = _tree(path).body
        reached = _reached(body, [statement for statement in body if _declares(statement)])
        found.append(_normal_module(reached))
        _want(wanted, reached)
    while True:  # shared modules may import from each other
        before = {module: set(names) for module, names in wanted.items()}
        parts = []
        for module in sorted(wanted):
            if (path := shared / f"{module}.py").is_file():  # running the declarations tells of one that is missing
                body = _tree(path).body
                roots = [s for s in body if isinstance(s, ast.Expr) or bound_names(s) & wanted[module]]
                reached = _reached(body, roots)
                names = frozenset(wanted[module])
                parts.append([module, sorted(names), _normal_module(reached, names)])
                _want(wanted, reached, names)
        if wanted == before:
            return [*found, *parts]


def _declares(statement: ast.stmt) -> bool:
    """Return False for an import, and for a function or class without decorators: these count where they are used."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return bool(statement.decorator_list)
    return not isinstance(statement, ast.Import | ast.ImportFrom)


def _reached(body: Sequence[ast.stmt], roots: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the roots and the statements that they use in turn, in order."""
    kept = {*roots, *used_statements(body, ast.Module(list(roots), []))}
    return [statement for statement in body if statement in kept]


def _want(wanted: dict[str, set[str]], statements: Iterable[ast.stmt], exported: Set[str] = frozenset()) -> None:
    """Add the names that statements import from shared modules, by module."""
    for module, name, _bound in _imports(statements, exported):
        if module.startswith(f"{SHARED}."):
            wanted.setdefault(module.partition(".")[2], set()).add(name)


def _imports(statements: Iterable[ast.stmt], exported: Set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (module, name, name in the file) for each import at any depth that the statements use or export."""
    known = list(statements)
    mentioned = {*exported}.union(*map(mentioned_names, known))
    for node in (node for statement in known for node in ast.walk(statement)):
        if isinstance(node, ast.ImportFrom):
            shared = imported_from_shared(node)
            module = f"{SHARED}.{shared}" if shared else "." * node.level + (node.module or "")
            names = [(module, alias.name, alias.asname or alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [("", alias.name, alias.asname or alias.name.partition(".")[0]) for alias in node.names]
        else:
            continue
        yield from (each for each in names if each[2] in mentioned or each[1] == "*")


def _normal_module(reached: Sequence[ast.stmt], exported: Set[str] = frozenset()) -> list[object]:
    """Return statements of a file in normal form, the imports that they use first and sorted."""
    imports = sorted({each for each in _imports(reached, exported) if each[0] != "__future__"})
    others = (s for s in reached if not isinstance(s, ast.Import | ast.ImportFrom) and not _is_text(s))
    return [imports, list(map(_normal_form, others))]


def _normal_form(value: object) -> str:
    """Return syntax as text that is the same in every version of Python, without places and docstrings."""
    if isinstance(value, ast.Constant):
        constant = value.value
        return f"{type(constant).__name__}:{hex(constant) if type(constant) is int else repr(constant)}"
    if isinstance(value, ast.JoinedStr):  # Python 3.12 puts an empty text behind the last part of some
        return f"JoinedStr([{','.join(_normal_form(part) for part in value.values if not _is_empty(part))}])"
    if isinstance(value, ast.AST):
        body = value.body if isinstance(value, ast.Module | ast.ClassDef | _Functions) else []
        parts = (
            (name, part) for name, part in ast.iter_fields(value) if name not in _UNSAID and part not in (None, [])
        )
        fields = (
            f"{name}={_normal_form(body[1:] if part is body and body and _is_text(body[0]) else part)}"
            for name, part in parts
        )
        return f"{type(value).__name__}({','.join(fields)})"
    return f"[{','.join(map(_normal_form, value))}]" if isinstance(value, list) else repr(value)


def _is_empty(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and part.value == ""


def _is_text(statement: ast.stmt) -> bool:
    """Return whether a statement is a string alone: at the top of a body, a docstring."""
    return isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)


def _texts(path: Path) -> list[object]:
    """Return the docstrings of a file's decorated functions, which are its claims and hints."""
    nodes = (node for node in ast.walk(_tree(path)) if isinstance(node, _Functions) and node.decorator_list)
    return [[node.name, inspect.cleandoc(ast.get_docstring(node, clean=False) or "")] for node in nodes]


def _tree(path: Path) -> ast.Module:
    """Parse a file of the course, however its lines end. Raises CourseError."""
    try:
        return _parsed(path.read_bytes().replace(b"\r\n", b"\n"))
    except OSError as error:
        raise CourseError(Problem(path, f"can't be read ({error.strerror}).")) from None
    except SyntaxError as error:
        raise CourseError(Problem(path, f"this isn't Python: {error.msg}.", line=error.lineno)) from None
    except ValueError as error:  # what Python before 3.11.4 says of a null character
        raise CourseError(Problem(path, f"this isn't Python: {error}.")) from None


@functools.lru_cache(maxsize=64)
def _parsed(source: bytes) -> ast.Module:
    return ast.parse(source)
