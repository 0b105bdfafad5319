"""A property is judged: right answers in any style pass, wrong ones are named, and where they are wrong is told."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import toys
from asking import DOUBLE, HIDDEN, PUBLIC, verdict
from htilde.codes import STRICT, UNSEEN, Code, Note, NoteCode
from htilde.diagnosis.completion import examine_exercise, judge
from htilde.evidence import Evidence
from htilde.model import ExerciseResult, Kind, Parts, Visibility
from htilde.telling.messages import message
from htilde.telling.outline import rows
from htilde.values import Rng


def in_place(x: Any) -> Any:
    x *= 2
    return x


def entry_by_entry(x: Any) -> Any:
    return np.array([2 * float(entry) for entry in np.ravel(x)]).reshape(np.shape(x))


def with_a_row_too_many(x: Any) -> Any:
    return np.atleast_3d(2 * x) if x.ndim < 3 else 2 * x


def in_long_doubles(x: Any) -> Any:
    return np.asarray(x, np.longdouble) * 2


RIGHT_STYLES = [
    toys.double,
    lambda x: x + x,
    lambda x: np.multiply(x, 2.0),
    lambda x: x / 0.5,
    in_place,
    entry_by_entry,
    in_long_doubles,
    lambda x: (2 * x)[None],
]


@pytest.mark.parametrize("style", RIGHT_STYLES)
def test_right_answers_pass_in_any_style(style: Callable[..., object]) -> None:
    """Whatever the road: nothing is remarked but notes, which cost nothing."""
    found = verdict(style)
    assert found.passed and (found.code, found.details, found.mistakes, found.evidence) == (Code.PASSED, {}, (), None)


def test_notes_stand_beside_a_right_answer() -> None:
    """What is merely unusual is said, each once, and what was printed is kept."""

    def shouts(x: Any) -> Any:
        print("hello")
        return in_place(x)

    found = verdict(shouts)
    assert found.passed and found.printed == "hello\n"
    assert found.notes == (Note(NoteCode.CHANGED_IN_PLACE, {"argument": 1}),)


def warns(x: Any) -> Any:
    warnings.warn("odd", stacklevel=1)
    return 2 * x


KINDS: dict[str, Callable[..., object]] = {
    "lists": lambda x: list(2 * x),
    "whole_numbers": lambda x: (2 * x).astype(int) if (x == x.round()).all() else 2 * x,
    "extra_dimensions": lambda x: (2 * x)[None],
    "wider_dtype": in_long_doubles,
    "changed_in_place": in_place,
    "warnings": warns,
}


@pytest.mark.skipif(np.dtype(np.longdouble) == np.dtype(float), reason="there is no wider float")
@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("key", STRICT)
def test_a_course_may_take_any_kind_of_note_for_a_loss(key: str, visibility: Visibility) -> None:
    """Each by its own key, and no other; of a hidden property not even the kind is told."""
    function = KINDS[key]
    for other, code in STRICT.items():
        found = verdict(function, replace(DOUBLE, strict=(code,)), visibility)
        assert found.passed == (other != key)
        assert found.evidence is None and found.mistakes == ()
    found = verdict(function, replace(DOUBLE, strict=tuple(STRICT.values())), visibility)
    assert found.code is Code.STRICT
    assert found.details.get("note") == (STRICT[key] if visibility is PUBLIC else None)
    assert "right" in message(found)


def test_a_wrong_answer_is_wrong_before_it_is_strictly_so() -> None:
    """What is told first is the mistake."""
    found = verdict(lambda x: (x + 2)[None], replace(DOUBLE, strict=tuple(STRICT.values())))
    assert found.code is Code.WRONG_VALUES and found.mistakes == ("adds_two",)


CHANGES: dict[str, Callable[..., object]] = {
    "in place": in_place,
    "a sign": lambda x: (2 * x, np.multiply(x, -1, out=x))[0],
    "the shape": lambda x: (2 * x, setattr(x, "shape", (*x.shape, 1)))[0],
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("function", CHANGES.values(), ids=CHANGES)
def test_an_argument_that_must_not_change_doesnt(function: Callable[..., object], visibility: Visibility) -> None:
    """Changing it is a loss of that property, with the argument's name but for a hidden one, and no note besides."""
    (asked,) = DOUBLE.questions
    guarded = replace(DOUBLE, questions=(replace(asked, unchanged=(0,)),))
    found = verdict(function, guarded, visibility)
    assert found.code is Code.CHANGED_ARGUMENT and not found.passed
    assert found.details == ({"argument": "x"} if visibility is PUBLIC else {})
    assert [note for note in found.notes if note.code is NoteCode.CHANGED_IN_PLACE] == []
    assert verdict(toys.double, guarded, visibility).passed
    assert verdict(function, DOUBLE, visibility).passed


