"""Masters: the texts from which the notebooks of assignments are built.

A master is a Python file in jupytext's percent format. A cell ``# %% exercise="name"`` holds an answer between
``### BEGIN SOLUTION`` and ``### END SOLUTION``. A prose cell has a ``lang``. Hints and commentaries are prose cells
that are left out of the notebook, ``# %% [markdown] idea="name" lang="en"`` (see ``AIDS``). The same master gives the
same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from htilde.errors import CourseError, MissingExtra, Problem
from htilde.former import refuse_former_imports
from htilde.model import CHECK_PREFIX
from htilde.submissions.cell import Cell
from htilde.submissions.definitions import defines

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = [
    "AIDS",
    "BEGIN",
    "COMMENTARY",
    "END",
    "FORMULA",
    "IDEA",
    "STUB",
    "Master",
    "MasterCell",
    "read_master",
    "source_notebook",
]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = "raise NotImplementedError  # your answer goes here"

AIDS = IDEA, FORMULA, COMMENTARY = "idea", "formula", "commentary"
"""The aids to an exercise: two hints, the second nearer to the answer, and a commentary on the answer."""

_MARK = re.compile(r"^# %%")


@dataclass(frozen=True, slots=True)
class MasterCell:
    """A cell of a master, with its line.

    ``exercise`` is empty unless the cell holds an answer, ``question`` unless a person grades what is written there.
    ``aid`` is one of ``AIDS`` and ``about`` its exercise, or both are empty.
    """

    source: str
    is_code: bool
    line: int
    exercise: str = ""
    question: str = ""
    lang: str = ""
    tags: tuple[str, ...] = ()
    aid: str = ""
    about: str = ""


@dataclass(frozen=True)
class Master:
    """A master that was read. ``name`` is the assignment's."""

    path: Path
    name: str
    cells: tuple[MasterCell, ...]

    def in_language(self, lang: str) -> list[MasterCell]:
        """Return the notebook's cells in one language: those of that language and those of none."""
        return [cell for cell in self.cells if cell.lang in ("", lang) and not cell.aid]

    def aid(self, aid: str, exercise: str) -> dict[str, str]:
        """Return an aid to an exercise, by language; empty if there is none."""
        return {cell.lang: cell.source for cell in self.cells if (cell.aid, cell.about) == (aid, exercise)}

    def answer(self, exercise: str) -> str:
        """Return the cell of an exercise with the reference solution, without the marks around it."""
        cell = next(cell for cell in self.cells if cell.exercise == exercise)
        return "\n".join(line for line in cell.source.splitlines() if line.strip() not in (BEGIN, END))

    def submission_cells(self, answers: Mapping[str, str] | None = None) -> list[Cell]:
        """Return the cells of a submission with the reference solutions, or with the given ``answers`` by exercise."""
        cells: list[Cell] = []
        for cell in self.cells:
            if cell.is_code:
                source = (answers or {}).get(cell.exercise, cell.source)
                cells.append(Cell(len(cells) + 1, source, id=cell.exercise, tags=cell.tags))
                if cell.exercise:
                    cells.append(Cell(len(cells) + 1, _check(cell.exercise), id=CHECK_PREFIX + cell.exercise))
        return cells

    def stub(self, exercise: str) -> str:
        """Return the cell of an exercise as students receive it."""
        cell = next(cell for cell in self.cells if cell.exercise == exercise)
        return _without_answer(cell.source)


def read_master(path: Path, exercises: Sequence[str], questions: Sequence[str] = ()) -> Master:
    """Read a master. Raises CourseError with ``path:line`` of everything wrong in it."""
    try:
        import jupytext
    except ImportError:
        raise MissingExtra("jupytext", "Building notebooks", "instructor") from None
    try:
        text = path.read_text(encoding="utf-8")
        book = jupytext.reads(text, fmt="py:percent")
    except FileNotFoundError:
        what = "there is no such master, but grading.toml lists the assignment."
        raise CourseError(
            Problem(path, what), next_step="Write it, or take the assignment out of grading.toml."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(Problem(path, f"can't be read ({error}).")) from None
    refuse_former_imports(path, text)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if _MARK.match(line)]
    if len(lines) != len(book.cells):
        raise CourseError(Problem(path, "the file must begin with a cell mark (# %%).", line=1))
    cells = tuple(_cell(cell, line) for cell, line in zip(book.cells, lines))
    if problems := list(_problems(path, cells, exercises, questions)):
        raise CourseError(problems, next_step="docs/authoring.md shows a master.")
    return Master(path, path.stem, cells)


def _cell(cell: Any, line: int) -> MasterCell:
    meta = cell.metadata
    return MasterCell(
        cell.source,
        is_code=cell.cell_type == "code",
        line=line,
        exercise=str(meta.get("exercise", "")),
        question=str(meta.get("question", "")),
        lang=str(meta.get("lang", "")),
        tags=tuple(meta.get("tags", ())),
        aid=(aid := next((aid for aid in AIDS if aid in meta), "")),
        about=str(meta.get(aid, "")),
    )


