"""Masters: one text, read in one direction."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import nbformat
import pytest
from clone import A1, REAL, ROOT
from htilde.authoring.master import AIDS, BEGIN, END, FORMULA, IDEA, STUB, Master, read_master, source_notebook
from htilde.course import load_course
from htilde.errors import CourseError
from htilde.submissions.notebook import cells_of_notebook
from htilde.submissions.steps import Ask, Run, steps

MASTER = """\
# %% [markdown] lang="en"
# Some prose.

# %% [markdown] lang="ko"
# 글.

# %%
import numpy as np

# %% exercise="double"
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["experiment"]
print(double(3))
"""


def master(folder: Path, text: str = MASTER, exercises: tuple[str, ...] = ("double",)) -> Master:
    path = folder / "toys.py"
    path.write_text(text, encoding="utf-8")
    return read_master(path, exercises)


def notebook(folder: Path, lang: str = "en") -> nbformat.NotebookNode:
    return source_notebook(master(folder), {"double": 2.0}, lang)


def test_is_a_valid_notebook(tmp_path: Path) -> None:
    """nbformat finds nothing wrong with what is built."""
    nbformat.validate(notebook(tmp_path))


def test_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    """The same master gives the same notebook, cell ids included."""
    assert nbformat.writes(notebook(tmp_path)) == nbformat.writes(notebook(tmp_path))


def test_languages_share_ids_and_code(tmp_path: Path) -> None:
    """Two languages differ in their prose only; a submission in either is graded alike."""
    english, korean = notebook(tmp_path, "en").cells, notebook(tmp_path, "ko").cells
    assert [cell.id for cell in english] == [cell.id for cell in korean]
    code = [[cell.source for cell in cells if cell.cell_type == "code"] for cells in (english, korean)]
    assert code[0] == code[1]
    assert english[0].source == "Some prose."
    assert korean[0].source == "글."


def test_check_cell_stands_below_its_answer_and_carries_the_points(tmp_path: Path) -> None:
    """The answer's cell is editable and ungraded; the check cell is locked and worth what grading.toml says."""
    cells = notebook(tmp_path).cells
    at = next(i for i, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == "double")
    answer, check = cells[at].metadata.nbgrader, cells[at + 1].metadata.nbgrader
    assert (answer.solution, answer.grade, answer.locked) == (True, False, False)
    assert (check.solution, check.grade, check.locked, check.points) == (False, True, True, 2.0)
    assert cells[at + 1].source == 'check("double")'


def test_is_read_as_a_submission_like_any_other(tmp_path: Path) -> None:
    """The built notebook and the master itself lead to the same steps; experiments aren't run."""
    text = master(tmp_path)
    built = cells_of_notebook(json.dumps(notebook(tmp_path)).encode(), "toys.ipynb")
    asked = steps(built, ["double"])
    assert [type(step) for step in asked] == [Run, Run, Ask]
    assert [s.source for s in asked if isinstance(s, Run)] == [
        s.source for s in steps(text.submission_cells(), ["double"]) if isinstance(s, Run)
    ]


def test_stub_keeps_everything_but_the_answer(tmp_path: Path) -> None:
    """A stub has the signature and raises where the answer stood."""
    assert master(tmp_path).stub("double") == f"def double(x):\n    {STUB}"


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("### END SOLUTION", "# end"), 10, "between"),
        (("### BEGIN SOLUTION", "# begin"), 10, "between"),
        (('exercise="double"', 'exercise="dubble"'), 10, "lists no exercise 'dubble'"),
        (("def double(x)", "def twice(x)"), 10, "defines no function of that name"),
        ((' lang="ko"', ""), 4, "without a language"),
        (('# %% [markdown] lang="en"\n', ""), 1, "begin with a cell mark"),
    ],
)
def test_mistakes_in_a_master_are_told_with_their_line(
    tmp_path: Path, change: tuple[str, str], line: int, says: str
) -> None:
    """Whatever is wrong is reported as path:line and in words."""
    with pytest.raises(CourseError) as caught:
        master(tmp_path, MASTER.replace(*change))
    assert any(problem.line == line and says in problem.what for problem in caught.value.problems), caught.value


