"""Writing papers: drawn once, from a seed, answered by the oracle, and never drawn again as long as they fit."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from clone import A1, REAL, clone
from htilde.authoring.declarations import load_declarations
from htilde.authoring.drawing import EXAMPLES, MISTAKEN, current_papers, draw_paper
from htilde.authoring.papers import stored_papers
from htilde.course import Course, load_course
from htilde.distributions import Law, Sample
from htilde.errors import CourseError
from htilde.examination.allowance import stated
from htilde.examination.compare import compare
from htilde.examination.paper import Paper, Question, write_paper
from htilde.model import Kind, Parts, Tolerance, Visibility
from htilde.values import Refused, canonical, identical

PUBLIC, HIDDEN = Visibility


@pytest.fixture(autouse=True)
def _short_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    for visibility in Visibility:
        monkeypatch.setitem(EXAMPLES, visibility, 8)


def drawn(course: Course, visibility: Visibility = PUBLIC, secret: str = "a secret") -> Paper:
    return draw_paper(load_declarations(course, "toys"), visibility, secret=secret)


def question(paper: Paper, name: str) -> Question:
    (found,) = (q for exercise in paper.exercises for q in exercise.questions if q.name == name)
    return found


def store(course: Course) -> tuple[Paper, Paper]:
    """Write both papers, as building does."""
    public, hidden = current_papers(course, load_declarations(course, "toys"))
    write_paper(public, course.public_paper("toys"))
    return public, hidden


def change(course: Course, file: str, old: str, new: str) -> Course:
    path = course.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load_course(course.root / "grading.toml")


@pytest.mark.parametrize("visibility", Visibility)
def test_a_seed_decides_what_is_drawn(course: Course, visibility: Visibility) -> None:
    """The same seed gives the same paper, another one another paper."""
    first, again, other = (drawn(course, visibility, secret) for secret in ("one", "one", "two"))
    assert first.id == again.id
    assert first.id != other.id


def test_a_paper_asks_what_is_declared(course: Course) -> None:
    """Exercises in the order of grading.toml, main properties before edges, each with its claim and tolerance."""
    paper = drawn(course)
    assert (paper.assignment, paper.visibility) == ("toys", PUBLIC)
    assert [(e.name, e.points, e.parameters) for e in paper.exercises] == [("double", 2, ("x",)), ("negate", 1, ("x",))]
    assert [(q.name, q.kind) for q in paper.exercises[0].questions] == [
        ("is_twice", Kind.MAIN),
        ("is_twice_when_large", Kind.EDGE),
    ]
    assert question(paper, "is_the_negative").claim == {"en": "The result is the negative of x."}
    assert [q.name for e in drawn(course, HIDDEN).exercises for q in e.questions] == ["is_twice_elsewhere"]


@pytest.mark.parametrize("visibility", Visibility)
def test_answers_are_the_oracles(course: Course, visibility: Visibility) -> None:
    """Of every example and every probe, and beside it what each misconception answers, be it an exception."""
    exercise, _ = drawn(course, visibility).exercises
    for at, example in ((at, e) for q in exercise.questions for at, e in enumerate(q.examples)):
        (x,) = example.arguments
        assert identical(example.answer, 2 * np.asarray(x))
        if visibility is HIDDEN or at >= MISTAKEN:  # nobody is shown these, or hardly ever
            assert example.mistaken == ()
        else:
            assert identical(example.mistaken, (np.asarray(x) + 2, Refused("raised ValueError")))
    (probe,) = exercise.probes
    assert identical(probe.answer, np.array([-5.0, 1.5]))
    assert [(m.name, m.hint["en"]) for m in exercise.mistakes] == [
        ("adds_two", "You added two; multiply by it."),
        ("gives_up", "It raises."),
    ]
    assert identical(exercise.mistakes[0].answers, (np.array([-0.5, 2.75]),))


def test_a_mistake_that_warns_answers_all_the_same(course: Course) -> None:
    """Its answer is what it returns, and nobody hears of the warning (which here would be an error)."""
    changed = change(course, "tests/misconceptions/toys.py", "return x + 2", "return x + 2 + np.zeros(0).mean()")
    example = question(drawn(changed), "is_twice").examples[0]
    assert np.isnan(example.mistaken[0]).all()  # type: ignore[arg-type]


def test_explicit_examples_stand_first_and_none_twice(course: Course) -> None:
    """Edges as they are written, then what was drawn, simplest first; no example is asked twice."""
    twice = "@example(x=np.array([9.0]))\n@example(x=np.array([9.0]))"
    course = change(course, "tests/public/toys.py", "@example(x=np.array([9.0]))", twice)
    examples = question(drawn(course), "is_twice").examples
    assert identical(examples[0].arguments, (np.array([9.0]),))
    assert identical(examples[1].arguments, (np.array([5.0, 6.0]),))
    assert len({canonical(example.arguments) for example in examples}) == len(examples) == 2 + EXAMPLES[PUBLIC]
    sizes = [np.size(example.arguments[0]) for example in examples[2:]]  # type: ignore[arg-type]
    assert sizes == sorted(sizes) and len(set(sizes)) > 3


def test_few_arguments_make_few_examples(course: Course) -> None:
    """Where only three arguments are possible three are asked, an explicit one among them first."""
    course = change(
        course,
        "tests/public/toys.py",
        "arrays(-4.0, 4.0))\n@example(x=np.array([9.0]))",
        "integers(1, 3))\n@example(x=2)",
    )
    course = change(course, "tests/public/toys.py", "@example(x=np.array([5.0, 6.0]))\n", "")
    course = change(course, "tests/public/toys.py", "import arrays", "import arrays, integers")
    first, *rest = (example.arguments[0] for example in question(drawn(course), "is_twice").examples)
    assert first == 2 and sorted(rest) == [1, 3]  # type: ignore[type-var]


def asked(paper: Paper) -> set[object]:
    """What a paper asks, of all its exercises."""
    return {canonical(e.arguments) for part in paper.exercises for q in part.questions for e in q.examples}


NARROW = "import arrays, integers"
"""Few numbers, so that two papers would draw the same ones."""


def narrowed(course: Course, public: str, hidden: str) -> Course:
    """The toy course with other strategies for what is asked about ``double``."""
    for file in ("public", "hidden"):
        course = change(course, f"tests/{file}/toys.py", "import arrays", NARROW)
    course = change(course, "tests/public/toys.py", '@public("double", x=arrays(-4.0, 4.0))', public)
    return change(course, "tests/hidden/toys.py", '@hidden("double", x=arrays(-6.0, 6.0))', hidden)


def test_a_hidden_paper_asks_nothing_that_is_public(course: Course) -> None:
    """An answer learned by heart from the public paper is no help in the hidden one."""
    course = narrowed(course, '@public("double", x=integers(0, 9))', '@hidden("double", x=integers(0, 19))')
    course.private.mkdir()
    (course.private / "seed").write_text(f"{'5eed' * 16}\n")
    public, hidden = store(course)
    assert asked(hidden) and asked(public).isdisjoint(asked(hidden))
    alone = drawn(course, HIDDEN, "5eed" * 16)
    assert not asked(public).isdisjoint(asked(alone)), "the two would have nothing in common anyway"


def test_where_nothing_else_can_be_drawn_the_same_is_asked_again(course: Course) -> None:
    """A hidden property of a few possible inputs still asks all of them."""
    course = narrowed(course, '@public("double", x=integers(1, 3))', '@hidden("double", x=integers(1, 3))')
    _public, hidden = store(course)
    assert asked(hidden) == {canonical((number,)) for number in (1, 2, 3)}


def test_what_is_asked_of_one_exercise_may_be_asked_of_another(course: Course) -> None:
    """Its answer is another one."""
    more = HIDDEN_NEGATE.format("integers(0, 9)")
    course = narrowed(course, '@public("double", x=integers(0, 9))', f'{more}@hidden("double", x=arrays(-6.0, 6.0))')
    _public, hidden = store(course)
    negate = hidden.exercise("negate")
    assert negate is not None
    assert {e.arguments[0] for e in negate.questions[0].examples} <= set(range(10))


HIDDEN_NEGATE = '''@hidden("negate", x={})
def is_the_negative_elsewhere(x):
    """The result is the negative of x on inputs that you haven't seen."""
    return -x

