"""Reading ``tests/``: what is declared arrives, and whatever is wrong in it is told at once, with its line."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from clone import ROOT
from htilde.authoring.declarations import load_declarations
from htilde.course import Course, load_course
from htilde.errors import CourseError, MissingExtra, UsageError
from htilde.model import Visibility

PUBLIC, HIDDEN, MISTAKES, VARIANTS = (
    f"tests/{kind}/toys.py" for kind in ("public", "hidden", "misconceptions", "variants")
)


def change(course: Course, file: str, old: str, new: str) -> None:
    path = course.root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(course: Course, file: str, text: str) -> int:
    """Append to a file; the number of the first line of what was appended."""
    path = course.root / file
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{text}\n", encoding="utf-8")
    return len(before.splitlines()) + 2


def problems(course: Course) -> list[str]:
    """What is told, each beginning with its place inside the course."""
    with pytest.raises(CourseError) as caught:
        load_declarations(course, "toys")
    assert caught.value.next_step
    return [str(problem).removeprefix(f"{course.root}/") for problem in caught.value.problems]


def test_what_is_declared_arrives(course: Course) -> None:
    """Each exercise has its properties, mistakes, probes and variants, and no other's."""
    found = load_declarations(course, "toys")
    names = [p.name for p in found.properties("double", Visibility.PUBLIC)]
    assert names == ["is_twice", "is_twice_when_large"]
    assert [p.name for p in found.properties("double", Visibility.HIDDEN)] == ["is_twice_elsewhere"]
    assert [m.name for m in found.mistakes("double")] == ["adds_two", "gives_up"]
    assert found.mistakes("double")[0].hint == "You added two; multiply by it."
    assert [v.name for v in found.styles("double")] == ["as_a_sum"]
    assert np.array_equal(found.probes("double")[0].arguments["x"], [-2.5, 0.75])
    assert [p.name for p in found.properties("negate", Visibility.PUBLIC)] == ["is_the_negative"]
    assert not (found.properties("negate", Visibility.HIDDEN) or found.mistakes("negate") or found.probes("negate"))


def test_main_properties_come_first(course: Course) -> None:
    """Whatever their order in the file: what a function is stands before how it behaves at the margin."""
    add(
        course,
        PUBLIC,
        '@public("double", x=arrays(0.0, 1.0))\ndef is_last(x):\n    """Still main."""\n    return 2 * x',
    )
    names = [p.name for p in load_declarations(course, "toys").properties("double", Visibility.PUBLIC)]
    assert names == ["is_twice", "is_last", "is_twice_when_large"]


PROPERTY = '@public("{}", x=arrays(0.0, 1.0))\ndef {}(x):\n    """A claim."""\n    return 2 * x'

