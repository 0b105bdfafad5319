"""verify: what must come of the reference, the stubs, the variants and the misconceptions, and what it says if not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import toys as toys_module
from clone import A1, REAL, SMALL, clone
from deep import DEEP
from htilde.authoring import verify as module
from htilde.authoring.declarations import Declarations, load_declarations
from htilde.authoring.verify import Case, Finding, cases, extent, verify
from htilde.course import Course, load_course
from htilde.declare import Property
from htilde.errors import CourseError
from htilde.examination.paper import ExercisePaper
from htilde.model import ExerciseResult, Visibility
from released import released

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
    return -x
    ### END SOLUTION
"""
MISTAKES = """\
import numpy as np

from htilde import misconception, probes

probes("double", x=np.array([-2.5, 0.75]))
probes("double", x=np.array([50.0]))

@misconception("double")
def adds_two(x):
    '''You added two; multiply by it.'''
    return x + 2
"""


@pytest.fixture
def toys(course: Course) -> Course:
    """The toy course with a master, and nothing wrong in it."""
    put(course, "solutions/toys.py", MASTER)
    put(course, "tests/misconceptions/toys.py", MISTAKES)
    return course


def put(course: Course, name: str, text: str, *, more: bool = False) -> None:
    """Write a file of the course, or add to it."""
    path = course.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if more else "") + text, encoding="utf-8")


def problems(findings: list[Finding]) -> dict[str, str]:
    """What is wrong, by the name of the case."""
    return {finding.case.name: finding.problem for finding in findings if finding.problem}


def _some(found: Iterable[Case]) -> Iterator[Case]:
    for number, case in enumerate(found):
        whole = case.kind in ("reference", "variant") or not case.exercise
        if DEEP or whole or number % 5 == 0:
            yield case


