"""Run a student's cells as Jupyter would, without Jupyter.

Magics and shell commands are skipped. A package that isn't there while grading imports as a stand-in
that explains itself when it is used, so an extra ``import matplotlib`` does no harm.
"""

from __future__ import annotations

import builtins
import linecache
import re
import sys
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from types import ModuleType
from typing import Any

from htilde.codes import Note, NoteCode
from htilde.isolation.calls import NotWhileGrading, Reply, Status, captured, describe_error

__all__ = ["StandIn", "new_namespace", "run_cell", "without_indent", "without_magics"]


class StandIn(ModuleType):
    """A stand-in for a package that isn't there: importing it works, using it raises an error that explains."""

    __all__: MutableSequence[str] = []  # what "from torch import *" finds
    __path__: MutableSequence[str] = []  # makes it a package

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # the import system and inspect look for these
            raise AttributeError(name)
        raise self._explanation(name)

    def __call__(self, *_: object, **__: object) -> Any:
        raise self._explanation("")

    def _explanation(self, name: str) -> NotWhileGrading:
        package = self.__name__.partition(".")[0]
        used = f"{self.__name__}.{name}" if name else self.__name__
        return NotWhileGrading(package, used)


def new_namespace() -> dict[str, Any]:
    """Return a fresh ``__main__`` for a submission, in which missing packages import as stand-ins."""
    namespace: dict[str, Any] = {"__name__": "__main__", "__doc__": None}
    namespace["__builtins__"] = {**vars(builtins), "__import__": _import}
    return namespace


def _import(
    name: str,
    globals: Mapping[str, object] | None = None,
    locals: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> ModuleType:
    try:
        return builtins.__import__(name, globals, locals, fromlist or (), level)
    except ImportError:
        if level or name.partition(".")[0] in sys.stdlib_module_names or name.partition(".")[0] == "numpy":
            raise
    top = module = StandIn(name.partition(".")[0])
    for part in name.split(".")[1:]:
        inner = StandIn(f"{module.__name__}.{part}")
        setattr(module, part, inner)
        module = inner
    for wanted in fromlist or ():
        if wanted != "*":
            setattr(module, wanted, StandIn(f"{module.__name__}.{wanted}"))
    return module if fromlist else top


def run_cell(source: str, label: str, namespace: dict[str, Any]) -> Reply:
    """Run one cell in ``namespace``. ``label`` ("cell 7") names it in tracebacks; errors become a reply."""
    filename = f"<{label}>"
    notes: tuple[Note, ...] = ()
    with captured() as output:
        try:
            try:
                code = compile(source, filename, "exec", dont_inherit=True)
            except SyntaxError:
                plain, skipped = without_magics(without_indent(source))
                if plain == source:
                    raise
                code = compile(plain, filename, "exec", dont_inherit=True)
                notes = tuple(Note(NoteCode.SKIPPED, {"line": line}) for line in skipped[:5])
            linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
            exec(code, namespace)
        except BaseException as error:
            return describe_error(error, namespace)
    return Reply(Status.ANSWERED, notes=notes, printed=output.text)


_OPENING = re.compile(r"""#|'''|\"{3}|['"]|[\[({]|[\])}]""")
_CLOSING = {quote: re.compile(rf"(?:[^\\]|\\.)*?{quote}") for quote in ("'''", '"""', "'", '"')}
_MAGIC = re.compile(r"[%!?].*|[^\s'\"#()]+\?{1,2}|[\w., ]+=\s*[%!].*")


def without_indent(source: str) -> str:
    """Return a cell with its first line at the margin, as IPython reads one that was pasted with an indentation."""
    first = next((line for line in source.split("\n") if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    return re.sub(rf"^{indent}", "", source, flags=re.MULTILINE) if indent else source


def without_magics(source: str) -> tuple[str, list[str]]:
    """Return a cell with each line of IPython's own (``%magic``, ``x = !command``, ``name?``) replaced by ``pass``.

    A cell magic that runs another language empties the cell. The second value are the lines that were replaced. Takes
    one pass over the source.
    """
    lines, skipped = source.split("\n"), []
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%") and not re.match(r"%%(time|timeit|capture|prun)\b", first):
        return "", [first[:80]]
    opened: list[str] = []
    for at, line in enumerate(lines):
        plain = line.strip()
        if not opened and _MAGIC.fullmatch(plain):
            lines[at] = f"{line[: line.index(plain)]}pass"
            skipped.append(plain[:80])
        else:
            _follow(line, opened)
    return "\n".join(lines), skipped


def _follow(line: str, opened: list[str]) -> None:
    """Keep ``opened``, the brackets, quotes and backslashes that are open at the end of a line, up to date."""
    if opened[-1:] == ["\\"]:
        opened.pop()
    at = 0
    while True:
        if opened and opened[-1] in _CLOSING:
            found = _CLOSING[opened[-1]].match(line, at)
            if found is None:
                if len(opened[-1]) == 1 and not line.endswith("\\"):
                    opened.pop()  # a string that should have ended on this line
                return
            opened.pop()
        else:
            found = _OPENING.search(line, at)
            if found is None:
                break
            if found[0] == "#":
                return
            if found[0] not in ")]}":
                opened.append(found[0])
            elif opened:
                opened.pop()
        at = found.end()
    if line.endswith("\\"):
        opened.append("\\")


def install_stub_package(check: Callable[..., None]) -> None:
    """Let ``from htilde import check`` work in the worker, where the engine is out of reach.

    Notebooks that were handed out before version 0.2 import it from ``autograder``.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == "htilde"]:
        del sys.modules[name]
    for name in ("htilde", "autograder"):
        stub = ModuleType(name)
        stub.check = check  # type: ignore[attr-defined]
        sys.modules[name] = stub
