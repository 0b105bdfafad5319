"""The course file: everything wrong with it is said at once, each with its line and the nearest right word."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest
from htilde.codes import STRICT, NoteCode
from htilde.course import Course, find_course, load_course
from htilde.errors import CourseError, UsageError
from htilde.model import Limits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

GOOD = """\
[course]
title = "Gradients"

[limits]
call_seconds = 2.5

[isolation]
allow_unprotected = true

[[assignment]]
name = "a1"
due = 2027-03-15T23:59:00+09:00
[assignment.points]
sigmoid = 2
tanh = 0.5

[[assignment]]
name = "a2"
[assignment.points]
linear = 0
"""
LINES = GOOD.splitlines()


def load(folder: Path, text: str) -> Course:
    (folder / "grading.toml").write_text(text, encoding="utf-8")
    return load_course(folder / "grading.toml")


def spoilt(old: str, new: str) -> tuple[str, int]:
    """The good file with one line replaced, and the number of that line."""
    at = LINES.index(old)
    return "\n".join([*LINES[:at], new, *LINES[at + 1 :]]), at + 1


def test_a_course_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Every key arrives, in order; what isn't given has its default."""
    course = load(tmp_path, GOOD)
    assert (course.root, course.title, course.language) == (tmp_path, "Gradients", "en")
    assert course.limits == Limits(call_seconds=2.5) and course.allow_unprotected
    first, second = course.assignments
    assert (first.name, dict(first.points), first.exercises) == (
        "a1",
        {"sigmoid": 2.0, "tanh": 0.5},
        ("sigmoid", "tanh"),
    )
    assert first.due == dt.datetime.fromisoformat("2027-03-15T23:59:00+09:00")
    assert (second.name, dict(second.points), second.due) == ("a2", {"linear": 0.0}, None)


def test_a_short_file_has_defaults(tmp_path: Path) -> None:
    """One assignment is all that a course needs; it is named after its folder, and is protected."""
    course = load(tmp_path, '[[assignment]]\nname = "a"\n[assignment.points]\nf = 1\n')
    assert (course.title, course.limits, course.allow_unprotected) == (tmp_path.name, Limits(), False)


WRONG: list[Any] = [
    ("[limits]", "[limit]", "did you mean 'limits'"),
    ("[course]", "[Course]", "did you mean 'course'"),
    ('title = "Gradients"', 'titel = "Gradients"', "did you mean 'title'"),
    ('title = "Gradients"', "title = 3", "text in quotes"),
    ('title = "Gradients"', 'language = "fr"', "'fr' isn't a language"),
    ("call_seconds = 2.5", "call_second = 2.5", "did you mean 'call_seconds'"),
    ("call_seconds = 2.5", "call_seconds = -1", "above 0"),
    ("call_seconds = 2.5", "call_seconds = 0", "above 0"),
    ("call_seconds = 2.5", 'call_seconds = "2"', "above 0"),
    ("call_seconds = 2.5", "call_seconds = true", "above 0"),
    ("call_seconds = 2.5", "call_seconds = inf", "above 0"),
    ("call_seconds = 2.5", "call_seconds = nan", "above 0"),
    ("call_seconds = 2.5", "memory_mib = 0.5", "above 0"),
    ("call_seconds = 2.5", f"call_seconds = {10**400}", "above 0"),
    ("allow_unprotected = true", 'allow_unprotected = "yes"', "true or false"),
    ("allow_unprotected = true", "allow_unprotected = 1", "true or false"),
    ('name = "a1"', 'nam = "a1"', "did you mean 'name'"),
    ('name = "a1"', 'name = "a 1"', "letters, digits and _"),
    ('name = "a1"', 'name = "../a1"', "letters, digits and _"),
    ('name = "a1"', "name = 1", "letters, digits and _"),
    ('name = "a2"', 'name = "a1"', "listed twice"),
    ("due = 2027-03-15T23:59:00+09:00", "due = 2027-03-15T23:59:00", "with its offset"),
    ("due = 2027-03-15T23:59:00+09:00", "due = 2027-03-15", "with its offset"),
    ("due = 2027-03-15T23:59:00+09:00", 'due = "tomorrow"', "with its offset"),
    ("sigmoid = 2", "sigmoid = -2", "0 or more"),
    ("sigmoid = 2", 'sigmoid = "2"', "0 or more"),
    ("sigmoid = 2", "sigmoid = true", "0 or more"),
    ("sigmoid = 2", "sigmoid = nan", "0 or more"),
    ("sigmoid = 2", "sigmoid = [1]", "0 or more"),
    ("sigmoid = 2", f"sigmoid = {10**400}", "0 or more"),
    ("sigmoid = 2", '"sig moid" = 2', "a function's name"),
    ("linear = 0", "linear = -1", "0 or more"),
    ("sigmoid = 2", "sigmoid = = 2", "isn't TOML"),
    ("sigmoid = 2", "tanh = 2", "isn't TOML"),
]


