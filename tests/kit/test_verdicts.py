"""Examinations as plain values: nothing is lost on the way to a file, or to another machine, and back."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from htilde.examination.verdicts import from_plain, to_plain
from htilde.model import Curves, Examination, ExerciseResult, Kind, Places, Row, Verdict, Visibility
from hypothesis import given
from hypothesis import strategies as st

texts = st.text(st.characters(), max_size=20)  # half surrogates, too
several = st.lists(texts, max_size=3).map(tuple)
numbers = st.lists(st.floats(), max_size=4).map(tuple)
places = st.builds(
    Places,
    texts,
    st.booleans(),
    several,
    st.lists(st.lists(st.none() | st.booleans(), max_size=3).map(tuple), max_size=3).map(tuple),
    st.tuples(st.integers(0, 9), st.integers(0, 9)),
    several,
    several,
)
verdicts = st.builds(
    Verdict,
    exercise=texts,
    name=texts,
    claim=texts,
    visibility=st.sampled_from(Visibility),
    kind=st.sampled_from(Kind),
    passed=st.booleans(),
    reason=texts,
    message=texts,
    misconceptions=several,
    together=st.booleans(),
    hints=several,
    evidence=st.lists(st.builds(Row, texts, texts), max_size=2).map(tuple),
    places=st.none() | places,
    notes=several,
    printed=texts,
)
results = st.builds(
    ExerciseResult,
    texts,
    st.just(0.0),
    st.lists(verdicts, max_size=3).map(tuple),
    st.none() | st.builds(Curves, texts, numbers, numbers, numbers),
)
examinations = st.builds(
    Examination, texts, st.lists(results, max_size=3).map(tuple), several, several, texts, st.booleans()
)


@given(examinations)
def test_what_goes_out_comes_back(examination: Examination) -> None:
    """Through JSON, NaN and half a character included, it is the same examination, but for its points."""
    back = from_plain(json.loads(json.dumps(to_plain(examination))))
    assert repr(back) == repr(examination)  # NaN isn't equal to itself


@given(examinations, st.floats(0, 100))
def test_points_come_from_the_course(examination: Examination, worth: float) -> None:
    """Verdicts are worth nothing until they are told how much, and then what they would have been at once."""
    names = {result.name: worth for result in examination.exercises}
    priced = examination.worth(names)
    assert all(result.max_points == worth for result in priced.exercises)
    assert repr(from_plain(to_plain(priced))) == repr(examination.worth({}))
    assert not math.isnan(priced.points)


PLAIN = to_plain(
    Examination("a", (ExerciseResult("f", 0.0, (Verdict("f", "p", "c", Visibility.PUBLIC, Kind.MAIN, True),)),))
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("assignment",), 1),
        (("papers",), "ab"),
        (("cut_short",), 0),
        (("exercises", 0, "curves"), {"label": "x"}),
        (("exercises", 0, "verdicts", 0, "passed"), "yes"),
        (("exercises", 0, "verdicts", 0, "kind"), "odd"),
        (("exercises", 0, "verdicts", 0, "notes"), [1]),
        (("exercises", 0, "verdicts", 0, "unknown"), ""),
        (("exercises", 0, "verdicts", 0, "places"), {"along": "layer"}),
        (("exercises",), 3),
    ],
)
def test_anything_else_is_refused(path: tuple[Any, ...], value: Any) -> None:
    """What isn't an examination raises one of three errors."""
    plain = json.loads(json.dumps(PLAIN))
    place = plain
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises((ValueError, TypeError, KeyError)):
        from_plain(plain)