@pytest.mark.parametrize("assignment", [listed.name for listed in load_course(REAL / "grading.toml").assignments])
def test_the_course_is_right(
    tmp_path_factory: pytest.TempPathFactory, assignment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """References and variants pass, stubs score zero, misconceptions are caught and named; progress is told.

    Of misconceptions and single stubs a fifth, unless this is a deep run: ``htilde verify`` takes them all.
    """
    monkeypatch.setattr(module, "cases", lambda *about: _some(cases(*about)))
    real = released(tmp_path_factory, assignment)
    told: list[tuple[int, int]] = []
    findings = verify(real, assignment, jobs=1, progress=lambda done, total: told.append((done, total)))
    assert problems(findings) == {}
    kinds = Counter(finding.case.kind for finding in findings)
    exercises = len(real.assignment(assignment).exercises)
    assert kinds["reference"] == 1 and kinds["stub"] >= (exercises + 1 if DEEP else 1)
    assert kinds["variant"] >= exercises and kinds["misconception"] >= (4 if DEEP else 1) * exercises
    assert told == [(done, len(findings)) for done in range(1, len(findings) + 1)]


@pytest.mark.parametrize(
    ("origin", "assignment"),
    [(SMALL, A1), *((REAL, listed.name) for listed in load_course(REAL / "grading.toml").assignments if DEEP)],
)
def test_asked_live_the_verdicts_are_the_same(tmp_path: Path, origin: Path, assignment: str) -> None:
    """A few live examples from Hypothesis and torch lead to what the stored papers say, for all of the matrix."""
    assert problems(verify(clone(tmp_path, of=origin), assignment, tries=5)) == {}


def test_nothing_is_wrong_with_the_toys(toys: Course) -> None:
    """The course that the next tests spoil is right, and every kind of case is there."""
    findings = verify(toys, "toys")
    assert problems(findings) == {}
    assert {finding.case.kind for finding in findings} == {"reference", "stub", "variant", "misconception"}


def test_what_is_declared_is_counted(toys: Course) -> None:
    """Exercises, properties, explained mutants, and how much of what students read is translated."""
    before = extent(toys, "toys")
    assert (before.exercises, before.explained, before.translated) == (2, 0, {})
    claims = {p.claim for of in (Visibility.PUBLIC, Visibility.HIDDEN) for p in declared(toys, of)}
    assert before.texts == len(claims) + 1 and before.properties >= len(claims)
    put(toys, "tests/mutants/toys.toml", '[double]\n"2 -> 3" = "why"\n"2 -> 1" = "why"\n[negate]\n"-x -> x" = "why"\n')
    (toys.root / "tests" / "locale" / "ko").mkdir(parents=True)
    known = 'msgid "You added two; multiply by it."\nmsgstr "2를 더했습니다."\n\nmsgid "Gone."\nmsgstr "없음."\n'
    put(toys, "tests/locale/ko/toys.po", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n' + known)
    after = extent(toys, "toys")
    assert (after.explained, after.translated) == (3, {"ko": 1}) and after.texts == before.texts
    put(toys, "tests/mutants/toys.toml", "[double")
    with pytest.raises(CourseError, match=r"toys\.toml: can't be read as reasons"):
        extent(toys, "toys")


def declared(course: Course, visibility: Visibility) -> list[Property]:
    found = load_declarations(course, "toys")
    return [each for name in found.assignment.exercises for each in found.properties(name, visibility)]


def test_random_answers_are_proved_like_any_other(random_course: Course) -> None:
    """A reference and a variant that draw otherwise pass, and of wrong laws each is caught and named."""
    findings = verify(random_course, "toys")
    assert problems(findings) == {} and len(findings) == 6


def test_a_broken_reference_is_told(toys: Course) -> None:
    """A wrong answer in the master fails as the reference, with the exercise, the property and what is wrong."""
    put(toys, "solutions/toys.py", MASTER.replace("return -x", "return x"))
    found = problems(verify(toys, "toys"))
    assert "negate: is_the_negative fails: The value" in found["reference"]


def test_a_variant_that_is_wrong_is_told(toys: Course) -> None:
    """Either the variant is wrong or the examiner is unfair: both want to be known."""
    put(toys, "tests/variants/toys.py", '@variant("negate")\ndef forgets(x):\n    return x\n', more=True)
    found = problems(verify(toys, "toys"))
    assert found.keys() == {"forgets"} and "is_the_negative fails" in found["forgets"]


UNCAUGHT = '@misconception("double")\ndef is_right_after_all(x):\n    """No."""\n    return x + x\n'
UNNAMED = """
@misconception("double")
def fails_between_the_probes(x):
    '''Where no probe looks.'''
    return np.where(np.isin(x, (-2.5, 0.75, 50.0)), 2 * x, 0)
"""
ALIKE = """
@misconception("double")
def adds_two_up_to_a_point(x):
    '''As adds_two, but not for large numbers, where a probe is.'''
    return np.where(np.abs(x) < 1e-3, x + 1, x + 2)

@misconception("double")
def adds_two_again(x):
    '''The same.'''
    return 2 + x
"""


def test_a_misconception_that_passes_is_told(toys: Course) -> None:
    """An answer that is declared wrong and passes everything: a property is missing, or the answer is right."""
    put(toys, "tests/misconceptions/toys.py", UNCAUGHT, more=True)
    assert problems(verify(toys, "toys")) == {"is_right_after_all": "passes every property"}


def test_a_misconception_that_is_not_named_is_told(toys: Course) -> None:
    """One that fails, but that the probes don't show, is taken for nothing known."""
    put(toys, "tests/misconceptions/toys.py", UNNAMED, more=True)
    found = problems(verify(toys, "toys"))
    assert found.keys() == {"fails_between_the_probes"}
    assert "is taken for nothing known" in found["fails_between_the_probes"]


def test_misconceptions_that_nothing_tells_apart_are_named_together(toys: Course) -> None:
    """Two that answer every probe alike are one set, and no problem."""
    put(toys, "tests/misconceptions/toys.py", ALIKE, more=True)
    assert problems(verify(toys, "toys")) == {}


def test_an_unfinished_exercise_breaks_no_other(toys: Course) -> None:
    """A reference that calls another exercise fails while that one is a stub, and verify says whose fault it is."""
    put(toys, "solutions/toys.py", MASTER.replace("return -x", "return x - double(x)"))
    assert problems(verify(toys, "toys")) == {"stub of double": "negate fails because double is unfinished"}


def test_a_stub_that_earns_points_is_told(toys: Course) -> None:
    """A stub must not do the work: here what stands above the marks already returns the answer."""
    spoilt = MASTER.replace("def negate(x):\n", "def negate(x):\n    if True: return -x\n")
    put(toys, "solutions/toys.py", spoilt)
    found = problems(verify(toys, "toys"))
    assert found.keys() == {"all stubs", "stub of negate"}
    assert found["stub of negate"].startswith("negate is a stub and got 1")


def test_contradictions_are_told_before_anything_runs(toys: Course) -> None:
    """A property of an exercise that grading.toml doesn't list: one error with the line."""
    stray = '\n@public("triple", x=arrays(-1.0, 1.0))\ndef is_thrice(x):\n    """Thrice."""\n    return 3 * x\n'
    put(toys, "tests/public/toys.py", stray, more=True)
    with pytest.raises(CourseError, match=r"public/toys\.py:\d+: is_thrice: .*'triple'"):
        verify(toys, "toys")


def test_every_declared_answer_is_a_case() -> None:
    """No misconception and no variant is left out, whatever its helpers are called."""
    from htilde.authoring.declarations import load_declarations
    from htilde.authoring.master import read_master

    real = load_course(REAL / "grading.toml")
    declared = load_declarations(real, A1)
    named = {
        *((m.exercise, m.name) for m in declared.misconceptions.misconceptions),
        *((v.exercise, v.name) for v in declared.variants.variants),
    }
    matrix = list(
        cases(declared, read_master(real.master(A1), declared.assignment.exercises, tuple(declared.assignment.written)))
    )
    assert {(c.exercise, c.name) for c in matrix if c.kind in ("misconception", "variant")} == named


def test_live_answers_are_computed_where_they_were_asked_for(toys: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """--explore --device: torch is told, in the thread that asks it."""
    from htilde import oracle
    from htilde.authoring import verify as module

    told: list[str] = []

    def explore(declarations: Declarations, exercise: ExercisePaper, *_: object, **__: object) -> ExerciseResult:
        told.append(oracle._device.get().type)
        return ExerciseResult(exercise.name, exercise.points, ())

    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr(module, "explore_exercise", explore)
    monkeypatch.setattr(module, "_problem", lambda *_: "")
    monkeypatch.setattr(module, "current_papers", lambda *_, **__: (toys_module.paper(),))
    verify(toys, "toys", tries=1, device="cuda")
    assert set(told) == {"cuda"}


def test_an_answer_leaves_nothing_to_the_next(toys: Course) -> None:
    """One that hangs, exits or fails to be defined is told as what it is; those after it aren't touched."""
    bad = ("while True: pass", "raise SystemExit(0)", "undefined")
    for number, line in enumerate(bad):
        put(toys, "tests/variants/toys.py", _variant(f"bad_{number}", line), more=True)
    put(toys, "tests/variants/toys.py", _variant("good", "return x + x"), more=True)
    put(toys, "grading.toml", "\n[limits]\ncall_seconds = 0.2\n", more=True)
    found = problems(verify(load_course(toys.root / "grading.toml"), "toys"))
    assert sorted(found) == ["bad_0", "bad_1", "bad_2"]
    assert "No answer within" in found["bad_0"] and "SystemExit" in found["bad_1"] and "undefined" in found["bad_2"]


def _variant(name: str, line: str) -> str:
    return f"\n@variant('double')\ndef {name}(x):\n    {line}\n"


def test_an_edge_that_nobody_announces_is_told(toys: Course) -> None:
    """Its words must stand where a student reads them, wherever the lines are broken."""
    public = toys.root / "tests" / "public" / "toys.py"
    text = public.read_text(encoding="utf-8").replace("@edge\n", '@edge(announced="or of any size")\n')
    public.write_text(text, encoding="utf-8")
    (told,) = [finding for finding in verify(toys, "toys") if finding.problem]
    assert (told.case.kind, told.case.exercise, told.case.name) == ("edge", "double", "is_twice_when_large")
    assert "says 'or of any size'" in told.problem and "announce the edge" in told.problem
    stub = 'def double(x):\n    """Double a number, small or of\n    any size."""\n'
    put(toys, "solutions/toys.py", MASTER.replace("def double(x):\n", stub))
    assert problems(verify(toys, "toys")) == {}