@pytest.mark.parametrize("begin", ["def double (x):", "@np.vectorize\ndef double(x):", "if True:\n  def double(x):"])
def test_a_master_may_spell_its_function_as_it_likes(tmp_path: Path, begin: str) -> None:
    """What defines it for a student's file defines it here."""
    assert master(tmp_path, MASTER.replace("def double(x):", begin)).stub("double").startswith(begin)


QUESTION = """
# %% [markdown] lang="en" question="why"
# Why?

# %% [markdown] lang="ko" question="why"
# 왜?
"""


def asking(folder: Path, text: str = MASTER + QUESTION, questions: tuple[str, ...] = ("why",)) -> Master:
    path = folder / "toys.py"
    path.write_text(text, encoding="utf-8")
    return read_master(path, ("double",), questions)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_question_is_a_cell_that_a_person_grades(tmp_path: Path, lang: str) -> None:
    """Prose that may be edited, worth what grading.toml says; nbgrader scores it by nothing but hand."""
    book = source_notebook(asking(tmp_path), {"double": 2.0, "why": 4.0}, lang)
    nbformat.validate(book)
    (cell,) = [cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "why"]
    about = cell.metadata.nbgrader
    question = {"en": "Why?", "ko": "왜?"}[lang]
    # nbgrader empties a cell without a region, the question with it.
    assert (cell.cell_type, cell.source) == ("markdown", f"{question}\n\n{BEGIN}\n{END}")
    assert (about.grade, about.solution, about.locked, about.task, about.points) == (True, True, False, False, 4.0)
    assert about.schema_version == 3


def test_a_question_has_the_same_id_in_every_language(tmp_path: Path) -> None:
    """And it doesn't depend on the prose above it."""
    points = {"double": 2.0, "why": 4.0}
    more = MASTER.replace("# %%\nimport", '# %% [markdown] lang="en"\n# More.\n\n# %%\nimport') + QUESTION
    books = [
        source_notebook(asking(tmp_path, text), points, lang)
        for text in (MASTER + QUESTION, more)
        for lang in ("en", "ko")
    ]
    assert len({book.cells[-1].id for book in books}) == 1


def test_a_question_is_nothing_to_run(tmp_path: Path) -> None:
    """The master as a submission holds code alone."""
    assert [cell.is_code for cell in asking(tmp_path).submission_cells()] == [True] * 4


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (('lang="en" question="why"', 'lang="en" question="wy"'), 19, "question 'wy' isn't listed in grading.toml"),
        (('[markdown] lang="ko" question="why"\n# 왜?', 'question="why"\nx = 1'), 22, "question 'why' is for prose"),
        (('lang="en" question="why"', 'question="why"'), 19, "without a language"),
        (('[markdown] lang="ko" question="why"', '[markdown] lang="ko"'), None, "question 'why' isn't asked in 'ko'"),
        (('lang="ko" question="why"', 'lang="en" question="why"'), 22, "'why' has more than one cell in 'en'"),
        ((QUESTION, ""), None, 'no cell # %% [markdown] question="why", but grading.toml lists the question'),
    ],
)
def test_mistakes_in_a_question_are_told_with_their_line(
    tmp_path: Path, change: tuple[str, str], line: int | None, says: str
) -> None:
    """Unknown, in a code cell, in no language, or missing."""
    text = MASTER + QUESTION
    assert change[0] in text
    with pytest.raises(CourseError) as caught:
        asking(tmp_path, text.replace(*change))
    assert any(problem.line == line and says in problem.what for problem in caught.value.problems), caught.value


AID = """
# %% [markdown] idea="double" lang="en"
# Twice as much.

# %% [markdown] idea="double" lang="ko"
# 두 배.
"""


