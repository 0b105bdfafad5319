"""Mutants of the reference solutions: what is changed, what must notice it, and what is said if nothing does."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from clone import REAL, ROOT, SMALL, clone
from deep import DEEP
from htilde.authoring.declarations import load_declarations
from htilde.authoring.drawing import draw_paper
from htilde.course import Course, load_course
from htilde.examination.paper import Example, write_paper
from htilde.model import Visibility
from mutants import SEEDS, TRIES, Assay, Fate, Mutant, mutants, page

CHANGES = {
    "a + b": ["a + b -> a - b", "a + b -> a", "a + b -> b"],
    "a - b": ["a - b -> a + b", "a - b -> b - a", "a - b -> a", "a - b -> b"],
    "a * b": ["a * b -> a / b", "a * b -> a + b", "a * b -> a"],
    "a / b": ["a / b -> a * b", "a / b -> b / a"],
    "a @ b": ["a @ b -> b @ a", "a @ b -> a"],
    "a ** 2": ["a ** 2 -> a * 2", "a ** 2 -> 2 ** a", "a ** 2 -> a", "2 -> 1", "2 -> 3"],
    "a + 0": ["0 -> 1"],
    "a + 1": ["1 -> 0", "1 -> 2"],
    "a + 0.5": ["0.5 -> 1.0"],
    "-a": ["-a -> a"],
    "~a": ["~a -> a"],
    "a < b": ["a < b -> a <= b", "a < b -> a > b"],
    "a >= b": ["a >= b -> a > b", "a >= b -> a <= b"],
    "a == b": ["a == b -> a != b"],
    "a is None": ["a is None -> a is not None"],
    "a and b": ["a and b -> a or b", "a and b -> a", "a and b -> b"],
    "not a": ["not a -> a"],
    "a if b else c": ["a if b else c -> c if b else a", "b -> not b"],
    "np.where(a, b, c)": ["np.where(a, b, c) -> np.where(a, c, b)", "np.where(a, b, c) -> np.where(b, a, c)"],
    "a.T": ["a.T -> a"],
    "np.sum(a, axis=0)": ["axis=0 -> axis=1", "np.sum(a, axis=0) -> np.sum(a)"],
    "np.prod(a, axis=0)": ["np.prod(a, axis=0) -> np.sum(a, axis=0)"],
    "a.mean(axis=-1)": ["axis=-1 -> axis=0", "a.mean(axis=-1) -> a.sum(axis=-1)"],
    "a.sum(0, keepdims=True)": ["a.sum(0, keepdims=True) -> a.sum(0)", "True -> False"],
    "np.var(a, ddof=1)": ["np.var(a, ddof=1) -> np.var(a)", "np.var(a, ddof=1) -> np.std(a, ddof=1)"],
    "np.maximum(a, b)": ["np.maximum(a, b) -> np.minimum(a, b)"],
    "min(a, b)": ["min(a, b) -> max(a, b)"],
    "np.exp(a)": ["np.exp(a) -> a", "np.exp(a) -> np.expm1(a)"],
    "np.sqrt(a)": ["np.sqrt(a) -> a"],
    "a.copy()": ["a.copy() -> a"],
    "a[i]": ["a[i] -> a[i - 1]"],
    "a[0]": ["a[0] -> a[-1]"],
    "a[1:]": ["a[1:] -> a[:]"],
    "a[::-1]": ["a[::-1] -> a[:]"],
    "(a, b)": ["(a, b) -> (b, a)"],
    "[a for a in range(b)]": [
        "range(b) -> range(0, b - 1)",
        "range(b) -> range(0, b + 1)",
        "range(b) -> range(1, b)",
        "range(b) -> reversed(range(b))",
    ],
    "[a for a in reversed(range(1, b, 2))]": [
        "reversed(range(1, b, 2)) -> range(1, b, 2)",
        "range(1, b, 2) -> range(2, b, 2)",
    ],
    "[a for a in zip(b, c)]": ["zip(b, c) -> list(zip(b, c))[::-1]", "zip(b, c) -> zip(c, b)"],
}


def changes(source: str) -> list[str]:
    return [mutant.change for mutant in mutants("f", source)]


@pytest.mark.parametrize(("expression", "expected"), CHANGES.items(), ids=CHANGES)
def test_an_expression_is_changed_in_each_small_way(expression: str, expected: list[str]) -> None:
    """One operator, one constant, one term, one argument at a time, and said so."""
    assert set(expected) <= set(changes(f"def f(a, b, c, i):\n    return {expression}"))


STATEMENTS = {
    "b = a\nb += a": ["b = a -> pass", "b += a -> pass", "b += a -> b = a", "b += a -> b -= a"],
    "if a:\n    b = a": ["a -> not a", "if a: b = a -> pass"],
    "while a > b:\n    a -= b": ["a > b -> a >= b", "a -= b -> a += b"],
    "for b in a:\n    c.append(b)": ["c.append(b) -> pass", "a -> list(a)[::-1]"],
}


@pytest.mark.parametrize(("statements", "expected"), STATEMENTS.items(), ids=STATEMENTS)
def test_a_statement_is_left_out_or_changed(statements: str, expected: list[str]) -> None:
    """Each statement but the return, inside and outside of loops."""
    indented = "".join(f"    {line}\n" for line in statements.splitlines())
    assert set(expected) <= set(changes(f"def f(a, b, c):\n{indented}    return c"))


WHOLE = '''
import numpy as np

def helper(x: float = 1.0) -> float:
    """Adds 1 + 1."""
    if x < 0:
        raise ValueError("below 0 by " + str(0 - x))
    return 2 * x

def f(x, y):
    """1 + 1"""
    for i in range(3):
        x = np.where(x > 0, x, y)[i]
    return x, -helper(y)
'''


def test_a_mutant_is_another_function_and_still_python() -> None:
    """Each compiles, none is the cell itself, no two are the same, each is named once."""
    found = mutants("f", WHOLE)
    sources = [mutant.source for mutant in found]
    assert len({*sources, ast.unparse(ast.parse(WHOLE))}) == len(found) + 1 > 20
    assert len({mutant.change for mutant in found}) == len(found)
    for source in sources:
        compile(source, "mutant", "exec")
    assert found == mutants("f", WHOLE)
    assert changes("def f(a):\n    return a + a") == ["a + a -> a - a", "a + a -> a"]


def test_what_computes_nothing_is_left_alone() -> None:
    """Texts, imports, types, defaults, and what is only said when something is wrong; helpers are changed, too."""
    for mutant in mutants("f", WHOLE):
        assert all(part in mutant.source for part in ("import numpy", "1 + 1", "x: float=1.0", "def f("))
        assert "str(0 - x)" in mutant.source or "raise" not in mutant.source
    assert "2 * x -> 2" in changes(WHOLE)


# What becomes of them: the toys, with a paper of our own.

MASTER = """\
# %%
import numpy as np