# What is appended to which file, and what is told about its first line.
WRONG = {
    "a misspelt exercise": (PUBLIC, PROPERTY.format("dubble", "new"), "new: grading.toml lists no exercise 'dubble'"),
    "a misspelt exercise of a mistake": (
        MISTAKES,
        '@misconception("dubble")\ndef new(x):\n    """Hint."""',
        "new: grading.toml lists no exercise 'dubble'",
    ),
    "a misspelt exercise of a variant": (VARIANTS, '@variant("dubble")\ndef new(x): ...', "lists no exercise 'dubble'"),
    "a misspelt exercise of probes": (MISTAKES, 'probes("dubble", x=1.0)', "probes: grading.toml lists no exercise"),
    "a duplicate": (PUBLIC, PROPERTY.format("double", "is_twice"), "is_twice is declared 2 times for double."),
    "a duplicate mistake": (
        MISTAKES,
        '@misconception("double")\ndef adds_two(x):\n    """Hint."""',
        "adds_two is declared 2 times for double.",
    ),
    "a duplicate variant": (VARIANTS, '@variant("double")\ndef as_a_sum(x): ...', "as_a_sum is declared 2 times"),
    "no claim": (PUBLIC, '@public("double", x=0)\ndef new(x): ...', "new has no docstring: it is the claim"),
    "no hint": (MISTAKES, '@misconception("double")\ndef new(x): ...', "new has no docstring: it is the hint"),
    "a strategy too few": (
        HIDDEN,
        '@hidden("double")\ndef new(x):\n    """Claim."""',
        "takes x; strategies has nothing.",
    ),
    "a strategy too many": (
        HIDDEN,
        '@hidden("double", x=0, y=0)\ndef new(x):\n    """Claim."""',
        "new takes x; strategies has x, y.",
    ),
    "an example of another argument": (
        HIDDEN,
        'from htilde import example\n@hidden("double", x=0)\n@example(y=1.0)\ndef new(x):\n    """Claim."""',
        "new takes x; @example has y.",
    ),
    "other parameters": (
        PUBLIC,
        '@public("double", y=0)\ndef new(y):\n    """Claim."""',
        "new takes y; another property of double takes x.",
    ),
    "other parameters in the other file": (
        HIDDEN,
        '@hidden("double", y=0)\ndef new(y):\n    """Claim."""',
        "new takes y; another property of double takes x.",
    ),
    "a mistake of other arguments": (
        MISTAKES,
        '@misconception("double")\ndef new(x, y):\n    """Hint."""',
        "new can't be called with what double takes: x.",
    ),
    "a variant of other arguments": (
        VARIANTS,
        '@variant("double")\ndef new(): ...',
        "new can't be called with what double takes: x.",
    ),
    "probes of other arguments": (MISTAKES, 'probes("double", y=1.0)', "double takes x; probes has y."),
    "a hidden property that would ship": (
        PUBLIC,
        'from htilde import hidden\n@hidden("double", x=0)\ndef new(x):\n    """Claim."""',
        "new belongs into tests/hidden/toys.py.",
    ),
    "a public property that wouldn't": (
        HIDDEN,
        'from htilde import public\n@public("double", x=0)\ndef new(x):\n    """Claim."""',
        "new belongs into tests/public/toys.py.",
    ),
    "a mistake among the right answers": (
        VARIANTS,
        'from htilde import misconception\n@misconception("double")\ndef new(x):\n    """Hint."""',
        "new belongs into tests/misconceptions/toys.py.",
    ),
    "a right answer among the mistakes": (
        MISTAKES,
        'from htilde import variant\n@variant("double")\ndef new(x): ...',
        "new belongs into tests/variants/toys.py.",
    ),
    "parts of a misspelt exercise": (
        PUBLIC,
        'from htilde import parts\nparts("dubble", "dx")',
        "parts: grading.toml lists no exercise 'dubble'",
    ),
    "parts that wouldn't ship": (
        HIDDEN,
        'from htilde import parts\nparts("double", "dx")',
        "parts belongs into tests/public/toys.py.",
    ),
    "parts twice": (
        PUBLIC,
        'from htilde import parts; parts("double", "dx")\nparts("double", "dy")',
        "parts are declared 2 times for double.",
    ),
    "parts along nothing": (
        PUBLIC,
        'from htilde import parts\nparts("double", "dx", "dy", backward=True)',
        "it raised ValueError: backward, order, each and once",
    ),
    "a decorator in the wrong place": (
        PUBLIC,
        '@edge\n@public("double", x=0)\ndef new(x):\n    """Claim."""',
        "it raised TypeError: @edge, @example, @tolerance and @unchanged go below @public",
    ),
    "a name that isn't there": (MISTAKES, "nothing", "it raised NameError: name 'nothing' is not defined"),
    "a module that isn't there": (
        VARIANTS,
        "import nowhere",
        "it raised ModuleNotFoundError: No module named 'nowhere'",
    ),
    "an interval upside down": (PUBLIC, "arrays(1.0, 0.0)", "it raised ValueError: arrays(1.0, 0.0): no number"),
    "no Python": (HIDDEN, "x = = 1", "this isn't Python: invalid syntax"),
}


@pytest.mark.parametrize(("file", "text", "told"), WRONG.values(), ids=WRONG)
def test_each_fault_is_told_with_its_line(course: Course, file: str, text: str, told: str) -> None:
    """One fault is one problem, at the line where its author should look."""
    line = add(course, file, text) + text.startswith("from ")
    (problem,) = problems(course)
    assert problem.startswith(f"{file}:{line}: ") and told in problem


def test_a_call_deep_inside_is_told_where_the_file_made_it(course: Course) -> None:
    """The line is the file's own, not one of the library in which it went wrong."""
    line = add(course, PUBLIC, "np.reshape(\n    np.zeros(3), (2, 2)\n)")
    (problem,) = problems(course)
    assert problem.startswith(f"{PUBLIC}:{line}: it raised ValueError: cannot reshape")