def test_a_wrong_answer_that_changes_its_argument_is_wrong() -> None:
    """The values are told first."""
    (asked,) = DOUBLE.questions

    def both(x: Any) -> Any:
        x += 2
        return x

    found = verdict(both, replace(DOUBLE, questions=(replace(asked, unchanged=(0,)),)))
    assert found.code is Code.WRONG_VALUES and found.mistakes == ("adds_two",)


def test_a_list_is_shown_and_named_as_the_array() -> None:
    """A mistake in a list of entries is the mistake."""
    found = verdict(lambda x: list(x + 2))
    assert found.mistakes == ("adds_two",) and found.evidence is not None
    assert isinstance(found.evidence.got, np.ndarray)


def test_the_first_four_notes_are_kept() -> None:
    """Whoever is warned of something else at each call isn't shown all of it."""

    def warns(x: Any) -> Any:
        for number in (1, 2):
            warnings.warn(f"warning {number} about {x.size} entries", stacklevel=1)
        return 2 * x

    told = [str(note) for note in verdict(warns).notes]
    given = [f"warning {number} about {case[0].size} entries" for case in toys.CASES for number in (1, 2)]
    assert len(given) > len(told) == 4
    assert all(text in note for text, note in zip(given, told))


@pytest.mark.parametrize("mistake", [toys.adds_two, toys.squares], ids=lambda f: f.__name__)
def test_wrong_answers_fail_with_their_misconception(mistake: Callable[..., object]) -> None:
    """Name, hint and evidence: what was asked, the student's answer, the right one and the mistake's own."""
    found = verdict(mistake)
    assert (found.code, found.mistakes) == (Code.WRONG_VALUES, (mistake.__name__,))
    assert found.hints == ({"en": mistake.__doc__},)
    x = np.array([1.0])
    answer, right = mistake(x), np.array([2.0])
    assert found.evidence == Evidence({"x": x}, answer, right, {mistake.__name__: answer})


def test_a_mistake_that_nobody_declared_is_wrong_all_the_same() -> None:
    """Without a name, but with the first example that shows it."""
    found = verdict(lambda x: 7 * x)
    assert (found.code, found.mistakes, found.hints) == (Code.WRONG_VALUES, (), ())
    assert found.details == {"got": 7.0, "expected": 2.0, "index": [0], "count": 1, "size": 1}


def test_two_mistakes_in_two_parts_are_both_named() -> None:
    """Each part of an answer may have a mistake of its own."""
    exercise = toys.exercise(toys.pair, mistakes=[toys.forgets_the_two, toys.forgets_the_sign])
    found = verdict(lambda x: (x, x), exercise)
    assert found.mistakes == ("forgets_the_two", "forgets_the_sign") and found.together


