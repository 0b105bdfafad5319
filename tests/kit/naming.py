"""Measure how many wrong answers the kit names, and whether the names are right.

Four sorts of answers are examined by the public papers, as a student's are: the mistakes that the course declares,
some of them written anew, the corpus of ``real_mistakes/``, and a sample of mutants. Run as a program it writes
``docs/diagnosis.md``.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from clone import REAL, ROOT
from corpus import REWRITTEN, right_names, wrong_answers
from htilde.authoring.declarations import load_declarations
from htilde.codes import Code
from htilde.course import Course, load_course
from htilde.declare import Misconception
from htilde.diagnosis.completion import examine_exercise
from htilde.diagnosis.diagnose import LIKENESS, as_answer
from htilde.examination.compare import alike
from htilde.examination.judgement import Asked
from htilde.examination.paper import Paper, read_paper
from htilde.isolation.calls import Reply, Status, ask
from htilde.laws import is_random
from htilde.model import Kind, Verdict
from htilde.values import Value, leaves
from mutants import Assay

__all__ = ["GROUPS", "Named", "is_right", "measure", "page", "told"]

GROUPS = ("declared", "rewritten", "corpus", "held out", "mutants")
MUTANTS = 500
"""Mutants in the sample of the page."""

Statement = tuple[str, ...]
"""The names of one statement in a verdict: of one mistake, or of several of which any may be it."""


@dataclass(frozen=True, slots=True)
class Named:
    """One wrong answer: the statements that the kit makes about it, and whether each is right."""

    group: str
    exercise: str
    id: str
    told: tuple[Statement, ...] = ()
    right: bool = False

    @property
    def wrong(self) -> bool:
        """True if a name was given that isn't right."""
        return bool(self.told) and not self.right

    def __str__(self) -> str:
        said = "; ".join(" or ".join(names) for names in self.told) or "nothing"
        return f"{self.exercise}/{self.id}: {said}"


def told(verdicts: Iterable[Verdict]) -> tuple[Statement, ...]:
    """Return what verdicts say about the mistake, each statement once."""
    found: dict[Statement, None] = {}
    for verdict in verdicts:
        found |= dict.fromkeys(_statements(verdict))
    return tuple(found)


def _statements(verdict: Verdict) -> Iterator[Statement]:
    if verdict.together:
        yield from ((name,) for name in verdict.mistakes)
    elif verdict.mistakes:
        yield verdict.mistakes
    elif verdict.code is Code.RETURNED_NOTHING:
        yield ("returned_nothing",)


def is_right(statements: Sequence[Statement], patterns: Sequence[str]) -> bool:
    """Tell whether something is said and each statement holds a name that is right. Patterns are as for files."""
    return bool(statements) and all(
        any(fnmatchcase(name, pattern) for name in names for pattern in patterns) for names in statements
    )


@dataclass(frozen=True, slots=True)
class _Assignment:
    """The paper and the declarations by which the answers to one assignment are measured."""

    course: Course
    name: str
    exercises: tuple[str, ...]
    paper: Paper

    def verdicts(self, exercise: str, asked: Asked) -> tuple[Verdict, ...]:
        part = self.paper.exercise(exercise)
        assert part is not None
        return examine_exercise(part, [self.paper], asked).verdicts