def test_exercises_that_nobody_declares_are_named(course: Course) -> None:
    """An exercise of grading.toml needs a main public property; an edge alone, or a hidden one, isn't enough."""
    change(course, PUBLIC, '@public("negate", x=arrays(-4.0, 4.0))', '@public("negate", x=arrays(-4.0, 4.0))\n@edge')
    change(course, "grading.toml", "negate = 1", "negate = 1\nhalve = 1")
    told = problems(load_course(course.root / "grading.toml"))
    assert told == [
        f"{PUBLIC}: no main public property for {name}, which grading.toml lists." for name in ("negate", "halve")
    ]


def test_mistakes_need_probes(course: Course) -> None:
    """Misconceptions that nothing tells apart couldn't be named."""
    change(course, MISTAKES, 'probes("double"', '0 and probes("double"')
    assert problems(course) == [f"{MISTAKES}: double has misconceptions but no probes(...) to tell them apart."]


@pytest.mark.parametrize(
    "kinds", [("disagreements", "a strategy too few", "no hint"), ("faults", "no Python", "a name that isn't there")]
)
def test_everything_wrong_is_told_at_once(course: Course, kinds: tuple[str, str, str]) -> None:
    """Two faults in two files are two problems of one error, be they contradictions or files that can't be read."""
    _, *two = kinds
    for kind in two:
        add(course, *WRONG[kind][:2])
    told = problems(course)
    assert len(told) == 2
    assert all(any(WRONG[kind][2] in problem for problem in told) for kind in two)


@pytest.mark.parametrize("file", [PUBLIC, HIDDEN, MISTAKES, VARIANTS])
def test_a_file_that_isnt_there_is_named(course: Course, file: str) -> None:
    """Each of the four is needed, and the message says what to do."""
    (course.root / file).unlink()
    (problem,) = problems(course)
    assert problem == f"{file}: there is no such file. Write it, or take the assignment out of grading.toml."


@pytest.mark.parametrize("spoil", ["latin", "folder", "null"])
def test_a_file_that_cant_be_read_is_named(course: Course, spoil: str) -> None:
    """Bytes that aren't UTF-8, a folder, or a null character are a message and no traceback."""
    path = course.root / HIDDEN
    if spoil == "folder":
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(b"# \xe9" if spoil == "latin" else b"x = 1\0")
    (problem,) = problems(course)
    assert problem.startswith(HIDDEN) and ("can't be read" in problem or "isn't Python" in problem)


@pytest.mark.parametrize("package", ["torch", "hypothesis"])
def test_a_missing_extra_is_told_with_its_remedy(course: Course, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Without torch or Hypothesis the message is how to install them, not that the course is wrong."""
    change(course, PUBLIC, "import numpy as np", f"import {package}")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtra, match=f"toys.py needs the package {package}") as caught:
        load_declarations(course, "toys")
    assert "pip install" in caught.value.next_step


def test_an_unknown_assignment_is_a_usage_error(course: Course) -> None:
    """The names that there are stand in the message."""
    with pytest.raises(UsageError, match="no assignment 'toy'") as caught:
        load_declarations(course, "toy")
    assert "toys" in caught.value.next_step


def test_reading_leaves_no_trace(course: Course) -> None:
    """No bytecode beside the files, which nbgrader could hand out, and no modules under their names."""
    before, modules = sorted(course.root.rglob("*")), set(sys.modules)
    load_declarations(course, "toys")
    assert sorted(course.root.rglob("*")) == before
    assert not any("toys" in name for name in set(sys.modules) - modules)


def test_a_file_is_read_anew(course: Course) -> None:
    """What changed on disk since the last time counts."""
    load_declarations(course, "toys")
    change(course, PUBLIC, "The result is twice x.", "It is twice x.")
    assert load_declarations(course, "toys").public.properties[0].claim == "It is twice x."


def test_the_real_declarations_are_sound() -> None:
    """The files of every assignment of this course agree with its grading.toml."""
    course = load_course(ROOT / "grading.toml")
    for assignment in course.assignments:
        assert load_declarations(course, assignment.name).assignment == assignment