def test_a_hidden_property_names_no_combination_of_mistakes_that_wasnt_told() -> None:
    """A function that sees the hidden input could tell it by its choice among all combinations."""
    exercise = toys.exercise(toys.pair, mistakes=[toys.forgets_the_two, toys.forgets_the_sign])
    question, asked = exercise.questions[0], toys.live(lambda x: (x, x))
    public = judge(question, exercise, PUBLIC, asked)
    untold = judge(question, exercise, HIDDEN, asked)
    assert (untold.code, untold.mistakes, untold.hints, untold.together) == (Code.WRONG_VALUES, (), (), False)
    one = judge(question, exercise, PUBLIC, toys.live(toys.forgets_the_sign))
    assert judge(question, exercise, HIDDEN, asked, [one]).mistakes == ()
    assert judge(question, exercise, HIDDEN, asked, [one, public]).mistakes == public.mistakes
    assert judge(question, exercise, HIDDEN, asked, explain=True).mistakes == public.mistakes
    assert judge(question, exercise, HIDDEN, toys.live(toys.forgets_the_sign)).mistakes == ("forgets_the_sign",)


def test_close_but_not_exact_is_said() -> None:
    """A numerical derivative or a rounded constant isn't called a wrong formula."""
    found = verdict(lambda x: 2.00001 * x)
    assert found.code is Code.CLOSE and found.details["expected"] == 2.0
    assert verdict(lambda x: 2.00001 * x, visibility=HIDDEN).code is Code.CLOSE


