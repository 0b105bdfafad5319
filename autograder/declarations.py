"""Reading what a course's ``tests/`` declare, and holding it against ``grading.toml`` and the master.

The files are the instructor's own and run in this process. Disagreements are all reported at once.
"""

from __future__ import annotations

import linecache
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import GRADING, Assignment, Course
from autograder.declare import Collection, Misconception, Probes, Property, Variant, collecting
from autograder.errors import CourseError, KitError, Problem
from autograder.model import Kind, Visibility

__all__ = ["Declarations", "load_declarations"]


@dataclass(frozen=True)
class Declarations:
    """What the files in ``tests/`` say about one assignment."""

    course: Course
    assignment: Assignment
    public: Collection
    hidden: Collection
    misconceptions: Collection
    variants: Collection

    def properties(self, exercise: str, visibility: Visibility) -> list[Property]:
        """The exercise's properties, main ones first, otherwise in the order of the file."""
        file = self.public if visibility is Visibility.PUBLIC else self.hidden
        return sorted((p for p in file.properties if p.exercise == exercise), key=lambda p: p.kind is Kind.EDGE)

    def mistakes(self, exercise: str) -> list[Misconception]:
        return [m for m in self.misconceptions.misconceptions if m.exercise == exercise]

    def probes(self, exercise: str) -> list[Probes]:
        return [p for p in self.misconceptions.probes if p.exercise == exercise]

    def styles(self, exercise: str) -> list[Variant]:
        return [v for v in self.variants.variants if v.exercise == exercise]


def load_declarations(course: Course, assignment: str) -> Declarations:
    """Read the assignment's files. Raises CourseError with every disagreement, each with ``path:line``."""
    found = Declarations(
        course,
        course.assignment(assignment),
        *(
            _collect(course.declarations(kind, assignment))
            for kind in ("public", "hidden", "misconceptions", "variants")
        ),
    )
    if problems := list(_disagreements(found)):
        raise CourseError(problems, next_step="docs/authoring.md shows how a property is declared.")
    return found


def _collect(path: Path) -> Collection:
    try:
        source = path.read_text(encoding="utf-8")
        code = compile(source, str(path), "exec", dont_inherit=True)
    except FileNotFoundError:
        what = "there is no such file, but grading.toml lists the assignment."
        raise CourseError(
            Problem(path, what), next_step="Write it, or take the assignment out of grading.toml."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(Problem(path, f"can't be read ({error}).")) from None
    except SyntaxError as error:
        raise CourseError(Problem(path, f"this isn't Python: {error.msg}.", line=error.lineno)) from None
    linecache.checkcache(str(path))
    with collecting() as collection:
        try:
            exec(code, {"__name__": f"{path.parent.name}.{path.stem}", "__file__": str(path)})
        except KitError:
            raise
        except Exception as error:
            trace = error.__traceback__
            line = None
            while trace is not None:
                line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == str(path) else line
                trace = trace.tb_next
            raise CourseError(Problem(path, f"it raised {type(error).__name__}: {error}", line=line)) from error
    return collection


def _disagreements(found: Declarations) -> Iterator[Problem]:
    course, name = found.course, found.assignment.name
    known = found.assignment.exercises
    files = {
        course.declarations("public", name): found.public,
        course.declarations("hidden", name): found.hidden,
        course.declarations("misconceptions", name): found.misconceptions,
        course.declarations("variants", name): found.variants,
    }
    for path, collection in files.items():
        declared: Sequence[Property | Misconception | Variant] = (
            *collection.properties,
            *collection.misconceptions,
            *collection.variants,
        )
        for thing in declared:
            if thing.exercise not in known:
                what = f"{thing.name}: {GRADING} lists no exercise {thing.exercise!r} for {name}."
                yield Problem(path, what, line=thing.line)
        for (exercise, twice), times in Counter((t.exercise, t.name) for t in declared).items():
            if times > 1:
                line = max(t.line for t in declared if (t.exercise, t.name) == (exercise, twice))
                yield Problem(path, f"{twice} is declared {times} times for {exercise}.", line=line)
        for mistake in collection.misconceptions:
            if not mistake.hint:
                yield Problem(path, f"{mistake.name} has no docstring: it is the hint.", line=mistake.line)
        yield from _ill_declared(path, collection.properties)
    public, misconceptions = course.declarations("public", name), course.declarations("misconceptions", name)
    for exercise in known:
        if not any(p.kind is Kind.MAIN for p in found.properties(exercise, Visibility.PUBLIC)):
            yield Problem(public, f"no main public property for {exercise}, which {GRADING} lists.")
        if found.mistakes(exercise) and not found.probes(exercise):
            yield Problem(misconceptions, f"{exercise} has misconceptions but no probes(...) to tell them apart.")


def _ill_declared(path: Path, properties: Sequence[Property]) -> Iterator[Problem]:
    parameters: dict[str, tuple[str, ...]] = {}
    for declared in properties:
        if not declared.claim:
            what = f"{declared.name} has no docstring: it is the claim that students read."
            yield Problem(path, what, line=declared.line)
        if set(declared.strategies) != set(declared.parameters):
            given = _list(declared.strategies)
            what = f"{declared.name} takes {_list(declared.parameters)}; strategies are given for {given}."
            yield Problem(path, what, line=declared.line)
        first = parameters.setdefault(declared.exercise, declared.parameters)
        if declared.parameters != first:
            others = f"another property of {declared.exercise} takes {_list(first)}"
            what = f"{declared.name} takes {_list(declared.parameters)}; {others}."
            yield Problem(path, what, line=declared.line)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
