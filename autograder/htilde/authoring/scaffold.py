"""Begin an exercise or an assignment: write every file that it needs, with an example that works.

What is written passes ``htilde verify`` as it is (the function returns its argument), so that an author changes a
working course. Nothing is written unless everything can be.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from htilde.authoring.grading_file import with_assignment, with_exercise
from htilde.authoring.master import AIDS, MasterCell, read_master
from htilde.authoring.scaffold_texts import (
    ABOUT,
    ANSWER,
    BEGINNING,
    CLASS,
    END,
    HEADS,
    IMPORTS,
    LAST,
    PARTS,
    TITLE,
    TODO,
    TOLD,
)
from htilde.course import GRADING, Course
from htilde.errors import CourseError, Problem, UsageError
from htilde.files import write_files
from htilde.model import CHECK_PREFIX

__all__ = ["Placeholder", "new_assignment", "new_exercise"]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Lines that were added to a file, and what the author should replace them by. ``line`` is the first of them."""

    path: Path
    line: int
    todo: str


def new_assignment(course: Course, assignment: str, exercise: str = "example") -> list[Placeholder]:
    """Begin an assignment with one exercise. Returns what was written, grading.toml last.

    Raises UsageError and changes nothing if a name is taken or isn't allowed.
    """
    _require_name(assignment, "an assignment")
    _require_name(exercise, "an exercise")
    _require_unbound(exercise, ast.parse(BEGINNING), course.master(assignment))
    if assignment in [listed.name for listed in course.assignments]:
        raise UsageError(f"{course.root / GRADING}: there is an assignment {assignment} already.", next_step=_ANOTHER)
    languages = _languages_of(course)
    above = _prose("# {assignment}", TITLE, languages).lstrip() + BEGINNING
    below = _prose("", LAST, languages) + END
    texts = {course.master(assignment): above + _exercise(languages) + below}
    texts |= {course.declarations(kind, assignment): HEADS[kind] + part for kind, part in PARTS.items()}
    texts |= {course.declarations("sample_class", assignment): CLASS}
    for path in (*texts, course.source(assignment), course.release(assignment), course.hidden_paper(assignment)):
        if os.path.lexists(path):
            raise UsageError(f"{path}: this is there already; nothing was changed.", next_step=_ANOTHER)
    files = {path: text.format(assignment=assignment, exercise=exercise) for path, text in texts.items()}
    places = [Placeholder(path, 1, TODO[path.parent.name]) for path in files]
    grading = course.root / GRADING
    text = _read(grading)
    files[grading], line = with_assignment(grading, text, assignment, exercise)
    _write(files)
    return [*places, Placeholder(grading, line, TODO[GRADING])]


def new_exercise(course: Course, assignment: str, exercise: str) -> list[Placeholder]:
    """Begin an exercise: a cell, properties, a misconception, a variant, a point. Returns what was added.

    Raises UsageError and changes nothing if the name is taken or can't be a function's, or if one of the assignment's
    files is in a form that can't be added to.
    """
    listed = course.assignment(assignment)
    _require_name(exercise, "an exercise")
    taken = (*listed.points, *listed.written)
    ids = dict.fromkeys(taken, f"{assignment} has {exercise} already.")
    ids |= {CHECK_PREFIX + name: f"{exercise} is the id of the check cell of {name}." for name in listed.points}
    ids |= {
        name.removeprefix(CHECK_PREFIX): f"its check cell would have the id {name}, which {assignment} has already."
        for name in taken
        if name.startswith(CHECK_PREFIX)
    }
    if exercise in ids:
        raise UsageError(f"{course.root / GRADING}: {ids[exercise]}", next_step=_ANOTHER)
    files, places = {}, []
    for path, begun, line in (
        _with_cell(course, assignment, exercise),
        *(_with_part(course.declarations(kind, assignment), kind, exercise) for kind in PARTS),
        (grading := course.root / GRADING, *with_exercise(grading, _read(grading), assignment, exercise)),
    ):
        files[path] = begun
        places.append(Placeholder(path, line, TODO[path.name if path == grading else path.parent.name]))
    _write(files)
    return places


_ANOTHER = "Choose another name."