@pytest.mark.parametrize(("old", "new", "what"), WRONG, ids=lambda text: text[:40])
def test_each_fault_is_told_with_its_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    """A wrong key or value is named with its file and line, and what was expected there."""
    text, line = spoilt(old, new)
    with pytest.raises(CourseError) as caught:
        load(tmp_path, text)
    told = [str(problem) for problem in caught.value.problems if what in problem.what]
    # TOML itself notices a repeated key at its second line.
    assert told and told[0].startswith(
        (f"{tmp_path / 'grading.toml'}:{line}: ", f"{tmp_path / 'grading.toml'}:{line + 1}: ")
    )


WRITTEN = """\
[[assignment]]
name = "a1"
[assignment.points]
sigmoid = 2
[assignment.written]
why = 4
[[assignment]]
name = "a2"
[assignment.points]
linear = 1
"""


def test_written_questions_are_apart_from_exercises(tmp_path: Path) -> None:
    """They have points of their own, in order; an assignment without any has none."""
    first, second = load(tmp_path, WRITTEN.replace("why = 4", "why = 4\nhow = 0.5")).assignments
    assert (first.exercises, dict(first.written)) == (("sigmoid",), {"why": 4.0, "how": 0.5})
    assert list(first.written) == ["why", "how"] and dict(second.written) == {}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("why = -4", "why = -4; points are a number, 0 or more."),
        ('why = "4"', "why = 4; points are a number"),
        ("why = true", "why = True; points are a number"),
        ("why = nan", "why = nan; points are a number"),
        ("why = [4]", "why = [4]; points are a number"),
        ('"w h y" = 4', "'w h y' can't be"),
    ],
)
def test_each_fault_of_a_written_question_is_told_with_its_line(tmp_path: Path, line: str, what: str) -> None:
    """As for exercises."""
    with pytest.raises(CourseError) as caught:
        load(tmp_path, WRITTEN.replace("why = 4", line))
    assert [problem.line for problem in caught.value.problems] == [6]
    assert what.replace('"', "'") in str(caught.value.problems[0].what).replace('"', "'").replace("'4'", "4")


def test_a_written_question_isnt_called_as_an_exercise_is(tmp_path: Path) -> None:
    """They share nbgrader's ids; the message has the line of one of the two."""
    with pytest.raises(CourseError, match="sigmoid is an exercise and a written question: give one") as caught:
        load(tmp_path, WRITTEN.replace("why = 4", "sigmoid = 4"))
    assert [problem.line in (4, 6) for problem in caught.value.problems] == [True]


@pytest.mark.parametrize("section", ["points", "written"])
def test_a_name_that_a_check_cell_has_is_refused(tmp_path: Path, section: str) -> None:
    """The check cell of x is called check_x: nothing else may be, whether it is code or prose."""
    more = "check_sigmoid = 1" if section == "points" else "[assignment.written]\ncheck_sigmoid = 1"
    text, line = spoilt("tanh = 0.5", more)
    with pytest.raises(CourseError, match="check_sigmoid is what the check cell of sigmoid is called") as caught:
        load(tmp_path, text)
    assert [problem.line for problem in caught.value.problems] == [line + more.count("\n")]
    assert load(tmp_path, spoilt("tanh = 0.5", "check_tanh = 1")[0]).assignment("a1").exercises[1] == "check_tanh"


@pytest.mark.parametrize("written", ["written = 3", "written = ['why']", 'written = "why"'])
def test_written_questions_are_a_table(tmp_path: Path, written: str) -> None:
    """Anything else is told with its line."""
    text = WRITTEN.replace("[assignment.written]\nwhy = 4\n", "").replace('"a1"\n', f'"a1"\n{written}\n')
    with pytest.raises(CourseError, match=r"grading\.toml:3: written = .* names and points are expected"):
        load(tmp_path, text)


BROKEN: list[Any] = [
    ("", "no assignment"),
    ("course = 3\n", "course is a section"),
    ("[[limits]]\n", "limits is a section"),
    ("[assignment]\nname = 'a'\n", "no assignment"),
    ("[[assignment]]\nname = 'a'\n", "no exercises"),
    ("[[assignment]]\nname = 'a'\npoints = 3\n", "names and points are expected"),
    ("[[assignment]]\nname = 'a'\n[assignment.points]\n", "no exercises"),
    ("[[assignment]]\n[assignment.points]\nf = 1\n", "letters, digits and _"),
    ("assignment = ['a1']\n", "assignment"),
    ("assignment = [1]\n", "assignment"),
]