# %% exercise="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% exercise="negate"
def negate(x):
    ### BEGIN SOLUTION
    left = 3
    while left > 0:
        left -= 1
    return -x
    ### END SOLUTION
"""


@pytest.fixture
def toys(course: Course) -> Course:
    """The toys with a master and the paper that a release would hold."""
    path = course.master("toys")
    path.parent.mkdir()
    path.write_text(MASTER, encoding="utf-8")
    write_paper(draw_paper(load_declarations(course, "toys"), Visibility.PUBLIC, secret="public"), paper_of(course))
    return course


def paper_of(course: Course) -> Path:
    return course.public_paper("toys")


def give_reasons(course: Course, text: str) -> None:
    path = course.root / "tests" / "mutants" / "toys.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")


def fates(course: Course, *changes: str, tries: int = 0) -> list[Fate]:
    """What becomes of these mutants, or of all that double has."""
    assay = Assay(course, "toys", seeds=["one", "other"])
    chosen = [
        mutant for mutant in assay.mutants if mutant.change in changes or (mutant.exercise == "double" and not changes)
    ]
    found = assay.fates(chosen, tries=tries)
    assert not changes or [fate.mutant.change for fate in found] == list(changes)
    return found


def test_what_a_property_notices_is_no_problem(toys: Course) -> None:
    """A wrong value, an exception and a loop without end are wrong answers."""
    found = fates(toys)
    assert len(found) >= 6 and {fate.noticed for fate in found} == {"is_twice"}
    found = fates(toys, "left = 3 -> pass", "left -= 1 -> pass", "-x -> x")
    assert [(fate.noticed, fate.problem) for fate in found] == [("is_the_negative", "")] * 3


SAME = "left > 0 -> left >= 0"


def test_what_nothing_notices_wants_a_reason(toys: Course) -> None:
    """A survivor is a problem until somebody has written down why it is the same function."""
    (fate,) = fates(toys, SAME, tries=5)
    assert (fate.noticed, fate.luck) == ("", "") and "nothing notices it" in fate.problem
    give_reasons(toys, f'[negate]\n"{SAME}" = "how often it turns makes no difference"\n')
    (fate,) = fates(toys, SAME, tries=5)
    assert (fate.problem, fate.reason) == ("", "how often it turns makes no difference")
    assert str(fate) == f"negate: {SAME}: how often it turns makes no difference"


def test_a_reason_is_no_excuse(toys: Course) -> None:
    """It may not stand for a mutant that a property notices, nor for one that there isn't."""
    give_reasons(toys, '[double]\n"2 * x -> 2" = "no"\n"3 * x -> 3" = "no"\n[gone]\n"2 -> 1" = "no"\n')
    assert "is_twice notices it: take its reason away" in fates(toys, "2 * x -> 2")[0].problem
    assert sorted(Assay(toys, "toys").stale) == [
        "double: 3 * x -> 3: there is no such mutant",
        "gone: 2 -> 1: there is no such mutant",
    ]


