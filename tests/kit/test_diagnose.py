"""A mistake is recognised by its answers, alone or together with others, and nothing is named without reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import toys
from htilde.diagnosis.diagnose import Diagnosis, as_answer, diagnose, nearly
from htilde.examination.paper import ExercisePaper
from htilde.isolation.calls import Reply, Status
from htilde.values import Refused

Function = Callable[..., object]

MISTAKES = [toys.adds_two, toys.squares, toys.squares_as_a_product]
DOUBLE = toys.exercise(toys.double, mistakes=MISTAKES)
PAIR = toys.exercise(toys.pair, mistakes=[toys.forgets_the_two, toys.forgets_the_sign])


def of(exercise: ExercisePaper, function: Function) -> Diagnosis:
    return diagnose(exercise, toys.live(function)([probe.arguments for probe in exercise.probes]))


def names(diagnosis: Diagnosis) -> list[str]:
    return [mistake.name for mistake in diagnosis.mistakes]


def test_a_mistake_is_named() -> None:
    """A function that answers as a misconception does has that misconception."""
    assert of(DOUBLE, lambda x: 2 + x) == Diagnosis((DOUBLE.mistakes[0],))


def test_mistakes_that_nothing_tells_apart_are_all_named() -> None:
    """When two misconceptions answer alike everywhere, both could be it."""
    found = of(DOUBLE, lambda x: np.power(x, 2))
    assert names(found) == ["squares", "squares_as_a_product"] and not found.together


def test_mistakes_in_two_parts_are_named_together() -> None:
    """One mistake in each of two parts of the answer is two mistakes at once."""
    found = of(PAIR, lambda x: (x, x))
    assert names(found) == ["forgets_the_two", "forgets_the_sign"] and found.together


def test_one_mistake_in_several_parts_is_one_mistake() -> None:
    """A misconception that explains all parts is likelier than several that explain one each."""

    def swaps(x: Any) -> Any:
        """Both at once."""
        return -x, 2 * x

    def swaps_the_first(x: Any) -> Any:
        """The first only."""
        return -x, -x

    exercise = toys.exercise(toys.pair, mistakes=[swaps_the_first, swaps])
    found = of(exercise, lambda x: (-x, 2 * x))
    assert names(found) == ["swaps"] and not found.together


def test_fewest_names_explain_what_none_explains_alone() -> None:
    """Where it takes several mistakes, no more are named than needed."""

    def triple(x: Any) -> Any:
        """Right."""
        return x, x, x

    def wrong(*at: int) -> Function:
        def mistake(x: Any) -> Any:
            """Wrong in places."""
            return tuple(-x if part in at else x for part in range(3))

        mistake.__name__ = f"wrong_{at}"
        return mistake

    exercise = toys.exercise(triple, mistakes=[wrong(0), wrong(1), wrong(2), wrong(0, 1)])
    assert names(of(exercise, lambda x: (-x, -x, -x))) == ["wrong_(2,)", "wrong_(0, 1)"]


@pytest.mark.parametrize(
    "wrong",
    [lambda x: 3 * x, lambda x: None, lambda x: (2 * x, -x, x), lambda x: x[:1], lambda x: 1 / 0, lambda x: "2x"],
    ids=["another factor", "nothing", "another structure", "another shape", "raises", "text"],
)
def test_an_unknown_mistake_has_no_name(wrong: Function) -> None:
    """What no misconception answers is nobody's."""
    assert of(DOUBLE, wrong) == Diagnosis() and of(PAIR, wrong) == Diagnosis()


@pytest.mark.parametrize("factor", [1 + 1e-8, 1 - 1e-8])
def test_rounding_of_its_own_hides_no_mistake(factor: float) -> None:
    """What a mistake computes in another order is that mistake."""
    assert names(of(DOUBLE, lambda x: factor * toys.adds_two(x))) == ["adds_two"]


@pytest.mark.parametrize("factor", [1 + 1e-5, 1 - 1e-5])
def test_what_is_nearly_a_mistake_has_no_name(factor: float) -> None:
    """A hundred thousandth away something else was computed: a wrong name is worse than none."""
    assert names(of(DOUBLE, lambda x: factor * toys.adds_two(x))) == []