@pytest.mark.parametrize(("text", "what"), BROKEN)
def test_a_file_of_another_shape_is_a_course_error(tmp_path: Path, text: str, what: str) -> None:
    """What is missing, or a table where none is expected, is said in the same way."""
    with pytest.raises(CourseError, match=what):
        load(tmp_path, text)


@pytest.mark.parametrize("points", ["points = { f = -1 }", "points.f = -1"])
def test_points_in_one_line_have_a_line(tmp_path: Path, points: str) -> None:
    """TOML's shorter ways to write a table are as good as the long one."""
    with pytest.raises(CourseError, match=r"grading\.toml:3: f = -1"):
        load(tmp_path, f"[[assignment]]\nname = 'a'\n{points}\n")


toml_values = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.floats(-9, 9), st.sampled_from(["", "a", "en"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2),
        st.dictionaries(st.sampled_from(["name", "points", "due", "title", "x"]), inner, max_size=3),
    ),
    max_leaves=5,
)


def as_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {as_toml(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(map(as_toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["course", "limits", "isolation", "assignment", "x"]), toml_values, max_size=4))
def test_any_toml_is_a_course_or_a_course_error(tmp_path: Path, table: dict[str, Any]) -> None:
    """No TOML, however odd, raises anything but CourseError."""
    told: list[object] = ["nothing was wrong"]
    try:
        load(tmp_path, "".join(f"{key} = {as_toml(value)}\n" for key, value in table.items()))
    except CourseError as error:
        told = list(error.problems)
    assert told


def test_a_course_may_be_strict(tmp_path: Path) -> None:
    """About the kinds of notes that it names, in any order; about none without being told to."""
    assert load(tmp_path, GOOD).strict == ()
    strict = "[strict]\nwarnings = true\nwider_dtype = false\nlists = true\n"
    assert load(tmp_path, f"{GOOD}\n{strict}").strict == (NoteCode.LIST, NoteCode.WARNED)
    whole = "[strict]\n" + "".join(f"{key} = true\n" for key in STRICT)
    assert load(tmp_path, f"{GOOD}\n{whole}").strict == tuple(STRICT.values())


@pytest.mark.parametrize(
    ("line", "says"), [("list = true", "did you mean 'lists'"), ("lists = 1", "true or false"), ("x = true", "strict")]
)
def test_each_fault_of_strictness_is_told_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    """A key that isn't one, with the nearest, or a value that says neither yes nor no."""
    with pytest.raises(CourseError, match=says) as caught:
        load(tmp_path, f"{GOOD}\n[strict]\n{line}\n")
    assert [problem.line for problem in caught.value.problems] == [len(GOOD.splitlines()) + 3]


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """One look at the messages is enough to mend the file."""
    text = GOOD
    for old, new in [
        ("title", "titel"),
        ("call_seconds = 2.5", "call_seconds = 0"),
        ("= 0.5", "= -1"),
        ("linear = 0", "linear = ''"),
    ]:
        text = text.replace(old, new)
    with pytest.raises(CourseError) as caught:
        load(tmp_path, text)
    assert [problem.line for problem in caught.value.problems] == [2, 5, 15, 20]


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    """A course file that isn't there, or isn't text, is a course error with its path."""
    with pytest.raises(CourseError, match="no such file"):
        load_course(tmp_path / "grading.toml")
    (tmp_path / "grading.toml").write_bytes(b"\xff")
    with pytest.raises(CourseError, match="can't be read"):
        load_course(tmp_path / "grading.toml")


def test_a_course_is_found_from_inside(tmp_path: Path) -> None:
    """From any folder below it the course is found; from outside the message says how to get there."""
    with pytest.raises(UsageError, match=r"grading\.toml") as caught:
        find_course(tmp_path)
    assert "--course" in caught.value.next_step
    load(tmp_path, GOOD)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    assert find_course(below) == find_course(tmp_path) == load_course(tmp_path / "grading.toml")


def test_an_unknown_assignment_has_a_nearest(tmp_path: Path) -> None:
    """A misspelt assignment is answered with the likeliest, and all there are."""
    course = load(tmp_path, GOOD.replace('"a1"', '"activations"'))
    assert course.assignment("a2").name == "a2"
    with pytest.raises(UsageError, match="did you mean 'activations'") as caught:
        course.assignment("activation")
    assert "activations, a2" in caught.value.next_step


STUDENTS = ["ada", "ada.lovelace", "a-b_c@d.e", "7", "A" * 64]
NOBODY = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "/etc",
    "-rf",
    ".hidden",
    "a b",
    "a\n",
    "a\0",
    "é",
    "=1+1",
    "A" * 65,
    "a:b",
]


