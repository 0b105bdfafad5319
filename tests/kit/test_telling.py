"""No decision rests on a sentence: with every message of the kit replaced by a snowman all comes to the same."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
import toys
from asking import DOUBLE, HIDDEN, examined
from clone import A1
from graded import copied, feedback, scores
from htilde import language
from htilde.authoring import verify as module
from htilde.authoring.papers import stored_papers
from htilde.course import load_course
from htilde.diagnosis.completion import examine
from htilde.examination.verdicts import from_plain, to_plain
from htilde.grading.records import read_record, records
from htilde.nbgrader import classroom
from htilde.reports.report import class_report
from htilde.reports.report_page import as_html as report_page
from htilde.self_study import pages
from htilde.submissions.reading import read_submission
from htilde.telling.html import whole_html
from htilde.telling.json import as_json
from htilde.telling.text import whole_text
from test_nbgrader_grade_class import Watch

SNOWMAN = "\N{SNOWMAN}"
SUBMISSIONS = [
    "def double(x):\n    return x + 2",
    "def double(x):\n    return 2.00001 * x",
    "def double(x):\n    raise NotImplementedError",
    "def double(x):\n    return nothing",
    "def double(x):\n    x *= 2\n    return x",
    "import torch\ndef double(x):\n    return torch.exp(x)",
    "%time\n1 / 0",
    "import os\nos._exit(1)",
]
PAPERS = [toys.paper(DOUBLE), toys.paper(DOUBLE, visibility=HIDDEN)]


class Snowmen(gettext.NullTranslations):
    """A catalog in which every message is the same."""

    def gettext(self, message: str) -> str:
        return SNOWMAN


@pytest.fixture
def snowmen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalog", lambda _language: Snowmen())


@pytest.mark.parametrize("source", SUBMISSIONS)
def test_a_submission_comes_to_the_same(source: str, request: pytest.FixtureRequest) -> None:
    """The same codes, details and points; each page is made, and a learner's page, too."""
    before = examined(source, papers=PAPERS)
    request.getfixturevalue("snowmen")
    after = examined(source, papers=PAPERS)
    assert after == before == from_plain(to_plain(before))
    for page in (
        whole_text(after),
        whole_html(after, title="t"),
        str(as_json(after)),
        "\n".join(pages.verdict(after["double"], 1)),
    ):
        assert SNOWMAN in page
    plain = [(p["code"], p["details"]) for p in as_json(after)["exercises"]["double"]["properties"]]
    assert plain == [(v.code.value, dict(v.details)) for v in before["double"].verdicts]


def test_a_class_comes_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Each student's records, and the report with its causes: what was graded is told without a new examination."""
    course = load_course(copied(tmp_path_factory, tmp_path, "wrong", "stub", "forged") / "grading.toml")
    papers = stored_papers(course, A1)
    path = course.root / "submitted" / "wrong" / A1 / f"{A1}.ipynb"
    before = class_report(course, A1)
    request.getfixturevalue("snowmen")
    after = class_report(course, A1)
    assert (after.causes, after.exercises, after.left_out) == (before.causes, before.exercises, before.left_out)
    assert [*records(course, A1)] and report_page(after)
    record = read_record(course, A1, "wrong")
    assert record is not None and record.examination is not None
    submission = read_submission(path, [part.name for part in papers[0].exercises])
    again = examine(submission, papers, course.limits)
    assert again.worth(dict(record.worth)).exercises == record.examination.worth(dict(record.worth)).exercises


def test_a_class_is_graded_as_before(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Graded anew under snowmen, nobody's points or records differ, and a second run finds nothing to do."""
    course = load_course(copied(tmp_path_factory, tmp_path, "wrong", "stub", "forged", "right") / "grading.toml")
    before = [(record.student, record.points, record.examination) for record in records(course, A1)]
    earned = scores(course.root)
    request.getfixturevalue("snowmen")
    result = classroom.grade(course, A1, again=True, progress=Watch())
    assert (result.changes, result.left_out) == ([], {})
    assert result.recorded == {"wrong", "stub", "forged", "right"} <= {name for name, *_ in before}
    assert classroom.renew_feedback(course, A1, progress=Watch()) is None
    assert SNOWMAN in feedback(course.root, "wrong")
    assert [(record.student, record.points, record.examination) for record in records(course, A1)] == before
    assert scores(course.root) == earned
    assert classroom.grade(course, A1, progress=Watch()).unchanged == result.recorded


@pytest.mark.usefixtures("snowmen")
def test_stubs_and_misconceptions_are_told_apart() -> None:
    """``verify`` decides by codes: a stub is one, and a wrong answer is no stub."""
    part = PAPERS[0].exercises[0]
    stub, wrong = (examined(SUBMISSIONS[at], papers=PAPERS)["double"] for at in (2, 0))
    case = module.Case("stub", "double", "stub of double", None)  # type: ignore[arg-type]
    assert module._problem_of_stub(case, [stub]) == "" != module._problem_of_stub(case, [wrong])
    mistake = module.Case("misconception", "double", "adds_two", None)  # type: ignore[arg-type]
    assert module._problem_of_misconception(mistake, wrong, part) == ""