'''


def test_an_explicit_hidden_example_is_asked_in_any_case(course: Course) -> None:
    """What an author has written down is asked, also where it is public."""
    hidden_property = '@hidden("double", x=integers(0, 14))\n@example(x=3)'
    course = narrowed(course, '@public("double", x=integers(3, 3))', hidden_property)
    course = change(course, "tests/hidden/toys.py", "import hidden", "import example, hidden")
    public, hidden = store(course)
    assert question(hidden, "is_twice_elsewhere").examples[0].arguments == (3,)
    assert asked(public) & asked(hidden) == {canonical((3,))}


def test_a_declared_curve_is_drawn_from_the_oracle(course: Course) -> None:
    """The arguments in order, and the first public property's answer there; in both papers alike."""
    course = change(course, "tests/public/toys.py", "import edge", "import curve, edge")
    course = change(course, "tests/public/toys.py", '@public("negate"', CURVE + '@public("negate"')
    for paper in store(course):
        first, second = paper.exercises
        assert first.curve is not None and second.curve is None
        assert identical(first.curve.arguments, (np.array([0.0, 1.0, 2.0]),))
        assert identical(first.curve.answer, np.array([0.0, 2.0, 4.0]))


CURVE = 'curve("double", x=np.array([0.0, 1.0, 2.0]))\n\n'
MISPLACED = {
    "in the hidden file": ("hidden", 'curve("double", x=1.0)', "curve belongs into tests/public/toys.py."),
    "among the misconceptions": (
        "misconceptions",
        'curve("double", x=1.0)',
        "curve belongs into tests/public/toys.py.",
    ),
    "of no exercise": ("public", 'curve("dubble", x=1.0)', "curve: grading.toml lists no exercise 'dubble' for toys."),
    "of another argument": ("public", 'curve("double", y=1.0)', "double takes x; curve has y."),
    "of an argument too many": ("public", 'curve("double", x=1.0, y=1.0)', "double takes x; curve has x, y."),
    "of no argument": ("public", 'curve("double")', "double takes x; curve has nothing."),
}


@pytest.mark.parametrize(("file", "line", "told"), MISPLACED.values(), ids=MISPLACED)
def test_a_curve_that_cant_be_drawn_is_told_with_its_line(course: Course, file: str, line: str, told: str) -> None:
    """In the wrong file, of an exercise that isn't there, or over other arguments."""
    path = course.declarations(file, "toys")
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nfrom htilde import curve\n{line}\n", encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        load_declarations(course, "toys")
    assert [(str(p.path), p.line, p.what) for p in caught.value.problems] == [
        (str(path), len(text.splitlines()) + 3, told)
    ]


def test_declared_parts_are_in_both_papers(course: Course) -> None:
    """And in those of no other exercise."""
    course = change(course, "tests/public/toys.py", "import edge", "import parts, edge")
    course = change(
        course, "tests/public/toys.py", '@public("negate"', 'parts("double", "y", along="step")\n\n@public("negate"'
    )
    for paper in store(course):
        assert [part.parts for part in paper.exercises] == [Parts(("y",), "step", False, ("y",)), None]


@pytest.mark.parametrize("names", ['"dx", "dy"', '"dx", "dy", along="layer"', '"dx", along="block", each=True'])
def test_parts_that_the_answer_hasnt_are_told_with_their_line(course: Course, names: str) -> None:
    """The answer of ``double`` is an array: it has no two parts, nor tuples for its blocks."""
    path = course.declarations("public", "toys")
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}\nfrom htilde import parts\nparts('double', {names})\n", encoding="utf-8")
    with pytest.raises(CourseError, match="aren't those of double's right answer, an array") as caught:
        store(course)
    assert [(str(p.path), p.line) for p in caught.value.problems] == [(str(path), len(text.splitlines()) + 3)]


PO = 'msgid "The result is the negative of x."\nmsgstr "결과는 -x이다."\n'


def test_papers_carry_the_translations_that_there_are(course: Course) -> None:
    """In both, without being drawn anew; a catalog that is gone again leaves English alone."""
    before = store(course)
    path = course.root / "tests" / "locale" / "ko" / "toys.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO + PO.replace("the negative of x.", "twice x on inputs that you haven't seen."), encoding="utf-8")
    public, hidden = store(course)
    assert [paper.id for paper in (public, hidden)] == [paper.id for paper in before]
    assert question(public, "is_the_negative").claim["ko"] == "결과는 -x이다."
    assert question(stored_papers(course, "toys")[1], "is_twice_elsewhere").claim["ko"] == "결과는 -x이다."
    path.unlink()
    store(course)
    assert [paper.texts for paper in stored_papers(course, "toys")] == [paper.texts for paper in before]


def test_a_paper_speaks_the_courses_language_or_the_one_that_is_asked_for(course: Course) -> None:
    """Whichever it is, it is the same paper."""
    declarations = load_declarations(course, "toys")
    english = current_papers(course, declarations)
    korean = current_papers(course, declarations, language="ko")
    assert [paper.language for paper in (*english, *korean)] == ["en", "en", "ko", "ko"]
    assert [paper.id for paper in english] == [paper.id for paper in korean]
    course = change(course, "grading.toml", 'title = "Toys"', 'language = "ko"')
    assert [paper.language for paper in current_papers(course, load_declarations(course, "toys"))] == ["ko", "ko"]


def test_of_wrong_random_answers_little_is_stored(random_course: Course) -> None:
    """The right answer is its law; of a misconception's answers no entry is kept, on probes and beside examples."""
    declarations = load_declarations(random_course, "toys")
    for visibility in Visibility:
        (exercise,) = draw_paper(declarations, visibility, secret="a secret").exercises
        examples = exercise.questions[0].examples
        assert {type(x.answer) for x in (*examples, *exercise.probes)} == {Law}
        assert {type(a) for mistake in exercise.mistakes for a in mistake.answers} == {Sample}
        assert {type(a) for example in examples for a in example.mistaken} == (
            {Sample} if visibility == "public" else set()
        )


def test_a_declared_scale_and_tolerance_are_used(course: Course) -> None:
    """The unit of the absolute tolerance is what the property says about its arguments."""
    lines = "@tolerance(rtol=1e-9, atol=1e-6, scale=lambda x: 3.0 * x.size)\n@example(x=np.array([9.0]))"
    course = change(course, "tests/public/toys.py", "@example(x=np.array([9.0]))", lines)
    course = change(course, "tests/public/toys.py", "import edge", "import tolerance, edge")
    asked = question(drawn(course), "is_twice")
    for example, unit in zip(asked.examples[:2], (3.0, 6.0)):
        assert identical(example.allowed, stated(example.answer, Tolerance(1e-9, 1e-6), unit))


WRONG = {
    "an oracle that raises": ("return -x", "return x.nothing", "is_the_negative raised AttributeError"),
    "an oracle's answer": ("return -x", "return {1}", "is_the_negative returned a set; values are expected"),
    "a part of an answer": ("return -x", "return x, [x, object()]", "returned an object; values are expected"),
    "strategies": ('@public("negate", x=arrays(-4.0, 4.0))', '@public("negate", x=3)', "Hypothesis can't draw"),
    "an argument": (
        '@public("negate", x=arrays(-4.0, 4.0))',
        '@public("negate", x=arrays(-4.0, 4.0))\n@example(x=object())',
        "is_the_negative: x would be an object; values are expected",
    ),
    "a scale": (
        '@public("negate", x=arrays(-4.0, 4.0))',
        'from htilde import tolerance\n@public("negate", x=arrays(-4.0, 4.0))\n'
        "@tolerance(rtol=0, atol=0, scale=lambda x: x.nothing)",
        "is_the_negative raised AttributeError",
    ),
}


@pytest.mark.parametrize(("old", "new", "told"), WRONG.values(), ids=WRONG)
def test_faults_of_a_property_are_told_with_its_line(course: Course, old: str, new: str, told: str) -> None:
    """An oracle that breaks, or arguments that are no values, are the author's to mend: path, line and reason."""
    course = change(course, "tests/public/toys.py", old, new)
    with pytest.raises(CourseError) as caught:
        drawn(course)
    (problem,) = caught.value.problems
    path = course.root / "tests/public/toys.py"
    assert told in problem.what
    assert (problem.path, path.read_text().splitlines()[(problem.line or 0) - 1][:7]) == (str(path), "@public")


def test_hidden_papers_come_from_a_secret_that_nobody_else_has(course: Course, tmp_path: Path) -> None:
    """Two instructors draw other hidden papers and the same public one; a seed is made once, for its owner only."""
    other = tmp_path / "other"
    shutil.copytree(course.root, other, ignore=shutil.ignore_patterns("other"))
    mine, theirs = store(course), store(load_course(other / "grading.toml"))
    assert mine[0].id == theirs[0].id and mine[1].id != theirs[1].id
    seed = course.private / "seed"
    assert re.fullmatch(r"[0-9a-f]{64}\n", seed.read_text())
    assert (seed.stat().st_mode & 0o777, course.private.stat().st_mode & 0o777) == (0o600, 0o700)
    text = seed.read_text()
    course.hidden_paper("toys").unlink()
    assert store(course)[1].id == mine[1].id and seed.read_text() == text


@pytest.mark.parametrize("text", ["", "a secret\n"])
def test_a_damaged_seed_isnt_used(course: Course, text: str) -> None:
    """An empty seed, left by a full disk, would let anybody draw the hidden papers."""
    course.private.mkdir()
    (course.private / "seed").write_text(text)
    with pytest.raises(CourseError, match="isn't a secret seed") as caught:
        store(course)
    assert "backup" in caught.value.next_step and not course.hidden_paper("toys").exists()


def test_stored_papers_are_kept(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as the declarations are the same nothing is drawn again, though it would come out otherwise today."""
    before = store(course)
    files = [course.public_paper("toys"), course.hidden_paper("toys")]
    bytes_before = [file.read_bytes() for file in files]
    monkeypatch.setitem(EXAMPLES, PUBLIC, 3)
    monkeypatch.setitem(EXAMPLES, HIDDEN, 3)
    assert [paper.id for paper in store(course)] == [paper.id for paper in before]
    assert [paper.id for paper in stored_papers(course, "toys")] == [paper.id for paper in before]
    assert [file.read_bytes() for file in files] == bytes_before


def test_nothing_is_stored_if_an_oracle_breaks(course: Course) -> None:
    """An author's mistake in the hidden file leaves the stored papers as they are."""
    store(course)
    before = course.hidden_paper("toys").read_bytes()
    change(course, "tests/hidden/toys.py", "return 2 * x", "return x.nothing")
    with pytest.raises(CourseError):
        store(course)
    assert course.hidden_paper("toys").read_bytes() == before


def test_the_cpu_writes_the_same_paper_again(tmp_path: Path) -> None:
    """The course's own oracles, torch among them, answer the same when asked again."""
    course = clone(tmp_path, of=REAL)
    papers = [draw_paper(load_declarations(course, A1), PUBLIC, secret="public") for _ in range(2)]
    assert papers[0].id == papers[1].id


@pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA device here")
@pytest.mark.parametrize("visibility", Visibility)
def test_papers_written_on_cuda_and_cpu_agree(tmp_path: Path, visibility: Visibility) -> None:
    """They ask the same questions, and each answer of one is right by the other's tolerance."""
    declarations = load_declarations(clone(tmp_path, of=REAL), A1)
    on_cpu, on_gpu = (
        draw_paper(declarations, visibility, secret="a secret", device=device) for device in ("cpu", "cuda")
    )
    for mine, theirs in zip(on_cpu.exercises, on_gpu.exercises, strict=True):
        for asked, again in zip(mine.questions, theirs.questions, strict=True):
            for one, other in zip(asked.examples, again.examples, strict=True):
                assert identical(one.arguments, other.arguments)
                assert compare(other.answer, one.answer, one.allowed).ok