@pytest.mark.parametrize("name", STUDENTS)
def test_ordinary_student_ids_are_accepted(tmp_path: Path, name: str) -> None:
    """Ids as universities give them pass unchanged."""
    assert load(tmp_path, GOOD).student(name) == name


@pytest.mark.parametrize("name", NOBODY, ids=ascii)
def test_no_student_id_leaves_its_folder(tmp_path: Path, name: str) -> None:
    """What could name another folder, an option or a formula isn't a student."""
    with pytest.raises(UsageError, match="student id"):
        load(tmp_path, GOOD).student(name)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("ab./\\-_@ ~$\0\n"), max_size=6))
def test_a_students_folder_is_a_child_of_submitted(tmp_path: Path, name: str) -> None:
    """Every id that is accepted names exactly one folder below."""
    try:
        folder = tmp_path / load(tmp_path, GOOD).student(name)
    except UsageError:
        return
    assert Path(os.path.normpath(folder)) == folder and folder.parent == tmp_path


def test_what_ships_and_what_stays_are_apart(tmp_path: Path) -> None:
    """The public paper lies in the release; the hidden one, the seed and the answers lie outside it."""
    course = load(tmp_path, GOOD)
    release = course.release("a1")
    assert course.public_paper("a1").parent == release
    private = [course.hidden_paper("a1"), course.private, course.master("a1"), course.declarations("hidden", "a1")]
    assert not any(path.is_relative_to(release) for path in private)
    assert course.hidden_paper("a1").is_relative_to(course.private)


@pytest.mark.parametrize(
    "url", ["postgresql://kit@db.example/grades", "postgresql+psycopg:///grades", "sqlite:////srv/gradebook.db"]
)
def test_a_gradebook_may_be_elsewhere(tmp_path: Path, url: str) -> None:
    """Its address arrives as it is written; without one there is none."""
    assert load(tmp_path, f'{GOOD}\n[gradebook]\ndb_url = "{url}"\n').db_url == url
    assert load(tmp_path, GOOD).db_url == ""


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('"gradebook.db"', "an address like postgresql://"),
        ("5", "text in quotes"),
        ('"postgresql://kit:s3cr3t@db.example/grades"', "~/.pgpass"),
        ('"postgresql://kit:a/b@db.example/grades"', "~/.pgpass"),
    ],
)
def test_an_address_that_is_none_or_tells_a_password_is_refused(tmp_path: Path, value: str, says: str) -> None:
    """With its line, and without the password."""
    with pytest.raises(CourseError) as caught:
        load(tmp_path, f"{GOOD}\n[gradebook]\ndb_url = {value}\n")
    (problem,) = caught.value.problems
    assert says in problem.what and "s3cr3t" not in str(caught.value) and problem.line == len(LINES) + 3


PLACED = {
    "the key in a text, too": (
        '[course]\ntitle = """\nlanguage = "xx"\n"""\nlanguage = "fr"\n[[assignment]]\nname = "a"\npoints = {f = 1}\n',
        5,
    ),
    "an inline table": (
        'assignment = [\n  {name = "a", points = {f = 1}},\n  {name = "b", points = {g = -1}},\n]\n',
        3,
    ),
    "the same key of another assignment": (
        '[[assignment]]\nname = "a"\npoints.f = 1\n[[assignment]]\nname = "b"\n\n[assignment.points]\nf = -1\n',
        8,
    ),
    "a header in a text": (
        '[course]\ntitle = """\n[[assignment]]\n"""\n[[assignment]]\nname = "a"\n[assignment.points]\nf = -1\n',
        8,
    ),
    "a dotted key": ('[[assignment]]\nname = "a"\npoints.f = -1\n', 3),
    "the key in a comment": (
        '[limits]\n# call_seconds = 3\ncall_seconds = -1 # x\n[[assignment]]\nname="a"\npoints={f=1}\n',
        3,
    ),
    "a key that is missing": ('[[assignment]]\nname = "a"\npoints.f = 1\n\n[[assignment]]\npoints.f = 1\n', 5),
}


@pytest.mark.parametrize(("text", "line"), PLACED.values(), ids=PLACED)
def test_what_is_wrong_has_its_line(tmp_path: Path, text: str, line: int) -> None:
    """However the file is written; of a key that is missing, its table's."""
    with pytest.raises(CourseError) as caught:
        load(tmp_path, text)
    assert [problem.line for problem in caught.value.problems] == [line]