def test_an_aid_is_told_and_stays_out_of_the_notebook(tmp_path: Path) -> None:
    """What helps with an exercise is there by language, and in no notebook."""
    helped = master(tmp_path, MASTER + AID)
    assert helped.aid(IDEA, "double") == {"en": "Twice as much.", "ko": "두 배."}
    assert helped.aid(FORMULA, "double") == {}
    for lang in ("en", "ko"):
        built = nbformat.writes(source_notebook(helped, {"double": 2.0}, lang))
        assert built == nbformat.writes(notebook(tmp_path, lang))


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (('idea="double" lang="en"', 'idea="dubble" lang="en"'), 19, "'dubble': grading.toml lists no such exercise"),
        (('[markdown] idea="double" lang="en"', 'idea="double" lang="en"'), 19, "is for prose"),
        (('idea="double" lang="ko"', 'idea="double" lang="en"'), 22, "more than one cell in a language"),
        (('idea="double" lang="ko"', 'lang="ko"'), 19, "idea of double isn't there in 'ko'"),
    ],
)
def test_mistakes_in_an_aid_are_told_with_their_line(
    tmp_path: Path, change: tuple[str, str], line: int, says: str
) -> None:
    """Of no exercise, in a code cell, twice, or not in each language."""
    assert change[0] in AID
    with pytest.raises(CourseError) as caught:
        master(tmp_path, MASTER + AID.replace(*change))
    assert any(problem.line == line and says in problem.what for problem in caught.value.problems), caught.value


def test_the_answer_is_the_cell_without_its_marks(tmp_path: Path) -> None:
    """As somebody would have written it."""
    assert master(tmp_path).answer("double") == "def double(x):\n    return 2 * x"


def test_every_disagreement_is_told_at_once(tmp_path: Path) -> None:
    """A master that lacks two exercises is told about both."""
    with pytest.raises(CourseError) as caught:
        master(tmp_path, exercises=("double", "negate", "halve"))
    assert [p.what.split('"')[1] for p in caught.value.problems] == ["negate", "halve"]


def test_missing_master_is_one_message(tmp_path: Path) -> None:
    """A master that isn't there is named, with what to do."""
    with pytest.raises(CourseError, match="no such master"):
        read_master(tmp_path / "none.py", ())


def test_real_masters_are_sound() -> None:
    """Every assignment of the course has a master that agrees with grading.toml."""
    course = load_course(ROOT / "grading.toml")
    assert A1 in [assignment.name for assignment in course.assignments]
    for assignment in course.assignments:
        read_master(course.master(assignment.name), assignment.exercises, tuple(assignment.written))


MOST_LINES = {"idea": 4, "formula": 5, "commentary": 8}


@pytest.mark.parametrize("assignment", [path.stem for path in (REAL / "solutions").glob("*.py")])
def test_every_exercise_of_the_course_has_hints_and_a_commentary(assignment: str) -> None:
    """In both languages, and such that a terminal can show them as they are: short lines of text, no markup."""
    listed = (course := load_course(REAL / "grading.toml")).assignment(assignment)
    master = read_master(course.master(assignment), listed.exercises, tuple(listed.written))
    wrong = [
        f"{aid} of {exercise} in {lang}: {problem}"
        for exercise in listed.exercises
        for aid in AIDS
        for lang in ("en", "ko")
        for problem in unfit(master.aid(aid, exercise).get(lang, ""), most_lines=MOST_LINES[aid])
    ]
    assert wrong == []


def unfit(text: str, *, most_lines: int) -> list[str]:
    """What keeps a text from being shown as it is."""
    lines = text.splitlines()
    columns = [sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in line) for line in lines]
    prose = re.sub("`[^`\n]*`", "", text)  # a name in code may look like markup, on one line only
    return [
        problem
        for problem, holds in (
            ("it isn't there", not lines),
            (f"{len(lines)} lines", len(lines) > most_lines),
            (f"{max(columns, default=0)} columns", max(columns, default=0) > 76),
            (
                "TeX, HTML, a table, emphasis or an open `",
                re.search(r"[$\\#*`]|\b_|_\b|</?[a-z]|&\w+;|(?m:^\|.*\|$)", prose),
            ),
            ("it shouts", "!" in prose),
        )
        if holds
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "it isn't there"),
        ("a\n" * 5, "5 lines"),
        ("가" * 39, "78 columns"),
        ("$h$", "TeX"),
        ("<b>no</b>", "TeX"),
        ("| a | b |", "TeX"),
        ("`open", "TeX"),
        ("`over\ntwo lines`", "TeX"),
        ("Well done!", "it shouts"),
        ("h < 1 and `dh_tilde * 2`\n" + "가" * 38, None),
    ],
)
def test_a_text_that_a_terminal_cant_show_is_found(text: str, says: str | None) -> None:
    """The test above can fail."""
    assert [problem.split(",")[0] for problem in unfit(text, most_lines=4)] == ([says] if says else [])