def _require_name(name: str, what: str) -> None:
    """Raise UsageError unless a file and a function can have this name."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,63}", name) or keyword.iskeyword(name):
        raise UsageError(
            f"{name!r} can't be the name of {what}.",
            next_step="A letter, then letters, digits and _ are expected, 64 at most, and no keyword of Python's.",
        )
    if what == "an exercise" and hasattr(builtins, name):
        raise UsageError(
            f"{name!r} is a function of Python's own; an exercise of that name would take its place.",
            next_step=_ANOTHER,
        )


def _with_cell(course: Course, assignment: str, exercise: str) -> tuple[Path, str, int]:
    """Return the master's path, its text with the cells of the exercise below the last one's, and their line."""
    listed, path = course.assignment(assignment), course.master(assignment)
    cells = read_master(path, listed.exercises, tuple(listed.written)).cells
    for cell in cells:
        if cell.is_code:
            try:
                tree = ast.parse(cell.source)
            except SyntaxError:  # a magic: nothing that binds a name
                continue
            _require_unbound(exercise, tree, path, after=cell.line)
    last = max(number for number, cell in enumerate(cells) if cell.exercise)
    lines = _read(path).splitlines(keepends=True)
    at = next((cell.line - 1 for cell in cells[last + 1 :] if not cell.aid), len(lines))
    begun = _exercise(_languages(cells) or [course.language]).format(exercise=exercise)
    above, below = "".join(lines[:at]).rstrip() + "\n", "".join(lines[at:])
    return path, above + begun + ("\n" + below if below else ""), above.count("\n") + 2


def _with_part(path: Path, kind: str, exercise: str) -> tuple[Path, str, int]:
    """Return a file's path, its text with the declarations of the exercise at the end, and their line."""
    text, part = _read(path), PARTS[kind]
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        what = f"this isn't Python: {getattr(error, 'msg', error)}."
        raise CourseError(Problem(path, what, line=getattr(error, "lineno", None)), next_step=_MEND) from None
    wanted = {re.split(r"\W", name)[-1]: name for name in IMPORTS[kind]}
    own = {node.name for node in ast.walk(ast.parse(part)) if isinstance(node, ast.FunctionDef)}
    there = set()
    for name, line, meaning in _bound(tree):
        if name in wanted and meaning == wanted[name]:
            there.add(name)
        elif name in wanted or (name in own and meaning != _DECLARED):
            what = f"{name} means something else here than in what would be added; nothing was changed."
            raise CourseError(Problem(path, what, line=line), next_step="Give it another name, and run this again.")
    if missing := [meaning for name, meaning in wanted.items() if name not in there]:
        lines = text.splitlines(keepends=True)
        imports = (ast.Import, ast.ImportFrom)
        docstring = tree.body[:1] if ast.get_docstring(tree) is not None else []
        above = [*docstring, *(node for node in tree.body if isinstance(node, imports))]
        at = max((node.end_lineno or 0 for node in above), default=0)
        lines[at:at] = ["\n", *map(_import, missing)] if at else [*map(_import, missing), "\n"]
        text = "".join(lines)
    text = text.rstrip() + "\n"
    return path, text + part.format(exercise=exercise), text.count("\n") + 3


_MEND = "Mend this first; nothing was changed."
_DECLARED = "declared"


def _import(meaning: str) -> str:
    module, _, name = meaning.rpartition(".")
    return f"from {module} import {name}\n" if module else f"import {meaning}\n"


def _bound(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Yield each name that a module binds, its line, and to what: an import, ``_DECLARED``, or "" for anything else."""
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            module = f"{statement.module}." if isinstance(statement, ast.ImportFrom) else ""
            for alias in statement.names:
                renamed = f" as {alias.asname}" if alias.asname else ""
                yield alias.asname or alias.name.partition(".")[0], statement.lineno, module + alias.name + renamed
        elif isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            yield statement.name, statement.lineno, _DECLARED if statement.decorator_list else ""
        else:
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id, node.lineno, ""


def _require_unbound(exercise: str, tree: ast.Module, path: Path, after: int = 0) -> None:
    """Raise CourseError if a cell of the master binds the exercise's name. ``after`` is the line above the cell."""
    for name, line, _ in _bound(tree):
        if name == exercise:
            what = f"{name} is something else in this notebook already; nothing was changed."
            raise CourseError(Problem(path, what, line=after + line), next_step=_ANOTHER)


def _exercise(languages: Sequence[str]) -> str:
    """Return the cells of an exercise: the prose above the answer, the answer, and the aids."""
    told = (_prose("", TOLD[aid], languages, aid=f'{aid}="{{exercise}}" ') for aid in AIDS)
    return _prose("## {exercise}", ABOUT, languages) + ANSWER + "".join(told)


def _prose(title: str, text: Mapping[str, str], languages: Sequence[str], *, aid: str = "") -> str:
    """Return a prose cell in each language, in English where the kit has no translation."""
    heading = f"# {title}\n#\n" if title else ""
    return "".join(
        f'\n# %% [markdown] {aid}lang="{lang}"\n{heading}# {text.get(lang, text["en"])}\n' for lang in languages
    )


def _languages(cells: Sequence[MasterCell]) -> list[str]:
    return list(dict.fromkeys(cell.lang for cell in cells if cell.lang))


def _languages_of(course: Course) -> list[str]:
    """Return the languages of the course's masters, or the course's own if there are no masters."""
    found: list[str] = []
    for listed in course.assignments:
        if course.master(listed.name).exists():
            found += _languages(read_master(course.master(listed.name), listed.exercises, tuple(listed.written)).cells)
    return list(dict.fromkeys(found)) or [course.language]


def _read(path: Path) -> str:
    """Return a file's text with its line ends as they are. Raises CourseError if it can't be read."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        what = "there is no such file."
        raise CourseError(Problem(path, what), next_step="'htilde verify' lists all that is missing.") from None
    except UnicodeDecodeError as error:
        raise CourseError(Problem(path, f"can't be read ({error})."), next_step=_MEND) from None


def _write(texts: Mapping[Path, str]) -> None:
    """Write all of the files or none, each with the line ends that it has now."""
    contents: dict[Path, bytes | str] = {}
    for path, text in texts.items():
        end = b"\r\n" if path.exists() and b"\r\n" in path.read_bytes() else b"\n"
        contents[path] = text.encode().replace(b"\r\n", b"\n").replace(b"\n", end)
    write_files(contents)