def only_asked(course: Course, *examples: float) -> None:
    """A public paper that asks double nothing else, and hidden properties that ask nothing but 0."""
    paper = draw_paper(load_declarations(course, "toys"), Visibility.PUBLIC, secret="public")
    asked = tuple(Example((np.array([x]),), np.array([2 * x])) for x in examples)
    part = paper.exercises[0]
    part = replace(part, questions=tuple(replace(question, examples=asked) for question in part.questions))
    write_paper(replace(paper, exercises=(part, *paper.exercises[1:])), paper_of(course))
    path = course.declarations("hidden", "toys")
    path.write_text(path.read_text().replace("arrays(-6.0, 6.0)", "arrays(0.0, 0.0)"))


def test_what_only_live_inputs_notice_is_luck(toys: Course) -> None:
    """A paper that asks 0 alone doesn't see that the 2 is gone; an input of the property's own strategies does."""
    only_asked(toys, 0.0)
    give_reasons(toys, '[double]\n"2 * x -> x" = "a wrong reason"\n')
    wrong_at_0, wrong_elsewhere = fates(toys, "2 * x -> 2", "2 * x -> x", tries=20)
    assert (wrong_at_0.noticed, wrong_at_0.luck) == ("is_twice", "")
    assert (wrong_elsewhere.noticed, wrong_elsewhere.luck) == ("", "is_twice")
    assert "some inputs of is_twice tell it apart" in wrong_elsewhere.problem
    assert fates(toys, "2 * x -> x")[0].problem == ""  # nobody has looked


def test_what_some_papers_notice_is_luck(toys: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every instructor has hidden papers of their own, so one that notices isn't enough."""
    only_asked(toys, 0.0)
    drawn = Assay._hidden

    def hidden(self: Assay, seed: str, exercises: Sequence[str]) -> object:
        paper = drawn(self, seed, exercises)
        part = paper.exercises[0]
        examples = (Example((np.array([1.0]),), np.array([2.0])),) if seed == "one" else part.questions[0].examples
        part = replace(part, questions=(replace(part.questions[0], examples=examples),))
        return replace(paper, exercises=(part,))

    monkeypatch.setattr(Assay, "_hidden", hidden)
    (fate,) = fates(toys, "2 * x -> x")
    assert (fate.noticed, fate.luck) == ("", "is_twice_elsewhere")


def test_the_page_counts_and_tells_what_is_left() -> None:
    """A line of numbers for each assignment, and each survivor with its reason, or with what is wrong."""
    known, unknown, noticed = (Mutant("f", change, "") for change in ("1 -> 2", "2 -> 1", "a -> b"))
    text = page({"a1": [Fate(known, reason="why"), Fate(unknown), Fate(noticed, noticed="is_right")]})
    assert "| `a1` | 1 | 3 | 1 | 2 |" in text
    assert "- `f`: `1 -> 2`: why" in text and "- `f`: `2 -> 1`: nothing notices it" in text and "a -> b" not in text


# The courses.

COURSES = {"small": SMALL, "real": REAL}
ASSIGNMENTS = [
    (course, assignment.name)
    for course, root in COURSES.items()
    for assignment in load_course(root / "grading.toml").assignments
]
SAMPLE = max(3, 25 // len(ASSIGNMENTS))
"""Mutants of each assignment when not all are tried."""


@pytest.mark.parametrize(("of", "assignment"), ASSIGNMENTS)
def test_every_mutant_is_noticed_or_explained(of: str, assignment: str, tmp_path: Path) -> None:
    """Of each reference solution, and docs/mutants.md tells what is so; a sample, or all in a deep run."""
    course = clone(tmp_path / "course", of=COURSES[of])
    assay = Assay(course, assignment, seeds=SEEDS if DEEP else SEEDS[:1])
    chosen = assay.mutants if DEEP else assay.sample(SAMPLE)
    found = assay.fates(chosen, tries=TRIES if DEEP else 0)
    assert [str(fate) for fate in found if fate.problem] == [] and assay.stale == []
    if DEEP and of == "real":
        told = (ROOT / "docs" / "mutants.md").read_text(encoding="utf-8").splitlines()
        assert [line for line in page({assignment: found}).splitlines() if line not in told] == []