def _problems(
    path: Path, cells: Sequence[MasterCell], exercises: Sequence[str], questions: Sequence[str]
) -> Iterator[Problem]:
    found = [cell for cell in cells if cell.exercise]
    for cell in found:
        if cell.exercise not in exercises:
            yield Problem(path, f"grading.toml lists no exercise {cell.exercise!r} for {path.stem}.", line=cell.line)
        if [c.exercise for c in found].count(cell.exercise) > 1:
            yield Problem(path, f"exercise {cell.exercise} has more than one cell.", line=cell.line)
        marks = [line.strip() for line in cell.source.splitlines() if line.strip() in (BEGIN, END)]
        if not marks or marks != [BEGIN, END] * (len(marks) // 2):
            yield Problem(path, f"{cell.exercise}: the answer must stand between {BEGIN} and {END}.", line=cell.line)
        if not defines(cell.source, cell.exercise):
            yield Problem(path, f"the cell of {cell.exercise} defines no function of that name.", line=cell.line)
    for exercise in exercises:
        if exercise not in [cell.exercise for cell in found]:
            yield Problem(path, f'no cell # %% exercise="{exercise}", but grading.toml lists the exercise.')
    languages = {cell.lang for cell in cells if cell.lang} or {"en"}
    for question in questions:
        asking = [cell.lang for cell in cells if cell.question == question]
        if not asking:
            yield Problem(path, f'no cell # %% [markdown] question="{question}", but grading.toml lists the question.')
            continue
        for lang in sorted(languages.difference(asking)):
            yield Problem(path, f"question {question!r} isn't asked in {lang!r}.")
        for cell in cells:
            if cell.question == question and asking.count(cell.lang) > 1:
                yield Problem(path, f"question {question!r} has more than one cell in {cell.lang!r}.", line=cell.line)
    for cell in cells:
        if cell.question and (cell.is_code or cell.question not in questions):
            where = "is for prose" if cell.is_code else "isn't listed in grading.toml, under [assignment.written]"
            yield Problem(path, f"question {cell.question!r} {where}.", line=cell.line)
        if not cell.is_code and not cell.lang:
            yield Problem(path, 'a prose cell without a language: write # %% [markdown] lang="en".', line=cell.line)
    yield from _wrong_aids(path, cells, exercises, languages)


def _wrong_aids(
    path: Path, cells: Sequence[MasterCell], exercises: Sequence[str], languages: set[str]
) -> Iterator[Problem]:
    found: dict[tuple[str, str], list[MasterCell]] = {}
    for cell in cells:
        if cell.aid:
            found.setdefault((cell.aid, cell.about), []).append(cell)
    for (aid, exercise), told in found.items():
        line, given = told[0].line, [cell.lang for cell in told]
        if exercise not in exercises:
            yield Problem(path, f"{aid} of {exercise!r}: grading.toml lists no such exercise.", line=line)
        if any(cell.is_code for cell in told):
            yield Problem(path, f'{aid} of {exercise} is for prose: write # %% [markdown] {aid}="...".', line=line)
        if len({*given}) < len(given):
            yield Problem(path, f"{aid} of {exercise} has more than one cell in a language.", line=told[-1].line)
        for lang in sorted(languages.difference(given)):
            yield Problem(path, f"{aid} of {exercise} isn't there in {lang!r}.", line=line)


def _without_answer(source: str) -> str:
    lines, inside = [], False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            inside = True
            lines.append(line[: len(line) - len(line.lstrip())] + STUB)
        elif line.strip() == END:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def _check(exercise: str) -> str:
    return f'check("{exercise}")'


def source_notebook(master: Master, points: Mapping[str, float], lang: str, *, answers: bool = True) -> NotebookNode:
    """Build nbgrader's source notebook, with a graded check cell below each answer.

    ``points`` are those of exercises and written questions. Without ``answers`` it is the notebook that students
    receive, except for nbgrader's own notes in it.
    """
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells: list[Any] = []
    seen: dict[str, int] = {}
    for cell in master.in_language(lang):
        make = new_code_cell if cell.is_code else new_markdown_cell
        if not cell.exercise:
            kind = "code" if cell.is_code else "prose"
            seen[kind] = seen.get(kind, 0) + 1
            metadata: dict[str, Any] = {"tags": list(cell.tags)} if cell.tags else {}
            if cell.question:
                written = {"grade": True, "solution": True, "points": points[cell.question]}
                metadata |= {"nbgrader": _nbgrader(cell.question) | written, **_protected(answers)}
            what = cell.question or f"{kind} {seen[kind]}"
            # Without a region to clear, nbgrader would clear the question with the answer.
            source = f"{cell.source}\n\n{BEGIN}\n{END}" if cell.question and answers else cell.source
            cells.append(make(source, id=_id(master.name, what), metadata=metadata))
            continue
        answer, check = _nbgrader(cell.exercise), _nbgrader(CHECK_PREFIX + cell.exercise)
        answer |= {"solution": True}
        check |= {"grade": True, "locked": True, "points": points[cell.exercise]}
        source = cell.source if answers else _without_answer(cell.source)
        cells.append(
            make(source, id=_id(master.name, cell.exercise), metadata={"nbgrader": answer, **_protected(answers)})
        )
        id_of_check = _id(master.name, CHECK_PREFIX + cell.exercise)
        fixed = _protected(answers, editable=False)
        cells.append(make(_check(cell.exercise), id=id_of_check, metadata={"nbgrader": check, **fixed}))
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    book: NotebookNode = new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}, "lang": lang}
    )
    book.nbformat, book.nbformat_minor = 4, 5
    return book


def _protected(answers: bool, *, editable: bool = True) -> dict[str, Any]:
    """Return the metadata that keep a student from deleting a cell, or changing it, by accident."""
    return {} if answers else {"deletable": False, **({} if editable else {"editable": False})}


def _nbgrader(grade_id: str) -> dict[str, Any]:
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"grade_id": grade_id, "schema_version": 3, **flags}


def _id(assignment: str, what: str) -> str:
    """Return a cell id that depends only on the assignment and on what the cell is for."""
    return hashlib.sha256(f"{assignment}/{what}".encode()).hexdigest()[:8]
