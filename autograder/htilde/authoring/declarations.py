"""Read what the files in a course's ``tests/`` declare, and check it against ``grading.toml``.

The files are the instructor's own and run in this process. All disagreements are reported at once.
"""

from __future__ import annotations

import functools
import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from htilde.authoring.forms import Form, limited, references
from htilde.authoring.master import read_master
from htilde.authoring.shared import DeclarationFiles
from htilde.course import GRADING, Assignment, Course
from htilde.declare import (
    Collection,
    Curve,
    Derivation,
    Misconception,
    Named,
    Probes,
    Property,
    Variant,
    collecting,
)
from htilde.errors import CourseError, Problem
from htilde.model import Kind, Visibility

__all__ = ["Declarations", "load_declarations"]

_FILES = ("public", "hidden", "misconceptions", "variants", "derivations")
_OPTIONAL = ("derivations",)
"""A course may do without these files."""
_NEXT = "docs/authoring.md shows how a property is declared."


@dataclass(frozen=True)
class Declarations:
    """All that the files in ``tests/`` declare for one assignment."""

    course: Course
    assignment: Assignment
    public: Collection
    hidden: Collection
    misconceptions: Collection
    variants: Collection
    derivations: Collection

    def file(self, kind: str) -> Collection:
        """Return what a file declares. ``kind`` is public, hidden, misconceptions, variants or derivations."""
        found: Collection = getattr(self, kind)
        return found

    def properties(self, exercise: str, visibility: Visibility) -> list[Property]:
        """Return an exercise's properties, main ones first, otherwise in the order of the file."""
        declared = self.file(visibility.value).properties
        return sorted((p for p in declared if p.exercise == exercise), key=lambda p: p.kind is Kind.EDGE)

    def mistakes(self, exercise: str) -> list[Misconception]:
        """Return an exercise's misconceptions, in order."""
        return [m for m in self.misconceptions.misconceptions if m.exercise == exercise]

    def probes(self, exercise: str) -> list[Probes]:
        """Return the sets of arguments on which an exercise's misconceptions are told apart, in order."""
        return [p for p in self.misconceptions.probes if p.exercise == exercise]

    def curve(self, exercise: str) -> Curve | None:
        """Return the arguments over which an exercise's answers are plotted, if they are."""
        return next((c for c in self.public.curves if c.exercise == exercise), None)

    def named(self, exercise: str) -> Named | None:
        """Return the names of the parts of an exercise's answer, if they have any."""
        return next((n for n in self.public.named if n.exercise == exercise), None)

    def styles(self, exercise: str) -> list[Variant]:
        """Return an exercise's variants, in order."""
        return [v for v in self.variants.variants if v.exercise == exercise]

    def forms(self, exercise: str) -> Mapping[str, Form]:
        """Return the right forms of an exercise's answer by name, the reference first if there is a master."""
        return self._forms[exercise]

    @functools.cached_property
    def _forms(self) -> dict[str, dict[str, Form]]:
        seconds = self.course.limits.call_seconds
        found: dict[str, dict[str, Form]] = {}
        for exercise in self.assignment.exercises:
            reference = {"reference": self._references[exercise]} if exercise in self._references else {}
            styles = {style.name: style.function for style in self.styles(exercise)}
            found[exercise] = {name: limited(form, seconds) for name, form in (reference | styles).items()}
        return found

    @functools.cached_property
    def _references(self) -> dict[str, Form]:
        listed = self.course.assignment(self.assignment.name)
        path = self.course.master(listed.name)
        if not path.exists():
            return {}
        return references(read_master(path, listed.exercises, tuple(listed.written)), listed.exercises)


def load_declarations(course: Course, assignment: str) -> Declarations:
    """Read the assignment's files. Raises CourseError with every disagreement, each with ``path:line``."""
    listed = course.assignment(assignment)
    files = DeclarationFiles(course.root / "tests")
    collections, faults = [], dict[str, Problem]()  # by text: what is wrong in a shared module is met more than once
    for kind in _FILES:
        try:
            path = course.declarations(kind, assignment)
            with collecting() as collection:
                if kind not in _OPTIONAL or path.exists():
                    files.run(path)
            collections.append(collection)
        except CourseError as error:
            faults |= {str(problem): problem for problem in error.problems}
    if faults:
        raise CourseError(faults.values(), next_step=_NEXT)
    found = Declarations(course, listed, *collections)
    if problems := list(_disagreements(found)):
        raise CourseError(problems, next_step=_NEXT)
    return found