WRONG: dict[str, tuple[Callable[..., object], Code]] = {
    "NaN": (lambda x: 2 * x * np.nan, Code.NOT_FINITE),
    "infinity": (lambda x: np.where(x > 2, np.inf, 2 * x), Code.NOT_FINITE),
    "another shape": (lambda x: np.ravel(2 * x)[:1] if x.size > 1 else 2 * x, Code.WRONG_SHAPE),
    "integers": (lambda x: (2 * x).astype(int), Code.WRONG_DTYPE),
    "less precision": (lambda x: (2 * x).astype(np.float32), Code.WRONG_DTYPE),
    "nothing": (lambda x: None, Code.RETURNED_NOTHING),
    "a list": (lambda x: [2 * x, x], Code.WRONG_STRUCTURE),
    "an exception": (lambda x: 1 // 0, Code.RAISED),
    "a change of type": (lambda x: np.ma.masked_array(2 * x), Code.WRONG_STRUCTURE),
}


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize(("function", "code"), WRONG.values(), ids=WRONG)
def test_each_way_of_being_wrong_has_a_code(
    function: Callable[..., object], code: Code, visibility: Visibility
) -> None:
    """With details; of a hidden property the code that fits any input, without any."""
    with np.errstate(all="ignore"):
        found = verdict(function, visibility=visibility)
    if visibility is HIDDEN:
        assert (found.code, found.details) == (UNSEEN[code][0], {})
    else:
        assert found.code is code and (found.details or code is Code.RETURNED_NOTHING)


def test_the_first_example_that_fails_is_told() -> None:
    """Simplest first: the example shown is the first on which the function is wrong."""
    found = verdict(lambda x: np.where(np.abs(x) > 2, 0, 2 * x))
    assert found.evidence is not None and np.array_equal(found.evidence.arguments["x"], toys.ORDINARY)


def counting() -> Callable[[Any], Any]:
    """Right the first times it is asked, then a hair off."""
    calls = itertools.count(1)
    return lambda x: 2 * x if next(calls) <= 4 else np.nextafter(2 * x, np.inf)


def remembering() -> Callable[[Any], Any]:
    """Right only in the order in which it was asked first."""
    last: list[float] = [-np.inf]

    def function(x: Any) -> Any:
        right, last[0] = x.size >= last[0], x.size
        return 2 * x if right else np.nextafter(2 * x, np.inf)

    return function


def tiring() -> Callable[[Any], Any]:
    """Raises when it is asked again."""
    calls = itertools.count(1)
    return lambda x: 2 * x if next(calls) <= 3 else 1 // 0


WAVERING = {
    "counts": (counting, Code.WAVERS),
    "remembers": (remembering, Code.WAVERS),
    "draws": (
        lambda: lambda x: 2 * x * (1 + 1e-15 * np.random.default_rng().integers(0, 2, 999)[: x.size].reshape(x.shape)),
        Code.WAVERS,
    ),
    "tires": (tiring, Code.RAISED),
}


@pytest.mark.parametrize(("make", "code"), WAVERING.values(), ids=WAVERING)
def test_an_answer_that_wavers_fails(make: Callable[[], Callable[[Any], Any]], code: Code) -> None:
    """Asked everything twice, in two orders, a function must answer the same bit by bit."""
    big = [(np.linspace(1, 2, 40),)]
    exercise = toys.exercise(toys.double, toys.question(toys.double, toys.CASES[:2] + big))
    assert verdict(make(), exercise).code is code


NOISE = toys.exercise(
    toys.noise,
    toys.question(toys.noise, toys.NOISE, mistakes=toys.NOISE_MISTAKES),
    mistakes=toys.NOISE_MISTAKES,
    probes=[(Rng(99), 100, 60)],
)


@pytest.mark.parametrize("visibility", Visibility)
def test_a_random_answer_is_judged_by_its_law(visibility: Visibility) -> None:
    """Any way of drawing is right; a wrong law is named, be it drawn in a way of its own."""
    right = verdict(lambda rng, n, m: rng.standard_normal((m, n)).T / np.sqrt(n), NOISE, visibility)
    assert right.passed and right.notes == ()
    assert verdict(lambda rng, n, m: rng.normal(0, n**-0.5, (1, n, m)), NOISE, visibility).passed
    for mistake in toys.NOISE_MISTAKES:
        for function in (mistake, lambda rng, n, m, wrong=mistake: wrong(rng, n, m)[::-1, ::-1] * -1):
            found = verdict(function, NOISE, visibility)
            assert (found.code, found.mistakes) == (Code.WRONG_LAW, (mistake.__name__,))


EXPLAINED: dict[str, Callable[..., object]] = {
    "wrong": toys.adds_two,
    "raises": lambda x: print(x) or int(str(x)),  # type: ignore[func-returns-value]
    "a law": lambda x: print(x),  # type: ignore[func-returns-value]
}


@pytest.mark.parametrize("function", EXPLAINED.values(), ids=EXPLAINED)
def test_only_who_explains_is_told_what_a_hidden_property_asked(function: Callable[..., object]) -> None:
    """With the one keyword a hidden property is told like a public one; without it nothing more than ever."""
    question, asked = DOUBLE.questions[0], toys.live(function)
    public = judge(question, DOUBLE, PUBLIC, asked)
    hidden = judge(question, DOUBLE, HIDDEN, asked)
    assert replace(judge(question, DOUBLE, HIDDEN, asked, explain=True), visibility=PUBLIC) == public
    assert judge(question, DOUBLE, PUBLIC, asked, explain=True) == public
    assert (hidden.evidence, hidden.printed, hidden.places, hidden.notes) == (None, "", None, ())
    assert hidden.details == {} != public.details or public.code is Code.RETURNED_NOTHING
    assert public.evidence or public.printed


def test_of_a_hidden_law_the_numbers_are_explained() -> None:
    """What was measured, beside what should have been."""
    asked = toys.live(toys.takes_the_variance)
    found = judge(NOISE.questions[0], NOISE, HIDDEN, asked, explain=True)
    assert found.details["test"] == "std" and found.evidence


def test_evidence_of_a_random_answer_is_measured() -> None:
    """How to draw it again, what came of it and what should have, side by side; no entry is shown."""
    found = verdict(toys.takes_the_variance, NOISE)
    assert (found.details["test"], found.details["got"]) == ("std", pytest.approx(1 / 30, rel=0.1))
    shown = dict(rows(found))
    assert shown["rng"] == "default_rng(0)" and shown["n"] == "30"
    assert shown["right"] == "normal: mean 0, standard deviation 0.182574"
    assert shown["your answer"] == shown["takes the variance"]
    assert shown["your answer"].startswith("mean ") and "standard deviation 0.03" in shown["your answer"]


def test_of_a_hidden_law_no_number_is_told() -> None:
    """Neither what was measured nor what was expected."""
    for function in (*toys.NOISE_MISTAKES, lambda rng, n, m: np.random.default_rng(0).normal(0, n**-0.5, (n, m))):
        found = verdict(function, NOISE, HIDDEN)
        assert (found.code, found.details, found.evidence) == (Code.WRONG_LAW, {}, None)


def test_what_shows_in_all_examples_together_has_no_example() -> None:
    """One answer alone looks right there, so none is shown; and it isn't called close but not exact."""
    thin = verdict(lambda rng, n, m: 0.95 * rng.normal(0, n**-0.5, (n, m)), NOISE)
    assert (thin.code, thin.evidence) == (Code.WRONG_LAW, None)
    assert (thin.details["test"], thin.details["examples"]) == ("std", 20)


def test_the_generator_that_is_passed_in_is_the_one_to_use() -> None:
    """A generator with a seed of its own draws the same for everyone; a global one draws anew when asked again."""
    own = verdict(lambda rng, n, m: np.random.default_rng(0).normal(0, n**-0.5, (n, m)), NOISE)
    assert own.details == {"test": "generators"}
    everyones = verdict(lambda rng, n, m: np.random.normal(0, n**-0.5, (n, m)), NOISE)
    assert (everyones.code, everyones.details) == (Code.WAVERS, {"random": True})


def test_examples_that_share_a_generator_may_share_their_draws() -> None:
    """Two sizes drawn from one seed have the same numbers in a right answer, so only one of them is taken along."""
    twice = [(Rng(seed // 2), 40, 50 + seed % 2) for seed in range(8)]
    exercise = toys.exercise(toys.noise, toys.question(toys.noise, twice), mistakes=(), probes=())
    assert verdict(lambda rng, n, m: rng.normal(0, n**-0.5, (n, m)), exercise).passed


WRONG_NOISE: dict[str, tuple[Callable[..., object], Code]] = {
    "a law": (toys.noise, Code.WRONG_STRUCTURE),
    "a list": (lambda rng, n, m: [0.0] * n, Code.WRONG_STRUCTURE),
    "transposed": (lambda rng, n, m: rng.normal(0, n**-0.5, (m, n)), Code.WRONG_SHAPE),
    "single precision": (lambda rng, n, m: rng.normal(0, n**-0.5, (n, m)).astype("f4"), Code.WRONG_DTYPE),
    "integers": (lambda rng, n, m: rng.integers(0, 2, (n, m)), Code.WRONG_DTYPE),
    "NaN": (lambda rng, n, m: np.where(np.eye(n, m), np.nan, rng.normal(0, n**-0.5, (n, m))), Code.NOT_FINITE),
    "the size alone": (lambda rng, n, m: n * m, Code.WRONG_SHAPE),
}


@pytest.mark.parametrize(("function", "code"), WRONG_NOISE.values(), ids=WRONG_NOISE)
def test_a_random_answer_has_a_form(function: Callable[..., object], code: Code) -> None:
    """Structure, shape, dtype and finiteness are looked at before the law."""
    assert verdict(function, NOISE).code is code


def edges(*functions: Callable[..., object]) -> list[ExerciseResult]:
    """Results on an exercise of two main properties, one of them hidden, and two edges, one of them hidden."""
    far, nought = [(np.array([1e300]),)], [(np.zeros((0, 2)),)]
    public = toys.exercise(
        toys.double,
        toys.question(toys.double),
        toys.question(toys.double, far, name="when_large", kind=Kind.EDGE),
        points=4,
    )
    hidden = toys.exercise(
        toys.double,
        toys.question(toys.double, [(np.array([11.0]),)], name="elsewhere"),
        toys.question(toys.double, nought, name="when_empty", kind=Kind.EDGE),
        points=4,
    )
    papers = [toys.paper(public), toys.paper(hidden, visibility=HIDDEN)]
    return [examine_exercise(public, papers, toys.live(function)) for function in functions]


def test_edges_count_once_the_main_properties_pass() -> None:
    """Right but for an edge earns a part; right at the edges only, or only where one can see, earns nothing."""
    results = edges(
        toys.double,
        lambda x: np.minimum(2 * x, 1e200),
        lambda x: 2 * x if x.size else 1 // 0,
        lambda x: 2 * x if x.size in (0, 1) and not np.all(x == 11) else 0 * x,
        lambda x: 2 * x if not np.all(x == 11) or not x.size else 0 * x,
        lambda x: 0 * x,
    )
    assert [result.points for result in results] == [4, 3, 3, 0, 0, 0]
    assert [result.passed for result in results] == [True] + 5 * [False]


def test_public_properties_are_judged_first() -> None:
    """A result lists what students may read before what they mayn't, whichever way the papers come."""
    (result,) = edges(toys.double)
    assert [v.name for v in result.verdicts] == ["is_right", "when_large", "elsewhere", "when_empty"]
    assert [v.visibility for v in result.verdicts] == [PUBLIC, PUBLIC, HIDDEN, HIDDEN]


# Where along a network an answer is wrong.


def chain(x: Any) -> Any:
    """Gradients of three layers, the last of which has no dh_tilde: dW, db, dh_tilde."""
    dh_tildes = [x, 2 * x]
    return [x + 1, x + 2, x + 3], [3 * x, 4 * x, 5 * x], dh_tildes


def breaks_the_chain(x: Any) -> Any:
    """From layer 2 on all is wrong."""
    dW, db, dh_tilde = chain(x)
    return [-dW[0], -dW[1], dW[2]], [-db[0], -db[1], db[2]], [-part for part in dh_tilde]


ALONG = replace(
    toys.exercise(chain, toys.question(chain, mistakes=[breaks_the_chain]), mistakes=[breaks_the_chain]),
    parts=Parts(("dW", "db", "dh_tilde"), "layer", True, ("dh_tilde", "dW", "db")),
)


def test_the_first_wrong_gradient_on_the_way_back_is_told() -> None:
    """By its name, with its own values and the mistake's, although other wrong ones stand before it in the answer."""
    found = verdict(breaks_the_chain, ALONG)
    assert message(found).startswith("dh_tilde of layer 2: The value is wrong: -2 where 2 is right. On the way back")
    assert rows(found) == [
        ("x", "[1.]"),
        ("your dh_tilde of layer 2", "[-2.]"),
        ("right dh_tilde of layer 2", "[2.]"),
        ("breaks the chain", "[-2.]"),
    ]
    assert found.places is not None and (found.places.part, found.places.place) == ("dh_tilde", "2")
    assert found.places.wrong == {"dh_tilde": (0, 1), "dW": (0, 1), "db": (0, 1)}


def cell(x: Any) -> Any:
    """Gradients of two steps of two gates, and one that is there once: dh_tilde, db."""
    return np.outer([1, 2], [x[0], 2 * x[0], 3 * x[0], 4 * x[0]]), np.concatenate([x, 2 * x, 3 * x, 4 * x])[:4]


CELL = replace(
    toys.exercise(cell, toys.question(cell)),
    parts=Parts(
        ("dh_tilde", "db"), "step", True, ("dh_tilde", "db"), once=("db",), gates=("i", "f"), gated=("dh_tilde", "db")
    ),
)


def test_the_step_and_the_gate_are_told() -> None:
    """Of the first wrong gradient through time, with the columns of that gate alone."""

    def forgets(x: Any) -> Any:
        dh_tilde, db = cell(x)
        dh_tilde[0, 2:] = 0
        return dh_tilde, db + 1

    found = verdict(forgets, CELL)
    assert (found.details["part"], found.details["place"], found.details["along"]) == ("dh_tilde[f]", "1", "step")
    assert (found.details["count"], found.details["size"]) == (2, 2)
    assert rows(found)[1:] == [
        ("your dh_tilde[f] of step 1", "[0., 0.]"),
        ("right dh_tilde[f] of step 1", "[3., 4.]"),
    ]
    assert found.places is not None and found.places.beside == ("db",)


def test_what_has_no_step_is_told_by_its_gate() -> None:
    """When all steps are right."""
    found = verdict(lambda x: (cell(x)[0], cell(x)[1] * [1, 1, 0, 0]), CELL)
    assert (found.details["part"], found.details["beside"], found.details["count"]) == ("db[f]", "step", 2)
    assert found.places is None and [label for label, _ in rows(found)[1:]] == ["your db[f]", "right db[f]"]


def test_only_a_public_property_tells_where() -> None:
    """A hidden failure says in no way which part of the answer is wrong, nor at which place."""
    hidden = verdict(breaks_the_chain, ALONG, HIDDEN)
    assert (hidden.code, hidden.details, hidden.places, hidden.evidence) == (Code.WRONG_VALUES, {}, None, None)
    shuffled = verdict(lambda x: chain(x)[::-1], ALONG, HIDDEN)
    assert (shuffled.code, shuffled.details, shuffled.places) == (Code.WRONG_STRUCTURE, {}, None)


NOWHERE: dict[str, tuple[Callable[..., object], Code]] = {
    "a right answer": (chain, Code.PASSED),
    "nothing": (lambda x: None, Code.RETURNED_NOTHING),
    "two of three parts": (lambda x: chain(x)[:2], Code.WRONG_STRUCTURE),
    "a layer too few": (lambda x: ([x], *chain(x)[1:]), Code.WRONG_STRUCTURE),
    "an exception": (lambda x: 1 // 0, Code.RAISED),
    "another order": (lambda x: (chain(x)[1], chain(x)[0], chain(x)[2]), Code.WRONG_ORDER),
}


@pytest.mark.parametrize(("function", "code"), NOWHERE.values(), ids=NOWHERE)
def test_what_isnt_wrong_at_a_place_has_none(function: Callable[..., object], code: Code) -> None:
    """It is told as everywhere."""
    found = verdict(function, ALONG)
    assert (found.code, found.places) == (code, None)
    if code is Code.WRONG_ORDER:
        assert found.details == {"got": ["db", "dW", "dh_tilde"], "expected": ["dW", "db", "dh_tilde"]}
        assert [label for label, _ in rows(found)][1:3] == ["your answer", "right"]


def test_parts_without_places_are_told_by_name() -> None:
    """Of a plain tuple the part that is wrong."""
    exercise = replace(toys.exercise(toys.pair, mistakes=()), parts=Parts(("dx", "dy"), order=("dx", "dy")))
    found = verdict(toys.forgets_the_sign, exercise)
    assert (found.code, found.details["part"], found.details["got"]) == (Code.WRONG_VALUES, "dy", 1.0)
    assert [label for label, _ in rows(found)] == ["x", "your dy", "right dy"] and found.places is None


def test_of_two_mistakes_the_one_in_the_shown_part_is_shown() -> None:
    """What the other answers in that part is right, and would only puzzle."""
    mistakes = [toys.forgets_the_two, toys.forgets_the_sign]
    asked = toys.question(toys.pair, mistakes=mistakes)
    exercise = replace(toys.exercise(toys.pair, asked, mistakes=mistakes), parts=Parts(("a", "b"), order=("a", "b")))
    found = verdict(lambda x: (x, x), exercise)
    assert found.mistakes == ("forgets_the_two", "forgets_the_sign")
    assert found.evidence is not None and [*found.evidence.mistaken] == ["forgets_the_two"]


def test_a_place_may_have_another_shape_or_be_nan() -> None:
    """Whatever is wrong there is told there: a shape, a dtype, NaN."""
    for spoil, code in (
        (lambda part: np.stack([part, part]), Code.WRONG_SHAPE),
        (lambda part: np.full_like(part, np.nan), Code.NOT_FINITE),
        (lambda part: part.astype(int), Code.WRONG_DTYPE),
    ):

        def spoilt(x: Any, spoil: Callable[[Any], Any] = spoil) -> Any:
            dW, db, dh_tilde = chain(x)
            return [spoil(dW[0]), spoil(dW[1]), dW[2]], db, dh_tilde

        found = verdict(spoilt, ALONG)
        assert (found.code, found.details["part"], found.details["place"]) == (code, "dW", "2")
        assert found.places is not None and found.places.wrong == {"dW": (0, 1)}
