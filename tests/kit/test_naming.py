"""How many wrong answers the kit names, and how many rightly: the measurement, and what it must come to."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from clone import REAL, ROOT
from deep import DEEP, tries
from htilde.codes import Code
from htilde.course import load_course
from htilde.model import Kind, Verdict, Visibility
from naming import GROUPS, Named, is_right, measure, page, told

NAMED = {"declared": 0.99, "rewritten": 0.97, "corpus": 0.70, "held out": 0.70, "mutants": 0.0}
WRONGLY = {"declared": 0.0, "rewritten": 0.01, "corpus": 0.0, "held out": 0.0, "mutants": 0.05}
"""The least share that must be named rightly, and the largest that may be named wrongly."""

VERDICT = Verdict("f", "p", {}, Visibility.PUBLIC, Kind.MAIN, Code.WRONG_VALUES)


def test_mistakes_in_parts_of_their_own_are_several_statements_and_a_tie_is_one() -> None:
    two = replace(VERDICT, mistakes=("a", "b"))
    assert told([two]) == (("a", "b"),)
    assert told([replace(two, together=True)]) == (("a",), ("b",))
    assert told([two, two, VERDICT]) == (("a", "b"),)
    assert told([replace(VERDICT, code=Code.RETURNED_NOTHING)]) == (("returned_nothing",),)


@pytest.mark.parametrize(
    ("statements", "right"),
    [
        ((), False),
        ((("forgets_eps",),), True),
        ((("eps_missing:root",),), True),
        ((("sign:root",),), False),
        ((("forgets_eps", "sign:root"),), True),
        ((("forgets_eps",), ("sign:root",)), False),
    ],
)
def test_each_statement_must_hold_a_right_name(statements: tuple[tuple[str, ...], ...], right: bool) -> None:
    assert is_right(statements, ["forgets_eps", "eps_missing:*"]) is right


def test_page_gives_shares_and_lists_what_is_not_held_out() -> None:
    unnamed, wrong, hidden = (
        Named("corpus", "f", "sign_1"),
        Named("corpus", "f", "sign_2", (("a", "b"),)),
        Named("corpus", "f", "sign_3"),
    )
    right = Named("corpus", "g", "root_1", (("c",), ("d",)), right=True)
    text = page({"corpus": [unnamed, wrong, hidden, right], "held out": [replace(hidden, group="held out")]})
    assert "| corpus | 4 | 2 (50.0%) | 1 (25.0%) | 1 (25.0%) |" in text
    assert "| `f` | 3 | 1 (33.3%) | 0 (0.0%) | 1 (33.3%) |" in text
    assert "- f/sign_2: a or b\n" in text
    assert "- f/sign_1: nothing\n" in text
    assert "sign_3" not in text


def test_readme_gives_the_figures_of_the_page() -> None:
    row = re.search(
        r"^\| corpus \| (\d+) \| \d+ \(([\d.]+)%\)", (ROOT / "docs" / "diagnosis.md").read_text("utf-8"), re.M
    )
    said = re.search(
        r"Of (\d+) wrong answers,\swritten after .*? it names (\d+) %", (ROOT / "README.md").read_text("utf-8")
    )
    assert row and said
    assert (said[1], int(said[2])) == (row[1], round(float(row[2])))


@pytest.mark.parametrize("group", GROUPS)
def test_kit_names_enough_and_rightly(group: str) -> None:
    every = 1 if DEEP or group in ("corpus", "held out") else 4
    found = measure(load_course(REAL / "grading.toml"), group, every=every, mutants=tries(80, 500))
    right, wrong = (sum(getattr(answer, what) for answer in found) / len(found) for what in ("right", "wrong"))
    said = "\n".join(str(answer) for answer in found if not answer.right)
    assert right >= NAMED[group], said
    assert wrong <= WRONGLY[group], "\n".join(str(answer) for answer in found if answer.wrong)