def measure(course: Course, group: str, *, every: int = 1, mutants: int = MUTANTS) -> list[Named]:
    """Return what the kit says about the wrong answers of a group, or about one of ``every`` so many."""
    found: list[Named] = []
    for listed in course.assignments:
        paper = read_paper(course.public_paper(listed.name))
        assignment = _Assignment(course, listed.name, listed.exercises, paper)
        if group == "mutants":
            found += _of_mutants(assignment, mutants // len(course.assignments))
        elif group == "declared":
            found += _of_declared(assignment, every)
        else:
            found += _of_written(assignment, group, every)
    return found


def _of_declared(assignment: _Assignment, every: int) -> Iterator[Named]:
    declarations = load_declarations(assignment.course, assignment.name)
    for mistake in declarations.misconceptions.misconceptions[::every]:
        verdicts = assignment.verdicts(mistake.exercise, _calling(mistake.function))
        if any(not verdict.passed for verdict in verdicts):
            statements = told(verdicts)
            yield Named("declared", mistake.exercise, mistake.name, statements, is_right(statements, [mistake.name]))


def _of_written(assignment: _Assignment, group: str, every: int) -> Iterator[Named]:
    names = right_names()
    answers = wrong_answers(REWRITTEN) if group == "rewritten" else wrong_answers()
    for answer in answers[::every]:
        if answer.exercise in assignment.exercises and (group != "held out" or answer.held_out):
            defined: dict[str, Any] = {"np": np, "sigmoid": lambda h_tilde: (1 + np.tanh(h_tilde / 2)) / 2}
            exec(answer.source, defined)
            statements = told(assignment.verdicts(answer.exercise, _calling(defined[answer.exercise], defined)))
            right = is_right(statements, [answer.kind] if group == "rewritten" else names[str(answer)])
            yield Named(group, answer.exercise, answer.id, statements, right)


def _calling(function: Callable[..., object], namespace: Mapping[str, object] | None = None) -> Asked:
    def asked(cases: Sequence[Sequence[Value]], /, keep: Sequence[int] = ()) -> list[Reply]:
        return [ask(function, arguments, namespace or {}, keep) for arguments in cases]

    return asked


# Nobody has said what is right for a mutant. A name is wrong if the mistake gives other answers than the mutant.


def _of_mutants(assignment: _Assignment, count: int) -> Iterator[Named]:
    declarations = load_declarations(assignment.course, assignment.name)
    assay = Assay(assignment.course, assignment.name)
    chosen = random.Random(0).sample(assay.mutants, min(count, len(assay.mutants)))
    for exercise in assignment.exercises:
        declared = {mistake.name: mistake for mistake in declarations.mistakes(exercise)}
        for mutant, asked in assay.asked([mutant for mutant in chosen if mutant.exercise == exercise]):
            verdicts = assignment.verdicts(exercise, asked)
            if all(verdict.passed for verdict in verdicts):
                continue
            statements = told(verdicts)
            right = bool(statements) and all(
                any(_may_be(asked, declared.get(name), assignment.paper, exercise) for name in names)
                for names in statements
            )
            yield Named("mutants", exercise, mutant.change, statements, right)


def _may_be(asked: Asked, mistake: Misconception | None, paper: Paper, exercise: str) -> bool:
    """Tell whether a mistake explains a part of an answer on each main example that the answer gets wrong."""
    if mistake is None:
        return True
    part = paper.exercise(exercise)
    assert part is not None
    main = (question for question in part.questions if question.kind is Kind.MAIN)
    examples = [example for question in main for example in question.examples if not is_random(example.answer)]
    replies = asked([example.arguments for example in examples])
    answers = _calling(mistake.function)([example.arguments for example in examples])
    return all(_explains(mine, other, example.answer) for mine, other, example in zip(replies, answers, examples))


def _explains(mine: Reply, other: Reply, right: Value) -> bool:
    if mine.status is not Status.ANSWERED or other.status is not Status.ANSWERED:
        return (mine.status, mine.error) == (other.status, other.error)
    wants = dict(leaves(right))
    answer, mistaken = dict(leaves(as_answer(mine))), dict(leaves(as_answer(other)))
    if not answer.keys() == mistaken.keys() == wants.keys():
        return alike(as_answer(mine), as_answer(other), tolerance=LIKENESS)
    wrong = [place for place in wants if not alike(answer[place], wants[place], tolerance=LIKENESS)]
    mistakes = [place for place in wants if not alike(mistaken[place], wants[place], tolerance=LIKENESS)]
    return not wrong or any(
        alike(answer[place], mistaken[place], tolerance=LIKENESS) for place in set(wrong) & set(mistakes)
    )


# What is told.

_HEAD = """\
# Names of mistakes

Does the kit say which mistake a student has made, and is it right? Wrong answers of four sorts are examined by the
public papers, as a student's are.

- **declared**: the mistakes that the course declares in `tests/misconceptions/`, as they are written there; a few
  are left out that fail hidden properties only
- **rewritten**: {rewritten} of them, written anew by other means (`tests/kit/rewritten/`)
- **corpus**: {corpus} wrong answers of the kinds and in the proportions of a study of public coursework
  (`tests/kit/real_mistakes/`): written after real students' mistakes, before anybody looked at what the diagnosis does
  with them; not collected. Each has the names that a teacher would accept. A third is **held out**: nothing was
  adjusted to those
- **mutants**: a sample of the reference solutions with one small thing changed ([mutants.md](mutants.md)). Nobody
  declared them. A name is counted as wrong if the mistake it stands for gives other answers than the mutant

An answer is named rightly if each statement about it is right; of two
mistakes either may be told.

`make diagnosis` writes this page; the tests hold the kit to it.

| answers | | named | rightly | wrongly |
|---|---:|---:|---:|---:|
"""


def _row(label: str, found: Sequence[Named]) -> str:
    named, right, wrong = (sum(map(what, found)) for what in (_is_named, lambda n: n.right, lambda n: n.wrong))
    return f"| {label} | {len(found)} | {_share(named, found)} | {_share(right, found)} | {_share(wrong, found)} |"


def _is_named(found: Named) -> bool:
    return bool(found.told)


def _share(number: int, found: Sequence[Named]) -> str:
    return f"{number} ({number / max(1, len(found)):.1%})"


def page(found: Mapping[str, Sequence[Named]]) -> str:
    """Return the page: a line for each group, the corpus by exercise, and what is unnamed or named wrongly in it."""
    head = _HEAD.format(**{group: len(found.get(group, ())) for group in ("rewritten", "corpus")})
    lines = [_row(group, answers) for group, answers in found.items()]
    for group in ("corpus", "declared", "rewritten", "mutants"):
        answers = found.get(group, ())
        exercises = Counter(answer.exercise for answer in answers)
        lines += ["", f"## {group.capitalize()}, by exercise", ""]
        lines += ["| exercise | | named | rightly | wrongly |", "|---|---:|---:|---:|---:|"]
        lines += [_row(f"`{name}`", [answer for answer in answers if answer.exercise == name]) for name in exercises]
    held_out = {(answer.exercise, answer.id) for answer in found.get("held out", ())}
    for title, wanted in (("Wrongly named", True), ("Unnamed", False)):
        lines += ["", f"## {title}, of the corpus without what is held out", ""]
        for answer in found.get("corpus", ()):
            if (answer.exercise, answer.id) not in held_out and (answer.wrong if wanted else not answer.told):
                lines.append(f"- {answer}")
    return head + "\n".join(lines) + "\n"


def main(progress: Callable[[str], object] = sys.stderr.write) -> int:
    """Write the page about the real course."""
    course = load_course(REAL / "grading.toml")
    found: dict[str, list[Named]] = {}
    for group in GROUPS:
        progress(f"{group} ...\n")
        found[group] = measure(course, group)
    (ROOT / "docs" / "diagnosis.md").write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
