"""Run the Python files of a course's ``tests/``, and let them import what they share.

Oracles and generators that several files of a course need stand in ``tests/shared/``, one module per assignment:

    from shared.a6_recurrent import rnn_gradients

Such an import is resolved here and for these files alone. Neither ``sys.path`` nor ``sys.modules`` changes, so courses
that are read one after the other don't see each other's modules, and nothing that is installed stands in their way.
Nothing of ``tests/shared/`` ever ships.
"""

from __future__ import annotations

import ast
import builtins
import linecache
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType

from htilde.course import GRADING
from htilde.declare import collecting
from htilde.errors import CourseError, KitError, MissingExtra, Problem
from htilde.former import refuse_former_imports

__all__ = ["SHARED", "DeclarationFiles", "imported_from_shared", "shared_files"]

SHARED = "shared"
"""The package that the files import from, and the folder in ``tests/`` that it stands for."""

_EXTRAS = ("torch", "hypothesis")


class DeclarationFiles:
    """Run the files of one course's ``tests/``. Each shared module runs once, when it is first imported."""

    def __init__(self, tests: Path) -> None:
        self._folder = tests / SHARED
        self._modules: dict[str, ModuleType] = {}
        self._builtins = vars(builtins) | {"__import__": self._import}

    def run(self, path: Path) -> ModuleType:
        """Run a file in a namespace of its own and return that as a module.

        Raises CourseError with path and line if the file is missing, isn't Python or raises, and MissingExtra if it
        imports torch or Hypothesis and they aren't installed.
        """
        module = ModuleType(f"{path.parent.name}.{path.stem}")
        self._run_in(module, path)
        return module

    def _run_in(self, module: ModuleType, path: Path) -> None:
        code = _compiled(path)
        linecache.checkcache(str(path))  # tracebacks show the file as it is now
        vars(module).update({"__file__": str(path), "__builtins__": self._builtins})
        try:
            exec(code, vars(module))
        except KitError:
            raise
        except Exception as error:
            if isinstance(error, ModuleNotFoundError) and error.name in _EXTRAS:
                raise MissingExtra(error.name, str(path), "instructor") from None
            trace = error.__traceback__
            line = None
            while trace is not None:
                line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == str(path) else line
                trace = trace.tb_next
            raise CourseError(Problem(path, f"it raised {type(error).__name__}: {error}", line=line)) from error

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """Import as Python does, but find ``shared`` in the course."""
        package, _, module = name.partition(".")
        if level or package != SHARED:
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        if not module or not fromlist or "*" in fromlist:
            raise ImportError(f"write 'from {SHARED}.ASSIGNMENT import name, ...': only this form is understood")
        if module not in self._modules:
            self._load(module)
        return self._modules[module]

    def _load(self, name: str) -> None:
        path = self._folder / f"{name}.py"
        module = ModuleType(f"{SHARED}.{name}")
        if not path.is_file():
            what = f"No module named '{module.__name__}': there is no tests/{SHARED}/{path.name}"
            raise ModuleNotFoundError(what, name=module.__name__)
        self._modules[name] = module  # first, as Python does it: modules may import each other
        try:
            with collecting() as collection:
                self._run_in(module, path)
            for declared in (thing for kind in vars(collection).values() for thing in kind):
                what = f"declares something for {declared.exercise}; it may only hold what the declarations use."
                raise CourseError(Problem(path, what, line=declared.line))
        except BaseException:
            del self._modules[name]
            raise


def _compiled(path: Path) -> CodeType:
    """Compile a file of the course. Raises CourseError, with the line where there is one."""
    try:
        source = path.read_text(encoding="utf-8")
        code = compile(source, str(path), "exec", dont_inherit=True)
    except FileNotFoundError:
        what = f"there is no such file. Write it, or take the assignment out of {GRADING}."
        raise CourseError(Problem(path, what)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(Problem(path, f"can't be read ({getattr(error, 'strerror', '') or error}).")) from None
    except SyntaxError as error:
        raise CourseError(Problem(path, f"this isn't Python: {error.msg}.", line=error.lineno)) from None
    except ValueError as error:  # what Python before 3.11.4 says of a null character
        raise CourseError(Problem(path, f"this isn't Python: {error}.")) from None
    refuse_former_imports(path, source)
    return code


def shared_files(tests: Path, paths: Iterable[Path]) -> list[Path]:
    """Return the files of ``tests/shared/`` that these files import, directly or through each other, sorted.

    What can't be read or parsed imports nothing here; running it tells what is wrong.
    """
    found, todo = set[Path](), list(paths)
    while todo:
        try:
            tree = ast.parse(todo.pop().read_bytes())
        except (OSError, SyntaxError, ValueError):
            continue
        names = {name for node in ast.walk(tree) if (name := imported_from_shared(node))}
        fresh = {path for name in names if (path := tests / SHARED / f"{name}.py").is_file()} - found
        found |= fresh
        todo += fresh
    return sorted(found)


def imported_from_shared(node: ast.AST) -> str:
    """Return the name of the shared module that a statement imports from, or nothing."""
    if not isinstance(node, ast.ImportFrom) or node.level:
        return ""
    package, _, module = (node.module or "").partition(".")
    return module if package == SHARED else ""
