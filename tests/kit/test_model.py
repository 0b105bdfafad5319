"""The arithmetic of points: fair, monotonic, within bounds."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace

import pytest
from htilde.codes import Code
from htilde.model import Curves, Examination, ExerciseResult, Kind, Limits, Verdict, Visibility, earned_fraction
from hypothesis import given
from hypothesis import strategies as st

verdicts = st.builds(
    Verdict,
    exercise=st.just("f"),
    name=st.just("p"),
    claim=st.just({"en": "It is so."}),
    visibility=st.sampled_from(Visibility),
    kind=st.sampled_from(Kind),
    code=st.sampled_from([Code.PASSED, Code.WRONG_VALUES]),
)
PASSED = Verdict("f", "p", {"en": "It is so."}, Visibility.PUBLIC, Kind.MAIN)
results = st.builds(
    ExerciseResult,
    name=st.sampled_from("fgh"),
    max_points=st.floats(0, 100),
    verdicts=st.lists(verdicts, max_size=6).map(tuple),
)


@given(results)
def test_points_stay_within_bounds(result: ExerciseResult) -> None:
    """No verdicts, however many, earn less than nothing or more than everything."""
    assert 0 <= result.points <= result.max_points
    assert 0 <= earned_fraction(result.verdicts) <= 1


@given(st.lists(verdicts, max_size=6))
def test_everything_is_earned_exactly_when_every_property_passes(given_verdicts: list[Verdict]) -> None:
    """The whole share goes to whoever passes all, and there is none where nothing was asked."""
    assert (earned_fraction(given_verdicts) == 1) == (bool(given_verdicts) and all(v.passed for v in given_verdicts))


@given(st.lists(verdicts, min_size=1, max_size=6), st.data())
def test_a_failed_main_property_costs_everything(given_verdicts: list[Verdict], data: st.DataObject) -> None:
    """Edges alone, or what is public alone, earn nothing."""
    at = data.draw(st.integers(0, len(given_verdicts) - 1))
    given_verdicts[at] = replace(given_verdicts[at], kind=Kind.MAIN, code=Code.RAISED)
    assert earned_fraction(given_verdicts) == 0


@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 5))
def test_past_the_main_ones_each_property_counts_the_same(mains: int, edges: int, failed: int) -> None:
    """With every main property passed, the share is that of passed properties."""
    passed = [PASSED] * mains + [replace(PASSED, kind=Kind.EDGE)] * edges
    missed = [replace(PASSED, kind=Kind.EDGE, code=Code.RAISED)] * failed
    assert earned_fraction(passed + missed) == (mains + edges) / (mains + edges + failed)


@given(st.lists(verdicts, min_size=1, max_size=6), st.data())
def test_one_more_pass_never_costs_points(given_verdicts: list[Verdict], data: st.DataObject) -> None:
    """Mending one property never lowers the share."""
    at = data.draw(st.integers(0, len(given_verdicts) - 1))
    mended = [*given_verdicts[:at], replace(given_verdicts[at], code=Code.PASSED), *given_verdicts[at + 1 :]]
    assert earned_fraction(mended) >= earned_fraction(given_verdicts)


@given(st.integers(1, 10_000))
def test_all_that_there_is_isnt_rounded_up(thousandths: int) -> None:
    """0.375 would become 0.38, which is more than nbgrader takes for the cell."""
    most = thousandths / 1000
    assert ExerciseResult("f", most, (PASSED,)).points <= most
    assert ExerciseResult("f", 0.375, (PASSED,)).points == 0.375


@given(results)
def test_points_have_two_decimals(result: ExerciseResult) -> None:
    """Points earned are whole hundredths, or all there are."""
    assert result.points in (round(result.points, 2), result.max_points)


@given(results)
def test_students_see_public_verdicts_only(result: ExerciseResult) -> None:
    """The public view keeps every public verdict, in order, and no other."""
    assert result.public.verdicts == tuple(v for v in result.verdicts if v.visibility is Visibility.PUBLIC)
    assert (result.public.name, result.public.max_points) == (result.name, result.max_points)


@given(st.lists(results, max_size=4))
def test_an_examination_is_the_sum_of_its_exercises(given_results: list[ExerciseResult]) -> None:
    """Points and their maximum add up, and it passes when every exercise does."""
    examination = Examination("a", tuple(given_results))
    assert examination.points == pytest.approx(sum(r.points for r in given_results), abs=0.0051)
    assert examination.max_points == pytest.approx(sum(r.max_points for r in given_results), abs=0.0051)
    assert examination.passed == all(r.passed for r in given_results)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.data())
def test_curves_part_where_they_first_differ_by_more_than_a_line(right: list[float], data: st.DataObject) -> None:
    """Nowhere if they are the same; at the first place where an answer is far off or NaN."""
    xs = tuple(map(float, range(len(right))))
    assert Curves("x", xs, tuple(right), tuple(right)).part is None
    at = data.draw(st.integers(0, len(right) - 1))
    far = max(right) - min(right) + max(map(abs, right)) + 1
    for wrong in (right[at] + far, right[at] - far, math.nan, math.inf, -math.inf):
        yours = [*right[:at], wrong, *[0.0] * (len(right) - at - 1)]
        assert Curves("x", xs, tuple(yours), tuple(right)).part == xs[at]


def test_what_is_less_than_a_line_apart_doesnt_part() -> None:
    """A hundredth of the height can't be seen."""
    assert Curves("x", (0.0, 1.0), (0.0, 2.02), (0.0, 2.0)).part is None
    assert Curves("x", (0.0, 1.0), (0.0, 2.06), (0.0, 2.0)).part == 1.0


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_the_right_curve_may_have_gaps_and_poles(odd: float) -> None:
    """There the same is the same, anything else parts; and what is finite is measured as if they weren't there."""
    xs, right = (0.0, 1.0, 2.0), (0.0, odd, 2.0)
    assert Curves("x", xs, right, right).part is None
    assert Curves("x", xs, (0.0, odd, 2.5), right).part == 2.0
    assert Curves("x", xs, (0.0, 1.0, 2.0), right).part == 1.0


@pytest.mark.parametrize("level", [1e-9, 1.0, -1e17])
def test_constant_curves_part_by_their_own_measure(level: float) -> None:
    """Twice a small constant is as wrong as twice a large one."""
    assert Curves("x", (0.0,), (2 * level,), (level,)).part == 0.0
    assert Curves("x", (0.0,), (1.01 * level,), (level,)).part is None


def test_exercises_are_found_by_name() -> None:
    """An examination is indexed by exercise."""
    f, g = (ExerciseResult(name, 1.0, ()) for name in "fg")
    assert Examination("a", (f, g))["g"] is g


def test_records_dont_change() -> None:
    """What was decided can't be changed by whoever reads it."""
    with pytest.raises(FrozenInstanceError):
        Limits().cell_seconds = 1e9  # type: ignore[misc]


@given(results)
def test_the_shares_of_the_properties_add_up(result: ExerciseResult) -> None:
    """To the points, but for what rounding took; none is negative."""
    shares = [result.share(verdict) for verdict in result.verdicts]
    assert all(share >= 0 for share in shares)
    assert math.isclose(sum(shares), result.points, abs_tol=0.00501)