@pytest.mark.parametrize("part", [0, 1])
def test_a_part_that_nobody_explains_leaves_all_unnamed(part: int) -> None:
    """Naming one of two mistakes would say that mending it is enough."""
    wrong = [lambda x: (7 * x, x), lambda x: (x, 7 * x)][part]
    assert of(PAIR, wrong) == Diagnosis()


@pytest.mark.parametrize("exercise", [DOUBLE, PAIR], ids=["double", "pair"])
def test_a_right_answer_has_no_mistake(exercise: ExercisePaper) -> None:
    """Nothing is named where the probes are answered rightly."""
    right = {"double": toys.double, "pair": toys.pair}[exercise.name]
    assert of(exercise, right).mistakes == ()


def raises(x: Any) -> Any:
    """It raises where x is negative."""
    if np.min(x) < 0:
        raise ValueError
    return 2 * x


def sometimes_squares(x: Any) -> Any:
    """It squares large numbers only."""
    return np.where(np.abs(x) > 100, x**2, 2 * x)


PROBES: list[tuple[Any, ...]] = [(np.array([0.5]),), (np.array([-2.5, 0.75]),), (np.array([250.0]),)]
MANY = toys.exercise(toys.double, mistakes=[toys.squares, raises, sometimes_squares], probes=PROBES)


@pytest.mark.parametrize("mistake", [toys.squares, sometimes_squares], ids=lambda f: f.__name__)
def test_probes_on_which_an_answer_is_right_rule_mistakes_out(mistake: Function) -> None:
    """All probes count: a mistake that would be wrong where the student is right isn't it."""
    assert names(of(MANY, mistake)) == [mistake.__name__]


def test_a_mistake_that_raises_is_recognised_by_its_exception() -> None:
    """Some mistakes raise, and are known by that."""
    assert names(of(MANY, raises)) == ["raises"]


@pytest.mark.parametrize("exercise", [DOUBLE, PAIR, MANY], ids=["double", "pair", "many"])
def test_every_mistake_explains_itself(exercise: ExercisePaper) -> None:
    """Replies that are a misconception's own answers name it, and what can't be told from it."""
    for mistake in exercise.mistakes:
        replies = [
            Reply(Status.RAISED, error=answer.what.removeprefix("raised "))
            if isinstance(answer, Refused)
            else Reply(Status.ANSWERED, answer)
            for answer in mistake.answers
        ]
        assert mistake in diagnose(exercise, replies).mistakes


def test_close_is_said_of_close_answers_only() -> None:
    """A numerical derivative is close; a wrong formula isn't, and neither is a named mistake."""
    assert of(DOUBLE, lambda x: 2 * x * (1 + 1e-5)) == Diagnosis(close=True)
    assert not of(DOUBLE, lambda x: 2.1 * x).close
    assert not of(DOUBLE, toys.adds_two).close


@pytest.mark.parametrize("replies", [[], [Reply(Status.TIMED_OUT, message="5 s")]], ids=["none", "timed out"])
def test_replies_that_broke_off_name_nothing(replies: Sequence[Reply]) -> None:
    """A function that was stopped on the probes has no diagnosis."""
    assert diagnose(MANY, replies) == Diagnosis()


@pytest.mark.parametrize("answered", [1, 2])
def test_a_mistake_on_the_first_probes_only_has_no_name(answered: int) -> None:
    """A worker may end on the way: what was answered fits a mistake, and what comes after is unknown."""
    replies = toys.live(toys.squares)([probe.arguments for probe in MANY.probes])
    assert names(diagnose(MANY, replies)) == ["squares"]
    assert diagnose(MANY, replies[:answered]) == Diagnosis()


def test_an_exercise_without_probes_has_no_diagnosis() -> None:
    """Where nothing was declared nothing is named."""
    assert diagnose(toys.exercise(mistakes=(), probes=()), []).mistakes == ()


def test_answers_of_calls_that_failed_differ_by_exception() -> None:
    """A call that raised answers with its exception's name, so two exceptions are two answers."""
    raised = [as_answer(Reply(Status.RAISED, error=error)) for error in ("ValueError", "TypeError")]
    assert raised == [Refused("raised ValueError"), Refused("raised TypeError")]


@pytest.mark.parametrize(("got", "close"), [(1.0001, True), (1.01, False), (np.nan, False), (1, True), (True, False)])
def test_nearly_means_a_thousandth(got: float, close: bool) -> None:
    """Close is within a thousandth and of the right kind."""
    assert nearly(got, 1.0) is close
