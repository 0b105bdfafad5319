"""The report as a page, as tables and as JSON: nothing is loaded, nothing of a student's acts, any class fits."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
from clone import A1, ROOT
from graded import CLASS, SCRIPT, graded
from htilde.codes import Code
from htilde.grading.gradebook import Score
from htilde.grading.records import read_record
from htilde.model import Examination, ExerciseResult, Visibility
from htilde.reports.causes import RULE
from htilde.reports.report import Member, Report, class_report, reported
from htilde.reports.report_page import FEW, FIRST, MARK, POLICY, as_html, as_json, as_tables
from htilde.telling.messages import message
from hypothesis import given, settings
from pages import Page
from samples import verdict
from test_report import CLASSES, POINTS

NASTY = f"{SCRIPT}\"'><img src=x onerror=alert(1)>&\x1b[2J\u202e=1+1"


def member(name: str, **lost: str) -> Member:
    """Somebody whose exercises are right, but for those lost by a mistake (one word) or in another way."""
    exercises = []
    for exercise, worth in POINTS.items():
        why = lost.get(exercise, "")
        one = verdict(Code.PASSED, {}, name="holds", visibility=Visibility.HIDDEN)
        if why.isidentifier():
            one = replace(one, code=Code.WRONG_VALUES, mistakes=(why,), hints=({"en": f"mind {why}"},))
        elif why:
            one = replace(one, code=Code.RAISED, details={"error": why.removeprefix("raised ")})
        exercises.append(ExerciseResult(exercise, worth, (one,)))
    found = Examination("a1", tuple(exercises))
    return Member(name, "graded", "", Score(found.points, found.points, 7200.0, 1.0), found)


def report(*members: Member) -> Report:
    return reported("a1", POINTS, members)


def large(size: int) -> Report:
    return report(
        *(member(f"s{n:04}", **({"f": "adds"} if n % 3 else {"g": f"raised Error{n % 20}"})) for n in range(size))
    )


SIZES: Mapping[str, Report] = {
    "nobody": report(),
    "nobody graded": report(Member("ada", "not graded"), Member("bob", "not submitted")),
    "one": report(member("ada")),
    "thousands": large(3000),
    "hostile": report(member(NASTY, f=NASTY), Member(NASTY, "unreadable", NASTY)),
}


@pytest.mark.parametrize("found", SIZES.values(), ids=SIZES)
def test_the_page_loads_nothing_and_nothing_acts(found: Report) -> None:
    """No address but places in the page itself, no script, no handler, no style from elsewhere; its policy says so."""
    page = as_html(found)
    elements = Page(page).elements
    assert {tag for tag, _ in elements} & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
    } == set()
    for tag, attributes in elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "srcset", "action")], tag
        assert (attributes.get("href") or "#").startswith("#") and "xlink:href" not in attributes
    assert not re.search(r"(https?|ftp|wss?|data|javascript|file):", page.replace("xmlns", ""), re.IGNORECASE)
    assert re.findall(r"url\((.)", page) == ["#"] * page.count("url(") and "@import" not in page
    policies = [a["content"] for tag, a in elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [POLICY] and POLICY.startswith("default-src 'none';")
    assert page.startswith(MARK)


@pytest.mark.parametrize("found", SIZES.values(), ids=SIZES)
def test_each_picture_is_told_in_words(found: Report) -> None:
    """Either it is one, with a title, or it stands beside its numbers; places that are linked to are there."""
    elements = Page(as_html(found)).elements
    pictures = [attributes for tag, attributes in elements if tag == "svg"]
    assert all((a.get("role") == "img") == bool(a.get("aria-label")) for a in pictures)
    assert all(a.get("aria-label") or a.get("aria-hidden") == "true" for a in pictures)
    assert sum("aria-label" in a for a in pictures) == sum(tag == "title" for tag, _ in elements) - 1
    ids = {a.get("id") for _, a in elements}
    assert {str(a["href"])[1:] for tag, a in elements if tag == "a"} <= ids


def test_what_a_student_wrote_is_shown_and_not_obeyed() -> None:
    """As text, without what can't be seen; in a table a spreadsheet finds no formula."""
    page = as_html(SIZES["hostile"])
    assert "&lt;script&gt;alert(1)" in page and "\x1b" not in page and "\u202e" not in page
    found = report(member("=cmd", f="@sum"), Member("+1", "unreadable", "-2"))
    for table in as_tables(found).values():
        for row in csv.reader(io.StringIO(table)):
            assert not [text for text in row if re.match(r"\s*[=+@-]", text)], row
    assert "'=cmd" in as_tables(found)["students"] and ",raised @sum," in as_tables(found)["mistakes"]


