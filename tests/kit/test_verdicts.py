"""Examinations as plain values: nothing is lost on the way to a file, or to another machine, and back."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import toys
from htilde.codes import Code, Note, NoteCode
from htilde.evidence import Evidence, excerpt
from htilde.examination.verdicts import from_plain, to_plain
from htilde.model import Curves, Examination, ExerciseResult, Kind, Places, Verdict, Visibility
from hypothesis import given
from hypothesis import strategies as st

texts = st.text(st.characters(), max_size=20)  # half surrogates, too
several = st.lists(texts, max_size=3).map(tuple)
numbers = st.lists(st.floats(), max_size=4).map(tuple)
in_languages = st.dictionaries(st.sampled_from(["ko", "de"]), texts).flatmap(
    lambda others: texts.map(lambda english: {"en": english, **others})
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(texts, part, max_size=3),
    max_leaves=6,
)
details = st.dictionaries(texts, plain, max_size=3)
notes = st.lists(st.builds(Note, st.sampled_from(NoteCode), details), max_size=3).map(tuple)
shown = toys.values().map(excerpt)
evidence = st.builds(
    Evidence,
    st.dictionaries(texts, shown, max_size=2),
    shown,
    shown,
    st.dictionaries(texts, shown, max_size=2),
)
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
    claim=in_languages,
    visibility=st.sampled_from(Visibility),
    kind=st.sampled_from(Kind),
    code=st.sampled_from(Code),
    details=details,
    mistakes=several,
    together=st.booleans(),
    hints=st.lists(in_languages, max_size=2).map(tuple),
    evidence=st.none() | evidence,
    places=st.none() | places,
    notes=notes,
    printed=texts,
)
results = st.builds(
    ExerciseResult,
    texts,
    st.floats(0, 100),
    st.lists(verdicts, max_size=3).map(tuple),
    st.none() | st.builds(Curves, texts, numbers, numbers, numbers),
    notes,
)
examinations = st.builds(
    Examination, texts, st.lists(results, max_size=2).map(tuple), several, notes, texts, st.booleans()
)


@given(examinations)
def test_what_goes_out_comes_back(examination: Examination) -> None:
    """Through JSON, NaN and half a character included, it is the same examination."""
    back = from_plain(json.loads(json.dumps(to_plain(examination))))
    assert to_plain(back) == to_plain(examination) or "nan" in repr(back)  # curves hold numbers as they are
    assert repr(back) == repr(examination)


@given(examinations, st.floats(0, 100))
def test_points_come_from_the_course(examination: Examination, worth: float) -> None:
    """Verdicts are worth nothing until they are told how much, and then what they would have been at once."""
    names = {result.name: worth for result in examination.exercises}
    priced = examination.worth(names)
    assert all(result.max_points == worth for result in priced.exercises)
    assert from_plain(to_plain(priced)).max_points == priced.max_points
    assert not math.isnan(priced.points)


WRONG = Verdict(
    "f",
    "p",
    {"en": "c"},
    Visibility.PUBLIC,
    Kind.MAIN,
    Code.WRONG_VALUES,
    evidence=Evidence({"x": np.ones(2)}, np.zeros(2), 1.0),
    notes=(Note(NoteCode.CELL_GONE, {"exercise": "f"}),),
)
PLAIN = to_plain(Examination("a", (ExerciseResult("f", 0.0, (WRONG,)),)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("assignment",), 1),
        (("papers",), "ab"),
        (("cut_short",), 0),
        (("exercises", 0, "curves"), {"label": "x"}),
        (("exercises", 0, "verdicts", 0, "code"), "yes"),
        (("exercises", 0, "verdicts", 0, "details"), ["x"]),
        (("exercises", 0, "verdicts", 0, "claim"), "text"),
        (("exercises", 0, "verdicts", 0, "claim"), {"ko": "text"}),
        (("exercises", 0, "verdicts", 0, "hints"), ["text"]),
        (("exercises", 0, "verdicts", 0, "notes", 0, "code"), "warned of"),
        (("exercises", 0, "verdicts", 0, "evidence"), "x"),
        (("exercises", 0, "verdicts", 0, "evidence", "got"), {"array": [1]}),
        (("exercises", 0, "verdicts", 0, "evidence", "got", "array", "dtype"), "object"),
        (("exercises", 0, "verdicts", 0, "evidence", "got", "array", "shape"), [3]),
        (("exercises", 0, "verdicts", 0, "evidence", "got", "array", "entries"), [{"a": 1}, 2]),
        (("exercises", 0, "verdicts", 0, "evidence", "expected"), {"float": [1]}),
        (("exercises", 0, "verdicts", 0, "evidence", "expected"), {"float": "1"}),
        (("exercises", 0, "verdicts", 0, "evidence", "expected"), {"law": {}}),
        (("exercises", 0, "verdicts", 0, "evidence", "expected"), {}),
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