def _disagreements(found: Declarations) -> Iterator[Problem]:
    course, name = found.course, found.assignment.name
    known = found.assignment.exercises
    parameters: dict[str, tuple[str, ...]] = {}
    for kind in _FILES:
        path, collection = course.declarations(kind, name), found.file(kind)
        declared: Sequence[Property | Misconception | Variant | Derivation] = (
            *collection.properties,
            *collection.misconceptions,
            *collection.variants,
            *collection.derivations,
        )
        for thing in (*declared, *collection.probes, *collection.curves, *collection.named):
            if thing.exercise not in known:
                what = f"{_called(thing)}: {GRADING} lists no exercise {thing.exercise!r} for {name}."
                yield Problem(path, what, line=thing.line)
            if (home := _home(thing)) != kind:
                what = f"{_called(thing)} belongs into {course.declarations(home, name).relative_to(course.root)}."
                yield Problem(path, what, line=thing.line)
        for (exercise, twice), times in Counter((t.exercise, t.name) for t in declared).items():
            if times > 1:
                line = max(t.line for t in declared if (t.exercise, t.name) == (exercise, twice))
                yield Problem(path, f"{twice} is declared {times} times for {exercise}.", line=line)
        for exercise, times in Counter(named.exercise for named in collection.named).items():
            if times > 1:
                line = max(named.line for named in collection.named if named.exercise == exercise)
                yield Problem(path, f"parts are declared {times} times for {exercise}.", line=line)
        for mistake in collection.misconceptions:
            if not mistake.hint:
                yield Problem(path, f"{mistake.name} has no docstring: it is the hint.", line=mistake.line)
        yield from _ill_declared(path, collection.properties, parameters)
        yield from _ill_called(path, collection, parameters)
    public, misconceptions = course.declarations("public", name), course.declarations("misconceptions", name)
    for exercise in known:
        if not any(p.kind is Kind.MAIN for p in found.properties(exercise, Visibility.PUBLIC)):
            yield Problem(public, f"no main public property for {exercise}, which {GRADING} lists.")
        if found.mistakes(exercise) and not found.probes(exercise):
            yield Problem(misconceptions, f"{exercise} has misconceptions but no probes(...) to tell them apart.")


_Declared = Property | Misconception | Variant | Derivation | Probes | Named


def _called(thing: _Declared) -> str:
    if isinstance(thing, Named):
        return "parts"
    if isinstance(thing, Probes):
        return "curve" if isinstance(thing, Curve) else "probes"
    return thing.name


def _home(thing: _Declared) -> str:
    """Return the kind of file that a declaration belongs in. What ships is decided by the file."""
    if isinstance(thing, Property):
        return thing.visibility.value
    if isinstance(thing, Curve | Named):
        return "public"
    if isinstance(thing, Derivation):
        return "derivations"
    return "variants" if isinstance(thing, Variant) else "misconceptions"


def _ill_declared(
    path: Path, properties: Sequence[Property], parameters: dict[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """Yield what is wrong with properties.

    ``parameters`` maps each exercise to the parameters of its first property, and is filled here.
    """
    for declared in properties:
        if not declared.claim:
            what = f"{declared.name} has no docstring: it is the claim that students read."
            yield Problem(path, what, line=declared.line)
        for what_for, given in (("strategies", declared.strategies), *(("@example", e) for e in declared.examples)):
            if set(given) != set(declared.parameters):
                what = f"{declared.name} takes {_list(declared.parameters)}; {what_for} has {_list(given)}."
                yield Problem(path, what, line=declared.line)
        if strange := set(declared.unchanged).difference(declared.parameters):
            what = f"{declared.name} takes {_list(declared.parameters)}; @unchanged has {_list(sorted(strange))}."
            yield Problem(path, what, line=declared.line)
        first = parameters.setdefault(declared.exercise, declared.parameters)
        if declared.parameters != first:
            others = f"another property of {declared.exercise} takes {_list(first)}"
            what = f"{declared.name} takes {_list(declared.parameters)}; {others}."
            yield Problem(path, what, line=declared.line)


def _ill_called(path: Path, collection: Collection, parameters: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Yield a problem for each answer that can't be called as the exercise is, and for probes of other arguments."""
    answers: Sequence[Misconception | Variant | Derivation] = (
        *collection.misconceptions,
        *collection.variants,
        *collection.derivations,
    )
    for answer in answers:
        names = parameters.get(answer.exercise)
        if names is not None and not _takes(answer.function, names):
            what = f"{answer.name} can't be called with what {answer.exercise} takes: {_list(names)}."
            yield Problem(path, what, line=answer.line)
    for probe in (*collection.probes, *collection.curves):
        names = parameters.get(probe.exercise)
        if names is not None and set(probe.arguments) != set(names):
            what = f"{probe.exercise} takes {_list(names)}; {_called(probe)} has {_list(probe.arguments)}."
            yield Problem(path, what, line=probe.line)


def _takes(function: Callable[..., object], names: Sequence[str]) -> bool:
    try:
        inspect.signature(function).bind(*names)
    except TypeError:
        return False
    return True


def _list(names: Iterable[str]) -> str:
    return ", ".join(names) or "nothing"