def test_long_lists_are_folded_away() -> None:
    """Of a class of thousands the first mistakes are seen, and no more names than fit; all are there."""
    page = as_html(large(3000))
    seen = page
    while "<details" in seen:  # from the innermost outwards
        seen = re.sub(r"<details[^>]*>((?!<details).)*?</details>", "", seen, flags=re.DOTALL)
    assert page.count("s0001") >= 1 and "s2999" in page and "s0001" not in seen
    assert seen.count("<tr>") <= FIRST + 4 and len(page) < 500_000
    small = as_html(large(FEW))
    assert "s0001" in re.sub(r"<details.*?</details>", "", small, flags=re.S)


def test_the_rule_and_the_lost_points_are_told() -> None:
    """What to re-teach is in the order of what it cost, with its hint."""
    page = as_html(report(member("ada", f="adds"), member("bob", f="adds", g="forgets")))
    assert RULE.replace("'", "&#39;") in page and page.index("<b>adds</b>") < page.index("<b>forgets</b>")
    assert "mind adds" in page and "2 h late; 1 points off" in page
    assert "no known mistake was recognised" in as_html(report(member("ada")))
    assert "Nobody has been graded yet." in as_html(report())


@given(CLASSES)
@settings(max_examples=10)
def test_any_class_has_a_page(group: tuple[Member, ...]) -> None:
    """Whatever is missing of whom; tables and JSON say the same."""
    found = reported("a", POINTS, group)
    assert as_html(found)
    plain = json.loads(json.dumps(as_json(found)))
    assert len(plain["students"]) == len(group)
    tables = {name: [*csv.DictReader(io.StringIO(table))] for name, table in as_tables(found).items()}
    assert [row["student"] for row in tables["students"]] == [one["student"] for one in plain["students"]]
    assert [int(row["passed"]) for row in tables["properties"]] == [
        one["passed"] for exercise in plain["exercises"] for one in exercise["properties"]
    ]
    assert [int(row["students"]) for row in tables["mistakes"]] == [len(one["students"]) for one in plain["reteach"]]
    for row, one in zip(tables["students"], plain["students"]):
        assert (float(row["points"]) if row["points"] else None) == pytest.approx(one["points"], abs=0.01)


def test_json_is_the_documented_form(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With the keys of docs/json.md, at every depth."""
    shown = as_json(class_report(graded(tmp_path_factory), A1))
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs/json.md").read_text(encoding="utf-8"), re.DOTALL)
    documented = next(block for block in map(json.loads, blocks) if "reteach" in block)
    assert shown.keys() == documented.keys()
    for key in ("points", "grades"):
        assert shown[key].keys() == documented[key].keys()
    for key in ("exercises", "reteach", "students"):
        assert shown[key][0].keys() == documented[key][0].keys()
    assert shown["exercises"][0]["properties"][0].keys() == documented["exercises"][0]["properties"][0].keys()
    assert shown["points"]["bins"][0].keys() == documented["points"]["bins"][0].keys()
    assert f"`{'`, `'.join(shown['help'])}`" in (ROOT / "docs/json.md").read_text(encoding="utf-8")


def test_an_anonymous_page_holds_no_id(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither page, nor tables, nor JSON; and it doesn't say that it holds any."""
    found = class_report(graded(tmp_path_factory), A1, anonymous=True)
    texts = [as_html(found), json.dumps(as_json(found)), *as_tables(found).values()]
    ids = [student.id for student in CLASS if student.id not in ("right", "wrong", "half", "007")]  # words, or a number
    for text in texts:
        assert not [name for name in ids if re.search(rf"\b{name}\b", text)]
    assert "holds students" not in texts[0] and "student 1" in texts[0]
    assert "holds students" in as_html(class_report(graded(tmp_path_factory), A1))


def test_no_hidden_input_is_in_a_report(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Not even of who prints, raises and warns of all that is asked."""
    course = graded(tmp_path_factory)
    page = as_html(class_report(course, A1))
    assert "spy" in page and "What hidden properties ask stands nowhere" in page
    record = read_record(course, A1, "spy")
    assert record is not None and record.examination is not None
    messages = [message(verdict) for result in record.examination.exercises for verdict in result.verdicts]
    assert not [text for text in messages if len(text) > 20 and text in page], "no message at all"
